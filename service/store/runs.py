"""Answering in progress. Written by the group-commit writer, read here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.database import Database


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is and what was answered so far."""

    token_hash: str
    wave: UUID
    language: str
    page: str
    started_at: datetime
    updated_at: datetime
    seed: int | None
    drafts: dict[str, dict[str, Any]]
    """Question code → its columns."""

    @property
    def answers(self) -> dict[str, Any]:
        """All columns, flat, as a response stores them."""
        return {name: value for columns in self.drafts.values() for name, value in columns.items()}


async def load(database: Database, token_hash: str) -> Run | None:
    """The run with its drafts, in one query; None where nothing was saved or all is submitted."""
    rows = await database.fetch(
        "SELECT run.token_hash, run.wave, run.language, run.page, run.started_at, run.updated_at, run.seed,"
        " draft_answer.question, draft_answer.value"
        " FROM run LEFT JOIN draft_answer ON draft_answer.token_hash = run.token_hash"
        " WHERE run.token_hash = ? ORDER BY draft_answer.question",
        token_hash,
    )
    if not rows:
        return None
    drafts = {row["question"]: msgspec.json.decode(row["value"]) for row in rows if row["question"] is not None}
    return Run(**{name: rows[0][name] for name in Run.__struct_fields__ if name != "drafts"}, drafts=drafts)


async def count(database: Database, wave: UUID) -> int:
    """How many are answering and have not submitted."""
    [row] = await database.fetch("SELECT count(*) AS runs FROM run WHERE wave = ?", wave)
    return row["runs"]


async def forget(database: Database, untouched_since: datetime) -> int:
    """Deletes runs that nobody has touched since, with their drafts. Returns how many."""
    async with database.writing():
        gone = await database.fetch("DELETE FROM run WHERE updated_at < ? RETURNING token_hash", untouched_since)
        await database.fetch(
            "DELETE FROM draft_answer"
            " WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.token_hash = draft_answer.token_hash)"
        )
    return len(gone)
