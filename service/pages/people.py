"""The roster of a programme."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.response import Redirect

from service.access import Visitor
from service.actions import people
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.templates import render

VIEW = {"access": "programme:people.view"}
EDIT = {"access": "programme:people.edit"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/programmes/{slug:str}/people", opt=VIEW)
async def roster(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    asked = {name: request.query_params.get(name, "").strip() for name in ("text", "department", "side")}
    number = request.query_params.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    found, total = await people.search(database, programme.id, page=page, **asked)
    context = {"people": found, "total": total, "page": page, "pages": -(-total // people.PAGE), "asked": asked}
    departments = await people.departments(database, programme.id)
    return render(
        request, "people/roster.html", programme=programme, departments=departments, sides=people.SIDES, **context
    )


@get("/programmes/{slug:str}/people/import", opt=EDIT, sync_to_thread=False)
def import_form(request: Request, programme: NamedDependency[ProgrammeReference]) -> Response[Any]:
    return render(request, "people/import.html", programme=programme, problems=(), result=None, filename="")


@post("/programmes/{slug:str}/people/import", opt={**EDIT, "upload": True})
async def import_roster(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    form = await request.form()
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        return Redirect(f"/programmes/{programme.slug}/people/import", status_code=303)
    result = await people.import_roster(
        database, programme.id, upload.filename, await upload.read(),
        deactivate_absent=bool(form.get("deactivate")), account=visitor.account_id,
    )  # fmt: skip
    context = {"problems": result.problems, "result": result, "filename": upload.filename}
    return render(request, "people/import.html", 422 if result.problems else 200, programme=programme, **context)


@get("/programmes/{slug:str}/people/template.xlsx", opt=EDIT, sync_to_thread=True)
def template(programme: NamedDependency[ProgrammeReference]) -> Response[bytes]:
    headers = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
    return Response(people.template(), media_type=XLSX, headers=headers)


controllers = [roster, import_form, import_roster, template]
