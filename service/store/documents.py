"""Made reports: of waves, and of exams, which have a table of their own.

A report of an exam tells what was right, so before release it is found by way of its exam alone, not of its programme.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A made report, without its bytes."""

    id: UUID
    programme: UUID
    wave: UUID | None = None
    exam: UUID | None = None
    kind: str
    language: str
    name: str
    data_hash: str
    created_at: datetime


COMMON = ("id", "programme", "kind", "language", "name", "data_hash", "created_at")
OF_WAVE = [getattr(tables.Document, name) for name in (*COMMON, "wave")]
OF_EXAM = [getattr(tables.ExamDocument, name) for name in (*COMMON, "exam")]


async def save(
    database: Database,
    *,
    programme: UUID,
    wave: UUID | None = None,
    exam: UUID | None = None,
    kind: str,
    language: str,
    name: str,
    data_hash: str,
    content: bytes,
) -> Document:
    """Of a wave or of an exam, whichever is given."""
    document = Document(
        id=new_id(), programme=programme, wave=wave, exam=exam, kind=kind, language=language, name=name,
        data_hash=data_hash, created_at=clock.now(),
    )  # fmt: skip
    values = {name: getattr(document, name) for name in COMMON} | {"content": content}
    async with database.writing():
        if exam is None:
            await tables.Document.insert(tables.Document(**values, wave=wave))
        else:
            await tables.ExamDocument.insert(tables.ExamDocument(**values, exam=exam))
    return document


async def of_programme(database: Database, programme: UUID) -> list[Document]:
    """Newest first; of exams whose results are released."""
    d, e = tables.Document, tables.ExamDocument
    rows = await d.select(*OF_WAVE).where(d.programme == programme)
    rows += await e.select(*OF_EXAM).where((e.programme == programme) & e.exam.released_at.is_not_null())
    return sorted((Document(**row) for row in rows), key=lambda document: document.id, reverse=True)


async def of_wave(database: Database, wave: UUID) -> list[Document]:
    """Newest first."""
    d = tables.Document
    rows = await d.select(*OF_WAVE).where(d.wave == wave).order_by(d.id, ascending=False)
    return [Document(**row) for row in rows]


async def of_exam(database: Database, exam: UUID) -> list[Document]:
    """Newest first."""
    e = tables.ExamDocument
    rows = await e.select(*OF_EXAM).where(e.exam == exam).order_by(e.id, ascending=False)
    return [Document(**row) for row in rows]


async def content(database: Database, programme: UUID, document: UUID) -> tuple[Document, bytes] | None:
    """A document of this programme with its bytes; of an exam once its results are released."""
    d, e = tables.Document, tables.ExamDocument
    row = await d.select(*OF_WAVE, d.content).where((d.id == document) & (d.programme == programme)).first()
    if row is None:
        own = (e.id == document) & (e.programme == programme) & e.exam.released_at.is_not_null()
        row = await e.select(*OF_EXAM, e.content).where(own).first()
    return _with_content(row)


async def content_of_exam(database: Database, exam: UUID, document: UUID) -> tuple[Document, bytes] | None:
    """A document of this exam with its bytes."""
    e = tables.ExamDocument
    return _with_content(await e.select(*OF_EXAM, e.content).where((e.id == document) & (e.exam == exam)).first())


def _with_content(row: dict[str, Any] | None) -> tuple[Document, bytes] | None:
    if row is None:
        return None
    data = bytes(row.pop("content"))
    return Document(**row), data
