"""Certificates: issued at release to those who passed, verified by anybody, revoked by HR."""

from __future__ import annotations

import asyncio
import io
import secrets
import zipfile
from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import segno

from service import clock
from service.actions.standings import is_open, outcomes
from service.database import Database
from service.errors import Conflict, NotFound
from service.settings import Settings
from service.store import audit, certificates, exams, marks, programmes
from service.store.certificates import Certificate
from service.store.exams import ExamRecord
from surveys.exams.certificates import Standing, initials, new_serial, normal_serial, valid_until
from surveys.text import Text, pick

MOST_IN_A_FOLDER = 5_000


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """All that anybody may learn of a certificate from its serial number."""

    serial: str
    initials: str
    course: Text
    issuer: str
    issued_on: date
    valid_until: date | None
    standing: Standing


def today(database: Database) -> date:
    """In the service's zone."""
    return clock.now().astimezone(ZoneInfo(database.settings.time_zone)).date()


async def issue(database: Database, exam: ExamRecord) -> int:
    """Certificates for all who passed by released results and have none yet; how many are new."""
    if not exam.definition.certificate or exam.definition.purpose != "exam":
        return 0
    released = [
        each for each in await marks.results(database, exam.id, exam.scoring) if is_open(exam, each.submitted_at)
    ]
    day = today(database)
    earned = [
        (new_serial(secrets.choice), each.candidate, each.attempt)
        for each in outcomes(exam.definition, released)
        if each.passed and not each.provisional
    ]
    until = valid_until(day, exam.definition.valid_months)
    return await certificates.issue(database, exam.id, earned, day, until)


async def of_exam(database: Database, exam: ExamRecord) -> tuple[list[Certificate], frozenset[UUID]]:
    """The certificates, and those candidates among them who do not pass by the scoring that counts now."""
    results = await marks.results(database, exam.id, exam.scoring)
    passing = {each.candidate for each in outcomes(exam.definition, results) if each.passed}
    found = await certificates.of_exam(database, exam.id)
    return found, frozenset(each.candidate for each in found if each.candidate not in passing)


async def of_candidate(database: Database, candidate: UUID) -> Certificate | None:
    """Theirs as long as it was not revoked."""
    found = await certificates.of_candidate(database, candidate)
    return None if found is None or found.revoked_at else found


async def get(database: Database, exam: ExamRecord, serial: str) -> Certificate:
    """A certificate of this exam. Raises NotFound."""
    found = await certificates.get(database, serial)
    if found is None or found.exam != exam.id:
        raise NotFound
    return found


async def change(
    database: Database, exam: ExamRecord, serial: str, reason: str, *, account: UUID, revoke: bool
) -> None:
    """Revokes or restores a certificate, with a reason. Raises NotFound, and Conflict where it already is so."""
    await get(database, exam, serial)
    if not reason.strip():
        raise Conflict
    async with database.writing():
        if not await certificates.change_revoked(database, serial, clock.now() if revoke else None):
            raise Conflict
        await audit.record(
            database, account=account, programme=exam.programme, subject=serial,
            action="certificate.revoke" if revoke else "certificate.restore", detail={"reason": reason.strip()[:500]},
        )  # fmt: skip


async def verify(database: Database, typed: str) -> Verification | None:
    """What anybody may learn; None where no certificate has that number."""
    serial = normal_serial(typed)
    found = await certificates.get(database, serial) if serial else None
    exam = await exams.load(database, found.exam) if found else None
    if found is None or exam is None:
        return None
    return Verification(
        serial=found.serial, initials=initials(found.name), course=exam.definition.title,
        issuer=await _issuer(database, exam), issued_on=found.issued_on, valid_until=found.valid_until,
        standing=found.standing(today(database)),
    )  # fmt: skip


async def _issuer(database: Database, exam: ExamRecord) -> str:
    [programme] = await programmes.every(database, [exam.programme])
    return programme.name


def url(settings: Settings, serial: str) -> str:
    return f"{settings.base_url.rstrip('/')}/certificate/{serial}"


async def pdf(database: Database, settings: Settings, exam: ExamRecord, found: Certificate, language: str) -> bytes:
    [made] = await _pages(settings, exam, [found], await _issuer(database, exam), language)
    return made


async def folder(database: Database, settings: Settings, exam: ExamRecord, language: str, *, account: UUID) -> bytes:
    """A .zip of all certificates that hold, named by number and name."""
    everybody = await certificates.of_exam(database, exam.id)
    held = [each for each in everybody if each.standing(today(database)) == "valid"][:MOST_IN_A_FOLDER]
    pages = await _pages(settings, exam, held, await _issuer(database, exam), language)
    await audit.record(
        database, account=account, programme=exam.programme, action="certificate.folder", subject=exam.code,
        detail={"certificates": len(held)},
    )  # fmt: skip
    return await asyncio.to_thread(_zipped, held, pages)


def _zipped(held: Sequence[Certificate], pages: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for each, page in zip(held, pages, strict=True):
            name = "".join(c if c.isalnum() or c in " -_." else "_" for c in f"{each.employee_number} {each.name}")
            archive.writestr(f"{name.strip()[:100]} {each.serial}.pdf", page)
    return out.getvalue()


async def _pages(
    settings: Settings, exam: ExamRecord, held: Sequence[Certificate], issuer: str, language: str
) -> list[bytes]:  # fmt: skip
    from reports.certificate import Proof, render

    proofs = []
    for each in held:
        address = url(settings, each.serial)
        matrix = [[bool(module) for module in row] for row in segno.make(address, error="m", micro=False).matrix]
        proofs.append(
            Proof(
                name=each.name, detail=" · ".join(filter(None, (each.employee_number, each.department))),
                course=pick(exam.definition.title, language), issuer=issuer, issued_on=each.issued_on,
                valid_until=each.valid_until, serial=each.serial, url=address, qr_matrix=matrix,
            )
        )  # fmt: skip
    return await asyncio.to_thread(lambda: [render(proof, language) for proof in proofs])
