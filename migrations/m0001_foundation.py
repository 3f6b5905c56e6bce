"""Accounts, programmes, people, questionnaires, waves, answers, documents, jobs and the audit log."""

from __future__ import annotations

from service.database.ddl import run

ID = "0001"
VERSION = "1"
DESCRIPTION = "foundation"

DDL = """
CREATE TABLE IF NOT EXISTS account (
    id UUID NOT NULL PRIMARY KEY,
    email VARCHAR(254) NOT NULL UNIQUE,
    name VARCHAR(120) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    administrator BOOLEAN NOT NULL,
    language VARCHAR(10) NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS session (
    token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS session_account ON session (account);
CREATE INDEX IF NOT EXISTS session_expires_at ON session (expires_at);

CREATE TABLE IF NOT EXISTS throttle (
    subject VARCHAR(80) NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    window_started_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS api_key (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name VARCHAR(120) NOT NULL,
    key_hash VARCHAR(64) NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS api_key_account ON api_key (account);

CREATE TABLE IF NOT EXISTS programme (
    id UUID NOT NULL PRIMARY KEY,
    slug VARCHAR(63) NOT NULL UNIQUE,
    name VARCHAR(200) NOT NULL,
    process VARCHAR(200) NOT NULL,
    scope TEXT NOT NULL,
    owner VARCHAR(120) NOT NULL,
    sponsor VARCHAR(120) NOT NULL,
    stage VARCHAR(20) NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS target (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    metric VARCHAR(200) NOT NULL,
    unit VARCHAR(40) NOT NULL,
    baseline DOUBLE PRECISION,
    target DOUBLE PRECISION NOT NULL,
    direction VARCHAR(10) NOT NULL
);
CREATE INDEX IF NOT EXISTS target_programme ON target (programme);

CREATE TABLE IF NOT EXISTS membership (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    account UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role VARCHAR(10) NOT NULL,
    UNIQUE (programme, account)
);
CREATE INDEX IF NOT EXISTS membership_account ON membership (account);

CREATE TABLE IF NOT EXISTS person (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    employee_number VARCHAR(64) NOT NULL,
    name VARCHAR(120) NOT NULL,
    department VARCHAR(300) NOT NULL,
    position VARCHAR(120) NOT NULL,
    side VARCHAR(20) NOT NULL,
    email VARCHAR(254) NOT NULL,
    mobile VARCHAR(32) NOT NULL,
    active BOOLEAN NOT NULL,
    UNIQUE (programme, employee_number)
);

CREATE TABLE IF NOT EXISTS questionnaire (
    id UUID NOT NULL PRIMARY KEY,
    name VARCHAR(63) NOT NULL UNIQUE,
    kind VARCHAR(20) NOT NULL,
    source TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS version (
    id UUID NOT NULL PRIMARY KEY,
    questionnaire UUID NOT NULL REFERENCES questionnaire (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    definition TEXT NOT NULL,
    source TEXT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    UNIQUE (questionnaire, number),
    UNIQUE (questionnaire, content_hash)
);

CREATE TABLE IF NOT EXISTS wave (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    version UUID NOT NULL REFERENCES version (id) ON DELETE RESTRICT,
    title VARCHAR(200) NOT NULL,
    stage VARCHAR(20) NOT NULL,
    role VARCHAR(20) NOT NULL,
    anonymity VARCHAR(12) NOT NULL,
    minimum_group INTEGER NOT NULL,
    minimum_comments INTEGER NOT NULL,
    state VARCHAR(10) NOT NULL,
    opens_at TIMESTAMPTZ,
    closes_at TIMESTAMPTZ,
    public_token VARCHAR(43) UNIQUE,
    personal_links BOOLEAN NOT NULL,
    audience TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS wave_programme ON wave (programme);
CREATE INDEX IF NOT EXISTS wave_version ON wave (version);

CREATE TABLE IF NOT EXISTS invitation (
    id UUID NOT NULL PRIMARY KEY,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    person UUID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL UNIQUE,
    opened BOOLEAN NOT NULL,
    submitted BOOLEAN NOT NULL,
    UNIQUE (wave, person)
);
CREATE INDEX IF NOT EXISTS invitation_person ON invitation (person);

CREATE TABLE IF NOT EXISTS run (
    token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    language VARCHAR(10) NOT NULL,
    page VARCHAR(64) NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS run_wave ON run (wave);

CREATE TABLE IF NOT EXISTS draft_answer (
    token_hash VARCHAR(64) NOT NULL,
    question VARCHAR(64) NOT NULL,
    wave UUID NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (token_hash, question)
);
CREATE INDEX IF NOT EXISTS draft_answer_wave ON draft_answer (wave);

CREATE TABLE IF NOT EXISTS response (
    sequence {sequence},
    id UUID NOT NULL UNIQUE,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    invitation UUID UNIQUE,
    person UUID,
    receipt_hash VARCHAR(64) NOT NULL UNIQUE,
    language VARCHAR(10) NOT NULL,
    submitted_on DATE NOT NULL,
    submitted_at TIMESTAMPTZ,
    seconds INTEGER,
    department VARCHAR(300) NOT NULL,
    side VARCHAR(20) NOT NULL,
    source VARCHAR(10) NOT NULL,
    answers TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS response_wave ON response (wave, sequence);
CREATE INDEX IF NOT EXISTS response_person ON response (person);

CREATE TABLE IF NOT EXISTS document (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    wave UUID NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL,
    language VARCHAR(10) NOT NULL,
    name VARCHAR(200) NOT NULL,
    data_hash VARCHAR(64) NOT NULL,
    content {bytes} NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS document_programme ON document (programme, created_at);
CREATE INDEX IF NOT EXISTS document_wave ON document (wave, kind, language);

CREATE TABLE IF NOT EXISTS job (
    id UUID NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    arguments TEXT NOT NULL,
    state VARCHAR(10) NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until TIMESTAMPTZ,
    result TEXT NOT NULL,
    error TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX IF NOT EXISTS job_state ON job (state, lease_until);

CREATE TABLE IF NOT EXISTS audit_event (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    account UUID,
    programme UUID,
    action VARCHAR(60) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_event_at ON audit_event (at);
CREATE INDEX IF NOT EXISTS audit_event_programme ON audit_event (programme, at)
"""


async def forwards() -> None:
    await run(DDL)
