"""Banks of exam items: lists, one item and its form, versions, preview."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import item_usage, item_writing, items
from service.actions.items import Bank, Entry
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound
from service.pages import items_files
from service.pages.items_view import (
    BANK,
    BANKS,
    EDIT,
    ITEM,
    Bench,
    Previewed,
    Words,
    bench_of,
    bench_of_form,
    show,
    type_of,
)
from service.pages.waves import local_time
from service.security import FRAMED_POLICY, FRAMING_POLICY
from service.settings import Settings
from surveys.exams.item_form import STARTS, start
from surveys.text import LANGUAGES


def address(programme: ProgrammeReference, bank: Bank, *rest: str) -> str:
    return "/".join((f"/programmes/{programme.slug}/items/{bank.code}", *rest))


def number_of(request: Request, name: str = "page") -> int:
    typed = request.query_params.get(name, "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


@get(BANKS, opt=EDIT)
async def shelf(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    found = await items.banks(database, programme.id)
    return show(request, "banks", programme=programme, banks=found, typed={}, errors={})


@post(BANKS, opt=EDIT)
async def create_bank(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    typed = {name: values[-1] for name, values in (await forms.posted(request)).items()}
    bank, errors = await items.create_bank(database, programme.id, typed, account=visitor.account_id)
    if bank is None:
        found = await items.banks(database, programme.id)
        return show(request, "banks", 422, programme=programme, banks=found, typed=typed, errors=errors)
    return Redirect(address(programme, bank), status_code=303)


@get(BANK, opt=EDIT)
async def listing(
    request: Request,
    bank: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    asked, page = items.read_search(request.query_params), number_of(request)
    entries, total = await items.search(database, found, asked, page)
    return show(
        request, "list", programme=programme, bank=found, entries=entries, total=total, page=page,
        pages=-(-total // items.PAGE), asked=msgspec.structs.asdict(asked), facets=await items.facets(database, found),
        families=items.FAMILIES, usage=await item_usage.of_bank(database, found), states=items.STATES,
        difficulties=items.DIFFICULTIES, blooms=items.BLOOMS,
    )  # fmt: skip


@get(BANK + "/new", opt=EDIT)
async def gallery(
    request: Request,
    bank: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    return show(request, "gallery", programme=programme, bank=found, families=items.FAMILIES)


@get(BANK + "/new/{kind:str}", opt=EDIT)
async def new(
    request: Request,
    bank: FromPath[str],
    kind: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    if kind not in STARTS:
        raise NotFound
    bench = Bench(type=kind, code=await items.fresh_code(database, found, kind), data=start(kind))
    return show(request, "item", programme=programme, bank=found, bench=bench, usage=None)


@post(BANK + "/new/{kind:str}", opt=EDIT)
async def create(
    request: Request,
    bank: FromPath[str],
    kind: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    if kind not in STARTS:
        raise NotFound
    return await _written(request, database, programme, found, kind, None, visitor)


@get(ITEM, opt=EDIT)
async def edit(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    entry = await items.entry(database, found, code)
    usage = (await item_usage.of_bank(database, found)).get(entry.code)
    return show(request, "item", programme=programme, bank=found, bench=bench_of(entry, Words(request)), usage=usage)


@post(ITEM, opt=EDIT)
async def change(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    entry = await items.entry(database, found, code)
    return await _written(request, database, programme, found, type_of(entry.item), entry, visitor)


async def _written(
    request: Request, database: Database, programme: ProgrammeReference, bank: Bank, kind: str, entry: Entry | None,
    visitor: Visitor,
) -> Response[Any]:  # fmt: skip
    """The saved item, or its form again with its rows changed or with what is wrong."""
    form = await forms.posted(request)
    found = await item_writing.write(database, bank, entry, kind, form, account=visitor.account_id)
    if found.saved:
        return Redirect(address(programme, bank, "item", found.code) + "?done=saved", status_code=303)
    bench = bench_of_form(Words(request), kind, entry, found)
    status = 422 if bench.wrong or bench.remarks else 200
    return show(request, "item", status, programme=programme, bank=bank, bench=bench, usage=None)


@get(ITEM + "/versions", opt=EDIT)
async def versions(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    entry = await items.entry(database, found, code)
    steps = await items.history(database, entry)
    return show(
        request, "versions", programme=programme, bank=found, entry=entry, steps=steps, local=local_time(settings)
    )


@get(ITEM + "/preview", opt=EDIT)
async def preview(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await items.bank(database, programme.id, bank)
    entry = await items.entry(database, found, code)
    response = show(request, "preview", programme=programme, bank=found, entry=entry, said=_language(request, visitor))
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


def _language(request: Request, visitor: Visitor) -> str:
    said = request.query_params.get("language", "")
    return said if said in LANGUAGES else visitor.language


@get(ITEM + "/preview/sheet", opt=EDIT)
async def sheet(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """What stands in the frame of the preview: the candidates' own template, out of which nothing can be sent."""
    entry = await items.entry(database, await items.bank(database, programme.id, bank), code)
    language = _language(request, visitor)
    asked = Previewed(item=items.preview(entry.item, language))
    response = show(request, "sheet", language=language, sheet=asked, entry=entry)
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    return response


@post(ITEM + "/{deed:str}", opt=EDIT)
async def act(
    request: Request,
    bank: FromPath[str],
    code: FromPath[str],
    deed: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, form = await items.bank(database, programme.id, bank), await forms.posted(request)
    if deed not in items.DEEDS:
        raise NotFound
    number = form.get("number", [""])[-1]
    await items.state(database, found, code, items.DEEDS[deed], number, account=visitor.account_id)
    return Redirect(address(programme, found, "item", code) + f"?done={deed}", status_code=303)


controllers = [shelf, create_bank, listing, gallery, new, create, edit, change, versions, preview, sheet, act]
controllers += items_files.controllers
