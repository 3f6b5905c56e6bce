"""Exams: list, create, overview, settings, deeds; blueprint, candidates, standard and monitor are beside this file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import exam_drafting, exams, items
from service.actions.exams import ExamRecord
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound
from service.pages import exams_blueprint, exams_candidates, exams_monitor, exams_standard
from service.pages.exams_view import EDIT, EXAM, EXAMS, VIEW, last, placed, show, url
from service.settings import Settings


@get(EXAMS, opt=VIEW)
async def listing(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    found = await exams.of_programme(database, programme.id)
    return show(request, "list", programme, lines=found)


@get(EXAMS + "/new", opt=EDIT)
async def new(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    banks = await items.banks(database, programme.id)
    typed = {"purpose": "exam", "bank": banks[0].code if len(banks) == 1 else ""}
    return show(request, "new", programme, banks=banks, typed=typed, errors={}, purposes=exam_drafting.PURPOSES)


@post(EXAMS + "/new", opt=EDIT)
async def create(
    request: Request,
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    typed = last(await forms.posted(request))
    made, errors = await exams.create(database, programme.id, typed, account=visitor.account_id)
    if made is None:
        banks = await items.banks(database, programme.id)
        return show(
            request, "new", programme, 422, banks=banks, typed=typed, errors=errors, purposes=exam_drafting.PURPOSES
        )
    return Redirect(url(programme, made.id, "blueprint"), status_code=303)


@get(EXAM, opt=VIEW)
async def overview(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    edits = visitor.can("exams.edit", programme.id)
    return show(
        request, "exam", programme, exam=found, standing=found.standing(exams.now()), edits=edits, part="overview",
        about=await exams.about(database, found), door=exams.door_url(settings, found.id) if edits else "",
        problems=placed(await exams.problems(database, found)) if edits and found.state == "draft" else [],
    )  # fmt: skip


@get(EXAM + "/settings", opt=EDIT)
async def settings_form(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    typed = exam_drafting.settings_form(found.definition, found.opens_at, found.closes_at, settings.time_zone)
    return _settings(request, programme, found, typed, {})


def _settings(
    request: Request, programme: ProgrammeReference, exam: ExamRecord, typed: dict[str, str], errors: dict[str, str]
) -> Response[Any]:
    return show(
        request, "settings", programme, 422 if errors else 200, exam=exam, typed=typed, errors=errors, part="settings",
        purposes=exam_drafting.PURPOSES, modes=exam_drafting.MODES, rules=exam_drafting.RULES,
        passing=exam_drafting.PASSING,
    )  # fmt: skip


@post(EXAM + "/settings", opt=EDIT)
async def save_settings(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """All of a draft; of a published exam its window and password."""
    found, form = await exams.get(database, programme.id, exam), await forms.posted(request)
    save = exams.save_settings if found.state == "draft" else exams.save_window
    errors = await save(database, found, form, settings.time_zone, account=visitor.account_id)
    if errors:
        return _settings(request, programme, found, last(form), errors)
    return Redirect(url(programme, exam) + "?done=saved", status_code=303)


@post(EXAM + "/{deed:str}", opt=EDIT)
async def act(
    exam: FromPath[UUID],
    deed: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    if deed not in exams.DEEDS:
        raise NotFound
    await exams.DEEDS[deed](database, settings, found, visitor.account_id)
    where = f"/programmes/{programme.slug}/exams" if deed == "discard" else url(programme, exam) + f"?done={deed}"
    return Redirect(where, status_code=303)


controllers = [
    listing, new, create, overview, settings_form, save_settings, act, *exams_blueprint.controllers,
    *exams_candidates.controllers, *exams_monitor.controllers, *exams_standard.controllers,
]  # fmt: skip
