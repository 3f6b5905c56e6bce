"""The pass mark by judges (Angoff): what each expects of a barely competent candidate, item by item."""

from __future__ import annotations

from uuid import UUID

import msgspec

from service.actions.exam_drafting import Errors, Form, Reader
from service.actions.exams import pool_of
from service.database import Database
from service.errors import Conflict
from service.store import audit, exams
from service.store.exams import ExamRecord
from surveys.exams.check import askable, draws_of
from surveys.exams.definition import Exam, Pass, Pool
from surveys.exams.drawing import fits
from surveys.exams.items import BankItem
from surveys.exams.standard_setting import Angoff, angoff

JUDGE_LIMIT, MOST_JUDGES = 120, 50


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """What the judges have said. ``items`` are those that any paper may hold."""

    items: tuple[BankItem, ...]
    judgements: dict[str, dict[str, float]]
    result: Angoff


def weights(exam: Exam, pool: Pool) -> dict[str, float]:
    """Item to the points that it brings to a paper on average: a draw's are shared among the items that fit it."""
    found = {each.code: 0.0 for each in askable(exam, pool)}
    for section in exam.blueprint.sections:
        for fixed in section.items:
            if fixed.code in found:
                found[fixed.code] += fixed.points
    fixed_codes = {each.code for section in exam.blueprint.sections for each in section.items}
    for _, draw in draws_of(exam):
        fitting = [code for code in found if code not in fixed_codes and fits(pool.items[code], draw)]
        for code in fitting:
            found[code] += draw.points * draw.count / len(fitting)
    return found


async def panel(database: Database, exam: ExamRecord) -> Panel:
    pool = await pool_of(database, exam)
    judgements = await exams.judgements(database, exam.id)
    result = angoff(judgements, weights(exam.definition, pool))
    return Panel(items=tuple(askable(exam.definition, pool)), judgements=judgements, result=result)


async def judge(database: Database, exam: ExamRecord, form: Form, *, account: UUID | None = None) -> Errors:
    """One judge's percentages, in place of what they said before. Raises Conflict once the exam is published."""
    if exam.state != "draft":
        raise Conflict
    read, found = Reader(form), await panel(database, exam)
    name = read.line("judge")
    if not 1 <= len(name) <= JUDGE_LIMIT:
        read.errors["judge"] = "exams.error.judge"
    if name not in found.judgements and len(found.judgements) >= MOST_JUDGES:
        read.errors["judge"] = "exams.error.judges"
    codes = [each.code for each in found.items if read.line(f"item.{each.code}")]
    said = {code: read.figure(f"item.{code}", high=100) / 100 for code in codes}
    if read.errors:
        return read.errors
    async with database.writing():
        await exams.judge(database, exam.id, name, said)
        await _record(database, exam, "judge", account, judge=name, items=len(said))
    return {}


async def apply(database: Database, exam: ExamRecord, *, account: UUID | None = None) -> float:
    """The judges' cut becomes the pass mark. Raises Conflict without judgements, and once the exam is published."""
    found = await panel(database, exam)
    if found.result.cut is None:
        raise Conflict
    cut = round(found.result.cut, 2)
    changed = msgspec.structs.replace(exam.definition, passing=Pass(by="angoff", value=cut))
    async with database.writing():
        if not await exams.change_draft(database, exam, changed):
            raise Conflict
        await _record(database, exam, "pass_mark", account, cut=cut, judges=len(found.result.judges))
    return cut


async def _record(database: Database, exam: ExamRecord, verb: str, account: UUID | None, **detail: object) -> None:
    await audit.record(
        database, account=account, programme=exam.programme, action=f"exam.{verb}", subject=exam.code, detail=detail
    )
