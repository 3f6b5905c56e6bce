"""Metrics of cases: what there is, the import, the template."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import metrics
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.templates import render

SEE = {"access": "programme:results.view"}
EDIT = {"access": "programme:waves.edit"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/programmes/{slug:str}/metrics", opt=SEE)
async def listing(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    return await _page(request, database, programme)


async def _page(
    request: Request, database: Database, programme: ProgrammeReference, status: int = 200, **context: Any
) -> Response[Any]:
    given = {"result": None, "problems": (), "filename": "", "errors": {}, "typed": {"better": "lower"}, **context}
    return render(
        request, "metrics/metrics.html", status, programme=programme, kinds=metrics.KINDS, groups=metrics.GROUPS,
        standings=await metrics.listing(database, programme.id), **given,
    )  # fmt: skip


@post("/programmes/{slug:str}/metrics", opt=EDIT)
async def add(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    typed = {name: str(value) for name, value in (await request.form()).items()}
    _, errors = await metrics.add(database, programme.id, typed, account=visitor.account_id)
    if errors:
        return await _page(request, database, programme, 422, errors=errors, typed=typed)
    return Redirect(f"/programmes/{programme.slug}/metrics", status_code=303)


@post("/programmes/{slug:str}/metrics/import", opt={**EDIT, "upload": True})
async def bring(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    upload = (await request.form()).get("file")
    if not isinstance(upload, UploadFile):
        return Redirect(f"/programmes/{programme.slug}/metrics", status_code=303)
    done = await metrics.bring(
        database, programme.id, upload.filename, await upload.read(), account=visitor.account_id
    )  # fmt: skip
    context = {"result": done, "problems": done.problems, "filename": upload.filename}
    return await _page(request, database, programme, 422 if done.problems else 200, **context)


@post("/programmes/{slug:str}/metrics/{metric:uuid}/remove", opt=EDIT)
async def remove(
    metric: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    await metrics.remove(database, programme.id, metric, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/metrics", status_code=303)


@get("/programmes/{slug:str}/metrics/template.xlsx", opt=SEE)
async def template(
    database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[bytes]:
    headers = {"Content-Disposition": 'attachment; filename="metrics.xlsx"'}
    content = metrics.template(await metrics.known(database, programme.id))
    return Response(content, media_type=XLSX, headers=headers)


controllers = [listing, add, bring, remove, template]
