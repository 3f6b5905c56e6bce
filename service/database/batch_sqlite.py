"""A batch of participants' writes, inside the SQLite transaction that the engine has begun on the writer's thread."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import msgspec

from . import exam_sqlite
from .errors import Unavailable, translated
from .exam_operations import ExamOperation, Verdict, parted
from .operations import (
    Ended,
    Known,
    NewResponse,
    Operation,
    Outcome,
    plan,
    quota_waves,
    receipts_of,
    tokens_of,
    unique_keys,
)

COLUMNS = ", ".join(NewResponse.__struct_fields__)
MARKS = ", ".join("?" for _ in NewResponse.__struct_fields__)

INSERT_RESPONSE = f"INSERT INTO response ({COLUMNS}) VALUES ({MARKS})"  # noqa: S608 (names of a Struct's fields)
INSERT_ENDED = (
    f"INSERT INTO ended ({', '.join(Ended.__struct_fields__)})"  # noqa: S608 (names of a Struct's fields)
    f" VALUES ({', '.join('?' for _ in Ended.__struct_fields__)})"
)
COUNT_IN_QUOTA = """
INSERT INTO quota_count (wave, quota, responses) VALUES (?, ?, ?)
ON CONFLICT (wave, quota) DO UPDATE SET responses = quota_count.responses + excluded.responses
"""
IS_TAKEN = "SELECT 1 FROM unique_answer WHERE wave = ? AND question = ? AND value_hash = ?"
INSERT_UNIQUE = "INSERT INTO unique_answer (wave, question, value_hash, response) VALUES (?, ?, ?, ?)"
UPSERT_RUN = """
INSERT INTO run (token_hash, wave, language, page, started_at, updated_at, seed) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (token_hash) DO UPDATE SET
    language = excluded.language, page = excluded.page, updated_at = excluded.updated_at,
    seed = coalesce(run.seed, excluded.seed)
"""
UPSERT_DRAFT = """
INSERT INTO draft_answer (token_hash, question, wave, value) VALUES (?, ?, ?, ?)
ON CONFLICT (token_hash, question) DO UPDATE SET value = excluded.value
"""


def insert_responses(connection: sqlite3.Connection, responses: Sequence[NewResponse]) -> None:
    connection.executemany(INSERT_RESPONSE, map(msgspec.structs.astuple, responses))


def apply(connection: sqlite3.Connection, operations: Sequence[Operation | ExamOperation]) -> list[Outcome | Verdict]:
    """Answers to surveys and to exams, in one transaction."""
    surveys, exams = parted(operations)
    results: dict[int, Outcome | Verdict] = {}
    if surveys:
        results.update(zip(surveys, _apply_surveys(connection, list(surveys.values())), strict=True))
    if exams:
        results.update(zip(exams, exam_sqlite.apply(connection, list(exams.values())), strict=True))
    return [results[position] for position in range(len(operations))]


def _apply_surveys(connection: sqlite3.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    decided = plan(operations, _known(connection, operations))
    write = connection.executemany
    write("UPDATE invitation SET opened = 1 WHERE token_hash = ? AND NOT opened", [(each,) for each in decided.opened])
    insert_responses(connection, decided.responses)
    write(INSERT_ENDED, map(msgspec.structs.astuple, decided.ended))
    write(COUNT_IN_QUOTA, decided.counted)
    write(INSERT_UNIQUE, decided.unique)
    finished = [(token,) for token in decided.finished]
    write("UPDATE invitation SET opened = 1, submitted = 1 WHERE token_hash = ? AND NOT submitted", finished)
    write("DELETE FROM run WHERE token_hash = ?", finished)
    write("DELETE FROM draft_answer WHERE token_hash = ?", finished)
    runs = [(run.token_hash, run.wave, run.language, run.page, run.now, run.now, run.seed) for run in decided.runs]
    write(UPSERT_RUN, runs)
    write(UPSERT_DRAFT, decided.drafts)
    return decided.outcomes


def apply_one_by_one(
    connection: sqlite3.Connection, operations: Sequence[Operation | ExamOperation]
) -> list[Outcome | Verdict | Exception]:
    """Each within its savepoint, so that one that cannot be written fails alone."""
    results: list[Outcome | Verdict | Exception] = []
    for operation in operations:
        connection.execute("SAVEPOINT one")
        try:
            with translated():
                results.extend(apply(connection, [operation]))
        except Unavailable:
            raise
        except Exception as error:
            connection.execute("ROLLBACK TO one")
            results.append(error)
        connection.execute("RELEASE one")
    return results


def _known(connection: sqlite3.Connection, operations: Sequence[Operation]) -> Known:
    return Known(
        receipts=_among(
            connection,
            "SELECT receipt_hash FROM (SELECT receipt_hash FROM response UNION ALL SELECT receipt_hash FROM ended)"
            " WHERE receipt_hash IN (SELECT value FROM json_each(?))",
            receipts_of(operations),
        ),
        submitted=_among(
            connection,
            "SELECT token_hash FROM invitation WHERE submitted AND token_hash IN (SELECT value FROM json_each(?))",
            tokens_of(operations),
        ),
        counts={
            (wave, quota): count
            for wave in quota_waves(operations)
            for quota, count in connection.execute("SELECT quota, responses FROM quota_count WHERE wave = ?", [wave])
        },
        taken=frozenset(key for key in unique_keys(operations) if connection.execute(IS_TAKEN, key).fetchone()),
    )


def _among(connection: sqlite3.Connection, sql: str, keys: list[str]) -> frozenset[str]:
    return frozenset(key for (key,) in connection.execute(sql, [json.dumps(keys)]))
