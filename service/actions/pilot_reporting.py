"""《试点评估报告》: made at once for the command line and the API, as a job for the pages, and kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.actions import piloting
from service.database import Database
from service.errors import NotFound
from service.jobs import HANDLERS
from service.store import audit, documents, jobs
from service.store.documents import Document
from surveys.analysis.pilot_evaluation import Evaluation
from surveys.text import LANGUAGES

if TYPE_CHECKING:
    from reports.style import Paper

KIND = "pilot"
JOB = "pilot_report"
NAMES = {"zh-CN": "试点评估报告", "en": "Pilot evaluation report"}


def _rendered(evaluation: Evaluation, language: str, paper: Paper = "a4") -> bytes:
    from reports.pilot import render  # loads faces and layout: only where a report is made

    return render(evaluation, language, paper)


async def pilot_pdf(database: Database, programme: UUID, language: str, paper: Paper = "a4") -> bytes:
    """Of the released answers and the imported cases. Same data, same bytes. Raises NotFound without a plan."""
    if language not in LANGUAGES:
        raise NotFound
    return await asyncio.to_thread(_rendered, await piloting.evaluated(database, programme), language, paper)


async def make(database: Database, programme: UUID, language: str, *, account: UUID | None = None) -> Document:
    """Makes the report and keeps it. A report of the same data in the same language is not made twice."""
    evaluation = await piloting.evaluated(database, programme)
    if language not in LANGUAGES or "pilot" not in evaluation.waves:
        raise NotFound
    wave = UUID(evaluation.record.plan.pilot)
    for made in await documents.of_wave(database, wave):
        if (made.kind, made.language, made.data_hash) == (KIND, language, evaluation.data_hash):
            return made
    content = await asyncio.to_thread(_rendered, evaluation, language)
    async with database.writing():
        document = await documents.save(
            database, programme=programme, wave=wave, kind=KIND, language=language,
            name=f"{NAMES[language]} · {evaluation.waves['pilot'].title}"[:200], data_hash=evaluation.data_hash,
            content=content,
        )  # fmt: skip
        await audit.record(database, account=account, programme=programme, action="report.make", subject=document.name)
    return document


@HANDLERS.handles(JOB)
async def _make_job(database: Database, arguments: dict[str, Any]) -> str:
    account = arguments["account"]
    document = await make(
        database, UUID(arguments["programme"]), arguments["language"], account=UUID(account) if account else None
    )
    return str(document.id)


async def start(database: Database, programme: UUID, language: str, *, account: UUID | None = None) -> UUID:
    """Queues the making of the report; returns the job to ask ``reporting.state_of`` for. Raises NotFound where there
    is nothing to report of."""
    evaluation = await piloting.evaluated(database, programme)
    if language not in LANGUAGES or "pilot" not in evaluation.waves:
        raise NotFound
    arguments = {
        "programme": str(programme), "wave": evaluation.record.plan.pilot, "language": language,
        "account": str(account) if account else None,
    }  # fmt: skip
    return await jobs.add(database, JOB, arguments)
