"""Bias-corrected and accelerated bootstrap intervals, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_below, normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate

Values = NDArray[np.float64]
Statistic = Callable[[Values], Values]  # rows of values -> one figure each
RESAMPLES = 10_000
MOST = 5_000  # values; beyond it the intervals by formula are as good and the resampling is not worth its minutes
_CHUNK = 2_000_000  # numbers in memory at once

STATISTICS: dict[str, Statistic] = {
    "mean": lambda rows: rows.mean(axis=-1),
    "median": lambda rows: np.median(rows, axis=-1),
}


def bca_bootstrap(
    first: Values,
    second: Values | None = None,
    *,
    statistic: Literal["mean", "median"] = "mean",
    seed: int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """statistic(first), or statistic(first) − statistic(second) of independent groups, with Efron's (1987) interval.

    For pairs give their differences as ``first``. At least 10,000 resamples (ValueError below); acceleration by the
    jackknife of every group (Efron & Tibshirani 1993, §14.3). No interval where a group has fewer than two values,
    where resampling changes nothing, or beyond ``MOST`` values (``reason`` too_many).
    """
    if resamples < RESAMPLES:
        raise ValueError(f"at least {RESAMPLES} resamples")
    of = STATISTICS[statistic]
    samples = [first] if second is None else [first, second]
    n = sum(map(len, samples))
    value = _difference([float(of(sample)) for sample in samples]) if all(map(len, samples)) else None
    params: dict[str, object] = {"statistic": statistic, "resamples": resamples, "n": [len(each) for each in samples]}
    low = high = None
    if n > MOST:
        params["reason"] = "too_many"
    elif value is not None and min(map(len, samples)) > 1:
        low, high = _interval(samples, of, value, seed, resamples, confidence)
    return Estimate(
        value=value,
        method="bca_bootstrap",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=params,
        seed=seed,
    )


def _difference(figures: list[float]) -> float:
    return figures[0] - figures[1] if len(figures) == 2 else figures[0]


def _interval(
    samples: list[Values], of: Statistic, value: float, seed: int, resamples: int, confidence: float
) -> tuple[float | None, float | None]:
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = [_resampled(sample, of, generator, resamples) for sample in samples]
    figures = drawn[0] - drawn[1] if len(drawn) == 2 else drawn[0]
    below = (np.count_nonzero(figures < value) + np.count_nonzero(figures <= value)) / (2 * resamples)
    if not 0 < below < 1 or figures.min() == figures.max():
        return None, None
    bias, acceleration = normal_quantile(below), _acceleration(samples, of)

    def level(p: float) -> float:
        shifted = bias + normal_quantile(p)
        return normal_below(bias + shifted / (1 - acceleration * shifted))

    tail = (1 - confidence) / 2
    low, high = np.quantile(figures, [level(tail), level(1 - tail)])
    return float(low), float(high)


def _resampled(sample: Values, of: Statistic, generator: np.random.Generator, resamples: int) -> Values:
    rows = max(1, _CHUNK // len(sample))
    figures = np.empty(resamples)
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        figures[start : start + size] = of(sample[generator.integers(0, len(sample), size=(size, len(sample)))])
    return figures


def _acceleration(samples: list[Values], of: Statistic) -> float:
    """Σ U³/n³ over the groups by 6 (Σ U²/n²)^1.5, U being the jackknife's influences; 0 where there are none."""
    cubes = squares = 0.0
    for place, sample in enumerate(samples):
        n = len(sample)
        left_out = np.array([float(of(np.delete(sample, at))) for at in range(n)])
        influence = (n - 1) * (left_out.mean() - left_out) * (1 if place == 0 else -1)
        cubes += float((influence**3).sum()) / n**3
        squares += float((influence**2).sum()) / n**2
    return cubes / (6 * squares**1.5) if squares > 0 else 0.0
