"""Piccolo's SQLite engine with persistent connections: a pool of readers, one connection and one lock for all writes.

Stock Piccolo opens a connection and a thread for each query, and begins DEFERRED, which ends in "database is locked".
Here a write transaction is ``BEGIN IMMEDIATE`` under an ``asyncio.Lock`` (between tasks) and ``flock`` (between
processes): SQLite's own busy handler sleeps, ``flock`` wakes.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.querystring import QueryString

from .errors import Unavailable, translated

READERS = 4
PATIENCE = 3.0  # seconds a caller waits for the write lock before it is told to come back
SNAPSHOT_ROWS = 1_000
READING = ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "VALUES")
T = TypeVar("T")
Fetch = Callable[[str], AsyncIterator[list[Any]]]
"""SQL → its rows, some at a time."""


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """A connection on which an acknowledged commit survives a power cut (WAL with ``synchronous=FULL``)."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, detect_types=sqlite3.PARSE_DECLTYPES, timeout=PATIENCE
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA query_only = {'ON' if readonly else 'OFF'}")
    return connection


def rows(connection: sqlite3.Connection, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, args)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class WriteTransaction(SQLiteTransaction):
    """The one write transaction. Nested ones join it, as in Piccolo."""

    engine: PooledSQLiteEngine

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = self.engine.writing_connection
        await self.engine.begin()
        self.context = self.engine.current_transaction.set(self)
        return self

    async def commit(self) -> None:
        await self.connection.execute("COMMIT")
        self._committed = True

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return exception is None
        self.engine.current_transaction.reset(self.context)
        try:
            if exception is None and not self._committed and not self._rolled_back:
                await self.commit()
        finally:
            await asyncio.shield(self.engine.release())
        return exception is None


class WritingConnection:
    """What Piccolo's savepoints expect of a connection."""

    def __init__(self, engine: PooledSQLiteEngine) -> None:
        self._engine = engine

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        return await self._engine.on_writer(rows, sql, args)


class PooledSQLiteEngine(SQLiteEngine):
    """``start`` before use, ``stop`` after; both belong to one event loop."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.file = path
        self.writing_connection = WritingConnection(self)

    async def start(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = asyncio.Lock()
        self._writer_thread = ThreadPoolExecutor(1, "sqlite-writer")
        self._reader_threads = ThreadPoolExecutor(READERS, "sqlite-reader")
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._flock = os.open(f"{self.file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with translated():
            self._writer = await asyncio.get_running_loop().run_in_executor(self._writer_thread, connect, self.file)
            for _ in range(READERS):
                self._idle.put(connect(self.file, readonly=True))

    async def stop(self) -> None:
        async with self._lock:
            self._reader_threads.shutdown()
            self._writer_thread.shutdown()
            while not self._idle.empty():
                self._idle.get().close()
            self._writer.close()
            os.close(self._flock)

    # Reading

    def _read(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        connection = self._idle.get()  # never waits: there are as many connections as threads
        try:
            return rows(connection, sql, args)
        finally:
            self._idle.put(connection)

    async def run(self, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Runs one statement: inside the open transaction if there is one, else alone."""
        with translated():
            if self.current_transaction.get() is not None:
                return await self.on_writer(rows, sql, args)
            if sql.lstrip()[:7].upper().startswith(READING):
                return await asyncio.get_running_loop().run_in_executor(self._reader_threads, self._read, sql, args)
            await self.begin()
            try:
                written = await self.on_writer(rows, sql, args)
                await self.on_writer(rows, "COMMIT")
                return written
            finally:
                await asyncio.shield(self.release())

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Fetch]:
        """One state of all tables, however long the reading takes; in WAL mode it holds up no writer."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "sqlite-snapshot") as thread:
            connection = await loop.run_in_executor(thread, partial(connect, self.file, readonly=True))

            async def fetch(sql: str) -> AsyncIterator[list[Any]]:
                cursor = await loop.run_in_executor(thread, connection.execute, sql)
                while page := await loop.run_in_executor(thread, cursor.fetchmany, SNAPSHOT_ROWS):
                    yield page

            try:
                await loop.run_in_executor(thread, connection.execute, "BEGIN")
                yield fetch
            finally:
                await loop.run_in_executor(thread, connection.close)

    async def executemany(self, sql: str, table: Sequence[Sequence[Any]]) -> None:
        """Inside a transaction."""
        with translated():
            await self.on_writer(lambda connection: connection.executemany(sql, table))

    # Writing

    async def on_writer(self, work: Callable[..., T], *args: Any) -> T:
        """Runs ``work(connection, *args)`` on the writer's thread. The caller holds the transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, work, self._writer, *args)

    async def begin(self) -> None:
        """Takes the write lock of tasks and processes and begins. Raises ``Unavailable`` after ``PATIENCE`` seconds."""
        await self._take_lock()
        beginning = asyncio.ensure_future(self.on_writer(self._begin))
        try:
            await asyncio.wait_for(asyncio.shield(beginning), PATIENCE)
        except BaseException as error:
            # The thread may still wait for another process: what it begins later must be undone before others write.
            undoing = asyncio.ensure_future(self._abandon(beginning))
            if not isinstance(error, TimeoutError):
                await asyncio.shield(undoing)
                raise
            raise Unavailable("another process holds the write lock") from error

    async def _take_lock(self) -> None:
        try:
            await asyncio.wait_for(self._lock.acquire(), PATIENCE)
        except TimeoutError as error:
            raise Unavailable("the write lock is taken") from error

    async def _abandon(self, beginning: asyncio.Future[None]) -> None:
        with suppress(Exception):
            await beginning
        await self.release()

    async def release(self) -> None:
        """Rolls back what was not committed and lets the next writer in."""
        try:
            await self.on_writer(self._end)
        finally:
            self._lock.release()

    def _begin(self, connection: sqlite3.Connection) -> None:
        fcntl.flock(self._flock, fcntl.LOCK_EX)
        connection.execute("BEGIN IMMEDIATE")

    def _end(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        finally:
            fcntl.flock(self._flock, fcntl.LOCK_UN)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """One whole transaction in one hop to the writer's thread: what the group-commit writer uses."""
        await self._take_lock()
        whole = asyncio.ensure_future(self.on_writer(self._whole, work))
        whole.add_done_callback(lambda _: self._lock.release())
        return await asyncio.shield(whole)

    def _whole(self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with translated():
                self._begin(connection)
                result = work(connection)
                connection.execute("COMMIT")
                return result
        finally:
            self._end(connection)

    # Piccolo's interface

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> list[dict[str, Any]]:
        return await self.run(ddl)

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> WriteTransaction:
        return WriteTransaction(engine=self, transaction_type=TransactionType.immediate, allow_nested=allow_nested)
