"""Control charts: did a process change, or does it only vary as it always did?"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.run_rules import RuleSet, Signal, run_signals

Kind = Literal["xmr", "p", "laney_p", "c", "u"]
Numbers = NDArray[np.float64]

LIMIT = 2.66  # 3 / 1.128: three sigmas in mean moving ranges of two (Wheeler 1993)
RANGE_LIMIT = 3.268
MEDIAN_LIMIT = 3.145  # the same in median moving ranges
MEDIAN_RANGE_LIMIT = 3.865
D2 = 1.128  # mean range of two draws from a normal distribution, in sigmas
OVERDISPERSED = 1.2  # Laney's σz from which on a p chart's limits are too narrow

ENOUGH = 12  # points for limits that will hold for a while; fewer make them provisional


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a chart, frozen to judge later points by. ``spread``: of xmr sigma, of Laney's p′ σz, else 1."""

    kind: Kind
    centre: float
    spread: float
    n: int
    mean_range: float | None = None  # the centre line of the moving ranges of xmr
    upper_range: float | None = None
    by_median: bool = False

    @property
    def provisional(self) -> bool:
        return self.n < ENOUGH


class ControlChart(msgspec.Struct, frozen=True, kw_only=True):
    """The points in order of time (None: nothing was counted) with their limits; of p and u limits follow the size."""

    baseline: Baseline
    points: list[float | None]
    lower: list[float | None]
    upper: list[float | None]
    sigmas: list[float | None]  # distance from the centre
    moving_ranges: list[float | None]  # of xmr; of the first point None
    signals: list[Signal]
    range_signals: list[int]  # positions of moving ranges beyond their limit
    rules: RuleSet
    sigma_z: float | None = None  # Laney's, of p charts


def xmr(
    values: Numbers,
    baseline: Baseline | int | None = None,
    *,
    by_median: bool = False,
    rules: RuleSet = "western_electric",
) -> ControlChart:
    """Individuals and moving ranges (Wheeler 1993): mean ± 2.66 · mean range, ranges up to 3.268 · mean range.

    ``by_median``: the mean ± 3.145 · median range instead, ranges up to 3.865 · it, where few great jumps would widen
    the limits. ``baseline``: a frozen one, or the number of first points to make one from; None: all points.
    Raises ValueError for fewer than two points to make limits from.
    """
    frozen = baseline if isinstance(baseline, Baseline) else _xmr_baseline(values[:baseline], by_median)
    _expect(frozen, "xmr")
    ranges = np.abs(np.diff(values, prepend=np.nan))
    beyond = [] if frozen.upper_range is None else np.flatnonzero(ranges > frozen.upper_range).tolist()
    reach = np.full(len(values), frozen.spread)
    return _chart(frozen, values, reach, rules, floor=None, ceiling=None, ranges=ranges, beyond=beyond)


def proportion_chart(
    counts: Numbers,
    sizes: Numbers,
    baseline: Baseline | int | None = None,
    *,
    kind: Literal["p", "laney_p"] | None = None,
    rules: RuleSet = "western_electric",
) -> ControlChart:
    """``counts`` of ``sizes`` as shares: p̄ ± 3·√(p̄(1 − p̄)/n) (Shewhart 1931), or times σz (Laney 2002).

    σz is the mean moving range of the standardised points / 1.128. Without ``kind`` Laney's p′ is used where σz > 1.2:
    large samples vary more than the binomial does. NaN or a size of 0: no point. Raises ValueError for a count beyond
    its size or without two points to make limits from.
    """
    if np.any((counts < 0) | (counts > sizes)):
        raise ValueError("a count lies between 0 and the size of its sample")
    if kind is None and isinstance(baseline, Baseline):
        kind = "laney_p" if baseline.kind == "laney_p" else "p"
    shares = _ratio(counts, sizes)
    first = None if isinstance(baseline, Baseline) else baseline
    centre = baseline.centre if isinstance(baseline, Baseline) else _pooled(counts[:first], sizes[:first])
    error = np.sqrt(centre * (1 - centre) * _ratio(np.ones_like(sizes), sizes))
    sigma_z = baseline.spread if isinstance(baseline, Baseline) else _sigma_z((shares - centre)[:first], error[:first])
    if kind is None:
        kind = "laney_p" if sigma_z is not None and sigma_z > OVERDISPERSED else "p"
    if kind == "laney_p" and sigma_z is None:
        raise ValueError("Laney's limits need two neighbouring points that could vary")
    frozen = (
        baseline
        if isinstance(baseline, Baseline)
        else Baseline(
            kind=kind, centre=centre, spread=sigma_z or 1.0 if kind == "laney_p" else 1.0, n=_usable(shares[:first])
        )
    )
    _expect(frozen, kind)
    chart = _chart(frozen, shares, error * frozen.spread, rules, floor=0.0, ceiling=1.0)
    return msgspec.structs.replace(chart, sigma_z=_sigma_z((shares - centre)[:first], error[:first]))


def count_chart(
    counts: Numbers, baseline: Baseline | int | None = None, *, rules: RuleSet = "western_electric"
) -> ControlChart:
    """Counts over equal opportunities, c̄ ± 3·√c̄, not below 0 (Shewhart 1931). Raises ValueError as the others do."""
    frozen = (
        baseline
        if isinstance(baseline, Baseline)
        else _poisson("c", counts[:baseline], np.ones_like(counts)[:baseline])
    )
    _expect(frozen, "c")
    return _chart(frozen, counts, np.full(len(counts), frozen.centre**0.5), rules, floor=0.0, ceiling=None)


def rate_chart(
    counts: Numbers, sizes: Numbers, baseline: Baseline | int | None = None, *, rules: RuleSet = "western_electric"
) -> ControlChart:
    """Counts per unit of opportunity, ū ± 3·√(ū/size), not below 0. NaN or a size of 0: no point."""
    frozen = baseline if isinstance(baseline, Baseline) else _poisson("u", counts[:baseline], sizes[:baseline])
    _expect(frozen, "u")
    error = np.sqrt(frozen.centre * _ratio(np.ones_like(sizes), sizes))
    return _chart(frozen, _ratio(counts, sizes), error, rules, floor=0.0, ceiling=None)


def _chart(
    baseline: Baseline,
    points: Numbers,
    sigma: Numbers,
    rules: RuleSet,
    *,
    floor: float | None,
    ceiling: float | None,
    ranges: Numbers | None = None,
    beyond: list[int] | None = None,
) -> ControlChart:
    apart = points - baseline.centre
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where nothing ever varied, the first thing that does is beyond every limit.
        distance = np.where(sigma > 0, apart / sigma, np.where(apart == 0, 0.0, np.sign(apart) * np.inf))
    distance = np.where(np.isnan(points), np.nan, distance)
    lower, upper = baseline.centre - 3 * sigma, baseline.centre + 3 * sigma
    return ControlChart(
        baseline=baseline,
        points=_listed(points),
        lower=_listed(lower if floor is None else np.maximum(lower, floor)),
        upper=_listed(upper if ceiling is None else np.minimum(upper, ceiling)),
        sigmas=_listed(distance),
        moving_ranges=[] if ranges is None else _listed(ranges),
        signals=run_signals(distance, rules),
        range_signals=beyond or [],
        rules=rules,
    )


def _xmr_baseline(values: Numbers, by_median: bool) -> Baseline:
    known = values[~np.isnan(values)]
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    if len(ranges) == 0:
        raise ValueError("limits need two neighbouring points")
    middle = float(np.median(ranges) if by_median else ranges.mean())
    return Baseline(
        kind="xmr",
        centre=float(known.mean()),
        spread=middle * (MEDIAN_LIMIT if by_median else LIMIT) / 3,
        n=len(known),
        mean_range=middle,
        upper_range=middle * (MEDIAN_RANGE_LIMIT if by_median else RANGE_LIMIT),
        by_median=by_median,
    )


def _poisson(kind: Kind, counts: Numbers, sizes: Numbers) -> Baseline:
    if np.any(counts < 0) or np.any(sizes < 0):
        raise ValueError("counts and sizes are not below 0")
    return Baseline(kind=kind, centre=_pooled(counts, sizes), spread=1.0, n=_usable(_ratio(counts, sizes)))


def _pooled(counts: Numbers, sizes: Numbers) -> float:
    usable = ~np.isnan(_ratio(counts, sizes))
    if np.count_nonzero(usable) < 2:
        raise ValueError("limits need two points")
    return float(counts[usable].sum() / sizes[usable].sum())


def _ratio(counts: Numbers, sizes: Numbers) -> Numbers:
    """Counts per size, NaN where nothing was looked at."""
    ratio: Numbers = np.divide(counts, sizes, out=np.full(len(counts), np.nan), where=sizes > 0)
    return ratio


def _sigma_z(apart: Numbers, error: Numbers) -> float | None:
    if not np.any(error > 0):
        return None
    ranges = np.abs(np.diff(apart / error))
    ranges = ranges[~np.isnan(ranges)]
    return float(ranges.mean()) / D2 if len(ranges) else None


def _usable(points: Numbers) -> int:
    return int(np.count_nonzero(~np.isnan(points)))


def _expect(baseline: Baseline, kind: Kind) -> None:
    if baseline.kind != kind:
        raise ValueError(f"the baseline is that of a chart of kind {baseline.kind}, not {kind}")


def _listed(values: Numbers) -> list[float | None]:
    return [None if np.isnan(each) else float(each) for each in values]
