"""``wenheng``: the command line. Thin: every command calls the use case that the pages call.

What was asked for goes to stdout, mistakes in a file included. A fault is one line on stderr with exit code 1, wrong
usage one line with exit code 2, Ctrl-C exit code 130. Never a traceback, unless ``WENHENG_TRACEBACK=1`` asks for one.
Faults are told in the terminal's language (``LC_ALL``, ``LC_MESSAGES``, ``LANG``).
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
import msgspec

from service import i18n
from service.database import Database, DatabaseError, Unavailable
from service.errors import ServiceError
from service.settings import Settings, SettingsError
from surveys.problem import Problem

FILE = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
PORT = click.IntRange(1, 65535)
INTERRUPTED = 130
T = TypeVar("T")

catalogue = cache(i18n.Catalogue)


def terminal_language() -> str:
    """What the person at the terminal reads: the first locale that is set and is one of ours, else English."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return i18n.known(named.partition("_")[0].partition(".")[0]) or "en"


def say(key: str, **parameters: Any) -> str:
    return catalogue().translate(terminal_language(), key, **parameters)


class Fault(click.ClickException):
    """Something went wrong: one line on stderr, exit code 1. ``key`` names the line in ``web/locale/cli.toml``."""

    def __init__(self, key: str, **parameters: Any) -> None:
        super().__init__(say(key, **parameters))


def as_fault(error: Exception) -> Fault:
    """Any exception as one line; what nobody foresaw is named by its kind and place, not by its text."""
    if isinstance(error, SettingsError):
        return Fault("cli.settings", reason=error)
    if isinstance(error, Unavailable):
        return Fault("cli.away", reason=error)
    if isinstance(error, DatabaseError):
        return Fault("cli.database", reason=error)
    if isinstance(error, ServiceError):
        return Fault(error.text_key, **error.parameters)
    if isinstance(error, OSError) and error.strerror:
        return Fault("cli.file", file=error.filename or "", reason=error.strerror)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return Fault("cli.fault", kind=type(error).__name__, where=where)


def give_up(message: str, code: int) -> NoReturn:
    click.echo(f"wenheng: {' '.join(message.split())}", err=True)
    sys.exit(code)


class CommandLine(click.Group):
    """Turns whatever a command raises into one line and an exit code."""

    def main(self, *given: Any, **options: Any) -> NoReturn:
        try:
            done = super().main(*given, **{**options, "standalone_mode": False})
        except click.UsageError as error:
            give_up(f"{error.format_message()} ({error.ctx.command_path if error.ctx else 'wenheng'} --help)", 2)
        except click.ClickException as error:
            give_up(error.message, 1)
        except (click.Abort, KeyboardInterrupt):
            give_up(say("cli.stopped"), INTERRUPTED)
        except BrokenPipeError:  # whoever read our output has had enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - what is left goes nowhere
            sys.exit(1)
        except Exception as error:
            if os.environ.get("WENHENG_TRACEBACK"):
                raise
            give_up(as_fault(error).message, 1)
        sys.exit(done if isinstance(done, int) else 0)


def language_option(default: Callable[[], str] | str = terminal_language) -> Callable[[Any], Any]:
    """``--lang``: of what is said about a file, the terminal's; of a report, one that does not change by itself."""
    shown = default if isinstance(default, str) else "of the terminal"
    return click.option("--lang", type=click.Choice(["zh-CN", "en"]), default=default, show_default=shown)


def settings(**overrides: Any) -> Settings:
    return Settings.from_environment(**{key: value for key, value in overrides.items() if value is not None})


@asynccontextmanager
async def opened(chosen: Settings | None = None) -> AsyncIterator[Database]:
    """The database, migrated where it is the embedded one."""
    from service.database.migrate import migrate

    chosen = chosen or settings()
    async with Database.open(chosen) as database:
        if database.dialect == "sqlite":
            await migrate(database)
        yield database


def asynchronous(function: Callable[..., Coroutine[Any, Any, T]]) -> Callable[..., T]:
    """Run a command's coroutine to its end."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> T:
        return asyncio.run(function(*args, **kwargs))

    return run


def answer(data: Any, as_json: bool, text: str) -> None:
    """Data on stdout: JSON for programs, a few lines for people."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() if as_json else text)


def written(problems: list[Problem], language: str) -> str:
    """One line for each: where, what, and its code."""
    lines = []
    for each in problems:
        where = f"line {each.line}: " if each.line else f"{each.place}: " if each.place else ""
        lines.append(f"{where}{each.say(language)} [{each.code}]")
    return "\n".join(lines)


def refuse(problems: list[Problem], language: str, as_json: bool = False) -> NoReturn:
    """Say on stdout what is wrong with a file and where; the summary is the fault."""
    answer(problems, as_json, written(problems, language))
    raise Fault("cli.refused", n=len(problems))


def save(path: Path, content: bytes) -> None:
    """The whole file or, where that fails, whatever was there before."""
    unfinished = path.with_name(f"{path.name}.unfinished.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wenheng")
def wenheng() -> None:
    """问衡: surveys and assessment for process-improvement programmes. Settings: WENHENG_* in the environment."""


@wenheng.command()
@click.option("--data", type=FOLDER, help="Folder of the demo's database.")
@click.option("--serve/--no-serve", default=True, help="Load only, or serve as well.")
@click.option("--port", type=PORT, default=8000, show_default=True)
def demo(data: Path | None, serve: bool, port: int) -> None:
    """Load the demo programme and serve it on this machine."""
    from service import demo as story
    from service.serving import listening, run

    chosen = settings(data=data, demo=True, base_url=f"http://127.0.0.1:{port}")

    async def load() -> story.DemoLinks:
        async with opened(chosen) as database:
            return await story.load(database, chosen)

    if not serve:
        click.echo(story.welcome(asyncio.run(load())))
        return
    with listening("127.0.0.1", port) as bound:
        click.echo(story.welcome(asyncio.run(load())))
        run(chosen, bound, 1)


@wenheng.command()
@click.option("--data", type=FOLDER)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(data: Path | None, host: str, port: int, workers: int) -> None:
    """Serve pages and API until stopped."""
    from service.serving import listening, run

    chosen = settings(data=data)

    async def prepare() -> None:
        async with opened(chosen):
            pass

    with listening(host, port) as bound:
        asyncio.run(prepare())
        run(chosen, bound, workers)


@wenheng.command()
@asynchronous
async def worker() -> None:
    """Run background jobs beside servers that were told not to (WENHENG_IN_PROCESS_WORKER=false)."""
    from service.serving import work

    async with opened() as database:
        await work(database)


@wenheng.group()
def db() -> None:
    """Migrate, back up, restore and verify the database."""


@db.command("migrate")
@asynchronous
async def migrate_database() -> None:
    """Bring the database to this version; may be repeated."""
    from service.database.migrate import migrate

    async with Database.open(settings()) as database:
        await migrate(database)
    click.echo("migrated")


@db.command()
@click.argument("file", type=FILE)
@asynchronous
async def backup(file: Path) -> None:
    """Write everything to FILE while the service runs."""
    from service.store import backup as archive

    async with opened() as database:
        await archive.backup(database, file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


@db.command()
@click.argument("file", type=FILE)
@asynchronous
async def restore(file: Path) -> None:
    """Fill an empty database from FILE, whichever engine it came from."""
    from service.store import backup as archive

    async with opened() as database:
        await archive.restore(database, file)
    click.echo("restored")


@db.command()
@click.option("--json", "as_json", is_flag=True)
@asynchronous
async def verify(as_json: bool) -> None:
    """Check integrity, references and content hashes."""
    from service.store import backup as archive

    async with opened() as database:
        result = await archive.verify(database)
    counts = (f"{name}: {count}" for name, count in result.rows.items())
    answer(result, as_json, "\n".join([*counts, *result.problems]))
    if result.problems:
        raise Fault("cli.verify", n=len(result.problems))


@wenheng.group()
def admin() -> None:
    """Administrators."""


@admin.command()
@click.argument("email")
@asynchronous
async def create(email: str) -> None:
    """Create an administrator; the random password is printed once."""
    from service.actions.administration import create_administrator

    try:
        async with opened() as database:
            click.echo(await create_administrator(database, email))
    except ValueError:
        raise click.UsageError(say("cli.email", email=email)) from None


@wenheng.command()
@click.argument("questionnaire", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@language_option()
def check(questionnaire: Path, as_json: bool, lang: str) -> None:
    """Say what is wrong with a questionnaire file."""
    from surveys.check import check as problems_of
    from surveys.formats.yaml import locate, read

    source = questionnaire.read_bytes()
    definition, problems = read(source)
    if definition is not None:
        problems = [*problems, *locate(source, problems_of(definition))]
    if definition is None or any(each.severity == "error" for each in problems):
        refuse(problems, lang, as_json)
    count = sum(len(page.questions) for page in definition.pages)
    summary = {
        "name": definition.name,
        "pages": len(definition.pages),
        "questions": count,
        "scales": len(definition.scales),
    }
    line = " · ".join(f"{key} {value}" for key, value in summary.items())
    answer({**summary, "problems": problems}, as_json, "\n".join(filter(None, [written(problems, lang), line])))


def main() -> None:
    """Entry point of ``wenheng``."""
    from service import commands

    commands.add_to(wenheng)
    wenheng()
