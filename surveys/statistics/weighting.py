"""Weights that make those who answered look like those who were asked, and what that costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.statistics.distributions import t_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate


class CannotRake(ValueError):
    """``reason``: unknown_category, empty_category, missing, bad_target; ``margin`` and ``category`` say where."""

    def __init__(self, reason: str, margin: str, category: str = "") -> None:
        super().__init__(f"{reason}: {margin} {category}".strip())
        self.reason, self.margin, self.category = reason, margin, category


class Raked(msgspec.Struct, frozen=True, kw_only=True):
    """``weights`` in the order of the people, adding up to ``total``; ``deviation``: the largest of any share from its
    target after the last round."""

    weights: NDArray[np.float64]
    total: float
    iterations: int
    converged: bool
    deviation: float
    design_effect: Estimate


def rake(
    people: pl.DataFrame,
    targets: Mapping[str, Mapping[str, float]],
    base: NDArray[np.float64] | None = None,
    total: float | None = None,
    tolerance: float = 1e-12,
    most_iterations: int = 1000,
) -> Raked:
    """Iterative proportional fitting (Deming & Stephan 1940): weights of which each margin has its target shares.

    ``targets``: column → value as text → share or count, scaled to add up to 1. ``total``: what the weights add up to,
    else the number of people. Raises CannotRake where a person has no value or one without target, where nobody has a
    value whose target is above 0, or where a target is negative or adds up to nothing. Margins that contradict one
    another do not converge: ``converged`` says so and the weights are not to be used.
    """
    n = len(people)
    weights = np.ones(n) if base is None else np.array(base, dtype=np.float64)
    if len(weights) != n or (n and not (np.all(weights > 0) and np.all(np.isfinite(weights)))):
        raise ValueError("base weights are positive, one for each person")
    margins = [_margin(people[name], name, target) for name, target in targets.items()]
    weights /= weights.sum() or 1.0
    iterations, deviation = 0, _deviation(weights, margins)
    while deviation > tolerance and iterations < most_iterations:
        for places, shares in margins:
            now = np.bincount(places, weights, len(shares))
            weights *= np.divide(shares, now, out=np.zeros_like(shares), where=now > 0)[places]
        iterations, deviation = iterations + 1, _deviation(weights, margins)
    whole = float(n if total is None else total)
    return Raked(
        weights=weights * whole,
        total=whole,
        iterations=iterations,
        converged=deviation <= tolerance,
        deviation=deviation,
        design_effect=kish_design_effect(weights),
    )


def kish_design_effect(weights: NDArray[np.float64]) -> Estimate:
    """n Σw² / (Σw)² (Kish 1965): how many times the variance of a mean grows by unequal weights, 1 or more.

    ``params.effective_n`` = n / it. A property of the weights, hence without interval. None without positive weights.
    """
    n, squares = len(weights), float(weights @ weights)
    value = n * squares / float(weights.sum()) ** 2 if squares > 0 else None
    return Estimate(
        value=value,
        method="kish_design_effect",
        n_valid=n,
        params={"effective_n": n / value if value else None},
    )


def weighted_mean(
    values: NDArray[np.float64], weights: NDArray[np.float64], confidence: float = CONFIDENCE
) -> Estimate:
    """Σwx / Σw of the people with a value (NaN: none) with the linearised error, as for a ratio, and t(n − 1).

    SE² = n/(n − 1) · Σ w²(x − mean)² / (Σw)² (Cochran 1977, §6.4; Särndal et al. 1992). The weights are taken as fixed.
    """
    valid = ~np.isnan(values)
    x, w = values[valid], weights[valid]
    n, whole = len(x), float(w.sum())
    value = float(w @ x) / whole if whole > 0 else None
    low = high = None
    if value is not None and n > 1:
        error = math.sqrt(n / (n - 1) * float(((w * (x - value)) ** 2).sum())) / whole
        margin = t_quantile(0.5 + confidence / 2, n - 1) * error
        low, high = value - margin, value + margin
    return Estimate(
        value=value,
        method="weighted_mean",
        n_valid=n,
        n_missing=len(values) - n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"effective_n": kish_design_effect(w).params["effective_n"]},
    )


_Margin = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Each person's place among the categories, and the categories' target shares."""


def _margin(column: pl.Series, name: str, target: Mapping[str, float]) -> _Margin:
    if column.null_count():
        raise CannotRake("missing", name)
    shares = np.array([*target.values()], dtype=np.float64)
    if not np.all(np.isfinite(shares)) or np.any(shares < 0) or shares.sum() <= 0:
        raise CannotRake("bad_target", name)
    codes = {category: place for place, category in enumerate(target)}
    texts = column.cast(pl.String).to_list()
    for text in texts:
        if text not in codes:
            raise CannotRake("unknown_category", name, text)
    places = np.array([codes[text] for text in texts], dtype=np.int64)
    present = np.bincount(places, minlength=len(shares))
    for category, share, count in zip(target, shares, present, strict=True):
        if share > 0 and count == 0:
            raise CannotRake("empty_category", name, category)
    return places, shares / shares.sum()


def _deviation(weights: NDArray[np.float64], margins: list[_Margin]) -> float:
    gaps = [np.abs(np.bincount(places, weights, len(shares)) - shares).max() for places, shares in margins]
    return float(max(gaps, default=0.0))
