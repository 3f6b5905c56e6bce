"""Backup as one portable file: taken under load, restored into an empty database of either engine.

A ZIP of ``<table>.ndjson`` (one JSON array per row, columns in the order of ``service.tables``) and ``manifest.json``
with each table's columns, number of rows and digest; and participants' files as ``files/<id>``. The digest adds up the
rows' SHA-256, so it does not depend on their order, and is the same on both engines for the same rows.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from piccolo.table import Table

from service import tables
from service.database import Database, DatabaseError
from service.database.migrate import known, migrate
from service.database.postgres import unhurried
from service.store import files
from surveys.definition import content_hash, from_json

FORMAT = 1
ROWS = 1_000
VERSIONS = (  # of responses in backups from before waves could move from one version to another
    "UPDATE response SET version = (SELECT wave.version FROM wave WHERE wave.id = response.wave) WHERE version IS NULL"
)


class BackupError(DatabaseError):
    """The file is not a whole backup, or the database is not empty."""


class Digest(msgspec.Struct):
    """How many rows, and their SHA-256 added up (256 bits)."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256


class TableManifest(msgspec.Struct, frozen=True):
    columns: list[str]
    rows: int
    digest: str


class Manifest(msgspec.Struct, frozen=True):
    format: int
    migrations: list[str]
    tables: dict[str, TableManifest]


class Verification(msgspec.Struct, frozen=True):
    """``problems`` is empty where all is well."""

    rows: dict[str, int]
    digests: dict[str, str]
    problems: list[str]


async def backup(database: Database, file: Path) -> Manifest:
    """Writes ``file`` from one state of the database while others go on writing; it appears when it is whole."""
    unfinished = file.with_name(f"{file.name}.unfinished.{os.getpid()}")
    try:
        with unhurried(), zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            manifest = await _write(database, archive)
        descriptor = os.open(unfinished, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


async def _write(database: Database, archive: zipfile.ZipFile) -> Manifest:
    described = {}
    migrations = await migrate(database)
    async with database.snapshot() as fetch:
        for table in tables.TABLES:
            digest = Digest()
            with archive.open(f"{_name(table)}.ndjson", "w", force_zip64=True) as member:
                async for line in _lines(table, fetch):
                    digest.add(line)
                    member.write(line + b"\n")
            described[_name(table)] = TableManifest(_columns(table), digest.rows, f"{digest.total:064x}")
        async for rows in fetch("SELECT id FROM file UNION ALL SELECT id FROM attempt_file"):
            for (identifier,) in rows:
                _pack(database, _uuid(identifier), archive)
    manifest = Manifest(FORMAT, migrations, described)
    archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


async def restore(database: Database, file: Path) -> Manifest:
    """Fills an empty database, all or nothing; also from a backup of an older program, which lacks what came since.

    Raises ``BackupError`` where it is not empty or the file not whole.
    """
    with unhurried():
        await migrate(database)
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
                if manifest.format != FORMAT:
                    raise BackupError(f"{file} has format {manifest.format}; this program reads {FORMAT}")
                async with database.writing():
                    await _refuse_unless_empty(database)
                    older = set(manifest.migrations) < known()
                    for table in tables.TABLES:
                        described = manifest.tables.get(_name(table))
                        if described is not None or not older:
                            await _fill(database, table, archive, described, older)
                    if older:
                        await database.fetch(VERSIONS)
                    await _continue_sequence(database)
                    await _unpack(database, archive)
        except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
            raise BackupError(f"{file} is no whole backup: {error}") from error
    return manifest


async def verify(database: Database) -> Verification:
    """Reads everything once: the engine's own checks, references, and the content hash of every version."""
    digests: dict[str, Digest] = {}
    with unhurried():
        problems = await _sqlite_problems(database) if database.dialect == "sqlite" else []
        async with database.snapshot() as fetch:
            for table in tables.TABLES:
                digest = digests[_name(table)] = Digest()
                async for line in _lines(table, fetch):
                    digest.add(line)
            async for rows in fetch("SELECT id, content_hash, definition FROM version"):
                problems += [
                    f"version {identifier}: its content is not what its hash names"
                    for identifier, hashed, definition in rows
                    if not _is_named_by(definition, hashed)
                ]
            async for rows in fetch("SELECT id, sha256 FROM file UNION ALL SELECT id, sha256 FROM attempt_file"):
                problems += [
                    f"file {identifier}: its bytes are missing or not what its row names"
                    for identifier, hashed in rows
                    if not _is_on_disk(database, _uuid(identifier), hashed)
                ]
    return Verification(
        {name: digest.rows for name, digest in digests.items()},
        {name: f"{digest.total:064x}" for name, digest in digests.items()},
        problems,
    )


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _pack(database: Database, file: UUID, archive: zipfile.ZipFile) -> None:
    """The bytes beside the rows. A file that was deleted since the rows were read has none: ``verify`` tells."""
    with suppress(FileNotFoundError):
        archive.write(files.path(database, file), f"files/{file.hex}", zipfile.ZIP_STORED)


async def _unpack(database: Database, archive: zipfile.ZipFile) -> None:
    """Before the rows are committed: a row never lacks its bytes. Raises ``BackupError`` on bytes that changed."""
    packed = {name for name in archive.namelist() if name.startswith("files/")}
    for row in await database.fetch(
        "SELECT id, sha256, added_on FROM file UNION ALL SELECT id, sha256, added_on FROM attempt_file"
    ):
        name = f"files/{row['id'].hex}"
        if name not in packed:
            continue
        files.incoming(database).mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = files.incoming(database) / row["id"].hex
        with archive.open(name) as member, arriving.open("wb") as target:
            shutil.copyfileobj(member, target)
        if files.digest(arriving) != row["sha256"]:
            arriving.unlink()
            raise BackupError(f"the backup's file {row['id']} is damaged")
        files.keep(arriving, files.path(database, row["id"]), row["added_on"])


def _is_on_disk(database: Database, file: UUID, hashed: str) -> bool:
    path = files.path(database, file)
    return path.exists() and files.digest(path) == hashed


def _is_named_by(definition: str, hashed: str) -> bool:
    try:
        return content_hash(from_json(definition.encode())) == hashed
    except msgspec.MsgspecError:
        return False


async def _sqlite_problems(database: Database) -> list[str]:
    integrity = [row["integrity_check"] for row in await database.fetch("PRAGMA integrity_check")]
    dangling = await database.fetch("PRAGMA foreign_key_check")
    return [text for text in integrity if text != "ok"] + [
        f"{row['table']}: row {row['rowid']} refers to a {row['parent']} that is not there" for row in dangling
    ]


def _name(table: type[Table]) -> str:
    return table._meta.tablename


def _columns(table: type[Table]) -> list[str]:
    return [column._meta.db_column_name for column in table._meta.columns]


async def _lines(table: type[Table], fetch: Any) -> AsyncIterator[bytes]:
    async for rows in fetch(f"SELECT {', '.join(_columns(table))} FROM {_name(table)}"):  # noqa: S608 (own names)
        for row in rows:
            yield msgspec.json.encode(tuple(row))


async def _refuse_unless_empty(database: Database) -> None:
    for table in tables.TABLES:
        if await table.exists():
            raise BackupError(f"the database is not empty: {_name(table)} has rows")


async def _fill(
    database: Database, table: type[Table], archive: zipfile.ZipFile, described: TableManifest | None, older: bool
) -> None:
    if described is None:
        raise BackupError(f"the backup lacks the table {_name(table)}")
    columns = [name for name in _columns(table) if name in described.columns] if older else _columns(table)
    marks = ", ".join("?" for _ in columns)
    sql = f"INSERT INTO {_name(table)} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 (own names)
    if described.columns != columns:
        raise BackupError(f"the backup's table {_name(table)} has other columns")
    digest = Digest()
    with archive.open(f"{_name(table)}.ndjson") as member:
        for rows in _batches(member, table, columns, digest):
            await database.executemany(sql, rows)
    if (digest.rows, f"{digest.total:064x}") != (described.rows, described.digest):
        raise BackupError(f"the backup's table {_name(table)} is damaged")


def _batches(
    member: Any, table: type[Table], columns: list[str], digest: Digest
) -> Iterator[Sequence[tuple[Any, ...]]]:
    known_types = {column._meta.db_column_name: column.value_type | None for column in table._meta.columns}
    types: Any = tuple(known_types[name] for name in columns)
    decoder = msgspec.json.Decoder(tuple.__class_getitem__(types))
    batch: list[tuple[Any, ...]] = []
    for line in member:
        digest.add(line.rstrip(b"\n"))
        batch.append(decoder.decode(line))
        if len(batch) == ROWS:
            yield batch
            batch = []
    yield batch


async def _continue_sequence(database: Database) -> None:
    """SQLite goes on from the highest by itself."""
    if database.dialect == "postgres":
        await database.fetch(
            "SELECT setval(pg_get_serial_sequence('response', 'sequence'), coalesce(max(sequence), 0) + 1, false)"
            " FROM response"
        )
