"""The hand-written schema equals the tables that the code speaks of, however often making it was interrupted."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from piccolo.apps.migrations.commands.base import BaseMigrationManager

from migrations import m0001_foundation, m0002_logic
from service.clock import now
from service.database import Database, ddl
from service.database.migrate import FOLDER, known, migrate
from service.settings import Settings
from service.tables import TABLES
from tests.conftest import execute
from tests.store import makers

PAIRS = {
    "membership": {("account", "programme")},
    "person": {("employee_number", "programme")},
    "version": {("number", "questionnaire"), ("content_hash", "questionnaire")},
    "authoring_state": {("number", "questionnaire")},
    "bank_version": {("item", "number")},
    "bank_tag": {("item", "tag")},
    "invitation": {("person", "wave")},
    "draft_answer": {("question", "token_hash")},
    "quota_count": {("quota", "wave")},
    "unique_answer": {("question", "value_hash", "wave")},
    "item_bank": {("code", "programme")},
    "item": {("bank", "code")},
    "item_version": {("item", "number")},
    "exam": {("code", "programme")},
    "exam_scoring": {("exam", "number")},
    "candidate": {("exam", "person")},
    "attempt": {("candidate", "number")},
    "attempt_answer": {("attempt", "item")},
    "attempt_score": {("attempt", "scoring")},
    "practice_answer": {("candidate", "item")},
    "appeal": {("attempt", "item")},
    "angoff_judgement": {("exam", "item", "judge")},
    "metric": {("name", "programme")},
    "metric_value": {("case_number", "metric")},
    "pilot_plan": {("number", "programme")},
}
"""Uniqueness over several columns, which Piccolo's tables cannot say."""
COMPOSITE_KEYS = {"draft_answer", "quota_count", "unique_answer", "attempt_answer", "attempt_score", "practice_answer"}
EVERY = sorted(known())


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a database without any table."""
    if request.param == "sqlite":
        yield Settings(data=tmp_path)
        return
    server, name = request.getfixturevalue("postgres_server"), f"wenheng_empty_{uuid.uuid4().hex[:12]}"
    await execute(server, f"CREATE DATABASE {name}")
    yield Settings(data=tmp_path, database=urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
    await execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def live_columns(database: Database, table: str) -> dict[str, bool]:
    """Column → whether it may be null."""
    if database.dialect == "sqlite":
        rows = await database.fetch(f"PRAGMA table_info({table})")
        # the key that SQLite numbers itself is never null, though it does not say so
        return {row["name"]: not row["notnull"] and not row["pk"] for row in rows}
    rows = await database.fetch(
        "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = ?", table
    )
    return {row["column_name"]: row["is_nullable"] == "YES" for row in rows}


async def live_uniques(database: Database, table: str) -> set[tuple[str, ...]]:
    """Every set of columns that a constraint keeps unique, primary key included."""
    if database.dialect == "sqlite":
        found = set()
        info = await database.fetch(f"PRAGMA table_info({table})")
        found.add(tuple(sorted(row["name"] for row in info if row["pk"])))
        for index in await database.fetch(f"PRAGMA index_list({table})"):
            if index["unique"]:
                parts = await database.fetch(f"PRAGMA index_info({index['name']})")
                found.add(tuple(sorted(part["name"] for part in parts)))
        return found
    rows = await database.fetch(
        "SELECT array_agg(a.attname::text ORDER BY a.attname) AS columns FROM pg_index i"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = CAST(? AS text)::regclass AND i.indisunique GROUP BY i.indexrelid",
        table,
    )
    return {tuple(row["columns"]) for row in rows}


async def live_references(database: Database, table: str) -> dict[str, tuple[str, str]]:
    """Column → the table it refers to and what happens when that row goes."""
    if database.dialect == "sqlite":
        rows = await database.fetch(f"PRAGMA foreign_key_list({table})")
        return {row["from"]: (row["table"], row["on_delete"]) for row in rows}
    rows = await database.fetch(
        "SELECT a.attname::text AS name, c.confrelid::regclass::text AS target, c.confdeltype::text AS rule"
        " FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
        " WHERE c.conrelid = CAST(? AS text)::regclass AND c.contype = 'f'",
        table,
    )
    return {row["name"]: (row["target"], {"c": "CASCADE", "r": "RESTRICT"}[row["rule"]]) for row in rows}


async def test_the_live_schema_is_what_the_tables_say(database: Database):
    for table in TABLES:
        name, columns = table._meta.tablename, table._meta.columns
        assert await live_columns(database, name) == {c._meta.db_column_name: c._meta.null for c in columns}, name
        declared = {(c._meta.db_column_name,) for c in columns if c._meta.unique or c._meta.primary_key}
        if name in COMPOSITE_KEYS:
            declared = set()
        assert await live_uniques(database, name) == declared | PAIRS.get(name, set()), name
        assert await live_references(database, name) == {
            c._meta.db_column_name: (
                c._foreign_key_meta.resolved_references._meta.tablename, c._foreign_key_meta.on_delete.value
            )
            for c in table._meta.foreign_key_columns
        }, name  # fmt: skip


async def test_both_engines_refuse_a_text_that_is_too_long(database: Database):
    with pytest.raises(Exception, match=r"(?i)check|too long"):
        await database.fetch("INSERT INTO throttle VALUES (?, 1, ?)", "x" * 81, now())


async def test_every_query_path_has_its_index(database: Database):
    if database.dialect == "sqlite":
        rows = await database.fetch("SELECT name FROM sqlite_master WHERE type = 'index'")
    else:
        rows = await database.fetch("SELECT indexname::text AS name FROM pg_indexes")
    expected = {"response_wave", "invitation_person", "draft_answer_wave", "audit_event_at", "job_state", "run_wave"}
    expected |= {"attempt_exam", "attempt_event_attempt", "hand_mark_attempt"}
    assert expected <= {row["name"] for row in rows}


async def test_migrating_twice_changes_nothing(empty: Settings):
    async with Database.open(empty) as database:
        first = await migrate(database)
        assert await migrate(database) == first == EVERY


def test_what_is_known_without_piccolo_is_what_piccolo_would_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "path", list(sys.path))  # Piccolo adds the folder
    assert known() == set(BaseMigrationManager().get_migration_modules(str(FOLDER)))


def test_a_database_that_is_up_to_date_costs_no_import_of_the_runner(tmp_path: Path):
    script = (
        "import asyncio, sys; from pathlib import Path; from service.database import Database\n"
        "from service.database.migrate import migrate; from service.settings import Settings\n"
        "async def main():\n"
        "    async with Database.open(Settings(data=Path(sys.argv[1]))) as database:\n"
        "        await migrate(database)\n"
        "asyncio.run(main()); print('black' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    said = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said == ["True\n", "False\n"]


async def test_two_processes_that_start_at_once_migrate_once(empty: Settings):
    async with Database.open(empty) as one, Database.open(empty) as two:
        assert await asyncio.gather(migrate(one), migrate(two)) == [EVERY, EVERY]
        assert await one.fetch("SELECT name FROM migration ORDER BY name") == [{"name": name} for name in EVERY]


class Killed(BaseException):
    """Like a signal: no handler between the migration and the test catches it."""


async def test_a_migration_stopped_after_any_statement_converges(empty: Settings, monkeypatch: pytest.MonkeyPatch):
    """Each round dies one statement later; what was there stays, and the next run goes on from it."""
    async with Database.open(empty) as database:
        stop_after = 0
        run_ddl, ran = database.engine.run_ddl, []

        async def dying(ddl: str, in_pool: bool = False) -> list:
            if len(ran) == stop_after:
                raise Killed
            ran.append(ddl)
            return await run_ddl(ddl)

        monkeypatch.setattr(database.engine, "run_ddl", dying, raising=False)
        interrupted = 0
        while True:
            ran.clear()
            try:
                await migrate(database)
                break
            except Killed:
                interrupted += 1
                stop_after += 1
        assert interrupted >= 35
        monkeypatch.undo()
        wave = await makers.wave(database)
        assert await migrate(database) == EVERY
        assert await database.fetch("SELECT id FROM wave") == [{"id": wave}]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_statement_can_be_repeated(kind: str):
    statements = ddl.rendered(m0001_foundation.DDL, kind) + ddl.rendered(m0002_logic.DDL, kind)
    assert len(statements) > 40
    assert all(" IF NOT EXISTS " in each or each.startswith("UPDATE") for each in statements)


def test_sqlite_gets_a_check_for_each_length():
    [statement] = ddl.rendered("CREATE TABLE t (\n name VARCHAR(3) NOT NULL,\n code VARCHAR(5)\n)", "sqlite")
    connection = sqlite3.connect(":memory:")
    connection.execute(statement)
    connection.execute("INSERT INTO t VALUES ('问衡表', NULL)")
    for values in ("('abcd', NULL)", "('a', '123456')"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"INSERT INTO t VALUES {values}")
    connection.close()
