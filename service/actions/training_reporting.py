"""《培训考核报告》: made at once for the command line, as a job for the pages, and kept with the hash of its data."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from service.actions import outcomes
from service.actions.standings import get
from service.database import Database
from service.errors import NotFound
from service.jobs import HANDLERS
from service.store import audit, documents, exams, jobs, sittings
from service.store.documents import Document
from surveys.analysis.training_findings import TrainingFindings
from surveys.text import LANGUAGES, pick

KIND = "training"
JOB = "training_report"
NAMES = {"zh-CN": "培训考核报告", "en": "Training report"}


def _rendered(findings: TrainingFindings, language: str) -> bytes:
    from reports.training import render  # loads faces and layout: only where a report is made

    return render(findings, language)


async def coded(database: Database, programme: UUID, code: str) -> UUID:
    """The exam of that code; without one, the newest that somebody sat and that is neither practice nor a pre-test.
    Raises NotFound."""
    for exam in await exams.of_programme(database, programme):
        if code:
            wanted = exam.code == code
        else:
            sat = await sittings.state(database, exam.id, exam.scoring)
            wanted = exam.definition.purpose in ("exam", "post") and sat.attempts > 0
        if wanted:
            return exam.id
    raise NotFound


async def training_pdf(database: Database, programme: UUID, exam: UUID, language: str) -> bytes:
    """Of all complete attempts. Same data, same bytes. Raises NotFound."""
    if language not in LANGUAGES:
        raise NotFound
    return await asyncio.to_thread(_rendered, await outcomes.findings(database, programme, exam), language)


async def make(
    database: Database, programme: UUID, exam: UUID, language: str, *, account: UUID | None = None
) -> Document:
    """Makes the report and keeps it. A report of the same data in the same language is not made twice."""
    if language not in LANGUAGES:
        raise NotFound
    findings = await outcomes.findings(database, programme, exam)
    for made in await documents.of_exam(database, exam):
        if (made.kind, made.language, made.data_hash) == (KIND, language, findings.data_hash):
            return made
    content = await asyncio.to_thread(_rendered, findings, language)
    async with database.writing():
        document = await documents.save(
            database, programme=programme, exam=exam, kind=KIND, language=language,
            name=f"{NAMES[language]} · {pick(findings.exam.title, language)}"[:200], data_hash=findings.data_hash,
            content=content,
        )  # fmt: skip
        await audit.record(database, account=account, programme=programme, action="report.make", subject=document.name)
    return document


async def of_exam(database: Database, exam: UUID) -> list[Document]:
    return await documents.of_exam(database, exam)


async def content(
    database: Database, programme: UUID, exam: UUID, document: UUID, *, account: UUID | None = None
) -> tuple[Document, bytes]:
    """A report of this exam of this programme. Raises NotFound."""
    await get(database, programme, exam)
    found = await documents.content_of_exam(database, exam, document)
    if found is None:
        raise NotFound
    await audit.record(database, account=account, programme=programme, action="report.download", subject=found[0].name)
    return found


@HANDLERS.handles(JOB)
async def _make_job(database: Database, arguments: dict[str, Any]) -> str:
    account = arguments["account"]
    document = await make(
        database,
        UUID(arguments["programme"]),
        UUID(arguments["exam"]),
        arguments["language"],
        account=UUID(account) if account else None,
    )
    return str(document.id)


async def start(database: Database, programme: UUID, exam: UUID, language: str, *, account: UUID | None = None) -> UUID:
    """Queues the making of the report; returns the job to ask ``state_of`` for. Raises NotFound."""
    await get(database, programme, exam)
    if language not in LANGUAGES:
        raise NotFound
    arguments = {
        "programme": str(programme), "exam": str(exam), "language": language,
        "account": str(account) if account else None,
    }  # fmt: skip
    return await jobs.add(database, JOB, arguments)


async def state_of(database: Database, exam: UUID, job: UUID) -> str:
    """queued, running, done or failed; of a job of this exam only. Raises NotFound."""
    found = await jobs.get(database, job)
    if found is None or found.kind != JOB or found.arguments["exam"] != str(exam):
        raise NotFound
    return found.state
