"""What every command shares: settings, the open database, answers, faults in one line."""

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
