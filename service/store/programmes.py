"""Programmes and their targets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id

Stage = Literal["launch", "diagnosis", "redesign", "pilot", "rollout", "improve"]
STAGES: tuple[Stage, ...] = ("launch", "diagnosis", "redesign", "pilot", "rollout", "improve")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the programme is to reach: ``metric`` from ``baseline`` to ``target``, both in ``unit``."""

    metric: str
    unit: str
    baseline: float | None
    target: float
    direction: Literal["decrease", "increase"]


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    name: str
    process: str
    scope: str
    owner: str
    sponsor: str
    stage: Stage
    created_at: datetime
    targets: tuple[Target, ...] = ()


class Charter(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead types about a programme."""

    name: str
    process: str
    scope: str = ""
    owner: str = ""
    sponsor: str = ""
    targets: tuple[Target, ...] = ()


def _programme(row: tables.Programme, targets: Sequence[Target] = ()) -> Programme:
    names = set(Programme.__struct_fields__) - {"targets"}
    return Programme(**{name: getattr(row, name) for name in names}, targets=tuple(targets))


async def every(database: Database, ids: Collection[UUID] | None = None) -> list[Programme]:
    """All, or those among ``ids``; the newest first, without their targets."""
    p = tables.Programme
    query = p.objects().order_by(p.id, ascending=False)
    if ids is not None:
        if not ids:
            return []
        query = query.where(p.id.is_in(list(ids)))
    return [_programme(row) for row in await query]


async def get(database: Database, programme: UUID) -> Programme | None:
    row = await tables.Programme.objects().where(tables.Programme.id == programme).first()
    return None if row is None else _programme(row, await targets(database, programme))


async def by_slug(database: Database, slug: str) -> Programme | None:
    row = await tables.Programme.objects().where(tables.Programme.slug == slug).first()
    return None if row is None else _programme(row, await targets(database, row.id))


async def targets(database: Database, programme: UUID) -> list[Target]:
    t = tables.Target
    rows = await t.objects().where(t.programme == programme).order_by(t.position)
    return [Target(**{name: getattr(row, name) for name in Target.__struct_fields__}) for row in rows]


async def create(database: Database, slug: str, charter: Charter) -> Programme:
    """In the first stage. Raises ``Conflict`` where the slug is taken."""
    row = tables.Programme(
        id=new_id(),
        slug=slug,
        name=charter.name,
        process=charter.process,
        scope=charter.scope,
        owner=charter.owner,
        sponsor=charter.sponsor,
        stage=STAGES[0],
        created_at=clock.now(),
    )
    async with database.writing():
        await tables.Programme.insert(row)
        await _set_targets(row.id, charter.targets)
    return _programme(row, charter.targets)


async def change(database: Database, programme: UUID, charter: Charter) -> None:
    p = tables.Programme
    async with database.writing():
        await p.update(
            {
                p.name: charter.name,
                p.process: charter.process,
                p.scope: charter.scope,
                p.owner: charter.owner,
                p.sponsor: charter.sponsor,
            }
        ).where(p.id == programme)
        await _set_targets(programme, charter.targets)


async def _set_targets(programme: UUID, targets: Sequence[Target]) -> None:
    t = tables.Target
    await t.delete().where(t.programme == programme)
    rows = [
        t(id=new_id(), programme=programme, position=position, **msgspec.structs.asdict(target))
        for position, target in enumerate(targets)
    ]
    if rows:
        await t.insert(*rows)


async def change_stage(database: Database, programme: UUID, stage: Stage) -> None:
    p = tables.Programme
    async with database.writing():
        await p.update({p.stage: stage}).where(p.id == programme)
