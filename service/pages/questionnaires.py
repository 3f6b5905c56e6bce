"""Questionnaires: list, read, write with check, publish."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import questionnaire_files
from service.access import Visitor, visitor_of
from service.actions import authoring, copies
from service.compiled import Sheet
from service.database import Database
from service.errors import NotFound
from service.templates import render
from surveys import formats
from surveys.answers import Record
from surveys.text import LANGUAGES

EDIT = {"access": "somewhere:questionnaires.edit"}
YAML = "application/yaml; charset=utf-8"


@get("/questionnaires", opt=EDIT)
async def listing(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    return render(request, "questionnaires/list.html", entries=await authoring.entries(database))


@get("/questionnaires/new/source", opt=EDIT, sync_to_thread=False)
def new(request: Request) -> Response[Any]:
    return _editor(request, "", None)


def _editor(request: Request, name: str, checked: authoring.Checked | None, status: int = 200) -> Response[Any]:
    source = checked.source if checked else request.query_params.get("source", "")
    return render(request, "questionnaires/editor.html", status, name=name, source=source, checked=checked)


@get("/questionnaires/{name:str}", opt=EDIT)
async def show(request: Request, name: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    source, copy = await authoring.source_of(database, name)
    return render(
        request, "questionnaires/questionnaire.html", name=name, ours=copy, checked=authoring.check(source),
        versions=await authoring.versions(database, name), shown=None,
        template=await copies.is_template(database, name),
    )  # fmt: skip


@get("/questionnaires/{name:str}/versions/{number:int}", opt=EDIT)
async def version(
    request: Request, name: FromPath[str], number: FromPath[int], database: NamedDependency[Database]
) -> Response[Any]:
    found = await authoring.version(database, name, number)
    return render(
        request, "questionnaires/questionnaire.html", name=name, ours=True, checked=authoring.check(found.source),
        versions=await authoring.versions(database, name), shown=found,
    )  # fmt: skip


@get("/questionnaires/{name:str}/source", opt=EDIT)
async def as_source(request: Request, name: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    source, _ = await authoring.source_of(database, name)
    return _editor(request, name, authoring.check(source))


@get("/questionnaires/{name:str}/source.yaml", opt=EDIT)
async def source(name: FromPath[str], database: NamedDependency[Database]) -> Response[bytes]:
    text, _ = await authoring.source_of(database, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.yaml"'}
    return Response(text.encode(), media_type=YAML, headers=headers)


@get("/questionnaires/{name:str}/file/{suffix:str}", opt=EDIT)
async def as_file(
    request: Request, name: FromPath[str], suffix: FromPath[str], database: NamedDependency[Database]
) -> Response[bytes]:
    """The working copy (or version ``?version=``) as yaml, txt or xlsx."""
    kind = formats.kind_of(f".{suffix}")
    if kind is None:
        raise NotFound
    language = visitor_of(request).language
    data = await authoring.file_of(database, name, kind, _number(request.query_params.get("version", "")), language)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return Response(data, media_type=questionnaire_files.MEDIA_TYPES[kind], headers=headers)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else None


@get("/questionnaires/{name:str}/preview", opt=EDIT, sync_to_thread=False)
def preview_from_start(request: Request, name: FromPath[str]) -> Response[Any]:
    query = request.scope["query_string"].decode("latin-1")
    return Redirect(f"/questionnaires/{name}/preview/-" + (f"?{query}" if query else ""), status_code=303)


@get("/questionnaires/{name:str}/preview/{page:str}", opt=EDIT)
async def preview(
    request: Request, name: FromPath[str], page: FromPath[str], database: NamedDependency[Database]
) -> Response[Any]:
    number = _number(request.query_params.get("version", ""))
    found = await authoring.preview(database, name, page.removeprefix("-"), number)
    if found is None:
        return Redirect(f"/questionnaires/{name}/edit", status_code=303)
    language = visitor_of(request).language
    sheet = Sheet(found.compiled, language, Record(), found.seen, {})
    definition, numbers = found.compiled.questionnaire, list(found.compiled.questions)
    return render(
        request, "questionnaires/preview.html", name=name, number=number, found=found, sheet=sheet, page=found.page,
        definition=definition, questions=[(each, numbers.index(each.code) + 1) for each in found.page.questions],
        numbered=definition.presentation == "page", revealing=(), save="", languages=LANGUAGES,
    )  # fmt: skip


@post("/questionnaires/edit", opt={**EDIT, "upload": True})
async def write(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form = await request.form()
    upload, deed, name = form.get("file"), str(form.get("deed", "check")), str(form.get("name", ""))
    text: str | bytes = str(form.get("source", "")).replace("\r\n", "\n")
    if isinstance(upload, UploadFile) and (uploaded := await upload.read()):
        text, deed = uploaded, "check"
    checked, address = await authoring.write(database, text, deed, account=visitor.account_id)
    if address:
        return Redirect(address, status_code=303)
    return _editor(request, name, checked, 200 if checked.publishable else 422)


@post("/questionnaires/{name:str}/copy", opt=EDIT)
async def copy(
    name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    await authoring.publish_library(database, name, account=visitor.account_id)
    return Redirect(f"/questionnaires/{name}", status_code=303)


controllers = [listing, new, show, version, as_source, source, as_file, preview_from_start, preview, write, copy]
