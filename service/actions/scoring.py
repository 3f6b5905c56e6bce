"""Marks of attempts: at once when one is over, and for a whole exam when keys or marks by hand change.

Marking twice gives the same marks: whoever calls this again does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID
from weakref import WeakKeyDictionary

from service import clock
from service.database import Database
from service.errors import NotFound
from service.store import exams, marks
from service.store.exams import ExamRecord
from service.store.marks import HandMark, Sat, Scored
from surveys.exams import moderation
from surveys.exams.definition import Pool
from surveys.exams.marking import passed, score


class _Waiting:
    """Attempts whose marks somebody waits for: whoever comes first marks those that came meanwhile, in one write."""

    def __init__(self) -> None:
        self.attempts: set[UUID] = set()
        self.turn = asyncio.Lock()


_waiting: WeakKeyDictionary[Database, _Waiting] = WeakKeyDictionary()


async def score_attempt(database: Database, attempt: UUID) -> None:
    """Marks an attempt that is over, however it ended; returns when its marks are stored. Attempts that end at the
    same moment are marked together. One that still runs, or is not there, is left alone."""
    waiting = _waiting.setdefault(database, _Waiting())
    waiting.attempts.add(attempt)
    async with waiting.turn:
        if attempt not in waiting.attempts:
            return  # whoever had the turn before took it along
        taken, waiting.attempts = waiting.attempts, set()
        try:
            await score_attempts(database, taken)
        except BaseException:
            waiting.attempts |= taken  # those who wait for them try again
            raise


async def score_attempts(database: Database, attempts: Collection[UUID]) -> None:
    """Marks attempts of any exams by the scoring that counts in each."""
    for exam, own in (await marks.by_exam(database, attempts)).items():
        record = await _load(database, exam)
        await marks.save(database, await _scored(database, record, record.scoring, own))


async def score_exam(database: Database, exam: UUID, number: int | None = None) -> int:
    """Marks all attempts of an exam that are over, by scoring ``number`` or the one that counts; how many."""
    record = await _load(database, exam)
    scores = await _scored(database, record, record.scoring if number is None else number)
    await marks.save(database, scores)
    return len(scores)


async def complete(database: Database, exam: ExamRecord) -> None:
    """Marks what has no marks yet by the scoring that counts: attempts whose server died right after their end."""
    left = await marks.unscored(database, exam.id, exam.scoring) if exam.scoring else []
    if left:
        await marks.save(database, await _scored(database, exam, exam.scoring, left))


async def _load(database: Database, exam: UUID) -> ExamRecord:
    record = await exams.load(database, exam)
    if record is None:
        raise NotFound
    return record


async def _scored(
    database: Database, exam: ExamRecord, number: int, attempts: Collection[UUID] | None = None
) -> list[Scored]:
    pool = await exams.pool(database, exam.id, number)
    sat = await marks.sat(database, exam.id, attempts)
    given = (
        await marks.by_hand(database, exam.id)
        if attempts is None
        else await marks.by_hand_of(database, [each.attempt for each in sat])
    )
    return scored(exam, pool, number, sat, settled(given))


def scored(
    exam: ExamRecord, pool: Pool, number: int, sat: Iterable[Sat], hand: Mapping[UUID, Mapping[str, int]]
) -> list[Scored]:
    """The marks of each attempt by ``pool``. ``hand``: attempt → item → points that markers have settled."""
    now, found = clock.now(), []
    for each in sat:
        made = score(each.paper, pool, each.responses, hand.get(each.attempt, {}))
        found.append(
            Scored(
                attempt=each.attempt, scoring=number, points=made.points, total=made.total,
                passed=passed(exam.definition, made, None), provisional=made.provisional, marks=made.marks, at=now,
            )
        )  # fmt: skip
    return found


def settled(given: Iterable[HandMark]) -> dict[UUID, dict[str, int]]:
    """Attempt → item → points: where two markers differ, only what was agreed on counts."""
    by_answer: dict[tuple[UUID, str], dict[str, int]] = {}
    for each in given:
        by_answer.setdefault((each.attempt, each.item), {})[each.role] = each.points
    found: dict[UUID, dict[str, int]] = {}
    for (attempt, item), roles in by_answer.items():
        points = moderation.settled(roles.get("first"), roles.get("second"), roles.get("agreed"))
        if points is not None:
            found.setdefault(attempt, {})[item] = points
    return found
