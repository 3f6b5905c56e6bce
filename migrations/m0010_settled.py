"""Up to which response a wave was answered when it was first closed: what anonymity lets be shown begins there."""

from __future__ import annotations

from service.database.ddl import run

ID = "0010"
VERSION = "1"
DESCRIPTION = "settled waves"

DDL = """
ALTER TABLE wave ADD COLUMN IF NOT EXISTS settled BIGINT;
UPDATE wave SET settled = (SELECT max(sequence) FROM response WHERE response.wave = wave.id)
    WHERE state = 'closed' AND settled IS NULL
"""


async def forwards() -> None:
    await run(DDL)
