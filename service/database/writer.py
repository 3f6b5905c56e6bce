"""The group-commit writer: requests queue operations, one task commits batches, each is answered after its commit.

While one batch is being committed the next one gathers; so nobody waits for a timer, and a disk that syncs 300 times a
second stores tens of thousands of answers a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, overload

from . import batch_postgres, batch_sqlite
from .errors import Busy, Unavailable
from .exam_operations import ExamOperation, Verdict
from .operations import Operation, Outcome
from .postgres import PostgresEngine, in_time, waiting
from .sqlite import PooledSQLiteEngine

QUEUE_LIMIT = 5_000  # operations waiting; beyond it callers are told to come back
BATCH_LIMIT = 1_000  # operations in one transaction
GATHERING = 0.001  # seconds in which more may arrive: fewer, larger commits cost everybody less
PATIENCE = 3.0  # seconds a caller waits for its commit

Written = Operation | ExamOperation
Result = Outcome | Verdict
Commit = Callable[[Sequence[Written]], Awaitable[Sequence[Result | Exception]]]


class Writer:
    """``await writer.write(operation)``. Belongs to one event loop."""

    def __init__(self, engine: PooledSQLiteEngine | PostgresEngine) -> None:
        self._engine = engine
        self._commit: Commit = (
            _sqlite_commit(engine) if isinstance(engine, PooledSQLiteEngine) else _postgres_commit(engine)
        )

    async def start(self) -> None:
        self._waiting: list[tuple[Written, asyncio.Future[Any]]] = []
        self._arrival = asyncio.Event()
        self._accepting = True
        self._task = asyncio.create_task(self._run(), name="group-commit writer")

    async def stop(self) -> None:
        """Accepts nothing more and returns when all that was accepted is committed or refused."""
        self._accepting = False
        self._arrival.set()
        await self._task

    @overload
    async def write(self, operation: Operation) -> Outcome: ...

    @overload
    async def write(self, operation: ExamOperation) -> Verdict: ...

    async def write(self, operation: Written) -> Result:
        """Returns after the commit.

        Raises ``Busy`` when too many wait, ``Unavailable`` when the database cannot commit within three seconds (the
        operation may still be committed later: sending it again is safe), and whatever the database says of an
        operation that cannot be written.
        """
        if self._engine.transaction_exists():
            raise RuntimeError("the writer would wait for the transaction that is waiting for it")
        if not self._accepting:
            raise Unavailable("the service is stopping")
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Busy(f"{QUEUE_LIMIT} writes are waiting")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((operation, future))
        self._arrival.set()
        try:
            async with waiting(PATIENCE):
                return await future
        except TimeoutError as error:
            raise Unavailable("the database does not commit") from error

    async def _run(self) -> None:
        while self._accepting or self._waiting:
            await self._arrival.wait()
            await asyncio.sleep(GATHERING)
            batch, self._waiting = self._waiting[:BATCH_LIMIT], self._waiting[BATCH_LIMIT:]
            if not self._waiting and self._accepting:
                self._arrival.clear()
            batch = [(operation, future) for operation, future in batch if not future.done()]
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: list[tuple[Written, asyncio.Future[Any]]]) -> None:
        try:
            results = await self._commit([operation for operation, _ in batch])
        except Exception as error:
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():  # its caller is gone
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)


def _sqlite_commit(engine: PooledSQLiteEngine) -> Commit:
    async def commit(operations: Sequence[Written]) -> Sequence[Result | Exception]:
        try:
            return await engine.write(partial(batch_sqlite.apply, operations=operations))
        except Unavailable:
            raise
        except Exception:
            return await engine.write(partial(batch_sqlite.apply_one_by_one, operations=operations))

    return commit


def _postgres_commit(engine: PostgresEngine) -> Commit:
    async def attempt(apply: Callable[..., Any], operations: Sequence[Written]) -> Sequence[Result | Exception]:
        async with in_time(), engine.connection() as connection, connection.transaction():
            return await apply(connection, operations)

    async def commit(operations: Sequence[Written]) -> Sequence[Result | Exception]:
        try:
            return await attempt(batch_postgres.apply, operations)
        except Unavailable:
            raise
        except Exception:
            return await attempt(batch_postgres.apply_one_by_one, operations)

    return commit
