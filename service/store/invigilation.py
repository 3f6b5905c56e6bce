"""How an exam goes while it is sat: where each candidate is, and when last heard of."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from service.database import Database


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate's newest attempt. ``heard_at``: when the server last learnt anything of it."""

    candidate: UUID
    number: int
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    ended_by: str
    heard_at: datetime
    answered: int


async def newest(database: Database, exam: UUID) -> dict[UUID, Seen]:
    """By candidate, of those who have begun."""
    rows = await database.fetch(
        "SELECT id, candidate, number, started_at, deadline_at, submitted_at, ended_by FROM attempt WHERE exam = ?"
        " ORDER BY number",
        exam,
    )
    counts = await database.fetch(
        "SELECT attempt_answer.attempt, count(*) AS answered, max(attempt_answer.at) AS heard FROM attempt_answer"
        " JOIN attempt ON attempt.id = attempt_answer.attempt WHERE attempt.exam = ? GROUP BY attempt_answer.attempt",
        exam,
    )
    events = await database.fetch(
        "SELECT attempt_event.attempt, max(attempt_event.at) AS heard FROM attempt_event"
        " JOIN attempt ON attempt.id = attempt_event.attempt WHERE attempt.exam = ? GROUP BY attempt_event.attempt",
        exam,
    )
    answered = {row["attempt"]: row["answered"] for row in counts}
    heard: dict[UUID, datetime] = {}
    for row in (*counts, *events):
        moment = _time(row["heard"])
        heard[row["attempt"]] = max(moment, heard.get(row["attempt"], moment))
    return {
        row["candidate"]: Seen(
            heard_at=max(heard.get(row["id"], row["started_at"]), row["submitted_at"] or row["started_at"]),
            answered=answered.get(row["id"], 0),
            **{name: value for name, value in row.items() if name != "id"},
        )
        for row in rows
    }


def _time(value: datetime | str) -> datetime:
    """What an engine makes of a computed time: SQLite gives the text that it holds."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
