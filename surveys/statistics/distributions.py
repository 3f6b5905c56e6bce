"""The distributions that intervals and tests need, by scipy.special: scipy.stats would take longer to load than a
report of two hundred answers takes to make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import (
    bdtr,
    betainc,
    betaincinv,
    fdtr,
    fdtrc,
    fdtri,
    gammainc,
    gammaincinv,
    gammaln,
    nctdtr,
    ndtr,
    ndtri,
    stdtr,
    stdtrit,
    xlogy,
)

_TAIL = 8.0  # standard deviations of a Poisson weight beyond which nothing is left to add


def t_quantile(p: float, df: float) -> float:
    """Student's t."""
    return float(stdtrit(df, p))


def t_two_sided(statistic: float, df: float) -> float:
    """P(|T| ≥ |``statistic``|) of Student's t."""
    return float(2 * stdtr(df, -abs(statistic)))


def t_tail(statistic: float, df: float) -> float:
    """P(T > ``statistic``) of Student's t."""
    return float(stdtr(df, -statistic))


def noncentral_t(value: float, df: float, noncentrality: float) -> float:
    """P(T ≤ ``value``) of the noncentral t."""
    return float(nctdtr(df, noncentrality, value))


def normal_two_sided(statistic: float) -> float:
    """P(|Z| ≥ |``statistic``|) of the standard normal distribution."""
    return float(2 * ndtr(-abs(statistic)))


def normal_below(value: float) -> float:
    """P(Z ≤ ``value``) of the standard normal distribution."""
    return float(ndtr(value))


def normal_quantile(p: float) -> float:
    """The standard normal distribution."""
    return float(ndtri(p))


def f_quantile(p: float, df1: float, df2: float) -> float:
    """Fisher's F."""
    return float(fdtri(df1, df2, p))


def f_tail(value: float, df1: float, df2: float) -> float:
    """P(F > ``value``): the p of a test, accurate where it is tiny."""
    return float(fdtrc(df1, df2, value))


def fair_coins(most: int, n: int) -> float:
    """P(at most ``most`` of ``n`` fair coins show heads), 0 where ``most`` < 0."""
    return float(bdtr(most, n, 0.5)) if most >= 0 else 0.0


def clopper_pearson(successes: int, n: int, confidence: float) -> tuple[float, float]:
    """The exact interval of a binomial share (Clopper & Pearson 1934), by quantiles of the beta distribution."""
    tail = (1 - confidence) / 2
    low = float(betaincinv(successes, n - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return low, high


def binomial_probabilities(n: int, share: float) -> NDArray[np.float64]:
    """P(B = 0), …, P(B = n) of ``n`` draws with probability ``share``."""
    x = np.arange(n + 1)
    choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return np.asarray(np.exp(choose + xlogy(x, share) + xlogy(n - x, 1 - share)))


def no_likelier(probabilities: NDArray[np.float64], observed: int) -> float:
    """The two-sided p of a discrete test: all that is no likelier than what was ``observed``, ties by R's 1e-7."""
    return float(min(1.0, probabilities[probabilities <= probabilities[observed] * (1 + 1e-7)].sum()))


def poisson_bounds(events: int, confidence: float) -> tuple[float, float]:
    """The exact interval of a Poisson mean (Garwood 1936), by quantiles of the gamma distribution."""
    tail = (1 - confidence) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    return low, float(gammaincinv(events + 1, 1 - tail))


def poisson_upper_tail(events: int, mean: float) -> float:
    """P(at least ``events``) of a Poisson count."""
    return float(gammainc(events, mean)) if events else 1.0


def noncentral_f(value: float, df1: float, df2: float, noncentrality: float) -> float:
    """P(F ≤ ``value``) of the noncentral F: beta distributions weighted by a Poisson (Johnson, Kotz & Balakrishnan
    1995, ch. 30). Own, since scipy's gives NaN in places once thousands of people answered."""
    if noncentrality == 0:
        return float(fdtr(df1, df2, value))
    half = noncentrality / 2
    reach = _TAIL * np.sqrt(half) + 2 * _TAIL
    places = np.arange(np.floor(max(0.0, half - reach)), np.ceil(half + reach) + 1)
    weights = np.exp(xlogy(places, half) - half - gammaln(places + 1))
    return float(weights @ betainc(df1 / 2 + places, df2 / 2, df1 * value / (df1 * value + df2)))


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where the continuous ``function``, of opposite signs at ``low`` and ``high``, is zero, to ten digits.

    The Illinois variant of false position (Dowell & Jarratt 1971).
    """
    kept, at_kept, newest, at_newest = low, function(low), high, function(high)
    while at_newest != 0 and abs(newest - kept) > 1e-10 * max(1.0, abs(newest)):
        middle = newest - at_newest * (newest - kept) / (at_newest - at_kept)
        if middle == newest:
            break
        at_middle = function(middle)
        if (at_middle < 0) != (at_newest < 0):
            kept, at_kept = newest, at_newest
        else:
            at_kept /= 2
        newest, at_newest = middle, at_middle
    return newest
