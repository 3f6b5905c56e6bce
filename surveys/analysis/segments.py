"""Groups of people: who answered, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import Audience, GroupMean, GroupRate, GroupTest, SegmentFinding
from surveys.analysis.groups import SIDES, Dimension, Filter, Groups, Mask, top_level
from surveys.definition import Scale
from surveys.disclosure import FEW, Policy, complemented, suppressed
from surveys.frame import Dataset
from surveys.scoring import score, score_column
from surveys.statistics.comparison import GroupMoments, WelchTest, holm, welch_anova
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.proportion import response_rate

ALPHA = 0.05

Means = dict[str, dict[str, Estimate]]  # group → scale → its mean


def group_rates(
    policy: Policy, people: int, dimension: Dimension, everybody: Mask, invited: Mapping[str, int]
) -> tuple[GroupRate, ...]:
    """Response by group, invited groups first; small groups and those that would give them away have no count."""
    responded = {code: int((group & everybody).sum()) for code, group in dimension.groups.items()}
    codes = list(dict.fromkeys([*invited, *responded]))
    sizes = {code: responded.get(code, 0) for code in codes}
    hidden = suppressed(sizes, policy.minimum_group, people)
    return tuple(
        GroupRate(
            label=dimension.labels.get(code) or SIDES.get(code) or {"zh-CN": code, "en": code},
            invited=invited.get(code),
            responded=None if code in hidden else sizes[code],
            rate=response_rate(sizes[code], invited[code]) if code in invited and code not in hidden else None,
        )
        for code in codes
    )


def department_audience(audience: Audience) -> dict[str, int]:
    """People invited by top-level department, whatever level of path the caller counted by."""
    totals: dict[str, int] = {}
    for path, people in audience.by_department.items():
        totals[top_level(path)] = totals.get(top_level(path), 0) + people
    return totals


class Scores(msgspec.Struct, frozen=True):
    """Every response's score on a scale, in the order of the groups' masks, NaN where there is none."""

    values: NDArray[np.float64]

    @property
    def there(self) -> Mask:
        return ~np.isnan(self.values)


def segment_findings(
    dataset: Dataset, groups: Groups, policy: Policy, conditions: Filter = (), blocked: frozenset[str] = frozenset()
) -> tuple[SegmentFinding, ...]:
    """Scale means by group with a test per scale, from n = 10 and two groups on; ``blocked`` scales are left out.

    ``dataset``: all responses, in the order of ``groups``; ``conditions``: the people who are divided.
    """
    usable = [each for each in groups.dimensions if each.name not in {c.dimension for c in conditions}]
    usable = [each for each in usable if len(each.groups) > 1] if len(conditions) < max(1, groups.depth) else []
    scales = [scale for scale in dataset.questionnaire.scales if scale.code not in blocked]
    if groups.size(conditions) < FEW or not scales:
        return ()
    filters = {each.name: {code: groups.within(conditions, each.name, code) for code in each.groups} for each in usable}
    shown = {
        name: {code: people for code, wanted in of.items() if (people := groups.people(wanted)) is not None}
        for name, of in filters.items()
    }
    around = {name: {code: groups.containing(filters[name][code]) for code in of} for name, of in shown.items()}
    means: dict[str, Means] = {name: {code: {} for code in of} for name, of in filters.items()}
    moments: dict[tuple[str, str], list[GroupMoments]] = {}
    scored = score(dataset.frame.lazy(), dataset.questionnaire).select(map(score_column, scales)).collect()
    for scale in scales:
        scores = Scores(scored[score_column(scale)].cast(pl.Float64).fill_null(float("nan")).to_numpy())
        for name, of in shown.items():
            for code in _telling(scores, of, around[name], groups, groups.people(conditions)):
                values = scores.values[of[code] & scores.there]
                estimate = _mean(policy, values, int(of[code].sum()))
                means[name][code][scale.code] = estimate
                if estimate.value is not None:
                    variance = float(np.var(values, ddof=1))
                    moments.setdefault((name, scale.code), []).append(
                        GroupMoments(len(values), estimate.value, variance)
                    )
    return tuple(
        SegmentFinding(
            dimension=each.name,
            label=each.label,
            groups=_groups(each, shown[each.name], means[each.name]),
            tests=_tests(scales, [welch_anova(moments.get((each.name, scale.code), [])) for scale in scales]),
        )
        for each in usable
    )


def _telling(
    scores: Scores,
    groups: Mapping[str, Mask],
    around: Mapping[str, Sequence[Mask]],
    all_groups: Groups,
    everybody: Mask | None,
) -> list[str]:
    """The groups whose mean may be told. Not everybody has every score, so the rules are applied once more to those
    who have this one."""
    if not all_groups.protects:
        return list(groups)
    k = all_groups.least
    sizes = {code: int((mask & scores.there).sum()) for code, mask in groups.items()}
    hidden = {code for code, size in sizes.items() if size < k}
    hidden |= {
        code
        for code, size in sizes.items()
        if any(0 < int((mask & scores.there).sum()) - size < k for mask in around[code])
    }
    hidden |= {code for code, mask in groups.items() if all_groups.nearly_a_day(mask, scores.there)}
    total = sum(sizes.values()) if everybody is None else int((everybody & scores.there).sum())
    outside = max(0, total - sum(sizes.values()))
    hidden = complemented(sizes, hidden, k, outside)
    return [code for code in groups if code not in hidden]


def _mean(policy: Policy, values: NDArray[np.float64], people: int) -> Estimate:
    estimate = policy.figure(mean_t(values).among(Counts(len(values), people - len(values))))
    if policy.protects and len(values) and values.min() == values.max():
        return estimate.without_value("unanimous")
    return estimate


def _groups(dimension: Dimension, shown: Mapping[str, Mask], means: Means) -> tuple[GroupMean, ...]:
    return tuple(
        GroupMean(
            label=dimension.labels[code],
            n=int(shown[code].sum()) if code in shown else None,
            means=means[code],
            suppressed=code not in shown,
        )
        for code in dimension.groups
    )


def _tests(scales: list[Scale], tests: list[WelchTest | None]) -> tuple[GroupTest, ...]:
    """The family is every scale of the dimension that could be tested."""
    adjusted = holm([test.p if test else None for test in tests])
    family = sum(p is not None for p in adjusted)
    return tuple(
        GroupTest(
            scale=scale.code,
            statistic=test.statistic if test else None,
            p=test.p if test else None,
            p_adjusted=p,
            effect=test.effect if test else None,
            family_size=family,
            different=p is not None and p < ALPHA,
        )
        for scale, test, p in zip(scales, tests, adjusted, strict=True)
    )
