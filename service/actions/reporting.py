"""Reports as PDF: made at once for the command line and the API, as a job for the pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

import segno

from service.actions import results
from service.database import Database
from service.errors import NotFound
from service.jobs import HANDLERS
from service.settings import Settings
from service.store import audit, documents, jobs, responses, waves
from service.store.documents import Document as Document
from service.store.waves import Wave
from surveys.analysis.findings import DiagnosisFindings
from surveys.text import LANGUAGES

if TYPE_CHECKING:
    from reports.style import Paper

KIND = "diagnosis"
JOB = "report"
JOBS = (JOB, "pilot_report")
NAMES = {"zh-CN": "流程现状诊断报告", "en": "Process diagnosis report"}


async def newest_wave(database: Database, programme: UUID) -> UUID | None:
    """The newest wave with answers: a baseline before others, and what was asked for a pilot last."""
    answered = [
        wave for wave in await waves.of_programme(database, programme) if await responses.count(database, wave.id)
    ]  # fmt: skip
    return min(answered, key=lambda wave: (wave.stage == "pilot", wave.role != "baseline")).id if answered else None


def _rendered(findings: DiagnosisFindings, language: str, paper: Paper = "a4") -> bytes:
    from reports.diagnosis import render  # loads faces and layout: only where a report is made

    return render(findings, language, paper)


async def diagnosis_pdf(
    database: Database, settings: Settings, wave: UUID, language: str, paper: Paper = "a4"
) -> bytes:
    """《流程现状诊断报告》 of the released answers. Same answers, same bytes."""
    if language not in LANGUAGES:
        raise NotFound
    return await asyncio.to_thread(_rendered, await results.findings(database, wave), language, paper)


async def poster_pdf(wave: Wave, url: str, until: str, promise: str, language: str) -> bytes:
    """An A4 poster with the QR code of the public link; ``until`` and ``promise`` as they are to be read."""
    from reports.poster import render

    matrix = [[bool(module) for module in row] for row in segno.make(url, error="m", micro=False).matrix]
    return await asyncio.to_thread(render, wave.title, url, matrix, until, promise, language)


async def make(
    database: Database, settings: Settings, wave_id: UUID, language: str, *, account: UUID | None = None
) -> Document:
    """Makes the report and keeps it. A report of the same data in the same language is not made twice."""
    wave = await waves.get(database, wave_id)
    if wave is None:
        raise NotFound
    findings = await results.findings(database, wave.id)
    for made in await documents.of_wave(database, wave.id):
        if (made.kind, made.language, made.data_hash) == (KIND, language, findings.data_hash):
            return made
    content = await asyncio.to_thread(_rendered, findings, language)
    async with database.writing():
        document = await documents.save(
            database, programme=wave.programme, wave=wave.id, kind=KIND, language=language,
            name=f"{NAMES[language]} · {wave.title}"[:200], data_hash=findings.data_hash, content=content,
        )  # fmt: skip
        await audit.record(
            database, account=account, programme=wave.programme, action="report.make", subject=document.name
        )
    return document


async def of_wave(database: Database, wave: UUID) -> list[Document]:
    return await documents.of_wave(database, wave)


async def of_programme(database: Database, programme: UUID) -> list[Document]:
    return await documents.of_programme(database, programme)


async def content(
    database: Database, programme: UUID, document: UUID, *, account: UUID | None = None
) -> tuple[Document, bytes]:
    """A report of this programme. Raises NotFound."""
    found = await documents.content(database, programme, document)
    if found is None:
        raise NotFound
    await audit.record(database, account=account, programme=programme, action="report.download", subject=found[0].name)
    return found


@HANDLERS.handles(JOB)
async def _make_job(database: Database, arguments: dict[str, Any]) -> str:
    account = arguments["account"]
    document = await make(
        database,
        database.settings,
        UUID(arguments["wave"]),
        arguments["language"],
        account=UUID(account) if account else None,
    )
    return str(document.id)


async def start(database: Database, wave: UUID, language: str, *, account: UUID | None = None) -> UUID:
    """Queues the making of a report; returns the job to ask ``state_of`` for."""
    if language not in LANGUAGES:
        raise NotFound
    arguments = {"wave": str(wave), "language": language, "account": str(account) if account else None}
    return await jobs.add(database, JOB, arguments)


async def state_of(database: Database, programme: UUID, job: UUID) -> str:
    """queued, running, done or failed; of a job of this programme only. Raises NotFound."""
    found = await jobs.get(database, job)
    wave = await waves.get(database, UUID(found.arguments["wave"])) if found and found.kind in JOBS else None
    if found is None or wave is None or wave.programme != programme:
        raise NotFound
    return found.state
