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
    sd = standard_deviation(values)
    mean = float(np.mean(values)) if len(values) else 0.0
    return mean_of_moments(len(values), mean, None if sd is None else sd**2, confidence)


def mean_of_moments(n: int, mean: float, variance: float | None, confidence: float = CONFIDENCE) -> Estimate:
    """What ``mean_t`` gives, from n, mean and variance (divisor n − 1; None where n < 2)."""
    if n == 0:
        return Estimate(value=None, method="mean_t", n_valid=0, confidence=confidence)
    if variance is None:
        return Estimate(value=mean, method="mean_t", n_valid=n, confidence=confidence)
    margin = t_quantile(0.5 + confidence / 2, n - 1) * math.sqrt(variance / n)
    return Estimate(
        value=mean, method="mean_t", n_valid=n, ci_low=mean - margin, ci_high=mean + margin, confidence=confidence
    )
