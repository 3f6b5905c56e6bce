"""A programme's roster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from piccolo.columns import And

from service import tables
from service.database import Database
from service.identifiers import new_id

Side = Literal["upstream", "downstream", "operator", "manager", "customer"]
SIDES: tuple[Side, ...] = ("upstream", "downstream", "operator", "manager", "customer")
PAGE = 50
BATCH = 500


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a roster as imported. ``department`` is a path with "/" between the levels; ``side`` may be empty."""

    employee_number: str
    name: str
    department: str
    position: str = ""
    side: str = ""
    email: str = ""
    mobile: str = ""


class Person(Entry, frozen=True, kw_only=True):
    id: UUID
    active: bool

    def entry(self) -> Entry:
        return Entry(**{name: getattr(self, name) for name in Entry.__struct_fields__})


def _person(row: tables.Person) -> Person:
    return Person(**{name: getattr(row, name) for name in Person.__struct_fields__})


async def every(database: Database, programme: UUID, *, active: bool = True) -> list[Person]:
    """By department and number; with ``active`` only those who still are."""
    p = tables.Person
    query = p.objects().where(p.programme == programme).order_by(p.department, p.employee_number)
    return [_person(row) for row in await (query.where(p.active.eq(True)) if active else query)]


async def page(
    database: Database, programme: UUID, *, search: str = "", department: str = "", side: str = "", number: int = 1
) -> tuple[list[Person], int]:
    """Page ``number`` of those who match, and how many match. ``search`` looks in number, name, position and e-mail."""
    p = tables.Person
    where = _matching(database, programme, search, department, side)
    rows = (
        await p.objects()
        .where(where)
        .order_by(p.active, ascending=False)
        .order_by(p.department, p.employee_number)
        .offset((max(number, 1) - 1) * PAGE)
        .limit(PAGE)
    )
    return [_person(row) for row in rows], await p.count().where(where)


def _matching(database: Database, programme: UUID, search: str, department: str, side: str) -> Any:
    p = tables.Person
    where: Any = p.programme == programme
    if side:
        where = And(where, p.side == side)
    if department:
        where = And(where, (p.department == department) | p.department.like(department.replace("%", "") + "/%"))
    if search := search.strip().replace("%", ""):
        columns = (p.employee_number, p.name, p.position, p.email)
        # LIKE minds no case on SQLite, ILIKE none on PostgreSQL
        found: Any
        found, *others = (
            c.like(f"%{search}%") if database.dialect == "sqlite" else c.ilike(f"%{search}%") for c in columns
        )
        for other in others:
            found = found | other
        where = And(where, found)
    return where


async def departments(database: Database, programme: UUID) -> list[str]:
    """Every department path in use, and every level above it, sorted."""
    p = tables.Person
    rows = await p.select(p.department).where(p.programme == programme).group_by(p.department)
    return sorted({path for row in rows for path in levels(row["department"])})


def levels(department: str) -> list[str]:
    """``"A/B/C"`` → ``["A", "A/B", "A/B/C"]``."""
    parts = department.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


async def save(database: Database, programme: UUID, entries: Sequence[Entry]) -> None:
    """Insert or replace by employee number, and make active."""
    p = tables.Person
    columns = [p.name, p.department, p.position, p.side, p.email, p.mobile, p.active]
    rows = [p(id=new_id(), programme=programme, active=True, **msgspec.structs.asdict(entry)) for entry in entries]
    async with database.writing():
        for start in range(0, len(rows), BATCH):
            await p.insert(*rows[start : start + BATCH]).on_conflict(
                target=(p.programme, p.employee_number), action="DO UPDATE", values=columns
            )


async def deactivate(database: Database, people: Iterable[UUID]) -> None:
    """They stay, with all that they answered, but are invited no more."""
    p = tables.Person
    ids = list(people)
    async with database.writing():
        for start in range(0, len(ids), BATCH):
            await p.update({p.active: False}).where(p.id.is_in(ids[start : start + BATCH]))
