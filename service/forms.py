"""Posted forms as the pure readers take them.

Not by Litestar's ``request.form()``: it keeps the bodies of the last thousand forms, which are answers, in the
process's memory, and makes three multidicts of each.
"""

from __future__ import annotations

from urllib.parse import unquote_plus

from litestar import Request
from litestar.exceptions import InternalServerException

from service.errors import Malformed

MOST_FIELDS = 5_000
URL_ENCODED = "application/x-www-form-urlencoded"

Form = dict[str, list[str]]


async def posted(request: Request) -> Form:
    """The fields of a form, each with all its values. Raises ``Malformed`` for anything else, and for a form that its
    sender did not finish: a phone that lost its network is no fault of ours."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise Malformed
    try:
        body = await request.body()
    except InternalServerException as disconnected:
        raise Malformed from disconnected
    return read(body)


def read(body: bytes) -> Form:
    """A body as browsers encode it. What is no UTF-8 is replaced. Raises ``Malformed`` past ``MOST_FIELDS``."""
    if body.count(b"&") >= MOST_FIELDS:
        raise Malformed
    form: Form = {}
    for pair in body.decode(errors="replace").split("&"):
        field, equals, value = pair.partition("=")
        if not equals:
            continue
        if "%" in pair or "+" in pair:
            field, value = unquote_plus(field), unquote_plus(value)
        form.setdefault(field, []).append(value)
    return form
