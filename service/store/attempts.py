"""Attempts at an exam: what is asked, answered and noted. Written by the group-commit writer, read here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.database import Database
from surveys.exams.definition import Paper
from surveys.exams.items import Response

COLUMNS = (
    "id, exam, candidate, number, paper, language, device_hash, position, started_at, deadline_at, submitted_at,"
    " ended_by"
)
PAPER = msgspec.json.Decoder(Paper)
RESPONSE = msgspec.json.Decoder(Response)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate's sitting. ``ended_by``: candidate or deadline; empty while it runs. Times are UTC."""

    id: UUID
    exam: UUID
    candidate: UUID
    number: int
    paper: Paper
    language: str
    device_hash: str
    position: int
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    ended_by: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The newest answer to an item."""

    revision: int
    response: Response
    flagged: bool
    at: datetime


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in an attempt, and when the server learnt of it. ``detail`` holds what was sent with it."""

    at: datetime
    kind: str
    item: str
    revision: int
    detail: dict[str, Any]


def _attempt(row: dict[str, Any]) -> Attempt:
    return Attempt(**{**row, "paper": PAPER.decode(row["paper"])})


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        revision=row["revision"], response=RESPONSE.decode(row["response"]), flagged=row["flagged"], at=row["at"]
    )


async def _some(database: Database, where: str, *args: Any) -> list[Attempt]:
    rows = await database.fetch(f"SELECT {COLUMNS} FROM attempt {where}", *args)  # noqa: S608 (text of ours)
    return [_attempt(row) for row in rows]


async def load(database: Database, attempt: UUID) -> Attempt | None:
    return next(iter(await _some(database, "WHERE id = ?", attempt)), None)


async def numbered(database: Database, candidate: UUID, number: int) -> Attempt | None:
    """A candidate's first, second … attempt."""
    return next(iter(await _some(database, "WHERE candidate = ? AND number = ?", candidate, number)), None)


async def of_candidate(database: Database, candidate: UUID) -> list[Attempt]:
    """In the order in which they began."""
    return await _some(database, "WHERE candidate = ? ORDER BY number", candidate)


async def of_exam(database: Database, exam: UUID) -> list[Attempt]:
    """All of them, by candidate and number."""
    return await _some(database, "WHERE exam = ? ORDER BY candidate, number", exam)


async def overdue(database: Database, now: datetime) -> list[tuple[UUID, UUID]]:
    """Attempt and exam of those that run though their deadline has passed."""
    rows = await database.fetch(
        "SELECT id, exam FROM attempt WHERE submitted_at IS NULL AND deadline_at < ? ORDER BY deadline_at", now
    )
    return [(row["id"], row["exam"]) for row in rows]


async def answers(database: Database, attempt: UUID) -> dict[str, Answer]:
    """Item code → its newest answer."""
    rows = await database.fetch(
        "SELECT item, revision, response, flagged, at FROM attempt_answer WHERE attempt = ? ORDER BY item", attempt
    )
    return {row["item"]: _answer(row) for row in rows}


async def responses(database: Database, exam: UUID) -> dict[UUID, dict[str, Response]]:
    """Attempt → item code → response, of all attempts at an exam in one query."""
    rows = await database.fetch(
        "SELECT attempt_answer.attempt, attempt_answer.item, attempt_answer.response"
        " FROM attempt_answer JOIN attempt ON attempt.id = attempt_answer.attempt WHERE attempt.exam = ?",
        exam,
    )
    found: dict[UUID, dict[str, Response]] = {}
    for row in rows:
        found.setdefault(row["attempt"], {})[row["item"]] = RESPONSE.decode(row["response"])
    return found


async def events(database: Database, attempt: UUID) -> list[Event]:
    """In the order in which the server learnt of them."""
    rows = await database.fetch(
        "SELECT at, kind, item, revision, detail FROM attempt_event WHERE attempt = ? ORDER BY at, id", attempt
    )
    return [Event(**{**row, "detail": msgspec.json.decode(row["detail"])}) for row in rows]
