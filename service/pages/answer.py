"""A participant's pages: links, introduction, questions, receipt. They need no JavaScript; htmx saves as one goes.

What the device keeps is in ``answer_device``, what pages show in ``answer_view``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from service import forms
from service.access import visitor_of
from service.actions import answering, files, submitting
from service.actions.answering import Turn
from service.actions.desk import Pass, Refusal, Seat
from service.actions.receipts import read_receipt
from service.database import Unavailable
from service.errors import Malformed
from service.pages import answer_view as view
from service.pages.answer_device import desk, enter, follow, network, page_code, pass_of, redirect, remember
from service.pages.answer_turn import Taken, take
from service.templates import partial
from surveys.answers import PageRead
from surveys.questions.base import Form

PARTICIPANT = {"access": "participant"}
ANSWERS = {**PARTICIPANT, "upload": "answers"}


@get("/w/{token:str}", opt=PARTICIPANT)
async def open_public(request: Request, token: FromPath[str]) -> Response[Any]:
    opened = await desk(request).open_public(token, request.query_params.dict())
    return enter(request, opened, f"/w/{token}") if opened else view.refused(request, Refusal("unknown"))


@get("/a/{token:str}", opt=PARTICIPANT)
async def open_personal(request: Request, token: FromPath[str]) -> Response[Any]:
    opened = await desk(request).open_personal(token, request.query_params.dict())
    return enter(request, opened, f"/a/{token}") if opened else view.refused(request, Refusal("unknown"))


@get("/answer/{wave:uuid}", opt=PARTICIPANT)
async def introduction(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    holder, at = pass_of(request), desk(request)
    if holder and await submitting.ending(at.database, holder.receipt):
        return redirect(request, f"/answer/{wave}/done")
    seat = await at.seat(wave, holder)
    if isinstance(seat, Refusal):
        return view.refused(request, seat)
    return view.introduction(request, await answering.sit(at, seat, visitor_of(request).language))


@get("/answer/{wave:uuid}/done", opt=PARTICIPANT)
async def done(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    holder, at = pass_of(request), desk(request)
    survey = await at.survey(wave)
    ending = await submitting.ending(at.database, holder.receipt) if holder else None
    if survey is None or holder is None or ending is None:
        return redirect(request, f"/answer/{wave}")
    return view.done(request, survey, holder, ending)


@get("/answer/{wave:uuid}/{name:str}", opt=PARTICIPANT)
async def page(request: Request, wave: FromPath[UUID], name: FromPath[str]) -> Response[Any]:
    at = desk(request)
    seat = await at.seat(wave, pass_of(request))
    if isinstance(seat, Refusal):
        return view.refused(request, seat)
    sitting = await answering.sit(at, seat, visitor_of(request).language)
    found, now = sitting.compiled.page(page_code(name)), sitting.situation()
    if found is None or found.code not in now.shown.pages:
        return redirect(request, f"/answer/{wave}")
    if b"due" in request.scope["query_string"]:
        return view.due(request, sitting, found, now, await answering.due(sitting, found))
    return view.saved(request, sitting, found, now)


@post("/answer/{wave:uuid}/save", opt=ANSWERS)
async def save(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    at, (form, uploads) = desk(request), await forms.received(request)
    seat = await at.seat(wave, pass_of(request))
    if isinstance(seat, Refusal):
        return redirect(request, f"/answer/{wave}")
    code = unquote(request.headers.get("hx-source", "")).rpartition("#q-")[2]
    found = seat.survey.compiled.page(seat.survey.compiled.page_of.get(code, ""))
    if found is None:
        raise Malformed
    form = await files.settled(at, seat, [seat.survey.compiled.questions[code]], form, uploads, half=True)
    sitting = await answering.sit(at, seat, visitor_of(request).language)
    saved = await answering.save_question(sitting, code, form)
    if saved is None:
        return redirect(request, f"/answer/{wave}")
    return remember(request, seat, view.autosaved(request, sitting, found, code, form, *saved))


@post("/answer/{wave:uuid}/{name:str}", opt=ANSWERS)
async def turn(request: Request, wave: FromPath[UUID], name: FromPath[str]) -> Response[Any]:
    before = request.scope["state"].get("taken")  # by ``answer_direct``
    if before is not None:
        return _told(request, before)
    at, (form, uploads), holder = desk(request), await forms.received(request), pass_of(request)
    try:
        seat = await at.seat(wave, holder)
    except Unavailable as refusal:  # whom a personal link belongs to cannot be told now
        return await _unseated(request, wave, holder, page_code(name), form, refusal)
    if isinstance(seat, Refusal):
        return redirect(request, f"/answer/{wave}") if partial(request) else view.refused(request, seat)
    found = seat.survey.compiled.page(page_code(name))
    if found is None:
        return redirect(request, f"/answer/{wave}")
    taken = await take(at, seat, found, form, uploads, language=visitor_of(request).language, network=network(request))
    return _told(request, taken)


def _told(request: Request, taken: Taken | Exception) -> Response[Any]:
    """What has become of a posted page; raises the fault that came of it."""
    if isinstance(taken, Exception):
        raise taken
    seat, outcome = taken.sitting.seat, taken.outcome
    if isinstance(outcome, Turn):
        return remember(request, seat, redirect(request, follow(seat, outcome)), taken.switched)
    if isinstance(outcome, PageRead):
        return remember(request, seat, view.again(request, taken.sitting, taken.page, taken.form, outcome))
    if partial(request):
        raise outcome
    return view.kept(request, taken.sitting, taken.page, taken.form, outcome)


async def _unseated(
    request: Request, wave: UUID, holder: Pass | None, code: str, form: Form, refusal: Unavailable
) -> Response[Any]:
    """While the database is away: what was typed comes back, as far as this process knows the survey."""
    survey = None if partial(request) or holder is None else await desk(request).survey(wave)
    page = survey.compiled.page(code) if survey else None
    if survey is None or holder is None or page is None:
        raise refusal
    unknown = answering.sitting(desk(request), Seat(survey, holder), visitor_of(request).language, answering.Draft())
    return view.kept(request, unknown, page, form, refusal)


@get("/receipt", opt=PARTICIPANT, sync_to_thread=False)
def receipt_form(request: Request) -> Response[Any]:
    return view.receipt(request)


@post("/receipt", opt=PARTICIPANT)
async def check_receipt(request: Request) -> Response[Any]:
    typed = (await forms.posted(request)).get("code", [""])[0][:100]
    if not submitting.RECEIPT_CHECKS.admits(network(request)):
        return view.receipt(request, 429, code=typed, error="too_often")
    receipt = read_receipt(typed)
    if receipt is None:
        return view.receipt(request, 422, code=typed, error="misspelt")
    found = await submitting.stored_on(desk(request).database, receipt)
    return view.receipt(request, 200 if found else 422, code=receipt, found=found, error="" if found else "unknown")


controllers = [
    open_public, open_personal, introduction, done, page, save, turn, receipt_form, check_receipt,
]  # fmt: skip
