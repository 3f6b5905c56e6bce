"""How answers travel: HEAD as GET without its body, files and fresh pages from memory, pages compressed on the way."""

from __future__ import annotations

import gzip
import mimetypes
from pathlib import Path
from time import monotonic
from typing import Any

import brotli
import msgspec
from litestar.types import ASGIApp, Receive, Send

from service.templates import WEB, Assets

PREFIX = "/static/"
SMALLEST = 500  # bytes: below that a compressed answer is no smaller on the wire
COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "image/svg+xml")
FOREVER = b"public, max-age=31536000, immutable"
FRESH_SECONDS = 0.5
FRESH_RUN = b"run=n."  # how the cookie of a device begins that has saved nothing (service.pages.answer_device)
FRESH_PAGES = 500  # kept at once
QUALITY = 4  # of brotli and gzip: a page of 20 KB in under half a millisecond


def encoding_for(scope: Any) -> str:
    """``br``, ``gzip`` or nothing, by what the client accepts."""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return "br" if b"br" in value else "gzip" if b"gzip" in value else ""
    return ""


class Head:
    """Answers HEAD as it would GET, without the body: link checkers and load balancers ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Any) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked: Any = {**scope, "method": "GET"}  # a copy: the server looks at its own to see that no body will come
        try:
            await self.app(asked, receive, send_without_body)
        finally:
            scope["path_template"] = asked.get("path_template", "unmatched")


class _File(msgspec.Struct, frozen=True):
    """A static file's bytes by content encoding; the empty encoding is the file itself."""

    media_type: bytes
    caching: bytes
    bodies: dict[str, bytes]


def _load(path: Path, caching: bytes) -> _File:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    bodies = {"": path.read_bytes()}
    for encoding, suffix in (("br", ".br"), ("gzip", ".gz")):
        ready = path.with_name(path.name + suffix)
        if ready.exists():
            bodies[encoding] = ready.read_bytes()
    return _File(media_type.encode(), caching, bodies)


class StaticFiles:
    """``/static/<name>``: hashed names of ``web/vendor`` for a year, plain names of ``web/static`` for a developer."""

    def __init__(self, app: ASGIApp, assets: Assets, folder: Path = WEB) -> None:
        self.app = app
        self.plain = folder / "static"
        self.files = {name: _load(folder / "vendor" / name, FOREVER) for name in assets.hashed.values()}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not path.startswith(PREFIX) or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        file = self._find(path.removeprefix(PREFIX))
        if file is None:
            await self.app(scope, receive, send)
            return
        scope["path_template"] = PREFIX
        encoding = encoding_for(scope)
        body = file.bodies.get(encoding)
        headers = [(b"content-type", file.media_type), (b"cache-control", file.caching), (b"vary", b"Accept-Encoding")]
        if body is None:
            body = file.bodies[""]
        elif encoding:
            headers.append((b"content-encoding", encoding.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _find(self, name: str) -> _File | None:
        if file := self.files.get(name):
            return file
        path = self.plain / name
        return _load(path, b"no-cache") if path.parent == self.plain and path.is_file() else None


class Compression:
    """Compresses whole answers of text. What is streamed, or compressed already, passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        encoding = encoding_for(scope)
        if not encoding:
            await self.app(scope, receive, send)
            return
        start: Any = None

        async def send_compressed(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _worthwhile(message):
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                opening, start = start, None
                if not message.get("more_body") and len(message["body"]) >= SMALLEST:
                    message["body"] = _compressed(encoding, message["body"])
                    opening["headers"] = _headers(opening, encoding, len(message["body"]))
                await send(opening)
            await send(message)

        await self.app(scope, receive, send_compressed)


def _worthwhile(message: Any) -> bool:
    compressible = False
    for name, value in message["headers"]:
        if name == b"content-encoding":
            return False
        if name == b"content-type":
            compressible = value.decode("latin-1").startswith(COMPRESSIBLE)
    return compressible


def _compressed(encoding: str, body: bytes) -> bytes:
    return brotli.compress(body, quality=QUALITY) if encoding == "br" else gzip.compress(body, QUALITY, mtime=0)


def _headers(message: Any, encoding: str, length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in message["headers"] if name != b"content-length"]
    return [
        *kept,
        (b"content-length", str(length).encode()),
        (b"content-encoding", encoding.encode()),
        (b"vary", b"Accept-Encoding"),
    ]


class FreshPages:
    """A survey's page as devices see it that have saved nothing yet: the same bytes for all who read one language.

    What the handler answered to one of them (and marked ``same_for_all``) serves the others for ``FRESH_SECONDS``, so
    that a whole factory which starts at the same minute costs little more than its lines on the wire.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[Any, tuple[float, str, Any, Any]] = {}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        key = _fresh_key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        kept = self._kept.get(key)
        if kept is not None and monotonic() < kept[0]:
            _, scope["path_template"], opening, body = kept
            opened: Any = {**opening, "headers": list(opening["headers"])}  # a copy: the log adds the request's id
            await send(opened)
            await send(body)
            return
        start: Any = None

        async def send_keeping(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": list(message["headers"])}
            elif start["status"] == 200 and scope["state"].get("same_for_all") and not message.get("more_body"):
                if len(self._kept) >= FRESH_PAGES:
                    self._kept.clear()
                self._kept[key] = (monotonic() + FRESH_SECONDS, scope["path_template"], start, dict(message))
            await send(message)

        await self.app(scope, receive, send_keeping)


def _fresh_key(scope: Any) -> Any:
    """What the page of a device that has saved nothing depends on; None for all other requests."""
    if scope["method"] != "GET" or scope["query_string"] or not scope["path"].startswith("/answer/"):
        return None
    run = language = preferred = b""
    for name, value in scope["headers"]:
        if name == b"cookie":
            for part in value.split(b"; "):
                if part.startswith(b"run="):
                    run = part
                elif part.startswith(b"language="):
                    language = part
        elif name == b"accept-language":
            preferred = value
        elif name.startswith(b"hx-"):
            return None
    return (scope["path"], language, preferred, encoding_for(scope)) if run.startswith(FRESH_RUN) else None
