"""Programmes: list, overview, charter, stage, members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import programmes
from service.actions.programmes import STAGES, ProgrammeReference
from service.database import Database
from service.templates import render

VIEW = {"access": "programme:programme.view"}
EDIT = {"access": "programme:programme.edit"}
MEMBERS = {"access": "programme:members.edit"}
FOUND = {"access": "somewhere:programme.edit"}
EMPTY_TARGETS = 2  # rows offered beyond those filled in


@get("/programmes", opt={"access": "signed_in"})
async def listing(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    visible = await programmes.visible(database, visitor.account, visitor.memberships)
    return render(request, "programmes/list.html", programmes=visible, stages=STAGES)


@get("/programmes/new", opt=FOUND, sync_to_thread=False)
def new(request: Request) -> Response[Any]:
    return _charter(request, {}, {})


@post("/programmes/new", opt=FOUND)
async def create(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    charter, errors = programmes.read_charter(form)
    if charter is None:
        return _charter(request, form, errors, 422)
    made = await programmes.create(database, charter, account=visitor.account_id)
    return Redirect(f"/programmes/{made.slug}", status_code=303)


def _charter(
    request: Request, typed: dict[str, str], errors: dict[str, str], status: int = 200, **context: Any
) -> Response[Any]:
    filled = [row for row in range(programmes.TARGET_ROWS) if typed.get(f"target.{row}.metric")]
    rows = range(min(programmes.TARGET_ROWS, (max(filled) + 1 if filled else 0) + EMPTY_TARGETS))
    shown = {"programme": None, **context}
    return render(request, "programmes/charter.html", status, typed=typed, errors=errors, rows=rows, **shown)


@get("/programmes/{slug:str}", opt=VIEW)
async def overview(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    found = await programmes.overview(database, programme.id)
    return render(request, "programmes/overview.html", overview=found, programme=found.programme, stages=STAGES)


@get("/programmes/{slug:str}/edit", opt=EDIT)
async def edit(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    found = await programmes.get(database, programme.id)
    return _charter(request, programmes.as_form(found), {}, programme=programme)


@post("/programmes/{slug:str}/edit", opt=EDIT)
async def change(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    charter, errors = programmes.read_charter(form)
    if charter is None:
        return _charter(request, form, errors, 422, programme=programme)
    await programmes.change(database, programme.id, charter, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}", status_code=303)


@post("/programmes/{slug:str}/stage", opt=EDIT)
async def change_stage(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    stage = str((await request.form()).get("stage", ""))
    await programmes.change_stage(database, programme.id, stage, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}", status_code=303)


@get("/programmes/{slug:str}/members", opt=MEMBERS)
async def members(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    return await _members(request, database, programme)


async def _members(
    request: Request, database: Database, programme: ProgrammeReference, status: int = 200, **context: Any
) -> Response[Any]:
    shown = {"errors": {}, "email": "", "role": "", **context}
    staff = await programmes.members(database, programme.id)
    return render(
        request, "programmes/members.html", status, programme=programme, members=staff, roles=programmes.ROLES, **shown
    )


@post("/programmes/{slug:str}/members", opt=MEMBERS)
async def add_member(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    form = await request.form()
    email, role = str(form.get("email", "")), str(form.get("role", ""))
    errors = await programmes.add_member(database, programme.id, email, role, account=visitor.account_id)
    if errors:
        return await _members(request, database, programme, 422, errors=errors, email=email, role=role)
    return Redirect(f"/programmes/{programme.slug}/members", status_code=303)


@post("/programmes/{slug:str}/members/{member:uuid}/remove", opt=MEMBERS)
async def remove_member(
    request: Request,
    member: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    errors = await programmes.remove_member(database, programme.id, member, account=visitor.account_id)
    if errors:
        return await _members(request, database, programme, 422, errors=errors)
    return Redirect(f"/programmes/{programme.slug}/members", status_code=303)


controllers = [
    listing, new, create, overview, edit, change, change_stage, members, add_member, remove_member,
]  # fmt: skip
