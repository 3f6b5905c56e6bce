"""Complete attempts of an exam as arrays: what item analysis and reports read.

Marks are decoded a batch at a time and only as far as they count; responses only of the items asked for, and of
different texts each but once. Identifiers are read as text: a hundred thousand UUIDs are a second's work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from service.database import Database
from service.database.postgres import unhurried
from surveys.analysis.training_data import HUNDREDTHS, Sittings
from surveys.exams.items import Response

BATCH = 20_000
ITEMS = 10  # whose responses are read at a time

_JOINED = (
    "FROM attempt_score JOIN attempt ON attempt.id = attempt_score.attempt"
    " WHERE attempt.exam = ? AND attempt_score.scoring = ?"
)


class _Mark(msgspec.Struct, gc=False):
    """The part of a mark that counts here; the rest is not even decoded."""

    points: int
    maximum: int
    state: str = ""


_MARKS = msgspec.json.Decoder(dict[str, _Mark])
_RESPONSE = msgspec.json.Decoder(Response)


class State(msgspec.Struct, frozen=True):
    """Changes whenever an attempt ends or is marked anew; what was computed of the same state is still right."""

    attempts: int
    points: int
    newest: datetime | str | None


class Loaded(msgspec.Struct, frozen=True):
    """The arrays, and the attempts that their rows are, as text."""

    data: Sittings
    attempts: list[str]


class Place(msgspec.Struct, frozen=True):
    """A candidate as far as figures need one; ``id`` as text."""

    id: str
    department: str


async def places(database: Database, exam: UUID) -> list[Place]:
    """Every candidate, by department and number like ``candidates.of_exam``."""
    with unhurried():
        rows = await database.fetch(
            "SELECT CAST(candidate.id AS TEXT) AS id, person.department FROM candidate"
            " JOIN person ON person.id = candidate.person WHERE candidate.exam = ?"
            " ORDER BY person.department, person.employee_number",
            exam,
        )
    return [Place(row["id"], row["department"]) for row in rows]


async def state(database: Database, exam: UUID, scoring: int) -> State:
    [row] = await database.fetch(
        "SELECT count(*) AS attempts, coalesce(sum(attempt_score.points), 0) AS points,"
        f" max(attempt_score.at) AS newest {_JOINED}",
        exam,
        scoring,
    )
    return State(int(row["attempts"]), int(row["points"]), row["newest"])


async def load(
    database: Database, exam: UUID, scoring: int, candidates: Sequence[Place], scaled: int | None = None
) -> Loaded:
    """Attempts with marks by ``scoring``, ordered by candidate and number, without options.

    ``scaled``: the total, in hundredths, that papers of another one are stretched to (an item was dropped).
    """
    place = {candidate.id: number for number, candidate in enumerate(candidates)}
    with unhurried():
        rows = await database.fetch(
            "SELECT CAST(attempt.id AS TEXT) AS id, CAST(attempt.candidate AS TEXT) AS candidate, attempt.number,"
            " attempt_score.points, attempt_score.total"
            f" {_JOINED} AND attempt.submitted_at IS NOT NULL ORDER BY attempt.candidate, attempt.number",
            exam,
            scoring,
        )
        rows = sorted((row for row in rows if row["candidate"] in place), key=lambda row: place[row["candidate"]])
        marks = _Marks([row["id"] for row in rows])
        for some in batched(sorted(marks.attempts), BATCH):
            await asyncio.to_thread(marks.take, await _fetched(database, exam, scoring, some))
    points = np.array([row["points"] for row in rows], dtype=np.float64)
    if scaled:
        totals = np.array([row["total"] for row in rows], dtype=np.float64)
        points = np.where((totals > 0) & (totals != scaled), points * scaled / np.maximum(totals, 1), points)
    data = Sittings(
        departments=tuple(candidate.department for candidate in candidates),
        person=np.array([place[row["candidate"]] for row in rows], dtype=np.int64),
        number=np.array([row["number"] for row in rows], dtype=np.int64),
        points=points / HUNDREDTHS,
        **marks.arrays(),
    )
    return Loaded(data, marks.attempts)


class _Numbers(dict[str, int]):
    """Gives every new code the next number."""

    def __missing__(self, code: str) -> int:
        self[code] = len(self)
        return self[code]


class _Marks:
    """Fills attempts × items; a new item, or one worth other points, gets a column when it turns up."""

    def __init__(self, attempts: list[str]) -> None:
        self.attempts = attempts
        self.row_of = {attempt: row for row, attempt in enumerate(attempts)}
        self.numbers = _Numbers()  # of item codes
        self.columns: dict[tuple[int, int], int] = {}  # number of the code and maximum → column
        self.points = np.full((len(attempts), 0), np.nan)
        self.pending = np.zeros((len(attempts), 0), dtype=bool)

    def take(self, texts: Sequence[dict[str, Any]]) -> None:
        """Five million marks of a hundred thousand attempts are put into lists whole attempts at a time."""
        rows: list[int] = []
        counts: list[int] = []
        codes: list[str] = []
        points: list[int] = []
        maxima: list[int] = []
        waiting: list[int] = []
        for text in texts:
            row = self.row_of.get(text["attempt"])
            if row is None:
                continue
            marks = _MARKS.decode(text["marks"])
            if '"pending"' in text["marks"]:
                waiting += [len(codes) + at for at, mark in enumerate(marks.values()) if mark.state == "pending"]
            rows.append(row)
            counts.append(len(marks))
            codes += marks
            points += [mark.points for mark in marks.values()]
            maxima += [mark.maximum for mark in marks.values()]
        numbers = np.fromiter(map(self.numbers.__getitem__, codes), dtype=np.int64, count=len(codes))
        places, values = self._places(numbers, np.array(maxima, dtype=np.int64)), np.array(points, dtype=np.float64)
        values[waiting] = np.nan
        everywhere = np.repeat(np.array(rows, dtype=np.int64), counts)
        self._widen()
        self.points[everywhere, places] = values / HUNDREDTHS
        self.pending[everywhere[waiting], places[waiting]] = True

    def _places(self, numbers: NDArray[np.int64], maxima: NDArray[np.int64]) -> NDArray[np.int64]:
        """The column of each mark."""
        found = np.full(len(numbers), -1, dtype=np.int64)
        for worth in np.unique(maxima):
            alike = maxima == worth
            column_of = np.full(len(self.numbers), -1, dtype=np.int64)
            for number in np.flatnonzero(np.bincount(numbers[alike], minlength=len(self.numbers))):
                column_of[number] = self.columns.setdefault((int(number), int(worth)), len(self.columns))
            found[alike] = column_of[numbers[alike]]
        return found

    def _widen(self) -> None:
        further = len(self.columns) - self.points.shape[1]
        if further:
            n = len(self.attempts)
            self.points = np.hstack([self.points, np.full((n, further), np.nan)])
            self.pending = np.hstack([self.pending, np.zeros((n, further), dtype=bool)])

    def arrays(self) -> dict[str, Any]:
        """Columns by code and maximum, so that the order of attempts decides nothing."""
        names = list(self.numbers)
        named = {(names[number], maximum): column for (number, maximum), column in self.columns.items()}
        order = sorted(named)
        chosen = [named[each] for each in order]
        return {
            "items": tuple(code for code, _ in order),
            "maximum": np.array([maximum for _, maximum in order], dtype=np.float64) / HUNDREDTHS,
            "marks": np.asfortranarray(self.points[:, chosen]),
            "pending": self.pending[:, chosen],
        }


async def first_scores(database: Database, exam: UUID, scoring: int) -> list[tuple[UUID, int, int]]:
    """Person, points and total of everybody's first attempt that is completely marked, in hundredths."""
    rows = await database.fetch(
        "SELECT candidate.person, attempt_score.points, attempt_score.total, attempt_score.provisional"
        " FROM attempt_score JOIN attempt ON attempt.id = attempt_score.attempt"
        " JOIN candidate ON candidate.id = attempt.candidate"
        " WHERE attempt.exam = ? AND attempt_score.scoring = ? AND attempt.number = 1 AND attempt_score.total > 0",
        exam,
        scoring,
    )
    return [(row["person"], row["points"], row["total"]) for row in rows if not row["provisional"]]


async def options(
    database: Database, exam: UUID, loaded: Loaded, codes: Mapping[str, Sequence[str]]
) -> dict[str, NDArray[np.bool_]]:
    """For each item of ``codes`` (item → its options) which options each attempt took, a blank being a row of False."""
    row_of = {attempt: row for row, attempt in enumerate(loaded.attempts)}
    found = {code: np.zeros((len(row_of), len(own)), dtype=bool) for code, own in codes.items()}
    with unhurried():
        for items in batched(codes, ITEMS):
            rows = await database.fetch(
                "SELECT CAST(attempt_answer.attempt AS TEXT) AS attempt, attempt_answer.item, attempt_answer.response"  # noqa: S608 (marks only)
                " FROM attempt JOIN attempt_answer ON attempt_answer.attempt = attempt.id WHERE attempt.exam = ?"
                f" AND attempt_answer.item IN ({', '.join('?' * len(items))})",
                exam,
                *items,
            )
            await asyncio.to_thread(_fill, found, rows, row_of, codes)
    return found


def _fill(
    found: dict[str, NDArray[np.bool_]],
    rows: Sequence[dict[str, Any]],
    row_of: Mapping[str, int],
    codes: Mapping[str, Sequence[str]],
) -> None:
    known: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        place = row_of.get(row["attempt"])
        if place is None:
            continue
        key = row["item"], row["response"]
        if key not in known:
            chosen = _RESPONSE.decode(row["response"]).get("choice", ())
            taken = (chosen,) if isinstance(chosen, str) else chosen
            known[key] = [option in taken for option in codes[row["item"]]]
        found[row["item"]][place] = known[key]


async def _fetched(database: Database, exam: UUID, scoring: int, attempts: Sequence[str]) -> list[dict[str, Any]]:
    """Marks of the attempts, which are all of the exam between the first and the last of them."""
    return await database.fetch(
        f"SELECT CAST(attempt_score.attempt AS TEXT) AS attempt, attempt_score.marks {_JOINED}"
        " AND attempt_score.attempt BETWEEN ? AND ?",
        exam, scoring, UUID(attempts[0]), UUID(attempts[-1]),
    )  # fmt: skip


T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """``itertools.batched`` of a later Python."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
