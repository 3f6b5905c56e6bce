"""Files that candidates uploaded: rows in the database, bytes beside those of participants (``store.files``).

A row is written after its bytes. Nothing is replaced: an answer names the file that counts, and its history the others.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from service.database import Database


class AttemptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A row. ``name`` is the candidate's own, made harmless."""

    id: UUID
    attempt: UUID
    item: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_on: date


_COLUMNS = ", ".join(AttemptFile.__struct_fields__)
_MARKS = ", ".join("?" for _ in AttemptFile.__struct_fields__)


async def add(database: Database, file: AttemptFile) -> None:
    async with database.writing():
        await database.fetch(
            f"INSERT INTO attempt_file ({_COLUMNS}) VALUES ({_MARKS})",  # noqa: S608 (names of a Struct's fields)
            *msgspec.structs.astuple(file),
        )


async def of_attempt(database: Database, attempt: UUID) -> list[AttemptFile]:
    """In the order in which they came. A file that an answer names but that is not among these is none."""
    sql = f"SELECT {_COLUMNS} FROM attempt_file WHERE attempt = ? ORDER BY added_on, id"  # noqa: S608 (own words)
    return [AttemptFile(**row) for row in await database.fetch(sql, attempt)]
