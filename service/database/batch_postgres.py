"""A batch of participants' writes as one PostgreSQL transaction, each table in one statement by ``unnest``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec

from .errors import Unavailable, translated
from .operations import Known, NewResponse, Operation, Outcome, Submit, plan, receipts_of, tokens_of

RESPONSES_LOCK = 0x726573706F6E7365  # "response"
TYPES = ["uuid"] * 4 + ["text", "text", "date", "timestamptz", "integer"] + ["text"] * 4
COLUMNS = ", ".join(NewResponse.__struct_fields__)
ARRAYS = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(TYPES, start=1))

INSERT_RESPONSES = f"INSERT INTO response ({COLUMNS}) SELECT * FROM unnest({ARRAYS})"  # noqa: S608 (names of fields)
UPSERT_RUNS = """
INSERT INTO run (token_hash, wave, language, page, started_at, updated_at)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
ON CONFLICT (token_hash) DO UPDATE SET
    language = excluded.language, page = excluded.page, updated_at = excluded.updated_at
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


async def apply(connection: asyncpg.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    if any(isinstance(operation, Submit) for operation in operations):
        await lock_responses(connection)
    decided = plan(operations, await _known(connection, operations))
    if decided.opened:
        await connection.execute(
            "UPDATE invitation SET opened = true WHERE token_hash = ANY($1) AND NOT opened", decided.opened
        )
    await insert_responses(connection, decided.responses)
    if decided.finished:
        await connection.execute(
            "UPDATE invitation SET opened = true, submitted = true WHERE token_hash = ANY($1) AND NOT submitted",
            decided.finished,
        )
        await connection.execute("DELETE FROM run WHERE token_hash = ANY($1)", decided.finished)
        await connection.execute("DELETE FROM draft_answer WHERE token_hash = ANY($1)", decided.finished)
    if decided.runs:
        runs = ((run.token_hash, run.wave, run.language, run.page, run.now, run.now) for run in decided.runs)
        await connection.execute(UPSERT_RUNS, *_columns(runs))
    if decided.drafts:
        await connection.execute(UPSERT_DRAFTS, *_columns(decided.drafts))
    return decided.outcomes


async def apply_one_by_one(
    connection: asyncpg.Connection, operations: Sequence[Operation]
) -> list[Outcome | Exception]:
    """Each within its savepoint, so that one that cannot be written fails alone."""
    results: list[Outcome | Exception] = []
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
        "SELECT receipt_hash FROM response WHERE receipt_hash = ANY($1)", receipts_of(operations)
    )
    return Known(
        receipts=frozenset(row["receipt_hash"] for row in responses),
        submitted=frozenset(row["token_hash"] for row in invitations if row["submitted"]),
    )
