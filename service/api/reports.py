"""JSON: reports of a programme, and the PDF itself."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import Visitor
from service.actions import reporting, waves
from service.actions.programmes import ProgrammeReference
from service.actions.reporting import Document
from service.database import Database
from service.settings import Settings

TAGS = ["reports"]
DOWNLOAD = {"access": "api:report.download"}


@get("/programmes/{slug:str}/reports", opt=DOWNLOAD, tags=TAGS, summary="Reports made so far, newest first")
async def listing(
    database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> list[Document]:
    return await reporting.of_programme(database, programme.id)


@post(
    "/programmes/{slug:str}/waves/{wave:uuid}/reports/{language:str}",
    opt=DOWNLOAD,
    tags=TAGS,
    summary="Make the report of a wave, or find the one of the same data",
)
async def make(
    wave: FromPath[UUID],
    language: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Document:
    await waves.get(database, programme.id, wave)
    return await reporting.make(database, settings, wave, language, account=visitor.account_id)


@get("/programmes/{slug:str}/reports/{document:uuid}", opt=DOWNLOAD, tags=TAGS, summary="A report as PDF")
async def download(
    document: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    _, content = await reporting.content(database, programme.id, document, account=visitor.account_id)
    return Response(content, media_type="application/pdf")


controllers = [listing, make, download]
