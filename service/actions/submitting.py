"""Submitting: the row that answers become, stored once, and what a receipt tells later."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from service import clock
from service.actions.desk import Desk, Seat
from service.database import Database, NewResponse, Outcome, Submit
from service.identifiers import new_id, random_id, token_hash
from service.limits import Limit
from service.store import responses
from surveys.answers import Record, segments

RECEIPT_CHECKS = Limit(30, seconds=60)


def admitted(desk: Desk, seat: Seat, network: str) -> bool:
    """Counts a submission; False where one network submits to a public link faster than people can."""
    return seat.holder.kind == "personal" or desk.submissions.admits(f"{seat.survey.wave.id}/{network}")


async def submit(
    desk: Desk, seat: Seat, record: Record, stored: dict[str, object], started_at: datetime | None, language: str
) -> bool:
    """Durably and once; False where another device has submitted for the same person."""
    zone = ZoneInfo(desk.database.settings.time_zone)
    response = _response(seat, record, stored, started_at, language, zone)
    outcome = await desk.database.writer.write(Submit(token_hash=seat.holder.token_hash, response=response))
    return outcome is not Outcome.ALREADY_SUBMITTED


def _response(
    seat: Seat, record: Record, stored: dict[str, object], started_at: datetime | None, language: str, zone: ZoneInfo
) -> NewResponse:
    """The row. Anonymous: no person, no invitation, no time of day, an id that tells no time. The day is the company's,
    wherever the server stands."""
    wave, invitation, now = seat.survey.wave, seat.invitation, clock.now()
    anonymous = wave.anonymity == "anonymous"
    said = segments(seat.survey.compiled, record)
    return NewResponse(
        id=random_id() if anonymous else new_id(),
        wave=wave.id,
        invitation=None if anonymous or invitation is None else invitation.id,
        person=None if anonymous or invitation is None else invitation.person,
        receipt_hash=seat.holder.receipt_hash,
        language=language,
        submitted_on=now.astimezone(zone).date(),
        submitted_at=None if anonymous else now,
        seconds=int((now - started_at).total_seconds()) if started_at else None,
        department=invitation.department if invitation else said.get("department", ""),
        side=(invitation.side if invitation else "") or said.get("side", ""),
        source="personal" if invitation else "public",
        answers=msgspec.json.encode(stored).decode(),
    )


async def stored_on(database: Database, receipt: str) -> date | None:
    """The day on which the response with this receipt was stored."""
    found = await responses.receipt(database, token_hash(receipt))
    return found.submitted_on if found else None
