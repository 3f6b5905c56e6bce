"""Plans of pilots. Once fixed a plan never changes; another one is a new number beside it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys.analysis.pilot_plan import Plan


class StoredPlan(msgspec.Struct, frozen=True, kw_only=True):
    """``fixed_at`` None: a draft, which is never but the one with the highest number."""

    id: UUID
    programme: UUID
    number: int
    plan: Plan
    changed_at: datetime
    fixed_at: datetime | None
    fixed_by: UUID | None
    content_hash: str


def _stored(row: tables.PilotPlan) -> StoredPlan:
    given = {name: getattr(row, name) for name in StoredPlan.__struct_fields__ if name != "plan"}
    return StoredPlan(**given, plan=msgspec.json.decode(row.content, type=Plan))


async def of_programme(database: Database, programme: UUID) -> list[StoredPlan]:
    """Newest first."""
    p = tables.PilotPlan
    rows = await p.objects().where(p.programme == programme).order_by(p.number, ascending=False)
    return [_stored(row) for row in rows]


async def save_draft(database: Database, programme: UUID, plan: Plan) -> None:
    """Changes the draft, or makes one where the newest plan is fixed."""
    p = tables.PilotPlan
    content = msgspec.json.encode(plan, order="deterministic")
    values: dict[str, Any] = {
        "content": content.decode(),
        "content_hash": hashlib.sha256(content).hexdigest(),
        "changed_at": clock.now(),
    }
    async with database.writing():
        newest = await p.objects().where(p.programme == programme).order_by(p.number, ascending=False).first()
        if newest is not None and newest.fixed_at is None:
            columns = {getattr(p, name): value for name, value in values.items()}
            await p.update(columns).where((p.id == newest.id) & p.fixed_at.is_null())
        else:
            number = 1 if newest is None else newest.number + 1
            await p.insert(p(id=new_id(), programme=programme, number=number, **values))


async def fix(
    database: Database,
    programme: UUID,
    number: int,
    content_hash: str,
    account: UUID | None,
    *,
    at: datetime | None = None,
) -> bool:
    """False where it is fixed already, or is no longer what was read. ``at``: when, of a story told afterwards."""
    p = tables.PilotPlan
    async with database.writing():
        done = (
            await p.update({p.fixed_at: at or clock.now(), p.fixed_by: account})
            .where(
                (p.programme == programme)
                & (p.number == number)
                & (p.content_hash == content_hash)
                & p.fixed_at.is_null()
            )
            .returning(p.id)
        )
    return bool(done)


async def discard_draft(database: Database, programme: UUID) -> bool:
    p = tables.PilotPlan
    async with database.writing():
        gone = await p.delete().where((p.programme == programme) & p.fixed_at.is_null()).returning(p.id)
    return bool(gone)
