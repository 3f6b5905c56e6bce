"""Sitting an exam: starting, answering, taking over, submitting, and ending what nobody submitted.

The clock is the server's. A deadline is fixed when an attempt starts and is written with it; whatever arrives later is
judged by that row inside the transaction that would store it, so nothing that a browser sends can move it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import structlog

from service import clock
from service.actions import scoring
from service.actions.admission import Hall, Ticket
from service.actions.receipts import derived_receipt
from service.database import (
    Answered,
    Database,
    Noted,
    Ruling,
    SaveAttempt,
    StartAttempt,
    SubmitAttempt,
    TakeOver,
    Unavailable,
    Verdict,
)
from service.errors import TooManyAttempts
from service.identifiers import new_id, new_token, token_hash
from service.jobs import HANDLERS
from service.limits import Limit
from service.store import attempts, candidates, exams
from service.store.attempts import Answer as Answer
from service.store.attempts import Attempt
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from surveys.exams import presentation
from surveys.exams.definition import PaperItem, Pool
from surveys.exams.drawing import draw
from surveys.exams.sitting import accepts, deadline, may_start

TAB_LENGTH = 12
ATTEMPTS_KEPT = 2_000
SAVES_PER_MINUTE = 240  # of one attempt: a hand writes far less, a broken script far more
EXPIRING_SECONDS = 10
MOST_REVISIONS = 2**31 - 1

log = structlog.get_logger(__name__)

Closed = Literal["closed", "late", "used_up"]
DoorState = Literal["identify", "prove", "early", "ready", "running", "done", "closed", "late", "used_up"]


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody meets who comes to an exam. ``attempts``: theirs, in order. ``done`` may start ``again``."""

    exam: ExamRecord
    state: DoorState
    candidate: Candidate | None = None
    attempts: tuple[Attempt, ...] = ()
    again: bool = False

    @property
    def running(self) -> Attempt | None:
        return next((each for each in self.attempts if each.submitted_at is None), None)


class At(msgspec.Struct, frozen=True):
    """Somebody at their attempt, in one tab of one browser."""

    hall: Hall
    exam: ExamRecord
    attempt: Attempt
    tab: str
    device_hash: str

    @property
    def grace(self) -> int:
        return self.exam.definition.sitting.grace_seconds

    @property
    def one_way(self) -> bool:
        return not self.exam.definition.sitting.free_navigation

    def item(self, number: int) -> PaperItem | None:
        items = self.attempt.paper.items
        return items[number - 1] if 1 <= number <= len(items) else None

    async def pool(self) -> Pool:
        return await self.hall.pool(self.exam)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """An item's form as a device sent it: opaque field names to values."""

    number: int
    revision: int
    fields: Mapping[str, list[str]] = {}
    flagged: bool = False


# The door


async def door(hall: Hall, exam: ExamRecord, ticket: Ticket | None) -> Door:
    """Where somebody stands who opens the exam's address now."""
    if ticket is None:
        return Door(exam=exam, state="identify")
    candidate = await candidates.get(hall.database, ticket.candidate)
    if candidate is None or candidate.exam != exam.id:
        return Door(exam=exam, state="identify")
    if not ticket.admitted:
        return Door(exam=exam, state="prove", candidate=candidate)
    own = tuple([await settled(hall, exam, each) for each in await attempts.of_candidate(hall.database, candidate.id)])
    refusal = _refusal(exam, candidate, len(own), clock.now())
    state: DoorState = refusal or "ready"
    if any(each.submitted_at is None for each in own):
        state = "running"
    elif own:
        state = "done"
    return Door(exam=exam, state=state, candidate=candidate, attempts=own, again=bool(own) and refusal is None)


def _refusal(exam: ExamRecord, candidate: Candidate, used: int, now: datetime) -> Closed | Literal["early"] | None:
    if exam.state != "published":
        return "closed"
    return may_start(
        exam.definition, exam.opens_at, exam.closes_at, candidate.extra_minutes, used, now, candidate.extra_attempts
    )


async def start(door: Door, hall: Hall, ticket: Ticket, number: int, language: str) -> str | None:
    """Begins attempt ``number`` and returns the tab that it is open in; None where it may not, or has begun before.

    Paper, seed, start and deadline are one durable write, or none at all where the same start came twice.
    """
    now, exam, candidate = clock.now(), door.exam, door.candidate
    if candidate is None or door.state not in ("ready", "done") or number != len(door.attempts) + 1:
        return None
    if _refusal(exam, candidate, len(door.attempts), now):
        return None
    seen = [[item.code for item in each.paper.items] for each in door.attempts]
    paper = draw(exam.definition, await hall.pool(exam), secrets.randbits(63), seen)
    tab = _new_tab(number)
    verdict = await hall.database.writer.write(
        StartAttempt(
            attempt=new_id(), exam=exam.id, candidate=candidate.id, number=number,
            paper=msgspec.json.encode(paper).decode(), language=language, device_hash=_device_hash(ticket, tab),
            now=now, deadline=deadline(exam.definition, now, exam.closes_at, candidate.extra_minutes),
        )
    )  # fmt: skip
    return tab if verdict.ruling is Ruling.STORED else None


async def take_over(door: Door, hall: Hall, ticket: Ticket) -> str | None:
    """The running attempt goes on here, in a new tab; None where none runs."""
    attempt = door.running
    if attempt is None:
        return None
    tab = _new_tab(attempt.number)
    operation = TakeOver(attempt=attempt.id, device_hash=_device_hash(ticket, tab), now=clock.now())
    verdict = await hall.database.writer.write(operation)
    return tab if verdict.ruling is Ruling.STORED else None


def _new_tab(number: int) -> str:
    return f"{number}-{new_token()[:TAB_LENGTH]}"


def _device_hash(ticket: Ticket, tab: str) -> str:
    return token_hash(f"{ticket.device} {tab}")


# At the attempt


_papers: OrderedDict[tuple[UUID, int], Attempt] = OrderedDict()


async def at(hall: Hall, exam: ExamRecord, ticket: Ticket | None, tab: str, *, fresh: bool = True) -> At | None:
    """The attempt that a tab belongs to; None where there is none. What is not ``fresh`` is right in what never
    changes: whose it is, its paper and its deadline."""
    number, _, rest = tab.partition("-")
    if ticket is None or not ticket.admitted or not number.isdecimal() or len(number) > 4 or not rest:
        return None
    key = (ticket.candidate, int(number))
    attempt = None if fresh else _papers.get(key)
    if attempt is None:
        attempt = await attempts.numbered(hall.database, *key)
        if attempt is None or attempt.exam != exam.id:
            return None
        _papers[key] = attempt
        while len(_papers) > ATTEMPTS_KEPT:
            _papers.popitem(last=False)
    found = At(hall, exam, attempt, tab, _device_hash(ticket, tab))
    return msgspec.structs.replace(found, attempt=await settled(hall, exam, attempt)) if fresh else found


async def answers(at: At) -> dict[str, Answer]:
    return await attempts.answers(at.hall.database, at.attempt.id)


_saves = Limit(SAVES_PER_MINUTE, seconds=60)


async def save(at: At, sent: Sequence[Sent], noted: Sequence[Noted] = (), position: int | None = None) -> Verdict:
    """Durably, if it still counts. Raises TooManyAttempts, Busy, Unavailable; sending the same again is safe."""
    now = clock.now()
    if not _saves.admits(str(at.attempt.id)):
        raise TooManyAttempts(retry_after=30)
    pool = await at.pool()
    operation = SaveAttempt(
        attempt=at.attempt.id,
        device_hash=at.device_hash,
        now=now,
        grace=timedelta(seconds=at.grace),
        answers=tuple(answer for each in sent if (answer := _answered(at, pool, each))),
        noted=tuple(noted),
        position=position if position and at.item(position) else None,
        one_way=at.one_way,
    )
    return await at.hall.database.writer.write(operation)


def _answered(at: At, pool: Pool, sent: Sent) -> Answered | None:
    asked = at.item(sent.number)
    if asked is None or not 0 < sent.revision <= MOST_REVISIONS:
        return None
    response = presentation.received(asked, pool.items[asked.code].item, sent.fields)
    return Answered(
        item=asked.code,
        place=sent.number,
        revision=sent.revision,
        response=msgspec.json.encode(response, order="sorted").decode(),
        flagged=sent.flagged,
    )


async def submit(at: At) -> Verdict:
    """The end of the attempt by its candidate; marked at once. The same again is ``REPEATED``."""
    verdict = await _end(at.hall.database, at.attempt.id, at.grace, at.device_hash)
    return verdict


def receipt(database: Database, attempt: UUID) -> str:
    """What a candidate copies to prove that the attempt was received: follows from the attempt and the secret key."""
    return derived_receipt(database.settings.secret(), f"attempt {attempt}")


# The end


async def settled(hall: Hall, exam: ExamRecord, attempt: Attempt) -> Attempt:
    """The attempt as it is once its deadline is seen to."""
    grace = exam.definition.sitting.grace_seconds
    if attempt.submitted_at is not None or accepts(attempt.deadline_at, grace, clock.now()):
        return attempt
    await _end(hall.database, attempt.id, grace)
    return await attempts.load(hall.database, attempt.id) or attempt


@HANDLERS.every(hours=EXPIRING_SECONDS / 3600)
async def expire(database: Database) -> None:
    """Submits what has run out of time, though nobody came back. Safe to do twice at once: the first one counts."""
    now = clock.now()
    for attempt, exam_id in await attempts.overdue(database, now):
        exam = await exams.load(database, exam_id)
        grace = exam.definition.sitting.grace_seconds if exam else 0
        verdict = await _ended(database, attempt, grace)
        if verdict.ruling is Ruling.STORED:
            await _mark(database, attempt)


async def _end(database: Database, attempt: UUID, grace: int, device_hash: str | None = None) -> Verdict:
    verdict = await _ended(database, attempt, grace, device_hash)
    if verdict.ruling in (Ruling.STORED, Ruling.REPEATED):
        await _mark(database, attempt)
    return verdict


async def _ended(database: Database, attempt: UUID, grace: int, device_hash: str | None = None) -> Verdict:
    operation = SubmitAttempt(attempt=attempt, now=clock.now(), grace=timedelta(seconds=grace), device_hash=device_hash)
    return await database.writer.write(operation)


async def _mark(database: Database, attempt: UUID) -> None:
    """Marks can be made later, too: what was submitted is submitted, whatever becomes of them now."""
    try:
        await scoring.score_attempt(database, attempt)
    except Unavailable:
        log.warning("sitting.not_marked_yet", attempt=str(attempt))
