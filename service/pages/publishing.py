"""Publishing with the changes in words; a running wave's move to a newer version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import publishing, waves
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import Malformed
from service.templates import render

EDIT = {"access": "somewhere:questionnaires.edit"}
LEAD = {"access": "programme:waves.edit"}


def words_of(request: Request) -> Callable[[str], str]:
    """How a field is called; what has no name of its own is called by its code."""
    texts = request.app.state.catalogue.texts
    return lambda field: key if (key := f"publishing.field.{field.partition('.')[0]}") in texts else ""


@get("/questionnaires/{name:str}/publish", opt=EDIT)
async def plan(request: Request, name: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    found = await publishing.plan(database, name)
    return render(request, "publishing/publish.html", name=name, plan=found, field_key=words_of(request))


@post("/questionnaires/{name:str}/publish", opt=EDIT)
async def publish(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    _, made = await publishing.publish(database, name, account=visitor.account_id)
    if made is None:
        found = await publishing.plan(database, name)
        return render(request, "publishing/publish.html", 422, name=name, plan=found, field_key=words_of(request))
    return Redirect(f"/questionnaires/{made.name}/versions/{made.number}", status_code=303)


@get("/questionnaires/{name:str}/versions/{number:int}/changes", opt=EDIT)
async def compare(
    request: Request, name: FromPath[str], number: FromPath[int], database: NamedDependency[Database]
) -> Response[Any]:
    found = await publishing.compare(database, name, number - 1, number)
    return render(request, "publishing/compare.html", name=name, move=found, field_key=words_of(request))


@get("/programmes/{slug:str}/waves/{wave:uuid}/version", opt=LEAD)
async def newer(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    move = await publishing.newer(database, found)
    if move is None:
        return Redirect(f"/programmes/{programme.slug}/waves/{wave}", status_code=303)
    return render(
        request, "publishing/move.html", programme=programme, wave=found, move=move, field_key=words_of(request)
    )


@post("/programmes/{slug:str}/waves/{wave:uuid}/version", opt=LEAD)
async def move(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    try:
        version = UUID(str((await request.form()).get("version", "")))
    except ValueError as error:
        raise Malformed from error
    await publishing.move(database, found, version, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/waves/{wave}", status_code=303)


controllers = [plan, publish, compare, newer, move]
