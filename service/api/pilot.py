"""JSON: the evaluation of a pilot, the record that page and report print."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import Visitor
from service.actions import pilot_reporting, piloting
from service.actions.programmes import ProgrammeReference
from service.actions.reporting import Document
from service.database import Database
from surveys.analysis.pilot_evaluation import Evaluation

TAGS = ["pilot"]


@get(
    "/programmes/{slug:str}/pilot",
    opt={"access": "api:results.view"},
    tags=TAGS,
    summary="The evaluation of the pilot by the plan that holds",
)
async def detail(database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]) -> Evaluation:
    return await piloting.evaluated(database, programme.id)


@post(
    "/programmes/{slug:str}/pilot/reports/{language:str}",
    opt={"access": "api:report.download"},
    tags=TAGS,
    summary="Make the pilot evaluation report, or find the one of the same data",
)
async def make(
    language: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Document:
    return await pilot_reporting.make(database, programme.id, language, account=visitor.account_id)


controllers = [detail, make]
