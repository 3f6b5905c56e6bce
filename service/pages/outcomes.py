"""What came of an exam: figures, pass list, items one by one, the workbook and the training report."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from service import forms
from service.access import Visitor, visitor_of
from service.actions import outcome_table, outcome_view, outcomes, training_reporting
from service.actions.exams import ExamRecord
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound
from service.pages.exams_view import XLSX, last, url
from service.pages.results import identifier
from service.templates import partial, render
from surveys.text import LANGUAGES, pick

EXAM = "/programmes/{slug:str}/exams/{exam:uuid}/results"
SEE = {"access": "programme:results.view"}
PERSONS = {"access": "programme:exams.edit"}
KEYS = {"access": "programme:items.edit"}  # what was right is told to those who may see keys
DOWNLOAD = {"access": "programme:report.download"}  # before release, of those who may see keys only
PAGE = 200  # people on one page
DECISIONS = ("passed", "failed", "undecided", "missing")


def may_read(visitor: Visitor, programme: ProgrammeReference, exam: ExamRecord) -> bool:
    """Whether the report, which says what was right, may be made and read."""
    return exam.released_at is not None or visitor.can("items.edit", programme.id)


def show(request: Request, template: str, programme: ProgrammeReference, /, **context: Any) -> Response[Any]:
    """A page of this area."""
    return render(
        request, f"outcomes/{template}.html", programme=programme, part="results", drawn=Markup,
        say=lambda text: pick(text, visitor_of(request).language), **context,
    )  # fmt: skip


@get(EXAM, opt=SEE)
async def results(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    record = await outcomes.of_exam(database, programme.id, exam)
    job = request.query_params.get("job", "")
    state = await training_reporting.state_of(database, exam, identifier(job)) if job else ""
    readable = may_read(visitor, programme, record)
    documents = await training_reporting.of_exam(database, exam) if readable else []
    if partial(request):
        return show(request, "_reports", programme, exam=record, job=job, state=state, documents=documents)
    findings = await outcomes.findings(database, programme.id, exam)
    return show(
        request, "results", programme, exam=record, findings=findings, job=job, state=state,
        shown=outcome_view.board(findings, visitor.language), documents=documents, languages=LANGUAGES,
        readable=readable,
    )  # fmt: skip


@get(EXAM + "/people", opt=PERSONS)
async def people(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    outcome, everybody = await outcomes.people(database, programme.id, exam)
    asked = {name: request.query_params.get(name, "") for name in ("decision", "department")}
    chosen = [
        each for each in everybody
        if asked["decision"] in ("", each.decision) and each.department.startswith(asked["department"])
    ]  # fmt: skip
    departments = sorted({each.department.split("/")[0] for each in everybody})
    return show(
        request, "people", programme, exam=outcome.exam, facts=outcome.facts, people=chosen[:PAGE],
        found=len(chosen), asked=asked, departments=departments, decisions=DECISIONS,
        counts={name: sum(each.decision == name for each in everybody) for name in DECISIONS},
    )  # fmt: skip


@get(EXAM + "/people.xlsx", opt=PERSONS)
async def workbook(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    catalogue, language, prefix = request.app.state.catalogue, visitor.language, "outcomes.table."
    labels = {
        key.removeprefix(prefix): catalogue.translate(language, key)
        for key in catalogue.texts
        if key.startswith(prefix)
    }
    content = await outcome_table.workbook(database, programme.id, exam, labels, language, account=visitor.account_id)
    return Response(content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="results.xlsx"'})


@get(EXAM + "/items", opt=KEYS)
async def items(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    record = await outcomes.of_exam(database, programme.id, exam)
    findings = await outcomes.findings(database, programme.id, exam)
    language = visitor.language
    return show(
        request, "items", programme, exam=record, findings=findings,
        rows=outcome_view.item_rows(findings, language), panel=outcome_view.map_panel(findings, language),
    )  # fmt: skip


@get(EXAM + "/items/{code:str}", opt=KEYS)
async def item(
    request: Request,
    exam: FromPath[UUID],
    code: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    record = await outcomes.of_exam(database, programme.id, exam)
    findings = await outcomes.findings(database, programme.id, exam)
    shown = outcome_view.item_page(findings, code, visitor.language)
    if shown is None:
        raise NotFound
    return show(request, "item", programme, exam=record, shown=shown)


@post(EXAM + "/reports", opt=DOWNLOAD)
async def make(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    if not may_read(visitor, programme, await outcomes.of_exam(database, programme.id, exam)):
        raise NotFound
    language = last(await forms.posted(request)).get("language", visitor.language)
    job = await training_reporting.start(database, programme.id, exam, language, account=visitor.account_id)
    return Redirect(url(programme, exam, f"results?job={job}"), status_code=303)


@get(EXAM + "/reports/{document:uuid}", opt=DOWNLOAD)
async def download(
    exam: FromPath[UUID],
    document: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    if not may_read(visitor, programme, await outcomes.of_exam(database, programme.id, exam)):
        raise NotFound
    found, content = await training_reporting.content(
        database, programme.id, exam, document, account=visitor.account_id
    )
    headers = {"Content-Disposition": f"inline; filename=\"report.pdf\"; filename*=UTF-8''{quote(found.name)}.pdf"}
    return Response(content, media_type="application/pdf", headers=headers)


controllers = [results, people, workbook, items, item, make, download]
