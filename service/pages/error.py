"""Exceptions to answers, in one place: pages, pieces for htmx, problem+json for the API, in the reader's language."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from service import errors
from service.access import visitor_of
from service.database import Conflict, Unavailable
from service.errors import ServiceError
from service.templates import partial, render

log = structlog.get_logger("wenheng.error")

_BY_STATUS: dict[int, type[ServiceError]] = {
    401: errors.SignInNeeded,
    403: errors.NotFound,  # what one may not do does not exist
    404: errors.NotFound,
    405: errors.NotFound,
    409: errors.Conflict,
    413: errors.TooLarge,
    422: errors.Unusable,
    429: errors.TooManyAttempts,
    503: errors.Busy,
}


def understood(exception: Exception) -> ServiceError:
    """Any exception as one of ours; what nobody foresaw is a fault."""
    if isinstance(exception, ServiceError):
        return exception
    if isinstance(exception, Unavailable | TimeoutError):
        return errors.Busy(retry_after=getattr(exception, "retry_after", 5))
    if isinstance(exception, Conflict):
        return errors.Conflict()
    if isinstance(exception, ValidationException):
        return errors.Unusable(errors=exception.extra)
    if isinstance(exception, HTTPException) and exception.status_code < 500:
        return _BY_STATUS.get(exception.status_code, errors.Malformed)()
    return ServiceError()


def answer(request: Request, exception: Exception) -> Response[Any]:
    error = understood(exception)
    if error.status == 500:
        _log_fault(request, exception)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else {}
    path = request.scope["path"]
    if path.startswith(("/api/", "/schema")):
        return _problem(request, error, headers)
    if error.status == 401 and (response := _to_sign_in(request)):
        return response
    try:
        if partial(request):
            return _piece(request, error, headers)
        page = render(request, "error/error.html", error.status, error=error)
        page.headers.update(headers)
        return page
    except Exception as failure:  # the error page must not fail because of what made the page fail
        _log_fault(request, failure)
        return Response(b"500", status_code=500, media_type="text/plain", headers=headers)


def _log_fault(request: Request, exception: Exception) -> None:
    identifier = request.scope["state"].get("request_id")
    log.error("fault", kind=type(exception).__name__, where=_where(exception), request=identifier)


def _where(exception: BaseException) -> list[str]:
    """File and line of the last frames, without values: those may be answers."""
    frames, trace = [], exception.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return frames[-4:]


def _text(request: Request, error: ServiceError) -> str:
    catalogue = request.app.state.catalogue
    return catalogue.translate(visitor_of(request).language, error.text_key, **error.parameters)


def _to_sign_in(request: Request) -> Response[Any] | None:
    """A page asked for without being signed in leads to the sign-in and back. A form sent so keeps what was typed."""
    if request.method != "GET":
        return None
    query = request.scope["query_string"].decode("latin-1")
    target = "/sign-in?next=" + quote(request.scope["path"] + ("?" + query if query else ""), safe="/")
    if partial(request):
        return Response(b"", status_code=200, headers={"HX-Redirect": target})
    return Response(b"", status_code=303, headers={"Location": target})


def _piece(request: Request, error: ServiceError, headers: dict[str, str]) -> Response[Any]:
    """htmx swaps bodies of errors by default: nothing is swapped, so that a half-filled form stays; the event
    ``problem`` carries the sentence."""
    message = json.dumps({"problem": {"status": error.status, "message": _text(request, error)}})
    return Response(
        b"",
        status_code=error.status,
        media_type="text/html",
        headers={**headers, "HX-Reswap": "none", "HX-Trigger": message, "Vary": "HX-Request, HX-Request-Type"},
    )


def _problem(request: Request, error: ServiceError, headers: dict[str, str]) -> Response[Any]:
    """RFC 9457."""
    text = _text(request, error)
    body = {"type": f"urn:wenheng:{error.text_key}", "title": text, "status": error.status, **error.parameters}
    if error.status == 401:
        headers = {**headers, "WWW-Authenticate": "Bearer"}
    return Response(json.dumps(body), status_code=error.status, media_type="application/problem+json", headers=headers)
