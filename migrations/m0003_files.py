"""Files that participants upload: what is known of each; the bytes lie in the data folder."""

from __future__ import annotations

from service.database.ddl import run

ID = "0003"
VERSION = "1"
DESCRIPTION = "files"

DDL = """
CREATE TABLE IF NOT EXISTS file (
    id UUID NOT NULL PRIMARY KEY,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL,
    response UUID,
    question VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    added_on DATE NOT NULL
);
CREATE INDEX IF NOT EXISTS file_wave ON file (wave);
CREATE INDEX IF NOT EXISTS file_token_hash ON file (token_hash);
CREATE INDEX IF NOT EXISTS file_response ON file (response)
"""


async def forwards() -> None:
    await run(DDL)
