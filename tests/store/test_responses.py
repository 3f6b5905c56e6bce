from __future__ import annotations

import pytest

from service.clock import now
from service.database import Conflict, Database
from service.identifiers import new_id
from service.store import responses, runs
from service.tables import DraftAnswer, Run, Wave
from tests.store import makers


async def test_a_run_is_loaded_with_its_drafts(database: Database):
    wave = await makers.wave(database)
    await database.writer.write(
        makers.saving(wave, "t", clarity='{"clarity.owner":4,"clarity.rules":2}', ideas='{"ideas":"少签一次字"}')
    )
    await database.writer.write(makers.saving(wave, "t", page="steps"))
    run = await runs.load(database, "t")
    assert (run.wave, run.page, run.language) == (wave, "steps", "zh-CN")
    assert run.drafts == {"clarity": {"clarity.owner": 4, "clarity.rules": 2}, "ideas": {"ideas": "少签一次字"}}
    assert run.answers == {"clarity.owner": 4, "clarity.rules": 2, "ideas": "少签一次字"}


async def test_a_run_without_answers_is_there_and_another_is_not(database: Database):
    wave = await makers.wave(database)
    await database.writer.write(makers.saving(wave, "t"))
    assert (await runs.load(database, "t")).drafts == {}
    assert await runs.load(database, "other") is None
    assert await runs.count(database, wave) == 1


async def test_forgotten_runs_go_with_their_drafts(database: Database):
    wave = await makers.wave(database)
    await database.writer.write(makers.saving(wave, "old", q="1"))
    moment = now()
    await database.writer.write(makers.saving(wave, "new", q="1"))
    assert await runs.forget(database, moment) == 1
    assert await Run.select(Run.token_hash) == [{"token_hash": "new"}]
    assert await DraftAnswer.select(DraftAnswer.token_hash) == [{"token_hash": "new"}]


async def test_responses_come_by_wave_in_the_order_of_their_commits(database: Database):
    wave, other = await makers.wave(database), await makers.wave(database)
    for number in range(7):
        await database.writer.write(makers.submission(wave, f"{number}", answers=f'{{"number":{number}}}'))
        await database.writer.write(makers.submission(other, f"other {number}"))
    assert [row.answers["number"] async for row in responses.each(database, wave)] == list(range(7))
    first = await responses.page(database, wave, limit=3)
    rest = await responses.page(database, wave, after=first[-1].sequence)
    assert [row.answers["number"] for row in first + rest] == list(range(7))
    assert await responses.count(database, wave) == 7


async def test_every_response_comes_whatever_the_page_size(database: Database, monkeypatch: pytest.MonkeyPatch):
    wave = await makers.wave(database)
    await responses.insert(database, [makers.submission(wave, f"{n}").response for n in range(10)])
    monkeypatch.setattr(responses.page, "__kwdefaults__", {"after": 0, "limit": 3})
    assert len([row async for row in responses.each(database, wave)]) == 10


async def test_responses_are_counted_by_department_and_side(database: Database):
    wave = await makers.wave(database)
    rows = [
        makers.submission(wave, f"{n}", department=department, side=side).response
        for n, (department, side) in enumerate([("财务部", "upstream"), ("客服部", "operator"), ("客服部", "operator")])
    ]
    await responses.insert(database, rows)
    found = {(group.department, group.side): group.responses for group in await responses.counts(database, wave)}
    assert found == {("财务部", "upstream"): 1, ("客服部", "operator"): 2}


async def test_a_receipt_proves_that_the_answer_is_stored(database: Database):
    wave = await makers.wave(database)
    operation = makers.submission(wave, "t")
    await database.writer.write(operation)
    found = await responses.receipt(database, operation.response.receipt_hash)
    assert (found.wave, found.submitted_on) == (wave, operation.response.submitted_on)
    assert await responses.receipt(database, "0" * 64) is None


async def test_an_import_is_all_or_nothing(database: Database):
    wave = await makers.wave(database)
    rows = [makers.submission(wave, f"{n}", source="import").response for n in range(12_000)]
    with pytest.raises(Conflict):
        await responses.insert(database, [*rows, rows[0]])
    assert await responses.count(database, wave) == 0
    await responses.insert(database, rows)
    assert await responses.count(database, wave) == 12_000


async def test_an_erased_response_is_gone_and_the_wave_has_a_new_revision(database: Database):
    wave, person = await makers.wave(database), new_id()
    await responses.insert(database, [makers.submission(wave, "a", person=person).response])
    await responses.insert(database, [makers.submission(wave, "b").response])
    [(found_wave, identifier)] = await responses.of_person(database, person)
    assert found_wave == wave
    assert await responses.erase(database, wave, [identifier]) == 1
    assert await responses.of_person(database, person) == []
    assert await responses.count(database, wave) == 1
    assert await Wave.select(Wave.revision) == [{"revision": 1}]
    assert await responses.erase(database, wave, [identifier]) == 0
    assert await Wave.select(Wave.revision) == [{"revision": 1}]
