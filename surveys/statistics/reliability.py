"""How well the items of a scale belong together: Cronbach's alpha and item–rest correlations."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import f_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate

Matrix = NDArray[np.float64]
"""People × items, reverse keys applied, NaN where an item has no answer."""


def listwise(items: Matrix) -> Matrix:
    """The people who answered every item."""
    return items[~np.isnan(items).any(axis=1)]


def cronbach_alpha(items: Matrix, confidence: float = CONFIDENCE) -> Estimate:
    """Cronbach's (1951) alpha of the people who answered every item, with Feldt's (1965) interval.

    1 − (1 − α)·F with F at (n − 1, (n − 1)(k − 1)) degrees of freedom. No value where there are fewer than two items
    or people, or where the sum of the items does not vary.
    """
    complete = listwise(items)
    n, k = complete.shape
    alpha = _alpha(np.cov(complete, rowvar=False)) if n > 1 and k > 1 else None
    params = {"items": k, "policy": "listwise"}
    estimate = Estimate(value=alpha, method="alpha_feldt", n_valid=n, confidence=confidence, params=params)
    if alpha is None:
        return estimate
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (1 - tail, tail))
    return msgspec.structs.replace(estimate, ci_low=low, ci_high=high)


def alpha_if_deleted(items: Matrix) -> list[float | None]:
    """Alpha of the other items, for each item in turn, over the people who answered every item."""
    complete = listwise(items)
    n, k = complete.shape
    if n < 2 or k < 3:
        return [None] * k
    covariance = np.cov(complete, rowvar=False)
    return [_alpha(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k)]


def item_rest_correlations(items: Matrix) -> list[float | None]:
    """Pearson's r of each item with the sum of the others (corrected), listwise; None where one is constant."""
    complete = listwise(items)
    n, k = complete.shape
    if n < 2 or k < 2:
        return [None] * k
    covariance = np.cov(complete, rowvar=False)
    total = covariance.sum()
    correlations: list[float | None] = []
    for i in range(k):
        own, with_all = covariance[i, i], covariance[i].sum()
        rest = total - 2 * with_all + own
        varies = own > _TINY and rest > _TINY
        correlations.append(float((with_all - own) / np.sqrt(own * rest)) if varies else None)
    return correlations


_TINY = 1e-12  # a variance below it is zero but for floating point


def _alpha(covariance: NDArray[np.float64]) -> float | None:
    k, total = len(covariance), float(covariance.sum())
    if total <= _TINY:
        return None
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)
