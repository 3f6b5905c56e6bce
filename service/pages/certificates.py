"""Certificates: an exam's list for HR, and the page on which anybody verifies one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import certificates, standings
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.pages.marking_view import shown
from service.settings import Settings
from service.templates import render

EDIT = {"access": "programme:exams.edit"}
PUBLIC = {"access": "public"}
LIST = "/programmes/{slug:str}/exams/{exam:uuid}/certificates"
PDF = "application/pdf"


@get(LIST, opt=EDIT)
async def listing(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    return await _listing(request, database, programme, exam)


async def _listing(
    request: Request,
    database: Database,
    programme: ProgrammeReference,
    exam: UUID,
    status: int = 200,
    missing: str = "",
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    held, failing = await certificates.of_exam(database, found)
    return render(
        request, "certificates/list.html", status, programme=programme, exam=found, certificates=held, failing=failing,
        today=certificates.today(database), missing=missing, done=request.query_params.get("done", ""),
        **shown(request),
    )  # fmt: skip


@get(LIST + ".zip", opt=EDIT)
async def folder(
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    found = await standings.get(database, programme.id, exam)
    content = await certificates.folder(database, settings, found, visitor.language, account=visitor.account_id)
    headers = {"Content-Disposition": 'attachment; filename="certificates.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@get(LIST + "/{serial:str}", opt=EDIT)
async def one(
    exam: FromPath[UUID],
    serial: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    found = await standings.get(database, programme.id, exam)
    held = await certificates.get(database, found, serial)
    content = await certificates.pdf(database, settings, found, held, visitor.language)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{held.serial}.pdf"'})


@post(LIST + "/{serial:str}/{deed:str}", opt=EDIT)
async def change(
    request: Request,
    exam: FromPath[UUID],
    serial: FromPath[str],
    deed: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """Revokes (``revoke``) or restores (anything else) a certificate."""
    found = await standings.get(database, programme.id, exam)
    reason = (await forms.posted(request)).get("reason", [""])[-1]
    if not reason.strip():
        return await _listing(request, database, programme, exam, 422, serial)
    account = visitor.account_id
    await certificates.change(database, found, serial, reason, account=account, revoke=deed == "revoke")
    return Redirect(f"/programmes/{programme.slug}/exams/{exam}/certificates?done={deed}", status_code=303)


# Anybody


@get("/certificate", opt=PUBLIC)
async def ask(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    typed = request.query_params.get("serial", "")[:60]
    if not typed.strip():
        return render(request, "certificates/verify.html", found=None, typed="", say=shown(request)["say"])
    found = await certificates.verify(database, typed)
    if found is None:
        return _unknown(request, typed)
    return Redirect(f"/certificate/{found.serial}", status_code=303)


@get("/certificate/{serial:str}", opt=PUBLIC)
async def verify(request: Request, serial: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    found = await certificates.verify(database, serial)
    if found is None:
        return _unknown(request, serial[:60])
    return render(request, "certificates/verify.html", found=found, typed=found.serial, say=shown(request)["say"])


def _unknown(request: Request, typed: str) -> Response[Any]:
    return render(request, "certificates/verify.html", 404, found=None, typed=typed, say=shown(request)["say"])


controllers = [listing, folder, one, change, ask, verify]
