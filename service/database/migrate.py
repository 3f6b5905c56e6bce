"""Brings the schema up to date: the migrations of ``migrations/``, run by Piccolo, one process at a time.

Piccolo's runner is imported only where something is to be run: it takes a formatter of source code with it, which would
cost every command a quarter of a second.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

from piccolo.apps.migrations.tables import Migration

from . import Database
from .errors import DatabaseError
from .locks import file_lock
from .postgres import PostgresEngine, unhurried
from .sqlite import PooledSQLiteEngine

ADVISORY_LOCK = 0x77656E68656E67  # "wenheng"
APP = "wenheng"
FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"
IDENTIFIER = re.compile(r'^ID = "(.+)"$', re.MULTILINE)


async def migrate(database: Database) -> list[str]:
    """Runs what has not run yet and returns the identifiers of all. Safe to repeat, and in two processes at once."""
    with unhurried():
        return await _migrate(database)


async def _migrate(database: Database) -> list[str]:
    async with _alone(database):
        if not await Migration.table_exists():
            await Migration.create_table(if_not_exists=True)
        if await pending():
            await _run()
        return sorted(await Migration.get_migrations_which_ran(APP))


async def _run() -> None:
    from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

    from service.piccolo_app import APP_CONFIG

    with _quiet():
        outcome = await ForwardsMigrationManager(APP).run_migrations(APP_CONFIG)
    if not outcome.success:
        raise DatabaseError(outcome.message)


@cache
def known() -> frozenset[str]:
    """The identifiers of this program's migrations, read from their sources."""
    sources = (file.read_text("utf-8") for file in FOLDER.glob("*.py"))
    return frozenset(identifier for source in sources for identifier in IDENTIFIER.findall(source))


async def pending() -> list[str]:
    """What this program knows and the open database has not run. Raises whatever a database without tables says."""
    return sorted(known() - set(await Migration.get_migrations_which_ran(APP)))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Piccolo's runner prints its progress and puts the migrations' folder on the import path: neither outlives it."""
    path = list(sys.path)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        sys.path[:] = path


@contextlib.asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[None]:
    engine = database.engine
    if isinstance(engine, PooledSQLiteEngine):
        async with file_lock(engine.file.with_suffix(".migrate")):
            yield
    else:
        async with _advisory_lock(engine):
            yield


@contextlib.asynccontextmanager
async def _advisory_lock(engine: PostgresEngine) -> AsyncIterator[None]:
    async with engine.connection() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK, timeout=3600)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)
