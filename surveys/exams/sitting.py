"""When an attempt may start, until when it takes answers, and which attempt counts. All times are aware.

They are compared and added to in UTC: Python's arithmetic within one time zone goes by the wall clock, which gains or
loses an hour in two nights of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

from surveys.exams.definition import AttemptRule, Exam
from surveys.exams.marking import Score

Refusal = Literal["early", "late", "closed", "used_up"]
"""Not open yet; too late to start; the window is over; no attempt is left."""


def may_start(
    exam: Exam,
    opens_at: datetime | None,
    closes_at: datetime | None,
    extra_minutes: int,
    attempts_used: int,
    now: datetime,
    extra_attempts: int = 0,
) -> Refusal | None:
    """Why an attempt may not start now, None where it may. The first instant of the window belongs to it, the last not.

    ``extra_minutes`` do not lengthen the time in which one may start.
    """
    sitting, now = exam.sitting, _utc(now)
    if opens_at is not None and now < _utc(opens_at):
        return "early"
    if closes_at is not None and now >= _utc(closes_at):
        return "closed"
    if attempts_used >= sitting.attempts + extra_attempts:
        return "used_up"
    if opens_at is not None and sitting.late_minutes is not None:
        latest = _utc(opens_at) + timedelta(minutes=sitting.late_minutes)
        return "late" if now > latest else None
    return None


def deadline(exam: Exam, started_at: datetime, closes_at: datetime | None, extra_minutes: int) -> datetime:
    """When an attempt ends. Extra minutes lengthen the attempt and, for this person, the window."""
    sitting, extra = exam.sitting, timedelta(minutes=max(extra_minutes, 0))
    end = _utc(started_at) + timedelta(minutes=sitting.minutes) + extra
    return min(end, _utc(closes_at) + extra) if sitting.ends_with_window and closes_at is not None else end


def accepts(deadline: datetime, grace_seconds: int, now: datetime) -> bool:
    """Whether an answer that arrives ``now`` still counts: until the deadline, and for the grace while on its way."""
    return _utc(now) <= _utc(deadline) + timedelta(seconds=max(grace_seconds, 0))


def counting(attempts: Sequence[Score], rule: AttemptRule) -> Score | None:
    """The score that counts, of all attempts in their order; None without any.

    ``best`` is the highest share of the total, the first of equal ones. ``average`` has no marks: its points are the
    mean share of the last attempt's total, halves of a hundredth up.
    """
    if not attempts:
        return None
    if rule == "last":
        return attempts[-1]
    if rule == "best":
        return max(attempts, key=_share)
    total = attempts[-1].total
    mean = sum(map(_share, attempts), Fraction(0)) / len(attempts) * total
    provisional = any(each.provisional for each in attempts)
    return Score(points=int((mean + Fraction(1, 2)) // 1), total=total, marks={}, provisional=provisional)


def _utc(moment: datetime) -> datetime:
    """Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    return moment.astimezone(UTC)


def _share(score: Score) -> Fraction:
    return Fraction(score.points, score.total) if score.total else Fraction(0)
