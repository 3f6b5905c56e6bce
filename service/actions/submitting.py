"""Submitting: the row that answers become, stored once, and what a receipt tells later."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import msgspec

from service import clock
from service.actions import files, unique_answers
from service.actions.desk import Desk, Seat
from service.database import Busy, Database, NewResponse, Outcome, QuotaPlace, Submit, Unavailable
from service.identifiers import new_id, random_id, token_hash
from service.limits import Limit
from service.store import responses
from service.store.responses import Ending
from surveys.answers import Finished, Record, segments
from surveys.context import Context

__all__ = ["Ending", "admitted", "ending", "stored_on", "submit"]

SEED = "_seed"  # beside the answers: order and arms can be told from it again
RECEIPT_CHECKS = Limit(30, seconds=60)


def admitted(desk: Desk, seat: Seat, network: str) -> bool:
    """Counts a submission; False where one network submits to a public link faster than people can."""
    return seat.holder.kind == "personal" or desk.submissions.admits(f"{seat.survey.wave.id}/{network}")


async def submit(
    desk: Desk, seat: Seat, context: Context, record: Record, finished: Finished, started_at: datetime | None
) -> Outcome:
    """Durably and once, within the quotas, or kept as ended where they are full or it was screened out."""
    compiled = seat.survey.compiled
    asked = [compiled.questions[code] for code in compiled.unique if code in finished.stored]
    limits = {quota.code: quota.limit for quota in compiled.questionnaire.quotas}
    operation = Submit(
        token_hash=seat.holder.token_hash,
        response=_response(seat, context, record, finished, started_at),
        screened_out=finished.ending == "screened_out",
        quotas=tuple(QuotaPlace(code, limits[code]) for code in finished.quotas),
        unique=tuple(unique_answers.hashes(asked, record).items()),
    )
    outcome = await desk.database.writer.write(operation)
    if outcome is Outcome.STORED and compiled.uploads:
        with suppress(Busy, Unavailable):  # the response is stored and names its files: housekeeping will see to it
            await files.belong(desk.database, seat.holder.token_hash, operation.response.id, finished.stored)
    return outcome


def _response(
    seat: Seat, context: Context, record: Record, finished: Finished, started_at: datetime | None
) -> NewResponse:
    """The row. Anonymous: no person, no invitation, no time of day, an id that tells no time. The day is the company's,
    wherever the server stands. The seed is kept where something followed from it."""
    wave, invitation, now = seat.survey.wave, seat.invitation, clock.now()
    anonymous = wave.anonymity == "anonymous"
    said = segments(seat.survey.compiled, record)
    stored = finished.stored
    if seat.survey.compiled.by_lot:
        stored = {**stored, SEED: context.seed}
    response = NewResponse(
        id=random_id() if anonymous else new_id(),
        wave=wave.id,
        invitation=None if anonymous or invitation is None else invitation.id,
        person=None if anonymous or invitation is None else invitation.person,
        receipt_hash=seat.holder.receipt_hash,
        language=context.language,
        submitted_on=date.fromisoformat(context.today),
        submitted_at=None if anonymous else now,
        seconds=int((now - started_at).total_seconds()) if started_at else None,
        department=invitation.department if invitation else said.get("department", ""),
        side=(invitation.side if invitation else "") or said.get("side", ""),
        source="personal" if invitation else "public",
        answers=msgspec.json.encode(stored).decode(),
        version=wave.version,
    )
    return responses.packed(response, seat.survey.compiled, stored)


async def ending(database: Database, receipt: str) -> Ending | None:
    """What became of the answers that this device has sent; None where it has not submitted."""
    return await responses.ending(database, token_hash(receipt))


async def stored_on(database: Database, receipt: str) -> date | None:
    """The day on which the response with this receipt was stored."""
    found = await responses.receipt(database, token_hash(receipt))
    return found.submitted_on if found else None
