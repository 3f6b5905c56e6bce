"""A backup of either engine, taken under load, restores into an empty database of either engine, row for row."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import zipfile
from pathlib import Path

import msgspec
import pytest

from service.clock import now
from service.database import Database, Outcome
from service.identifiers import new_id
from service.settings import Settings
from service.store import backup, responses
from service.tables import AuditEvent, Document
from tests.conftest import empty
from tests.store import makers


async def fill(database: Database) -> None:
    """Something in many tables, hard values among them."""
    wave = await makers.wave(database)
    tokens = await makers.invite(database, wave, 20)
    for token in tokens[:10]:
        await database.writer.write(makers.submission(wave, token, answers='{"why":"‘引号’\\n\\u0007 😀"}'))
    await database.writer.write(makers.saving(wave, tokens[11], q='{"q":"007"}'))
    programme = (await database.fetch("SELECT programme FROM wave"))[0]["programme"]
    async with database.writing():
        await AuditEvent(
            id=new_id(), at=now(), account=None, programme=programme, action="wave.open", detail="{}"
        ).save()
        await Document(
            id=new_id(), programme=programme, wave=wave, kind="diagnosis", language="zh-CN", name="诊断报告",
            data_hash="0" * 64, content=bytes(range(256)), created_at=now(),
        ).save()  # fmt: skip


@pytest.mark.parametrize("source", ["sqlite", "postgres"])
@pytest.mark.parametrize("target", ["sqlite", "postgres"])
async def test_a_restored_backup_has_the_same_rows(
    source: str, target: str, tmp_path: Path, sqlite_template: Path, postgres_database: str
):
    file = tmp_path / "backup.zip"
    places = {}
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
        shutil.copy(sqlite_template, tmp_path / name / "wenheng.sqlite")
        places[name, "sqlite"] = Settings(data=tmp_path / name)
        places[name, "postgres"] = Settings(data=tmp_path / name, database=postgres_database)
    await empty(postgres_database)
    async with Database.open(places["from", source]) as database:
        await fill(database)
        before = await backup.verify(database)
        manifest = await backup.backup(database, file)
    assert before.rows["response"] == 10
    assert {name: each.digest for name, each in manifest.tables.items()} == before.digests
    if target == "postgres":
        await empty(postgres_database)
    async with Database.open(places["to", target]) as database:
        await backup.restore(database, file)
        after = await backup.verify(database)
        assert (after.rows, after.digests) == (before.rows, before.digests)
        # the service goes on from there
        [wave] = await database.fetch("SELECT id FROM wave")
        assert await database.writer.write(makers.submission(wave["id"], "new")) is Outcome.STORED
        rows = [row async for row in responses.each(database, wave["id"])]
        assert rows[-1].answers == {"clarity": 4}
        assert rows[0].answers == {"why": "‘引号’\n\u0007 😀"}


def as_written_before_m0002(whole: Path, older: Path) -> None:
    """The same backup without the tables and columns added since."""
    added = {"run": ["seed"], "response": ["version", "packed"]}
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(older, "w") as other:
        manifest = msgspec.json.decode(archive.read("manifest.json"), type=backup.Manifest)
        tables = {}
        for name, described in manifest.tables.items():
            if name in ("ended", "quota_count", "unique_answer"):
                continue
            lines, columns = archive.read(f"{name}.ndjson").splitlines(), described.columns
            if name in added:
                kept = len(columns) - len(added[name])
                assert columns[kept:] == added[name]
                columns = columns[:kept]
                lines = [msgspec.json.encode(msgspec.json.decode(line)[:kept]) for line in lines]
            digest = backup.Digest()
            for line in lines:
                digest.add(line)
            other.writestr(f"{name}.ndjson", b"".join(line + b"\n" for line in lines))
            tables[name] = backup.TableManifest(columns, digest.rows, f"{digest.total:064x}")
        other.writestr("manifest.json", msgspec.json.encode(backup.Manifest(1, ["0001"], tables)))


async def test_a_backup_of_an_older_program_is_restored(database: Database, settings: Settings, tmp_path: Path):
    await fill(database)
    await backup.backup(database, tmp_path / "whole.zip")
    as_written_before_m0002(tmp_path / "whole.zip", tmp_path / "older.zip")
    for table in ("programme", "version", "questionnaire", "audit_event", "draft_answer"):
        await database.fetch(f"DELETE FROM {table}")
    await backup.restore(database, tmp_path / "older.zip")
    [wave] = await database.fetch("SELECT version FROM wave")
    answered = await database.fetch("SELECT version FROM response")
    assert [row["version"] for row in answered] == [wave["version"]] * 10
    assert (await backup.verify(database)).problems == []


async def test_a_backup_under_load_is_one_state(database: Database, tmp_path: Path):
    wave = await makers.wave(database)
    tokens = await makers.invite(database, wave, 200)
    submitting = asyncio.gather(*(database.writer.write(makers.submission(wave, token)) for token in tokens))
    await asyncio.sleep(0.005)
    manifest = await backup.backup(database, tmp_path / "backup.zip")
    await submitting
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        marked = archive.read("invitation.ndjson").count(b",true]")
    assert marked == manifest.tables["response"].rows


async def test_a_database_with_rows_is_not_restored_over(database: Database, tmp_path: Path):
    await fill(database)
    before = await backup.verify(database)
    await backup.backup(database, tmp_path / "backup.zip")
    with pytest.raises(backup.BackupError, match="not empty"):
        await backup.restore(database, tmp_path / "backup.zip")
    assert (await backup.verify(database)).digests == before.digests


async def test_a_damaged_backup_restores_nothing(database: Database, tmp_path: Path):
    whole, damaged = tmp_path / "backup.zip", tmp_path / "damaged.zip"
    await fill(database)
    await backup.backup(database, whole)
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(damaged, "w") as other:
        for name in archive.namelist():
            data = archive.read(name)
            other.writestr(name, data.replace(b"007", b"7") if name == "draft_answer.ndjson" else data)
    for table in ("programme", "version", "questionnaire", "audit_event", "draft_answer"):
        await database.fetch(f"DELETE FROM {table}")
    with pytest.raises(backup.BackupError, match="damaged"):
        await backup.restore(database, damaged)
    assert set((await backup.verify(database)).rows.values()) == {0}
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(backup.BackupError, match="no whole backup"):
        await backup.restore(database, tmp_path / "text.zip")


async def test_verifying_finds_a_version_that_was_changed(database: Database):
    await makers.wave(database)
    assert (await backup.verify(database)).problems == []
    [version] = await database.fetch(
        "UPDATE version SET definition = replace(definition, 'hours', 'days') RETURNING id"
    )
    [problem] = (await backup.verify(database)).problems
    assert str(version["id"]) in problem


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_verifying_finds_a_reference_that_dangles(settings: Settings, database: Database):
    await makers.wave(database)
    connection = sqlite3.connect(settings.data / "wenheng.sqlite")
    connection.execute("DELETE FROM programme")  # a connection of its own does not enforce references
    connection.commit()
    connection.close()
    [problem] = (await backup.verify(database)).problems
    assert problem.startswith("wave: row 1 refers to a programme")
