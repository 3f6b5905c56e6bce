"""Exams, their pools, and who may sit them."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from service.clock import now
from service.database import Database
from service.store import candidates, exams, items
from surveys.exams.definition import Pool
from tests.store import exam_makers as makers


async def test_a_published_exam_keeps_its_pool_whatever_the_bank_becomes(database: Database):
    exam = await makers.exam(database)
    entry = await items.named(database, exam.bank, "i1")
    assert entry is not None
    await items.renew(database, entry, msgspec.structs.replace(entry.item, state="retired"), None)
    pool = await exams.pool(database, exam.id, exam.scoring)
    assert sorted(pool.items) == ["i1", "i2", "i3"]
    assert pool.items["i1"].state == "reviewed"
    with pytest.raises(LookupError):
        await exams.pool(database, exam.id, 2)


async def test_what_is_published_is_neither_changed_nor_discarded_nor_published_twice(database: Database):
    exam = await makers.exam(database)
    assert not await exams.change_draft(database, exam, msgspec.structs.replace(exam.definition, valid_months=12))
    assert not await exams.publish(database, exam, Pool(items={}), None)
    assert not await exams.discard(database, exam.id)


async def test_the_slower_of_two_who_change_a_draft_is_told(database: Database):
    owner = await makers.programme(database)
    bank = await makers.bank(database, owner)
    exam = await exams.create(database, owner, bank.id, "one", makers.DEFINITION)
    assert exam is not None
    assert await exams.create(database, owner, bank.id, "one", makers.DEFINITION) is None
    changed = msgspec.structs.replace(exam.definition, valid_months=12)
    assert await exams.change_draft(database, exam, changed)
    assert not await exams.change_draft(database, exam, msgspec.structs.replace(exam.definition, valid_months=6))
    found = await exams.load(database, exam.id)
    assert found is not None
    assert found.definition == changed


async def test_a_definition_read_from_a_form_is_compared_by_what_it_says(database: Database):
    owner = await makers.programme(database)
    bank = await makers.bank(database, owner)
    typed = msgspec.structs.replace(makers.DEFINITION, purpose="".join(("ex", "am")))  # no default object
    exam = await exams.create(database, owner, bank.id, "one", typed)
    assert exam is not None
    assert await exams.change_draft(database, exam, msgspec.structs.replace(typed, valid_months=6))


async def test_of_two_further_scorings_one_counts(database: Database):
    exam = await makers.exam(database)
    pool = await exams.pool(database, exam.id, 1)
    assert await exams.add_scoring(database, exam, pool, "答案有误", None) == 2
    assert await exams.add_scoring(database, exam, pool, "答案有误", None) is None
    assert [(each.number, each.reason) for each in await exams.scorings(database, exam.id)] == [
        (2, "答案有误"),
        (1, ""),
    ]


async def test_an_exam_stands_where_its_window_says(database: Database):
    exam, moment = await makers.exam(database), now()
    hour = timedelta(hours=1)
    await exams.change_window(database, exam.id, moment, moment + hour)
    exam = await exams.load(database, exam.id)  # type: ignore[assignment]
    assert [exam.standing(moment + shift) for shift in (-hour, 0 * hour, hour)] == ["early", "open", "over"]
    await exams.change_state(database, exam.id, ["published"], "closed")
    closed = await exams.load(database, exam.id)
    assert closed is not None
    assert closed.standing(moment) == "closed"


async def test_a_candidate_is_found_by_the_link_and_stays_once(database: Database):
    exam = await makers.exam(database)
    first, second = await makers.candidate(database, exam, 1), await makers.candidate(database, exam, 2, "财务部")
    assert await candidates.add(database, exam.id, [(first.person, "another", "A1")]) == 0
    assert [each.name for each in await candidates.of_exam(database, exam.id)] == ["员工1", "员工2"]
    await candidates.allow(database, first.id, extra_minutes=10, extra_attempts=1)
    await candidates.seats(database, {second.id: "A-02"})
    found = {each.name: each for each in await candidates.of_exam(database, exam.id)}
    assert (found["员工1"].extra_minutes, found["员工1"].extra_attempts) == (10, 1)
    assert found["员工2"].seat == "A-02"
    assert await candidates.remove(database, exam.id, [second.id]) == 1
    assert await candidates.get(database, second.id) is None


async def test_judges_say_it_again_in_place_of_what_they_said(database: Database):
    exam = await makers.exam(database)
    await exams.judge(database, exam.id, "张敏", {"i1": 0.6, "i3": 0.9})
    await exams.judge(database, exam.id, "王强", {"i1": 0.5})
    await exams.judge(database, exam.id, "张敏", {"i1": 0.7})
    assert await exams.judgements(database, exam.id) == {"张敏": {"i1": 0.7}, "王强": {"i1": 0.5}}
    await exams.judge(database, exam.id, "王强", {})
    assert list(await exams.judgements(database, exam.id)) == ["张敏"]
