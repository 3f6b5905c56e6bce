"""Submitted answers. Every query names the wave; rows come in the order of their commits (``sequence``)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

import msgspec
import polars as pl

from service import tables
from service.database import Database, NewResponse
from surveys.compiled import Compiled
from surveys.packed import KNOWN, packing

PAGE = 1_000
_known = attrgetter(*(name[1:] for name in KNOWN))


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One participant's submitted answers. Anonymous: no invitation, no person, no time of day."""

    sequence: int
    id: UUID
    wave: UUID
    invitation: UUID | None
    person: UUID | None
    language: str
    submitted_on: date
    submitted_at: datetime | None
    seconds: int | None
    department: str
    side: str
    source: str
    answers: dict[str, Any]
    version: UUID | None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """That an answer is stored, and of which wave: nothing of who or what."""

    wave: UUID
    submitted_on: date


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a device's way through a wave ended. ``quota``: the one that was full."""

    wave: UUID
    outcome: Literal["complete", "screened_out", "over_quota"]
    quota: str
    submitted_on: date
    version: UUID | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    department: str
    side: str
    responses: int


async def count(database: Database, wave: UUID) -> int:
    [row] = await database.fetch("SELECT count(*) AS responses FROM response WHERE wave = ?", wave)
    return row["responses"]


async def settled(database: Database, wave: UUID, sequence: int | None) -> tuple[int, int]:
    """How many responses there are up to ``sequence``, and how many came later (all of them where it is None)."""
    [row] = await database.fetch(
        "SELECT count(*) AS responses, count(CASE WHEN sequence > ? THEN 1 END) AS later FROM response WHERE wave = ?",
        sequence or 0,
        wave,
    )
    return row["responses"] - row["later"], row["later"]


async def counts(database: Database, wave: UUID) -> list[Group]:
    """Responses by department and side. Who shows them sees to the minimum group size."""
    rows = await database.fetch(
        "SELECT department, side, count(*) AS responses FROM response WHERE wave = ?"
        " GROUP BY department, side ORDER BY department, side",
        wave,
    )
    return [Group(**row) for row in rows]


async def receipt(database: Database, receipt_hash: str) -> Receipt | None:
    """Whether the answer that this receipt was given for is stored."""
    rows = await database.fetch("SELECT wave, submitted_on FROM response WHERE receipt_hash = ?", receipt_hash)
    return Receipt(**rows[0]) if rows else None


async def ending(database: Database, receipt_hash: str) -> Ending | None:
    """What became of the answers for which this device holds the receipt; None where they are not submitted."""
    rows = await database.fetch(
        "SELECT wave, 'complete' AS outcome, '' AS quota, submitted_on, version FROM response WHERE receipt_hash = ?"
        " UNION ALL SELECT wave, outcome, quota, submitted_on, version FROM ended WHERE receipt_hash = ?",
        receipt_hash,
        receipt_hash,
    )
    return Ending(**rows[0]) if rows else None


async def ended(database: Database, wave: UUID, source: str) -> dict[tuple[str, str], int]:
    """How many by links of this kind were screened out or came too late for a quota, by department and side."""
    rows = await database.fetch(
        "SELECT department, side, count(*) AS people FROM ended WHERE wave = ? AND source = ?"
        " GROUP BY department, side",
        wave,
        source,
    )
    return {(row["department"], row["side"]): row["people"] for row in rows}


async def taken(database: Database, wave: UUID, answers: Mapping[str, str]) -> set[str]:
    """Those of the questions whose answer, by its hash, some response of the wave has given before."""
    questions = set()
    for question, value_hash in answers.items():
        key = (wave, question, value_hash)
        if await database.fetch(
            "SELECT 1 AS one FROM unique_answer WHERE wave = ? AND question = ? AND value_hash = ?", *key
        ):
            questions.add(question)
    return questions


async def page(database: Database, wave: UUID, *, after: int = 0, limit: int = PAGE) -> list[Response]:
    """The next ``limit`` responses beyond the sequence ``after``."""
    r = tables.Response
    wanted = [getattr(r, name) for name in Response.__struct_fields__]
    query = r.select(*wanted).where((r.wave == wave) & (r.sequence > after)).order_by(r.sequence).limit(limit)
    return [Response(**{**row, "answers": msgspec.json.decode(row["answers"])}) for row in await query]


async def each(database: Database, wave: UUID) -> AsyncIterator[Response]:
    """All responses, a page in memory at a time. Those submitted meanwhile may come too."""
    after = 0
    while rows := await page(database, wave, after=after):
        for row in rows:
            yield row
        after = rows[-1].sequence


async def people(database: Database, wave: UUID) -> pl.DataFrame:
    """Who answered and when, in an identified wave: ``_sequence``, ``_submitted_at`` (ISO, UTC), ``_employee_number``,
    ``_name``."""
    rows = await database.fetch(
        "SELECT r.sequence, r.submitted_at, p.employee_number, p.name"
        " FROM response r LEFT JOIN person p ON p.id = r.person WHERE r.wave = ?",
        wave,
    )
    names = {"_sequence": pl.Int64, "_submitted_at": pl.String, "_employee_number": pl.String, "_name": pl.String}
    told = [
        (row["sequence"], row["submitted_at"] and row["submitted_at"].isoformat(), row["employee_number"], row["name"])
        for row in rows
    ]
    return pl.DataFrame(told, schema=names, orient="row")


def packed(response: NewResponse, compiled: Compiled, answers: Mapping[str, Any]) -> NewResponse:
    """``response`` with what it is read into columns by. ``answers`` are its own, before they became JSON."""
    return msgspec.structs.replace(response, packed=packing(compiled).pack(answers, _known(response)))


async def insert(database: Database, responses: Sequence[NewResponse]) -> None:
    """An import: all or none. Raises ``Conflict`` where a receipt or an invitation has a response already."""
    await database.insert_responses(responses)


async def erase(database: Database, wave: UUID, ids: Sequence[UUID]) -> int:
    """Deletes responses for good and voids what was computed of them. Returns how many there were."""
    r, w = tables.Response, tables.Wave
    async with database.writing():
        gone = await r.delete().where((r.wave == wave) & r.id.is_in(list(ids))).returning(r.id)
        if gone:
            await w.update({w.revision: w.revision + 1}).where(w.id == wave)
    return len(gone)


async def givers(database: Database, wave: UUID) -> list[UUID | None]:
    """Who gave each response, in the order of the commits; None where the wave keeps nobody's name."""
    rows = await database.fetch("SELECT person FROM response WHERE wave = ? ORDER BY sequence", wave)
    return [row["person"] for row in rows]


async def of_person(database: Database, person: UUID) -> list[tuple[UUID, UUID]]:
    """Wave and identifier of what a person submitted under their name (identified and confidential waves)."""
    rows = await database.fetch("SELECT wave, id FROM response WHERE person = ? ORDER BY sequence", person)
    return [(row["wave"], row["id"]) for row in rows]
