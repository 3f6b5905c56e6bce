"""Appeals: a candidate objects to a mark, staff see all that happened in the attempt and decide with words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service import clock
from service.actions import scoring
from service.actions.standings import is_open
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import accounts, appeals, attempts, audit, candidates, exams, marks
from service.store.appeals import Appeal
from service.store.attempts import Answer, Attempt, Event
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.marks import HandMark, Scored
from surveys.exams import moderation
from surveys.exams.definition import PaperItem
from surveys.exams.items import BankItem
from surveys.exams.moderation import OpenQuestion

LONGEST_TEXT = 2_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal in the list, with whose it is."""

    appeal: Appeal
    candidate: Candidate
    number: int


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an attempt's timeline. ``number``: of the item on the paper, 0 where it concerns none. ``seconds``
    since the start. ``by``: who of the staff did it, empty where the candidate or the server did."""

    at: datetime
    seconds: int
    kind: str
    number: int
    revision: int
    detail: dict[str, Any]
    by: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal with everything needed to decide it. ``open``: the questions of the item that are marked by hand."""

    appeal: Appeal
    candidate: Candidate
    attempt: Attempt
    asked: PaperItem
    item: BankItem
    answer: Answer | None
    scores: dict[int, Scored]
    hand: tuple[HandMark, ...]
    open: tuple[OpenQuestion, ...]
    timeline: tuple[Moment, ...]
    decided_by: str


async def file(database: Database, exam: ExamRecord, attempt: Attempt, item: str, text: str) -> bool:
    """Files an appeal; False where there is one. Raises NotFound for what was not on the paper or is not released,
    Conflict for an empty text."""
    if attempt.exam != exam.id or not is_open(exam, attempt.submitted_at):
        raise NotFound
    if item not in {each.code for each in attempt.paper.items} or not exam.definition.release.answers:
        raise NotFound
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        raise Conflict
    return await appeals.file(database, attempt.id, item, text)


async def of_exam(database: Database, exam: ExamRecord) -> list[Entry]:
    people = {each.id: each for each in await candidates.of_exam(database, exam.id)}
    found = []
    for each in await appeals.of_exam(database, exam.id):
        attempt = await attempts.load(database, each.attempt)
        assert attempt is not None
        number = next((asked.number for asked in attempt.paper.items if asked.code == each.item), 0)
        found.append(Entry(appeal=each, candidate=people[each.candidate], number=number))
    return found


async def case(database: Database, exam: ExamRecord, appeal: UUID) -> Case:
    """Raises NotFound."""
    found = await appeals.get(database, appeal)
    if found is None or found.exam != exam.id:
        raise NotFound
    attempt, candidate = await attempts.load(database, found.attempt), await candidates.get(database, found.candidate)
    assert attempt is not None
    assert candidate is not None
    pool = await exams.pool(database, exam.id, exam.scoring)
    hand = await marks.history(database, attempt.id)
    questions = [each for each in moderation.open_questions_of(pool).values() if each.code == found.item]
    keys = {each.key for each in questions}
    names = await _names(database, [*(each.account for each in hand), found.decided_by])
    return Case(
        appeal=found, candidate=candidate, attempt=attempt, item=pool.items[found.item],
        asked=next(each for each in attempt.paper.items if each.code == found.item),
        answer=(await attempts.answers(database, attempt.id)).get(found.item),
        scores=await marks.of_attempt(database, attempt.id),
        hand=tuple(each for each in hand if each.item in keys), open=tuple(questions),
        timeline=timeline(attempt, await attempts.events(database, attempt.id), hand, names),
        decided_by=names.get(found.decided_by, ""),
    )  # fmt: skip


def timeline(
    attempt: Attempt, events: Sequence[Event], hand: Sequence[HandMark], names: Mapping[UUID | None, str]
) -> tuple[Moment, ...]:
    """Everything that the server knows of an attempt, in order: what it learnt, and the marks that people gave."""
    numbers = {each.code: each.number for each in attempt.paper.items}

    def moment(at: datetime, kind: str, item: str, **more: Any) -> Moment:
        seconds = int((at - attempt.started_at).total_seconds())
        return Moment(at=at, seconds=seconds, kind=kind, number=numbers.get(item.partition(".")[0], 0), **more)

    found = [moment(each.at, each.kind, each.item, revision=each.revision, detail=each.detail) for each in events]
    for each in hand:
        detail = {"role": each.role, "points": each.points}
        found.append(moment(each.at, "marked", each.item, revision=0, detail=detail, by=names.get(each.account, "")))
    return tuple(sorted(found, key=lambda each: each.at))


async def _names(database: Database, ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
    found: dict[UUID | None, str] = {}
    for each in {identifier for identifier in ids if identifier}:
        account = await accounts.get(database, each)
        found[each] = (account.name or account.email) if account else ""
    return found


async def decide(
    database: Database, exam: ExamRecord, case: Case, decision: str, upheld: bool,
    chosen: Mapping[str, Mapping[str, float]], *, account: UUID,
) -> None:  # fmt: skip
    """Decides with words. ``chosen``: open question → criterion → points, where its mark changes with the decision.

    Raises Conflict where it was decided before or no words are given. Keys are not changed here: what is wrong for one
    is wrong for all, and a further scoring is what corrects it.
    """
    decision = decision.strip()[:LONGEST_TEXT]
    if not decision:
        raise Conflict
    by_key = {each.key: each for each in case.open}
    async with database.writing():
        if not await appeals.decide(database, case.appeal.id, decision, upheld, account):
            raise Conflict
        for key, rubric in chosen.items():
            question = by_key[key]
            points = moderation.earned(question.question, rubric, question.worth(case.asked.points))
            await marks.give(
                database, case.attempt.id, key, "agreed", account, points=points, rubric=dict(rubric), comment=decision
            )
        await audit.record(
            database, account=account, programme=exam.programme, action="appeal.decide", subject=exam.code,
            detail={"item": case.appeal.item, "upheld": upheld, "remarked": sorted(chosen),
                    "attempt": str(case.attempt.id), "at": clock.now().isoformat()},
        )  # fmt: skip
    await scoring.score_attempt(database, case.attempt.id)
