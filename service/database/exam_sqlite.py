"""Candidates' writes of a batch, inside the SQLite transaction of ``batch_sqlite``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from .exam_operations import ExamOperation, Verdict
from .exam_plan import Answer, Known, Standing, answers_of, attempts_of, places_of, plan

ATTEMPTS = """
SELECT id, device_hash, position, deadline_at, submitted_at, ended_by FROM attempt
WHERE id IN (SELECT value FROM json_each(?))
"""
IS_BEGUN = "SELECT 1 FROM attempt WHERE candidate = ? AND number = ?"
ANSWER = "SELECT revision, response, flagged FROM attempt_answer WHERE attempt = ? AND item = ?"
START = """
INSERT INTO attempt (id, exam, candidate, number, paper, language, device_hash, position, started_at, deadline_at,
                     ended_by)
VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, '')
"""
CHANGE = "UPDATE attempt SET device_hash = ?, position = ?, submitted_at = ?, ended_by = ? WHERE id = ?"
UPSERT_ANSWER = """
INSERT INTO attempt_answer (attempt, item, revision, response, flagged, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (attempt, item) DO UPDATE SET
    revision = excluded.revision, response = excluded.response, flagged = excluded.flagged, at = excluded.at
"""
INSERT_EVENT = "INSERT INTO attempt_event (id, attempt, at, kind, item, revision, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"


def apply(connection: sqlite3.Connection, operations: Sequence[ExamOperation]) -> list[Verdict]:
    decided = plan(operations, _known(connection, operations))
    write = connection.executemany
    write(
        START,
        [
            (e.attempt, e.exam, e.candidate, e.number, e.paper, e.language, e.device_hash, e.now, e.deadline)
            for e in decided.started
        ],
    )
    write(CHANGE, [(e.device_hash, e.position, e.submitted_at, e.ended_by, e.id) for e in decided.changed])
    write(UPSERT_ANSWER, decided.answers)
    write(INSERT_EVENT, decided.events)
    return decided.verdicts


def _known(connection: sqlite3.Connection, operations: Sequence[ExamOperation]) -> Known:
    wanted = json.dumps([str(each) for each in attempts_of(operations)])
    attempts = [Standing(*row) for row in connection.execute(ATTEMPTS, [wanted])]
    rows = {key: connection.execute(ANSWER, key).fetchone() for key in answers_of(operations)}
    return Known(
        attempts={each.id: each for each in attempts},
        begun=frozenset(place for place in places_of(operations) if connection.execute(IS_BEGUN, place).fetchone()),
        answers={key: Answer(*row) for key, row in rows.items() if row},
    )
