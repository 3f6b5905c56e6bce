"""Questionnaires (working copies) and their published versions, which never change."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from service import tables
from service.database import Database
from service.identifiers import new_id
from surveys.definition import Questionnaire, content_hash, from_json, to_json


class WorkingCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire as its author is writing it: YAML that may not even be valid."""

    id: UUID
    name: str
    kind: str
    source: str
    updated_at: datetime


class PublishedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What participants answer. ``content_hash`` names the content of ``definition``."""

    id: UUID
    questionnaire: UUID
    name: str
    number: int
    content_hash: str
    definition: Questionnaire
    source: str
    published_at: datetime


def _working_copy(row: tables.Questionnaire) -> WorkingCopy:
    return WorkingCopy(id=row.id, name=row.name, kind=row.kind, source=row.source, updated_at=row.updated_at)


def _version(row: tables.Version, name: str) -> PublishedVersion:
    return PublishedVersion(
        id=row.id,
        questionnaire=row.questionnaire,
        name=name,
        number=row.number,
        content_hash=row.content_hash,
        definition=from_json(row.definition),
        source=row.source,
        published_at=row.published_at,
    )


async def every(database: Database) -> list[WorkingCopy]:
    rows = await tables.Questionnaire.objects().order_by(tables.Questionnaire.name)
    return [_working_copy(row) for row in rows]


async def named(database: Database, name: str) -> WorkingCopy | None:
    row = await tables.Questionnaire.objects().where(tables.Questionnaire.name == name).first()
    return None if row is None else _working_copy(row)


async def save(database: Database, name: str, kind: str, source: str) -> WorkingCopy:
    """Insert or replace the working copy called ``name``."""
    q = tables.Questionnaire
    row = q(id=new_id(), name=name, kind=kind, source=source, updated_at=datetime.now(UTC))
    async with database.writing():
        await q.insert(row).on_conflict(
            target=q.name, action="DO UPDATE", values=[q.kind, q.source, q.updated_at]
        )  # fmt: skip
    saved = await named(database, name)
    assert saved is not None
    return saved


async def versions(database: Database, questionnaire: UUID) -> list[PublishedVersion]:
    """Newest first."""
    parent = await tables.Questionnaire.objects().where(tables.Questionnaire.id == questionnaire).first()
    if parent is None:
        return []
    rows = (
        await tables.Version.objects()
        .where(tables.Version.questionnaire == questionnaire)
        .order_by(tables.Version.number, ascending=False)
    )
    return [_version(row, parent.name) for row in rows]


async def published(database: Database) -> list[PublishedVersion]:
    """The newest version of every questionnaire that has one, by name."""
    found: list[PublishedVersion] = []
    for copy in await every(database):
        found += (await versions(database, copy.id))[:1]
    return found


async def version(database: Database, version_id: UUID) -> PublishedVersion | None:
    row = await tables.Version.objects().where(tables.Version.id == version_id).first()
    if row is None:
        return None
    parent = await tables.Questionnaire.objects().where(tables.Questionnaire.id == row.questionnaire).first()
    assert parent is not None
    return _version(row, parent.name)


async def publish(database: Database, definition: Questionnaire, source: str) -> tuple[PublishedVersion, bool]:
    """The version with this content, and whether it is new: the same content is the same version."""
    v = tables.Version
    copy = await save(database, definition.name, definition.kind, source)
    digest = content_hash(definition)
    async with database.writing():
        last = await v.select(v.number).where(v.questionnaire == copy.id).order_by(v.number, ascending=False).first()
        row = v(
            id=new_id(),
            questionnaire=copy.id,
            number=(last["number"] if last else 0) + 1,
            content_hash=digest,
            definition=to_json(definition).decode(),
            source=source,
            published_at=datetime.now(UTC),
        )
        inserted = await v.insert(row).on_conflict(
            target=(v.questionnaire, v.content_hash), action="DO NOTHING"
        ).returning(v.id)  # fmt: skip
    stored = await v.objects().where((v.questionnaire == copy.id) & (v.content_hash == digest)).first()
    assert stored is not None
    return _version(stored, copy.name), bool(inserted)
