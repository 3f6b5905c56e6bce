"""Metrics that no survey measures, and plans of pilots that were fixed before they began."""

from __future__ import annotations

from service.database.ddl import run

ID = "0008"
VERSION = "1"
DESCRIPTION = "metrics"

DDL = """
CREATE TABLE IF NOT EXISTS metric (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    name VARCHAR(200) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    unit VARCHAR(40) NOT NULL,
    better VARCHAR(8) NOT NULL,
    UNIQUE (programme, name)
);
CREATE TABLE IF NOT EXISTS metric_value (
    id UUID NOT NULL PRIMARY KEY,
    metric UUID NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
    case_number VARCHAR(120) NOT NULL,
    happened_on DATE,
    case_group VARCHAR(12) NOT NULL,
    team VARCHAR(300) NOT NULL,
    value DOUBLE PRECISION,
    UNIQUE (metric, case_number)
);
CREATE TABLE IF NOT EXISTS pilot_plan (
    id UUID NOT NULL PRIMARY KEY,
    programme UUID NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    fixed_at TIMESTAMPTZ,
    fixed_by UUID,
    content_hash VARCHAR(64) NOT NULL,
    UNIQUE (programme, number)
)
"""


async def forwards() -> None:
    await run(DDL)
