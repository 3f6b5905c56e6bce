"""What a batch of candidates' operations comes to, whoever sends what in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from service.database import Answered, Ruling, SaveAttempt, StartAttempt, SubmitAttempt, TakeOver
from service.database.exam_plan import Answer, Known, Standing, plan
from service.identifiers import new_id

ATTEMPT, EXAM, CANDIDATE = new_id(), new_id(), new_id()
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
DEADLINE, GRACE = NOW + timedelta(minutes=30), timedelta(seconds=5)


def start(number: int = 1) -> StartAttempt:
    return StartAttempt(
        attempt=ATTEMPT, exam=EXAM, candidate=CANDIDATE, number=number, paper="{}", language="zh-CN", device_hash="a",
        now=NOW, deadline=DEADLINE,
    )  # fmt: skip


moments = st.integers(0, 40 * 60).map(lambda seconds: NOW + timedelta(seconds=seconds))
devices = st.sampled_from("ab")
answers = st.builds(
    Answered,
    item=st.sampled_from(("i1", "i2")),
    place=st.just(1),
    revision=st.integers(1, 5),
    response=st.sampled_from(('{"choice":"a"}', '{"choice":"b"}')),
    flagged=st.booleans(),
)
saves = st.builds(
    SaveAttempt,
    attempt=st.just(ATTEMPT), device_hash=devices, now=moments, grace=st.just(GRACE),
    answers=st.lists(answers, max_size=3).map(tuple),
)  # fmt: skip
submissions = st.builds(
    SubmitAttempt, attempt=st.just(ATTEMPT), now=moments, grace=st.just(GRACE), device_hash=devices | st.none()
)
takes = st.builds(TakeOver, attempt=st.just(ATTEMPT), device_hash=devices, now=moments)
batches = st.lists(saves | submissions | takes, max_size=12)


@given(batches)
def test_revisions_never_fall_and_nothing_counts_after_the_end(operations):
    done = plan([start(), *operations], Known())
    saved = [event for event in done.events if event[3] == "saved"]
    for item in ("i1", "i2"):
        revisions = [event[5] for event in saved if event[4] == item]
        assert revisions == sorted(set(revisions))
        stored = [row for row in done.answers if row[1] == item]
        assert [row[2] for row in stored] == revisions[-1:]
    assert all(event[2] <= DEADLINE + GRACE for event in saved)
    ends = [place for place, event in enumerate(done.events) if event[3] in ("submitted", "expired")]
    assert len(ends) <= 1
    if ends:
        assert all(event[3] not in ("saved", "taken_over") for event in done.events[ends[0] :])
        [changed] = done.changed
        assert changed.submitted_at is not None
        assert changed.submitted_at <= DEADLINE


@given(batches)
def test_a_batch_comes_to_the_same_as_its_operations_one_by_one(operations):
    whole = plan([start(), *operations], Known())
    known = Known()
    verdicts, answers, standing = [], {}, {}
    for operation in [start(), *operations]:
        one = plan([operation], known)
        verdicts += one.verdicts
        if one.started:
            standing[ATTEMPT] = Standing(ATTEMPT, "a", 1, DEADLINE)
        standing.update({each.id: each for each in one.changed})
        answers.update({row[:2]: row[2:] for row in one.answers})
        known = Known(
            attempts=standing,
            begun=frozenset({(CANDIDATE, 1)}),
            answers={key: Answer(*row[:3]) for key, row in answers.items()},
        )
    assert verdicts == whole.verdicts
    assert {row[:2]: row[2:] for row in whole.answers} == answers


def test_a_start_that_comes_twice_in_one_batch_starts_once():
    done = plan([start(), start()], Known())
    assert [each.ruling for each in done.verdicts] == [Ruling.STORED, Ruling.REPEATED]
    assert len(done.started) == 1


def test_what_is_not_there_is_not_made():
    save = SaveAttempt(attempt=ATTEMPT, device_hash="a", now=NOW, grace=GRACE)
    assert [each.ruling for each in plan([save], Known()).verdicts] == [Ruling.UNKNOWN]


def test_the_server_cannot_end_an_attempt_before_its_time():
    early = SubmitAttempt(attempt=ATTEMPT, now=DEADLINE + GRACE, grace=GRACE)
    done = plan([start(), early], Known())
    assert done.verdicts[1].ruling is Ruling.ELSEWHERE
    assert done.changed == []
