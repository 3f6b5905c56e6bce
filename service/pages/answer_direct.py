"""A posted page as most are: taken from the wire to the redirect without the framework.

To match a route and to make request, parameters and response for it costs more than reading thirty answers does. What
is not plain (uploads, pieces for htmx, another language), who has no seat, and every answer but a redirect are left to
the handler, ``answer.turn``, which gets what has been done already.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Send

from service import forms, limits
from service.actions.answering import Turn
from service.actions.desk import Pass, Seat
from service.database import Unavailable
from service.database.postgres import promptly
from service.errors import Malformed
from service.i18n import accepted, known
from service.pages.answer_device import OWN_PAGES, desk_of, follow, page_code, read_pass, run_cookie, saved_pass
from service.pages.answer_turn import take
from service.security import sent_by_us
from service.settings import Settings

TEMPLATE = "/answer/{wave:uuid}/{name:str}"
_PATH = re.compile(r"/answer/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([a-z0-9_-]+)")
_ESCAPED = ('"', "%", "\\")


class Posted(msgspec.Struct, frozen=True):
    """What a request says before its body is read."""

    wave: UUID
    page: str
    holder: Pass | None
    language: str
    network: str


class DirectTurns:
    """Stands before the routing, within what every answer goes through."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app, self.state = app, state
        self.settings: Settings = state.settings

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        posted = _posted(scope, self.settings) if scope["method"] == "POST" else None
        if posted is None:
            await self.app(scope, receive, send)
            return
        with promptly():
            await self._take(posted, scope, receive, send)

    async def _take(self, posted: Posted, scope: Any, receive: Receive, send: Send) -> None:
        at = desk_of(self.state)
        try:
            seat = await at.seat(posted.wave, posted.holder)
        except Unavailable:  # the handler learns so again, without waiting any longer
            seat = None
        page = seat.survey.compiled.page(posted.page) if isinstance(seat, Seat) else None
        body = await _body(receive) if page is not None else None
        form = _read(body) if body is not None else None
        if not isinstance(seat, Seat) or page is None or form is None or seat.survey.compiled.uploads:
            await self.app(scope, receive if body is None else _again(body, receive), send)
            return
        try:
            taken = await take(at, seat, page, form, (), language=posted.language, network=posted.network)
        except Exception as fault:
            scope["state"]["taken"] = fault
        else:
            if isinstance(taken.outcome, Turn):
                await self._lead_on(seat, taken.outcome, scope, send)
                return
            scope["state"]["taken"] = taken
        await self.app(scope, receive, send)

    async def _lead_on(self, seat: Seat, turn: Turn, scope: Any, send: Send) -> None:
        scope["path_template"] = TEMPLATE
        headers = [(b"location", follow(seat, turn).encode()), (b"content-length", b"0")]
        saved = saved_pass(seat)
        if saved:
            cookie = run_cookie(saved, f"/answer/{seat.survey.wave.id}", self.settings.secure_cookies)
            headers.append((b"set-cookie", cookie.encode()))
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _posted(scope: Any, settings: Settings) -> Posted | None:
    """A whole page posted by one of our own; None for all other requests."""
    place = _place(scope["path"])
    if place is None or scope["query_string"] or scope.get("root_path"):
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    length, cookie = headers.get("content-length", ""), headers.get("cookie", "")
    if (
        len(headers) != len(scope["headers"])
        or "hx-request" in headers
        or not headers.get("content-type", "").startswith(forms.URL_ENCODED)
        or not (length.isdecimal() and int(length) <= forms.MOST_BYTES)
        or any(mark in cookie for mark in _ESCAPED)
        or not sent_by_us(headers, settings)
    ):
        return None
    cookies = dict(part.strip().partition("=")[::2] for part in cookie.split(";"))
    return Posted(
        *place,
        read_pass(cookies.get("run", "")),
        known(cookies.get("language")) or accepted(headers.get("accept-language", "")) or settings.default_language,
        limits.network(scope["client"][0] if scope["client"] else ""),
    )


@lru_cache(maxsize=1024)
def _place(path: str) -> tuple[UUID, str] | None:
    """Wave and page of a page's path."""
    found = _PATH.fullmatch(path)
    return (UUID(found[1]), page_code(found[2])) if found and found[2] not in OWN_PAGES else None


async def _body(receive: Receive) -> bytes | None:
    """None where the sender went before the end."""
    message: Any = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return None if message["type"] == "http.disconnect" else body


def _read(body: bytes) -> forms.Form | None:
    """None where another language is asked for, or where it is no form."""
    try:
        form = forms.read(body)
    except Malformed:
        return None
    return None if "_language" in form else form


def _again(body: bytes, receive: Receive) -> Receive:
    """What has been received, once more."""
    waiting: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Any:
        return waiting.pop() if waiting else await receive()

    return received
