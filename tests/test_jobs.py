"""Background work: exactly one worker at a time, again after a death, never for ever."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from service.clock import now
from service.database import Database
from service.jobs import Handlers, Refused, Worker
from service.store import jobs
from service.tables import Job


async def expire_leases() -> None:
    await Job.update({Job.lease_until: now() - timedelta(seconds=1)}, force=True)


async def done(database: Database, job: UUID) -> None:
    for _ in range(250):
        if (await jobs.get(database, job)).state == "done":
            return
        await asyncio.sleep(0.02)
    pytest.fail("the job was not done in five seconds")


async def test_a_job_runs_and_its_result_is_kept(database: Database):
    handlers = Handlers()

    @handlers.handles("double")
    async def double(_: Database, arguments: dict) -> dict:
        return {"twice": arguments["number"] * 2}

    worker = Worker(database, handlers)
    async with worker.running():
        job = await worker.add("double", {"number": 21})
        await done(database, job)
    found = await jobs.get(database, job)
    assert (found.result, found.attempts, found.error) == ({"twice": 42}, 1, "")
    assert found.finished_at >= found.created_at


async def test_eight_workers_run_each_of_a_hundred_jobs_once(database: Database):
    ran: Counter[int] = Counter()
    handlers = Handlers()

    @handlers.handles("count")
    async def count(_: Database, arguments: dict) -> None:
        ran[arguments["number"]] += 1

    for number in range(100):
        await jobs.add(database, "count", {"number": number})

    async def work() -> None:
        worker = Worker(database, handlers)
        while await Job.count().where(Job.state != "done"):
            await worker.run_one()

    await asyncio.gather(*(work() for _ in range(8)))
    assert ran == dict.fromkeys(range(100), 1)


async def test_a_job_whose_worker_died_is_taken_over_and_the_dead_one_cannot_finish_it(database: Database):
    identifier = await jobs.add(database, "report", {})
    dead = await jobs.claim(database, ["report"])
    assert await jobs.claim(database, ["report"]) is None
    await expire_leases()
    living = await jobs.claim(database, ["report"])
    assert (living.id, living.attempts) == (identifier, 2)
    assert not await jobs.finish(database, dead, "late")
    assert not await jobs.extend(database, dead)
    assert await jobs.finish(database, living, "in time")
    assert (await jobs.get(database, identifier)).result == "in time"


async def test_a_failing_job_is_tried_three_times_and_then_given_up(database: Database):
    handlers = Handlers()

    @handlers.handles("fails")
    async def fails(_: Database, __: dict) -> None:
        raise ValueError("no such wave")

    worker = Worker(database, handlers)
    identifier = await worker.add("fails", {})
    for _ in range(3):
        assert await worker.run_one()
        assert not await worker.run_one(), "tried again without waiting"
        await expire_leases()
    found = await jobs.get(database, identifier)
    assert (found.state, found.attempts, found.error) == ("failed", 3, "ValueError: no such wave")
    assert not await worker.run_one()


async def test_a_refused_job_is_not_tried_again(database: Database):
    handlers = Handlers()

    @handlers.handles("refuses")
    async def refuses(_: Database, __: dict) -> None:
        raise Refused("the wave is gone")

    worker = Worker(database, handlers)
    identifier = await worker.add("refuses", {})
    assert await worker.run_one()
    assert (await jobs.get(database, identifier)).state == "failed"


async def test_jobs_of_other_kinds_are_left_to_other_workers(database: Database):
    await jobs.add(database, "mail", {})
    assert await jobs.claim(database, ["report"]) is None


async def test_a_job_queued_in_a_transaction_that_fails_does_not_exist(database: Database):
    async def fail() -> None:
        async with database.writing():
            await jobs.add(database, "report", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await Job.count() == 0


async def test_stopping_queues_a_long_job_again(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("service.jobs.GRACE", 0.05)
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    started = asyncio.Event()
    handlers = Handlers()

    @handlers.handles("long")
    async def long(_: Database, __: dict) -> None:
        started.set()
        await asyncio.sleep(60)

    worker = Worker(database, handlers)
    async with worker.running():
        identifier = await worker.add("long", {})
        await started.wait()
    found = await jobs.get(database, identifier)
    assert (found.state, found.attempts) == ("queued", 0)
    assert await jobs.claim(database, ["long"]) is not None
