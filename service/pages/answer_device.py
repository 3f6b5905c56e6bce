"""What a participant's device keeps: its pass and its language, in cookies; and where it is sent next."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.datastructures import State

from service import limits
from service.actions.answering import Turn
from service.actions.desk import Desk, Pass, Seat
from service.actions.receipts import RECEIPT_LENGTH
from service.compiled import CompiledPages
from service.templates import partial

KINDS: dict[str, Literal["personal", "fresh", "public"]] = {
    "a": "personal", "n": "fresh", "h": "fresh", "w": "public",
}  # fmt: skip
LETTERS = {"personal": "a", "fresh": "n", "public": "w"}
FRESH_WITH_LINK = "h"  # what its link says may show it other pages than the fresh ones that all share
LINK = msgspec.json.Decoder(dict[str, str])
LONGEST_LINK = 3_000  # characters of the parameters in the cookie
OWN_PAGES = ("done", "save")  # a questionnaire's page of that code gets a hyphen in its URL; codes hold none
YEAR = 365 * 24 * 3600


def desk(request: Request) -> Desk:
    return desk_of(request.app.state)


def desk_of(state: State) -> Desk:
    """One for the process."""
    if "desk" not in state:
        state["desk"], state["pages"] = Desk(state.database), CompiledPages()
    found: Desk = state["desk"]
    return found


def pass_of(request: Request) -> Pass | None:
    """The pass of the cookie whose path the request lies under: the wave's, or the link's own copy."""
    return read_pass(request.cookies.get("run", ""))


def read_pass(cookie: str) -> Pass | None:
    letter, _, rest = cookie.partition(".")
    token, _, rest = rest.partition(".")
    receipt, _, link = rest.partition(".")
    if letter not in KINDS or not 16 <= len(token) <= 64 or len(receipt) != RECEIPT_LENGTH:
        return None
    return Pass(KINDS[letter], token, receipt, _read_link(link) if link else {})


def _read_link(written: str) -> dict[str, str]:
    """What the cookie says of the link's parameters; nothing where it was tampered with."""
    try:
        return LINK.decode(urlsafe_b64decode(written + "==")) if len(written) <= LONGEST_LINK else {}
    except (ValueError, msgspec.MsgspecError):
        return {}


def enter(request: Request, opened: tuple[UUID, Pass], link: str) -> Response[Any]:
    """The pass is kept for the link, too: opening it again on this device goes on with the same run and receipt."""
    wave, holder = opened
    before = pass_of(request)
    if before is not None and (holder.kind != "personal" or before.token == holder.token):
        kind: Literal["personal", "public"] = "personal" if holder.kind == "personal" else "public"
        holder = Pass(kind, before.token, before.receipt, holder.link or before.link)
    response = redirect(request, f"/answer/{wave}")
    _keep(request, response, holder, link)
    _keep(request, response, holder, f"/answer/{wave}")
    return response


def remember(request: Request, seat: Seat, response: Response[Any], language: str | None = None) -> Response[Any]:
    """The device learns that its run has saved something, and the language chosen."""
    saved = saved_pass(seat)
    if saved:
        _keep(request, response, saved, f"/answer/{seat.survey.wave.id}")
    if language:
        secure = request.app.state.settings.secure_cookies
        response.set_cookie("language", language, path="/", max_age=YEAR, samesite="lax", secure=secure)
    return response


def saved_pass(seat: Seat) -> Pass | None:
    """The pass of a device that has just saved for the first time; None where it has its pass already."""
    holder = seat.holder
    return Pass("public", holder.token, holder.receipt) if holder.kind == "fresh" else None


def _keep(request: Request, response: Response[Any], holder: Pass, path: str) -> None:
    secure = request.app.state.settings.secure_cookies
    if "Set-Cookie" in response.headers:
        response.set_cookie(
            "run", _written(holder), path=path, max_age=YEAR, httponly=True, samesite="lax", secure=secure
        )
        return
    response.headers["Set-Cookie"] = run_cookie(holder, path, secure)


def run_cookie(holder: Pass, path: str, secure: bool) -> str:
    """Written by hand: it comes with every first submission, and Litestar's cookies are slow."""
    end = "; Secure" if secure else ""
    return f"run={_written(holder)}; Path={path}; Max-Age={YEAR}; HttpOnly; SameSite=Lax{end}"


def _written(holder: Pass) -> str:
    value = f"{LETTERS[holder.kind]}.{holder.token}.{holder.receipt}"
    if not holder.link:
        return value
    link = urlsafe_b64encode(msgspec.json.encode(holder.link)).decode().rstrip("=")
    return f"{FRESH_WITH_LINK if holder.kind == 'fresh' else value[0]}{value[1:]}.{link}"


def redirect(request: Request, target: str) -> Response[Any]:
    if partial(request):
        return Response(b"", status_code=204, headers={"HX-Redirect": target})
    return Response(b"", status_code=303, headers={"Location": target})


def follow(seat: Seat, turn: Turn) -> str:
    """Where a posted page leads."""
    base = f"/answer/{seat.survey.wave.id}"
    if turn.kind == "page":
        return f"{base}/{page_name(turn.page)}" + ("?due=1" if turn.due else "")
    return f"{base}/done" if turn.kind == "done" else base


def network(request: Request) -> str:
    return limits.network(request.client.host if request.client else "")


def page_name(code: str) -> str:
    """A page's code as its URL says it."""
    return code + "-" if code in OWN_PAGES else code


def page_code(name: str) -> str:
    return name.rstrip("-")
