"""The group-commit writer: answered after the commit, each submission once, one bad operation alone."""

from __future__ import annotations

import asyncio
import random

import pytest

from service.clock import now
from service.database import Busy, Database, Open, Outcome, Unavailable, writer
from service.database.operations import Known, plan
from service.identifiers import new_id
from service.settings import Settings
from service.tables import DraftAnswer, Invitation, Response, Run, Throttle
from tests.store import makers

STORED, REPEATED, ALREADY = Outcome.STORED, Outcome.REPEATED, Outcome.ALREADY_SUBMITTED


async def drafts(token: str) -> dict[str, str]:
    rows = await DraftAnswer.select().where(DraftAnswer.token_hash == token)
    return {row["question"]: row["value"] for row in rows}


async def test_answers_are_saved_and_the_later_one_stays(database: Database):
    wave = await makers.wave(database)
    await database.writer.write(makers.saving(wave, "t", clarity='{"clarity":1}', speed='{"speed":2}'))
    await database.writer.write(makers.saving(wave, "t", page="p2", clarity='{"clarity":"007"}'))
    assert await drafts("t") == {"clarity": '{"clarity":"007"}', "speed": '{"speed":2}'}
    run = await Run.select().first()
    assert (run["page"], run["wave"]) == ("p2", wave)
    assert run["started_at"] < run["updated_at"]


async def test_of_two_answers_in_one_batch_the_later_stays(database: Database):
    wave = await makers.wave(database)
    await asyncio.gather(*(database.writer.write(makers.saving(wave, "t", clarity=f"{n}")) for n in range(50)))
    assert await drafts("t") == {"clarity": "49"}


async def test_submitting_stores_the_response_marks_the_invitation_and_clears_the_run(database: Database):
    wave = await makers.wave(database)
    [token] = await makers.invite(database, wave, 1)
    await database.writer.write(makers.saving(wave, token, clarity="4"))
    operation = makers.submission(wave, token)
    assert await database.writer.write(operation) is STORED
    row = await Response.select().first()
    assert {name: row[name] for name in operation.response.__struct_fields__} == {
        name: getattr(operation.response, name) for name in operation.response.__struct_fields__
    }
    assert await Run.count() == await DraftAnswer.count() == 0
    assert await Invitation.select(Invitation.opened, Invitation.submitted) == [{"opened": True, "submitted": True}]


async def test_a_repeated_submission_is_one_row_and_says_so(database: Database):
    wave = await makers.wave(database)
    [token] = await makers.invite(database, wave, 1)
    assert await database.writer.write(makers.submission(wave, token, "device")) is STORED
    assert await database.writer.write(makers.submission(wave, token, "device")) is REPEATED
    assert await database.writer.write(makers.submission(wave, token, "other device")) is ALREADY
    assert await Response.count() == 1


async def test_a_save_after_the_submission_does_not_resurrect_the_run(database: Database):
    wave = await makers.wave(database)
    [personal] = await makers.invite(database, wave, 1)
    for token in (personal, "public run"):
        await database.writer.write(makers.submission(wave, token, token))
        assert await database.writer.write(makers.saving(wave, token, token, clarity="4")) is ALREADY
    # the second device of an invited person has another receipt and is stopped by the invitation
    assert await database.writer.write(makers.saving(wave, personal, "other device", clarity="4")) is ALREADY
    assert await Run.count() == await DraftAnswer.count() == 0


async def test_twenty_copies_of_a_hundred_submissions_are_a_hundred_rows(database: Database):
    wave = await makers.wave(database)
    tokens = await makers.invite(database, wave, 100)
    copies = [makers.submission(wave, token, f"device of {token}") for token in tokens for _ in range(20)]
    random.Random(7).shuffle(copies)
    outcomes = await asyncio.gather(*(database.writer.write(copy) for copy in copies))
    assert (outcomes.count(STORED), outcomes.count(REPEATED)) == (100, 1900)
    assert await Response.count() == 100
    assert {row["receipt_hash"] for row in await Response.select()} == {copy.response.receipt_hash for copy in copies}


async def test_two_writers_racing_for_the_same_invitations_store_each_once(settings: Settings, database: Database):
    """Two processes, as far as the database can tell: own engine, own connections."""
    wave = await makers.wave(database)
    tokens = await makers.invite(database, wave, 60)
    other = Database(settings)
    await other.engine.start()
    await other.writer.start()
    try:
        operations = [
            one.writer.write(operation)
            for token in tokens
            for one, device in ((database, "phone"), (other, "desktop"))
            for operation in (makers.submission(wave, token, device + token), makers.saving(wave, token, device, q="1"))
        ]
        outcomes = await asyncio.gather(*operations)
    finally:
        await other.stop()
    assert await Response.count() == 60
    assert [outcomes[n] for n in range(0, 240, 2)].count(STORED) == 60
    assert await Run.count() == await DraftAnswer.count() == 0
    sequences = [row["sequence"] for row in await Response.select().order_by(Response.sequence)]
    assert len(set(sequences)) == 60


async def test_one_operation_that_cannot_be_written_fails_alone(database: Database):
    wave = await makers.wave(database)
    good = [makers.submission(wave, f"t{n}") for n in range(10)]
    bad = [makers.submission(new_id(), "no such wave"), makers.submission(wave, "surrogate", answers="\ud800")]
    results = await asyncio.gather(
        *(database.writer.write(each) for each in [*good[:5], *bad, *good[5:]]), return_exceptions=True
    )
    assert [result is STORED for result in results] == [True] * 5 + [False] * 2 + [True] * 5
    assert all(isinstance(result, Exception) for result in results[5:7])
    assert await Response.count() == 10


async def test_opening_marks_the_invitation(database: Database):
    wave = await makers.wave(database)
    first, _ = await makers.invite(database, wave, 2)
    await database.writer.write(Open(token_hash=first))
    rows = await Invitation.select(Invitation.token_hash, Invitation.opened, Invitation.submitted)
    assert {row["token_hash"]: row["opened"] for row in rows} == {first: True, rows[1]["token_hash"]: False} | {
        row["token_hash"]: row["token_hash"] == first for row in rows
    }


async def test_ordinary_writes_and_answers_mix_without_a_locked_database(database: Database):
    wave = await makers.wave(database)

    async def ordinary(number: int) -> None:
        async with database.writing():
            await Throttle(subject=f"{number}", failures=number, window_started_at=now()).save()

    await asyncio.gather(
        *(ordinary(n) for n in range(30)),
        *(database.writer.write(makers.saving(wave, f"t{n}", q="1")) for n in range(30)),
        *(database.writer.write(makers.submission(wave, f"s{n}")) for n in range(30)),
        *(Throttle.count() for _ in range(30)),
    )
    assert (await Throttle.count(), await Run.count(), await Response.count()) == (30, 30, 30)


async def test_sequence_rises_in_the_order_of_commits(database: Database):
    wave = await makers.wave(database)
    seen: list[int] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            rows = await database.fetch("SELECT sequence FROM response ORDER BY sequence")
            sequences = [row["sequence"] for row in rows]
            assert sequences[: len(seen)] == seen, "a row appeared below the watermark"
            seen[:] = sequences

    watching = asyncio.create_task(watch())
    for start in range(0, 200, 20):
        await asyncio.gather(*(database.writer.write(makers.submission(wave, f"{start + n}")) for n in range(20)))
    done.set()
    await watching
    assert await Response.count() == 200


async def test_stopping_commits_what_was_accepted(settings: Settings):
    async with Database.open(settings) as database:
        wave = await makers.wave(database)
        waiting = [asyncio.create_task(database.writer.write(makers.submission(wave, f"{n}"))) for n in range(300)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == [STORED] * 300
    with pytest.raises(Unavailable):
        await database.writer.write(Open(token_hash="late"))
    async with Database.open(settings):
        assert await Response.count() == 300


async def test_too_many_waiting_writes_are_refused_at_once(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 10)
    wave = await makers.wave(database)
    results = await asyncio.gather(
        *(database.writer.write(makers.submission(wave, f"{n}")) for n in range(40)), return_exceptions=True
    )
    assert results.count(STORED) == 10
    assert sum(isinstance(result, Busy) for result in results) == 30
    assert await database.writer.write(makers.submission(wave, "again")) is STORED


async def test_the_writer_refuses_to_wait_for_its_own_transaction(database: Database):
    async with database.writing():
        with pytest.raises(RuntimeError):
            await database.writer.write(Open(token_hash="t"))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_process_that_holds_the_lock_is_answered_by_unavailable(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("service.database.sqlite.PATIENCE", 0.2)
    monkeypatch.setattr(writer, "PATIENCE", 0.2)
    wave = await makers.wave(database)
    other = Database(settings)
    await other.engine.start()
    await other.engine.begin()
    with pytest.raises(Unavailable):
        await database.writer.write(makers.submission(wave, "t"))
    with pytest.raises(Unavailable):
        async with database.writing():
            pass
    await other.engine.release()
    await other.engine.stop()
    await asyncio.sleep(0.3)
    await database.writer.write(makers.submission(wave, "t"))
    assert await Response.count() == 1


def test_a_plan_is_sorted_and_free_of_repetitions():
    wave = new_id()
    operations = [
        makers.saving(wave, "b", q2="1", q1="1"),
        makers.saving(wave, "a", q1="1"),
        makers.saving(wave, "b", q1="2"),
        makers.submission(wave, "c"),
        makers.saving(wave, "c", q1="3"),
    ]
    decided = plan(operations, Known(receipts=frozenset(), submitted=frozenset({"d"})))
    assert decided.outcomes == [STORED, STORED, STORED, STORED, ALREADY]
    assert [run.token_hash for run in decided.runs] == ["a", "b"]
    assert [(token, question, value) for token, question, _, value in decided.drafts] == [
        ("a", "q1", "1"), ("b", "q1", "2"), ("b", "q2", "1"),
    ]  # fmt: skip
    assert (decided.finished, len(decided.responses)) == (["c"], 1)
