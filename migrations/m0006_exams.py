"""Exams: banks of items, exams and their candidates, attempts with every answer's history, marks, certificates."""

from __future__ import annotations

from service.database.ddl import run

ID = "0006"
VERSION = "1"
DESCRIPTION = "exams"

DDL = """
CREATE TABLE IF NOT EXISTS item_bank (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    code VARCHAR(63) NOT NULL,
    title VARCHAR(200) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (programme, code)
);
CREATE TABLE IF NOT EXISTS item (
    id UUID NOT NULL PRIMARY KEY,
    bank UUID NOT NULL REFERENCES item_bank (id) ON DELETE CASCADE,
    code VARCHAR(64) NOT NULL,
    number INTEGER NOT NULL,
    type VARCHAR(20) NOT NULL,
    category VARCHAR(200) NOT NULL,
    topic VARCHAR(200) NOT NULL,
    difficulty VARCHAR(10) NOT NULL,
    bloom VARCHAR(12) NOT NULL,
    state VARCHAR(10) NOT NULL,
    tags TEXT NOT NULL,
    words TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (bank, code)
);
CREATE TABLE IF NOT EXISTS item_version (
    id UUID NOT NULL PRIMARY KEY,
    item UUID NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    account UUID,
    at TIMESTAMPTZ NOT NULL,
    UNIQUE (item, number)
);
CREATE TABLE IF NOT EXISTS exam (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    bank UUID NOT NULL REFERENCES item_bank (id) ON DELETE RESTRICT,
    code VARCHAR(63) NOT NULL,
    definition TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    opens_at TIMESTAMPTZ,
    closes_at TIMESTAMPTZ,
    password_hash VARCHAR(255) NOT NULL,
    scoring INTEGER NOT NULL,
    released_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (programme, code)
);
CREATE TABLE IF NOT EXISTS exam_scoring (
    id UUID NOT NULL PRIMARY KEY,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    pool TEXT NOT NULL,
    reason TEXT NOT NULL,
    account UUID,
    at TIMESTAMPTZ NOT NULL,
    UNIQUE (exam, number)
);
CREATE TABLE IF NOT EXISTS candidate (
    id UUID NOT NULL PRIMARY KEY,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    person UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    extra_minutes INTEGER NOT NULL,
    extra_attempts INTEGER NOT NULL,
    seat VARCHAR(40) NOT NULL,
    UNIQUE (exam, person)
);
CREATE TABLE IF NOT EXISTS attempt (
    id UUID NOT NULL PRIMARY KEY,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    candidate UUID NOT NULL REFERENCES candidate (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    paper TEXT NOT NULL,
    language VARCHAR(10) NOT NULL,
    device_hash VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    deadline_at TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    ended_by VARCHAR(10) NOT NULL,
    UNIQUE (candidate, number)
);
CREATE INDEX IF NOT EXISTS attempt_exam ON attempt (exam, submitted_at);
CREATE INDEX IF NOT EXISTS attempt_running ON attempt (deadline_at) WHERE submitted_at IS NULL;
CREATE TABLE IF NOT EXISTS attempt_answer (
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    item VARCHAR(64) NOT NULL,
    revision INTEGER NOT NULL,
    response TEXT NOT NULL,
    flagged BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt, item)
);
CREATE TABLE IF NOT EXISTS attempt_file (
    id UUID NOT NULL PRIMARY KEY,
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    item VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    media_type VARCHAR(100) NOT NULL,
    size INTEGER NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    added_on DATE NOT NULL
);
CREATE INDEX IF NOT EXISTS attempt_file_attempt ON attempt_file (attempt, item);
CREATE TABLE IF NOT EXISTS attempt_event (
    id UUID NOT NULL PRIMARY KEY,
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    at TIMESTAMPTZ NOT NULL,
    kind VARCHAR(20) NOT NULL,
    item VARCHAR(64) NOT NULL,
    revision INTEGER NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS attempt_event_attempt ON attempt_event (attempt, at);
CREATE TABLE IF NOT EXISTS attempt_score (
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    scoring INTEGER NOT NULL,
    points INTEGER NOT NULL,
    total INTEGER NOT NULL,
    passed BOOLEAN NOT NULL,
    provisional BOOLEAN NOT NULL,
    marks TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (attempt, scoring)
);
CREATE TABLE IF NOT EXISTS hand_mark (
    id UUID NOT NULL PRIMARY KEY,
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    item VARCHAR(130) NOT NULL,
    role VARCHAR(8) NOT NULL,
    account UUID NOT NULL,
    points INTEGER NOT NULL,
    rubric TEXT NOT NULL,
    comment TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    replaced_at TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS hand_mark_attempt ON hand_mark (attempt, item);
CREATE TABLE IF NOT EXISTS angoff_judgement (
    id UUID NOT NULL PRIMARY KEY,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    judge VARCHAR(120) NOT NULL,
    item VARCHAR(64) NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    UNIQUE (exam, judge, item)
);
CREATE TABLE IF NOT EXISTS appeal (
    id UUID NOT NULL PRIMARY KEY,
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    item VARCHAR(64) NOT NULL,
    text TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    decision TEXT NOT NULL,
    upheld BOOLEAN,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    UNIQUE (attempt, item)
);
CREATE TABLE IF NOT EXISTS certificate (
    serial VARCHAR(32) NOT NULL PRIMARY KEY,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    candidate UUID NOT NULL UNIQUE REFERENCES candidate (id) ON DELETE CASCADE,
    attempt UUID NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
    issued_on DATE NOT NULL,
    valid_until DATE,
    revoked_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS practice_answer (
    candidate UUID NOT NULL REFERENCES candidate (id) ON DELETE CASCADE,
    item VARCHAR(64) NOT NULL,
    times INTEGER NOT NULL,
    mastered BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (candidate, item)
);
CREATE TABLE IF NOT EXISTS exam_document (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    exam UUID NOT NULL REFERENCES exam (id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL,
    language VARCHAR(10) NOT NULL,
    name VARCHAR(200) NOT NULL,
    data_hash VARCHAR(64) NOT NULL,
    content {bytes} NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS exam_document_programme ON exam_document (programme, created_at)
"""


async def forwards() -> None:
    await run(DDL)
