"""A batch of participants' writes as one PostgreSQL transaction, each table in one statement by ``unnest``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from . import exam_postgres
from .errors import Unavailable, translated
from .exam_operations import ExamOperation, Verdict, parted
from .operations import (
    Ended,
    Known,
    NewResponse,
    Operation,
    Outcome,
    QuotaKey,
    Submit,
    UniqueKey,
    plan,
    quota_waves,
    receipts_of,
    tokens_of,
    unique_keys,
)

RESPONSES_LOCK = 0x726573706F6E7365  # "response"
TYPES = ["uuid"] * 4 + ["text", "text", "date", "timestamptz", "integer"] + ["text"] * 4 + ["uuid", "text"]
ENDED_TYPES = ["uuid", "uuid", "text", "text", "text", "uuid", "text", "date"] + ["text"] * 4


def _insert(table: str, columns: Sequence[str], types: Sequence[str]) -> str:
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, start=1))
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608 (names of ours)


INSERT_RESPONSES = _insert("response", NewResponse.__struct_fields__, TYPES)
INSERT_ENDED = _insert("ended", Ended.__struct_fields__, ENDED_TYPES)
INSERT_UNIQUE = _insert(
    "unique_answer", ("wave", "question", "value_hash", "response"), ("uuid", "text", "text", "uuid")
)
COUNT_IN_QUOTAS = """
INSERT INTO quota_count (wave, quota, responses) SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[])
ON CONFLICT (wave, quota) DO UPDATE SET responses = quota_count.responses + excluded.responses
"""
UPSERT_RUNS = """
INSERT INTO run (token_hash, wave, language, page, started_at, updated_at, seed)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[])
ON CONFLICT (token_hash) DO UPDATE SET
    language = excluded.language, page = excluded.page, updated_at = excluded.updated_at,
    seed = coalesce(run.seed, excluded.seed)
"""
UPSERT_DRAFTS = """
INSERT INTO draft_answer (token_hash, question, wave, value)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[])
ON CONFLICT (token_hash, question) DO UPDATE SET value = excluded.value
"""


async def lock_responses(connection: asyncpg.Connection) -> None:
    """Held to the commit by whoever inserts responses: ``sequence`` rises in commit order and serves as watermark."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", RESPONSES_LOCK)


async def insert_responses(connection: asyncpg.Connection, responses: Sequence[NewResponse]) -> None:
    """The caller has called ``lock_responses`` in the same transaction."""
    if responses:
        await connection.execute(INSERT_RESPONSES, *_columns(map(msgspec.structs.astuple, responses)))


async def apply(
    connection: asyncpg.Connection, operations: Sequence[Operation | ExamOperation]
) -> list[Outcome | Verdict]:
    """Answers to surveys and to exams, in one transaction."""
    surveys, exams = parted(operations)
    results: dict[int, Outcome | Verdict] = {}
    if surveys:
        results.update(zip(surveys, await _apply_surveys(connection, list(surveys.values())), strict=True))
    if exams:
        results.update(zip(exams, await exam_postgres.apply(connection, list(exams.values())), strict=True))
    return [results[position] for position in range(len(operations))]


async def _apply_surveys(connection: asyncpg.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    if any(isinstance(operation, Submit) for operation in operations):
        await lock_responses(connection)
    decided = plan(operations, await _known(connection, operations))
    if decided.opened:
        await connection.execute(
            "UPDATE invitation SET opened = true WHERE token_hash = ANY($1) AND NOT opened", decided.opened
        )
    await insert_responses(connection, decided.responses)
    if decided.ended:
        await connection.execute(INSERT_ENDED, *_columns(map(msgspec.structs.astuple, decided.ended)))
    if decided.counted:
        await connection.execute(COUNT_IN_QUOTAS, *_columns(decided.counted))
    if decided.unique:
        await connection.execute(INSERT_UNIQUE, *_columns(decided.unique))
    if decided.finished:
        await connection.execute(
            "UPDATE invitation SET opened = true, submitted = true WHERE token_hash = ANY($1) AND NOT submitted",
            decided.finished,
        )
        await connection.execute("DELETE FROM run WHERE token_hash = ANY($1)", decided.finished)
        await connection.execute("DELETE FROM draft_answer WHERE token_hash = ANY($1)", decided.finished)
    if decided.runs:
        runs = ((run.token_hash, run.wave, run.language, run.page, run.now, run.now, run.seed) for run in decided.runs)
        await connection.execute(UPSERT_RUNS, *_columns(runs))
    if decided.drafts:
        await connection.execute(UPSERT_DRAFTS, *_columns(decided.drafts))
    return decided.outcomes


async def apply_one_by_one(
    connection: asyncpg.Connection, operations: Sequence[Operation | ExamOperation]
) -> list[Outcome | Verdict | Exception]:
    """Each within its savepoint, so that one that cannot be written fails alone."""
    results: list[Outcome | Verdict | Exception] = []
    for operation in operations:
        try:
            with translated():
                async with connection.transaction():
                    results.extend(await apply(connection, [operation]))
        except Unavailable:
            raise
        except Exception as error:
            results.append(error)
    return results


def _columns(table: Any) -> list[list[Any]]:
    return [list(column) for column in zip(*table, strict=True)]


async def _known(connection: asyncpg.Connection, operations: Sequence[Operation]) -> Known:
    # The rows stay locked to the commit: a save in one process and a submission in another cannot overtake each other.
    invitations = await connection.fetch(
        "SELECT token_hash, submitted FROM invitation WHERE token_hash = ANY($1) ORDER BY token_hash FOR NO KEY UPDATE",
        tokens_of(operations),
    )
    responses = await connection.fetch(
        "SELECT receipt_hash FROM response WHERE receipt_hash = ANY($1)"
        " UNION ALL SELECT receipt_hash FROM ended WHERE receipt_hash = ANY($1)",
        receipts_of(operations),
    )
    return Known(
        receipts=frozenset(row["receipt_hash"] for row in responses),
        submitted=frozenset(row["token_hash"] for row in invitations if row["submitted"]),
        counts=await _counts(connection, quota_waves(operations)),
        taken=await _taken(connection, unique_keys(operations)),
    )


async def _counts(connection: asyncpg.Connection, waves: list[UUID]) -> dict[QuotaKey, int]:
    if not waves:
        return {}
    rows = await connection.fetch("SELECT wave, quota, responses FROM quota_count WHERE wave = ANY($1)", waves)
    return {(row["wave"], row["quota"]): row["responses"] for row in rows}


async def _taken(connection: asyncpg.Connection, keys: list[UniqueKey]) -> frozenset[UniqueKey]:
    if not keys:
        return frozenset()
    rows = await connection.fetch(
        "SELECT wave, question, value_hash FROM unique_answer WHERE (wave, question, value_hash) IN"
        " (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]))",
        *_columns(keys),
    )
    return frozenset((row["wave"], row["question"], row["value_hash"]) for row in rows)
