"""Differences of proportions, of independent groups and of the same people before and after."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln

from surveys.statistics.distributions import (
    binomial_probabilities,
    clopper_pearson,
    fair_coins,
    no_likelier,
    normal_two_sided,
)
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.proportion import wilson

ENOUGH_EXPECTED = 5  # in every cell, for a normal test of the table


def newcombe_difference(first: tuple[int, int], second: tuple[int, int], confidence: float = CONFIDENCE) -> Estimate:
    """The difference of two independent shares, each (successes, n), by Newcombe's (1998b) method 10.

    params: ``p`` of the score test (Pearson's χ² without correction), or of Fisher's exact test where a cell expects
    fewer than five; ``test`` says which. No value where a group is empty.
    """
    (x1, n1), (x2, n2) = first, second
    params: dict[str, object] = {"n": [n1, n2], "successes": [x1, x2]}
    if not n1 or not n2:
        return Estimate(value=None, method="newcombe_difference", n_valid=n1 + n2, confidence=confidence, params=params)
    below1, above1, below2, above2 = _reaches(first, second, confidence)
    value = x1 / n1 - x2 / n2
    return Estimate(
        value=value,
        method="newcombe_difference",
        n_valid=n1 + n2,
        ci_low=max(-1.0, value - math.hypot(below1, above2)),
        ci_high=min(1.0, value + math.hypot(above1, below2)),
        confidence=confidence,
        params=params | _table_test(first, second),
    )


def newcombe_paired(
    both: int, only_first: int, only_second: int, neither: int, confidence: float = CONFIDENCE
) -> Estimate:
    """share(first) − share(second) of the same people by Newcombe's (1998c) method 10 for pairs.

    Wilson's intervals of both margins, joined by the correlation φ, which is corrected for continuity where positive.
    params carry ``p`` of McNemar's mid-p test. No value without pairs.
    """
    n = both + only_first + only_second + neither
    params: dict[str, object] = {"both": both, "only_first": only_first, "only_second": only_second, "neither": neither}
    if n == 0:
        return Estimate(value=None, method="newcombe_paired", n_valid=0, confidence=confidence, params=params)
    first, second = (both + only_first, n), (both + only_second, n)
    below1, above1, below2, above2 = _reaches(first, second, confidence)
    phi = _phi(both, only_first, only_second, neither)
    value = (only_first - only_second) / n
    return Estimate(
        value=value,
        method="newcombe_paired",
        n_valid=n,
        ci_low=max(-1.0, value - math.sqrt(max(0.0, below1**2 - 2 * phi * below1 * above2 + above2**2))),
        ci_high=min(1.0, value + math.sqrt(max(0.0, above1**2 - 2 * phi * above1 * below2 + below2**2))),
        confidence=confidence,
        params=params | {"phi": phi, "p": mcnemar(only_first, only_second, n).params["p_mid"]},
    )


def mcnemar(only_first: int, only_second: int, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """McNemar's (1947) test of the pairs that changed: odds of first-only against second-only, with exact interval.

    params: ``p_mid`` (Fagerland, Lydersen & Laake 2013; used here, since the exact test is needlessly cautious),
    ``p_exact`` (binomial, for a level that is never exceeded) and ``statistic`` with continuity correction.
    The value is None where no pair changed towards the second; a bound is None where it is infinite.
    """
    changed = only_first + only_second
    params: dict[str, object] = {"only_first": only_first, "only_second": only_second, "null": 1.0}
    if changed == 0:
        none = {"p_mid": 1.0, "p_exact": 1.0}
        return Estimate(value=None, method="mcnemar", n_valid=n, confidence=confidence, params=params | none)
    fewer = min(only_first, only_second)
    up_to, at = fair_coins(fewer, changed), float(binomial_probabilities(changed, 0.5)[fewer])
    low, high = clopper_pearson(only_first, changed, confidence)
    return Estimate(
        value=only_first / only_second if only_second else None,
        method="mcnemar",
        n_valid=n,
        ci_low=low / (1 - low),
        ci_high=high / (1 - high) if only_second else None,
        confidence=confidence,
        params=params
        | {
            "p_mid": min(1.0, 2 * up_to - at),
            "p_exact": min(1.0, 2 * up_to),
            "statistic": max(0, abs(only_first - only_second) - 1) ** 2 / changed,
        },
    )


def _reaches(first: tuple[int, int], second: tuple[int, int], confidence: float) -> tuple[float, float, float, float]:
    """How far Wilson's bounds lie below and above each share."""
    found = []
    for successes, n in (first, second):
        share = wilson(successes, n, confidence)
        found += [successes / n - (share.ci_low or 0.0), (share.ci_high or 0.0) - successes / n]
    return found[0], found[1], found[2], found[3]


def _phi(both: int, only_first: int, only_second: int, neither: int) -> float:
    n = both + only_first + only_second + neither
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins == 0:
        return 0.0
    excess: float = both * neither - only_first * only_second
    if excess > 0:
        excess = max(0.0, excess - n / 2)
    return excess / math.sqrt(margins)


def _table_test(first: tuple[int, int], second: tuple[int, int]) -> dict[str, object]:
    (x1, n1), (x2, n2) = first, second
    total, successes = n1 + n2, x1 + x2
    if successes in (0, total):
        return {"test": "none"}
    expected = min(n1, n2) * min(successes, total - successes) / total
    if expected < ENOUGH_EXPECTED:
        return {"test": "fisher", "p": fisher_exact(first, second)}
    pooled = successes / total
    statistic = (x1 / n1 - x2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return {"test": "score", "statistic": statistic, "p": normal_two_sided(statistic)}


def fisher_exact(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Fisher's two-sided p of two shares, each (successes, n): all tables no likelier than the one seen."""
    (x1, n1), (x2, n2) = first, second
    successes = x1 + x2
    lowest, highest = max(0, successes - n2), min(n1, successes)
    x = np.arange(lowest, highest + 1)

    def choose(n: int, k: np.ndarray) -> np.ndarray:
        return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    logs = choose(n1, x) + choose(n2, successes - x) - choose(n1 + n2, np.array(successes))
    return no_likelier(np.exp(logs), x1 - lowest)
