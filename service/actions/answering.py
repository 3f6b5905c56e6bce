"""Answering, from a seat at the desk: what is saved so far, saving a question, turning a page, submitting on the last.

A ``Sitting`` is a seat with all that decides what is seen. What became of a posted page is a ``Turn``, or the page as
read where it has to be shown again. Texts are the pages' business; so is the device.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from service import clock
from service.actions import submitting, unique_answers
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
from surveys.compiled import Compiled, Shown
from surveys.context import Context
from surveys.definition import Page
from surveys.logic import Situation, next_page, previous_page, shown, situation
from surveys.questions import Hidden
from surveys.questions.base import TODAY, Form


class Draft(msgspec.Struct, frozen=True):
    """What is saved of a run: answers, what was typed but cannot be read, when it began, the page last worked on.
    ``seed`` is None where the run has none yet."""

    record: Record = Record()
    typed: dict[str, Typed] = {}
    started_at: datetime | None = None
    page: str = ""
    seed: int | None = None


class Sitting(msgspec.Struct, frozen=True):
    """A seat, what its run has saved, and what is known beside the answers."""

    desk: Desk
    seat: Seat
    draft: Draft
    context: Context

    @property
    def compiled(self) -> Compiled:
        return self.seat.survey.compiled

    def situation(self, record: Record | None = None) -> Situation:
        """What follows from the answers saved, or from those of ``record``."""
        return situation(self.compiled, (record or self.draft.record).answers, self.context)

    def dated(self, form: Form) -> Form:
        """A form as posted, with the server's day to hold dates against."""
        return {**form, TODAY: [self.context.today]}


class Turn(msgspec.Struct, frozen=True):
    """Where a posted page leads: ``page`` to show next, ``done`` (also where it ended before the end), or ``submitted``
    (by another device, or before)."""

    kind: Literal["page", "done", "submitted"]
    page: str = ""
    due: bool = False  # the page to show still lacks answers


async def sit(desk: Desk, seat: Seat, language: str) -> Sitting:
    """With what this run has saved so far; a fresh public run has nothing, and needs no query to know."""
    return sitting(desk, seat, language, await _drafted(desk, seat))


async def sit_to_post(desk: Desk, seat: Seat, language: str) -> Sitting:
    """The same for the posted form of a page; where that is all there is, what was saved before decides nothing."""
    compiled = seat.survey.compiled
    whole = len(compiled.pages) == 1 and compiled.everything is not None
    return sitting(desk, seat, language, Draft() if whole else await _drafted(desk, seat))


def sitting(desk: Desk, seat: Seat, language: str, known: Draft) -> Sitting:
    today = clock.now().astimezone(ZoneInfo(desk.database.settings.time_zone)).date()
    seed = known.seed
    if seed is None:
        seed = seat.holder.seed if seat.survey.compiled.by_lot else 0  # where nothing follows from it, none is drawn
    return Sitting(desk, seat, known, seat.context(known.record.answers, seed, language, today))


async def _drafted(desk: Desk, seat: Seat) -> Draft:
    if seat.holder.kind == "fresh":
        return Draft()
    run = await runs.load(desk.database, seat.holder.token_hash)
    if run is None:
        return Draft()
    return Draft(record_of(run.drafts.values()), typed_of(run.drafts), run.started_at, run.page, run.seed)


async def save_question(at: Sitting, code: str, form: Form) -> tuple[QuestionRead, Shown] | None:
    """Autosave. Returns the reading and what was shown before it; None where the run has submitted."""
    before = at.draft.record
    read = read_question(at.compiled, code, at.dated(form), before, at.context)
    if not await _save(at, at.compiled.page_of[code], {code: _json(read.draft)}):
        return None
    return read, shown(at.compiled, before.answers, at.context)


async def post(at: Sitting, page: Page, form: Form, *, network: str = "", leave: str = "") -> Turn | PageRead:
    """A posted page. ``leave``: "back" and "stay" save and check nothing; so does "more", which shows the page again
    with one more row. A ``PageRead`` is to be shown again: with its errors, or with questions that the answers reveal.

    Raises TooManyAttempts, Busy, Unavailable: the page comes back with what was typed.
    """
    read = read_page(at.compiled, page.code, at.dated(form), at.draft.record, at.context)
    if leave == "more":
        return await _again(at, page, msgspec.structs.replace(read, errors={}, revealed=()))
    if leave:
        back = previous_page(at.compiled, read.shown, page.code) if leave == "back" else None
        return await _turned(at, page, read, Turn("page", back or page.code))
    read = await _with_taken(at, page, read)
    if read.errors or read.revealed:
        return await _again(at, page, read)
    following = next_page(at.compiled, read.shown, page.code)
    if following:
        return await _turned(at, page, read, Turn("page", following))
    return await _submit(at, page, read, network)


async def due(at: Sitting, page: Page) -> Errors:
    """What is still due on a page: answers that are missing, and those that somebody else has given before."""
    record = at.draft.record
    missing = finish(at.compiled, record, at.context).errors.get(page.code, {})
    shown_here = [each for each in page.questions if each.code in at.situation().shown.questions]
    return {**missing, **await unique_answers.taken(at.desk.database, at.seat.survey.wave.id, shown_here, record)}


async def _submit(at: Sitting, page: Page, read: PageRead, network: str) -> Turn | PageRead:
    finished = finish(at.compiled, read.record, at.context, read.now, read.checked)
    for code in finished.errors:
        return await _turned(at, page, read, Turn("page", code, due=True))
    if not submitting.admitted(at.desk, at.seat, network):
        await _turned(at, page, read, Turn("page", page.code))
        raise TooManyAttempts(retry_after=60)
    outcome = await submitting.submit(at.desk, at.seat, at.context, read.record, finished, at.draft.started_at)
    if outcome is not Outcome.TAKEN:
        return Turn("submitted" if outcome is Outcome.ALREADY_SUBMITTED else "done")
    read = await _with_taken(at, page, read)
    if read.errors:
        return await _again(at, page, read)
    asked = [question for code, question in at.compiled.questions.items() if code in read.shown.questions]
    wave = at.seat.survey.wave.id
    for code in await unique_answers.taken(at.desk.database, wave, asked, read.record):
        return await _turned(at, page, read, Turn("page", at.compiled.page_of[code], due=True))
    return await _turned(at, page, read, Turn("page", page.code))  # erased meanwhile: sending again will do


async def _with_taken(at: Sitting, page: Page, read: PageRead) -> PageRead:
    """With an error at each answer that only one may give and somebody else has given."""
    if not at.compiled.unique:
        return read
    asked = [question for question in page.questions if question.code in read.shown.questions]
    found = await unique_answers.taken(at.desk.database, at.seat.survey.wave.id, asked, read.record)
    return msgspec.structs.replace(read, errors={**found, **read.errors}) if found else read


async def _again(at: Sitting, page: Page, read: PageRead) -> Turn | PageRead:
    saved = await _turned(at, page, read, Turn("page", page.code))
    return read if saved.kind == "page" else saved


async def _turned(at: Sitting, page: Page, read: PageRead, turn: Turn) -> Turn:
    """The page saved as it is, with what is wrong in it, and on to where ``turn`` leads."""
    codes = [question.code for question in page.questions]
    drafts = {code: _json(draft(at.compiled, read.record, code, read.typed.get(code))) for code in codes}
    return turn if await _save(at, turn.page, drafts) else Turn("submitted")


async def _save(at: Sitting, page: str, questions: dict[str, str]) -> bool:
    """Durably; False where this run has submitted meanwhile."""
    holder = at.seat.holder
    operation = SaveAnswers(
        token_hash=holder.token_hash,
        wave=at.seat.survey.wave.id,
        language=at.context.language,
        page=page,
        now=clock.now(),
        answers={**questions, **_from_link(at)} if at.context.link else questions,
        receipt_hash=holder.receipt_hash,
        seed=at.context.seed if at.compiled.by_lot else None,
    )
    return await at.desk.database.writer.write(operation) is Outcome.STORED


def _from_link(at: Sitting) -> dict[str, str]:
    """What the link says, as answers of its hidden fields: saved once, it is there on every device."""
    link = at.context.link
    hidden = [each for each in at.compiled.questions.values() if isinstance(each, Hidden)]
    said = {each.code: link.get(each.parameter or each.code) for each in hidden}
    return {code: _json({code: value}) for code, value in said.items() if value}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
