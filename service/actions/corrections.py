"""Correcting keys after an exam: a dry run that tells whose result changes, then a further scoring that counts.

Nothing is overwritten: the scorings before keep their keys and their marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast, get_args
from uuid import UUID

import msgspec

from service.actions import certificates, scoring
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import accounts, audit, candidates, exams, marks
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.marks import Scored
from surveys.exams import rescoring
from surveys.exams.definition import Pool
from surveys.exams.items import BankItem
from surveys.exams.rescoring import Correction, Difference, Fault, Form, Key, Result, Treatment

LONGEST_REASON = 500


class Correctable(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the exam with its keys by the scoring that counts. ``asked``: on how many papers it was."""

    code: str
    item: BankItem
    treatment: Treatment
    keys: tuple[Key, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's result that a correction changes."""

    candidate: Candidate
    number: int
    difference: Difference


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a correction would do. ``errors``: key name → what is wrong; with any, nothing was tried."""

    correction: Correction | None
    errors: dict[str, Fault]
    changes: tuple[Change, ...]
    attempts: int
    passes: int
    fails: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A scoring in the history, with what it corrected and what came of it."""

    number: int
    reason: str
    account: str
    at: datetime
    corrections: tuple[Correction, ...]
    changed: int
    passes: int
    fails: int


async def items(database: Database, exam: ExamRecord) -> list[Correctable]:
    pool = await _pool(database, exam)
    return [_correctable(pool, code) for code in sorted(pool.items)]


async def item(database: Database, exam: ExamRecord, code: str) -> Correctable:
    """Raises NotFound."""
    pool = await _pool(database, exam)
    if code not in pool.items:
        raise NotFound
    return _correctable(pool, code)


async def _pool(database: Database, exam: ExamRecord) -> Pool:
    if not exam.scoring:
        raise NotFound
    return await exams.pool(database, exam.id, exam.scoring)


def _correctable(pool: Pool, code: str) -> Correctable:
    found = pool.items[code]
    return Correctable(
        code=code, item=found, treatment=rescoring.treatment(pool, code), keys=rescoring.keys(found.item)
    )


def read_treatment(text: str) -> Treatment:
    return cast(Treatment, text) if text in get_args(Treatment) else "keyed"


async def dry_run(database: Database, exam: ExamRecord, code: str, treatment: Treatment, form: Form) -> DryRun:
    """Marks everything as the correction would have it and stores nothing. Raises NotFound for a strange item."""
    before = await _pool(database, exam)
    after, errors = _corrected(before, code, treatment, form)
    if errors or after == before:
        return DryRun(correction=None, errors=errors, changes=(), attempts=0, passes=0, fails=0)
    await scoring.complete(database, exam)
    old = await marks.of_exam(database, exam.id, exam.scoring)
    new = await _rescored(database, exam, after)
    found = rescoring.differences(_results(old.values()), _results(new))
    return DryRun(
        correction=rescoring.corrections(before, after)[0], errors={},
        changes=await _changes(database, exam, found), attempts=len(new), **_verdicts(found),
    )  # fmt: skip


def _corrected(before: Pool, code: str, treatment: Treatment, form: Form) -> tuple[Pool, dict[str, Fault]]:
    if code not in before.items:
        raise NotFound
    found = before.items[code].item
    if treatment == "keyed":
        found, errors = rescoring.rekeyed(found, form)
        if errors:
            return before, errors
    return rescoring.corrected(before, code, treatment, found), {}


async def _rescored(database: Database, exam: ExamRecord, pool: Pool) -> list[Scored]:
    sat = await marks.sat(database, exam.id)
    given = scoring.settled(await marks.by_hand(database, exam.id))
    return scoring.scored(exam, pool, exam.scoring + 1, sat, given)


def _results(scores: Iterable[Scored]) -> dict[str, Result]:
    return {str(each.attempt): Result(each.points, each.total, each.passed) for each in scores}


def _verdicts(found: Sequence[Difference]) -> dict[str, int]:
    return {verdict: sum(each.verdict == verdict for each in found) for verdict in ("passes", "fails")}


async def _changes(database: Database, exam: ExamRecord, found: Sequence[Difference]) -> tuple[Change, ...]:
    sat = {str(each.attempt): each for each in await marks.results(database, exam.id, exam.scoring)}
    people = {each.id: each for each in await candidates.of_exam(database, exam.id)}
    return tuple(
        Change(candidate=people[sat[each.attempt].candidate], number=sat[each.attempt].number, difference=each)
        for each in found
    )


async def apply(
    database: Database, exam: ExamRecord, code: str, treatment: Treatment, form: Form, reason: str,
    *, number: int, account: UUID,
) -> int:  # fmt: skip
    """The correction becomes a further scoring, which counts from now on; its number.

    ``number``: the scoring that the dry run was made against. Raises Conflict where another one counts meanwhile, where
    nothing would change or no reason is given.
    """
    before = await _pool(database, exam)
    after, errors = _corrected(before, code, treatment, form)
    reason = reason.strip()[:LONGEST_REASON]
    if errors or after == before or not reason or number != exam.scoring:
        raise Conflict
    old, new = await marks.of_exam(database, exam.id, exam.scoring), await _rescored(database, exam, after)
    found = rescoring.differences(_results(old.values()), _results(new))
    async with database.writing():
        made = await exams.add_scoring(database, exam, after, reason, account)
        if made is None:
            raise Conflict
        await marks.save(database, new)
        await audit.record(
            database, account=account, programme=exam.programme, action="exam.rescore", subject=exam.code,
            detail={"scoring": made, "item": code, "treatment": treatment, "reason": reason, "changed": len(found),
                    **_verdicts(found)},
        )  # fmt: skip
    if exam.released_at is not None:
        await certificates.issue(database, msgspec.structs.replace(exam, scoring=made))
    return made


async def history(database: Database, exam: ExamRecord) -> list[Step]:
    """Newest first. What came of a scoring is told from its marks and those of the one before."""
    steps = await exams.scorings(database, exam.id)
    names = {each.account: await _name(database, each.account) for each in steps}
    pools = {each.number: await exams.pool(database, exam.id, each.number) for each in steps}
    results: Mapping[int, dict[str, Result]] = {
        each.number: {
            str(row.attempt): Result(row.points, row.total, row.passed)
            for row in await marks.results(database, exam.id, each.number)
        }
        for each in steps
    }
    found = []
    for each in steps:
        before = each.number - 1
        changed = rescoring.differences(results[before], results[each.number]) if before in results else []
        corrected = rescoring.corrections(pools[before], pools[each.number]) if before in pools else []
        found.append(
            Step(
                number=each.number, reason=each.reason, account=names[each.account], at=each.at,
                corrections=tuple(corrected), changed=len(changed), **_verdicts(changed),
            )
        )  # fmt: skip
    return found


async def _name(database: Database, account: UUID | None) -> str:
    found = await accounts.get(database, account) if account else None
    return (found.name or found.email) if found else ""
