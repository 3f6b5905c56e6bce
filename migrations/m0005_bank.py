"""The question bank, and questionnaires that are templates of our own."""

from __future__ import annotations

from service.database.ddl import run

ID = "0005"
VERSION = "1"
DESCRIPTION = "bank"

DDL = """
CREATE TABLE IF NOT EXISTS questionnaire_template (
    questionnaire UUID NOT NULL PRIMARY KEY REFERENCES questionnaire (id) ON DELETE CASCADE,
    account UUID,
    at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS bank_item (
    id UUID NOT NULL PRIMARY KEY,
    code VARCHAR(64) NOT NULL UNIQUE,
    type VARCHAR(40) NOT NULL,
    number INTEGER NOT NULL,
    words TEXT NOT NULL,
    retired BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS bank_version (
    id UUID NOT NULL PRIMARY KEY,
    item UUID NOT NULL REFERENCES bank_item (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    account UUID,
    at TIMESTAMPTZ NOT NULL,
    UNIQUE (item, number)
);
CREATE TABLE IF NOT EXISTS bank_tag (
    id UUID NOT NULL PRIMARY KEY,
    item UUID NOT NULL REFERENCES bank_item (id) ON DELETE CASCADE,
    tag VARCHAR(40) NOT NULL,
    UNIQUE (item, tag)
);
CREATE INDEX IF NOT EXISTS bank_tag_tag ON bank_tag (tag)
"""


async def forwards() -> None:
    await run(DDL)
