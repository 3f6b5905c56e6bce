"""Waves: list, draft, open, watch, close. Who may only view sees the rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import people, pilot_view, piloting, programmes, publishing, reporting, waves
from service.actions.programmes import ProgrammeReference
from service.actions.waves import Wave
from service.database import Database
from service.errors import NotFound
from service.settings import Settings
from service.templates import render

VIEW = {"access": "programme:programme.view"}
EDIT = {"access": "programme:waves.edit"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEVERAL = ("departments", "sides")


def local_time(settings: Settings) -> Callable[[datetime], str]:
    """How pages show a time: in the service's zone, to the minute."""
    zone = ZoneInfo(settings.time_zone)
    return lambda moment: f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


@get("/programmes/{slug:str}/waves", opt=VIEW)
async def listing(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    rounds = await waves.of_programme(database, programme.id)
    return render(request, "waves/list.html", programme=programme, rounds=rounds)


@get("/programmes/{slug:str}/waves/new", opt=EDIT)
async def new(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    typed = {"anonymity": "anonymous", "role": "baseline", "personal_links": "1"}
    return await _draft(request, database, programme, typed, {name: [] for name in SEVERAL}, {})


async def _draft(
    request: Request, database: Database, programme: ProgrammeReference, typed: dict[str, str],
    several: dict[str, list[str]], errors: dict[str, str], status: int = 200, wave: Wave | None = None,
) -> Response[Any]:  # fmt: skip
    """The form of a new wave, or of ``wave``."""
    audience = waves.read_audience(typed, several)
    count, unknown = await waves.count_audience(database, programme.id, audience)
    return render(
        request, "waves/draft.html", status, programme=programme, wave=wave, typed=typed, several=several,
        errors=errors, versions=await waves.versions(database), roles=waves.ROLES, anonymities=waves.ANONYMITIES,
        sides=people.SIDES, departments=await people.departments(database, programme.id), count=count, unknown=unknown,
    )  # fmt: skip


async def _form(request: Request) -> tuple[dict[str, str], dict[str, list[str]]]:
    form = await request.form()
    several = {name: [str(value) for value in form.getall(name, [])] for name in SEVERAL}
    return {name: str(value) for name, value in form.items()}, several


@post("/programmes/{slug:str}/waves/new", opt=EDIT)
async def create(
    request: Request,
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    typed, several = await _form(request)
    draft, errors = waves.read_draft(typed, several, settings.time_zone)
    if draft is None:
        return await _draft(request, database, programme, typed, several, errors, 422)
    stage = (await programmes.get(database, programme.id)).stage
    wave = await waves.create(database, programme.id, stage, draft, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/waves/{wave.id}", status_code=303)


@get("/programmes/{slug:str}/waves/{wave:uuid}/edit", opt=EDIT)
async def edit(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await waves.draft(database, programme.id, wave)
    typed, several = waves.as_form(found, settings.time_zone)
    return await _draft(request, database, programme, typed, several, {}, wave=found)


@post("/programmes/{slug:str}/waves/{wave:uuid}/edit", opt=EDIT)
async def change(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await waves.draft(database, programme.id, wave)
    typed, several = await _form(request)
    draft, errors = waves.read_draft(typed, several, settings.time_zone)
    if draft is None:
        return await _draft(request, database, programme, typed, several, errors, 422, wave=found)
    await waves.change(database, found, draft, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/waves/{wave}", status_code=303)


@post("/programmes/{slug:str}/waves/audience", opt=EDIT, status_code=200)
async def audience(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    typed, several = await _form(request)
    count, unknown = await waves.count_audience(database, programme.id, waves.read_audience(typed, several))
    return render(request, "waves/_audience.html", count=count, unknown=unknown)


@get("/programmes/{slug:str}/waves/{wave:uuid}", opt=VIEW)
async def wave_page(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    status = await waves.status(database, programme.id, wave)
    edits = visitor.can("waves.edit", programme.id)
    return render(
        request, "waves/wave.html", programme=programme, status=status, wave=status.wave, edits=edits,
        version=await waves.version_of(database, status.wave), local=local_time(settings), zone=settings.time_zone,
        waiting=await waves.waiting(database, status.wave) if edits else [], lagging=waves.lagging(status),
        public_url=waves.public_url(settings, status.wave) if edits else "",
        newer=await publishing.newer(database, status.wave) if edits else None,
        needs=pilot_view.needs_rows(await piloting.needed_of(database, status.wave), visitor.language),
    )  # fmt: skip


@get("/programmes/{slug:str}/waves/{wave:uuid}/progress", opt=VIEW)
async def progress(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    status = await waves.status(database, programme.id, wave)
    return render(request, "waves/_progress.html", status=status, wave=status.wave, programme=programme)


@post("/programmes/{slug:str}/waves/{wave:uuid}/{deed:str}", opt=EDIT)
async def act(
    wave: FromPath[UUID],
    deed: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, account = await waves.get(database, programme.id, wave), visitor.account_id
    if deed not in waves.DEEDS:
        raise NotFound
    await waves.DEEDS[deed](database, settings, found, account)
    return Redirect(f"/programmes/{programme.slug}/waves" + ("" if deed == "discard" else f"/{wave}"), status_code=303)


@get("/programmes/{slug:str}/waves/{wave:uuid}/links.xlsx", opt=EDIT)
async def links(
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Any],
) -> Response[bytes]:
    found = await waves.get(database, programme.id, wave)
    headings = [t("people." + name) for name in ("number", "name", "department")]
    headings += [t("waves." + name) for name in ("email", "mobile", "link")]
    book = await waves.links_workbook(database, settings, found, headings, account=visitor.account_id)
    return Response(book, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="links.xlsx"'})


@get("/programmes/{slug:str}/waves/{wave:uuid}/qr.svg", opt=EDIT)
async def qr(
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
) -> Response[str]:
    found = await waves.get(database, programme.id, wave)
    if not found.public_token:
        raise NotFound
    return Response(waves.qr_svg(waves.public_url(settings, found)), media_type="image/svg+xml")


@get("/programmes/{slug:str}/waves/{wave:uuid}/poster.pdf", opt=EDIT)
async def poster(
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Any],
) -> Response[bytes]:
    found = await waves.get(database, programme.id, wave)
    if not found.public_token:
        raise NotFound
    until = local_time(settings)(found.closes_at) if found.closes_at else ""
    promise, url = t("waves.promise." + found.anonymity), waves.public_url(settings, found)
    pdf = await reporting.poster_pdf(found, url, until, promise, visitor.language)
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="poster.pdf"'})


controllers = [listing, new, create, edit, change, audience, wave_page, progress, act, links, qr, poster]
