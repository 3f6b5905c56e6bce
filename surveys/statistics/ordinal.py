"""Association of two ordered variables: Goodman and Kruskal's gamma, Kendall's tau-b."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate


class _Pairs(NamedTuple):
    """For each cell, how many people stand with it in the same (in the opposite) order; twice the number of pairs."""

    same: NDArray[np.float64]
    opposite: NDArray[np.float64]
    concordant: float
    discordant: float


def gamma(counts: NDArray[np.int64], confidence: float = CONFIDENCE) -> Estimate:
    """(P − Q) / (P + Q) of rows × columns in order: pairs that tie on either variable are left out.

    Goodman & Kruskal (1954); interval value ± z·ASE₁ (Goodman & Kruskal 1963), cut at ±1. No value without any
    untied pair.
    """
    table = counts.astype(np.float64)
    pairs = _pairs(table)
    untied, value, error = pairs.concordant + pairs.discordant, None, 0.0
    if untied > 0:
        value = (pairs.concordant - pairs.discordant) / untied
        pull = pairs.discordant * pairs.same - pairs.concordant * pairs.opposite
        error = 4 / untied**2 * math.sqrt(float((table * pull**2).sum()))
    low, high = _around(value, error, confidence)
    return Estimate(
        value=value,
        method="gamma",
        n_valid=int(counts.sum()),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"standard_error": error} if value is not None else {},
    )


def tau_b(counts: NDArray[np.int64], confidence: float = CONFIDENCE) -> Estimate:
    """(P − Q) / √((pairs untied on rows)(pairs untied on columns)), rows × columns in order.

    Kendall (1945); interval value ± z·ASE₁ (Brown & Benedetti 1977), cut at ±1. No value where one variable does not
    vary.
    """
    table, n = counts.astype(np.float64), float(counts.sum())
    pairs = _pairs(table)
    across, down = table.sum(axis=1), table.sum(axis=0)
    by_rows, by_columns = n**2 - float(across @ across), n**2 - float(down @ down)
    value, error = None, 0.0
    if by_rows > 0 and by_columns > 0:
        scale = math.sqrt(by_rows * by_columns)
        value = (pairs.concordant - pairs.discordant) / scale
        margins = across[:, None] * by_columns + down[None, :] * by_rows
        pull = 2 * scale * (pairs.same - pairs.opposite) + value * margins
        variance = float((table * pull**2).sum()) - n**3 * value**2 * (by_rows + by_columns) ** 2
        error = math.sqrt(max(0.0, variance)) / scale**2
    low, high = _around(value, error, confidence)
    return Estimate(
        value=value,
        method="tau_b",
        n_valid=int(n),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"standard_error": error} if value is not None else {},
    )


def _pairs(table: NDArray[np.float64]) -> _Pairs:
    same = _beyond(table) + _beyond(table[::-1, ::-1])[::-1, ::-1]
    opposite = _beyond(table[:, ::-1])[:, ::-1] + _beyond(table[::-1])[::-1]
    return _Pairs(same, opposite, float((table * same).sum()), float((table * opposite).sum()))


def _beyond(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of all cells above and to the left of each."""
    sums = np.zeros((table.shape[0] + 1, table.shape[1] + 1))
    sums[1:, 1:] = table.cumsum(axis=0).cumsum(axis=1)
    return sums[:-1, :-1]


def _around(value: float | None, error: float, confidence: float) -> tuple[float | None, float | None]:
    if value is None or error == 0:  # perfect association in the sample: the normal approximation has nothing to say
        return None, None
    margin = normal_quantile(0.5 + confidence / 2) * error
    return max(-1.0, value - margin), min(1.0, value + margin)
