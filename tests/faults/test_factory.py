"""A whole factory at the same minute: 300 people behind one address open, answer and submit at once, on SQLite.

The load comes from a second process. Not timed here: ``benchmarks/factory.py`` is.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.factory import PEOPLE, journey
from benchmarks.fixture import prepared
from benchmarks.full_response import service
from benchmarks.processes import free_port, load
from service.database import Database
from service.settings import Settings


def test_three_hundred_people_behind_one_address_are_stored_once_each(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    wave = prepared(settings)
    port = free_port()
    with service(settings, port):
        done = load(port, PEOPLE, 60, [journey(wave)] * PEOPLE, once=True)
    assert (done["journeys"], done["errors"]) == (PEOPLE, 0), done
    [counted] = asyncio.run(_stored(settings))
    assert counted == {"responses": PEOPLE, "receipts": PEOPLE, "runs": 0}


async def _stored(settings: Settings) -> list[dict]:
    async with Database.open(settings) as database:
        return await database.fetch(
            "SELECT count(*) AS responses, count(DISTINCT receipt_hash) AS receipts,"
            " (SELECT count(*) FROM run) AS runs FROM response"
        )
