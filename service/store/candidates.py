"""Who may sit an exam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from service import tables
from service.database import Database
from service.identifiers import new_id

BATCH = 500


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A person in one exam, with what the roster says of them. ``seat`` is empty where no seat code is asked for."""

    id: UUID
    exam: UUID
    person: UUID
    employee_number: str
    name: str
    department: str
    position: str
    side: str
    email: str
    mobile: str
    extra_minutes: int
    extra_attempts: int
    seat: str


# By hand, not by Piccolo's builder: three hundred people who start in the same second each ask for it twice.
_SELECTED = (
    "SELECT candidate.id, candidate.exam, candidate.person, person.employee_number, person.name, person.department,"
    " person.position, person.side, person.email, person.mobile, candidate.extra_minutes, candidate.extra_attempts,"
    " candidate.seat FROM candidate JOIN person ON person.id = candidate.person WHERE "
)


async def _select(database: Database, where: str, *args: object) -> list[Candidate]:
    return [Candidate(**row) for row in await database.fetch(_SELECTED + where, *args)]


async def _one(database: Database, where: str, *args: object) -> Candidate | None:
    return next(iter(await _select(database, where, *args)), None)


async def of_exam(database: Database, exam: UUID) -> list[Candidate]:
    """By department and number."""
    return await _select(database, "candidate.exam = ? ORDER BY person.department, person.employee_number", exam)


async def counts(database: Database, programme: UUID) -> dict[UUID, int]:
    """Exam to how many may sit it, of all exams of a programme that anybody may."""
    rows = await database.fetch(
        "SELECT candidate.exam, count(*) AS people FROM candidate JOIN exam ON exam.id = candidate.exam"
        " WHERE exam.programme = ? GROUP BY candidate.exam", programme,
    )  # fmt: skip
    return {row["exam"]: row["people"] for row in rows}


async def get(database: Database, candidate: UUID) -> Candidate | None:
    return await _one(database, "candidate.id = ?", candidate)


async def by_token_hash(database: Database, hashed: str) -> Candidate | None:
    return await _one(database, "candidate.token_hash = ?", hashed)


async def by_number(database: Database, exam: UUID, employee_number: str) -> Candidate | None:
    return await _one(database, "candidate.exam = ? AND person.employee_number = ?", exam, employee_number.strip())


async def add(database: Database, exam: UUID, people: Iterable[tuple[UUID, str, str]]) -> int:
    """(person, token hash, seat) become candidates; how many were not before. Whoever is one already stays so."""
    c, made = tables.Candidate, 0
    rows = [
        c(id=new_id(), exam=exam, person=person, token_hash=hashed, extra_minutes=0, extra_attempts=0, seat=seat)
        for person, hashed, seat in people
    ]
    async with database.writing():
        for start in range(0, len(rows), BATCH):
            inserted = c.insert(*rows[start : start + BATCH])
            done = await inserted.on_conflict(target=(c.exam, c.person), action="DO NOTHING").returning(c.id)
            made += len(done)
    return made


async def allow(database: Database, candidate: UUID, *, extra_minutes: int, extra_attempts: int) -> None:
    c = tables.Candidate
    async with database.writing():
        await c.update({c.extra_minutes: extra_minutes, c.extra_attempts: extra_attempts}).where(c.id == candidate)


async def open_attempts(database: Database, attempts: Mapping[UUID, int]) -> None:
    """Candidate to how many further attempts each has in all."""
    c = tables.Candidate
    async with database.writing():
        for candidate, extra in attempts.items():
            await c.update({c.extra_attempts: extra}).where(c.id == candidate)


async def seats(database: Database, seats: Mapping[UUID, str]) -> None:
    """Candidate to seat code."""
    c = tables.Candidate
    async with database.writing():
        for candidate, seat in seats.items():
            await c.update({c.seat: seat}).where(c.id == candidate)


async def remove(database: Database, exam: UUID, candidates: Iterable[UUID]) -> int:
    """How many were taken off the list: those who have never begun an attempt."""
    c, a = tables.Candidate, tables.Attempt
    wanted, gone = list(candidates), 0
    async with database.writing():
        sat = {row["candidate"] for row in await a.select(a.candidate).where(a.exam == exam)}
        free = [each for each in wanted if each not in sat]
        for start in range(0, len(free), BATCH):
            own = (c.exam == exam) & c.id.is_in(free[start : start + BATCH])
            gone += len(await c.delete().where(own).returning(c.id))
    return gone
