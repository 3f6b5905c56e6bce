"""JSON: waves and their responses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from service.access import Visitor
from service.actions import results, waves
from service.actions.programmes import ProgrammeReference
from service.actions.waves import Group, Status
from service.database import Database
from service.errors import NotFound
from service.settings import Settings
from surveys.exports import FORMS

TAGS = ["waves"]
VIEW = {"access": "api:programme.view"}
EDIT = {"access": "api:waves.edit"}
DEEDS = ("open", "close", "reopen")


class WaveStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A wave at this moment, without its links. ``standing`` is draft, early, open, over or closed."""

    id: UUID
    title: str
    stage: str
    role: str
    anonymity: str
    minimum_group: int
    standing: str
    opens_at: datetime | None
    closes_at: datetime | None
    invited: int
    submitted: int
    responses: int
    departments: tuple[Group, ...]


def _shown(status: Status) -> WaveStatus:
    names = ("id", "title", "stage", "role", "anonymity", "minimum_group", "opens_at", "closes_at")
    return WaveStatus(
        **{name: getattr(status.wave, name) for name in names},
        standing=status.standing,
        invited=status.invited,
        submitted=status.submitted,
        responses=status.responses,
        departments=status.groups,
    )


@get("/programmes/{slug:str}/waves", opt=VIEW, tags=TAGS, summary="A programme's waves, newest first")
async def listing(
    database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> list[WaveStatus]:
    return [_shown(status) for status in await waves.of_programme(database, programme.id)]


@get("/programmes/{slug:str}/waves/{wave:uuid}", opt=VIEW, tags=TAGS, summary="A wave and its response rates")
async def detail(
    wave: FromPath[UUID], database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> WaveStatus:
    return _shown(await waves.status(database, programme.id, wave))


@get(
    "/programmes/{slug:str}/waves/{wave:uuid}/responses",
    opt={"access": "api:responses.export"},
    tags=["responses"],
    summary="The responses that the wave's promise lets out: json, csv, csv-plain, csv-gb18030, xlsx, sav or parquet",
)
async def responses(
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
    form: Annotated[str, QueryParameter(name="format")] = "json",
) -> Stream:
    await waves.get(database, programme.id, wave)
    pieces = await results.export(database, wave, form, visitor.language, account=visitor.account_id)
    return Stream(pieces, media_type=FORMS[form].media_type)


@get(
    "/programmes/{slug:str}/waves/{wave:uuid}/findings",
    opt={"access": "api:results.view"},
    tags=["results"],
    summary="What the responses say: the records that page and report print; of some people by ?dimension=value",
)
async def findings(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[bytes]:
    await waves.get(database, programme.id, wave)
    try:
        found = await results.findings(database, wave, results.conditions_of(request.query_params))
    except results.NotShown:
        raise NotFound from None
    return Response(msgspec.json.encode(found), media_type="application/json")


@post(
    "/programmes/{slug:str}/waves/{wave:uuid}/{deed:str}",
    opt=EDIT,
    tags=TAGS,
    status_code=200,
    summary="open, close or reopen a wave",
)
async def change(
    wave: FromPath[UUID],
    deed: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> WaveStatus:
    found = await waves.get(database, programme.id, wave)
    if deed not in DEEDS:
        raise NotFound
    await waves.DEEDS[deed](database, settings, found, visitor.account_id)
    return _shown(await waves.status(database, programme.id, wave))


controllers = [listing, detail, responses, findings, change]
