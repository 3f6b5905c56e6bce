"""Answers beside their JSON as ``surveys.packed`` writes them; those stored before have none and are read as JSON."""

from __future__ import annotations

from service.database.ddl import run

ID = "0009"
VERSION = "1"
DESCRIPTION = "packed answers"

DDL = """
ALTER TABLE response ADD COLUMN IF NOT EXISTS packed TEXT NOT NULL DEFAULT ''
"""


async def forwards() -> None:
    await run(DDL)
