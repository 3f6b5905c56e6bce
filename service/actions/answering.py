"""A participant's way: open a link, see the wave, save, turn pages, submit once, check a receipt.

Whoever answers is known by a ``Pass`` in a cookie. What a device may do now is a ``Visit``; what became of a posted
page is a ``Turn``. Texts are the pages' business.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from service import clock
from service.actions.receipts import new_receipt
from service.database import Database, NewResponse, Open, Outcome, SaveAnswers, Submit, Unavailable
from service.errors import TooManyAttempts
from service.identifiers import new_id, new_token, random_id, token_hash
from service.limits import Limit
from service.store import programmes, questionnaires, responses, runs, waves
from service.store.waves import Invitation, Wave
from surveys.answers import (
    Errors,
    PageRead,
    QuestionRead,
    Record,
    draft,
    finish,
    read_page,
    read_question,
    record_of,
    segments,
)
from surveys.compiled import Compiled, Shown, compile_questionnaire
from surveys.definition import Page
from surveys.logic import next_page, previous_page, shown
from surveys.questions import PainPoints
from surveys.questions.base import Form

WAVE_SECONDS = 1.0  # how long a closed wave may still look open
RECEIPT_CHECKS = Limit(30, seconds=60)

State = Literal["open", "draft", "early", "closed", "submitted", "cookies", "unknown"]


class Pass(msgspec.Struct, frozen=True):
    """What the device's cookie says. ``kind``: ``personal``; ``fresh`` for a public run that has saved nothing yet,
    ``public`` once it has. The receipt is stored nowhere until the response is, and then only as a hash."""

    kind: Literal["personal", "fresh", "public"]
    token: str
    receipt: str

    @property
    def token_hash(self) -> str:
        return token_hash(self.token)


class Sheet(msgspec.Struct, frozen=True):
    """A wave and the compiled version that it distributes, as cached for a second."""

    wave: Wave
    compiled: Compiled
    owner: str


class Visit(msgspec.Struct, frozen=True):
    """One request of a participant. ``person``: what the roster knows, for conditions."""

    state: State
    sheet: Sheet | None = None
    holder: Pass | None = None
    invitation: Invitation | None = None

    @property
    def person(self) -> dict[str, str]:
        if self.invitation is None:
            return {}
        return {"side": self.invitation.side, "department": self.invitation.department}


class Draft(msgspec.Struct, frozen=True):
    """What is saved of a run: the answers, when it began, the page last worked on."""

    record: Record = Record()
    started_at: datetime | None = None
    page: str = ""


class Turn(msgspec.Struct, frozen=True):
    """Where a posted page leads: ``page`` to show next, ``done``, or ``again`` (the same page, with ``read``)."""

    kind: Literal["page", "again", "done", "submitted"]
    page: str = ""
    read: PageRead | None = None
    due: bool = False  # the page to show still lacks answers


class Desk:
    """The waves being answered, cached in the process for ``WAVE_SECONDS``: by then closing one has taken effect."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._sheets: OrderedDict[UUID, tuple[float, Sheet | None]] = OrderedDict()
        self._compiled: OrderedDict[UUID, Compiled] = OrderedDict()
        self._submissions = Limit(database.settings.submissions_per_network, seconds=3600)

    async def sheet(self, wave_id: UUID) -> Sheet | None:
        """The wave as it was at most a second ago; while the database is away, as it was last."""
        moment = clock.now().timestamp()
        known = self._sheets.get(wave_id)
        if known is not None and 0 <= moment - known[0] < WAVE_SECONDS:
            return known[1]
        if known is not None:
            self._sheets[wave_id] = (moment, known[1])  # one request looks again, the others go on
        try:
            return await self._load(wave_id, moment)
        except Unavailable:
            if known is None:
                raise
            return known[1]

    async def _load(self, wave_id: UUID, moment: float) -> Sheet | None:
        wave = await waves.get(self.database, wave_id)
        sheet = None
        if wave is not None:
            programme = await programmes.get(self.database, wave.programme)
            sheet = Sheet(wave, await self._version(wave.version), programme.owner if programme else "")
        self._sheets[wave_id] = (moment, sheet)
        _trim(self._sheets)
        return sheet

    async def _version(self, version_id: UUID) -> Compiled:
        if version_id not in self._compiled:
            version = await questionnaires.version(self.database, version_id)
            assert version is not None
            self._compiled[version_id] = compile_questionnaire(version.definition)
            _trim(self._compiled)
        return self._compiled[version_id]

    async def visit(self, wave_id: UUID, holder: Pass | None) -> Visit:
        """Whether and as whom this device may answer now."""
        sheet = await self.sheet(wave_id)
        if sheet is None:
            return Visit("unknown")
        if holder is None:
            return Visit("cookies", sheet)
        invitation = None
        if holder.kind == "personal":
            invitation = await waves.invitation_by_token_hash(self.database, holder.token_hash)
            if invitation is None or invitation.wave != wave_id:
                return Visit("unknown", sheet)
            if invitation.submitted:
                return Visit("submitted", sheet, holder, invitation)
        elif sheet.wave.public_token is None:
            return Visit("unknown", sheet)
        standing = sheet.wave.standing(clock.now())
        return Visit("closed" if standing == "over" else standing, sheet, holder, invitation)

    async def open_personal(self, token: str) -> tuple[UUID, Pass] | None:
        """The wave of a personal link and a pass for this device; None where nobody has such a link."""
        invitation = await waves.invitation_by_token_hash(self.database, token_hash(token))
        if invitation is None:
            return None
        if not invitation.opened:
            await self.database.writer.write(Open(token_hash=token_hash(token)))
        return invitation.wave, Pass("personal", token, new_receipt())

    async def open_public(self, token: str) -> tuple[UUID, Pass] | None:
        wave = await waves.by_public_token(self.database, token)
        return None if wave is None else (wave.id, Pass("fresh", new_token(), new_receipt()))

    async def drafted(self, visit: Visit) -> Draft:
        """What this run has saved so far; a fresh public run has nothing, and needs no query to know."""
        assert visit.holder is not None
        if visit.holder.kind == "fresh":
            return Draft()
        run = await runs.load(self.database, visit.holder.token_hash)
        return Draft() if run is None else Draft(record_of(run.drafts.values()), run.started_at, run.page)

    async def save(self, visit: Visit, page: str, questions: dict[str, str], language: str) -> bool:
        """Durably; False where this run has submitted meanwhile."""
        sheet, holder = _parties(visit)
        outcome = await self.database.writer.write(
            SaveAnswers(
                token_hash=holder.token_hash,
                wave=sheet.wave.id,
                language=language,
                page=page,
                now=clock.now(),
                answers=questions,
                receipt_hash=token_hash(holder.receipt),
            )
        )
        return outcome is Outcome.STORED

    async def save_question(
        self, visit: Visit, code: str, form: Form, language: str
    ) -> tuple[QuestionRead, Shown] | None:
        """Autosave. Returns the reading and what was shown before it; None where the run has submitted."""
        sheet, _ = _parties(visit)
        before = (await self.drafted(visit)).record
        read = read_question(sheet.compiled, code, arranged(sheet.compiled, form), before, visit.person)
        page = sheet.compiled.page_of[code]
        if not await self.save(visit, page, {code: _json(read.draft)}, language):
            return None
        return read, shown(sheet.compiled, before.answers, visit.person)

    async def post(
        self, visit: Visit, page: Page, form: Form, language: str, *, network: str = "", leave: str = ""
    ) -> Turn:
        """A posted page. ``leave``: "back" or "stay" save what is valid and check nothing.

        Raises TooManyAttempts, Busy, Unavailable: the page comes back with what was typed.
        """
        sheet, _ = _parties(visit)
        compiled = sheet.compiled
        known = Draft() if len(compiled.pages) == 1 else await self.drafted(visit)
        read = read_page(compiled, page.code, arranged(compiled, form), known.record, visit.person)
        following = next_page(compiled, read.shown, page.code)
        if leave == "back":
            turn = Turn("page", previous_page(compiled, read.shown, page.code) or page.code)
        elif leave:
            turn = Turn("page", page.code)
        elif read.errors or read.revealed:
            turn = Turn("again", page.code, read)
        elif following:
            turn = Turn("page", following)
        else:
            return await self._finish(visit, read.record, known, page, language, network)
        return await self._saved(visit, read.record, page, turn, language)

    async def _saved(self, visit: Visit, record: Record, page: Page, turn: Turn, language: str) -> Turn:
        compiled = _parties(visit)[0].compiled
        drafts = {each.code: _json(draft(compiled, record, each.code)) for each in page.questions}
        stored = await self.save(visit, turn.page, drafts, language)
        return turn if stored else Turn("submitted")

    async def _finish(
        self, visit: Visit, record: Record, known: Draft, page: Page, language: str, network: str
    ) -> Turn:
        sheet, holder = _parties(visit)
        finished = finish(sheet.compiled, record, visit.person)
        for code in finished.errors:
            return await self._saved(visit, record, page, Turn("page", code, due=True), language)
        self._count_submission(visit, network)
        response = _response(visit, record, finished.stored, known, language)
        outcome = await self.database.writer.write(Submit(token_hash=holder.token_hash, response=response))
        return Turn("submitted" if outcome is Outcome.ALREADY_SUBMITTED else "done")

    def _count_submission(self, visit: Visit, network: str) -> None:
        """Raises TooManyAttempts where one network submits to a public link faster than people can."""
        sheet, holder = _parties(visit)
        if holder.kind != "personal" and not self._submissions.admits(f"{sheet.wave.id}/{network}"):
            raise TooManyAttempts(retry_after=60)

    async def stored_on(self, receipt: str) -> date | None:
        """The day on which the response with this receipt was stored."""
        found = await responses.receipt(self.database, token_hash(receipt))
        return found.submitted_on if found else None


def due(compiled: Compiled, record: Record, person: dict[str, str], page: str) -> Errors:
    """What is still due on a page."""
    return finish(compiled, record, person).errors.get(page, {})


def arranged(compiled: Compiled, form: Form) -> Form:
    """Pain points are chosen by a tick and ranked beside it: a tick without a rank takes the next free one, a rank
    without a tick goes, so that what the participant sees ticked is what is stored."""
    pains = [each for each in compiled.questions.values() if isinstance(each, PainPoints)]
    if not pains:
        return form
    made = {field: list(values) for field, values in form.items()}
    for question in pains:
        ticked = set(made.pop(question.code, ()))
        taken = {rank for code in ticked for rank in made.get(f"{question.code}.{code}.rank", ())}
        free = (str(rank) for rank in range(1, len(question.choices) + 1) if str(rank) not in taken)
        for choice in question.choices:
            stem = f"{question.code}.{choice.code}"
            if choice.code not in ticked:
                for part in ("rank", "severity", "frequency", "category"):
                    made.pop(f"{stem}.{part}", None)
            elif not any(made.get(f"{stem}.rank", ())):
                made[f"{stem}.rank"] = [next(free)]
    return made


def _response(visit: Visit, record: Record, stored: dict, known: Draft, language: str) -> NewResponse:
    """The row. Anonymous: no person, no invitation, no time of day, an id that tells no time."""
    sheet, holder = _parties(visit)
    now, invitation = clock.now(), visit.invitation
    anonymous = sheet.wave.anonymity == "anonymous"
    said = segments(sheet.compiled, record)
    return NewResponse(
        id=random_id() if anonymous else new_id(),
        wave=sheet.wave.id,
        invitation=None if anonymous or invitation is None else invitation.id,
        person=None if anonymous or invitation is None else invitation.person,
        receipt_hash=token_hash(holder.receipt),
        language=language,
        submitted_on=now.astimezone().date(),
        submitted_at=None if anonymous else now,
        seconds=int((now - known.started_at).total_seconds()) if known.started_at else None,
        department=invitation.department if invitation else said.get("department", ""),
        side=(invitation.side if invitation else "") or said.get("side", ""),
        source="personal" if invitation else "public",
        answers=_json(stored),
    )


def _parties(visit: Visit) -> tuple[Sheet, Pass]:
    assert visit.sheet is not None
    assert visit.holder is not None
    return visit.sheet, visit.holder


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _trim(cache: OrderedDict, size: int = 256) -> None:
    while len(cache) > size:
        cache.popitem(last=False)
