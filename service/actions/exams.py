"""Exams: draft, blueprint, publish, close; what stands against publishing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import msgspec

from service import passwords
from service.actions import exam_blueprint, exam_drafting
from service.actions.exam_blueprint import Board
from service.actions.exam_drafting import PURPOSES, Errors, Form, Reader, local
from service.actions.standings import get
from service.clock import now
from service.database import Database
from service.errors import Conflict
from service.identifiers import derived_token
from service.settings import Settings
from service.store import audit, candidates, exams, items
from service.store.exams import ExamRecord
from service.store.items import Bank
from surveys.exams import check
from surveys.exams.definition import Blueprint, Pool
from surveys.problem import Problem, has_errors

__all__ = [
    "DEEDS", "About", "Board", "ExamRecord", "Line", "about", "bank_of", "blueprint", "create", "door_url", "draft",
    "get", "now", "of_programme", "personal_url", "pool_of", "problems", "save_blueprint", "save_settings",
    "save_window", "token", "window_end",
]  # fmt: skip


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An exam in a list, with how many may sit it."""

    exam: ExamRecord
    standing: str
    candidates: int


async def of_programme(database: Database, programme: UUID) -> list[Line]:
    """Newest first."""
    moment, counts = now(), await candidates.counts(database, programme)
    return [
        Line(exam=exam, standing=exam.standing(moment), candidates=counts.get(exam.id, 0))
        for exam in await exams.of_programme(database, programme)
    ]


async def draft(database: Database, programme: UUID, exam: UUID) -> ExamRecord:
    """An exam of this programme that is not published yet. Raises NotFound, and Conflict where it was published."""
    found = await get(database, programme, exam)
    if found.state != "draft":
        raise Conflict
    return found


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What an exam comes to: ``count`` of items and ``total`` (hundredths) of every paper, how many may sit it."""

    bank: Bank
    count: int
    total: int
    candidates: int


async def about(database: Database, exam: ExamRecord) -> About:
    sections = exam.definition.blueprint.sections
    count = sum(len(each.items) + sum(draw.count for draw in each.draws) for each in sections)
    people = (await candidates.counts(database, exam.programme)).get(exam.id, 0)
    bank = await bank_of(database, exam)
    return About(bank=bank, count=count, total=check.total(exam.definition), candidates=people)


async def bank_of(database: Database, exam: ExamRecord) -> Bank:
    return next(each for each in await items.banks(database, exam.programme) if each.id == exam.bank)


async def create(
    database: Database, programme: UUID, form: Mapping[str, str], *, account: UUID | None = None
) -> tuple[ExamRecord | None, Errors]:
    """A draft from its first form: title, code, bank, purpose."""
    read = Reader({name: [value] for name, value in form.items()})
    title, purpose = read.text("title", exam_drafting.TITLE_LIMIT), read.choice("purpose", PURPOSES)
    code, bank = read.line("code"), await items.bank(database, programme, read.line("bank"))
    if not title:
        read.errors["title.zh-CN"] = "exams.error.title"
    if not exam_drafting.CODE.fullmatch(code):
        read.errors["code"] = "exams.error.code"
    if bank is None:
        read.errors["bank"] = "exams.error.bank"
    if read.errors or bank is None:
        return None, read.errors
    definition = msgspec.structs.replace(exam_drafting.template(purpose), title=title)
    async with database.writing():
        made = await exams.create(database, programme, bank.id, code, definition)
        if made is None:
            return None, {"code": "exams.error.taken"}
        await _record(database, made, "create", account)
    return made, {}


async def save_settings(
    database: Database, exam: ExamRecord, form: Form, zone: str, *, account: UUID | None = None
) -> Errors:
    """Raises Conflict where it was changed or published meanwhile."""
    found, errors = exam_drafting.read_settings(form, exam.definition, zone, has_password=bool(exam.password_hash))
    if found is None:
        return errors
    hashed = await passwords.hashed(found.password) if found.password else exam.password_hash
    async with database.writing():
        if not await exams.change_draft(database, exam, found.definition):
            raise Conflict
        await exams.change_window(database, exam.id, found.opens_at, found.closes_at)
        await exams.change_password(database, exam.id, hashed if found.definition.sitting.password else "")
        await _record(database, exam, "change", account)
    return {}


async def save_window(
    database: Database, exam: ExamRecord, form: Form, zone: str, *, account: UUID | None = None
) -> Errors:
    """The window of an exam in whatever state, and a new password where one is typed. Attempts that run keep their
    deadline: it was fixed when they began."""
    read = Reader(form)
    opens_at, closes_at = exam_drafting.read_window(read, zone)
    if read.errors:
        return read.errors
    password = read.line("new_password") if exam.definition.sitting.password else ""
    hashed = await passwords.hashed(password) if password else exam.password_hash
    async with database.writing():
        await exams.change_window(database, exam.id, opens_at, closes_at)
        await exams.change_password(database, exam.id, hashed)
        detail = {"opens_at": str(opens_at or ""), "closes_at": str(closes_at or ""), "password": bool(password)}
        await _record(database, exam, "window", account, detail)
    return {}


# The blueprint


async def pool_of(database: Database, exam: ExamRecord) -> Pool:
    """What the exam draws from: the reviewed items of its bank now, those at publication once it is published."""
    if exam.state != "draft":
        return await exams.pool(database, exam.id, exam.scoring)
    return Pool(items={each.code: each.item for each in await items.every(database, exam.bank, reviewed=True)})


async def blueprint(
    database: Database, exam: ExamRecord, form: Form | None = None, deed: str = ""
) -> tuple[Blueprint, Board]:
    """The blueprint as it is, or as the form has it after ``deed``."""
    asked = exam_blueprint.as_form(exam.definition.blueprint) if form is None else exam_blueprint.changed(form, deed)
    return exam_blueprint.board(asked, exam.definition, await pool_of(database, exam))


async def save_blueprint(
    database: Database, exam: ExamRecord, blueprint: Blueprint, *, account: UUID | None = None
) -> None:
    """Raises Conflict where it was changed or published meanwhile."""
    changed = msgspec.structs.replace(exam.definition, blueprint=blueprint)
    if changed == exam.definition:
        return
    async with database.writing():
        if not await exams.change_draft(database, exam, changed):
            raise Conflict
        await _record(database, exam, "change", account)


async def problems(database: Database, exam: ExamRecord) -> list[Problem]:
    """What stands against publishing a draft, worst first."""
    found = check.problems(exam.definition, await pool_of(database, exam))
    return sorted(found, key=lambda each: each.severity)


# Deeds


async def publish(database: Database, settings: Settings, exam: ExamRecord, account: UUID | None) -> None:
    """The items that any paper may hold are frozen as scoring 1. Raises Conflict where a problem stands against it."""
    pool = await pool_of(database, exam)
    if has_errors(check.problems(exam.definition, pool)) or exam.definition.sitting.password > bool(exam.password_hash):
        raise Conflict
    asked = Pool(items={each.code: each for each in check.askable(exam.definition, pool)})
    async with database.writing():
        if not await exams.publish(database, exam, asked, account):
            raise Conflict
        await _record(database, exam, "publish", account, {"items": len(asked.items)})


async def close(database: Database, settings: Settings, exam: ExamRecord, account: UUID | None) -> None:
    """Nobody starts any more; attempts that run go on until their own deadline."""
    moment = now()
    async with database.writing():
        if not await exams.change_state(database, exam.id, ["published"], "closed"):
            raise Conflict
        if exam.closes_at is None or exam.closes_at > moment:
            await exams.change_window(database, exam.id, exam.opens_at, moment)
        await _record(database, exam, "close", account)


async def reopen(database: Database, settings: Settings, exam: ExamRecord, account: UUID | None) -> None:
    """Without an end, until it gets one or is closed again."""
    async with database.writing():
        if not await exams.change_state(database, exam.id, ["closed", "published"], "published"):
            raise Conflict
        await exams.change_window(database, exam.id, exam.opens_at, None)
        await _record(database, exam, "reopen", account)


async def discard(database: Database, settings: Settings, exam: ExamRecord, account: UUID | None) -> None:
    """Only a draft: whatever was published stays."""
    async with database.writing():
        if not await exams.discard(database, exam.id):
            raise Conflict
        await _record(database, exam, "discard", account)


Deed = Callable[[Database, Settings, ExamRecord, UUID | None], Awaitable[None]]
DEEDS: dict[str, Deed] = {"publish": publish, "close": close, "reopen": reopen, "discard": discard}
"""What one may do to an exam, by the word in the address."""


async def _record(
    database: Database, exam: ExamRecord, verb: str, account: UUID | None, detail: dict[str, object] | None = None
) -> None:
    await audit.record(
        database, account=account, programme=exam.programme, action=f"exam.{verb}", subject=exam.code, detail=detail
    )


# Links


def token(secret: str, exam: UUID, person: UUID) -> str:
    """Of a candidate's personal link: derived, and stored nowhere."""
    return derived_token(secret, "candidate", str(exam), str(person))


def personal_url(settings: Settings, exam: UUID, person: UUID) -> str:
    return f"{settings.base_url.rstrip('/')}/e/{token(settings.secret(), exam, person)}"


def door_url(settings: Settings, exam: UUID) -> str:
    """The link for everybody: employee number, then password or seat code."""
    return f"{settings.base_url.rstrip('/')}/exam/{exam}"


def window_end(settings: Settings, exam: ExamRecord) -> str:
    """When nobody may start any more, as it is to be read; empty where nothing is set."""
    return local(exam.closes_at, settings.time_zone).replace("T", " ")
