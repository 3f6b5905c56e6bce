"""The pure decision of what a batch of candidates' operations does to the tables.

As in ``operations``: the engines load the little that the decision needs (``Known``), call ``plan`` and write what it
says, in one transaction. Operations on one attempt are decided one after the other, as they came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from service.identifiers import new_id

from .exam_operations import (
    Answered,
    ExamOperation,
    Ruling,
    SaveAttempt,
    StartAttempt,
    SubmitAttempt,
    TakeOver,
    Verdict,
)

LONGEST_KEPT = 500  # characters of a response that the history keeps whole; of longer ones, their length and hash

Place = tuple[UUID, int]
"""Candidate and number of an attempt."""


class Standing(msgspec.Struct):
    """An attempt as the tables have it; changed by ``plan`` as it goes."""

    id: UUID
    device_hash: str
    position: int
    deadline_at: datetime
    submitted_at: datetime | None = None
    ended_by: str = ""
    changed: bool = False


class Answer(msgspec.Struct, frozen=True):
    revision: int
    response: str
    flagged: bool


class Known(msgspec.Struct, frozen=True):
    """What the tables say about a batch, read under the locks that the batch is written under."""

    attempts: Mapping[UUID, Standing] = {}
    begun: frozenset[Place] = frozenset()
    answers: Mapping[tuple[UUID, str], Answer] = {}


Event = tuple[UUID, UUID, datetime, str, str, int, str]
"""A row of ``attempt_event``: id, attempt, at, kind, item, revision, detail."""


class Plan(msgspec.Struct):
    """What to write, each table sorted by its key."""

    verdicts: list[Verdict]
    started: list[StartAttempt]
    changed: list[Standing]
    answers: list[tuple[UUID, str, int, str, bool, datetime]]
    """Attempt, item, revision, response, flagged, at."""
    events: list[Event]


class _Decision:
    """What a batch comes to, operation by operation."""

    def __init__(self, known: Known) -> None:
        self.attempts, self.begun, self.known_answers = dict(known.attempts), set(known.begun), dict(known.answers)
        self.started: list[StartAttempt] = []
        self.answers: dict[tuple[UUID, str], tuple[Answer, datetime]] = {}
        self.events: list[Event] = []

    def decide(self, operation: ExamOperation) -> Verdict:
        if isinstance(operation, StartAttempt):
            return Verdict(self._start(operation))
        attempt = self.attempts.get(operation.attempt)
        if attempt is None:
            return Verdict(Ruling.UNKNOWN)
        if isinstance(operation, SaveAttempt):
            return self._save(operation, attempt)
        return Verdict(
            self._take_over(operation, attempt) if isinstance(operation, TakeOver) else self._submit(operation, attempt)
        )

    def _start(self, operation: StartAttempt) -> Ruling:
        place = (operation.candidate, operation.number)
        if place in self.begun:
            return Ruling.REPEATED
        self.begun.add(place)
        self.started.append(operation)
        self.attempts[operation.attempt] = Standing(operation.attempt, operation.device_hash, 1, operation.deadline)
        self._note(operation.attempt, operation.now, "started", detail={"number": operation.number})
        return Ruling.STORED

    def _take_over(self, operation: TakeOver, attempt: Standing) -> Ruling:
        if attempt.submitted_at is not None:
            return Ruling.ENDED
        if attempt.device_hash == operation.device_hash:
            return Ruling.REPEATED
        attempt.device_hash, attempt.changed = operation.device_hash, True
        self._note(attempt.id, operation.now, "taken_over")
        return Ruling.STORED

    def _submit(self, operation: SubmitAttempt, attempt: Standing) -> Ruling:
        if attempt.submitted_at is not None:
            return Ruling.REPEATED
        over = operation.now > attempt.deadline_at + operation.grace
        if not over and operation.device_hash != attempt.device_hash:
            return Ruling.ELSEWHERE
        # Whoever submits within the grace has used the time up to the deadline, and not a second more.
        attempt.submitted_at = min(operation.now, attempt.deadline_at)
        attempt.ended_by, attempt.changed = ("deadline" if over else "candidate"), True
        self._note(attempt.id, operation.now, "expired" if over else "submitted")
        return Ruling.STORED

    def _save(self, operation: SaveAttempt, attempt: Standing) -> Verdict:
        for each in operation.noted:
            self._note(attempt.id, operation.now, each.kind, detail={"seconds": round(each.seconds, 1)})
        refusal = _refusal(operation, attempt)
        stale = {
            each.item: self._revision(attempt.id, each.item)
            for each in operation.answers
            if not self._answer(operation, attempt, each, refusal)
        }
        if refusal is not None:
            return Verdict(refusal, stale)
        wanted = operation.position
        allowed = (attempt.position + 1,) if operation.one_way else (wanted,)
        if wanted is not None and wanted != attempt.position and wanted in allowed:
            attempt.position, attempt.changed = wanted, True
        return Verdict(Ruling.STORED, stale)

    def _revision(self, attempt: UUID, item: str) -> int:
        known = self.known_answers.get((attempt, item))
        return known.revision if known else 0

    def _answer(self, operation: SaveAttempt, attempt: Standing, sent: Answered, refusal: Ruling | None) -> bool:
        """Whether it is stored now; what is not is evidence. The same sent again is neither stored nor noted again."""
        key = (attempt.id, sent.item)
        known = self.known_answers.get(key)
        answer = Answer(sent.revision, sent.response, sent.flagged)
        if known == answer or _same(known, answer):
            return True
        behind = operation.one_way and sent.place != attempt.position
        newer = known is None or sent.revision > known.revision
        kind = "saved" if refusal is None and newer and not behind else "stale"
        if refusal in (Ruling.LATE, Ruling.ENDED):
            kind = "late"
        detail = _detail(sent, "device" if refusal is Ruling.ELSEWHERE else "passed" if behind else "", kind)
        self._note(attempt.id, operation.now, kind, sent.item, sent.revision, detail)
        if kind != "saved":
            return False
        self.known_answers[key] = answer
        self.answers[key] = (answer, operation.now)
        return True

    def _note(
        self, attempt: UUID, at: datetime, kind: str, item: str = "", revision: int = 0, detail: object = None
    ) -> None:
        text = msgspec.json.encode(detail or {}).decode()
        self.events.append((new_id(), attempt, at, kind, item, revision, text))


def _refusal(operation: SaveAttempt, attempt: Standing) -> Ruling | None:
    if attempt.submitted_at is not None:
        return Ruling.ENDED
    if operation.now > attempt.deadline_at + operation.grace:
        return Ruling.LATE
    return None if operation.device_hash == attempt.device_hash else Ruling.ELSEWHERE


def _same(known: Answer | None, answer: Answer) -> bool:
    """Nothing new: as when a page is turned without a change. A lower revision is never new either way."""
    before = known or Answer(0, "{}", False)
    return (before.response, before.flagged) == (answer.response, answer.flagged) and answer.revision > before.revision


def _detail(sent: Answered, reason: str, kind: str) -> dict[str, object]:
    """Answers that are not counted are kept whole: nothing else has them."""
    detail: dict[str, object] = {"reason": reason} if reason else {}
    if sent.flagged:
        detail["flagged"] = True
    if len(sent.response) <= LONGEST_KEPT or kind != "saved":
        return {**detail, "response": msgspec.Raw(sent.response.encode())}
    return {**detail, "length": len(sent.response), "sha256": hashlib.sha256(sent.response.encode()).hexdigest()}


def plan(operations: Sequence[ExamOperation], known: Known) -> Plan:
    decision = _Decision(known)
    verdicts = [decision.decide(operation) for operation in operations]
    return Plan(
        verdicts=verdicts,
        started=sorted(decision.started, key=lambda each: each.attempt),
        changed=sorted((each for each in decision.attempts.values() if each.changed), key=lambda each: each.id),
        answers=sorted(
            (*key, each.revision, each.response, each.flagged, at) for key, (each, at) in decision.answers.items()
        ),
        events=decision.events,
    )


def attempts_of(operations: Sequence[ExamOperation]) -> list[UUID]:
    """Those that must be there already."""
    return sorted({each.attempt for each in operations if not isinstance(each, StartAttempt)})


def places_of(operations: Sequence[ExamOperation]) -> list[Place]:
    return sorted({(each.candidate, each.number) for each in operations if isinstance(each, StartAttempt)})


def answers_of(operations: Sequence[ExamOperation]) -> list[tuple[UUID, str]]:
    saves = (each for each in operations if isinstance(each, SaveAttempt))
    return sorted({(save.attempt, answer.item) for save in saves for answer in save.answers})
