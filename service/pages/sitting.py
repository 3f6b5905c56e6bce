"""A candidate's pages: link and door, waiting room, items, overview, receipt.

They need no JavaScript; ``exam.js`` saves as one goes, keeps what a broken network holds up, and shows the clock.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from service import clock, forms
from service.access import visitor_of
from service.actions import sitting
from service.actions.attempt_files import upload
from service.actions.sitting import At, Sent
from service.database import Busy, Noted, Ruling, Unavailable
from service.errors import Malformed, TooManyAttempts
from service.i18n import known
from service.pages import sitting_view as view
from service.pages.sitting_device import (
    at_of,
    exam_of,
    hall,
    keep,
    network,
    redirect,
    speak,
    ticket_at_link,
    ticket_of,
)

CANDIDATE = {"access": "participant"}
UPLOADING = {**CANDIDATE, "upload": "answers"}
MOST_SENT = 200  # answers in one save
MOST_NOTED = 20


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``exam.js`` sends: answers that changed, what the page lived through, and the item now on the screen."""

    answers: list[Sent] = []
    noted: list[Noted] = []
    position: int | None = None


POSTED = msgspec.json.Decoder(Posted)


@get("/e/{token:str}", opt=CANDIDATE)
async def enter_by_link(request: Request, token: FromPath[str]) -> Response[Any]:
    found = await hall(request).by_link(token)
    if found is None:
        return view.unknown(request)
    ticket, exam = found
    return keep(request, redirect(f"/exam/{exam.id}"), ticket_at_link(request, ticket), exam.id)


@get("/exam/{exam:uuid}", opt=CANDIDATE)
async def door(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    found = await sitting.door(hall(request), await exam_of(request, exam), ticket_of(request, exam))
    return view.door(request, found)


@get("/exam/{exam:uuid}/clock", opt=CANDIDATE)
async def server_clock(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    """For the waiting room: it counts down by the server's time, whatever the phone's says."""
    found = await exam_of(request, exam)
    return Response({"now": view.milliseconds(clock.now()), "opens": view.milliseconds(found.opens_at)})


@post("/exam/{exam:uuid}/enter", opt=CANDIDATE)
async def enter(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    form, found = await forms.posted(request), await exam_of(request, exam)
    typed = {name: form.get(name, [""])[0][:200] for name in ("number", "password", "seat")}
    known_ticket = ticket_of(request, exam)
    ticket = await hall(request).by_form(found, known_ticket, **typed, network=network(request))
    if isinstance(ticket, str):
        at_door = await sitting.door(hall(request), found, known_ticket)
        return view.door(request, at_door, mistake=ticket, number=typed["number"])
    return keep(request, redirect(f"/exam/{exam}"), ticket, exam)


@post("/exam/{exam:uuid}/leave", opt=CANDIDATE, sync_to_thread=False)
def leave(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    """Somebody else sits down at this machine."""
    return keep(request, redirect(f"/exam/{exam}"), None, exam)


@post("/exam/{exam:uuid}/start", opt=CANDIDATE)
async def start(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    form, found, ticket = await forms.posted(request), await exam_of(request, exam), ticket_of(request, exam)
    number = view.integer(form, "attempt")
    at_door = await sitting.door(hall(request), found, ticket)
    tab = await sitting.start(at_door, hall(request), ticket, number, visitor_of(request).language) if ticket else None
    return redirect(f"/exam/{exam}/{tab}/1" if tab else f"/exam/{exam}")


@post("/exam/{exam:uuid}/take", opt=CANDIDATE)
async def take_over(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    """The attempt goes on in this tab, and in no other."""
    found, ticket = await exam_of(request, exam), ticket_of(request, exam)
    at_door = await sitting.door(hall(request), found, ticket)
    tab = await sitting.take_over(at_door, hall(request), ticket) if ticket else None
    position = at_door.running.position if at_door.running else 1
    return redirect(f"/exam/{exam}/{tab}/{position}" if tab else f"/exam/{exam}")


@get("/exam/{exam:uuid}/{tab:str}/{number:int}", opt=CANDIDATE)
async def page(request: Request, exam: FromPath[UUID], tab: FromPath[str], number: FromPath[int]) -> Response[Any]:
    at = await at_of(request, exam, tab)
    if at is None or at.attempt.submitted_at is not None:
        return redirect(f"/exam/{exam}")
    if at.device_hash != at.attempt.device_hash:
        return view.elsewhere(request, at)
    if at.item(number) is None or (at.one_way and number != at.attempt.position):
        return redirect(f"/exam/{exam}/{tab}/{at.attempt.position}")
    return await view.item(request, at, number)


@get("/exam/{exam:uuid}/{tab:str}/all", opt=CANDIDATE)
async def whole_paper(request: Request, exam: FromPath[UUID], tab: FromPath[str]) -> Response[Any]:
    """Every item's form, so that a phone without network can go on to the next one. Not where there is no way back."""
    at = await at_of(request, exam, tab)
    if at is None or at.attempt.submitted_at is not None or at.device_hash != at.attempt.device_hash or at.one_way:
        return Response(b"", status_code=204)
    return await view.whole_paper(request, at)


@get("/exam/{exam:uuid}/{tab:str}/overview", opt=CANDIDATE)
async def overview(request: Request, exam: FromPath[UUID], tab: FromPath[str]) -> Response[Any]:
    at = await at_of(request, exam, tab)
    if at is None or at.attempt.submitted_at is not None:
        return redirect(f"/exam/{exam}")
    if at.device_hash != at.attempt.device_hash:
        return view.elsewhere(request, at)
    return await view.overview(request, at)


@post("/exam/{exam:uuid}/{tab:str}/save", opt=CANDIDATE)
async def save(request: Request, exam: FromPath[UUID], tab: FromPath[str]) -> Response[Any]:
    at = await at_of(request, exam, tab, fresh=False)
    if at is None:
        return Response({"ruling": "unknown"}, status_code=404)
    try:
        posted = POSTED.decode(await request.body())
    except msgspec.MsgspecError as error:
        raise Malformed from error
    sent, noted = posted.answers[:MOST_SENT], posted.noted[:MOST_NOTED]
    return view.saved(at, await sitting.save(at, sent, noted, posted.position))


@post("/exam/{exam:uuid}/{tab:str}/submit", opt=CANDIDATE)
async def submit(request: Request, exam: FromPath[UUID], tab: FromPath[str]) -> Response[Any]:
    at = await at_of(request, exam, tab)
    if at is None or at.attempt.submitted_at is not None:
        return redirect(f"/exam/{exam}")
    verdict = await sitting.submit(at)
    if verdict.ruling is Ruling.ELSEWHERE:
        return view.elsewhere(request, at)
    return redirect(f"/exam/{exam}")


@post("/exam/{exam:uuid}/{tab:str}/{number:int}", opt=UPLOADING)
async def turn(request: Request, exam: FromPath[UUID], tab: FromPath[str], number: FromPath[int]) -> Response[Any]:
    at, (form, uploads) = await at_of(request, exam, tab, fresh=False), await forms.received(request)
    asked = at.item(number) if at else None
    if at is None or asked is None:
        return redirect(f"/exam/{exam}")
    form, fault = await upload(at, asked, form, uploads)
    sent = Sent(number=number, revision=view.integer(form, "_revision"), fields=form, flagged="_flagged" in form)
    target = _target(at, number, form)
    try:
        verdict = await sitting.save(at, [sent], position=target if isinstance(target, int) else None)
    except (Busy, Unavailable, TooManyAttempts) as refusal:
        return await view.again(request, at, sent, "sitting.busy", 503, getattr(refusal, "retry_after", None))
    if verdict.ruling is not Ruling.STORED or verdict.stale or fault:
        return await view.refused(request, at, sent, verdict, fault)
    language = known(form["_language"][0]) if "_language" in form else None
    return speak(request, redirect(f"/exam/{exam}/{tab}/{target}"), language)


def _target(at: At, number: int, form: forms.Form) -> int | str:
    """Where the button that was pressed leads: an item's number, or the overview."""
    if "_overview" in form or ("_next" in form and number == len(at.attempt.paper.items)):
        return "overview"
    if "_check" in form:
        return f"{number}/check"
    if "_next" in form:
        return number + 1
    if "_back" in form and not at.one_way:
        return max(number - 1, 1)
    wanted = view.integer(form, "_to")
    return wanted if not at.one_way and at.item(wanted) else number


controllers = [
    enter_by_link, door, server_clock, enter, leave, start, take_over, page, whole_paper, overview, save, submit, turn,
]  # fmt: skip
