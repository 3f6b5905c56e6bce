"""Release of results and appeals against them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import appeals, marking, releasing, standings
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import Conflict
from service.pages.marking_view import case_shown, shown
from service.templates import render

EDIT = {"access": "programme:exams.edit"}
EXAM = "/programmes/{slug:str}/exams/{exam:uuid}"


@get(EXAM + "/release", opt=EDIT)
async def state(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    ready = await releasing.readiness(database, found)
    return render(
        request, "marking/release.html", programme=programme, exam=found, ready=ready,
        done=request.query_params.get("done", ""), missing="", **shown(request),
    )  # fmt: skip


@post(EXAM + "/release/{deed:str}", opt=EDIT)
async def act(
    request: Request,
    exam: FromPath[UUID],
    deed: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, form = await standings.get(database, programme.id, exam), await forms.posted(request)
    reason = form.get("reason", [""])[-1]
    try:
        if deed == "withdraw":
            await releasing.withdraw(database, found, reason, account=visitor.account_id)
        else:
            await releasing.release(database, found, reason, account=visitor.account_id)
    except Conflict:
        ready = await releasing.readiness(database, found)
        return render(
            request, "marking/release.html", 422, programme=programme, exam=found, ready=ready, done="",
            missing=deed, **shown(request),
        )  # fmt: skip
    return Redirect(f"/programmes/{programme.slug}/exams/{exam}/release?done={deed}", status_code=303)


@get(EXAM + "/appeals", opt=EDIT)
async def listing(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    return render(
        request, "marking/appeals.html", programme=programme, exam=found,
        entries=await appeals.of_exam(database, found), done=request.query_params.get("done", ""), **shown(request),
    )  # fmt: skip


@get(EXAM + "/appeals/{appeal:uuid}", opt=EDIT)
async def appeal(
    request: Request,
    exam: FromPath[UUID],
    appeal: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    case = await appeals.case(database, found, appeal)
    return render(
        request, "marking/appeal.html", programme=programme, exam=found, case=case, typed={}, errors={},
        **shown(request), **case_shown(request, case),
    )  # fmt: skip


@post(EXAM + "/appeals/{appeal:uuid}", opt=EDIT)
async def decide(
    request: Request,
    exam: FromPath[UUID],
    appeal: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    case = await appeals.case(database, found, appeal)
    typed = {name: values[-1] for name, values in (await forms.posted(request)).items()}
    chosen, errors = _read(case, typed)
    if not typed.get("decision", "").strip():
        errors["decision"] = "marking.appeals.error.words"
    if typed.get("upheld") not in ("yes", "no"):
        errors["upheld"] = "marking.appeals.error.verdict"
    if errors:
        return render(
            request, "marking/appeal.html", 422, programme=programme, exam=found, case=case, typed=typed,
            errors=errors, **shown(request), **case_shown(request, case),
        )  # fmt: skip
    await appeals.decide(
        database, found, case, typed["decision"], typed["upheld"] == "yes", chosen, account=visitor.account_id
    )
    return Redirect(f"/programmes/{programme.slug}/exams/{exam}/appeals?done=decided", status_code=303)


def _read(case: appeals.Case, typed: dict[str, str]) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """New marks of the item's open questions, where ``remark`` is ticked; field → key of what is wrong."""
    chosen, errors = dict[str, dict[str, float]](), dict[str, str]()
    for question in case.open if "remark" in typed else ():
        prefix = f"{question.key}."
        own = {name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)}
        chosen[question.key], wrong = marking.read(question, question.worth(case.asked.points), own)
        errors |= {prefix + name: text for name, text in wrong.items()}
    return chosen, errors


controllers = [state, act, listing, appeal, decide]
