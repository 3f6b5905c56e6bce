"""Comparisons by order alone: Mann–Whitney, Wilcoxon, their Hodges–Lehmann shifts, Cliff's delta."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile, normal_two_sided, t_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.means import pairs
from surveys.statistics.pair_sums import PairSums, lower_tail, rank_sum_counts, signed_rank_counts, tie_sum

Values = NDArray[np.float64]
EXACT = 50  # below it, and without ties, distributions are counted out, as R does


def mann_whitney(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """Hodges & Lehmann's (1963) shift, the median of all first − second, with Mann & Whitney's (1947) test.

    Exact below 50 values each without ties, else normal with correction for ties and continuity; the interval is made
    of the order statistics of the differences that the test does not reject (Hollander & Wolfe 1999, §4.3).
    """
    m, n = len(first), len(second)
    if not m or not n:
        return Estimate(value=None, method="mann_whitney", n_valid=m + n, confidence=confidence)
    statistic = _wins(first, second)
    both = np.concatenate([first, second])
    exact = m < EXACT and n < EXACT and tie_sum(both) == 0
    variance = _rank_sum_variance(m, n, tie_sum(both))
    shifts = PairSums(first, -second)
    p: float | None
    if exact:
        below = lower_tail(rank_sum_counts(m, n))
        p, rank = _exact_p(below, statistic, m * n), _exact_rank(below, confidence)
    else:
        p = _normal_p(statistic - m * n / 2, variance)
        rank = _normal_rank(m * n, _rank_sum_variance(m, n, tie_sum(first) + tie_sum(second)), confidence)
    low, high = _order_interval(shifts, rank)
    return Estimate(
        value=shifts.median(),
        method="mann_whitney",
        n_valid=m + n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"n": [m, n], "u": statistic, "p": p, "exact": exact},
    )


def wilcoxon_signed_rank(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The pseudomedian of the changes first − second (median of all means of two) with Wilcoxon's (1945) test.

    Pairs without change leave the test but stay in the estimate (Hollander & Wolfe 1999, §3.1–3.3). Exact below 50
    pairs without ties and zeros, else normal with correction for ties and continuity.
    """
    changes = pairs(first, second)
    n = len(changes)
    if n == 0:
        return Estimate(value=None, method="wilcoxon_signed_rank", n_valid=0, confidence=confidence)
    changed = changes[changes != 0]
    statistic, ties = _positive_ranks(changed), tie_sum(np.abs(changed))
    exact = n < EXACT and ties == 0 and len(changed) == n
    walsh = PairSums(changes / 2)
    p: float | None
    if exact:
        below = lower_tail(signed_rank_counts(n))
        p, rank = _exact_p(below, statistic, walsh.size), _exact_rank(below, confidence)
    else:
        m = len(changed)
        p = _normal_p(statistic - m * (m + 1) / 4, m * (m + 1) * (2 * m + 1) / 24 - ties / 48)
        spread = n * (n + 1) * (2 * n + 1) / 24 - tie_sum(changes) / 48
        rank = _normal_rank(walsh.size, spread, confidence)
    low, high = _order_interval(walsh, rank)
    return Estimate(
        value=walsh.median(),
        method="wilcoxon_signed_rank",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"v": statistic, "p": p, "exact": exact, "unchanged": n - len(changed)},
    )


def cliffs_delta(first: Values, second: Values, confidence: float = CONFIDENCE) -> Estimate:
    """P(first > second) − P(first < second) over all pairs, −1 to 1 (Cliff 1993).

    Interval: Cliff's consistent variance in Feng & Cliff's (2004) asymmetric form with t(m + n − 2); where the groups
    do not overlap at all (q − z²)/(q + z²) for the smaller q, theirs too. None where a group has fewer than two values.
    """
    m, n = len(first), len(second)
    params = {"n": [m, n]}
    if m < 2 or n < 2:
        return Estimate(value=None, method="cliffs_delta", n_valid=m + n, confidence=confidence, params=params)
    by_first, by_second = _dominance(first, second), -_dominance(second, first)
    delta = float(by_first.mean())
    quantile = t_quantile(0.5 + confidence / 2, m + n - 2)
    if abs(delta) == 1:
        inner = (min(m, n) - quantile**2) / (min(m, n) + quantile**2)
        low, high = sorted((delta, delta * inner))
    else:
        variance = _delta_variance(by_first, by_second, delta, _untied(first, second))
        reach = quantile * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + quantile**2 * variance)
        scale = 1 - delta**2 + quantile**2 * variance
        low, high = ((delta - delta**3 + side * reach) / scale for side in (-1, 1))
    return Estimate(
        value=delta,
        method="cliffs_delta",
        n_valid=m + n,
        ci_low=max(-1.0, low),
        ci_high=min(1.0, high),
        confidence=confidence,
        params=params,
    )


def _dominance(first: Values, second: Values) -> Values:
    """For each of ``first`` the share of ``second`` below it minus the share above it."""
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, side="left")
    above = len(ordered) - np.searchsorted(ordered, first, side="right")
    return np.asarray((below - above) / len(ordered))


def _untied(first: Values, second: Values) -> int:
    ordered = np.sort(second)
    tied = np.searchsorted(ordered, first, side="right") - np.searchsorted(ordered, first, side="left")
    return len(first) * len(second) - int(tied.sum())


def _delta_variance(by_first: Values, by_second: Values, delta: float, untied: int) -> float:
    """Cliff's (1993) unbiased variance, not below what it can be at least."""
    m, n = len(by_first), len(by_second)
    rows, columns = float(((by_first - delta) ** 2).sum()), float(((by_second - delta) ** 2).sum())
    cells = untied - m * n * delta**2
    variance = (n**2 * rows + m**2 * columns - cells) / (m * n * (m - 1) * (n - 1))
    return max(variance, (1 - delta**2) / (m * n - 1))


def _wins(first: Values, second: Values) -> float:
    """Pairs in which the first is larger, ties half."""
    ordered = np.sort(second)
    at_most = np.searchsorted(ordered, first, side="right").sum()
    return float(np.searchsorted(ordered, first, side="left").sum() + at_most) / 2


def _positive_ranks(changed: Values) -> float:
    """The sum of the ranks, by size, of the changes upwards; ties share their mean rank."""
    _, places, sizes = np.unique(np.abs(changed), return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(sizes) - (sizes - 1) / 2
    return float(mean_ranks[places][changed > 0].sum())


def _rank_sum_variance(m: int, n: int, ties: float) -> float:
    total = m + n
    return m * n / 12 * (total + 1 - ties / (total * (total - 1)))


def _exact_p(below: Callable[[int], float], statistic: float, most: int) -> float:
    """Two-sided: twice the smaller tail of a distribution that is symmetric from 0 to ``most``."""
    return min(1.0, 2 * below(int(min(statistic, most - statistic))))


def _exact_rank(below: Callable[[int], float], confidence: float) -> int:
    """The largest r with P(statistic < r) ≤ α/2: the interval runs between the r-th values from both ends."""
    tail, rank = (1 - confidence) / 2, 0
    while below(rank) <= tail:
        rank += 1
    return rank


def _normal_p(excess: float, variance: float) -> float | None:
    if variance <= 0:
        return None
    return min(1.0, normal_two_sided(max(0.0, abs(excess) - 0.5) / math.sqrt(variance)))


def _normal_rank(size: int, variance: float, confidence: float) -> int:
    if variance <= 0:
        return 0
    return size - math.floor(size / 2 + 0.5 + normal_quantile(0.5 + confidence / 2) * math.sqrt(variance))


def _order_interval(sums: PairSums, rank: int) -> tuple[float | None, float | None]:
    """Between the ``rank``-th values from both ends; none where so few values cannot hold the confidence."""
    if rank < 1:
        return None, None
    return sums.smallest(rank), sums.smallest(sums.size + 1 - rank)
