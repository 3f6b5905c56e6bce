"""Exams, the pools that they are marked by, and what judges expect of their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys.exams.definition import Exam, Pool

State = Literal["draft", "published", "closed"]
POOLS = 32  # kept decoded in the process


class ExamRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An exam with its state. ``scoring`` numbers the pool that counts, 0 before publication. Times are UTC."""

    id: UUID
    programme: UUID
    bank: UUID
    code: str
    definition: Exam
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    password_hash: str
    scoring: int
    released_at: datetime | None
    created_at: datetime

    def standing(self, now: datetime) -> Literal["draft", "early", "open", "over", "closed"]:
        """State and window together: ``early`` before it opens, ``over`` after its end though nobody closed it."""
        if self.state != "published":
            return self.state
        if self.opens_at and now < self.opens_at:
            return "early"
        return "over" if self.closes_at and now >= self.closes_at else "open"


class Scoring(msgspec.Struct, frozen=True, kw_only=True):
    """One set of keys. ``reason`` says why it replaced the one before."""

    number: int
    reason: str
    account: UUID | None
    at: datetime


@lru_cache(maxsize=256)
def _definition(text: str) -> Exam:
    return msgspec.json.decode(text, type=Exam)


def _record(row: tables.Exam) -> ExamRecord:
    values = {name: getattr(row, name) for name in ExamRecord.__struct_fields__}
    return ExamRecord(**{**values, "definition": _definition(row.definition)})


def _written(definition: Exam) -> str:
    """One text for equal definitions, by which they are compared: msgspec leaves out a default only where it is the
    very object, which it is after decoding."""
    return msgspec.json.encode(_definition(msgspec.json.encode(definition).decode())).decode()


async def load(database: Database, exam_id: UUID) -> ExamRecord | None:
    row = await tables.Exam.objects().where(tables.Exam.id == exam_id).first()
    return None if row is None else _record(row)


async def of_programme(database: Database, programme: UUID) -> list[ExamRecord]:
    """Newest first."""
    e = tables.Exam
    return [_record(row) for row in await e.objects().where(e.programme == programme).order_by(e.id, ascending=False)]


async def create(database: Database, programme: UUID, bank: UUID, code: str, definition: Exam) -> ExamRecord | None:
    """A draft: nobody can sit it yet. None where the programme has an exam of that code."""
    e = tables.Exam
    row = e(
        id=new_id(), programme=programme, bank=bank, code=code, definition=_written(definition), state="draft",
        password_hash="", scoring=0, created_at=clock.now(),
    )  # fmt: skip
    async with database.writing():
        made = await e.insert(row).on_conflict(target=(e.programme, e.code), action="DO NOTHING").returning(e.id)
    return await load(database, row.id) if made else None


async def change_draft(database: Database, exam: ExamRecord, definition: Exam) -> bool:
    """False where somebody changed or published it since ``exam`` was read: compare-and-set of its content."""
    e = tables.Exam
    async with database.writing():
        own = (e.id == exam.id) & (e.state == "draft") & (e.definition == _written(exam.definition))
        return bool(await e.update({e.definition: _written(definition)}).where(own).returning(e.id))


async def change_password(database: Database, exam: UUID, hashed: str) -> None:
    e = tables.Exam
    async with database.writing():
        await e.update({e.password_hash: hashed}).where(e.id == exam)


async def change_window(database: Database, exam: UUID, opens_at: datetime | None, closes_at: datetime | None) -> None:
    e = tables.Exam
    async with database.writing():
        await e.update({e.opens_at: opens_at, e.closes_at: closes_at}).where(e.id == exam)


async def change_state(database: Database, exam: UUID, before: Iterable[State], after: State) -> bool:
    """Compare-and-set of the state; False where it was none of ``before``."""
    e = tables.Exam
    async with database.writing():
        own = (e.id == exam) & e.state.is_in(list(before))
        return bool(await e.update({e.state: after}).where(own).returning(e.id))


async def discard(database: Database, exam: UUID) -> bool:
    """Whether it was a draft; anything that was published stays."""
    e = tables.Exam
    async with database.writing():
        return bool(await e.delete().where((e.id == exam) & (e.state == "draft")).returning(e.id))


async def change_released(database: Database, exam: UUID, at: datetime | None) -> None:
    e = tables.Exam
    async with database.writing():
        await e.update({e.released_at: at}).where(e.id == exam)


# Scorings


_pools: dict[tuple[UUID, int], Pool] = {}


async def pool(database: Database, exam_id: UUID, scoring: int) -> Pool:
    """The items and keys of one scoring, which never change. Raises LookupError where there is none."""
    key = (exam_id, scoring)
    if key not in _pools:
        s = tables.ExamScoring
        row = await s.select(s.pool).where((s.exam == exam_id) & (s.number == scoring)).first()
        if row is None:
            raise LookupError(f"exam {exam_id} has no scoring {scoring}")
        while len(_pools) >= POOLS:
            _pools.pop(next(iter(_pools)), None)
        _pools[key] = msgspec.json.decode(row["pool"], type=Pool)
    return _pools[key]


async def scorings(database: Database, exam_id: UUID) -> list[Scoring]:
    """Newest first."""
    s = tables.ExamScoring
    rows = (
        await s.select(s.number, s.reason, s.account, s.at).where(s.exam == exam_id).order_by(s.number, ascending=False)
    )
    return [Scoring(**row) for row in rows]


async def publish(database: Database, exam: ExamRecord, pool: Pool, account: UUID | None) -> bool:
    """The pool becomes scoring 1; False where the draft was changed or published meanwhile."""
    e = tables.Exam
    async with database.writing():
        own = (e.id == exam.id) & (e.state == "draft") & (e.definition == _written(exam.definition))
        if not await e.update({e.state: "published", e.scoring: 1}).where(own).returning(e.id):
            return False
        await _insert(exam.id, 1, pool, "", account)
    return True


async def add_scoring(
    database: Database, exam: ExamRecord, pool: Pool, reason: str, account: UUID | None
) -> int | None:
    """The number of a further scoring, which counts from now on; None where somebody else was faster."""
    e, number = tables.Exam, exam.scoring + 1
    async with database.writing():
        own = (e.id == exam.id) & (e.scoring == exam.scoring)
        if not await e.update({e.scoring: number}).where(own).returning(e.id):
            return None
        await _insert(exam.id, number, pool, reason, account)
    return number


async def _insert(exam: UUID, number: int, pool: Pool, reason: str, account: UUID | None) -> None:
    s = tables.ExamScoring
    text = msgspec.json.encode(pool).decode()
    await s.insert(s(id=new_id(), exam=exam, number=number, pool=text, reason=reason, account=account, at=clock.now()))


# Judgements by Angoff's method


async def judgements(database: Database, exam_id: UUID) -> dict[str, dict[str, float]]:
    """Judge to item code to probability, by judge."""
    a = tables.AngoffJudgement
    found: dict[str, dict[str, float]] = {}
    for row in await a.select(a.judge, a.item, a.probability).where(a.exam == exam_id).order_by(a.judge, a.item):
        found.setdefault(row["judge"], {})[row["item"]] = row["probability"]
    return found


async def judge(database: Database, exam_id: UUID, judge: str, probabilities: Mapping[str, float]) -> None:
    """What one judge says, in place of what they said before; nothing removes the judge."""
    a = tables.AngoffJudgement
    rows: list[Any] = [
        a(id=new_id(), exam=exam_id, judge=judge, item=item, probability=value) for item, value in probabilities.items()
    ]
    async with database.writing():
        await a.delete().where((a.exam == exam_id) & (a.judge == judge))
        if rows:
            await a.insert(*rows)
