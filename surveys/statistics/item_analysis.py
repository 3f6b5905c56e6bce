"""What a test's items did: Moodle's item and quiz statistics, from marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.correlation import fisher_interval
from surveys.statistics.distributions import f_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.mean import mean_of_moments
from surveys.statistics.moments import Matrix
from surveys.statistics.proportion import wilson

Flag = Literal["negative_discrimination", "weak_discrimination", "too_easy", "too_hard", "no_variance"]
"""Why an item deserves a look; thresholds below."""

WEAK_DISCRIMINATION = 20.0  # Moodle's documentation calls an index under 20 very weak
TOO_EASY, TOO_HARD = 0.95, 0.05  # beyond them an item tells next to nothing about anybody (Moodle's documentation)

_TINY = 1e-12
_ROUNDED = 0.005  # points by which a total may differ from the sum of its marks, for having been written down rounded


class ItemStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """One item, over the ``n`` people it was presented to; variances with divisor n − 1, marks in points.

    None wherever a variance that divides is 0. ``effective_weight``, the share of the spread of totals in percent, is
    None too where the item covaries negatively with the total.
    """

    n: int
    n_not_shown: int
    maximum: float
    facility: Estimate  # mean mark / maximum mark, 0–1
    standard_deviation: float | None
    covariance: float | None  # with the rest: the total without this item
    mark_variance: float | None
    other_mark_variance: float | None
    covariance_max: float | None
    discrimination_index: Estimate  # 100 · r(mark, rest)
    discriminative_efficiency: float | None  # 100 · covariance / covariance_max
    effective_weight: float | None
    flags: list[Flag]


class ExamStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of ``n`` people, in points, and every item. The CIC is never clipped: a negative one is a finding."""

    n: int
    mean: float | None
    median: float | None
    standard_deviation: float | None
    skewness: float | None
    kurtosis: float | None
    internal_consistency: Estimate  # coefficient of internal consistency in percent: 100 · alpha
    error_ratio: float | None  # percent
    standard_error: float | None  # of measurement, points
    items: list[ItemStatistics]


def item_analysis(
    marks: Matrix, maximum: Sequence[float], totals: NDArray[np.float64] | None = None, confidence: float = CONFIDENCE
) -> ExamStatistics:
    """Moodle's statistics (question/classes/statistics, mod/quiz/report/statistics) of people × items in points.

    NaN: the item was not presented (a blank scores its unanswered mark and is not NaN); such a person is out of that
    item's statistics. ``totals``: of whole attempts where they hold more than these items, else the sums of the marks.
    Raises ValueError where the shapes do not fit.
    """
    n, k = marks.shape
    if len(maximum) != k or (totals is not None and len(totals) != n):
        raise ValueError(f"{k} items need {k} maximum marks, {n} people need {n} totals")
    shown = ~np.isnan(marks)
    reason = "" if shown.all() else "not_all_presented"
    sums = np.asarray((np.where(shown, marks, 0.0) if reason else marks).sum(axis=1))
    if totals is not None:
        if np.any(np.abs(totals - sums) > _ROUNDED):
            reason = reason or "totals_hold_more"
        sums = totals
    marks, shown = np.asfortranarray(marks), np.asfortranarray(shown)  # every statistic walks down a column
    parts = [_Parts.of(marks[:, i], shown[:, i], sums, float(maximum[i])) for i in range(k)]
    weight = sum(each.pull or 0.0 for each in parts)
    items = [_item(each, n, weight, confidence) for each in parts]
    return _exam(sums, items, reason, confidence)


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The moments of one item's marks and of the rest."""

    n: int
    maximum: float
    mean: float
    full: int | None  # how many full marks there are, where every mark is none or full
    variance: float | None = None
    rest_variance: float | None = None
    covariance: float | None = None
    covariance_max: float | None = None
    with_total: float | None = None

    @staticmethod
    def of(marks: NDArray[np.float64], shown: NDArray[np.bool_], totals: NDArray[np.float64], maximum: float) -> _Parts:
        mark, total = (marks, totals) if shown.all() else (marks[shown], totals[shown])
        n, full = len(mark), mark == maximum
        parts = _Parts(
            n=n,
            maximum=maximum,
            mean=float(mark.mean()) if n else 0.0,
            full=int(np.count_nonzero(full)) if np.all(full | (mark == 0)) else None,
        )
        if n < 2:
            return parts
        own, whole = mark - parts.mean, total - total.mean()
        rest = whole - own
        return msgspec.structs.replace(
            parts,
            variance=_mean_product(own, own),
            rest_variance=_mean_product(rest, rest),
            covariance=_mean_product(own, rest),
            covariance_max=_mean_product(np.sort(own), np.sort(rest)),
            with_total=_mean_product(own, whole),
        )

    @property
    def pull(self) -> float | None:
        """The root of the covariance with the total, which makes the effective weight; None where that is negative."""
        return None if self.with_total is None or self.with_total < 0 else math.sqrt(self.with_total)

    @property
    def discrimination(self) -> float | None:
        if not self.variance or not self.rest_variance or self.covariance is None:
            return None
        return self.covariance / math.sqrt(self.variance * self.rest_variance)


def _mean_product(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Divisor n − 1. Not by ``@``, whose threads wait for each other on a busy machine and add in any order."""
    return _cleaned((first * second).sum() / (len(first) - 1))


def _cleaned(value: Any) -> float:
    return 0.0 if abs(value) <= _TINY else float(value)


def _item(part: _Parts, people: int, weight: float, confidence: float) -> ItemStatistics:
    counts = part.maximum > 0  # an item worth nothing is a text between items
    facility = _facility(part, confidence)
    index = part.discrimination if counts else None
    low, high = fisher_interval(index, part.n, confidence)
    discrimination = Estimate(
        value=None if index is None else 100 * index,
        method="discrimination_index",
        n_valid=part.n,
        ci_low=None if low is None else 100 * low,
        ci_high=None if high is None else 100 * high,
        confidence=confidence,
    )
    efficient = counts and part.covariance is not None and part.covariance_max
    return ItemStatistics(
        n=part.n,
        n_not_shown=people - part.n,
        maximum=part.maximum,
        facility=facility,
        standard_deviation=math.sqrt(part.variance) if counts and part.variance is not None else None,
        covariance=part.covariance,
        mark_variance=part.variance,
        other_mark_variance=part.rest_variance,
        covariance_max=part.covariance_max,
        discrimination_index=discrimination,
        discriminative_efficiency=100 * part.covariance / part.covariance_max if efficient else None,  # type: ignore[operator]
        effective_weight=100 * part.pull / weight if part.pull is not None and weight > 0 else None,
        flags=_flags(facility.value, discrimination.value, part.variance) if counts else [],
    )


def _facility(part: _Parts, confidence: float) -> Estimate:
    """With Wilson's interval where every mark is none or full, else with that of a mean."""
    if part.maximum <= 0 or part.n == 0:
        return Estimate(value=None, method="facility", n_valid=part.n, confidence=confidence)
    if part.full is not None:
        share, interval = wilson(part.full, part.n, confidence), "wilson"
    else:
        variance = None if part.variance is None else part.variance / part.maximum**2
        share, interval = mean_of_moments(part.n, part.mean / part.maximum, variance, confidence), "mean_t"
    return msgspec.structs.replace(share, method="facility", params={"interval": interval})


def _flags(facility: float | None, index: float | None, variance: float | None) -> list[Flag]:
    if facility is None:
        return []
    found: list[Flag] = []
    if facility > TOO_EASY:
        found.append("too_easy")
    if facility < TOO_HARD:
        found.append("too_hard")
    if variance == 0:
        found.append("no_variance")
    if index is not None and index < 0:
        found.append("negative_discrimination")
    elif index is not None and index < WEAK_DISCRIMINATION:
        found.append("weak_discrimination")
    return found


def _exam(totals: NDArray[np.float64], items: list[ItemStatistics], reason: str, confidence: float) -> ExamStatistics:
    n = len(totals)
    variance = _cleaned(float(totals.var(ddof=1))) if n > 1 else None
    consistency = _internal_consistency(n, variance, items, reason, confidence)
    ratio = None
    if consistency.value is not None:
        ratio = 100 * math.sqrt(max(0.0, 1 - consistency.value / 100))
    skewness, kurtosis = _shape(totals)
    sd = None if variance is None else math.sqrt(variance)
    return ExamStatistics(
        n=n,
        mean=float(totals.mean()) if n else None,
        median=float(np.median(totals)) if n else None,
        standard_deviation=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        internal_consistency=consistency,
        error_ratio=ratio,
        standard_error=None if ratio is None or sd is None else ratio * sd / 100,
        items=items,
    )


def _internal_consistency(
    n: int, variance: float | None, items: list[ItemStatistics], reason: str, confidence: float
) -> Estimate:
    """100 · alpha of the items worth something; Feldt's interval. None where the items are not everybody's exam."""
    counted = [each for each in items if each.maximum > 0]
    k = len(counted)
    value = None
    if not reason and variance and k > 1:
        value = 100 * k / (k - 1) * (1 - sum(each.mark_variance or 0.0 for each in counted) / variance)
    low = high = None
    if value is not None:
        tail = (1 - confidence) / 2
        low, high = (100 - (100 - value) * f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (1 - tail, tail))
    return Estimate(
        value=value,
        method="internal_consistency",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"items": k, "reason": reason} if reason else {"items": k},
    )


def _shape(totals: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Skewness and excess kurtosis by Fisher's k-statistics; None for too few people or without spread."""
    n = len(totals)
    if n < 3:
        return None, None
    apart = totals - totals.mean()
    m2, m3, m4 = (float(np.mean(apart**power)) for power in (2, 3, 4))
    k2 = n * m2 / (n - 1)
    if k2 <= _TINY:
        return None, None
    skewness = n * n * m3 / ((n - 1) * (n - 2)) / k2**1.5
    if n < 4:
        return skewness, None
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, k4 / k2**2
