"""Answering, from a seat at the desk: what is saved so far, saving a question, turning a page, submitting on the last.

What became of a posted page is a ``Turn``, or the page as read where it has to be shown again. Texts are the pages'
business; so is the device.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from service import clock
from service.actions import submitting
from service.actions.desk import Desk, Seat
from service.database import Outcome, SaveAnswers
from service.errors import TooManyAttempts
from service.store import runs
from surveys.answers import (
    Errors,
    PageRead,
    QuestionRead,
    Record,
    Typed,
    draft,
    finish,
    read_page,
    read_question,
    record_of,
    typed_of,
)
from surveys.compiled import Shown
from surveys.definition import Page
from surveys.logic import next_page, previous_page, shown
from surveys.questions.base import Form


class Draft(msgspec.Struct, frozen=True):
    """What is saved of a run: answers, what was typed but cannot be read, when it began, the page last worked on."""

    record: Record = Record()
    typed: dict[str, Typed] = {}
    started_at: datetime | None = None
    page: str = ""


class Turn(msgspec.Struct, frozen=True):
    """Where a posted page leads: ``page`` to show next, ``done``, or ``submitted`` (by another device, or before)."""

    kind: Literal["page", "done", "submitted"]
    page: str = ""
    due: bool = False  # the page to show still lacks answers


async def drafted(desk: Desk, seat: Seat) -> Draft:
    """What this run has saved so far; a fresh public run has nothing, and needs no query to know."""
    if seat.holder.kind == "fresh":
        return Draft()
    run = await runs.load(desk.database, seat.holder.token_hash)
    if run is None:
        return Draft()
    return Draft(record_of(run.drafts.values()), typed_of(run.drafts), run.started_at, run.page)


async def save_question(
    desk: Desk, seat: Seat, code: str, form: Form, language: str
) -> tuple[QuestionRead, Shown] | None:
    """Autosave. Returns the reading and what was shown before it; None where the run has submitted."""
    compiled = seat.survey.compiled
    before = (await drafted(desk, seat)).record
    read = read_question(compiled, code, form, before, seat.person)
    if not await _save(desk, seat, compiled.page_of[code], {code: _json(read.draft)}, language):
        return None
    return read, shown(compiled, before.answers, seat.person)


async def post(
    desk: Desk, seat: Seat, page: Page, form: Form, language: str, *, network: str = "", leave: str = ""
) -> Turn | PageRead:
    """A posted page. ``leave``: "back" or "stay" save and check nothing. A ``PageRead`` is to be shown again: with its
    errors, or with questions that the answers have made visible.

    Raises TooManyAttempts, Busy, Unavailable: the page comes back with what was typed.
    """
    compiled = seat.survey.compiled
    known = Draft() if len(compiled.pages) == 1 else await drafted(desk, seat)
    read = read_page(compiled, page.code, form, known.record, seat.person)
    if leave:
        back = previous_page(compiled, read.shown, page.code) if leave == "back" else None
        return await _turned(desk, seat, page, read, Turn("page", back or page.code), language)
    if read.errors or read.revealed:
        saved = await _turned(desk, seat, page, read, Turn("page", page.code), language)
        return read if saved.kind == "page" else saved
    following = next_page(compiled, read.shown, page.code)
    if following:
        return await _turned(desk, seat, page, read, Turn("page", following), language)
    finished = finish(compiled, read.record, seat.person)
    for code in finished.errors:
        return await _turned(desk, seat, page, read, Turn("page", code, due=True), language)
    if not submitting.admitted(desk, seat, network):
        await _turned(desk, seat, page, read, Turn("page", page.code), language)
        raise TooManyAttempts(retry_after=60)
    stored = await submitting.submit(desk, seat, read.record, finished.stored, known.started_at, language)
    return Turn("done" if stored else "submitted")


def due(seat: Seat, record: Record, page: Page) -> Errors:
    """What is still due on a page."""
    return finish(seat.survey.compiled, record, seat.person).errors.get(page.code, {})


async def _turned(desk: Desk, seat: Seat, page: Page, read: PageRead, turn: Turn, language: str) -> Turn:
    """The page saved as it is, with what is wrong in it, and on to where ``turn`` leads."""
    compiled = seat.survey.compiled
    codes = [question.code for question in page.questions]
    drafts = {code: _json(draft(compiled, read.record, code, read.typed.get(code))) for code in codes}
    return turn if await _save(desk, seat, turn.page, drafts, language) else Turn("submitted")


async def _save(desk: Desk, seat: Seat, page: str, questions: dict[str, str], language: str) -> bool:
    """Durably; False where this run has submitted meanwhile."""
    operation = SaveAnswers(
        token_hash=seat.holder.token_hash,
        wave=seat.survey.wave.id,
        language=language,
        page=page,
        now=clock.now(),
        answers=questions,
        receipt_hash=seat.holder.receipt_hash,
    )
    return await desk.database.writer.write(operation) is Outcome.STORED


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
