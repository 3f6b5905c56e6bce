"""Medians and quantiles, with their definition stated."""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import fair_coins, normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate

Definition = Literal[2, 6, 7, 8]
_NUMPY_NAMES: dict[Definition, Literal["averaged_inverted_cdf", "weibull", "linear", "median_unbiased"]] = {
    2: "averaged_inverted_cdf",
    6: "weibull",
    7: "linear",
    8: "median_unbiased",
}


def quantile(values: NDArray[np.float64], p: float, definition: Definition = 7) -> float | None:
    """The ``p`` quantile by definition 2, 6, 7 or 8 of Hyndman & Fan (1996); None where there are no values."""
    if len(values) == 0:
        return None
    return float(np.quantile(values, p, method=_NUMPY_NAMES[definition]))


def median_order_statistic(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Estimate:
    """The median with a distribution-free interval between two order statistics.

    The median is the middle value, or the mean of the two middle ones (all of Hyndman & Fan's definitions above agree
    on it). The interval is [x(r), x(n + 1 − r)] with the largest r for which P(B(n, ½) < r) ≤ α/2 (Conover 1999, §3.2),
    so that it holds at least ``confidence``; params carry r and the coverage reached. No interval where n < 6.
    """
    n = len(values)
    if n == 0:
        return Estimate(value=None, method="median_order_statistic", n_valid=0, confidence=confidence)
    ordered = np.sort(values)
    estimate = Estimate(
        value=float(ordered[(n - 1) // 2] + ordered[n // 2]) / 2,
        method="median_order_statistic",
        n_valid=n,
        confidence=confidence,
    )
    rank = _rank(n, (1 - confidence) / 2)
    if rank == 0:
        return estimate
    coverage = 1 - 2 * fair_coins(rank - 1, n)
    return msgspec.structs.replace(
        estimate,
        ci_low=float(ordered[rank - 1]),
        ci_high=float(ordered[n - rank]),
        params={"rank": rank, "coverage": coverage},
    )


def _rank(n: int, tail: float) -> int:
    """The largest r for which P(B(n, ½) < r) ≤ ``tail``; found from the normal approximation."""
    rank = max(0, round(n / 2 + normal_quantile(tail) * math.sqrt(n) / 2))
    while fair_coins(rank, n) <= tail:
        rank += 1
    while rank > 0 and fair_coins(rank - 1, n) > tail:
        rank -= 1
    return rank
