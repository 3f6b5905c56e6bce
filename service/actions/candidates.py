"""Who may sit an exam: added from the roster, given more time or attempts, sent their links, let sit again."""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
import xlsxwriter

from service.actions.drafting import read_audience
from service.actions.exam_drafting import Errors, Form, Reader
from service.actions.exams import door_url, personal_url, token
from service.actions.standings import Outcome as Outcome
from service.actions.standings import outcomes
from service.actions.waves import invited_among
from service.database import Database
from service.errors import NotFound
from service.identifiers import token_hash
from service.settings import Settings
from service.store import audit, candidates, marks, people
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.waves import Audience

EXTRA_MINUTES, EXTRA_ATTEMPTS = 600, 20
PAGE = 100
LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"  # none that look alike on paper


def audience_of(form: Form) -> Audience:
    """Whom the form for adding candidates names: everybody where it names nobody."""
    return read_audience({name: values[-1] for name, values in form.items()}, form)


async def of_exam(database: Database, exam: ExamRecord) -> list[Candidate]:
    return await candidates.of_exam(database, exam.id)


def searched(found: Sequence[Candidate], text: str) -> list[Candidate]:
    """Those whose number, name, department or seat code holds every word."""
    words = text.lower().split()[:8]
    return [
        each
        for each in found
        if all(word in f"{each.employee_number} {each.name} {each.department} {each.seat}".lower() for word in words)
    ]


async def get(database: Database, exam: ExamRecord, candidate: UUID) -> Candidate:
    """Raises NotFound."""
    found = await candidates.get(database, candidate)
    if found is None or found.exam != exam.id:
        raise NotFound
    return found


async def add(
    database: Database, settings: Settings, exam: ExamRecord, audience: Audience, *, account: UUID | None = None
) -> int:
    """Whoever of the roster the audience names; how many are new. Each gets a seat code, asked for or not."""
    asked = invited_among(await people.every(database, exam.programme), audience)
    secret = settings.secret()
    rows = [(person.id, token_hash(token(secret, exam.id, person.id)), _seat()) for person in asked]
    async with database.writing():
        added = await candidates.add(database, exam.id, rows)
        await _record(database, exam, "candidates", account, people=added)
    return added


def _seat() -> str:
    """Six characters, 28 bits: enough where wrong ones are throttled."""
    code = "".join(secrets.choice(LETTERS) for _ in range(6))
    return f"{code[:3]}-{code[3:]}"


async def allow(
    database: Database, exam: ExamRecord, candidate: UUID, form: Form, *, account: UUID | None = None
) -> Errors:
    """More minutes, more attempts, another seat code for one person. Minutes count for attempts that begin later."""
    found, read = await get(database, exam, candidate), Reader(form)
    minutes = read.whole("extra_minutes", high=EXTRA_MINUTES)
    attempts = read.whole("extra_attempts", high=EXTRA_ATTEMPTS)
    seat = read.line("seat")
    if len(seat) > 40:
        read.errors["seat"] = "exams.error.long"
    if read.errors:
        return read.errors
    async with database.writing():
        await candidates.allow(database, found.id, extra_minutes=minutes, extra_attempts=attempts)
        await candidates.seats(database, {found.id: seat or found.seat})
        await _record(
            database, exam, "allow", account, person=found.employee_number, minutes=minutes, attempts=attempts
        )
    return {}


async def remove(database: Database, exam: ExamRecord, candidate: UUID, *, account: UUID | None = None) -> bool:
    """Whether they are off the list; whoever has begun an attempt stays."""
    found = await get(database, exam, candidate)
    async with database.writing():
        gone = await candidates.remove(database, exam.id, [found.id])
        if gone:
            await _record(database, exam, "remove", account, person=found.employee_number)
    return bool(gone)


# Sitting again


async def results(database: Database, exam: ExamRecord) -> dict[UUID, Outcome]:
    """By candidate, of those who have sat; what is not released yet, too."""
    found = outcomes(exam.definition, await marks.results(database, exam.id, exam.scoring))
    return {each.candidate: each for each in found}


async def failed(database: Database, exam: ExamRecord) -> list[UUID]:
    """Candidates who have not passed and have no attempt left; not those whose marks are still provisional."""
    known = {each.id: each for each in await candidates.of_exam(database, exam.id)}
    found = await results(database, exam)
    allowed = exam.definition.sitting.attempts
    return [
        each.candidate
        for each in found.values()
        if not (each.passed or each.provisional)
        and each.candidate in known
        and each.attempts >= allowed + known[each.candidate].extra_attempts
    ]


async def resit(database: Database, exam: ExamRecord, *, account: UUID | None = None) -> int:
    """One more attempt for everybody who failed; how many got it. Doing it twice gives nobody two."""
    again = set(await failed(database, exam))
    known = {each.id: each for each in await candidates.of_exam(database, exam.id) if each.id in again}
    async with database.writing():
        more = {candidate: each.extra_attempts + 1 for candidate, each in known.items()}
        await candidates.open_attempts(database, more)
        await _record(database, exam, "resit", account, people=len(known))
    return len(known)


# Links


async def workbook(
    database: Database, settings: Settings, exam: ExamRecord, headings: Sequence[str], *, account: UUID | None = None
) -> bytes:
    """An .xlsx of everybody's personal link and seat code. All cells are text."""
    asked = await candidates.of_exam(database, exam.id)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 5, 20)
        sheet.set_column(6, 6, 70)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        for row, each in enumerate(asked, 1):
            link = personal_url(settings, exam.id, each.person)
            cells = (each.employee_number, each.name, each.department, each.email, each.mobile, each.seat, link)
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    await _record(database, exam, "links", account, people=len(asked))
    return out.getvalue()


async def cards(
    database: Database, settings: Settings, exam: ExamRecord, title: str, language: str, *, account: UUID | None = None
) -> bytes:
    """A PDF to be cut: for each candidate name, number, seat code and the QR code of the personal link."""
    from reports.seat_cards import Card, render

    asked = await candidates.of_exam(database, exam.id)
    seats = exam.definition.sitting.seat_code
    made = [
        Card(
            name=each.name, number=each.employee_number, department=each.department, seat=each.seat if seats else "",
            matrix=_matrix(personal_url(settings, exam.id, each.person)),
        )
        for each in asked
    ]  # fmt: skip
    await _record(database, exam, "links", account, people=len(asked))
    return await asyncio.to_thread(render, title, made, language)


async def poster(settings: Settings, exam: ExamRecord, title: str, invitation: str, until: str, language: str) -> bytes:
    """An A4 poster with the QR code of the door."""
    from reports.poster import render

    url = door_url(settings, exam.id)
    return await asyncio.to_thread(render, title, url, _matrix(url), until, "", language, invitation)


def _matrix(url: str) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make(url, error="m", micro=False).matrix]


async def _record(database: Database, exam: ExamRecord, verb: str, account: UUID | None, **detail: Any) -> None:
    await audit.record(
        database, account=account, programme=exam.programme, action=f"exam.{verb}", subject=exam.code, detail=detail
    )
