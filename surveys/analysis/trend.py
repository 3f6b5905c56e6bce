"""A programme's waves one after the other: the same scales, asked in the same words, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveys.analysis.findings import DiagnosisFindings, Finding, ScaleFinding
from surveys.statistics.estimate import Estimate
from surveys.text import Text


class TrendPoint(Finding, frozen=True, kw_only=True):
    """A wave: its title, when it was opened (ISO date), and the scale's mean, the record of its own results."""

    title: str
    on: str
    mean: Estimate


class TrendFinding(Finding, frozen=True, kw_only=True):
    """A scale over at least two waves, the earliest first."""

    code: str
    label: Text
    low: int
    high: int
    points: tuple[TrendPoint, ...]


def trend(waves: Sequence[DiagnosisFindings]) -> tuple[TrendFinding, ...]:
    """The scales of the latest of ``waves`` over all of them, by the day when they were opened, then as given.

    A wave takes part in a scale where it asked the same items in the same words with the same answers and keys: a mean
    of anything else would be another figure. It says what changed and not why.
    """
    ordered = sorted(waves, key=lambda each: each.wave.opened_on)
    lines = []
    for scale in ordered[-1].scales if ordered else ():
        points = tuple(
            TrendPoint(title=each.wave.title, on=each.wave.opened_on, mean=same.mean)
            for each in ordered
            for same in each.scales
            if same.mean.value is not None and _asked(same) == _asked(scale)
        )
        if len(points) > 1:
            lines.append(
                TrendFinding(code=scale.code, label=scale.label, low=scale.low, high=scale.high, points=points)
            )
    return tuple(lines)


def _asked(scale: ScaleFinding) -> tuple[Any, ...]:
    return scale.code, scale.low, scale.high, [(item.column, item.label, item.reversed) for item in scale.items]
