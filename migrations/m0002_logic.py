"""Logic that needs the database: seeds, versions of responses, quotas, answers given once, ends before the end."""

from __future__ import annotations

from service.database.ddl import run

ID = "0002"
VERSION = "1"
DESCRIPTION = "logic"

DDL = """
ALTER TABLE run ADD COLUMN IF NOT EXISTS seed BIGINT;
ALTER TABLE response ADD COLUMN IF NOT EXISTS version UUID;
UPDATE response SET version = (SELECT wave.version FROM wave WHERE wave.id = response.wave) WHERE version IS NULL;

CREATE TABLE IF NOT EXISTS ended (
    id UUID NOT NULL PRIMARY KEY,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    outcome VARCHAR(12) NOT NULL,
    quota VARCHAR(64) NOT NULL,
    receipt_hash VARCHAR(64) NOT NULL UNIQUE,
    version UUID,
    language VARCHAR(10) NOT NULL,
    submitted_on DATE NOT NULL,
    department VARCHAR(300) NOT NULL,
    side VARCHAR(20) NOT NULL,
    source VARCHAR(10) NOT NULL,
    answers TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS ended_wave ON ended (wave);

CREATE TABLE IF NOT EXISTS quota_count (
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    quota VARCHAR(64) NOT NULL,
    responses INTEGER NOT NULL,
    PRIMARY KEY (wave, quota)
);

CREATE TABLE IF NOT EXISTS unique_answer (
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    question VARCHAR(64) NOT NULL,
    value_hash VARCHAR(64) NOT NULL,
    response UUID NOT NULL REFERENCES response (id) ON DELETE CASCADE,
    PRIMARY KEY (wave, question, value_hash)
);
CREATE INDEX IF NOT EXISTS unique_answer_response ON unique_answer (response)
"""


async def forwards() -> None:
    await run(DDL)
