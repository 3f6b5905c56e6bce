"""What nobody needs any more goes, what somebody may come back to stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from service.actions.housekeeping import DRAFTS_KEPT
from service.clock import now
from service.database import Database, SaveAnswers
from service.identifiers import token_hash
from service.jobs import HANDLERS, Handlers, Worker
from service.store import runs
from tests.store import makers


async def test_a_worker_forgets_abandoned_drafts_and_keeps_recent_ones(database: Database) -> None:
    wave = await makers.wave(database)
    for name, age in (("abandoned", DRAFTS_KEPT + timedelta(days=1)), ("recent", timedelta(days=1))):
        await database.writer.write(
            SaveAnswers(
                token_hash=token_hash(name),
                wave=wave,
                language="zh-CN",
                page="p",
                now=now() - age,
                answers={"q": '{"q":1}'},
                receipt_hash=token_hash(name + " receipt"),
            )
        )
    async with Worker(database, HANDLERS).running():
        for _ in range(250):
            if await runs.load(database, token_hash("abandoned")) is None:
                break
            await asyncio.sleep(0.02)
    assert await runs.load(database, token_hash("abandoned")) is None
    assert await database.fetch("SELECT * FROM draft_answer WHERE token_hash = ?", token_hash("abandoned")) == []
    assert await runs.load(database, token_hash("recent")) is not None


async def test_a_chore_comes_again_only_when_it_is_due(database: Database) -> None:
    handlers, done = Handlers(), []

    @handlers.every(hours=1)
    async def sweep(_: Database) -> None:
        done.append(True)

    async with Worker(database, handlers).running() as worker:
        for _ in range(3):
            worker._wake.set()
            await asyncio.sleep(0.02)
    assert done == [True]
