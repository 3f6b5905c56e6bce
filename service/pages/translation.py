"""The translation grid of a questionnaire."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import translation
from service.actions.editor import NotReadable
from service.database import Database
from service.pages.publishing import words_of
from service.templates import render
from surveys.text import LANGUAGES

EDIT = {"access": "somewhere:questionnaires.edit"}


@get("/questionnaires/{name:str}/translate", opt=EDIT)
async def show(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    missing = request.query_params.get("show") == "missing"
    try:
        grid = await translation.grid(database, name, missing=missing, account=visitor.account_id)
    except NotReadable:
        return Redirect(f"/questionnaires/{name}/edit", status_code=303)
    saved = request.query_params.get("saved", "")
    return render(
        request, "translation/grid.html", name=name, grid=grid, missing=missing, languages=LANGUAGES,
        saved=int(saved) if saved.isascii() and saved.isdigit() and len(saved) < 6 else None,
        field_key=words_of(request),
    )  # fmt: skip


@post("/questionnaires/{name:str}/translate", opt=EDIT)
async def save(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form = {key: str(value) for key, value in (await request.form()).items()}
    seen = form.pop("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    filtered = "show=missing&" if form.pop("show", "") == "missing" else ""
    changed = await translation.save(database, name, form, number, account=visitor.account_id)
    return Redirect(f"/questionnaires/{name}/translate?{filtered}saved={changed}", status_code=303)


controllers = [show, save]
