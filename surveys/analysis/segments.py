"""Groups of people: who answered, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import Audience, GroupMean, GroupRate, GroupTest, SegmentFinding
from surveys.analysis.view import View
from surveys.definition import Scale
from surveys.disclosure import FEW, suppressed, suppressed_over_dimensions
from surveys.questions import Single
from surveys.scoring import score_column
from surveys.statistics.comparison import GroupMoments, WelchTest, holm, welch_anova
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.proportion import response_rate
from surveys.text import Text

SIDES: dict[str, Text] = {
    "upstream": {"zh-CN": "上游", "en": "Upstream"},
    "operator": {"zh-CN": "经办岗位", "en": "Operators"},
    "downstream": {"zh-CN": "下游", "en": "Downstream"},
    "manager": {"zh-CN": "管理者", "en": "Managers"},
    "customer": {"zh-CN": "客户", "en": "Customers"},
}
DIMENSIONS: dict[str, Text] = {
    "side": {"zh-CN": "流程位置", "en": "Side of the process"},
    "department": {"zh-CN": "部门", "en": "Department"},
}
ALPHA = 0.05

Group = NDArray[np.bool_]
Means = dict[str, dict[str, Estimate]]  # group → scale → its mean


class Dimension(msgspec.Struct, frozen=True):
    """Groups that split the responses: code → who is in it, in a stable order; a response may be in none."""

    name: str
    label: Text
    groups: dict[str, Group]
    labels: dict[str, Text]


def top_level(department: str) -> str:
    """The first level of a department path such as 客户服务部/投诉组."""
    return department.split("/")[0].strip()


def dimensions(view: View) -> tuple[Dimension, ...]:
    """Side, department, and whatever other segment a question asks for.

    A question with ``segment: side`` (or department) speaks for the responses whose link said nothing of it.
    """
    asked = {
        question.segment: question for question in view.questions() if isinstance(question, Single) and question.segment
    }
    known = {"side": pl.col("_side"), "department": pl.col("_department").str.split("/").list.first().str.strip_chars()}
    found = []
    for name in dict.fromkeys([*known, *asked]):
        value = pl.when(known[name] != "").then(known[name]) if name in known else pl.lit(None, dtype=pl.String)
        question = asked.get(name)
        if question:
            value = pl.coalesce(value, pl.col(question.code))
        found.append(_dimension(view, name, view.frame.select(value.alias(name))[name], question))
    return tuple(found)


def _dimension(view: View, name: str, values: pl.Series, question: Single | None) -> Dimension:
    labels = {choice.code: choice.label for choice in question.choices} if question else {}
    if name == "side":
        labels |= SIDES  # short enough for a figure, and the same whether told by the roster or asked
    present = values.drop_nulls().unique().to_list()
    order = [code for code in labels if code in present] + sorted(set(present) - labels.keys())
    return Dimension(
        name=name,
        label=DIMENSIONS.get(name) or (question.text if question else {"zh-CN": name}),
        groups={code: (values == code).fill_null(False).to_numpy() for code in order},
        labels={code: labels.get(code, {"zh-CN": code, "en": code}) for code in order},
    )


def group_rates(view: View, dimension: Dimension, invited: Mapping[str, int]) -> tuple[GroupRate, ...]:
    """Response by group, invited groups first; small groups and those that would give them away have no count."""
    responded = {code: int(group.sum()) for code, group in dimension.groups.items()}
    codes = list(dict.fromkeys([*invited, *responded]))
    sizes = {code: responded.get(code, 0) for code in codes}
    hidden = suppressed(sizes, view.policy.minimum_group, view.n)
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


def segment_findings(
    view: View, split: tuple[Dimension, ...], blocked: frozenset[str] = frozenset()
) -> tuple[SegmentFinding, ...]:
    """Scale means by group with a test per scale, from n = 10 and two groups on; ``blocked`` scales are left out."""
    usable = tuple(dimension for dimension in split if len(dimension.groups) > 1)
    scales = [scale for scale in view.questionnaire.scales if scale.code not in blocked]
    if view.n < FEW or not scales:
        return ()
    k = view.policy.minimum_group
    hidden = suppressed_over_dimensions({each.name: each.groups for each in usable}, k)
    means: dict[str, dict[str, dict[str, Estimate]]] = {
        each.name: {code: {} for code in each.groups} for each in usable
    }
    moments: dict[tuple[str, str], list[GroupMoments]] = {}
    for scale in scales:
        scores = view.matrix((score_column(scale),))[:, 0]
        scored = ~np.isnan(scores)
        # Not everybody has every score, so the rule is applied once more to those behind each figure.
        among = {each.name: {code: group[scored] for code, group in each.groups.items()} for each in usable}
        silent = suppressed_over_dimensions(among, k)
        for each in usable:
            for code, group in each.groups.items():
                if code not in hidden[each.name] | silent[each.name]:
                    values = scores[group & scored]
                    estimate = _mean(view, values, int(group.sum()))
                    means[each.name][code][scale.code] = estimate
                    if estimate.value is not None:
                        variance = float(np.var(values, ddof=1))
                        moments.setdefault((each.name, scale.code), []).append(
                            GroupMoments(len(values), estimate.value, variance)
                        )
    return tuple(
        SegmentFinding(
            dimension=each.name,
            label=each.label,
            groups=_groups(each, hidden[each.name], means[each.name]),
            tests=_tests(scales, [welch_anova(moments.get((each.name, scale.code), [])) for scale in scales]),
        )
        for each in usable
    )


def _mean(view: View, values: NDArray[np.float64], people: int) -> Estimate:
    estimate = view.policy.figure(mean_t(values).among(Counts(len(values), people - len(values))))
    if view.policy.protects and len(values) and values.min() == values.max():
        return estimate.without_value("unanimous")
    return estimate


def _groups(dimension: Dimension, hidden: set[str], means: Means) -> tuple[GroupMean, ...]:
    return tuple(
        GroupMean(
            label=dimension.labels[code],
            n=None if code in hidden else int(group.sum()),
            means=means[code],
            suppressed=code in hidden,
        )
        for code, group in dimension.groups.items()
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
