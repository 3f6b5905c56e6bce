"""Candidates' objections to marks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column

from service import tables
from service.clock import now
from service.database import Database
from service.identifiers import new_id


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """An objection to one item's mark. ``upheld`` is None until it is decided."""

    id: UUID
    attempt: UUID
    exam: UUID
    candidate: UUID
    item: str
    text: str
    opened_at: datetime
    decision: str
    upheld: bool | None
    decided_by: UUID | None
    decided_at: datetime | None


def _selected() -> Any:
    a = tables.Appeal
    own = [getattr(a, name) for name in Appeal.__struct_fields__ if name not in ("exam", "candidate")]
    return a.select(*own, a.attempt.exam.as_alias("exam"), a.attempt.candidate.as_alias("candidate"))


async def get(database: Database, appeal: UUID) -> Appeal | None:
    row = await _selected().where(tables.Appeal.id == appeal).first()
    return None if row is None else Appeal(**row)


async def of_exam(database: Database, exam: UUID) -> list[Appeal]:
    """Undecided ones first, then by when they were opened."""
    a = tables.Appeal
    rows = [Appeal(**row) for row in await _selected().where(a.attempt.exam == exam).order_by(a.id)]
    return sorted(rows, key=lambda each: each.decided_at is not None)


async def of_attempt(database: Database, attempt: UUID) -> dict[str, Appeal]:
    """Item → its appeal."""
    rows = await _selected().where(tables.Appeal.attempt == attempt)
    return {row["item"]: Appeal(**row) for row in rows}


async def waiting(database: Database, exam: UUID) -> int:
    a = tables.Appeal
    return await a.count().where((a.attempt.exam == exam) & a.decided_at.is_null())


async def file(database: Database, attempt: UUID, item: str, text: str) -> bool:
    """False where the item already has an appeal."""
    a = tables.Appeal
    row = a(id=new_id(), attempt=attempt, item=item, text=text, opened_at=now(), decision="")
    async with database.writing():
        return bool(await a.insert(row).on_conflict(target=(a.attempt, a.item), action="DO NOTHING").returning(a.id))


async def decide(database: Database, appeal: UUID, decision: str, upheld: bool, account: UUID) -> bool:
    """False where it was decided before: a decision stays."""
    a = tables.Appeal
    words: dict[Column | str, Any] = {a.decision: decision, a.upheld: upheld}
    words |= {a.decided_by: account, a.decided_at: now()}
    async with database.writing():
        return bool(await a.update(words).where((a.id == appeal) & a.decided_at.is_null()).returning(a.id))
