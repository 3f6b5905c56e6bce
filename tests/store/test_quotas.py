"""Quotas and answers that only one may give hold however many submit at once, in one process or in several."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from service.database import Conflict, Database, Outcome, QuotaPlace
from service.database.operations import Known, plan
from service.identifiers import new_id
from service.settings import Settings
from service.store import responses, waves
from service.tables import Ended, Invitation, Person, QuotaCount, Response, Run, UniqueAnswer
from tests.store import makers

STORED, REPEATED, OVER, TAKEN = Outcome.STORED, Outcome.REPEATED, Outcome.OVER_QUOTA, Outcome.TAKEN


@pytest.fixture
async def processes(settings: Settings, database: Database):
    """Two, as far as the database can tell: own engines, own connections."""
    other = Database(settings)
    await other.engine.start()
    await other.writer.start()
    yield database, other
    await other.stop()


@pytest.mark.parametrize("limit", [0, 1, 37, 99, 100, 250])
async def test_a_quota_is_filled_and_never_overfilled_by_a_hundred_at_once(processes, limit: int):
    wave = await makers.wave(processes[0])
    place = (QuotaPlace("everybody", limit),)
    writes = [makers.submission(wave, f"t{n}", quotas=place) for n in range(100)]
    outcomes = await asyncio.gather(*(processes[n % 2].writer.write(each) for n, each in enumerate(writes)))
    filled = min(limit, 100)
    assert Counter(outcomes) == Counter({STORED: filled, OVER: 100 - filled})
    assert await Response.count() == filled
    assert await Ended.count() == 100 - filled
    counted = await QuotaCount.select(QuotaCount.quota, QuotaCount.responses)
    assert counted == ([{"quota": "everybody", "responses": filled}] if filled else [])


async def test_crossing_quotas_are_filled_as_far_as_those_who_come_allow(processes):
    """Each response may count in several quotas; whatever the order, none is overfilled and none refused needlessly."""
    limits = {"women": 20, "men": 15, "night": 10}
    chance = random.Random(11)
    wave = await makers.wave(processes[0])
    claims = [
        [chance.choice(["women", "men"]), *(["night"] if chance.random() < 0.5 else [])] for _ in range(100)
    ]  # fmt: skip
    writes = [
        makers.submission(wave, f"t{n}", quotas=tuple(QuotaPlace(code, limits[code]) for code in each))
        for n, each in enumerate(claims)
    ]
    outcomes = await asyncio.gather(*(processes[n % 2].writer.write(each) for n, each in enumerate(writes)))
    let_in = Counter(code for each, outcome in zip(claims, outcomes, strict=True) if outcome is STORED for code in each)
    assert {row["quota"]: row["responses"] for row in await QuotaCount.select()} == let_in
    assert all(let_in[code] <= limit for code, limit in limits.items())
    for each, outcome in zip(claims, outcomes, strict=True):
        assert outcome is STORED or any(let_in[code] == limits[code] for code in each)
    assert let_in["night"] == 10


async def test_who_is_over_quota_is_kept_apart_and_coming_again_changes_nothing(database: Database):
    wave = await makers.wave(database)
    first, late = await makers.invite(database, wave, 2)
    place = (QuotaPlace("one", 1),)
    await database.writer.write(makers.submission(wave, first, quotas=place))
    await database.writer.write(makers.saving(wave, late, q="1"))
    operation = makers.submission(wave, late, quotas=place, version=new_id())
    assert await database.writer.write(operation) is OVER
    assert await database.writer.write(operation) is REPEATED
    row = await Ended.select().first()
    kept = ("wave", "receipt_hash", "version", "language", "submitted_on", "department", "side", "source", "answers")
    assert {name: row[name] for name in kept} == {name: getattr(operation.response, name) for name in kept}
    assert (row["outcome"], row["quota"]) == ("over_quota", "one")
    assert await Invitation.select(Invitation.submitted) == [{"submitted": True}] * 2
    assert await Run.count() == 0
    assert await responses.count(database, wave) == 1


async def test_who_is_screened_out_takes_no_place(database: Database):
    wave = await makers.wave(database)
    place = (QuotaPlace("one", 1),)
    out = makers.submission(wave, "out", screened_out=True, quotas=place, unique=(("mail", "a"),))
    assert await database.writer.write(out) is STORED
    assert await database.writer.write(makers.submission(wave, "in", quotas=place, unique=(("mail", "a"),))) is STORED
    assert [row["outcome"] for row in await Ended.select()] == ["screened_out"]
    assert await responses.count(database, wave) == 1


async def test_who_was_screened_out_is_out_of_the_response_rate(database: Database):
    wave = await makers.wave(database)
    tokens = await makers.invite(database, wave, 5)
    await Person.update({Person.side: "operator"}, force=True)
    await database.writer.write(makers.submission(wave, tokens[0]))
    await database.writer.write(makers.submission(wave, tokens[1], screened_out=True))
    await database.writer.write(makers.submission(wave, "public", screened_out=True, source="public"))
    [progress] = await waves.progress(database, wave)
    assert (progress.invited, progress.submitted) == (4, 1)
    assert len(await waves.invitations(database, wave, waiting=True)) == 3


async def test_of_a_hundred_who_give_the_same_answer_one_is_stored_and_the_others_can_correct_it(processes):
    wave = await makers.wave(processes[0])
    await processes[0].writer.write(makers.saving(wave, "t0", q="1"))
    place = (QuotaPlace("all", 1_000),)
    writes = [makers.submission(wave, f"t{n}", unique=(("mail", "same"),), quotas=place) for n in range(100)]
    outcomes = await asyncio.gather(*(processes[n % 2].writer.write(each) for n, each in enumerate(writes)))
    assert Counter(outcomes) == Counter({STORED: 1, TAKEN: 99})
    assert await Response.count() == await UniqueAnswer.count() == 1
    assert (await QuotaCount.select())[0]["responses"] == 1
    refused = next(n for n, outcome in enumerate(outcomes) if outcome is TAKEN)
    corrected = makers.submission(wave, f"t{refused}", unique=(("mail", "other"),), quotas=place)
    assert await processes[0].writer.write(corrected) is STORED


async def test_an_answer_given_in_one_wave_is_free_in_another_and_once_it_is_erased(database: Database):
    wave, other = await makers.wave(database), await makers.wave(database)
    first = makers.submission(wave, "a", unique=(("mail", "same"),))
    assert await database.writer.write(first) is STORED
    assert await database.writer.write(makers.submission(other, "b", unique=(("mail", "same"),))) is STORED
    assert await database.writer.write(makers.submission(wave, "c", unique=(("mail", "same"),))) is TAKEN
    assert await responses.taken(database, wave, {"mail": "same", "phone": "same"}) == {"mail"}
    assert await responses.erase(database, wave, [first.response.id]) == 1
    assert await responses.taken(database, wave, {"mail": "same"}) == set()
    assert await database.writer.write(makers.submission(wave, "c", unique=(("mail", "same"),))) is STORED


async def test_the_constraint_holds_where_the_look_does_not(database: Database, monkeypatch: pytest.MonkeyPatch):
    wave = await makers.wave(database)
    await database.writer.write(makers.submission(wave, "a", unique=(("mail", "same"),)))
    for module in ("batch_sqlite", "batch_postgres"):
        monkeypatch.setattr(f"service.database.{module}.unique_keys", lambda operations: [])
    with pytest.raises(Conflict):
        await database.writer.write(makers.submission(wave, "b", unique=(("mail", "same"),)))
    assert await Response.count() == 1


def test_a_quota_counts_what_the_batch_itself_lets_in():
    wave = new_id()
    place = (QuotaPlace("few", 3),)
    operations = [makers.submission(wave, f"{n}", quotas=place) for n in range(4)]
    known = Known(receipts=frozenset(), submitted=frozenset(), counts={(wave, "few"): 1})
    decided = plan(operations, known)
    assert decided.outcomes == [STORED, STORED, OVER, OVER]
    assert decided.counted == [(wave, "few", 2)]


async def test_the_first_save_of_a_run_decides_its_seed(database: Database):
    wave = await makers.wave(database)
    await database.writer.write(makers.saving(wave, "t", seed=4_294_967_295))
    await database.writer.write(makers.saving(wave, "t", seed=2))
    await asyncio.gather(*(database.writer.write(makers.saving(wave, "u", seed=seed)) for seed in (5, 6, 7)))
    rows = {row["token_hash"]: row["seed"] for row in await Run.select()}
    assert rows == {"t": 4_294_967_295, "u": 5}
