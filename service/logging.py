"""Logs: one line per request and one per fault, as JSON or for a console.

A line holds the route's template, never the path (tokens live in paths), and no body, query, address, header or token.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from random import getrandbits
from time import perf_counter
from typing import Any, TextIO

import msgspec
import structlog
from litestar.types import ASGIApp, Receive, Send

from service.settings import Settings

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_request_line: Callable[[dict[str, Any]], None] | None = None


def configure(settings: Settings, out: TextIO | None = None) -> None:
    """Once per process, before the first request. Until then nothing is said of requests."""
    global _request_line
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False)
    if settings.log_format == "json":
        renderer = structlog.processors.JSONRenderer(serializer=lambda event, **_: msgspec.json.encode(event).decode())
    out = out or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _request_line = _line_writer(renderer, out) if level <= logging.INFO else None
    _adopt(level)


def _line_writer(renderer: Any, out: TextIO) -> Callable[[dict[str, Any]], None]:
    """What structlog would write, without its ceremony: this runs at every request."""

    def write(event: dict[str, Any]) -> None:
        event.update(event="request", level="info", timestamp=datetime.now(UTC).isoformat())
        with contextlib.suppress(OSError):  # a full disk must not take back an answer
            out.write(renderer(None, "info", event) + "\n")
            out.flush()

    return write


class _Adopted(logging.Handler):
    """What libraries log, in our form: their sentence, and of an exception its kind alone."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        # the sentences of warnings are the library's own; those of exceptions may quote what was sent
        said = record.msg if kind else record.getMessage()
        structlog.get_logger().log(record.levelno, "library", logger=record.name, said=str(said), kind=kind)


def _adopt(level: int) -> None:
    root = logging.getLogger()
    root.handlers = [_Adopted()]
    root.setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True


class RequestLog:
    """One line when a request is answered; its id is in the answer too, so that somebody can tell us which it was."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        started, status, identifier = perf_counter(), 0, f"{getrandbits(64):016x}"
        scope["state"]["request_id"] = identifier

        async def send_noting(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", identifier.encode()))
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            if _request_line is not None:
                _request_line(
                    {
                        "method": scope["method"] if scope["method"] in METHODS else "other",
                        "route": scope.get("path_template", "unmatched"),
                        "status": status,
                        "ms": round((perf_counter() - started) * 1000, 1),
                        "request": identifier,
                    }
                )
