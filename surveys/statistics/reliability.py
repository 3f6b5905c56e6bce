"""How well the items of a scale belong together: Cronbach's alpha, KR-20, item–rest correlations, McDonald's omega."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import f_quantile, normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.factor import OneFactor, one_factor
from surveys.statistics.moments import CrossMoments, Matrix, cross_moments, listwise

__all__ = [
    "Matrix",
    "Reliability",
    "alpha_if_deleted",
    "cronbach_alpha",
    "item_rest_correlations",
    "kr20",
    "kr21",
    "listwise",
    "omega_total",
    "reliability",
]

_TINY = 1e-12  # a variance below it is zero but for floating point


class Reliability(msgspec.Struct, frozen=True, kw_only=True):
    """A scale's reliability table; the lists follow its items."""

    alpha: Estimate
    omega: Estimate
    means: list[float | None]
    standard_deviations: list[float | None]
    item_rest: list[float | None]
    alpha_if_deleted: list[float | None]


def reliability(items: Matrix | CrossMoments) -> Reliability:
    """Everything about a scale from one pass over its people × items (or from moments already at hand)."""
    moments = items if isinstance(items, CrossMoments) else cross_moments(items)
    nothing: list[float | None] = [None] * len(moments.mean)
    return Reliability(
        alpha=cronbach_alpha(moments),
        omega=omega_total(moments),
        means=[*moments.mean.tolist()] if moments.n else nothing,
        standard_deviations=[*np.sqrt(np.diag(moments.covariance)).tolist()] if moments.n > 1 else nothing,
        item_rest=item_rest_correlations(moments),
        alpha_if_deleted=alpha_if_deleted(moments),
    )


def cronbach_alpha(items: Matrix | CrossMoments, confidence: float = CONFIDENCE) -> Estimate:
    """Cronbach's (1951) alpha of the people who answered every item, with Feldt's (1965) interval.

    1 − (1 − α)·F with F at (n − 1, (n − 1)(k − 1)) degrees of freedom. No value where there are fewer than two items
    or people, or where the sum of the items does not vary.
    """
    moments = _moments(items)
    n, k = moments.n, len(moments.mean)
    alpha = _alpha(moments.covariance) if n > 1 and k > 1 else None
    params = {"items": k, "policy": "listwise"}
    estimate = Estimate(value=alpha, method="alpha_feldt", n_valid=n, confidence=confidence, params=params)
    if alpha is None:
        return estimate
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (1 - tail, tail))
    return msgspec.structs.replace(estimate, ci_low=low, ci_high=high)


def kr20(items: Matrix, confidence: float = CONFIDENCE) -> Estimate:
    """Kuder & Richardson's (1937) formula 20: alpha of items that are right (1) or wrong (0), same interval.

    Raises ValueError for other marks.
    """
    _dichotomous(items)
    estimate = cronbach_alpha(items, confidence)
    return msgspec.structs.replace(estimate, params={**estimate.params, "formula": "KR-20"})


def kr21(items: Matrix) -> float | None:
    """Kuder & Richardson's formula 21, k/(k − 1)·(1 − M(k − M)/(k s²)), s² with divisor n as p·q has it.

    KR-20 if all items were equally hard, and never above it. None where the sum does not vary. Raises ValueError for
    marks other than 0 and 1.
    """
    _dichotomous(items)
    totals = listwise(items).sum(axis=1)
    n, k = len(totals), items.shape[1]
    if n < 2 or k < 2 or (variance := float(totals.var())) <= _TINY:
        return None
    mean = float(totals.mean())
    return float(k / (k - 1) * (1 - mean * (k - mean) / (k * variance)))


def alpha_if_deleted(items: Matrix | CrossMoments) -> list[float | None]:
    """Alpha of the other items, for each item in turn, over the people who answered every item."""
    moments = _moments(items)
    k = len(moments.mean)
    if moments.n < 2 or k < 3:
        return [None] * k
    covariance = moments.covariance
    return [_alpha(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k)]


def item_rest_correlations(items: Matrix | CrossMoments) -> list[float | None]:
    """Pearson's r of each item with the sum of the others (corrected), listwise; None where one is constant."""
    moments = _moments(items)
    k = len(moments.mean)
    if moments.n < 2 or k < 2:
        return [None] * k
    covariance = moments.covariance
    total = covariance.sum()
    correlations: list[float | None] = []
    for i in range(k):
        own, with_all = covariance[i, i], covariance[i].sum()
        rest = total - 2 * with_all + own
        varies = own > _TINY and rest > _TINY
        correlations.append(float((with_all - own) / np.sqrt(own * rest)) if varies else None)
    return correlations


def omega_total(items: Matrix | CrossMoments, confidence: float = CONFIDENCE) -> Estimate:
    """McDonald's (1999) omega, (Σλ)² / ((Σλ)² + Σψ), of a one-factor model fitted by maximum likelihood, listwise.

    Interval: value ± z·SE by the delta method from the expected information (Raykov 2002), cut at 0 and 1. No value
    for fewer than three items (no such model is identified), fewer people than items + 1, a constant item or a fit that
    does not converge; no interval where a unique variance ends at its bound (Heywood case, ``params.heywood``).
    """
    moments = _moments(items)
    n, k = moments.n, len(moments.mean)
    fit = one_factor(moments.covariance) if k > 2 and n > k else None
    params: dict[str, object] = {"items": k, "policy": "listwise", "estimator": "ml"}
    if fit is None:
        return Estimate(value=None, method="omega_total", n_valid=n, confidence=confidence, params=params)
    common, unique = float(fit.loadings.sum()) ** 2, float(fit.uniquenesses.sum())
    omega = common / (common + unique)
    params |= {"loadings": fit.standardised.tolist(), "heywood": fit.heywood}
    estimate = Estimate(value=omega, method="omega_total", n_valid=n, confidence=confidence, params=params)
    error = None if fit.heywood else _omega_error(fit, n)
    if error is None:
        return estimate
    margin = normal_quantile(0.5 + confidence / 2) * error
    return msgspec.structs.replace(estimate, ci_low=max(0.0, omega - margin), ci_high=min(1.0, omega + margin))


def _omega_error(fit: OneFactor, n: int) -> float | None:
    """Standard error by the delta method; None where the information is singular."""
    total, unique = float(fit.loadings.sum()), float(fit.uniquenesses.sum())
    whole = (total**2 + unique) ** 2
    k = len(fit.loadings)
    gradient = np.concatenate([np.full(k, 2 * total * unique / whole), np.full(k, -(total**2) / whole)])
    try:
        variance = float(gradient @ np.linalg.solve(fit.information(n), gradient))
    except np.linalg.LinAlgError:
        return None
    return math.sqrt(variance) if variance > 0 else None


def _moments(items: Matrix | CrossMoments) -> CrossMoments:
    return items if isinstance(items, CrossMoments) else cross_moments(items)


def _dichotomous(items: Matrix) -> None:
    if not np.all((items == 0) | (items == 1) | np.isnan(items)):
        raise ValueError("the Kuder–Richardson formulas need marks of 0 and 1")


def _alpha(covariance: NDArray[np.float64]) -> float | None:
    k, total = len(covariance), float(covariance.sum())
    if total <= _TINY:
        return None
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)
