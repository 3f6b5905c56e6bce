"""Ratios: of geometric means (durations), of rates and of mean counts; first / second, 1 being no difference."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import (
    binomial_probabilities,
    clopper_pearson,
    no_likelier,
    normal_quantile,
    normal_two_sided,
    poisson_bounds,
)
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.means import Contrast, paired_contrast, welch_contrast

Values = NDArray[np.float64]


def geometric_mean_ratio(
    first: Values, second: Values, *, paired: bool = False, confidence: float = CONFIDENCE
) -> Estimate:
    """The ratio of geometric means: Welch's (or the paired) t of the logarithms, turned back (Bland & Altman 1996).

    Refused, with ``reason`` not_positive and without value, where a value is 0 or less.
    """
    n = len(first) if paired else len(first) + len(second)
    params: dict[str, object] = {"null": 1.0, "paired": paired}
    contrast = Contrast(None)
    if (first <= 0).any() or (second <= 0).any():
        params["reason"] = "not_positive"
    else:
        contrast = (paired_contrast if paired else welch_contrast)(np.log(first), np.log(second))
        params |= contrast.test() if paired else {"n": [len(first), len(second)], **contrast.test()}
    low, high = contrast.interval(confidence)
    return Estimate(
        value=None if contrast.difference is None else math.exp(contrast.difference),
        method="geometric_mean_ratio",
        n_valid=n,
        ci_low=None if low is None else math.exp(low),
        ci_high=None if high is None else math.exp(high),
        confidence=confidence,
        params=params,
    )


def poisson_rate(events: int, exposure: float, confidence: float = CONFIDENCE) -> Estimate:
    """``events`` per unit of ``exposure`` with Garwood's (1936) exact interval; no value without exposure.

    ``n_valid`` counts the events: they carry what is known.
    """
    if exposure <= 0:
        return Estimate(value=None, method="poisson_rate", n_valid=events, confidence=confidence)
    low, high = poisson_bounds(events, confidence)
    return Estimate(
        value=events / exposure,
        method="poisson_rate",
        n_valid=events,
        ci_low=low / exposure,
        ci_high=high / exposure,
        confidence=confidence,
        params={"events": events, "exposure": exposure},
    )


def poisson_rate_ratio(first: tuple[int, float], second: tuple[int, float], confidence: float = CONFIDENCE) -> Estimate:
    """The ratio of two rates, each (events, exposure), exactly by the binomial of the first among all events.

    Przyborowski & Wilenski (1940); the interval turns Clopper & Pearson's into odds. It takes events to fall
    independently; where they come in bunches use ``mean_count_ratio``. No value where ``second`` has no event.
    """
    (x1, t1), (x2, t2) = first, second
    total, value, low, high = x1 + x2, None, None, None
    params: dict[str, object] = {"null": 1.0, "events": [x1, x2], "exposure": [t1, t2]}
    if total and t1 > 0 and t2 > 0:
        bounds = clopper_pearson(x1, total, confidence)
        low = bounds[0] / (1 - bounds[0]) * t2 / t1
        high = bounds[1] / (1 - bounds[1]) * t2 / t1 if x2 else None
        value = x1 / t1 / (x2 / t2) if x2 else None
        params["p"] = no_likelier(binomial_probabilities(total, t1 / (t1 + t2)), x1)
    return Estimate(
        value=value,
        method="poisson_rate_ratio",
        n_valid=total,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=params,
    )


def mean_count_ratio(
    first: Values, second: Values, *, paired: bool = False, confidence: float = CONFIDENCE
) -> Estimate:
    """The ratio of two mean counts with an interval on the log scale that lets counts vary as they do.

    var(log ratio) = s₁²/(n₁x̄₁²) + s₂²/(n₂x̄₂²), for pairs less 2 s₁₂/(n x̄₁x̄₂): the delta method, equal to Poisson
    regression with a sandwich variance (Zou 2004), hence right for overdispersed counts too. params carry the
    dispersions s²/x̄ (1 for a Poisson). Normal; no value where a mean is 0.
    """
    n1, n2 = len(first), len(second)
    if paired and n1 != n2:
        raise ValueError(f"{n1} and {n2} values are no pairs")
    params: dict[str, object] = {"null": 1.0, "n": [n1, n2], "paired": paired}
    n = n1 if paired else n1 + n2
    if n1 < 2 or n2 < 2 or first.mean() <= 0 or second.mean() <= 0:
        return Estimate(value=None, method="mean_count_ratio", n_valid=n, confidence=confidence, params=params)
    means, variances = (first.mean(), second.mean()), (first.var(ddof=1), second.var(ddof=1))
    variance = float(variances[0] / (n1 * means[0] ** 2) + variances[1] / (n2 * means[1] ** 2))
    if paired:
        variance -= 2 * float(np.cov(first, second)[0, 1] / (n1 * means[0] * means[1]))
    log, error = math.log(means[0] / means[1]), math.sqrt(max(0.0, variance))
    params["dispersion"] = [float(v / m) for v, m in zip(variances, means, strict=True)]
    low = high = None
    if error > 0:
        margin = normal_quantile(0.5 + confidence / 2) * error
        low, high = math.exp(log - margin), math.exp(log + margin)
        params |= {"statistic": log / error, "p": normal_two_sided(log / error)}
    return Estimate(
        value=math.exp(log),
        method="mean_count_ratio",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=params,
    )
