"""What a candidate's browser keeps: a signed ticket for the exam, in a cookie; and which tab asks.

The ticket lies under the exam's own path, and a copy under that of links, so that opening the link again in the same
browser is still the same browser. A tab is known by its part of the address, ``/exam/<exam>/<tab>/…``: relative links
and forms keep it, with and without scripts.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response

from service import limits
from service.actions import sitting
from service.actions.admission import ExamRecord, Hall, Ticket, read_ticket
from service.actions.sitting import At
from service.errors import NotFound

MONTH = 30 * 24 * 3600
YEAR = 365 * 24 * 3600


def hall(request: Request) -> Hall:
    """One for the process."""
    state = request.app.state
    if "hall" not in state:
        state["hall"] = Hall(state.database)
    found: Hall = state["hall"]
    return found


async def exam_of(request: Request, exam: UUID) -> ExamRecord:
    """Raises NotFound for an exam that nobody can sit."""
    found = await hall(request).exam(exam)
    if found is None:
        raise NotFound
    return found


def ticket_of(request: Request, exam: UUID) -> Ticket | None:
    return read_ticket(exam, request.cookies.get("sitting", ""), _secret(request))


def ticket_at_link(request: Request, fresh: Ticket) -> Ticket:
    """The ticket that this browser has already for the same candidate, else the fresh one."""
    kept = read_ticket(fresh.exam, request.cookies.get(_name(fresh.exam), ""), _secret(request))
    return kept if kept and kept.candidate == fresh.candidate else fresh


def keep(request: Request, response: Response[Any], ticket: Ticket | None, exam: UUID) -> Response[Any]:
    """Sets the ticket, or takes it away."""
    value = ticket.written(_secret(request)) if ticket else ""
    secure = request.app.state.settings.secure_cookies
    age = MONTH if ticket else 0
    for name, path in (("sitting", f"/exam/{exam}"), (_name(exam), "/e")):
        response.set_cookie(name, value, path=path, max_age=age, httponly=True, samesite="lax", secure=secure)
    return response


def speak(request: Request, response: Response[Any], language: str | None) -> Response[Any]:
    """Remembers a language chosen on a form."""
    if language:
        secure = request.app.state.settings.secure_cookies
        response.set_cookie("language", language, path="/", max_age=YEAR, samesite="lax", secure=secure)
    return response


async def at_of(request: Request, exam: UUID, tab: str, *, fresh: bool = True) -> At | None:
    """The attempt of this browser's tab; None where there is none, and the door says what there is."""
    return await sitting.at(hall(request), await exam_of(request, exam), ticket_of(request, exam), tab, fresh=fresh)


def redirect(target: str) -> Response[Any]:
    return Response(b"", status_code=303, headers={"Location": target})


def network(request: Request) -> str:
    return limits.network(request.client.host if request.client else "")


def _name(exam: UUID) -> str:
    return f"sitting-{exam.hex}"


def _secret(request: Request) -> str:
    secret: str = request.app.state.settings.secret()  # made at first use where the environment gives none
    return secret
