"""Piccolo's PostgreSQL engine, always with its pool, and with a limit on how long anybody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

import asyncpg
from piccolo.engine import postgres
from piccolo.querystring import QueryString

from .errors import Unavailable, translated
from .sqlite import Fetch

PATIENCE = 3.0  # seconds until a caller is told to come back
POOL = 10
SLOW = 3600.0
SNAPSHOT_ROWS = 1_000
_patience: ContextVar[float] = ContextVar("patience", default=PATIENCE)
_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


class Budget:
    """Seconds that one request may still wait for the database, counted only while it waits."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self._counting = False

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Counts the time inside, once where uses are nested."""
        if self._counting:
            yield
            return
        began, self._counting = time.monotonic(), True
        try:
            yield
        finally:
            self.left, self._counting = max(0.0, self.left - (time.monotonic() - began)), False


@contextmanager
def promptly(seconds: float = PATIENCE) -> Iterator[None]:
    """However often the database is asked meanwhile, nobody waits for it longer than that altogether. Inside another
    one the outer decides."""
    if _budget.get() is not None:
        yield
        return
    token = _budget.set(Budget(seconds))
    try:
        yield
    finally:
        _budget.reset(token)


@asynccontextmanager
async def waiting(seconds: float) -> AsyncIterator[None]:
    """Raises TimeoutError after ``seconds``, or sooner where the budget of ``promptly`` ends."""
    budget = _budget.get()
    with budget.spent() if budget else nullcontext():
        async with asyncio.timeout(min(seconds, budget.left) if budget else seconds):
            yield


@contextmanager
def unhurried(seconds: float = SLOW) -> Iterator[None]:
    """For work that may take long: migrations, columns, backup."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Translates the engine's errors, and raises ``Unavailable`` where the database does not answer in time."""
    try:
        with translated():
            async with waiting(_patience.get()):
                yield
    except TimeoutError as error:
        raise Unavailable("the database does not answer") from error


class Transaction(postgres.PostgresTransaction):
    engine: PostgresEngine

    async def get_connection(self) -> Any:
        return await self.engine.acquire()


class PostgresEngine(postgres.PostgresEngine):
    """``start`` before use, ``stop`` after."""

    def __init__(self, dsn: str) -> None:
        super().__init__({"dsn": dsn})

    async def check_version(self) -> None:
        """Not from the constructor, which would open a connection in a thread of its own."""

    async def prep_database(self) -> None:
        """No extensions are needed."""

    async def start(self) -> None:
        async with in_time():
            await self.start_connection_pool(min_size=1, max_size=POOL, timeout=PATIENCE, command_timeout=PATIENCE)

    async def stop(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.close_connection_pool()
        except TimeoutError:
            if self.pool is not None:
                self.pool.terminate()
            self.pool = None

    async def acquire(self) -> Any:
        if self.pool is None:
            raise Unavailable("the database is not open")
        async with in_time():
            return await self.pool.acquire()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self.acquire()
        try:
            yield connection
        except (asyncio.CancelledError, TimeoutError):
            connection.terminate()  # resetting it would ask a database that does not answer
            raise
        finally:
            if self.pool is not None:
                await self.pool.release(connection, timeout=PATIENCE)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Fetch]:
        """One state of all tables, however long the reading takes."""
        async with self.connection() as connection, connection.transaction(isolation="repeatable_read", readonly=True):

            async def fetch(sql: str) -> AsyncIterator[list[Any]]:
                cursor = await connection.cursor(sql, timeout=SLOW)
                while page := await cursor.fetch(SNAPSHOT_ROWS, timeout=SLOW):
                    yield page

            yield fetch

    async def executemany(self, sql: str, table: Sequence[Sequence[Any]]) -> None:
        """Inside a transaction."""
        transaction = self.current_transaction.get()
        assert transaction is not None
        with translated():
            await transaction.connection.executemany(sql, table, timeout=SLOW)

    async def run(self, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Runs one statement: inside the open transaction if there is one, else alone."""
        async with in_time():
            transaction = self.current_transaction.get()
            if transaction is not None:
                return await transaction.connection.fetch(sql, *args, timeout=_patience.get())
            async with self.connection() as connection:
                return await connection.fetch(sql, *args, timeout=_patience.get())

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[dict[str, Any]]:
        return await self.run(ddl)

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(engine=self, allow_nested=allow_nested)
