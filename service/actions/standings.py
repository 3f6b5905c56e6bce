"""How candidates stand: what their attempts come to together, and whether they may know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import msgspec

from service.database import Database
from service.errors import NotFound
from service.store import exams
from service.store.exams import ExamRecord as ExamRecord
from service.store.marks import Result
from surveys.exams.definition import Exam
from surveys.exams.marking import Score, passed
from surveys.exams.sitting import counting


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate's result by the exam's rule for several attempts. ``attempt`` is the one it comes from; with the
    average, the last one."""

    candidate: UUID
    attempt: UUID
    attempts: int
    points: int
    total: int
    passed: bool
    provisional: bool


async def get(database: Database, programme: UUID, exam: UUID) -> ExamRecord:
    """An exam of this programme. Raises NotFound."""
    found = await exams.load(database, exam)
    if found is None or found.programme != programme:
        raise NotFound
    return found


def outcomes(exam: Exam, results: Sequence[Result]) -> list[Outcome]:
    """One for each candidate who has sat, of results by candidate and number. Attempts without end do not count."""
    found = []
    for candidate, own in groupby(results, key=lambda each: each.candidate):
        sat = list(own)
        scores = [Score(points=each.points, total=each.total, marks={}, provisional=each.provisional) for each in sat]
        score = counting(scores, exam.sitting.attempt_rule)
        assert score is not None
        place = next((place for place, each in enumerate(scores) if each is score), len(sat) - 1)
        found.append(
            Outcome(
                candidate=candidate, attempt=sat[place].attempt, attempts=len(sat), points=score.points,
                total=score.total, passed=passed(exam, score), provisional=score.provisional,
            )
        )  # fmt: skip
    return found


def is_open(exam: ExamRecord, submitted_at: datetime | None) -> bool:
    """Whether a candidate may learn anything of an attempt that ended then."""
    if submitted_at is None:
        return False
    if exam.definition.purpose == "practice":
        return True
    return exam.released_at is not None and submitted_at <= exam.released_at
