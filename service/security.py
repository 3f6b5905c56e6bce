"""The session cookie, the cross-site check and the headers of every answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.types import ASGIApp, Receive, Send

from service.errors import CrossSite
from service.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def session_cookie(settings: Settings) -> str:
    return "__Host-session" if settings.secure_cookies else "session"


def session(settings: Settings, token: str) -> Cookie:
    """The cookie of a signed-in browser; an empty token takes it away."""
    return Cookie(
        key=session_cookie(settings),
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        max_age=settings.session_hours * 3600 if token else 0,
    )


def check_origin(connection: ASGIConnection) -> None:
    """Raises CrossSite for an unsafe request that no page of ours sent.

    ``Sec-Fetch-Site`` where the browser sends it (HTTPS and localhost), else ``Origin`` against our own. ``none`` is
    what the person at the browser began (a form sent again after a restart): no page can cause it. A client that
    sends neither is refused: every browser sends one with a POST, and programs have the API.
    """
    scope: Any = connection.scope
    if scope["method"] not in SAFE_METHODS and not sent_by_us(connection.headers, connection.app.state.settings):
        raise CrossSite


def sent_by_us(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether headers, by lower-case names, are those of a form of our own pages: see ``check_origin``."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = urlsplit(headers.get("origin", ""))
    ours = (headers.get("host", ""), urlsplit(settings.base_url).netloc)
    return bool(origin.netloc) and origin.netloc in ours


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(c) < 33 for c in target):
        return "/"
    return target


ANSWERS = "/answer/"  # pages that may ask where somebody is, at the press of a button
LINKS = ("/a/", "/w/", "/e/")  # addresses that hold a token; they lead on at once, or say why not
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


FRAMING_POLICY = CONTENT_SECURITY_POLICY.replace("form-action", "frame-src 'self'; form-action")
"""For pages that show another page of ours in a frame."""

FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
"""For pages that are shown so. Either is set by the handler, and wins over the fixed one."""


POLICY = {b"content-security-policy"}


def fixed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """On every answer, errors and files included.

    ``Referrer-Policy`` is ``same-origin``, not ``no-referrer``: under the latter browsers send ``Origin: null`` with
    our own forms, which over plain HTTP (no ``Sec-Fetch-Site``) could not be told from a foreign one. Nothing leaves
    either way.
    """
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """Adds the fixed headers, ``no-store`` where the answer says nothing else, and keeps the choice of ``?lang=``."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.fixed = fixed_headers(settings)
        self.of_answers = [(n, v.replace(b"geolocation=()", b"geolocation=(self)")) for n, v in self.fixed]
        self.of_links = [(name, b"no-referrer" if name == b"referrer-policy" else value) for name, value in self.fixed]
        secure = b"; Secure" if settings.secure_cookies else b""
        self.cookie_end = b"; Path=/; Max-Age=31536000; SameSite=Lax" + secure

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                path = scope["path"]
                fixed = self.of_links if path.startswith(LINKS) else self.fixed
                fixed = self.of_answers if path.startswith(ANSWERS) else fixed
                given = message["headers"]
                own = {name.lower() for name, _ in given} & POLICY
                headers = [*given, *(each for each in fixed if each[0] not in own)] if own else [*given, *fixed]
                for name, _ in message["headers"]:
                    if name == b"cache-control":
                        break
                else:
                    headers.append((b"cache-control", b"no-store"))
                if b"lang=" in scope["query_string"] and (visitor := scope["state"].get("visitor")):
                    headers.append((b"set-cookie", b"language=" + visitor.language.encode() + self.cookie_end))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)
