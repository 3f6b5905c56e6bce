"""JSON: exams, their candidates and how these stand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import Visitor
from service.actions import candidates, exams, invigilation
from service.actions.exams import ExamRecord
from service.actions.programmes import ProgrammeReference
from service.clock import now
from service.database import Database
from service.errors import NotFound
from service.settings import Settings
from surveys.text import Text

TAGS = ["exams"]
VIEW = {"access": "api:results.view"}
EDIT = {"access": "api:exams.edit"}
DEEDS = ("publish", "close", "reopen")


class ExamStatus(msgspec.Struct, frozen=True, kw_only=True):
    """An exam at this moment. ``standing`` is draft, early, open, over or closed; ``points`` is the total of a paper;
    ``scoring`` the number of the set of keys that counts."""

    id: UUID
    code: str
    title: Text
    purpose: str
    standing: str
    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int
    items: int
    points: float
    candidates: int
    scoring: int
    released_at: datetime | None


class CandidateStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate. ``state`` is waiting, sitting, silent or submitted; points, total, passed and provisional are those
    of the attempts that are over, by the exam's rule, null before there is one."""

    employee_number: str
    name: str
    department: str
    extra_minutes: int
    extra_attempts: int
    state: str
    started_at: datetime | None
    submitted_at: datetime | None
    attempts: int
    points: float | None
    total: float | None
    passed: bool | None
    provisional: bool | None


async def _shown(database: Database, exam: ExamRecord) -> ExamStatus:
    about = await exams.about(database, exam)
    names = ("id", "code", "opens_at", "closes_at", "scoring", "released_at")
    return ExamStatus(
        **{name: getattr(exam, name) for name in names}, title=exam.definition.title, purpose=exam.definition.purpose,
        standing=exam.standing(now()), minutes=exam.definition.sitting.minutes, items=about.count,
        points=about.total / 100, candidates=about.candidates,
    )  # fmt: skip


@get("/programmes/{slug:str}/exams", opt=VIEW, tags=TAGS, summary="A programme's exams, newest first")
async def listing(
    database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> list[ExamStatus]:
    return [await _shown(database, line.exam) for line in await exams.of_programme(database, programme.id)]


@get("/programmes/{slug:str}/exams/{exam:uuid}", opt=VIEW, tags=TAGS, summary="An exam")
async def detail(
    exam: FromPath[UUID], database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> ExamStatus:
    return await _shown(database, await exams.get(database, programme.id, exam))


@get(
    "/programmes/{slug:str}/exams/{exam:uuid}/candidates",
    opt=EDIT,
    tags=TAGS,
    summary="Who may sit the exam, where they are, and what their attempts came to",
)
async def people(
    exam: FromPath[UUID], database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> list[CandidateStatus]:
    found = await exams.get(database, programme.id, exam)
    results = await candidates.results(database, found)
    return [
        _person(place, results.get(place.candidate.id)) for place in (await invigilation.room(database, found)).places
    ]


def _person(place: invigilation.Place, outcome: candidates.Outcome | None) -> CandidateStatus:
    names = ("employee_number", "name", "department", "extra_minutes", "extra_attempts")
    return CandidateStatus(
        **{name: getattr(place.candidate, name) for name in names}, state=place.state,
        started_at=place.seen.started_at if place.seen else None,
        submitted_at=place.seen.submitted_at if place.seen else None,
        attempts=outcome.attempts if outcome else 0, points=outcome.points / 100 if outcome else None,
        total=outcome.total / 100 if outcome else None, passed=outcome.passed if outcome else None,
        provisional=outcome.provisional if outcome else None,
    )  # fmt: skip


@post(
    "/programmes/{slug:str}/exams/{exam:uuid}/{deed:str}",
    opt=EDIT,
    tags=TAGS,
    status_code=200,
    summary="publish, close or reopen an exam",
)
async def change(
    exam: FromPath[UUID],
    deed: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> ExamStatus:
    found = await exams.get(database, programme.id, exam)
    if deed not in DEEDS:
        raise NotFound
    await exams.DEEDS[deed](database, settings, found, visitor.account_id)
    return await _shown(database, await exams.get(database, programme.id, exam))


controllers = [listing, detail, people, change]
