"""The database: one facade over SQLite and PostgreSQL. ``async with Database.open(settings) as database: …``

Reading goes through Piccolo or ``database.fetch``; ordinary writes through Piccolo inside ``database.writing()``; what
participants send goes through ``database.writer``, which commits in groups.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from piccolo.apps.migrations.tables import Migration

from service.settings import Settings
from service.tables import TABLES

from . import batch_postgres, batch_sqlite
from .errors import Busy, Conflict, DatabaseError, Unavailable, translated
from .exam_operations import Answered, Noted, Ruling, SaveAttempt, StartAttempt, SubmitAttempt, TakeOver, Verdict
from .operations import NewResponse, Open, Outcome, QuotaPlace, SaveAnswers, Submit
from .postgres import PostgresEngine
from .sqlite import Fetch, PooledSQLiteEngine
from .writer import Writer

__all__ = [
    "Database", "DatabaseError", "Unavailable", "Busy", "Conflict",
    "Open", "SaveAnswers", "Submit", "NewResponse", "Outcome", "QuotaPlace",
    "StartAttempt", "SaveAttempt", "SubmitAttempt", "TakeOver", "Answered", "Noted", "Ruling", "Verdict",
]  # fmt: skip

SQLITE_FILE = "wenheng.sqlite"
ROWS = 5_000  # inserted by one statement


@lru_cache(maxsize=512)
def numbered(sql: str) -> str:
    """``?`` of hand-written SQL as ``$1``, ``$2``, … The SQL itself holds no question mark, also not in a literal."""
    first, *others = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))


class Database:
    """One per process at a time: opening it binds the tables to its engine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine: PooledSQLiteEngine | PostgresEngine
        if settings.database:
            self.engine = PostgresEngine(settings.database)
        else:
            self.engine = PooledSQLiteEngine(Path(settings.data) / SQLITE_FILE)
        self.writer = Writer(self.engine)

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]:
        return "sqlite" if isinstance(self.engine, PooledSQLiteEngine) else "postgres"

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator[Database]:
        database = cls(settings)
        await database.start()
        try:
            yield database
        finally:
            await database.stop()

    async def start(self) -> None:
        """Raises ``Unavailable`` within three seconds where the database cannot be reached."""
        await self.engine.start()
        await self.writer.start()
        for table in (*TABLES, Migration):
            table._meta.db = self.engine

    async def stop(self) -> None:
        """Returns when everything accepted is committed and all connections and threads are gone."""
        await self.writer.stop()
        await self.engine.stop()

    async def fetch(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Hand-written SQL with ``?`` on either engine; joins the transaction of ``writing()`` where there is one.

        UUIDs, times and booleans come back as such where the column is named plainly, not computed.
        """
        return [dict(row) for row in await self.engine.run(sql if self.dialect == "sqlite" else numbered(sql), args)]

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """One transaction for ordinary writes: committed at the end, rolled back by an exception.

        Keep it short: on SQLite nobody else writes meanwhile. Raises ``Unavailable`` or ``Conflict``.
        """
        with translated():
            async with self.engine.transaction():
                yield

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Fetch]:
        """Consistent reading of all tables: ``async for rows in fetch(sql)``, each row a sequence in column order."""
        with translated():
            async with self.engine.snapshot() as fetch:
                yield fetch

    async def executemany(self, sql: str, table: Sequence[Sequence[Any]]) -> None:
        """One statement with ``?`` for many rows; inside ``writing()``."""
        await self.engine.executemany(sql if self.dialect == "sqlite" else numbered(sql), table)

    async def insert_responses(self, responses: Sequence[NewResponse]) -> None:
        """Many responses in one transaction, all or none; joins ``writing()``. For imports."""
        async with self.writing():
            if isinstance(self.engine, PooledSQLiteEngine):
                await self.engine.on_writer(batch_sqlite.insert_responses, responses)
                return
            transaction = self.engine.current_transaction.get()
            assert transaction is not None
            await batch_postgres.lock_responses(transaction.connection)
            for start in range(0, len(responses), ROWS):
                await batch_postgres.insert_responses(transaction.connection, responses[start : start + ROWS])
