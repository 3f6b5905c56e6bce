"""Differences of means and their size: Welch's t, paired t, one mean against a target, Hedges' g, equivalence.

Everywhere the difference is first − second; give what is new first, and a rise is positive.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from surveys.statistics.distributions import noncentral_t, root, t_quantile, t_tail, t_two_sided
from surveys.statistics.estimate import CONFIDENCE, Estimate

Values = NDArray[np.float64]
_NO_SPREAD = 1e-12  # relative to the values; below it a standard error is floating-point dust


class Contrast(NamedTuple):
    """A difference with its standard error at ``df`` degrees of freedom; no error where it cannot be known."""

    difference: float | None
    error: float | None = None
    df: float | None = None

    def interval(self, confidence: float) -> tuple[float | None, float | None]:
        if self.difference is None or self.error is None or self.df is None:
            return None, None
        margin = t_quantile(0.5 + confidence / 2, self.df) * self.error
        return self.difference - margin, self.difference + margin

    def test(self, null: float = 0.0) -> dict[str, float]:
        """Student's t against ``null``, for an Estimate's params: statistic, df and the two-sided p."""
        if self.difference is None or self.error is None or self.df is None:
            return {}
        statistic = (self.difference - null) / self.error
        return {"statistic": statistic, "df": self.df, "p": t_two_sided(statistic, self.df)}


def welch_contrast(first: Values, second: Values) -> Contrast:
    """The difference of two means with Welch's (1938, 1947) standard error and Satterthwaite's degrees of freedom."""
    if not len(first) or not len(second):
        return Contrast(None)
    difference = float(first.mean() - second.mean())
    if len(first) < 2 or len(second) < 2:
        return Contrast(difference)
    parts = [float(values.var(ddof=1)) / len(values) for values in (first, second)]
    error = math.sqrt(sum(parts))
    if error <= _NO_SPREAD * max(1e-300, abs(first.mean()), abs(second.mean())):
        return Contrast(difference)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    return Contrast(difference, error, df)


def paired_contrast(first: Values, second: Values) -> Contrast:
    """The mean of first − second, pair by pair, with its standard error at pairs − 1 degrees of freedom."""
    differences = pairs(first, second)
    n = len(differences)
    if n == 0:
        return Contrast(None)
    difference = float(differences.mean())
    error = float(differences.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
    if error <= _NO_SPREAD * max(1e-300, float(np.abs(first).max()), float(np.abs(second).max())):
        return Contrast(difference)
    return Contrast(difference, error, n - 1.0)


def pairs(first: Values, second: Values) -> Values:
    """first − second, place by place; ValueError where they are not of one length."""
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values are no pairs")
    return np.asarray(first - second, dtype=np.float64)


def welch_t(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """mean(first) − mean(second) of independent groups, variances not assumed equal (Welch 1938, 1947).

    No interval where a group has fewer than two values or neither varies; no value where one is empty.
    """
    contrast = welch_contrast(first, second)
    low, high = contrast.interval(confidence)
    return Estimate(
        value=contrast.difference,
        method="welch_t",
        n_valid=len(first) + len(second),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"n": [len(first), len(second)], **contrast.test()},
    )


def paired_t(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The mean change first − second of the same people (Student 1908); ``n_valid`` counts pairs.

    params hold ``dz``, the mean change in standard deviations of the changes. No interval where changes do not vary.
    """
    contrast = paired_contrast(first, second)
    low, high = contrast.interval(confidence)
    size = {"dz": contrast.test()["statistic"] / math.sqrt(len(first))} if contrast.error else {}
    return Estimate(
        value=contrast.difference,
        method="paired_t",
        n_valid=len(first),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={**contrast.test(), **size},
    )


def mean_against(values: Values, target: float, confidence: float = CONFIDENCE) -> Estimate:
    """The mean with Student's interval, tested against ``target``: params ``p``, ``p_greater``, ``p_less``."""
    contrast = paired_contrast(values, np.zeros(len(values)))
    low, high = contrast.interval(confidence)
    test = contrast.test(target)
    sides = {}
    if test:
        above = t_tail(test["statistic"], test["df"])
        sides = {"p_greater": above, "p_less": t_tail(-test["statistic"], test["df"])}
    return Estimate(
        value=contrast.difference,
        method="mean_against",
        n_valid=len(values),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"against": target, **test, **sides},
    )


def equivalence(
    first: Values,
    second: Values,
    low: float | None,
    high: float | None,
    *,
    paired: bool = False,
    alpha: float = 0.05,
) -> Estimate:
    """Two one-sided t tests (Schuirmann 1987): does the difference lie between the margins ``low`` and ``high``?

    With one margin None it is the test of no harm. The interval holds 1 − 2·alpha, and lies within the margins just
    where ``params.p`` (the larger of the two) is below alpha; ``params.within`` says whether it does.
    """
    if low is None and high is None:
        raise ValueError("equivalence needs a margin")
    contrast = (paired_contrast if paired else welch_contrast)(first, second)
    bounds = contrast.interval(1 - 2 * alpha)
    params: dict[str, object] = {"low": low, "high": high, "alpha": alpha, "paired": paired}
    if contrast.difference is not None and contrast.error is not None and contrast.df is not None:
        one_sided = [
            t_tail(side * (contrast.difference - margin) / contrast.error, contrast.df)
            for margin, side in ((low, 1), (high, -1))
            if margin is not None
        ]
        params |= {"df": contrast.df, "p": max(one_sided), "within": max(one_sided) < alpha}
    return Estimate(
        value=contrast.difference,
        method="equivalence",
        n_valid=len(first) if paired else len(first) + len(second),
        ci_low=bounds[0],
        ci_high=bounds[1],
        confidence=1 - 2 * alpha,
        params=params,
    )


def hedges_g(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The difference of means in pooled standard deviations, corrected for small samples (Hedges 1981).

    Interval by the noncentral t distribution (Steiger & Fouladi 1997), corrected alike. None without any spread.
    """
    n1, n2 = len(first), len(second)
    df = n1 + n2 - 2
    pooled = math.sqrt((_squares(first) + _squares(second)) / df) if n1 > 1 and n2 > 1 else 0.0
    value = low = high = None
    if pooled > 0:
        correction, per_t = small_sample_correction(df), math.sqrt(1 / n1 + 1 / n2)
        d = float(first.mean() - second.mean()) / pooled
        value = correction * d
        low, high = (correction * per_t * each for each in noncentrality_interval(d / per_t, df, confidence))
    return Estimate(
        value=value,
        method="hedges_g",
        n_valid=n1 + n2,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"n": [n1, n2]},
    )


def hedges_g_paired(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The mean change in standard deviations of the values (root mean square of both times), not of the changes.

    So it can be read beside ``hedges_g``. Interval by the noncentral t of the paired test (Algina & Keselman 2003).
    """
    differences = pairs(first, second)
    n = len(differences)
    value = low = high = None
    if n > 1 and (spread := math.sqrt(float(first.var(ddof=1) + second.var(ddof=1)) / 2)) > 0:
        correction = small_sample_correction(n - 1)
        value = correction * float(differences.mean()) / spread
        error = float(differences.std(ddof=1)) / math.sqrt(n)
        if error > 0:
            bounds = noncentrality_interval(float(differences.mean()) / error, n - 1, confidence)
            low, high = (correction * each * error / spread for each in bounds)
    return Estimate(value=value, method="hedges_g_paired", n_valid=n, ci_low=low, ci_high=high, confidence=confidence)


def small_sample_correction(df: float) -> float:
    """Hedges' (1981) J: Γ(df/2) / (√(df/2) · Γ((df − 1)/2)), exact; 0 where df < 2."""
    if df < 2:
        return 0.0
    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2))


def noncentrality_interval(statistic: float, df: float, confidence: float) -> tuple[float, float]:
    """The noncentralities at which the observed t is the upper and the lower tail quantile."""
    tail = (1 - confidence) / 2

    def excess(p: float) -> Callable[[float], float]:
        return lambda noncentrality: noncentral_t(statistic, df, noncentrality) - p

    reach = 2 * abs(statistic) / math.sqrt(max(1.0, df)) + 6.0
    bounds = []
    for p in (1 - tail, tail):
        low, high = statistic - reach, statistic + reach
        while excess(p)(low) < 0:
            low -= reach
        while excess(p)(high) > 0:
            high += reach
        bounds.append(root(excess(p), low, high))
    return bounds[0], bounds[1]


def _squares(values: Values) -> float:
    return float(((values - values.mean()) ** 2).sum())
