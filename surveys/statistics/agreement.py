"""Do raters agree: weighted kappa for categories in order, intraclass correlation for scores."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import f_quantile, normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.moments import Matrix, listwise

Weights = Literal["none", "linear", "quadratic"]
Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
"""Shrout and Fleiss' names: each subject has raters of its own (1), raters are a sample (2) or all there are (3); one
rater's score (1) or the mean of all k."""


def weighted_kappa(counts: NDArray[np.int64], weights: Weights = "linear", confidence: float = CONFIDENCE) -> Estimate:
    """Cohen's (1968) kappa of two raters' square table of counts, categories in order.

    Agreement weights 1 − |i − j| / (c − 1), its square for quadratic ones. Interval value ± z·SE (Fleiss, Cohen &
    Everitt 1969). No value where chance alone would agree always. Raises ValueError for a table that is not square.
    """
    c = len(counts)
    if counts.shape != (c, c):
        raise ValueError("raters who agree use the same categories: the table must be square")
    n = int(counts.sum())
    apart = np.abs(np.subtract.outer(np.arange(c), np.arange(c))) / max(1, c - 1)
    agreement = 1 - {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]
    value = low = high = None
    params: dict[str, object] = {"weights": weights}
    if n:
        shares = counts / n
        first, second = shares.sum(axis=1), shares.sum(axis=0)
        observed, chance = float((agreement * shares).sum()), float(first @ agreement @ second)
        if 1 - chance > 1e-12:
            value = (observed - chance) / (1 - chance)
            by_margins = (agreement @ second)[:, None] + (first @ agreement)[None, :]
            spread = float((shares * (agreement - by_margins * (1 - value)) ** 2).sum())
            variance = (spread - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
            error = math.sqrt(max(0.0, variance))
            margin = normal_quantile(0.5 + confidence / 2) * error
            low, high = max(-1.0, value - margin), min(1.0, value + margin)
            params |= {"observed": observed, "chance": chance, "standard_error": error}
    return Estimate(
        value=value,
        method="weighted_kappa",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=params,
    )


def rating_table(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[list[float], NDArray[np.int64]]:
    """The categories that either rater used, in order, and the counts of the objects that both rated."""
    both = ~(np.isnan(first) | np.isnan(second))
    categories, places = np.unique(np.concatenate([first[both], second[both]]), return_inverse=True)
    counts = np.zeros((len(categories), len(categories)), dtype=np.int64)
    np.add.at(counts, (places[: both.sum()], places[both.sum() :]), 1)
    return categories.tolist(), counts


def intraclass_correlation(scores: Matrix, form: Form = "2,1", confidence: float = CONFIDENCE) -> Estimate:
    """ICC of subjects × raters (NaN: not rated; listwise) from the mean squares of the analysis of variance.

    Shrout & Fleiss (1979), intervals as there and in McGraw & Wong (1996). No value for fewer than two subjects or
    raters, or where nothing varies. May be negative: raters agree less than by chance.
    """
    table = listwise(scores)
    n, k = table.shape
    ratio = _Ratio(table, form) if n > 1 and k > 1 else None
    value = None if ratio is None else ratio.value(ratio.single)
    low = high = None
    if ratio is not None and value is not None:
        tail = (1 - confidence) / 2
        low, high = ratio.bounds(tail)
    return Estimate(
        value=value,
        method="icc",
        n_valid=n,
        n_missing=len(scores) - n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"form": form, "raters": k, "policy": "listwise"},
    )


class _Ratio:
    """Mean squares between subjects, between raters, within subjects and of the error."""

    def __init__(self, table: Matrix, form: Form) -> None:
        self.n, self.k = table.shape
        self.model, self.single = form[0], form[2] == "1"
        grand = table.mean()
        between = self.k * ((table.mean(axis=1) - grand) ** 2).sum()
        raters = self.n * ((table.mean(axis=0) - grand) ** 2).sum()
        whole = ((table - grand) ** 2).sum()
        self.subjects = float(between) / (self.n - 1)
        self.raters = float(raters) / (self.k - 1)
        self.within = float(whole - between) / (self.n * (self.k - 1))
        self.error = max(0.0, float(whole - between - raters)) / ((self.n - 1) * (self.k - 1))

    def value(self, single: bool) -> float | None:
        noise = self.within if self.model == "1" else self.error
        shift = (self.raters - self.error) / self.n if self.model == "2" else 0.0
        parts = self.subjects + (self.k - 1) * noise + self.k * shift if single else self.subjects + shift
        return (self.subjects - noise) / parts if parts > 1e-12 else None

    def bounds(self, tail: float) -> tuple[float | None, float | None]:
        noise = self.within if self.model == "1" else self.error
        if noise <= 1e-12:  # raters who never differ: no error to make an interval from
            return None, None
        if self.model == "2":
            singles = self._bounds_of_sampled_raters(tail)
            return singles if self.single else (self._stepped_up(singles[0]), self._stepped_up(singles[1]))
        df = self.n * (self.k - 1) if self.model == "1" else (self.n - 1) * (self.k - 1)
        f = self.subjects / noise
        low = f / f_quantile(1 - tail, self.n - 1, df)
        high = f * f_quantile(1 - tail, df, self.n - 1)
        if self.single:
            return (low - 1) / (low + self.k - 1), (high - 1) / (high + self.k - 1)
        return (1 - 1 / low if low > 0 else None), 1 - 1 / high

    def _bounds_of_sampled_raters(self, tail: float) -> tuple[float, float]:
        n, k, value = self.n, self.k, self.value(single=True) or 0.0
        scale_raters = k * value / (n * (1 - value))
        scale_error = 1 + k * value * (n - 1) / (n * (1 - value))
        top = (scale_raters * self.raters + scale_error * self.error) ** 2
        df = top / ((scale_raters * self.raters) ** 2 / (k - 1) + (scale_error * self.error) ** 2 / ((n - 1) * (k - 1)))
        rest = k * self.raters + (k * n - k - n) * self.error
        above, below = f_quantile(1 - tail, n - 1, df), f_quantile(1 - tail, df, n - 1)
        low = n * (self.subjects - above * self.error) / (above * rest + n * self.subjects)
        high = n * (below * self.subjects - self.error) / (rest + n * below * self.subjects)
        return low, high

    def _stepped_up(self, single: float) -> float:
        """Spearman and Brown's formula: one rater's reliability to that of the mean of k."""
        return float(self.k * single / (1 + (self.k - 1) * single))
