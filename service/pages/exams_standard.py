"""The pass mark by judges."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import exam_standard, exams
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.pages.exams_view import EDIT, EXAM, last, show, url


@get(EXAM + "/standard", opt=EDIT)
async def standard(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    """``?judge=`` fills the form with what that judge has said."""
    found = await exams.get(database, programme.id, exam)
    panel, name = await exam_standard.panel(database, found), request.query_params.get("judge", "")
    said = panel.judgements.get(name, {})
    typed = {"judge": name if name in panel.judgements else ""}
    typed |= {f"item.{code}": f"{100 * value:g}" for code, value in said.items()}
    return show(request, "standard", programme, exam=found, panel=panel, typed=typed, errors={}, part="standard")


@post(EXAM + "/standard", opt=EDIT)
async def judge(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, form = await exams.draft(database, programme.id, exam), await forms.posted(request)
    errors = await exam_standard.judge(database, found, form, account=visitor.account_id)
    if errors:
        panel = await exam_standard.panel(database, found)
        return show(
            request,
            "standard",
            programme,
            422,
            exam=found,
            panel=panel,
            typed=last(form),
            errors=errors,
            part="standard",
        )
    return Redirect(url(programme, exam, "standard") + "?done=judged", status_code=303)


@post(EXAM + "/standard/apply", opt=EDIT)
async def apply(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await exams.draft(database, programme.id, exam)
    await exam_standard.apply(database, found, account=visitor.account_id)
    return Redirect(url(programme, exam, "standard") + "?done=applied", status_code=303)


controllers = [standard, judge, apply]
