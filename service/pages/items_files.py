"""Items of a bank as files: pasted, uploaded, downloaded."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service import forms
from service.access import Visitor
from service.actions import item_importing, items
from service.actions.item_importing import MEDIA_TYPES, Brought
from service.actions.items import Bank
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound, TooLarge
from service.pages.items_view import BANK, EDIT, show


def _page(
    request: Request, programme: ProgrammeReference, bank: Bank, source: str = "", brought: Brought | None = None
) -> Response[Any]:
    status = 422 if brought and brought.refused else 200
    return show(request, "import", status, programme=programme, bank=bank, source=source, brought=brought)


@get(BANK + "/import", opt=EDIT)
async def paste(
    request: Request,
    bank: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    return _page(request, programme, await items.bank(database, programme.id, bank))


@post(BANK + "/import", opt={**EDIT, "upload": True})
async def bring_in(
    request: Request,
    bank: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """``deed`` is ``check`` (only tell) or ``import``. A file goes before pasted text."""
    found, (form, uploads) = await items.bank(database, programme.id, bank), await forms.received(request)
    text = form.get("source", [""])[-1].replace("\r\n", "\n")
    source: str | bytes = text
    for upload in uploads:
        if not upload.whole:
            raise TooLarge
        source = upload.path.read_bytes() if upload.size else source
    trial = form.get("deed", ["import"])[-1] == "check"
    brought = await item_importing.bring_in(database, found, source, trial=trial, account=visitor.account_id)
    return _page(request, programme, found, "" if brought.done else text, brought)


@get(BANK + "/file/{suffix:str}", opt=EDIT)
async def download(
    bank: FromPath[str],
    suffix: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    """All items as yaml, txt or xlsx."""
    found, kind = await items.bank(database, programme.id, bank), item_importing.kind_of(f".{suffix}")
    if kind is None:
        raise NotFound
    data = await item_importing.as_file(database, found, kind, visitor.language, account=visitor.account_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.code}.{suffix}"'}
    return Response(data, media_type=MEDIA_TYPES[kind], headers=headers)


controllers = [paste, bring_in, download]
