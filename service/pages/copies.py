"""Copies of questionnaires, and the shelf of templates to begin from."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import copies
from service.database import Database
from service.templates import render

EDIT = {"access": "somewhere:questionnaires.edit"}


@get("/questionnaires/templates", opt=EDIT)
async def shelf(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    return render(request, "copies/shelf.html", shelf=await copies.shelf(database))


@get("/questionnaires/{name:str}/duplicate", opt=EDIT)
async def form(request: Request, name: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    definition = await copies.original(database, name)
    typed = {f"title.{language}": wording for language, wording in definition.title.items()}
    typed["name"] = await copies.suggested(database, name)
    return render(request, "copies/copy.html", name=name, definition=definition, typed=typed, errors={})


@post("/questionnaires/{name:str}/duplicate", opt=EDIT)
async def copy(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    typed = {key: str(value) for key, value in (await request.form()).items()}
    made, errors = await copies.copy(database, name, typed, account=visitor.account_id)
    if errors:
        definition = await copies.original(database, name)
        return render(request, "copies/copy.html", 422, name=name, definition=definition, typed=typed, errors=errors)
    return Redirect(f"/questionnaires/{made}/edit", status_code=303)


@post("/questionnaires/{name:str}/template", opt=EDIT)
async def mark(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    wanted = (await request.form()).get("template") == "yes"
    await copies.mark(database, name, template=wanted, account=visitor.account_id)
    return Redirect(f"/questionnaires/{name}", status_code=303)


controllers = [shelf, form, copy, mark]
