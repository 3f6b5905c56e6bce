"""Background work: handlers by kind, and the worker that runs them, inside the server or beside it.

    registry = Handlers()

    @registry.handles("report")
    async def make_report(database: Database, arguments: dict) -> Any: ...

A handler may run more than once (a worker died, a lease ended): it must be safe to repeat.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import structlog

from service.database import Database, Unavailable
from service.store import jobs
from service.store.jobs import Job

POLL = 1.0  # seconds between looks for jobs that other processes queued
GRACE = 5.0  # seconds that a running job gets when the worker stops
Chore = Callable[[Database], Awaitable[None]]
Handler = Callable[[Database, dict[str, Any]], Awaitable[Any]]
log = structlog.get_logger(__name__)


class Refused(Exception):
    """Raised by a handler whose work cannot succeed however often it is tried."""


class Handlers(dict[str, Handler]):
    """Handlers by kind, and what every worker does from time to time."""

    def __init__(self) -> None:
        super().__init__()
        self.chores: list[tuple[float, Chore]] = []

    def every(self, *, hours: float) -> Callable[[Chore], Chore]:
        """A chore that each worker does at its start and every so many hours; it must be safe to do twice at once."""

        def register(chore: Chore) -> Chore:
            self.chores.append((hours * 3600, chore))
            return chore

        return register

    def handles(self, kind: str) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self[kind] = handler
            return handler

        return register


HANDLERS = Handlers()
"""The product's own; a use case that takes long registers itself here."""


async def work(database: Database, stopping: asyncio.Event) -> None:
    """`wenheng worker`: takes jobs until ``stopping`` is set."""
    async with Worker(database, HANDLERS).running():
        await stopping.wait()


class Worker:
    """Takes one job after another: ``async with worker.running():`` in the server, ``await worker.forever()`` alone."""

    def __init__(self, database: Database, handlers: Handlers) -> None:
        self._database = database
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._stopping = False
        self._due = dict.fromkeys(range(len(handlers.chores)), 0.0)  # chore to the loop's time when it is due

    async def add(self, kind: str, arguments: dict[str, Any]) -> UUID:
        """Queues a job and wakes this process's worker."""
        job = await jobs.add(self._database, kind, arguments)
        self._wake.set()
        return job

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Worker]:
        task = asyncio.create_task(self.forever(), name="worker")
        try:
            yield self
        finally:
            self.stop()
            await task

    def stop(self) -> None:
        """Ends ``forever``: a running job gets ``GRACE`` seconds, then it is queued again."""
        self._stopping = True
        self._wake.set()

    async def forever(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                await self._do_chores()
                if await self.run_one():
                    continue
            except Unavailable:
                log.warning("jobs.database_unavailable")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def _do_chores(self) -> None:
        now = asyncio.get_running_loop().time()
        for number, (seconds, chore) in enumerate(self._handlers.chores):
            if self._due[number] <= now:
                self._due[number] = now + seconds
                await chore(self._database)

    async def run_one(self) -> bool:
        """Runs the next job that is due; False where there is none."""
        job = await jobs.claim(self._database, list(self._handlers)) if self._handlers else None
        if job is None:
            return False
        work = asyncio.create_task(self._work(job), name=f"job {job.kind}")
        while not work.done():
            await asyncio.wait({work}, timeout=GRACE if self._stopping else jobs.LEASE.total_seconds() / 3)
            if work.done():
                break
            if self._stopping or not await self._still_ours(job):
                work.cancel()
                await asyncio.wait({work})
                await jobs.release(self._database, job)
                return True
        await self._settle(job, work)
        return True

    async def _work(self, job: Job) -> Any:
        return await self._handlers[job.kind](self._database, job.arguments)

    async def _still_ours(self, job: Job) -> bool:
        try:
            return await jobs.extend(self._database, job)
        except Unavailable:
            return True  # nobody else can claim it either

    async def _settle(self, job: Job, work: asyncio.Task[Any]) -> None:
        error = work.exception()
        if error is None:
            await jobs.finish(self._database, job, work.result())
            return
        log.error("jobs.failed", kind=job.kind, job=str(job.id), attempt=job.attempts, error=type(error).__name__)
        message = f"{type(error).__name__}: {error}"
        await jobs.fail(self._database, job, message, final=isinstance(error, Refused))
