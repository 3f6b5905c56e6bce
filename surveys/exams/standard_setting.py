"""The pass mark by judges: Angoff (1971), each judge saying how probably a just competent candidate gets an item right.

The cut is the mean of the judges' cuts, a judge's cut the mean probability of the items weighted by their points
(Cizek & Bunch 2007, ch. 6). Its standard error is the spread of the judges' cuts over √judges.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping

import msgspec
import numpy as np

from surveys.statistics.agreement import intraclass_correlation
from surveys.statistics.estimate import Estimate


class JudgedItem(msgspec.Struct, frozen=True, kw_only=True):
    """The judges' mean probability of an item; ``deviation`` over judges (n − 1), None of a single one."""

    code: str
    judges: int
    mean: float | None
    deviation: float | None


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """A judge's cut in percent of the points, from the items that were judged."""

    name: str
    items: int
    cut: float


class Angoff(msgspec.Struct, frozen=True, kw_only=True):
    """``cut`` in percent, with its ``deviation`` over judges and ``standard_error``; None without judgements.

    ``agreement``: intraclass correlation of single judges (2,1), of the items that all have judged. ``missing``: judge
    → items not judged yet.
    """

    cut: float | None
    deviation: float | None
    standard_error: float | None
    items: tuple[JudgedItem, ...]
    judges: tuple[Judge, ...]
    agreement: Estimate | None
    missing: dict[str, tuple[str, ...]]


def angoff(judgements: Mapping[str, Mapping[str, float]], points: Mapping[str, float]) -> Angoff:
    """The cut that judges set.

    ``judgements``: judge → item → probability (0 to 1); those of other items are left out. ``points``: item → its
    weight, of every item that is to be judged.
    """
    given = {judge: {code: each[code] for code in points if code in each} for judge, each in sorted(judgements.items())}
    given = {judge: each for judge, each in given.items() if each}
    judges = [Judge(name=judge, items=len(each), cut=_cut(each, points)) for judge, each in given.items()]
    cuts = [each.cut for each in judges]
    deviation = statistics.stdev(cuts) if len(cuts) > 1 else None
    return Angoff(
        cut=statistics.fmean(cuts) if cuts else None,
        deviation=deviation,
        standard_error=None if deviation is None else deviation / math.sqrt(len(cuts)),
        items=tuple(_judged(code, [each[code] for each in given.values() if code in each]) for code in points),
        judges=tuple(judges),
        agreement=_agreement(given, list(points)),
        missing={
            judge: absent for judge, each in given.items() if (absent := tuple(c for c in points if c not in each))
        },
    )


def _cut(judged: Mapping[str, float], points: Mapping[str, float]) -> float:
    weight = sum(points[code] for code in judged)
    return 100 * sum(points[code] * each for code, each in judged.items()) / weight if weight else 0.0


def _judged(code: str, probabilities: list[float]) -> JudgedItem:
    mean = statistics.fmean(probabilities) if probabilities else None
    deviation = statistics.stdev(probabilities) if len(probabilities) > 1 else None
    return JudgedItem(code=code, judges=len(probabilities), mean=mean, deviation=deviation)


def _agreement(given: Mapping[str, Mapping[str, float]], codes: list[str]) -> Estimate | None:
    common = [code for code in codes if all(code in each for each in given.values())]
    if len(given) < 2 or len(common) < 2:
        return None
    return intraclass_correlation(np.array([[each[code] for each in given.values()] for code in common]), "2,1")
