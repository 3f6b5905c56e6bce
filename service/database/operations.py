"""What participants' devices write, and the pure decision of what a batch of such writes does to the tables.

The engines load the little that the decision needs (``Known``), call ``plan`` and write what it says, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from uuid import UUID

import msgspec


class Outcome(Enum):
    STORED = "stored"
    REPEATED = "repeated"
    """The same device sent the same submission before; its receipt holds."""
    ALREADY_SUBMITTED = "already submitted"
    """Another device has submitted for this invitation, or the save comes after the submission: nothing was written."""


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


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """The last page. ``token_hash`` is the run's; for a personal link it is the invitation's too."""

    token_hash: str
    response: NewResponse


Operation = Open | SaveAnswers | Submit


class Known(msgspec.Struct, frozen=True):
    """What the tables say about a batch, read under the locks that the batch is written under."""

    receipts: frozenset[str]
    """Those of the batch's receipts that have a response."""
    submitted: frozenset[str]
    """Those of the batch's tokens whose invitation has submitted."""


class Plan(msgspec.Struct, frozen=True):
    """What to write, free of repetitions and sorted by key, so that two writers never wait for each other crosswise."""

    outcomes: list[Outcome]
    """One for each operation, in their order."""
    opened: list[str]
    responses: list[NewResponse]
    finished: list[str]
    """Tokens whose invitation is marked and whose run and drafts go."""
    runs: list[SaveAnswers]
    """The last save of each run."""
    drafts: list[tuple[str, str, UUID, str]]
    """Token hash, question, wave, JSON."""


def plan(operations: Sequence[Operation], known: Known) -> Plan:
    """Decides a batch: submissions first, then the saves of those runs that have not submitted."""
    receipts, finished = set(known.receipts), set(known.submitted)
    responses: dict[str, NewResponse] = {}
    outcomes: dict[int, Outcome] = {}
    cleared: set[str] = set()
    for position, operation in enumerate(operations):
        if isinstance(operation, Submit):
            cleared.add(operation.token_hash)
            receipt = operation.response.receipt_hash
            if receipt in receipts:
                outcomes[position] = Outcome.REPEATED
            elif operation.token_hash in finished:
                outcomes[position] = Outcome.ALREADY_SUBMITTED
            else:
                outcomes[position] = Outcome.STORED
                responses[receipt] = operation.response
                receipts.add(receipt)
            finished.add(operation.token_hash)

    runs: dict[str, SaveAnswers] = {}
    drafts: dict[tuple[str, str], tuple[UUID, str]] = {}
    opened: set[str] = set()
    for position, operation in enumerate(operations):
        if isinstance(operation, Open):
            opened.add(operation.token_hash)
            outcomes[position] = Outcome.STORED
        elif isinstance(operation, SaveAnswers):
            late = operation.token_hash in finished or operation.receipt_hash in receipts
            outcomes[position] = Outcome.ALREADY_SUBMITTED if late else Outcome.STORED
            if not late:
                runs[operation.token_hash] = operation
                for question, value in operation.answers.items():
                    drafts[operation.token_hash, question] = (operation.wave, value)
    return Plan(
        outcomes=[outcomes[position] for position in range(len(operations))],
        opened=sorted(opened - cleared),
        responses=list(responses.values()),
        finished=sorted(cleared),
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
