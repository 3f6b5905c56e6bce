"""Importance–performance: what matters to people against how well it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.correlation import pearson
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.mean import mean_t

Quadrant = Literal["concentrate", "keep_up", "low_priority", "possible_overkill"]
"""Important and badly done; important and well done; neither; well done though nobody needs it."""


class Ratings(NamedTuple):
    """What people gave to one attribute, a place per person, NaN for nothing."""

    importance: NDArray[np.float64]
    performance: NDArray[np.float64]


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """One point of the picture. ``uncertain``: an interval reaches over a line, so that the quadrant may be chance."""

    code: str
    importance: Estimate
    performance: Estimate
    gap: Estimate  # performance − importance of the people who gave both
    quadrant: Quadrant | None
    uncertain: bool


class ImportancePerformance(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes in the order given, and where the lines cross: to be printed with the picture."""

    crosshair: tuple[float, float] | None  # importance, performance
    crosshair_by: Literal["means", "given"]
    attributes: list[Attribute]


def importance_performance(
    ratings: Mapping[str, Ratings], crosshair: tuple[float, float] | None = None, confidence: float = CONFIDENCE
) -> ImportancePerformance:
    """Martilla & James (1977). The lines cross at the means of the attributes' means, or at ``crosshair``, e.g. the
    middle of the answer scale; a point on a line is on its upper side."""
    estimates = {
        code: (_mean(given.importance, confidence), _mean(given.performance, confidence))
        for code, given in ratings.items()
    }
    lines = crosshair or crossing([*estimates.values()])
    return ImportancePerformance(
        crosshair=lines,
        crosshair_by="means" if crosshair is None else "given",
        attributes=[_attribute(code, given, *estimates[code], lines) for code, given in ratings.items()],
    )


def crossing(points: Sequence[tuple[Estimate, Estimate]]) -> tuple[float, float] | None:
    """Where the means of importance and performance cross; None where no point has both."""
    known = [(i.value, p.value) for i, p in points if i.value is not None and p.value is not None]
    return (float(np.mean([i for i, _ in known])), float(np.mean([p for _, p in known]))) if known else None


def quadrant_of(
    importance: Estimate, performance: Estimate, lines: tuple[float, float] | None
) -> tuple[Quadrant | None, bool]:
    """The quadrant of a point, and whether an interval reaches over a line, so that it may be chance."""
    if lines is None or importance.value is None or performance.value is None:
        return None, False
    matters, well = importance.value >= lines[0], performance.value >= lines[1]
    quadrant: Quadrant = (
        ("keep_up" if well else "concentrate") if matters else ("possible_overkill" if well else "low_priority")
    )
    return quadrant, any(_reaches_over(each, line) for each, line in zip((importance, performance), lines, strict=True))


def derived_importance(performance: NDArray[np.float64], overall: NDArray[np.float64]) -> Estimate:
    """How closely an attribute's performance goes with overall satisfaction: Pearson's r with Fisher's interval.

    For where nobody was asked what matters; association and not cause.
    """
    return pearson(performance, overall)


def _attribute(
    code: str, given: Ratings, importance: Estimate, performance: Estimate, lines: tuple[float, float] | None
) -> Attribute:
    gaps = given.performance - given.importance
    quadrant, uncertain = quadrant_of(importance, performance, lines)
    return Attribute(
        code=code,
        importance=importance,
        performance=performance,
        gap=_mean(gaps, importance.confidence),
        quadrant=quadrant,
        uncertain=uncertain,
    )


def _mean(values: NDArray[np.float64], confidence: float) -> Estimate:
    return mean_t(values[~np.isnan(values)], confidence)


def _reaches_over(estimate: Estimate, line: float) -> bool:
    """Whether the interval holds the line; one answer tells nothing either way."""
    return estimate.ci_low is None or estimate.ci_high is None or estimate.ci_low <= line <= estimate.ci_high
