"""The pilot of a programme: its plan, fixed before the start, and its evaluation."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from markupsafe import Markup

from service.access import Visitor
from service.actions import pilot_form, pilot_plans, pilot_reporting, pilot_view, piloting
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.templates import render
from surveys.text import LANGUAGES, pick

SEE = {"access": "programme:results.view"}
EDIT = {"access": "programme:waves.edit"}
DECIDE = {"access": "programme:programme.edit"}
DOWNLOAD = {"access": "programme:report.download"}


@get("/programmes/{slug:str}/pilot", opt=SEE)
async def overview(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    plans = await pilot_plans.of_programme(database, programme.id)
    if not plans:
        return render(request, "pilot/pilot.html", programme=programme, plans=plans, evaluation=None)
    evaluation = await piloting.evaluated(database, programme.id)
    return render(
        request, "pilot/pilot.html", programme=programme, plans=plans, evaluation=evaluation, languages=LANGUAGES,
        drawn=Markup, shown=pilot_view.view(evaluation, visitor.language),
        needs=pilot_view.needs_rows(await piloting.needed(database, programme.id), visitor.language),
    )  # fmt: skip


@get("/programmes/{slug:str}/pilot/plan", opt=EDIT)
async def plan(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    desk = await pilot_plans.desk(database, programme.id)
    return _form(request, programme, desk, visitor.language)


def _form(
    request: Request, programme: ProgrammeReference, desk: pilot_plans.Desk, language: str, status: int = 200
) -> Response[Any]:
    sources = [(each.form, each.value, pick(each.label, language), pick(each.best, language)) for each in desk.sources]
    links = [(code, pick(text, language)) for code, text in desk.links]
    return render(
        request, "pilot/plan.html", status, programme=programme, desk=desk, sources=sources, links=links,
        rows=range(pilot_form.rows(desk.typed)), typed=desk.typed, errors=desk.errors,
    )  # fmt: skip


@post("/programmes/{slug:str}/pilot/plan", opt=EDIT)
async def save(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    typed = {name: str(value) for name, value in (await request.form()).items()}
    if typed.get("choose"):  # other waves have other questions to measure by
        return _form(request, programme, await pilot_plans.desk(database, programme.id, typed), visitor.language)
    desk = await pilot_plans.save(database, programme.id, typed, account=visitor.account_id)
    if desk.errors:
        return _form(request, programme, desk, visitor.language, 422)
    return Redirect(f"/programmes/{programme.slug}/pilot", status_code=303)


@post("/programmes/{slug:str}/pilot/fix", opt=DECIDE)
async def fix(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    form = await request.form()
    number = str(form.get("number", ""))
    await pilot_plans.fix(
        database, programme.id, int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0,
        str(form.get("content_hash", "")), account=visitor.account_id,
    )  # fmt: skip
    return Redirect(f"/programmes/{programme.slug}/pilot", status_code=303)


@post("/programmes/{slug:str}/pilot/discard", opt=DECIDE)
async def discard(
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    await pilot_plans.discard(database, programme.id, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/pilot", status_code=303)


@post("/programmes/{slug:str}/pilot/reports", opt=DOWNLOAD)
async def make(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    language = str((await request.form()).get("language", visitor.language))
    job = await pilot_reporting.start(database, programme.id, language, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/reports?job={job}", status_code=303)


controllers = [overview, plan, save, fix, discard, make]
