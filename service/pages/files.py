"""Files that participants uploaded: to themselves while they answer, and to those who may export responses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from service.access import Visitor
from service.actions import files, waves
from service.actions.desk import Refusal
from service.actions.files import StoredFile
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound
from service.pages.answer_device import desk, pass_of
from service.templates import render

EXPORT = {"access": "programme:responses.export"}
BLOCK = 1 << 18


@get("/answer/{wave:uuid}/file/{file:uuid}", opt={"access": "participant"})
async def own(request: Request, wave: FromPath[UUID], file: FromPath[UUID]) -> Response[Any]:
    at = desk(request)
    seat = await at.seat(wave, pass_of(request))
    if isinstance(seat, Refusal):
        raise NotFound
    return handed_out(*await files.of_participant(at, seat, file))


@get("/programmes/{slug:str}/waves/{wave:uuid}/files", opt=EXPORT)
async def listed(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    stored = await files.of_wave(database, wave)
    return render(request, "results/files.html", programme=programme, wave=found, files=stored)


@get("/programmes/{slug:str}/waves/{wave:uuid}/files/{file:uuid}", opt=EXPORT)
async def one(
    wave: FromPath[UUID],
    file: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    await waves.get(database, programme.id, wave)
    return handed_out(*await files.of_staff(database, wave, file, visitor.account_id))


@get("/programmes/{slug:str}/waves/{wave:uuid}/files.zip", opt=EXPORT)
async def archive(
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Stream:
    await waves.get(database, programme.id, wave)
    bundle = await files.archive(database, wave, visitor.account_id)
    headers = {"Content-Disposition": 'attachment; filename="files.zip"'}
    return Stream(_sent(bundle), media_type="application/zip", headers=headers)


async def _sent(bundle: Path) -> AsyncIterator[bytes]:
    try:
        with await asyncio.to_thread(bundle.open, "rb") as opened:
            while block := await asyncio.to_thread(opened.read, BLOCK):
                yield block
    finally:
        await asyncio.to_thread(bundle.unlink, missing_ok=True)


def handed_out(file: StoredFile, content: bytes) -> Response[bytes]:
    """To be saved, never run: an attachment of the type that its content has, in a sandbox should anybody open it."""
    headers = {
        "Content-Disposition": f"attachment; filename=\"file\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=file.media_type, headers=headers)


controllers = [own, listed, one, archive]
