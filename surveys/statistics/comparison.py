"""Differences between groups: Welch's analysis of variance, and adjustments for several tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from surveys.statistics.distributions import f_tail, noncentral_f, root
from surveys.statistics.estimate import CONFIDENCE, Estimate


class GroupMoments(msgspec.Struct, frozen=True):
    """What Welch's test needs of one group: n, mean and variance (divisor n − 1)."""

    n: int
    mean: float
    variance: float


class WelchTest(msgspec.Struct, frozen=True, kw_only=True):
    """F at ``df`` degrees of freedom, its p, and omega squared."""

    statistic: float
    df: tuple[float, float]
    p: float
    effect: Estimate


def welch_anova(groups: Sequence[GroupMoments], confidence: float = CONFIDENCE) -> WelchTest | None:
    """Welch's (1951) test that all means are equal, variances unequal.

    None where it cannot be computed: fewer than two groups, a group of fewer than two people or without any variance.
    """
    if len(groups) < 2 or any(group.n < 2 or group.variance <= 1e-12 for group in groups):
        return None
    k = len(groups)
    n, means, variances = (
        np.array(column, dtype=float) for column in zip(*map(msgspec.structs.astuple, groups), strict=True)
    )
    weights = n / variances
    shares = weights / weights.sum()
    spread = float(weights @ (means - shares @ means) ** 2) / (k - 1)
    uncertainty = float(((1 - shares) ** 2 / (n - 1)).sum())
    statistic = spread / (1 + 2 * (k - 2) / (k**2 - 1) * uncertainty)
    df = (k - 1.0, (k**2 - 1) / (3 * uncertainty))
    effect = omega_squared(statistic, df, int(n.sum()), confidence)
    return WelchTest(statistic=statistic, df=df, p=f_tail(statistic, *df), effect=effect)


def omega_squared(statistic: float, df: tuple[float, float], n: int, confidence: float = CONFIDENCE) -> Estimate:
    """The share of variance that lies between groups: df1·(F − 1) / (df1·(F − 1) + n), at least 0 (Kirk 1996).

    The interval inverts the noncentral F distribution (Steiger 2004): λ / (λ + n) at its bounds.
    """
    excess = df[0] * (statistic - 1)
    tail = (1 - confidence) / 2
    low, high = (_noncentrality(statistic, df, p) for p in (1 - tail, tail))
    return Estimate(
        value=max(0.0, excess / (excess + n)),
        method="omega_squared",
        n_valid=n,
        ci_low=low / (low + n),
        ci_high=high / (high + n),
        confidence=confidence,
        params={"f": statistic, "df1": df[0], "df2": df[1]},
    )


def _noncentrality(statistic: float, df: tuple[float, float], p: float) -> float:
    """The noncentrality at which the observed F is the ``p`` quantile, or 0 where even the central F lies below it."""
    if noncentral_f(statistic, *df, 0.0) <= p:
        return 0.0
    upper = max(1.0, df[0] * statistic)
    while noncentral_f(statistic, *df, upper) > p:
        upper *= 2
    return root(lambda noncentrality: noncentral_f(statistic, *df, noncentrality) - p, 0.0, upper)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm's (1979) step-down adjustment over the family of the tests that could be computed."""
    family = sorted((p, place) for place, p in enumerate(p_values) if p is not None and math.isfinite(p))
    adjusted: list[float | None] = [None] * len(p_values)
    so_far = 0.0
    for rank, (p, place) in enumerate(family):
        so_far = max(so_far, min(1.0, (len(family) - rank) * p))
        adjusted[place] = so_far
    return adjusted


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini & Hochberg's (1995) step-up adjustment, for exploratory families: it limits the share of false ones."""
    computed = [(p, place) for place, p in enumerate(p_values) if p is not None and math.isfinite(p)]
    family = sorted(computed, reverse=True)
    adjusted: list[float | None] = [None] * len(p_values)
    so_far = 1.0
    for passed, (p, place) in enumerate(family):
        so_far = min(so_far, p * len(family) / (len(family) - passed))
        adjusted[place] = so_far
    return adjusted
