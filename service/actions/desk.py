"""The desk where participants come in: links are exchanged for a pass, a pass for a seat at a survey that is open.

Whoever answers is known by a ``Pass``, which their device keeps in a cookie. ``Desk.seat`` says on every request
whether and as whom they may answer now: a ``Seat``, or a ``Refusal`` with the reason.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from service import clock
from service.actions.receipts import new_receipt
from service.database import Database, Open, Unavailable
from service.identifiers import new_token, token_hash
from service.limits import Limit
from service.store import people, programmes, questionnaires, waves
from service.store.waves import Invitation, Wave
from surveys.compiled import Compiled, compile_questionnaire
from surveys.context import Context
from surveys.definition import content_hash
from surveys.questions import Hidden
from surveys.questions.base import Answers, first
from surveys.questions.structure import PARAMETER_LENGTH
from surveys.roster_choices import asks_roster, with_roster

WAVE_SECONDS = 1.0  # how long a closed wave may still look open
ROSTER_SECONDS = 60.0  # how long pickers show the roster as it was
SURVEYS_KEPT = 256
LINK_LENGTH = 1_000  # bytes of a link's parameters: they have to fit into a cookie

Query = Mapping[str, Sequence[str]]
"""The query of a link."""

Reason = Literal["draft", "early", "closed", "submitted", "cookies", "unknown"]


class Pass(msgspec.Struct, frozen=True):
    """What the device's cookie says. ``kind``: ``personal``; ``fresh`` for a public run that has saved nothing yet,
    ``public`` once it has. The receipt is stored nowhere until the response is, and then only as a hash. ``link``: the
    parameters of the link for hidden fields, until the run has saved them."""

    kind: Literal["personal", "fresh", "public"]
    token: str
    receipt: str
    link: dict[str, str] = {}

    @property
    def token_hash(self) -> str:
        return token_hash(self.token)

    @property
    def receipt_hash(self) -> str:
        return token_hash(self.receipt)

    @property
    def seed(self) -> int:
        """32 bits for the order and the arms of a run that has saved none: random as the receipt is, and like it not to
        be had from a link or a table."""
        return int(token_hash(f"seed {self.receipt}")[:8], 16)


class Survey(msgspec.Struct, frozen=True):
    """A wave, the compiled version that it distributes, and whom to ask about it."""

    wave: Wave
    compiled: Compiled
    owner: str
    edition: str = ""  # names the pages beside the version, where a roster makes them differ


class Seat(msgspec.Struct, frozen=True):
    """Somebody who may answer now. ``invitation``: whose, behind a personal link."""

    survey: Survey
    holder: Pass
    invitation: Invitation | None = None

    @property
    def person(self) -> dict[str, str]:
        """What the roster knows of them, for conditions."""
        if self.invitation is None:
            return {}
        known = self.invitation
        return {"side": known.side, "department": known.department, "position": known.position}

    def context(self, answers: Answers, seed: int, language: str, today: date) -> Context:
        """Everything beside the answers. What the run has saved of the link stays, whatever link is opened later."""
        wave, questions = self.survey.wave, self.survey.compiled.questions
        link = self.holder.link
        if link:
            saved = {e.parameter or e.code for e in questions.values() if isinstance(e, Hidden) and e.code in answers}
            link = {name: value for name, value in link.items() if name not in saved}
        return Context(
            person=self.person,
            link=link,
            seed=seed,
            wave={"title": wave.title, "stage": wave.stage, "role": wave.role},
            language=language,
            today=today.isoformat(),
        )


class Refusal(msgspec.Struct, frozen=True):
    """Why somebody may not answer now. ``survey`` is there where it may be named."""

    reason: Reason
    survey: Survey | None = None


class Desk:
    """One in each process. Surveys are cached for ``WAVE_SECONDS``: by then closing one has taken effect."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.submissions = Limit(database.settings.submissions_per_network, seconds=3600)
        self._surveys: OrderedDict[UUID, tuple[float, Survey | None]] = OrderedDict()
        self._compiled: OrderedDict[UUID, Compiled] = OrderedDict()
        self._rosters: OrderedDict[UUID, tuple[float, Compiled, str]] = OrderedDict()

    async def survey(self, wave_id: UUID) -> Survey | None:
        """The survey as it was at most a second ago; while the database is away, as it was last."""
        moment = clock.now().timestamp()
        known = self._surveys.get(wave_id)
        if known is not None and 0 <= moment - known[0] < WAVE_SECONDS:
            return known[1]
        if known is not None:
            self._surveys[wave_id] = (moment, known[1])  # one request looks again, the others go on
        try:
            return await self._load(wave_id, moment)
        except Unavailable:
            if known is None:
                raise
            return known[1]

    async def _load(self, wave_id: UUID, moment: float) -> Survey | None:
        wave = await waves.get(self.database, wave_id)
        survey = None
        if wave is not None:
            programme = await programmes.get(self.database, wave.programme)
            compiled, edition = await self._ready(wave, moment)
            survey = Survey(wave, compiled, programme.owner if programme else "", edition)
        self._surveys[wave_id] = (moment, survey)
        _trim(self._surveys)
        return survey

    async def _ready(self, wave: Wave, moment: float) -> tuple[Compiled, str]:
        """The version; where it asks for departments or persons, with those whom the roster had a minute ago.

        Names of persons are offered behind personal links only: who holds a public link need not know who works here.
        """
        compiled = await self._version(wave.version)
        if not asks_roster(compiled.questionnaire):
            return compiled, ""
        known = self._rosters.get(wave.id)
        if known is None or not 0 <= moment - known[0] < ROSTER_SECONDS:
            everybody = await people.every(self.database, wave.programme)
            persons = [f"{each.name}（{each.department}）" for each in everybody] if wave.public_token is None else []
            version = await questionnaires.version(self.database, wave.version)
            if version is None:
                raise LookupError(f"no version {wave.version}")
            filled = with_roster(version.definition, [each.department for each in everybody], persons)
            known = self._rosters[wave.id] = moment, compile_questionnaire(filled), content_hash(filled)
            _trim(self._rosters)
        return known[1], known[2]

    async def _version(self, version_id: UUID) -> Compiled:
        compiled = self._compiled.get(version_id)
        if compiled is None:
            version = await questionnaires.version(self.database, version_id)
            if version is None:
                raise LookupError(f"no version {version_id}")
            compiled = self._compiled[version_id] = compile_questionnaire(version.definition)
            _trim(self._compiled)
        return compiled

    async def seat(self, wave_id: UUID, holder: Pass | None) -> Seat | Refusal:
        """Whether and as whom this device may answer now."""
        survey = await self.survey(wave_id)
        if survey is None:
            return Refusal("unknown")
        if holder is None:
            return Refusal("cookies", survey)
        invitation = None
        if holder.kind == "personal":
            invitation = await waves.invitation_by_token_hash(self.database, holder.token_hash)
            if invitation is None or invitation.wave != wave_id:
                return Refusal("unknown")
            if invitation.submitted:
                return Refusal("submitted", survey)
        elif survey.wave.public_token is None:
            return Refusal("unknown")
        standing = survey.wave.standing(clock.now())
        if standing == "open":
            return Seat(survey, holder, invitation)
        return Refusal("closed" if standing == "over" else standing, survey)

    async def open_personal(self, token: str, query: Query) -> tuple[UUID, Pass] | None:
        """The wave of a personal link and a pass for this device; None where nobody has such a link."""
        invitation = await waves.invitation_by_token_hash(self.database, token_hash(token))
        if invitation is None:
            return None
        if not invitation.opened:
            await self.database.writer.write(Open(token_hash=token_hash(token)))
        link = declared(await self.survey(invitation.wave), query)
        return invitation.wave, Pass("personal", token, new_receipt(), link)

    async def open_public(self, token: str, query: Query) -> tuple[UUID, Pass] | None:
        """The same of a public link."""
        wave = await waves.by_public_token(self.database, token)
        if wave is None:
            return None
        return wave.id, Pass("fresh", new_token(), new_receipt(), declared(await self.survey(wave.id), query))


def declared(survey: Survey | None, query: Query) -> dict[str, str]:
    """Those parameters of a link that the questionnaire has hidden fields for: the first of each, as plain text. What
    is too long is left out, not cut: half a number is another number."""
    found: dict[str, str] = {}
    room = LINK_LENGTH
    for question in survey.compiled.questions.values() if survey else ():
        if not isinstance(question, Hidden):
            continue
        name = question.parameter or question.code
        value = first(query, name).strip()
        if value and value.isprintable() and len(value) <= PARAMETER_LENGTH:
            room -= len((name + value).encode())
            if room >= 0:
                found[name] = value
    return found


def _trim(cache: OrderedDict) -> None:
    while len(cache) > SURVEYS_KEPT:
        cache.popitem(last=False)
