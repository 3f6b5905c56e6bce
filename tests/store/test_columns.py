"""The columnar cache says what the database says, whatever happens to its files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest

from service.database import Database
from service.store import columns, responses
from service.tables import Response
from surveys import frame
from surveys.compiled import compile_questionnaire
from surveys.definition import Questionnaire
from tests.store import makers


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return makers.questionnaire()


async def add(database: Database, wave: UUID, numbers: range) -> list[UUID]:
    rows = [makers.submission(wave, f"{n}", answers=f'{{"hours":{n},"why":"第{n}"}}').response for n in numbers]
    await responses.insert(database, rows)
    return [row.id for row in rows]


async def hours(database: Database, wave: UUID, questionnaire: Questionnaire) -> list[float]:
    return (await columns.dataset(database, wave, questionnaire)).frame["hours"].to_list()


def files(database: Database) -> list[Path]:
    return sorted((database.settings.data / "cache").rglob("*.arrow"))


async def test_columns_hold_the_answers_and_what_is_known_beside_them(database: Database, questionnaire):
    wave = await makers.wave(database)
    await add(database, wave, range(3))
    await add(database, await makers.wave(database), range(100, 103))
    found = (await columns.dataset(database, wave, questionnaire)).frame
    row = makers.submission(wave, "t").response
    known = (row.submitted_on, row.language, row.department, row.side, row.seconds, row.source)
    names = ("_submitted_on", "_language", "_department", "_side", "_seconds", "_source")
    assert found.select("hours", "why", *names).rows() == [(float(n), f"第{n}", *known) for n in range(3)]
    stored = await Response.select(Response.sequence).where(Response.wave == wave).order_by(Response.sequence)
    assert found["_sequence"].to_list() == [each["sequence"] for each in stored]


async def test_packed_answers_are_read_as_their_json(
    database: Database, questionnaire, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(columns, "ROWS", 4)
    wave, compiled = await makers.wave(database), compile_questionnaire(questionnaire)
    stored = [{"hours": n / 4, "why": f"“第 {n}”,\n{n}"} for n in range(10)]
    known = {"department": '客服,"部\\/乙\n', "side": "", "seconds": None}
    rows = [
        makers.submission(wave, f"{n}", answers=json.dumps(each), **known).response for n, each in enumerate(stored)
    ]
    rows[:6] = [responses.packed(row, compiled, each) for row, each in zip(rows[:6], stored[:6], strict=True)]
    assert [row.packed != "" for row in rows] == [True] * 6 + [False] * 4, "the last as before there were packed ones"
    await responses.insert(database, rows)
    parsed = []
    read = frame.read
    monkeypatch.setattr(frame, "read", lambda lines, asked: parsed.append(lines.count(b"\n") + 1) or read(lines, asked))
    found = (await columns.dataset(database, wave, questionnaire)).frame
    assert found.select("hours", "why").rows(named=True) == stored
    assert found.select("_department", "_side", "_seconds").unique().row(0, named=True) == {
        f"_{name}": value for name, value in known.items()
    }
    assert found.select("_submitted_on", "_language", "_source").unique().row(0) == (
        rows[0].submitted_on, "zh-CN", "personal",
    )  # fmt: skip
    assert found["_sequence"].is_sorted()
    assert sorted(parsed) == [2, 4], "only where some were not packed"


async def test_a_wave_without_responses_has_the_same_columns(database: Database, questionnaire):
    empty, full = await makers.wave(database), await makers.wave(database)
    await add(database, full, range(1))
    nothing = (await columns.dataset(database, empty, questionnaire)).frame
    assert nothing.height == 0
    assert nothing.schema == (await columns.dataset(database, full, questionnaire)).frame.schema


async def test_only_new_rows_are_read(database: Database, questionnaire, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(columns, "ROWS", 4)
    wave, read_rows = await makers.wave(database), []
    write = columns.Cache.write
    monkeypatch.setattr(
        columns.Cache, "write", lambda self, fresh, after: read_rows.append(fresh.height) or write(self, fresh, after)
    )
    await add(database, wave, range(10))
    assert await hours(database, wave, questionnaire) == list(range(10))
    assert sorted(read_rows) == [2, 4, 4]
    await add(database, wave, range(10, 13))
    assert await hours(database, wave, questionnaire) == list(range(13))
    assert await hours(database, wave, questionnaire) == list(range(13))
    assert sorted(read_rows) == [2, 3, 4, 4]
    assert len(files(database)) == 3  # the short last one was rewritten


async def test_an_erased_response_leaves_the_columns(database: Database, questionnaire):
    wave = await makers.wave(database)
    ids = await add(database, wave, range(5))
    assert await hours(database, wave, questionnaire) == [0, 1, 2, 3, 4]
    await responses.erase(database, wave, [ids[2]])
    assert await hours(database, wave, questionnaire) == [0, 1, 3, 4]
    await add(database, wave, range(5, 6))
    assert await hours(database, wave, questionnaire) == [0, 1, 3, 4, 5]


async def test_a_row_deleted_by_hand_is_noticed(database: Database, questionnaire):
    wave = await makers.wave(database)
    ids = await add(database, wave, range(5))
    await hours(database, wave, questionnaire)
    await database.fetch("DELETE FROM response WHERE id = ?", ids[0])
    assert await hours(database, wave, questionnaire) == [1, 2, 3, 4]


async def test_the_cache_may_be_deleted_or_half_written(database: Database, questionnaire):
    wave = await makers.wave(database)
    await add(database, wave, range(5))
    before = await columns.dataset(database, wave, questionnaire)
    [file] = files(database)
    (file.parent / "unfinished.4711").write_bytes(b"a process died here")
    assert await hours(database, wave, questionnaire) == [0, 1, 2, 3, 4]
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]
    file.unlink()
    assert await hours(database, wave, questionnaire) == [0, 1, 2, 3, 4]
    assert before.frame["hours"].to_list() == [0, 1, 2, 3, 4], "what was read stays valid without its file"


async def test_a_process_that_died_between_writing_and_removing_leaves_no_row_twice(database: Database, questionnaire):
    wave = await makers.wave(database)
    await add(database, wave, range(3))
    await hours(database, wave, questionnaire)
    [old] = files(database)
    kept = old.read_bytes()
    await add(database, wave, range(3, 5))
    await hours(database, wave, questionnaire)
    old.write_bytes(kept)
    assert await hours(database, wave, questionnaire) == [0, 1, 2, 3, 4]
    assert len(files(database)) == 1


async def test_readers_at_once_while_rows_arrive_see_a_prefix(database: Database, questionnaire):
    wave = await makers.wave(database)

    async def arrive() -> None:
        for start in range(0, 60, 6):
            await add(database, wave, range(start, start + 6))

    async def look() -> list[float]:
        return await hours(database, wave, questionnaire)

    results = await asyncio.gather(arrive(), *(look() for _ in range(12)))
    assert all(found == list(range(len(found))) for found in results[1:])
    assert await hours(database, wave, questionnaire) == list(range(60))


async def test_another_schema_has_its_own_files(database: Database, questionnaire):
    wave = await makers.wave(database)
    await add(database, wave, range(2))
    await hours(database, wave, questionnaire)
    other = makers.questionnaire(makers.SOURCE.replace("code: why", "code: reason"))
    found = (await columns.dataset(database, wave, other)).frame
    assert found["reason"].to_list() == [None, None]
    assert found["hours"].dtype == pl.Float64
    assert len(files(database)) == 1
