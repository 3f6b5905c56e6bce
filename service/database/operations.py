"""What participants' devices write, and the pure decision of what a batch of such writes does to the tables.

The engines load the little that the decision needs (``Known``), call ``plan`` and write what it says, in one
transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Literal
from uuid import UUID

import msgspec


class Outcome(Enum):
    STORED = "stored"
    REPEATED = "repeated"
    """The same device sent the same submission before; its receipt holds."""
    ALREADY_SUBMITTED = "already submitted"
    """Another device has submitted for this invitation, or the save comes after the submission: nothing was written."""
    OVER_QUOTA = "over quota"
    """A quota that counts this response is full: kept as ended, not as a response."""
    TAKEN = "taken"
    """Another response of the wave has given an answer that only one may give: nothing was written."""


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """A personal link was opened."""

    token_hash: str


class SaveAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Answers so far. Creates the run or moves it to ``page``; of two answers to one question the later stays."""

    token_hash: str
    wave: UUID
    language: str
    page: str
    now: datetime
    answers: dict[str, str]
    """Question code → JSON of its columns."""
    receipt_hash: str
    """The device's receipt: a save that arrives after its own submission does not resurrect the run."""
    seed: int | None = None
    """Of order and arms. The first save of a run decides it."""


class NewResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``response`` without its sequence. Fields in the order of the columns."""

    id: UUID
    wave: UUID
    invitation: UUID | None
    person: UUID | None
    receipt_hash: str
    language: str
    submitted_on: date
    submitted_at: datetime | None
    seconds: int | None
    department: str
    side: str
    source: str
    answers: str
    version: UUID | None = None
    packed: str = ""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``ended``. Fields in the order of the columns."""

    id: UUID
    wave: UUID
    outcome: Literal["screened_out", "over_quota"]
    quota: str
    receipt_hash: str
    version: UUID | None
    language: str
    submitted_on: date
    department: str
    side: str
    source: str
    answers: str


class QuotaPlace(msgspec.Struct, frozen=True):
    """A place that a response takes in a quota of its wave."""

    quota: str
    limit: int


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """The last page. ``token_hash`` is the run's; for a personal link it is the invitation's too."""

    token_hash: str
    response: NewResponse
    screened_out: bool = False
    """Kept as ended, whatever the quotas say."""
    quotas: tuple[QuotaPlace, ...] = ()
    """Those whose condition holds for this response."""
    unique: tuple[tuple[str, str], ...] = ()
    """Question and hash of its answer, which no other response of the wave may have."""


Operation = Open | SaveAnswers | Submit
QuotaKey = tuple[UUID, str]
"""Wave and quota."""
UniqueKey = tuple[UUID, str, str]
"""Wave, question and hash of its answer."""


class Known(msgspec.Struct, frozen=True):
    """What the tables say about a batch, read under the locks that the batch is written under."""

    receipts: frozenset[str]
    """Those of the batch's receipts that have a response or have ended."""
    submitted: frozenset[str]
    """Those of the batch's tokens whose invitation has submitted."""
    counts: Mapping[QuotaKey, int] = {}
    """Responses that the quotas of the batch have let in; absent for none."""
    taken: frozenset[UniqueKey] = frozenset()
    """Those of the batch's unique answers that some response has."""


class Plan(msgspec.Struct, frozen=True):
    """What to write, free of repetitions and sorted by key, so that two writers never wait for each other crosswise."""

    outcomes: list[Outcome]
    """One for each operation, in their order."""
    opened: list[str]
    responses: list[NewResponse]
    ended: list[Ended]
    counted: list[tuple[UUID, str, int]]
    """Wave, quota, places taken by this batch."""
    unique: list[tuple[UUID, str, str, UUID]]
    """Wave, question, hash of the answer, response."""
    finished: list[str]
    """Tokens whose invitation is marked and whose run and drafts go."""
    runs: list[SaveAnswers]
    """The last save of each run."""
    drafts: list[tuple[str, str, UUID, str]]
    """Token hash, question, wave, JSON."""


class _Submissions:
    """What the submissions of a batch come to, one after the other."""

    def __init__(self, known: Known) -> None:
        self.receipts, self.finished, self.cleared = set(known.receipts), set(known.submitted), set[str]()
        self.responses: list[NewResponse] = []
        self.ended: list[Ended] = []
        self.unique: dict[UniqueKey, UUID] = {}
        self.counted: Counter[QuotaKey] = Counter()
        self._known = known

    def add(self, each: Submit) -> Outcome:
        response = each.response
        if response.receipt_hash in self.receipts:
            outcome = Outcome.REPEATED
        elif each.token_hash in self.finished:
            outcome = Outcome.ALREADY_SUBMITTED
        else:
            outcome = self._store(each)
            if outcome is Outcome.TAKEN:  # the run stays, to be corrected
                return outcome
            self.receipts.add(response.receipt_hash)
        self.cleared.add(each.token_hash)
        self.finished.add(each.token_hash)
        return outcome

    def _store(self, each: Submit) -> Outcome:
        response = each.response
        keys = [(response.wave, *answer) for answer in each.unique]
        if each.screened_out:
            self.ended.append(_ended(response, "screened_out"))
            return Outcome.STORED
        if any(key in self._known.taken or key in self.unique for key in keys):
            return Outcome.TAKEN
        full = next(
            (place.quota for place in each.quotas if self._count(response.wave, place.quota) >= place.limit), ""
        )
        if full:
            self.ended.append(_ended(response, "over_quota", full))
            return Outcome.OVER_QUOTA
        self.counted.update((response.wave, place.quota) for place in each.quotas)
        self.unique.update(dict.fromkeys(keys, response.id))
        self.responses.append(response)
        return Outcome.STORED

    def _count(self, wave: UUID, quota: str) -> int:
        return self._known.counts.get((wave, quota), 0) + self.counted[wave, quota]


def _ended(response: NewResponse, outcome: Literal["screened_out", "over_quota"], quota: str = "") -> Ended:
    kept = {name: getattr(response, name) for name in Ended.__struct_fields__ if name not in ("outcome", "quota")}
    return Ended(outcome=outcome, quota=quota, **kept)


def plan(operations: Sequence[Operation], known: Known) -> Plan:
    """Decides a batch: submissions first, then the saves of those runs that have not submitted."""
    submissions = _Submissions(known)
    outcomes: dict[int, Outcome] = {}
    for position, operation in enumerate(operations):
        if isinstance(operation, Submit):
            outcomes[position] = submissions.add(operation)

    runs: dict[str, SaveAnswers] = {}
    drafts: dict[tuple[str, str], tuple[UUID, str]] = {}
    opened: set[str] = set()
    for position, operation in enumerate(operations):
        if isinstance(operation, Open):
            opened.add(operation.token_hash)
            outcomes[position] = Outcome.STORED
        elif isinstance(operation, SaveAnswers):
            late = operation.token_hash in submissions.finished or operation.receipt_hash in submissions.receipts
            outcomes[position] = Outcome.ALREADY_SUBMITTED if late else Outcome.STORED
            if not late:
                first = runs.get(operation.token_hash, operation)
                same = first.seed == operation.seed
                runs[operation.token_hash] = operation if same else msgspec.structs.replace(operation, seed=first.seed)
                for question, value in operation.answers.items():
                    drafts[operation.token_hash, question] = (operation.wave, value)
    return Plan(
        outcomes=[outcomes[position] for position in range(len(operations))],
        opened=sorted(opened - submissions.cleared),
        responses=submissions.responses,
        ended=submissions.ended,
        counted=sorted((*key, count) for key, count in submissions.counted.items()),
        unique=sorted((*key, response) for key, response in submissions.unique.items()),
        finished=sorted(submissions.cleared),
        runs=[runs[token] for token in sorted(runs)],
        drafts=[(token, question, *drafts[token, question]) for token, question in sorted(drafts)],
    )


def tokens_of(operations: Sequence[Operation]) -> list[str]:
    return sorted({operation.token_hash for operation in operations})


def receipts_of(operations: Sequence[Operation]) -> list[str]:
    return sorted(
        {operation.response.receipt_hash if isinstance(operation, Submit) else operation.receipt_hash
         for operation in operations if not isinstance(operation, Open)}
    )  # fmt: skip


def quota_waves(operations: Sequence[Operation]) -> list[UUID]:
    """The waves whose quotas the batch has to know."""
    return sorted({each.response.wave for each in operations if isinstance(each, Submit) and each.quotas})


def unique_keys(operations: Sequence[Operation]) -> list[UniqueKey]:
    return sorted(
        {(each.response.wave, *answer) for each in operations if isinstance(each, Submit) for answer in each.unique}
    )
