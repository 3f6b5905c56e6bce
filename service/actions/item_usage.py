"""How the items of a bank did in the exams that used them: times shown, facility, discrimination, exposure."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np

from service.database import Database
from service.store import exams, items
from surveys.statistics.correlation import pearson
from surveys.statistics.item_analysis import TOO_EASY, TOO_HARD, WEAK_DISCRIMINATION

NEWEST = 5_000  # attempts of an exam that are looked at: a list of items must not wait for a hundred thousand
ENOUGH = 10  # attempts below which a discrimination says nothing
KEPT = 64

_SCORES = (
    "FROM attempt_score JOIN attempt ON attempt.id = attempt_score.attempt"
    " WHERE attempt.exam = ? AND attempt_score.scoring = ?"
)


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What an item did. ``facility``: mean share of its points, 0 to 1. ``discrimination``: correlation of that share
    with the share of the rest of the paper, −1 to 1; None below ``ENOUGH`` attempts or where one does not vary.
    ``exposure``: share of the attempts in which it could have been drawn that it was shown in."""

    exams: int
    shown: int
    facility: float | None
    discrimination: float | None
    exposure: float | None

    @property
    def flag(self) -> str:
        """Why the item deserves a look, empty where it does not or where too few have had it."""
        if self.shown < ENOUGH or self.facility is None:
            return ""
        if self.facility > TOO_EASY or self.facility < TOO_HARD:
            return "too_easy" if self.facility > TOO_EASY else "too_hard"
        if self.discrimination is None or 100 * self.discrimination >= WEAK_DISCRIMINATION:
            return ""
        return "negative" if self.discrimination < 0 else "weak"


class _Earned(msgspec.Struct, frozen=True):
    """The part of a mark that counts here; the rest is not even decoded."""

    points: int
    maximum: int


class _Sample(msgspec.Struct, frozen=True):
    """One exam: its attempts, and for each item (share, share of the rest) of those who were shown it."""

    attempts: int
    pool: frozenset[str]
    shares: dict[str, list[tuple[float, float]]]


_decoder = msgspec.json.Decoder(dict[str, _Earned])
_samples: OrderedDict[tuple[UUID, int, int, datetime | None], _Sample] = OrderedDict()


async def of_bank(database: Database, bank: items.Bank) -> dict[str, Usage]:
    """Item code to its usage, of the items that any exam of the bank has in its pool."""
    samples = [
        await _sample(database, exam.id, exam.scoring)
        for exam in await exams.of_programme(database, bank.programme)
        if exam.bank == bank.id and exam.scoring
    ]
    codes = {code for sample in samples for code in sample.pool}
    return {code: _usage(code, [sample for sample in samples if code in sample.pool]) for code in codes}


def _usage(code: str, samples: Sequence[_Sample]) -> Usage:
    pairs = np.array([pair for sample in samples for pair in sample.shares.get(code, ())]).reshape(-1, 2)
    attempts, shown = sum(sample.attempts for sample in samples), len(pairs)
    return Usage(
        exams=len(samples),
        shown=shown,
        facility=float(pairs[:, 0].mean()) if shown else None,
        discrimination=pearson(pairs[:, 0], pairs[:, 1]).value if shown >= ENOUGH else None,
        exposure=shown / attempts if attempts else None,
    )


async def _sample(database: Database, exam: UUID, scoring: int) -> _Sample:
    """Read again only when marks have come or changed."""
    [state] = await database.fetch(
        f"SELECT count(*) AS number, max(attempt_score.at) AS newest {_SCORES}", exam, scoring
    )
    key = (exam, scoring, state["number"], state["newest"])
    if key not in _samples:
        rows = await database.fetch(
            f"SELECT attempt_score.marks {_SCORES} ORDER BY attempt.id DESC LIMIT {NEWEST}", exam, scoring
        )
        pool = frozenset((await exams.pool(database, exam, scoring)).items)
        _samples[key] = await asyncio.to_thread(_read, [row["marks"] for row in rows], pool)
        while len(_samples) > KEPT:
            _samples.popitem(last=False)
    return _samples[key]


def _read(rows: Sequence[str], pool: frozenset[str]) -> _Sample:
    shares: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        marks = _decoder.decode(row)
        points, maximum = sum(each.points for each in marks.values()), sum(each.maximum for each in marks.values())
        for code, mark in marks.items():
            if mark.maximum:
                rest = (points - mark.points) / (maximum - mark.maximum) if maximum > mark.maximum else float("nan")
                shares.setdefault(code, []).append((mark.points / mark.maximum, rest))
    return _Sample(attempts=len(rows), pool=pool, shares=shares)
