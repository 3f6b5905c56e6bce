"""Pearson's correlation with Fisher's interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate


def fisher_interval(r: float | None, n: int, confidence: float = CONFIDENCE) -> tuple[float | None, float | None]:
    """tanh(artanh r ± z / √(n − 3)) (Fisher 1921); none for n < 4, and none at ±1 where it has no width."""
    if r is None or n < 4 or abs(r) >= 1 - 1e-12:
        return None, None
    centre, margin = math.atanh(r), normal_quantile(0.5 + confidence / 2) / math.sqrt(n - 3)
    return math.tanh(centre - margin), math.tanh(centre + margin)


def pearson(x: NDArray[np.float64], y: NDArray[np.float64], confidence: float = CONFIDENCE) -> Estimate:
    """r over the pairs of which neither is NaN, with Fisher's interval; no value where one of them does not vary."""
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(np.count_nonzero(both))
    r = None
    if n > 1:
        first, second = x[both] - x[both].mean(), y[both] - y[both].mean()
        spread = math.sqrt(float(first @ first) * float(second @ second))
        r = max(-1.0, min(1.0, float(first @ second) / spread)) if spread > 1e-12 else None
    low, high = fisher_interval(r, n, confidence)
    return Estimate(
        value=r,
        method="pearson",
        n_valid=n,
        n_missing=len(x) - n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
    )
