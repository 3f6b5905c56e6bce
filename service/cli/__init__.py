"""``wenheng``: the command line. Thin: every command calls the use case that the pages call.

What was asked for goes to stdout, mistakes in a file included. A fault is one line on stderr with exit code 1, wrong
usage one line with exit code 2, Ctrl-C exit code 130. Never a traceback, unless ``WENHENG_TRACEBACK=1`` asks for one.
Faults are told in the terminal's language (``LC_ALL``, ``LC_MESSAGES``, ``LANG``).
"""

from __future__ import annotations

import click

from service.cli.console import CommandLine
from service.cli.data import bring, report, take
from service.cli.database import admin, db
from service.cli.doctor import doctor
from service.cli.questionnaire import check, convert, score
from service.cli.running import demo, serve, worker
from service.cli.statistics import stats


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wenheng")
def wenheng() -> None:
    """问衡: surveys and assessment for process-improvement programmes. Settings: WENHENG_* in the environment."""


for command in (demo, serve, worker, db, admin, check, convert, bring, take, score, stats, report, doctor):
    wenheng.add_command(command)


def main() -> None:
    """Entry point of ``wenheng``."""
    wenheng()
