"""Certificates of those who passed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from service import tables
from service.database import Database
from surveys.exams.certificates import Standing, standing

BATCH = 500


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate with whose it is, by the roster of today."""

    serial: str
    exam: UUID
    candidate: UUID
    attempt: UUID
    issued_on: date
    valid_until: date | None
    revoked_at: datetime | None
    name: str
    employee_number: str
    department: str

    def standing(self, today: date) -> Standing:
        return standing(self.valid_until, self.revoked_at is not None, today)


def _person() -> Any:
    """The columns of whom a certificate is for, which Piccolo finds by itself and mypy does not."""
    return tables.Certificate.candidate.person


def _selected() -> Any:
    c, person = tables.Certificate, _person()
    return c.select(
        c.serial, c.exam, c.candidate, c.attempt, c.issued_on, c.valid_until, c.revoked_at,
        person.name.as_alias("name"), person.employee_number.as_alias("employee_number"),
        person.department.as_alias("department"),
    )  # fmt: skip


async def get(database: Database, serial: str) -> Certificate | None:
    row = await _selected().where(tables.Certificate.serial == serial).first()
    return None if row is None else Certificate(**row)


async def of_candidate(database: Database, candidate: UUID) -> Certificate | None:
    row = await _selected().where(tables.Certificate.candidate == candidate).first()
    return None if row is None else Certificate(**row)


async def of_exam(database: Database, exam: UUID) -> list[Certificate]:
    """By department and number."""
    c, p = tables.Certificate, _person()
    rows = await _selected().where(c.exam == exam).order_by(p.department, p.employee_number)
    return [Certificate(**row) for row in rows]


async def issue(
    database: Database, exam: UUID, earned: Iterable[tuple[str, UUID, UUID]], issued_on: date, until: date | None
) -> int:
    """Certificates for (serial, candidate, attempt); how many are new. Whoever has one keeps it, a revoked one too."""
    c, made = tables.Certificate, 0
    rows = [
        c(serial=serial, exam=exam, candidate=candidate, attempt=attempt, issued_on=issued_on, valid_until=until)
        for serial, candidate, attempt in earned
    ]
    async with database.writing():
        for start in range(0, len(rows), BATCH):
            inserted = c.insert(*rows[start : start + BATCH])
            made += len(await inserted.on_conflict(target=c.candidate, action="DO NOTHING").returning(c.serial))
    return made


async def change_revoked(database: Database, serial: str, at: datetime | None) -> bool:
    """Revokes at ``at``, or restores where None; False where it already was so."""
    c = tables.Certificate
    before = c.revoked_at.is_null() if at else c.revoked_at.is_not_null()
    async with database.writing():
        return bool(await c.update({c.revoked_at: at}).where((c.serial == serial) & before).returning(c.serial))
