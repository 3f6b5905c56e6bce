"""Made reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A made report, without its bytes."""

    id: UUID
    programme: UUID
    wave: UUID
    kind: str
    language: str
    name: str
    data_hash: str
    created_at: datetime


def _columns() -> list:
    return [getattr(tables.Document, name) for name in Document.__struct_fields__]


async def save(
    database: Database,
    *,
    programme: UUID,
    wave: UUID,
    kind: str,
    language: str,
    name: str,
    data_hash: str,
    content: bytes,
) -> Document:
    document = Document(
        id=new_id(), programme=programme, wave=wave, kind=kind, language=language, name=name, data_hash=data_hash,
        created_at=clock.now(),
    )  # fmt: skip
    async with database.writing():
        await tables.Document.insert(tables.Document(**msgspec.structs.asdict(document), content=content))
    return document


async def of_programme(database: Database, programme: UUID) -> list[Document]:
    """Newest first."""
    d = tables.Document
    rows = await d.select(*_columns()).where(d.programme == programme).order_by(d.id, ascending=False)
    return [Document(**row) for row in rows]


async def of_wave(database: Database, wave: UUID) -> list[Document]:
    """Newest first."""
    d = tables.Document
    rows = await d.select(*_columns()).where(d.wave == wave).order_by(d.id, ascending=False)
    return [Document(**row) for row in rows]


async def content(database: Database, programme: UUID, document: UUID) -> tuple[Document, bytes] | None:
    """A document of this programme with its bytes."""
    d = tables.Document
    row = await d.select(*_columns(), d.content).where((d.id == document) & (d.programme == programme)).first()
    if row is None:
        return None
    data = bytes(row.pop("content"))
    return Document(**row), data
