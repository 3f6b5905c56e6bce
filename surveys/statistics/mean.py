"""Means with Student's t interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import t_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate


def standard_deviation(values: NDArray[np.float64]) -> float | None:
    """The sample standard deviation (divisor n − 1); None where n < 2."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def mean_t(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Estimate:
    """The mean of ``values`` with mean ± t(n − 1) · sd / √n; no interval where n < 2, no value where n = 0."""
    n = len(values)
    if n == 0:
        return Estimate(value=None, method="mean_t", n_valid=0, confidence=confidence)
    mean, sd = float(np.mean(values)), standard_deviation(values)
    if sd is None:
        return Estimate(value=mean, method="mean_t", n_valid=n, confidence=confidence)
    margin = t_quantile(0.5 + confidence / 2, n - 1) * sd / math.sqrt(n)
    return Estimate(
        value=mean, method="mean_t", n_valid=n, ci_low=mean - margin, ci_high=mean + margin, confidence=confidence
    )
