"""Watching an exam: who has not come, who is at it, who is through, and of whom nothing was heard for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from service import clock
from service.database import Database
from service.store import candidates, invigilation
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.invigilation import Seen

State = Literal["silent", "sitting", "waiting", "submitted"]
STATES: tuple[State, ...] = ("silent", "sitting", "waiting", "submitted")
MOST = 200
"""People shown at once; a page that refreshes itself must stay small."""
SILENCE = timedelta(minutes=3)
"""A phone in somebody's hands saves or says where it is more often than that."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate and where they are. ``waiting``: not begun. ``silent``: begun, and nothing heard for ``SILENCE``."""

    candidate: Candidate
    state: State
    seen: Seen | None = None


class Department(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    candidates: int
    waiting: int
    sitting: int
    submitted: int


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The exam at one moment. ``places``: those who need a look first."""

    at: datetime
    places: tuple[Place, ...]
    departments: tuple[Department, ...]

    def shown(self, state: str) -> tuple[Place, ...]:
        """Those in ``state``, or in any; whoever needs a look first, at most ``MOST``."""
        return tuple(place for place in self.places if not state or place.state == state)[:MOST]

    def count(self, *states: State) -> int:
        return sum(place.state in states for place in self.places)


async def room(database: Database, exam: ExamRecord, *, now: datetime | None = None) -> Room:
    now = now or clock.now()
    seen: dict[UUID, Seen] = await invigilation.newest(database, exam.id)
    places = [_place(each, seen.get(each.id), now) for each in await candidates.of_exam(database, exam.id)]
    return Room(
        at=now,
        places=tuple(sorted(places, key=lambda place: STATES.index(place.state))),
        departments=tuple(_departments(places)),
    )


def _place(candidate: Candidate, seen: Seen | None, now: datetime) -> Place:
    if seen is None:
        return Place(candidate=candidate, state="waiting")
    if seen.submitted_at is not None or seen.deadline_at <= now:
        return Place(candidate=candidate, state="submitted", seen=seen)
    return Place(candidate=candidate, state="silent" if now - seen.heard_at > SILENCE else "sitting", seen=seen)


def _departments(places: list[Place]) -> list[Department]:
    names = dict.fromkeys(place.candidate.department.split("/")[0] for place in places)
    found = []
    for name in names:
        own = [place for place in places if place.candidate.department.split("/")[0] == name]
        found.append(
            Department(
                name=name, candidates=len(own), waiting=sum(place.state == "waiting" for place in own),
                sitting=sum(place.state in ("sitting", "silent") for place in own),
                submitted=sum(place.state == "submitted" for place in own),
            )
        )  # fmt: skip
    return found
