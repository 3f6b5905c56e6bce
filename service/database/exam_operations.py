"""What candidates' devices write in an exam. ``exam_plan`` decides what a batch of it does to the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal
from uuid import UUID

import msgspec

from .operations import Operation


class Ruling(Enum):
    STORED = "stored"
    REPEATED = "repeated"
    """It was done before: nothing was written."""
    LATE = "late"
    """After the deadline and the grace: kept as evidence, not counted."""
    ENDED = "ended"
    """The attempt is submitted: kept as evidence, not counted."""
    ELSEWHERE = "elsewhere"
    """Another tab or phone is the active one: kept as evidence, not counted."""
    UNKNOWN = "unknown"
    """There is no such attempt."""


class Verdict(msgspec.Struct, frozen=True):
    """``stale``: items whose answer was not taken, each with the revision that is stored: a newer one is, or one-way
    navigation has left the item behind."""

    ruling: Ruling
    stale: dict[str, int] = {}


class StartAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt begins, unless the candidate's attempt of that number has begun before (``REPEATED``)."""

    attempt: UUID
    exam: UUID
    candidate: UUID
    number: int
    paper: str
    language: str
    device_hash: str
    now: datetime
    deadline: datetime


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as a device sent it. ``place``: the item's number on the paper."""

    item: str
    place: int
    revision: int
    response: str
    flagged: bool = False


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says of itself. ``seconds``: how long ago by its own count."""

    kind: Literal["left", "returned", "reconnected"]
    seconds: float = 0.0


class SaveAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """Answers so far, received at ``now``; moves on to the item number ``position`` where one is given."""

    attempt: UUID
    device_hash: str
    now: datetime
    grace: timedelta
    answers: tuple[Answered, ...] = ()
    noted: tuple[Noted, ...] = ()
    position: int | None = None
    one_way: bool = False


class TakeOver(msgspec.Struct, frozen=True, kw_only=True):
    """This tab or phone is the active one from now on."""

    attempt: UUID
    device_hash: str
    now: datetime


class SubmitAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt ends: by its candidate's active device, or by the server once deadline and grace are over."""

    attempt: UUID
    now: datetime
    grace: timedelta
    device_hash: str | None = None


ExamOperation = StartAttempt | SaveAttempt | TakeOver | SubmitAttempt


def parted(
    operations: Sequence[Operation | ExamOperation],
) -> tuple[dict[int, Operation], dict[int, ExamOperation]]:
    """What participants and what candidates wrote, each with its position."""
    surveys: dict[int, Operation] = {}
    exams: dict[int, ExamOperation] = {}
    for position, each in enumerate(operations):
        if isinstance(each, StartAttempt | SaveAttempt | TakeOver | SubmitAttempt):
            exams[position] = each
        else:
            surveys[position] = each
    return surveys, exams
