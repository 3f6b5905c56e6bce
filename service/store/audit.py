"""Who did what, when, to what. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id

PAGE = 50


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """``action`` is ``noun.verb``; ``subject`` names what it was done to; ``detail`` holds no answers."""

    id: UUID
    at: datetime
    account: UUID | None
    account_email: str
    programme: UUID | None
    programme_name: str
    action: str
    subject: str
    detail: dict[str, Any]


async def record(
    database: Database,
    *,
    account: UUID | None,
    action: str,
    subject: str,
    programme: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Inside ``database.writing()`` it is one transaction with what it tells of. No passwords, tokens or answers."""
    row = tables.AuditEvent(
        id=new_id(),
        at=clock.now(),
        account=account,
        programme=programme,
        action=action,
        subject=subject[:200],
        detail=msgspec.json.encode(detail or {}).decode(),
    )
    async with database.writing():
        await tables.AuditEvent.insert(row)


async def events(
    database: Database, *, account: UUID | None = None, programme: UUID | None = None, action: str = "", page: int = 1
) -> tuple[list[Event], bool]:
    """A page of events, newest first, and whether there are older ones. ``action`` may be its noun alone."""
    e = tables.AuditEvent
    query = e.objects().order_by(e.id, ascending=False).offset((page - 1) * PAGE).limit(PAGE + 1)
    if account is not None:
        query = query.where(e.account == account)
    if programme is not None:
        query = query.where(e.programme == programme)
    if action:
        query = query.where((e.action == action) | e.action.like(action.replace("%", "") + ".%"))
    rows = await query
    emails = await _names(tables.Account, tables.Account.email, {row.account for row in rows})
    programmes = await _names(tables.Programme, tables.Programme.name, {row.programme for row in rows})
    found = [
        Event(
            **{name: getattr(row, name) for name in ("id", "at", "account", "programme", "action", "subject")},
            account_email=emails.get(row.account, ""),
            programme_name=programmes.get(row.programme, ""),
            detail=msgspec.json.decode(row.detail),
        )
        for row in rows
    ]
    return found[:PAGE], len(found) > PAGE


async def _names(table: Any, column: Any, ids: set[UUID | None]) -> dict[UUID | None, str]:
    wanted = [identifier for identifier in ids if identifier is not None]
    if not wanted:
        return {}
    rows = await table.select(table.id, column.as_alias("label")).where(table.id.is_in(wanted))
    return {row["id"]: row["label"] for row in rows}


async def actions(database: Database) -> list[str]:
    """Every action that was ever recorded, for the filter."""
    rows = await database.fetch("SELECT DISTINCT action FROM audit_event ORDER BY action")
    return [row["action"] for row in rows]
