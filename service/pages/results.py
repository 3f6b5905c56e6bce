"""Results of a wave, reports, export and import."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from markupsafe import Markup

from service.access import Visitor
from service.actions import reporting, results, waves
from service.actions.dashboard import crosstab_shown, dashboard, picture, to_svg
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.errors import NotFound
from service.templates import partial, render
from surveys.analysis.findings import DiagnosisFindings
from surveys.analysis.groups import Filter
from surveys.analysis.trend import TrendFinding
from surveys.exports import FORMS
from surveys.text import LANGUAGES, pick

SEE = {"access": "programme:results.view"}
DOWNLOAD = {"access": "programme:report.download"}
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
EXPORT = {"access": "programme:responses.export"}


@get("/programmes/{slug:str}/waves/{wave:uuid}/results", opt=SEE)
async def results_page(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    status = await waves.status(database, programme.id, wave)
    asked = conditions(request)
    try:
        findings = await results.findings(database, wave, asked)
    except results.NotShown:
        return render(request, "results/not_shown.html", 404, programme=programme, wave=status.wave, asked=asked)
    shown = dashboard(findings, visitor.language, await over(database, wave, asked))
    return render(
        request, "results/results.html", programme=programme, status=status, wave=status.wave, findings=findings,
        shown=shown, languages=LANGUAGES, drawn=drawn, query=query_of(findings),
        documents=await reporting.of_wave(database, wave),
    )  # fmt: skip


def conditions(request: Request) -> Filter:
    """Of whom the figures are to be, as the address says."""
    return results.conditions_of({name: value for name, value in request.query_params.items() if name != "lang"})


async def over(database: Database, wave: UUID, asked: Filter) -> Sequence[TrendFinding]:
    """The waves over time, which are told of everybody alone."""
    return () if asked else await results.over_waves(database, wave)


def query_of(findings: DiagnosisFindings) -> str:
    """The conditions as the end of an address."""
    asked = urlencode([(each.dimension, each.value) for each in findings.conditions])
    return f"?{asked}" if asked else ""


def drawn(scene: Any) -> Markup:
    return Markup(to_svg(scene))  # noqa: S704 (every text of a scene is escaped as it is drawn)


@get("/programmes/{slug:str}/waves/{wave:uuid}/results/figures/{name:str}/{form:str}", opt=SEE)
async def figure(
    request: Request,
    wave: FromPath[UUID],
    name: FromPath[str],
    form: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    await waves.get(database, programme.id, wave)
    try:
        asked = conditions(request)
        found = await results.findings(database, wave, asked)
        shown = dashboard(found, visitor.language, await over(database, wave, asked))
    except results.NotShown:
        raise NotFound from None
    panel = next((each for each in (*shown.panels, *shown.details) if each.name == name), None)
    content = await asyncio.to_thread(picture, panel, form, visitor.language) if panel else None
    if content is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=PICTURES[form], headers=headers)


@get("/programmes/{slug:str}/waves/{wave:uuid}/results/crosstab", opt=SEE)
async def crosstab(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    asked = {name: value for name, value in request.query_params.items() if name != "lang"}
    rows, across = asked.pop("rows", ""), asked.pop("columns", "")
    table, refused = None, False
    if rows and across:
        try:
            table = await results.crosstab(database, wave, rows, across, results.conditions_of(asked))
        except results.NotShown:
            refused = True
    known = await results.table_variables(database, wave)
    variables = [(each.name, pick(each.label, visitor.language)[:80]) for each in known]
    return render(
        request, "results/crosstab.html", programme=programme, wave=found, variables=variables, table=table,
        refused=refused, rows=rows, columns=across, asked=asked, shown=crosstab_shown(table, visitor.language),
    )  # fmt: skip


@get("/programmes/{slug:str}/reports", opt=SEE)
async def reports(
    request: Request, database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]
) -> Response[Any]:
    job = request.query_params.get("job", "")
    state = await reporting.state_of(database, programme.id, identifier(job)) if job else ""
    documents = await reporting.of_programme(database, programme.id)
    rounds = await waves.of_programme(database, programme.id)
    return render(
        request, "results/_reports.html" if partial(request) else "results/reports.html", programme=programme,
        documents=documents, rounds=rounds, languages=LANGUAGES, job=job, state=state,
    )  # fmt: skip


def identifier(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound from None


@post("/programmes/{slug:str}/waves/{wave:uuid}/reports", opt=DOWNLOAD)
async def make(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    await waves.get(database, programme.id, wave)
    language = str((await request.form()).get("language", visitor.language))
    job = await reporting.start(database, wave, language, account=visitor.account_id)
    return Redirect(f"/programmes/{programme.slug}/reports?job={job}", status_code=303)


@get("/programmes/{slug:str}/reports/{document:uuid}", opt=DOWNLOAD)
async def download(
    document: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[bytes]:
    found, content = await reporting.content(database, programme.id, document, account=visitor.account_id)
    name = quote(f"{found.name}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"report.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/programmes/{slug:str}/waves/{wave:uuid}/export/{form:str}", opt=EXPORT)
async def export(
    wave: FromPath[UUID],
    form: FromPath[str],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Stream:
    await waves.get(database, programme.id, wave)
    pieces = await results.export(database, wave, form, visitor.language, account=visitor.account_id)
    headers = {"Content-Disposition": f'attachment; filename="responses.{FORMS[form].extension}"'}
    return Stream(pieces, media_type=FORMS[form].media_type, headers=headers)


@get("/programmes/{slug:str}/waves/{wave:uuid}/import", opt=EXPORT)
async def import_form(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    return render(request, "results/import.html", programme=programme, wave=found, result=None, problems=())


@post("/programmes/{slug:str}/waves/{wave:uuid}/import", opt={**EXPORT, "upload": True})
async def import_responses(
    request: Request,
    wave: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await waves.get(database, programme.id, wave)
    upload = (await request.form()).get("file")
    if not isinstance(upload, UploadFile):
        return Redirect(f"/programmes/{programme.slug}/waves/{wave}/import", status_code=303)
    done = await results.import_responses(
        database, wave, upload.filename, await upload.read(), account=visitor.account_id
    )  # fmt: skip
    context = {"wave": found, "result": done, "problems": done.problems}
    return render(request, "results/import.html", 422 if done.problems else 200, programme=programme, **context)


controllers = [results_page, figure, crosstab, reports, make, download, export, import_form, import_responses]
