"""A factory sits an exam at once, and a server dies in the middle: nothing acknowledged is lost, the clock stays.

Not timed here: ``benchmarks/exam.py`` is. ``make campaign`` sends all 300, to one SQLite process and to two replicas on
PostgreSQL.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from benchmarks import exam as load
from benchmarks.exam import Prepared
from service import clock
from service.database import Database
from service.settings import Settings
from service.store import attempts
from tests.faults.kill import Server

SMALL, ALL = 40, 300


async def together(
    settings: Settings, people: int, seconds: float, *, replicas: int = 1, kill: bool = False
) -> dict[str, Any]:
    """Candidates sit an exam. ``kill``: one server is killed while they answer, and started again where it is alone."""
    servers = [Server(settings) for _ in range(replicas)]
    for server in servers:
        await server.start()
    try:
        async with Database.open(settings) as database:
            exam = await load.prepared(database, people, seconds)
        candidates = load.sit(exam, [server.port for server in servers])
        if kill:
            await asyncio.sleep(exam.opens - clock.now().timestamp() + seconds / 3)
            await servers[-1].kill()
            if replicas == 1:
                await servers[-1].start()
        done = await asyncio.to_thread(load.told, candidates, exam)
    finally:
        for server in servers:
            await server.kill()
    async with Database.open(settings) as database:
        done["lost"] = await load.lost(database, exam, done)
        done["deadlines"] = await deadlines(database, exam)
    return done


async def deadlines(database: Database, exam: Prepared) -> set[float]:
    return {each.deadline_at.timestamp() for each in await attempts.of_exam(database, exam.exam)}


def judge(done: dict[str, Any], people: int) -> None:
    times = {kind: f"{load.p95(done, kind):.3f} s" for kind in done["times"]}
    print(f"{people} candidates, p95 {times}, asked again {done['asked_again']} times")
    assert done["faults"] == []
    assert done["lost"] == []
    assert done["receipts"] == people
    assert len(done["deadlines"]) == 1  # everybody's time ends with the window, whatever became of the servers


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_factory_sits_an_exam_at_once_and_every_answer_is_stored(settings: Settings):
    judge(await together(settings, SMALL, 20), SMALL)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_server_that_is_killed_and_started_again_goes_on_with_the_same_clock(settings: Settings):
    done = await together(settings, SMALL, 45, kill=True)
    judge(done, SMALL)
    assert done["asked_again"] > 0, "the kill hit nobody"


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
async def test_of_two_replicas_one_dies_amid_an_exam_and_nobody_loses_an_answer(settings: Settings):
    done = await together(settings, SMALL, 30, replicas=2, kill=True)
    judge(done, SMALL)
    assert done["asked_again"] > 0, "the kill hit nobody"


@pytest.mark.campaign
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_three_hundred_sit_an_exam_in_one_process(settings: Settings):
    done = await together(settings, ALL, 60)
    judge(done, ALL)
    assert max(load.p95(done, kind) for kind in ("start", "save", "submit")) < 2


@pytest.mark.campaign
@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
async def test_three_hundred_sit_an_exam_on_two_replicas_of_which_one_dies(settings: Settings):
    done = await together(settings, ALL, 60, replicas=2, kill=True)
    judge(done, ALL)
    assert max(load.p95(done, kind) for kind in ("start", "save", "submit")) < 2


async def test_an_attempt_survives_its_server_with_clock_answers_and_tab(settings: Settings):
    """The same tab goes on after kill -9 and restart: neither the ticket nor the paper was in the dead process."""
    server = Server(settings)
    await server.start()
    try:
        async with Database.open(settings) as database:
            exam = await load.prepared(database, 1, 40, gathering=2)
        candidates = load.sit(exam, [server.port])
        await asyncio.sleep(exam.opens + 6 - clock.now().timestamp())
        async with Database.open(settings) as database:
            [before] = await attempts.of_exam(database, exam.exam)
        await server.kill()
        await server.start()
        done = await asyncio.to_thread(load.told, candidates, exam)
    finally:
        await server.kill()
    async with Database.open(settings) as database:
        [after] = await attempts.of_exam(database, exam.exam)
        assert await load.lost(database, exam, done) == []
    assert done["faults"] == []
    assert (after.started_at, after.deadline_at) == (before.started_at, before.deadline_at)
    assert after.device_hash == before.device_hash
    assert after.submitted_at is not None
    assert after.submitted_at - after.started_at < timedelta(seconds=40)
