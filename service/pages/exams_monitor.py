"""Watching an exam while it is sat."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.actions import exams, invigilation
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.pages.exams_view import EDIT, EXAM, show


@get(EXAM + "/monitor", opt=EDIT)
async def monitor(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    return await _shown(request, "monitor", exam, database, programme)


@get(EXAM + "/monitor/room", opt=EDIT)
async def room(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    """The part that refreshes itself."""
    return await _shown(request, "_room", exam, database, programme)


async def _shown(
    request: Request, template: str, exam: UUID, database: Database, programme: ProgrammeReference
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    watched = await invigilation.room(database, found)
    said = request.query_params.get("state", "")
    state = said if said in invigilation.STATES else ""
    return show(
        request, template, programme, exam=found, watched=watched, standing=found.standing(watched.at), state=state,
        states=invigilation.STATES, places=watched.shown(state), part="monitor",
    )  # fmt: skip


controllers = [monitor, room]
