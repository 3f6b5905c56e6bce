"""Commands of the database and its administrators: db, admin."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.console import FILE, Fault, answer, asynchronous, opened, say, settings
from service.database import Database


@click.group()
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


@click.group()
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
