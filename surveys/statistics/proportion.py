"""Proportions: Wilson's score interval, top-2-box, response rates."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import (
    binomial_probabilities,
    clopper_pearson,
    no_likelier,
    normal_quantile,
)
from surveys.statistics.estimate import CONFIDENCE, Estimate


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """``successes`` of ``n`` as a share 0–1 with Wilson's (1927) score interval; no value where n = 0."""
    params = {"successes": successes}
    if n == 0:
        return Estimate(value=None, method="wilson", n_valid=0, confidence=confidence, params=params)
    share, z = successes / n, normal_quantile(0.5 + confidence / 2)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    margin = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / (1 + z**2 / n)
    # At 0 and n the bound is exactly 0 or 1; floating point misses it by an ulp.
    return Estimate(
        value=share,
        method="wilson",
        n_valid=n,
        ci_low=0.0 if successes == 0 else centre - margin,
        ci_high=1.0 if successes == n else centre + margin,
        confidence=confidence,
        params=params,
    )


def binomial_exact(successes: int, n: int, share: float, confidence: float = CONFIDENCE) -> Estimate:
    """``successes`` of ``n`` with Clopper & Pearson's (1934) interval, tested exactly against ``share``.

    params ``p`` is two-sided (all outcomes no likelier than this one), ``p_greater`` and ``p_less`` one-sided.
    """
    if n == 0:
        return Estimate(value=None, method="binomial_exact", n_valid=0, confidence=confidence)
    probabilities = binomial_probabilities(n, share)
    low, high = clopper_pearson(successes, n, confidence)
    return Estimate(
        value=successes / n,
        method="binomial_exact",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={
            "successes": successes,
            "against": share,
            "p": no_likelier(probabilities, successes),
            "p_greater": float(min(1.0, probabilities[successes:].sum())),
            "p_less": float(min(1.0, probabilities[: successes + 1].sum())),
        },
    )


def top_two_box(values: NDArray[np.float64], high: int, confidence: float = CONFIDENCE) -> Estimate:
    """The share of answers among the two highest options of an answer scale that ends at ``high``."""
    successes = int(np.count_nonzero(values >= high - 1))
    estimate = wilson(successes, len(values), confidence)
    estimate.params["box"] = [high - 1, high]
    return estimate


def response_rate(responded: int, invited: int) -> Estimate:
    """``responded`` of ``invited``. Everybody invited was counted, none was sampled: there is no interval to give."""
    possible = invited > 0 and responded <= invited
    return Estimate(
        value=responded / invited if possible else None,
        method="response_rate",
        n_valid=invited,
        params={"responded": responded},
    )
