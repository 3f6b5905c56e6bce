"""Release: HR's act, after which candidates may learn what the exam's settings say.

Attempts that end after the release stay closed until it is done again; practice needs none.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from service import clock
from service.actions import certificates, marking, scoring
from service.actions.standings import is_open, outcomes
from service.database import Database
from service.errors import Conflict
from service.store import appeals, audit, exams, marks
from service.store.exams import ExamRecord


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an exam's results may be released, and what they are. Numbers of attempts, answers and candidates."""

    over: bool  # nobody can start any more
    running: int
    attempts: int
    fresh: int  # over, but not released yet
    unmarked: int
    differing: int
    unsampled: int
    appeals: int
    candidates: int
    passed: int
    released_at: datetime | None

    @property
    def blocked(self) -> bool:
        return not self.over or bool(self.running or self.unmarked or self.differing) or not self.attempts


async def readiness(database: Database, exam: ExamRecord) -> Readiness:
    await scoring.complete(database, exam)
    queues = await marking.queues(database, exam)
    results = await marks.results(database, exam.id, exam.scoring)
    found = outcomes(exam.definition, results)
    return Readiness(
        over=exam.standing(clock.now()) in ("over", "closed"),
        running=await marks.running(database, exam.id),
        attempts=len(results),
        fresh=sum(not is_open(exam, each.submitted_at) for each in results),
        unmarked=sum(len(each.unmarked) for each in queues),
        differing=sum(len(each.differing) for each in queues),
        unsampled=sum(len(each.unsampled) for each in queues),
        appeals=await appeals.waiting(database, exam.id),
        candidates=len(found),
        passed=sum(each.passed for each in found),
        released_at=exam.released_at,
    )


async def release(database: Database, exam: ExamRecord, reason: str, *, account: UUID) -> int:
    """Opens the results of all attempts that are over and issues certificates; how many are new.

    ``reason``: why it may be done though a second marker has not marked the whole sample. Raises Conflict where
    something stands against it.
    """
    ready = await readiness(database, exam)
    if ready.blocked or (ready.unsampled and not reason.strip()):
        raise Conflict
    async with database.writing():
        released = msgspec.structs.replace(exam, released_at=clock.now())
        await exams.change_released(database, exam.id, released.released_at)
        issued = await certificates.issue(database, released)
        await audit.record(
            database, account=account, programme=exam.programme, action="exam.release", subject=exam.code,
            detail={"attempts": ready.attempts, "unsampled": ready.unsampled, "reason": reason.strip()[:500],
                    "certificates": issued, "scoring": exam.scoring},
        )  # fmt: skip
    return issued


async def withdraw(database: Database, exam: ExamRecord, reason: str, *, account: UUID) -> None:
    """Closes the results again; certificates that were issued stay. Raises Conflict where they are not open."""
    if exam.released_at is None or not reason.strip():
        raise Conflict
    async with database.writing():
        await exams.change_released(database, exam.id, None)
        await audit.record(
            database, account=account, programme=exam.programme, action="exam.withdraw", subject=exam.code,
            detail={"reason": reason.strip()[:500]},
        )  # fmt: skip
