"""What a test as a whole did: extreme groups, distractors, the band of error round the cut, Livingston's K²."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.moments import Matrix

EXTREME = 0.27  # Kelley (1939): the share that separates best where scores are normal
SELDOM = 0.05  # an option that fewer choose distracts nobody (Haladyna & Downing 1993)

OptionFlag = Literal["seldom_chosen", "chosen_by_the_able", "key_chosen_by_the_weak"]


class OptionStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """One option of an item; ``upper`` and ``lower`` are the shares of the extreme groups that chose it."""

    option: str
    key: bool
    count: int
    share: float | None
    upper: float | None
    lower: float | None
    mean_rest: float | None  # points of those who chose it, in the rest of the test
    point_biserial: float | None  # r of choosing it with the rest
    flags: list[OptionFlag]


class CutBand(msgspec.Struct, frozen=True, kw_only=True):
    """The scores which measurement error does not tell from the cut, and how many people have one of them."""

    cut: float
    standard_error: float
    low: float
    high: float
    confidence: float
    n: int
    surely_failed: int
    uncertain: int
    surely_passed: int


def extreme_groups(totals: NDArray[np.float64], share: float = EXTREME) -> tuple[NDArray[np.float64], ...]:
    """Weights 0–1 of each person in the upper and in the lower group of ``share`` of all people.

    The people at a group's border share its last places equally, so that the order of the rows decides nothing.
    """
    size = max(1, int(np.floor(share * len(totals) + 0.5))) if len(totals) else 0
    return _highest(totals, size), _highest(-totals, size)


def upper_lower_discrimination(
    marks: Matrix, maximum: Sequence[float], totals: NDArray[np.float64] | None = None, share: float = EXTREME
) -> list[Estimate]:
    """Mean mark of the upper 27 % minus that of the lower, as a share of the maximum, −1 to 1, for each item.

    Kelley (1939); Ebel (1954) calls 0.4 and more very good, under 0.2 poor. NaN: not presented. No value where one of
    the groups was not given the item; no interval, since the groups are chosen by the same marks.
    """
    sums = np.nansum(marks, axis=1) if totals is None else totals
    upper, lower = extreme_groups(sums, share)
    found = []
    for column, most in zip(marks.T, maximum, strict=True):
        shown = ~np.isnan(column)
        high, low = (_weighted(column[shown], group[shown]) for group in (upper, lower))
        possible = high is not None and low is not None and most > 0
        found.append(
            Estimate(
                value=(high - low) / most if possible else None,  # type: ignore[operator]
                method="upper_lower_discrimination",
                n_valid=int(np.count_nonzero(shown)),
                n_not_shown=int(np.count_nonzero(~shown)),
                params={"share": share, "group_size": round(float(upper.sum()))},
            )
        )
    return found


def distractors(
    chosen: Sequence[Collection[str] | None], options: Sequence[str], key: Collection[str], rest: NDArray[np.float64]
) -> list[OptionStatistics]:
    """How each option of an item worked. ``chosen``: per person the options taken (empty: blank; None: not presented);
    ``rest``: the person's points in the other items. Groups and correlations are made from the rest."""
    presented = np.array([each is not None for each in chosen], dtype=bool)
    taken = [each for each in chosen if each is not None]
    indicators = np.array([[each in one for each in options] for one in taken], dtype=bool)
    return options_taken(indicators.reshape(len(taken), len(options)), options, key, rest[presented])


def options_taken(
    taken: NDArray[np.bool_], options: Sequence[str], key: Collection[str], rest: NDArray[np.float64]
) -> list[OptionStatistics]:
    """The same from people × options, of those who were given the item; a blank is a row of False."""
    groups = extreme_groups(rest)
    return [
        _option(each, each in key, np.ascontiguousarray(taken[:, i]), rest, groups) for i, each in enumerate(options)
    ]


def cut_band(totals: NDArray[np.float64], cut: float, reliability: float, confidence: float = CONFIDENCE) -> CutBand:
    """cut ± z · SEM, with SEM = s·√(1 − reliability) (Lord & Novick 1968); the band's ends belong to the uncertain.

    A negative reliability is taken as it is. Raises ValueError for fewer than two people or a reliability above 1.
    """
    if len(totals) < 2 or reliability > 1:
        raise ValueError("the error of measurement needs two people and a reliability of at most 1")
    error = float(totals.std(ddof=1)) * (1 - reliability) ** 0.5
    margin = normal_quantile(0.5 + confidence / 2) * error
    below, above = (int(np.count_nonzero(each)) for each in (totals < cut - margin, totals > cut + margin))
    return CutBand(
        cut=cut,
        standard_error=error,
        low=cut - margin,
        high=cut + margin,
        confidence=confidence,
        n=len(totals),
        surely_failed=below,
        uncertain=len(totals) - below - above,
        surely_passed=above,
    )


def livingston_k2(totals: NDArray[np.float64], cut: float, reliability: float | None) -> Estimate:
    """Livingston's (1972) K² = (ρs² + (M − C)²) / (s² + (M − C)²): how reliably the test tells who passes.

    Equal to ρ where the cut is the mean. No value without reliability, or where everybody has the cut. No interval:
    none is established.
    """
    n = len(totals)
    value = None
    if n > 1 and reliability is not None:
        variance, apart = float(totals.var(ddof=1)), (float(totals.mean()) - cut) ** 2
        value = (reliability * variance + apart) / (variance + apart) if variance + apart > 1e-12 else None
    return Estimate(value=value, method="livingston_k2", n_valid=n, params={"cut": cut, "reliability": reliability})


def _highest(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    if not size:
        return np.zeros(len(values))
    border = np.sort(values)[-size]
    above, at = values > border, values == border
    return np.where(at, (size - np.count_nonzero(above)) / np.count_nonzero(at), above.astype(np.float64))


def _weighted(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """Not by ``@``, whose threads wait for each other on a busy machine."""
    return float((values * weights).sum() / weights.sum()) if weights.sum() > 0 else None


def _option(
    option: str,
    is_key: bool,
    took: NDArray[np.bool_],
    rest: NDArray[np.float64],
    groups: tuple[NDArray[np.float64], ...],
) -> OptionStatistics:
    n, count, theirs = len(took), int(np.count_nonzero(took)), rest[took]
    biserial = _point_biserial(theirs, rest)
    flags: list[OptionFlag] = []
    if not is_key and n and count < SELDOM * n:
        flags.append("seldom_chosen")
    if not is_key and biserial is not None and biserial > 0:
        flags.append("chosen_by_the_able")
    if is_key and biserial is not None and biserial < 0:
        flags.append("key_chosen_by_the_weak")
    upper, lower = (_share_of(took, group) for group in groups)
    return OptionStatistics(
        option=option,
        key=is_key,
        count=count,
        share=count / n if n else None,
        upper=upper,
        lower=lower,
        mean_rest=float(theirs.mean()) if count else None,
        point_biserial=biserial,
        flags=flags,
    )


def _share_of(took: NDArray[np.bool_], group: NDArray[np.float64]) -> float | None:
    return float(group[took].sum() / group.sum()) if group.sum() > 0 else None


def _point_biserial(theirs: NDArray[np.float64], rest: NDArray[np.float64]) -> float | None:
    """r of having chosen with the rest: the sum of their deviations over both spreads; None without spread."""
    n, count = len(rest), len(theirs)
    if n < 2:
        return None
    mean = float(rest.mean())
    squares = float(((rest - mean) ** 2).sum())
    spread = math.sqrt(count * (1 - count / n) * squares)
    return max(-1.0, min(1.0, float((theirs - mean).sum()) / spread)) if spread > 1e-12 else None
