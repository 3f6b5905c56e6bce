"""``wenheng``: the command line. Thin: every command calls the use case that the pages call.

Faults are one line on stderr with exit code 1; wrong usage is click's exit code 2. Never a traceback, unless
``WENHENG_TRACEBACK=1`` asks for one.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from service.database import Database, DatabaseError
from service.errors import ServiceError
from service.settings import Settings, SettingsError
from surveys.problem import Problem

LANGUAGE = click.Choice(["zh-CN", "en"])
READABLE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)
T = TypeVar("T")


class Fault(click.ClickException):
    """Something went wrong: one line on stderr, exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(f"wenheng: {' '.join(self.message.split())}", err=True)


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


def asynchronous(function: Callable[..., Awaitable[T]]) -> Callable[..., T]:
    """Run a command's coroutine to its end."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> T:
        return asyncio.run(function(*args, **kwargs))  # type: ignore[arg-type]

    return run


def answer(data: Any, as_json: bool, text: str) -> None:
    """Data on stdout: JSON for programs, a few lines for people."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() if as_json else text)


def refuse(problems: list[Problem], language: str, as_json: bool = False) -> None:
    """Say what is wrong with a file and where, then exit 1."""
    if as_json:
        click.echo(msgspec.json.encode(problems))
    for each in problems:
        where = f"line {each.line}: " if each.line else f"{each.place}: " if each.place else ""
        click.echo(f"{where}{each.say(language)} [{each.code}]", err=True)
    raise Fault(f"{len(problems)} problem(s), nothing was changed")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wenheng")
def wenheng() -> None:
    """问衡: surveys and assessment for process-improvement programmes. Settings: WENHENG_* in the environment."""


@wenheng.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the demo's database.")
@click.option("--serve/--no-serve", default=True, help="Load only, or serve as well.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(data: Path | None, serve: bool, port: int) -> None:
    """Load the demo programme and serve it on this machine."""
    from service import demo as story
    from service.serving import run

    chosen = settings(data=data, demo=True, base_url=f"http://127.0.0.1:{port}")

    async def load() -> story.DemoLinks:
        async with opened(chosen) as database:
            return await story.load(database, chosen)

    links = asyncio.run(load())
    click.echo(story.welcome(links))
    if serve:
        run(chosen, "127.0.0.1", port, 1)


@wenheng.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(data: Path | None, host: str, port: int, workers: int) -> None:
    """Serve pages and API until stopped."""
    from service.serving import run

    chosen = settings(data=data)

    async def prepare() -> None:
        async with opened(chosen):
            pass

    asyncio.run(prepare())
    run(chosen, host, port, workers)


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
@click.argument("file", type=WRITABLE)
@asynchronous
async def backup(file: Path) -> None:
    """Write everything to FILE while the service runs."""
    from service.store import backup as archive

    async with opened() as database:
        await archive.backup(database, file)
    click.echo(f"{file}: {file.stat().st_size} bytes")


@db.command()
@click.argument("file", type=READABLE)
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
    answer(result, as_json, "\n".join(f"{name}: {count}" for name, count in result.rows.items()))
    if result.problems:
        raise Fault("; ".join(result.problems))


@wenheng.group()
def admin() -> None:
    """Administrators."""


@admin.command()
@click.argument("email")
@asynchronous
async def create(email: str) -> None:
    """Create an administrator; the random password is printed once."""
    from service.actions.administration import create_administrator

    async with opened() as database:
        click.echo(await create_administrator(database, email))


@wenheng.command()
@click.argument("questionnaire", type=READABLE)
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=LANGUAGE, default="zh-CN", show_default=True)
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
    for each in problems:
        click.echo(f"{each.place}: {each.say(lang)} [{each.code}]", err=True)
    assert definition is not None
    count = sum(len(page.questions) for page in definition.pages)
    summary = {
        "name": definition.name,
        "pages": len(definition.pages),
        "questions": count,
        "scales": len(definition.scales),
    }
    answer(summary, as_json, " · ".join(f"{key} {value}" for key, value in summary.items()))


def main() -> None:
    """Entry point of ``wenheng``."""
    from service import commands

    commands.add_to(wenheng)
    try:
        wenheng.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (SettingsError, DatabaseError, ServiceError, OSError) as error:
        if os.environ.get("WENHENG_TRACEBACK"):
            raise
        Fault(f"{type(error).__name__}: {error}").show()
        sys.exit(1)
