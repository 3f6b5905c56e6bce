"""Candidates' writes of a batch, inside the PostgreSQL transaction of ``batch_postgres``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from .exam_operations import ExamOperation, Verdict
from .exam_plan import Answer, Known, Standing, answers_of, attempts_of, places_of, plan

# Rows stay locked to the commit: whatever two processes hear of one attempt is decided one after the other.
ATTEMPTS = """
SELECT id, device_hash, position, deadline_at, submitted_at, ended_by FROM attempt
WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE
"""
CANDIDATES = "SELECT id FROM candidate WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
BEGUN = """
SELECT candidate, number FROM attempt
WHERE (candidate, number) IN (SELECT * FROM unnest($1::uuid[], $2::integer[]))
"""
ANSWERS = """
SELECT attempt, item, revision, response, flagged FROM attempt_answer
WHERE (attempt, item) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
"""
START = """
INSERT INTO attempt (id, exam, candidate, number, paper, language, device_hash, position, started_at, deadline_at,
                     ended_by)
SELECT *, '' FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[],
                         $8::integer[], $9::timestamptz[], $10::timestamptz[])
"""
CHANGE = """
UPDATE attempt SET device_hash = new.device_hash, position = new.position, submitted_at = new.submitted_at,
                   ended_by = new.ended_by
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::timestamptz[], $5::text[])
     AS new (id, device_hash, position, submitted_at, ended_by)
WHERE attempt.id = new.id
"""
UPSERT_ANSWERS = """
INSERT INTO attempt_answer (attempt, item, revision, response, flagged, at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::boolean[], $6::timestamptz[])
ON CONFLICT (attempt, item) DO UPDATE SET
    revision = excluded.revision, response = excluded.response, flagged = excluded.flagged, at = excluded.at
"""
INSERT_EVENTS = """
INSERT INTO attempt_event (id, attempt, at, kind, item, revision, detail)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::integer[], $7::text[])
"""


async def apply(connection: asyncpg.Connection, operations: Sequence[ExamOperation]) -> list[Verdict]:
    decided = plan(operations, await _known(connection, operations))
    started = [
        (e.attempt, e.exam, e.candidate, e.number, e.paper, e.language, e.device_hash, 1, e.now, e.deadline)
        for e in decided.started
    ]
    changed = [(e.id, e.device_hash, e.position, e.submitted_at, e.ended_by) for e in decided.changed]
    written: list[tuple[str, Any]] = [
        (START, started), (CHANGE, changed), (UPSERT_ANSWERS, decided.answers), (INSERT_EVENTS, decided.events),
    ]  # fmt: skip
    for sql, table in written:
        if table:
            await connection.execute(sql, *_columns(table))
    return decided.verdicts


def _columns(table: Any) -> list[list[Any]]:
    return [list(column) for column in zip(*table, strict=True)]


async def _known(connection: asyncpg.Connection, operations: Sequence[ExamOperation]) -> Known:
    places, answers = places_of(operations), answers_of(operations)
    begun: list[Any] = []
    if places:
        await connection.execute(CANDIDATES, [candidate for candidate, _ in places])
        begun = await connection.fetch(BEGUN, *_columns(places))
    attempts = [Standing(*row) for row in await connection.fetch(ATTEMPTS, attempts_of(operations))]
    known = await connection.fetch(ANSWERS, *_columns(answers)) if answers else []
    return Known(
        attempts={each.id: each for each in attempts},
        begun=frozenset((row["candidate"], row["number"]) for row in begun),
        answers={(row["attempt"], row["item"]): Answer(row[2], row[3], row[4]) for row in known},
    )
