"""How candidates repeat what they got wrong in practice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database


class Repetition(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was repeated. ``mastered``: it earned its full points the last time, which was ``at``."""

    times: int
    mastered: bool
    at: datetime


async def of_candidate(database: Database, candidate: UUID) -> dict[str, Repetition]:
    """Item → how it was last repeated."""
    p = tables.PracticeAnswer
    rows = await p.select(p.item, p.times, p.mastered, p.at).where(p.candidate == candidate)
    return {row.pop("item"): Repetition(**row) for row in rows}


async def repeat(database: Database, candidate: UUID, item: str, *, mastered: bool) -> None:
    async with database.writing():
        await database.fetch(
            "INSERT INTO practice_answer (candidate, item, times, mastered, at) VALUES (?, ?, 1, ?, ?)"
            " ON CONFLICT (candidate, item) DO UPDATE SET times = practice_answer.times + 1,"
            " mastered = excluded.mastered, at = excluded.at",
            candidate, item, mastered, clock.now(),
        )  # fmt: skip
