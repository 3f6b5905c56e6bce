"""Posted forms as the pure readers take them, and the files that come with them.

Not by Litestar's ``request.form()``: it keeps the bodies of the last thousand forms, which are answers, in the
process's memory, and makes three multidicts of each.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import IO
from weakref import finalize

from litestar import Request
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from service.errors import Malformed, TooLarge
from service.identifiers import new_token
from service.uploads import Upload

MOST_FIELDS = 5_000
MOST_BYTES = 1_000_000  # of all fields that are no files
MOST_FILES = 20
URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BUFFER = 1 << 20
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")

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
    if len(body) > MOST_BYTES:
        raise TooLarge
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
            field, value = unescaped(field), unescaped(value)
        if field in form:
            form[field].append(value)
        else:
            form[field] = [value]
    return form


def unescaped(text: str) -> str:
    """As ``urllib.parse.unquote_plus``, which takes its time with Chinese, where every byte is escaped."""
    return _ESCAPES.sub(_character, text.replace("+", " ")) if "%" in text else text.replace("+", " ")


def _character(escapes: re.Match[str]) -> str:
    return bytes.fromhex(escapes[0].replace("%", "")).decode(errors="replace")


async def received(request: Request) -> tuple[Form, list[Upload]]:
    """A form of either encoding with its files. Raises as ``posted`` does.

    Files are written as they arrive, up to the setting ``upload_limit`` each; the rest of a longer one is read and
    dropped, so that the fields behind it are not lost."""
    content_type, options = parse_options_header(request.headers.get("content-type", ""))
    if content_type != MULTIPART:
        return await posted(request), []
    settings = request.app.state.settings
    receiving = _Receiving(settings.data / "files" / "incoming", settings.upload_limit)
    try:
        await receiving.read(request, options.get("boundary", ""))
    except BaseException:
        for upload in receiving.uploads:  # the exception itself holds on to them
            upload.path.unlink(missing_ok=True)
        raise
    return receiving.form, receiving.uploads


class _Receiving:
    """The parts of one multipart body."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit
        self.form: Form = {}
        self.uploads: list[Upload] = []
        self._field, self._text = "", bytearray()
        self._bytes = self._parts = 0
        self._upload: Upload | None = None
        self._file: IO[bytes] | None = None

    async def read(self, request: Request, boundary: str) -> None:
        try:
            with PushMultipartParser(boundary, max_segment_count=MOST_FIELDS, header_charset="utf8") as parser:
                async for chunk in request.stream():
                    for event in parser.parse(chunk) if chunk else ():
                        await self._take(event)
        except (MultipartError, InternalServerException, UnicodeDecodeError) as broken:
            raise Malformed from broken
        finally:
            if self._file is not None:
                self._file.close()

    async def _take(self, event: MultipartSegment | bytearray | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            await self._begin(event)
        elif event is None:
            self._end()
        elif self._upload is None:
            self._bytes += len(event)
            if self._bytes > MOST_BYTES:
                raise TooLarge
            self._text += event
        elif self._upload.whole:
            await self._write(self._upload, event)

    async def _begin(self, segment: MultipartSegment) -> None:
        self._field, self._text, self._upload = segment.name, bytearray(), None
        if segment.filename is None:
            return
        if len(self.uploads) >= MOST_FILES:
            raise TooLarge
        await asyncio.to_thread(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        self._upload = Upload(segment.name, segment.filename, self.folder / new_token())
        finalize(self._upload, self._upload.path.unlink, missing_ok=True)
        self.uploads.append(self._upload)
        self._file = await asyncio.to_thread(open, self._upload.path, "xb", BUFFER)

    async def _write(self, upload: Upload, data: bytearray | bytes) -> None:
        upload.size += len(data)
        if upload.size > self.limit:
            upload.whole = False
        elif self._file is not None:
            await asyncio.to_thread(self._file.write, data)

    def _end(self) -> None:
        if self._upload is None:
            self.form.setdefault(self._field, []).append(self._text.decode(errors="replace"))
        elif self._file is not None:
            self._file.close()
            self._file = None
