"""JSON: metrics of cases in, and how many there are."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from service.access import Visitor
from service.actions import metrics
from service.actions.metrics import ImportResult, Row, Standing
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import Unusable

TAGS = ["metrics"]


@get(
    "/programmes/{slug:str}/metrics",
    opt={"access": "api:results.view"},
    tags=TAGS,
    summary="Metrics with how many cases each group has",
)
async def listing(
    database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> list[Standing]:
    return await metrics.listing(database, programme.id)


@post(
    "/programmes/{slug:str}/metrics",
    opt={"access": "api:waves.edit", "upload": True},
    tags=TAGS,
    summary="Values of cases: all of them or none; a case that is known is replaced",
)
async def bring(
    data: JSONBody[list[Row]],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> ImportResult:
    done = await metrics.bring_rows(database, programme.id, data, account=visitor.account_id)
    if done.problems:
        told = {f"{each.line or 0}.{each.place}": each.say(visitor.language) for each in done.problems}
        raise Unusable(errors=told)
    return done


controllers = [listing, bring]
