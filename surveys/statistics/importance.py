"""Importance–performance: what matters to people against how well it is done."""

from __future__ import annotations

from collections.abc import Mapping
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
    means = [(i.value, p.value) for i, p in estimates.values() if i.value is not None and p.value is not None]
    lines = crosshair
    if lines is None and means:
        lines = (float(np.mean([each[0] for each in means])), float(np.mean([each[1] for each in means])))
    return ImportancePerformance(
        crosshair=lines,
        crosshair_by="means" if crosshair is None else "given",
        attributes=[_attribute(code, given, *estimates[code], lines) for code, given in ratings.items()],
    )


def derived_importance(performance: NDArray[np.float64], overall: NDArray[np.float64]) -> Estimate:
    """How closely an attribute's performance goes with overall satisfaction: Pearson's r with Fisher's interval.

    For where nobody was asked what matters; association and not cause.
    """
    return pearson(performance, overall)


def _attribute(
    code: str, given: Ratings, importance: Estimate, performance: Estimate, lines: tuple[float, float] | None
) -> Attribute:
    gaps = given.performance - given.importance
    quadrant: Quadrant | None = None
    uncertain = False
    if lines and importance.value is not None and performance.value is not None:
        matters, well = importance.value >= lines[0], performance.value >= lines[1]
        quadrant = (
            ("keep_up" if well else "concentrate") if matters else ("possible_overkill" if well else "low_priority")
        )
        uncertain = any(_reaches_over(each, line) for each, line in zip((importance, performance), lines, strict=True))
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
