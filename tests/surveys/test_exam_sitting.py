"""Windows, deadlines and the attempt that counts; nights in which the clock changes gain nobody a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.exams.definition import Blueprint, Exam, Sitting
from surveys.exams.marking import Score
from surveys.exams.sitting import accepts, counting, deadline, may_start

OPENS = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)


def exam(**sitting: Any) -> Exam:
    return Exam(title={"zh-CN": "考"}, blueprint=Blueprint(sections=()), sitting=Sitting(**sitting))


def after(minutes: float) -> datetime:
    return OPENS + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "used", "refusal"),
    [(-0.001, 0, "early"), (0, 0, None), (15, 0, None), (15.001, 0, "late"), (0, 1, "used_up"), (120, 0, "closed")],
)
def test_who_may_start_when(minutes: float, used: int, refusal: str | None) -> None:
    assert may_start(exam(late_minutes=15), OPENS, CLOSES, 0, used, after(minutes)) == refusal


def test_a_further_attempt_needs_leave_and_no_window_means_any_time() -> None:
    assert may_start(exam(), OPENS, CLOSES, 0, 1, after(1)) == "used_up"
    assert may_start(exam(), OPENS, CLOSES, 0, 1, after(1), extra_attempts=1) is None
    assert may_start(exam(late_minutes=15), None, None, 0, 0, after(10_000)) is None
    assert may_start(exam(), OPENS, CLOSES, 30, 0, after(119.9)) is None
    assert may_start(exam(), OPENS, CLOSES, 30, 0, after(120)) == "closed"


def test_late_starters_have_their_minutes_but_not_beyond_the_window() -> None:
    assert deadline(exam(minutes=30), after(10), CLOSES, 0) == after(40)
    assert deadline(exam(minutes=30), after(110), CLOSES, 0) == CLOSES
    assert deadline(exam(minutes=30, ends_with_window=False), after(110), CLOSES, 0) == after(140)
    assert deadline(exam(minutes=30), after(110), CLOSES, 15) == after(135)
    assert deadline(exam(minutes=30), after(10), None, -5) == after(40)


def test_an_answer_counts_until_the_deadline_and_its_grace() -> None:
    end = after(30)
    assert accepts(end, 5, end)
    assert accepts(end, 5, end + timedelta(seconds=5))
    assert not accepts(end, 5, end + timedelta(seconds=5, microseconds=1))
    assert not accepts(end, -5, end + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 45)), ("Europe/Berlin", datetime(2026, 10, 25, 2, 45)),
        ("America/New_York", datetime(2026, 3, 8, 1, 45)), ("America/New_York", datetime(2026, 11, 1, 1, 45)),
    ],
)  # fmt: skip
def test_nights_in_which_the_clock_changes_gain_and_cost_nobody_a_second(zone: str, night: datetime) -> None:
    started = night.replace(tzinfo=ZoneInfo(zone))
    end = deadline(exam(minutes=60), started, None, 0)
    assert end - started.astimezone(UTC) == timedelta(minutes=60)
    local = end.astimezone(ZoneInfo(zone))
    assert accepts(local, 0, end.astimezone(ZoneInfo("Asia/Shanghai")))
    assert not accepts(local, 0, (end + timedelta(seconds=1)).astimezone(ZoneInfo(zone)))
    folded = started.replace(fold=1)
    assert may_start(exam(late_minutes=0), folded, None, 0, 0, started) in (None, "early")
    assert may_start(exam(late_minutes=0), started, None, 0, 0, folded + timedelta(0)) in (None, "late")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        accepts(datetime(2026, 1, 1), 5, OPENS)


@given(st.integers(1, 600), st.integers(0, 120), st.integers(0, 240), st.booleans())
def test_no_deadline_is_beyond_what_a_person_was_given(minutes: int, extra: int, start: int, ends: bool) -> None:
    end = deadline(exam(minutes=minutes, ends_with_window=ends), after(start), CLOSES, extra)
    assert end - after(start) <= timedelta(minutes=minutes + extra)
    assert not ends or end <= CLOSES + timedelta(minutes=extra)


def scored(points: int, total: int = 100) -> Score:
    return Score(points=points, total=total, marks={})


def test_the_attempt_that_counts() -> None:
    attempts = [scored(50), scored(80), scored(40, 50), scored(61)]
    assert counting([], "best") is None
    assert counting(attempts, "best") is attempts[1]
    assert counting(attempts, "last") is attempts[3]
    assert counting(attempts, "average") == scored(68)  # 67.75
    assert counting([scored(1, 3), scored(2, 3)], "average") == scored(2, 3)  # half up


def test_an_average_is_provisional_while_one_attempt_is() -> None:
    open_one = msgspec.structs.replace(scored(10), provisional=True)
    found = counting([open_one, scored(20)], "average")
    assert found is not None
    assert found.provisional
    assert counting([scored(0, 0)], "best") == scored(0, 0)
