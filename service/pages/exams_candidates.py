"""Who may sit an exam: the list, adding, exceptions for one person, links, cards and poster."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import candidates, exams, people, waves
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.pages.exams_view import EDIT, EXAM, XLSX, last, page_of, show, url
from service.settings import Settings
from surveys.text import pick

LIST = EXAM + "/candidates"
ONE = LIST + "/{candidate:uuid}"


@get(LIST, opt=EDIT)
async def listing(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    return await _listing(request, database, programme, exam, {})


async def _listing(
    request: Request, database: Database, programme: ProgrammeReference, exam: UUID, form: forms.Form, status: int = 200
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    count, unknown = await waves.count_audience(database, programme.id, candidates.audience_of(form))
    everybody, text = await candidates.of_exam(database, found), request.query_params.get("text", "").strip()[:200]
    matching, page = candidates.searched(everybody, text), page_of(request)
    return show(
        request, "candidates", programme, status, exam=found, total=len(everybody), matching=len(matching), text=text,
        people=matching[(page - 1) * candidates.PAGE : page * candidates.PAGE], page=page,
        pages=-(-len(matching) // candidates.PAGE),
        departments=await people.departments(database, programme.id), sides=people.SIDES, count=count, unknown=unknown,
        form_values=form, failed=len(await candidates.failed(database, found)) if found.scoring else 0,
        part="candidates",
    )  # fmt: skip


@post(LIST, opt=EDIT)
async def add(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """Adds whom the audience names; a list with an unknown number adds nobody."""
    found, form = await exams.get(database, programme.id, exam), await forms.posted(request)
    _, unknown = await waves.count_audience(database, programme.id, candidates.audience_of(form))
    if unknown:
        return await _listing(request, database, programme, exam, form, 422)
    added = await candidates.add(database, settings, found, candidates.audience_of(form), account=visitor.account_id)
    return Redirect(url(programme, exam, "candidates") + f"?done=added&n={added}", status_code=303)


@post(LIST + "/count", opt=EDIT, status_code=200)
async def count(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    await exams.get(database, programme.id, exam)
    audience = candidates.audience_of(await forms.posted(request))
    number, unknown = await waves.count_audience(database, programme.id, audience)
    return show(request, "_count", programme, count=number, unknown=unknown)


@post(LIST + "/resit", opt=EDIT)
async def resit(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    again = await candidates.resit(database, found, account=visitor.account_id)
    return Redirect(url(programme, exam, "candidates") + f"?done=resit&n={again}", status_code=303)


@get(ONE, opt=EDIT)
async def one(
    request: Request,
    exam: FromPath[UUID],
    candidate: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    person = await candidates.get(database, found, candidate)
    typed = {"extra_minutes": person.extra_minutes, "extra_attempts": person.extra_attempts, "seat": person.seat}
    return _one(request, programme, found, person, settings, typed, {})


def _one(
    request: Request, programme: ProgrammeReference, exam: exams.ExamRecord, person: Any, settings: Settings,
    typed: dict[str, Any], errors: dict[str, str],
) -> Response[Any]:  # fmt: skip
    link = exams.personal_url(settings, exam.id, person.person)
    return show(
        request, "candidate", programme, 422 if errors else 200, exam=exam, person=person, typed=typed, errors=errors,
        link=link, part="candidates",
    )  # fmt: skip


@post(ONE, opt=EDIT)
async def allow(
    request: Request,
    exam: FromPath[UUID],
    candidate: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, form = await exams.get(database, programme.id, exam), await forms.posted(request)
    person = await candidates.get(database, found, candidate)
    errors = await candidates.allow(database, found, candidate, form, account=visitor.account_id)
    if errors:
        return _one(request, programme, found, person, settings, last(form), errors)
    return Redirect(url(programme, exam, "candidates") + "?done=allowed", status_code=303)


@post(ONE + "/remove", opt=EDIT)
async def remove(
    exam: FromPath[UUID],
    candidate: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    gone = await candidates.remove(database, found, candidate, account=visitor.account_id)
    done = "removed" if gone else "stays"
    return Redirect(url(programme, exam, "candidates") + f"?done={done}", status_code=303)


@get(LIST + "/links.xlsx", opt=EDIT)
async def links(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Any],
) -> Response[bytes]:
    found = await exams.get(database, programme.id, exam)
    headings = [t("people." + name) for name in ("number", "name", "department")]
    headings += [t("waves.email"), t("waves.mobile"), t("exams.seat"), t("waves.link")]
    book = await candidates.workbook(database, settings, found, headings, account=visitor.account_id)
    return Response(book, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="links.xlsx"'})


@get(LIST + "/cards.pdf", opt=EDIT)
async def cards(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    found, language = await exams.get(database, programme.id, exam), visitor.language
    title = pick(found.definition.title, language)
    pdf = await candidates.cards(database, settings, found, title, language, account=visitor.account_id)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="cards.pdf"'})


@get(EXAM + "/poster.pdf", opt=EDIT)
async def poster(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Any],
) -> Response[bytes]:
    found, language = await exams.get(database, programme.id, exam), visitor.language
    invitation = t("exams.poster_invitation", minutes=found.definition.sitting.minutes)
    until = exams.window_end(settings, found)
    title = pick(found.definition.title, language)
    pdf = await candidates.poster(settings, found, title, invitation, until, language)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="poster.pdf"'})


@get(EXAM + "/qr.svg", opt=EDIT)
async def qr(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[str]:
    found = await exams.get(database, programme.id, exam)
    return Response(waves.qr_svg(exams.door_url(settings, found.id)), media_type="image/svg+xml")


controllers = [listing, add, count, resit, one, allow, remove, links, cards, poster, qr]
