"""Questionnaires in the editor: the state being written, and those before it for undo and for two authors at once."""

from __future__ import annotations

from service.database.ddl import run

ID = "0004"
VERSION = "1"
DESCRIPTION = "authoring"

DDL = """
CREATE TABLE IF NOT EXISTS authoring_draft (
    id UUID NOT NULL PRIMARY KEY,
    questionnaire UUID NOT NULL UNIQUE REFERENCES questionnaire (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    state INTEGER NOT NULL,
    source_hash VARCHAR(64) NOT NULL
);
CREATE TABLE IF NOT EXISTS authoring_state (
    id UUID NOT NULL PRIMARY KEY,
    questionnaire UUID NOT NULL REFERENCES questionnaire (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    dropped BOOLEAN NOT NULL,
    account UUID,
    at TIMESTAMPTZ NOT NULL,
    definition TEXT NOT NULL,
    UNIQUE (questionnaire, number)
)
"""


async def forwards() -> None:
    await run(DDL)
