"""Scoring versions: what an item's key was, is and was changed to, with a dry run before it counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import corrections, standings
from service.actions.corrections import Correctable, DryRun
from service.actions.programmes import ProgrammeReference
from service.actions.standings import ExamRecord
from service.database import Database
from service.errors import Conflict
from service.pages.marking_view import shown
from service.templates import render

EDIT = {"access": "programme:exams.edit"}
SCORING = "/programmes/{slug:str}/exams/{exam:uuid}/scoring"


@get(SCORING, opt=EDIT)
async def history(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    steps = await corrections.history(database, found)
    items = await corrections.items(database, found) if found.scoring else []
    return render(
        request, "marking/scoring.html", programme=programme, exam=found, steps=steps, items=items,
        done=request.query_params.get("done", ""), **shown(request),
    )  # fmt: skip


@get(SCORING + "/{item:str}", opt=EDIT)
async def edit(
    request: Request,
    exam: FromPath[UUID],
    item: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    correctable = await corrections.item(database, found, item)
    return _form(request, programme, found, correctable, correctable.treatment, {}, None)


def _form(
    request: Request, programme: ProgrammeReference, exam: ExamRecord, item: Correctable, treatment: str,
    typed: dict[str, list[str]], run: DryRun | None, status: int = 200, reason_missing: bool = False,
) -> Response[Any]:  # fmt: skip
    return render(
        request, "marking/key.html", status, programme=programme, exam=exam, item=item, treatment=treatment,
        typed=typed, run=run, reason_missing=reason_missing, **shown(request),
    )  # fmt: skip


@post(SCORING + "/{item:str}", opt=EDIT)
async def correct(
    request: Request,
    exam: FromPath[UUID],
    item: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """A dry run, or with ``apply`` and a reason the real one."""
    found, form = await standings.get(database, programme.id, exam), await forms.posted(request)
    correctable = await corrections.item(database, found, item)
    treatment = corrections.read_treatment(form.get("treatment", [""])[-1])
    reason = form.get("reason", [""])[-1]
    if "apply" in form and reason.strip():
        number = form.get("number", [""])[-1]
        if number != str(found.scoring):
            raise Conflict
        made = await corrections.apply(
            database, found, item, treatment, form, reason, number=found.scoring, account=visitor.account_id
        )
        return Redirect(f"/programmes/{programme.slug}/exams/{exam}/scoring?done={made}", status_code=303)
    run = await corrections.dry_run(database, found, item, treatment, form)
    missing = "apply" in form
    status = 422 if run.errors or missing else 200
    return _form(request, programme, found, correctable, treatment, form, run, status, missing)


controllers = [history, edit, correct]
