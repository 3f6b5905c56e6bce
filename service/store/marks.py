"""What attempts earned, and what markers gave by hand. Points are hundredths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys.exams.definition import Paper
from surveys.exams.items import Response
from surveys.exams.marking import Mark

Role = Literal["first", "second", "agreed"]
ROLES: tuple[Role, ...] = get_args(Role)
BATCH = 500

_MARKS = msgspec.json.Decoder(dict[str, Mark])
_PAPER = msgspec.json.Decoder(Paper)
_RESPONSE = msgspec.json.Decoder(Response)


class Sat(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt that is over, with what was answered: item code → response, absent where nothing was."""

    attempt: UUID
    exam: UUID
    candidate: UUID
    number: int
    language: str
    paper: Paper
    started_at: datetime
    submitted_at: datetime
    responses: dict[str, Response]


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt's marks by one scoring. ``provisional``: something is still to be marked by hand."""

    attempt: UUID
    scoring: int
    points: int
    total: int
    passed: bool
    provisional: bool
    marks: dict[str, Mark]
    at: datetime


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What an attempt that is over comes to by one scoring, without its single marks."""

    attempt: UUID
    candidate: UUID
    number: int
    submitted_at: datetime
    points: int
    total: int
    passed: bool
    provisional: bool


class HandMark(msgspec.Struct, frozen=True, kw_only=True):
    """A marker's points for one answer, by the criteria of its rubric. ``replaced_at``: when it gave way to another."""

    id: UUID
    attempt: UUID
    item: str
    role: Role
    account: UUID
    points: int
    rubric: dict[str, float]
    comment: str
    at: datetime
    replaced_at: datetime | None


# Attempts that are over


async def by_exam(database: Database, attempts: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Exam → those of the attempts that are its."""
    a, wanted, found = tables.Attempt, sorted(attempts), dict[UUID, list[UUID]]()
    for start in range(0, len(wanted), BATCH):
        for row in await a.select(a.id, a.exam).where(a.id.is_in(wanted[start : start + BATCH])):
            found.setdefault(row["exam"], []).append(row["id"])
    return found


async def sat(database: Database, exam: UUID, attempts: Collection[UUID] | None = None) -> list[Sat]:
    """Attempts of an exam that are over, all or those named, in the order in which they were started."""
    if attempts is None:
        return await _sat(database, exam)
    wanted = list(attempts)
    parts = [await _sat(database, exam, wanted[start : start + BATCH]) for start in range(0, len(wanted), BATCH)]
    return sorted((each for part in parts for each in part), key=lambda each: each.attempt)


async def _sat(database: Database, exam: UUID, attempts: Sequence[UUID] = ()) -> list[Sat]:
    own, parameters = "attempt.exam = ? AND attempt.submitted_at IS NOT NULL", [exam, *attempts]
    if attempts:
        own += f" AND attempt.id IN ({', '.join('?' * len(attempts))})"
    rows = await database.fetch(
        "SELECT id, exam, candidate, number, language, paper, started_at, submitted_at"  # noqa: S608 (marks only)
        f" FROM attempt WHERE {own} ORDER BY id",
        *parameters,
    )
    answers = await database.fetch(
        "SELECT attempt_answer.attempt, attempt_answer.item, attempt_answer.response"  # noqa: S608 (marks only)
        f" FROM attempt_answer JOIN attempt ON attempt.id = attempt_answer.attempt WHERE {own}",
        *parameters,
    )
    responses: dict[UUID, dict[str, Response]] = {row["id"]: {} for row in rows}
    for row in answers:
        if row["attempt"] in responses:
            responses[row["attempt"]][row["item"]] = _RESPONSE.decode(row["response"])
    return [
        Sat(
            attempt=row["id"], paper=_PAPER.decode(row["paper"]), responses=responses[row["id"]],
            **{name: row[name] for name in ("exam", "candidate", "number", "language", "started_at", "submitted_at")},
        )
        for row in rows
    ]  # fmt: skip


async def answers_to(database: Database, exam: UUID, item: str) -> dict[UUID, tuple[Response, datetime]]:
    """Attempt → its response to an item and when it ended, of attempts that are over and have a response."""
    rows = await database.fetch(
        "SELECT attempt_answer.attempt, attempt_answer.response, attempt.submitted_at FROM attempt_answer"
        " JOIN attempt ON attempt.id = attempt_answer.attempt"
        " WHERE attempt.exam = ? AND attempt.submitted_at IS NOT NULL AND attempt_answer.item = ?",
        exam, item,
    )  # fmt: skip
    return {row["attempt"]: (_RESPONSE.decode(row["response"]), row["submitted_at"]) for row in rows}


async def running(database: Database, exam: UUID) -> int:
    """How many attempts have begun and are not over."""
    a = tables.Attempt
    return await a.count().where((a.exam == exam) & a.submitted_at.is_null())


# Marks


async def save(database: Database, scores: Iterable[Scored]) -> None:
    """Marks of attempts; those of the same attempt by the same scoring are replaced, others stay."""
    rows = [
        (each.attempt, each.scoring, each.points, each.total, each.passed, each.provisional,
         msgspec.json.encode(each.marks).decode(), each.at)
        for each in scores
    ]  # fmt: skip
    if not rows:
        return
    async with database.writing():
        await database.executemany(
            "INSERT INTO attempt_score (attempt, scoring, points, total, passed, provisional, marks, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt, scoring) DO UPDATE SET points = excluded.points,"
            " total = excluded.total, passed = excluded.passed, provisional = excluded.provisional,"
            " marks = excluded.marks, at = excluded.at",
            rows,
        )


_COLUMNS = ", ".join(f"attempt_score.{name}" for name in Scored.__struct_fields__)
_SCORED = f"SELECT {_COLUMNS} FROM attempt_score"  # noqa: S608 (names of ours)


def _scored(row: dict[str, Any]) -> Scored:
    return Scored(**{**row, "marks": _MARKS.decode(row["marks"])})


async def of_exam(database: Database, exam: UUID, scoring: int) -> dict[UUID, Scored]:
    """Attempt → its marks by that scoring."""
    rows = await database.fetch(
        f"{_SCORED} JOIN attempt ON attempt.id = attempt_score.attempt"
        " WHERE attempt.exam = ? AND attempt_score.scoring = ?",
        exam, scoring,
    )  # fmt: skip
    return {row["attempt"]: _scored(row) for row in rows}


async def results(database: Database, exam: UUID, scoring: int, candidate: UUID | None = None) -> list[Result]:
    """Of every candidate or one, by candidate and number of the attempt."""
    own, parameters = ("", ()) if candidate is None else (" AND attempt.candidate = ?", (candidate,))
    rows = await database.fetch(
        "SELECT attempt.id AS attempt, attempt.candidate, attempt.number, attempt.submitted_at, attempt_score.points,"  # noqa: S608
        " attempt_score.total, attempt_score.passed, attempt_score.provisional"
        " FROM attempt JOIN attempt_score ON attempt_score.attempt = attempt.id AND attempt_score.scoring = ?"
        f" WHERE attempt.exam = ?{own} AND attempt.submitted_at IS NOT NULL"
        " ORDER BY attempt.candidate, attempt.number",
        scoring, exam, *parameters,
    )  # fmt: skip
    return [Result(**row) for row in rows]


async def of_attempt(database: Database, attempt: UUID) -> dict[int, Scored]:
    """Scoring → the attempt's marks by it."""
    rows = await database.fetch(f"{_SCORED} WHERE attempt = ? ORDER BY scoring", attempt)
    return {row["scoring"]: _scored(row) for row in rows}


async def unscored(database: Database, exam: UUID, scoring: int) -> list[UUID]:
    """Attempts that are over and have no marks by that scoring."""
    rows = await database.fetch(
        "SELECT id FROM attempt WHERE exam = ? AND submitted_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM attempt_score WHERE attempt_score.attempt = attempt.id AND attempt_score.scoring = ?)",
        exam, scoring,
    )  # fmt: skip
    return [row["id"] for row in rows]


# By hand


def _hand_mark(row: tables.HandMark) -> HandMark:
    values = {name: getattr(row, name) for name in HandMark.__struct_fields__}
    return HandMark(**{**values, "rubric": msgspec.json.decode(row.rubric, type=dict[str, float])})


async def by_hand(database: Database, exam: UUID) -> list[HandMark]:
    """Marks in force of all attempts of an exam, oldest first."""
    h = tables.HandMark
    rows = await h.objects().where((h.attempt.exam == exam) & h.replaced_at.is_null()).order_by(h.id)
    return [_hand_mark(row) for row in rows]


async def by_hand_of(database: Database, attempts: Collection[UUID]) -> list[HandMark]:
    """Marks in force of some attempts, oldest first."""
    h, wanted = tables.HandMark, list(attempts)
    found = []
    for start in range(0, len(wanted), BATCH):
        some = h.attempt.is_in(wanted[start : start + BATCH])
        found += await h.objects().where(some & h.replaced_at.is_null()).order_by(h.id)
    return [_hand_mark(row) for row in found]


async def history(database: Database, attempt: UUID) -> list[HandMark]:
    """Every mark that somebody gave in an attempt, the replaced ones too, oldest first."""
    h = tables.HandMark
    return [_hand_mark(row) for row in await h.objects().where(h.attempt == attempt).order_by(h.id)]


async def give(
    database: Database, attempt: UUID, item: str, role: Role, account: UUID,
    *, points: int, rubric: dict[str, float], comment: str,
) -> None:  # fmt: skip
    """A mark in place of the one of the same role, which stays and says when it was replaced."""
    h, now = tables.HandMark, clock.now()
    row = h(
        id=new_id(), attempt=attempt, item=item, role=role, account=account, points=points,
        rubric=msgspec.json.encode(rubric).decode(), comment=comment, at=now,
    )  # fmt: skip
    async with database.writing():
        same = (h.attempt == attempt) & (h.item == item) & (h.role == role) & h.replaced_at.is_null()
        await h.update({h.replaced_at: now}).where(same)
        await h.insert(row)
