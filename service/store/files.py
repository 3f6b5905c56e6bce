"""Files of participants: rows in the database, bytes in ``data``/files under the row's id.

A row is written after the bytes are on disk and deleted before they go, so that a row always has its bytes; bytes
without a row are swept up. Until its response is stored a file belongs to a run (``token_hash``), then to the response.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from service.database import Database

INCOMING = "incoming"
SWEPT_AFTER = 2 * 24 * 3600  # seconds that bytes may be without a row
BLOCK = 1 << 20
HAS_ROW = "SELECT 1 AS here FROM file WHERE id = ? UNION ALL SELECT 1 FROM attempt_file WHERE id = ?"


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A row. ``token_hash`` is empty once ``response`` is there."""

    id: UUID
    wave: UUID
    token_hash: str
    response: UUID | None
    question: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_on: date


_COLUMNS = ", ".join(StoredFile.__struct_fields__)
_MARKS = ", ".join("?" for _ in StoredFile.__struct_fields__)


def folder(database: Database) -> Path:
    return database.settings.data / "files"


def incoming(database: Database) -> Path:
    """Where uploads lie while they arrive: on the same disk, so that keeping one is a rename."""
    return folder(database) / INCOMING


def path(database: Database, file: UUID) -> Path:
    return folder(database) / file.hex[:2] / file.hex


def digest(source: Path) -> str:
    """SHA-256 of a file, hex."""
    with source.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def keep(source: Path, target: Path, day: date) -> None:
    """Moves bytes to their place, durably; their time tells the day alone."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    midnight = time.mktime(day.timetuple())
    os.utime(source, (midnight, midnight))
    descriptor = os.open(source, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    source.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


async def add(database: Database, file: StoredFile) -> None:
    async with database.writing():
        await database.fetch(
            f"INSERT INTO file ({_COLUMNS}) VALUES ({_MARKS})",  # noqa: S608 (names of a Struct's fields)
            *msgspec.structs.astuple(file),
        )


async def get(database: Database, wave: UUID, file: UUID) -> StoredFile | None:
    rows = await _select(database, "wave = ? AND id = ?", wave, file)
    return rows[0] if rows else None


async def of_run(database: Database, token_hash: str) -> list[StoredFile]:
    return await _select(database, "token_hash = ?", token_hash)


async def of_wave(database: Database, wave: UUID) -> list[StoredFile]:
    """Those of stored responses, in an order that tells nothing."""
    return await _select(database, "wave = ? AND response IS NOT NULL", wave)


async def _select(database: Database, condition: str, *values: object) -> list[StoredFile]:
    sql = f"SELECT {_COLUMNS} FROM file WHERE {condition} ORDER BY id"  # noqa: S608 (own words)
    return [StoredFile(**row) for row in await database.fetch(sql, *values)]


async def belong(database: Database, token_hash: str, response: UUID, named: Iterable[UUID]) -> None:
    """The run has submitted: what its response names belongs to that, what it does not name goes."""
    async with database.writing():
        for file in named:
            await database.fetch(
                "UPDATE file SET response = ?, token_hash = '' WHERE id = ? AND token_hash = ?",
                response, file, token_hash,
            )  # fmt: skip
        gone = await database.fetch("DELETE FROM file WHERE token_hash = ? RETURNING id", token_hash)
    _unlink(database, (row["id"] for row in gone))


async def forget(database: Database, files: Sequence[UUID]) -> None:
    async with database.writing():
        for file in files:
            await database.fetch("DELETE FROM file WHERE id = ?", file)
    _unlink(database, files)


async def tidy(database: Database, today: date) -> None:
    """What no run and no response needs any more goes; safe to run twice at once and after any crash."""
    async with database.writing():
        gone = await database.fetch(
            "DELETE FROM file WHERE response IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM response WHERE response.id = file.response) RETURNING id"
        )
    _unlink(database, (row["id"] for row in gone))
    left = "response IS NULL AND NOT EXISTS (SELECT 1 FROM run WHERE run.token_hash = file.token_hash)"
    for file in await _select(database, left):
        await _settle(database, file, today)
    await _sweep(database)


async def _settle(database: Database, file: StoredFile, today: date) -> None:
    """A file whose run is gone: its response names it, or nobody does. An upload may come just before its run."""
    named = await database.fetch(
        "SELECT id FROM response WHERE wave = ? AND answers LIKE ?", file.wave, f'%"{file.id.hex}"%'
    )
    if named:
        async with database.writing():
            await database.fetch("UPDATE file SET response = ?, token_hash = '' WHERE id = ?", named[0]["id"], file.id)
    elif file.added_on < today - timedelta(days=1):
        await forget(database, [file.id])


async def _sweep(database: Database) -> None:
    """Bytes without a row: an upload broken off, a wave deleted."""
    old = time.time() - SWEPT_AFTER
    found = [each for each in folder(database).glob("*/*") if each.stat().st_mtime < old]
    for each in found:
        known = False
        if each.parent.name != INCOMING and len(each.name) == 32:
            known = bool(await database.fetch(HAS_ROW, UUID(each.name), UUID(each.name)))
        if not known:
            each.unlink(missing_ok=True)


def _unlink(database: Database, files: Iterable[UUID]) -> None:
    for file in files:
        path(database, file).unlink(missing_ok=True)
