"""Scales and their items: level, spread, reliability, and the verdict against the middle of the answer scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import ItemFinding, ScaleFinding
from surveys.analysis.levels import items as all_items
from surveys.analysis.levels import levels, unless_unanimous
from surveys.analysis.together import items_column
from surveys.analysis.view import View
from surveys.columns import worded
from surveys.definition import Scale
from surveys.disclosure import FEW
from surveys.frame import state
from surveys.questions import Column
from surveys.scoring import bounds, score_column
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t, standard_deviation
from surveys.statistics.proportion import top_two_box
from surveys.statistics.quantile import median_order_statistic
from surveys.statistics.reliability import alpha_if_deleted, cronbach_alpha, item_rest_correlations, omega_total

Verdict = Literal["strength", "improve", "mixed", "insufficient", "blocked"]

NEGATIVE_ITEM = "negative_item_rest"  # warning: "negative_item_rest:<column>"
LOW_ALPHA = "low_alpha"
ACCEPTABLE_ALPHA = 0.6


def scale_findings(view: View) -> tuple[ScaleFinding, ...]:
    """One finding per scale in the questionnaire's order; ``rank`` 1 is the highest mean of those that have one."""
    found = [_scale(view, scale) for scale in view.questionnaire.scales]
    means = sorted((each.mean.value for each in found if each.mean.value is not None), reverse=True)
    return tuple(
        msgspec.structs.replace(each, rank=None if each.mean.value is None else means.index(each.mean.value) + 1)
        for each in found
    )


def single_items(view: View) -> tuple[ItemFinding, ...]:
    """Scaled questions that belong to no scale."""
    inside = {item for scale in view.questionnaire.scales for item in scale.items}
    return tuple(item_finding(view, column, reverse=False) for column in all_items(view) if column.name not in inside)


def item_finding(view: View, column: Column, *, reverse: bool) -> ItemFinding:
    """Levels as answered, from the least to the most favourable; the figures turned round where ``reverse``."""
    low, high = int(column.low or 0), int(column.high or 0)
    values = view.values(column.name)
    if reverse:
        values = low + high - values
    return ItemFinding(
        column=column.name,
        label=column.label,
        reversed=reverse,
        levels=levels(view, column, worded(column), reverse=reverse),
        median=view.figure(unless_unanimous(view, median_order_statistic(values), values), column.name),
        mean=view.figure(unless_unanimous(view, mean_t(values), values), column.name),
        sd=_sd(view, values),
        top2=view.figure(top_two_box(values, high), column.name),
    )


def _sd(view: View, values: NDArray[np.float64]) -> float | None:
    enough = len(values) >= max(FEW, view.policy.minimum_group)
    deviation = standard_deviation(values) if enough else None
    return None if view.policy.protects and deviation == 0 else deviation


def _scale(view: View, scale: Scale) -> ScaleFinding:
    low, high = bounds(scale, view.questionnaire)
    together = items_column(scale)
    answers = view.together(together)
    turned = np.array([item in scale.reversed for item in scale.items])
    answers = np.where(turned, low + high - answers, answers)
    reliable = len(answers) >= max(FEW, view.policy.minimum_group)
    rests = item_rest_correlations(answers) if reliable else [None] * len(scale.items)
    negative = [item for item, r in zip(scale.items, rests, strict=True) if r is not None and r < 0]
    scores = view.values(score_column(scale))
    mean = unless_unanimous(view, mean_t(scores), scores).among(_score_counts(view, scale, len(scores)))
    mean = mean.without_value("blocked") if negative else view.policy.figure(mean)
    alpha = view.figure(cronbach_alpha(answers), together) if len(scale.items) > 1 else None
    middle = (low + high) / 2
    return ScaleFinding(
        code=scale.code,
        label=scale.label,
        description=scale.description,
        low=low,
        high=high,
        middle=middle,
        mean=mean,
        sd=None if negative else _sd(view, scores),
        top2=_favourable(view, scores, high, mean),
        alpha=alpha,
        omega=view.figure(omega_total(answers), together) if len(scale.items) > 2 else None,
        items=_items(view, scale, rests, alpha_if_deleted(answers) if reliable else [None] * len(scale.items)),
        verdict="blocked" if negative else verdict(mean, middle),
        warnings=(*(f"{NEGATIVE_ITEM}:{item}" for item in negative), *_low(alpha)),
    )


def _items(
    view: View, scale: Scale, rests: Sequence[float | None], deleted: Sequence[float | None]
) -> tuple[ItemFinding, ...]:
    return tuple(
        msgspec.structs.replace(
            item_finding(view, view.columns[item], reverse=item in scale.reversed),
            item_rest_correlation=rest,
            alpha_if_deleted=without,
        )
        for item, rest, without in zip(scale.items, rests, deleted, strict=True)
    )


def _score_counts(view: View, scale: Scale, scored: int) -> Counts:
    """People with a score; those without are not shown or not applicable only if that holds of all their items."""
    unscored = view.frame.filter(view.frame[score_column(scale)].is_null())
    if unscored.is_empty():
        return Counts(scored)
    states = unscored.select(state(view.columns[item]).alias(item) for item in scale.items)
    hidden, inapplicable = (
        int(states.select(pl.all_horizontal(pl.all() == name)).to_series().sum())
        for name in ("not_shown", "not_applicable")
    )
    return Counts(scored, unscored.height - hidden - inapplicable, inapplicable, hidden)


def _favourable(view: View, scores: NDArray[np.float64], high: int, mean: Estimate) -> Estimate:
    """The share of people whose score lies in the two highest points: at or above high − 1."""
    estimate = top_two_box(scores, high).among(mean.counts)
    if mean.params.get("reason") == "blocked":
        return estimate.without_value("blocked")
    return view.policy.figure(estimate)


def _low(alpha: Estimate | None) -> tuple[str, ...]:
    return (LOW_ALPHA,) if alpha and alpha.value is not None and alpha.value < ACCEPTABLE_ALPHA else ()


def verdict(mean: Estimate, middle: float) -> Verdict:
    """Where the mean's whole interval lies; without an interval nothing is claimed."""
    if mean.ci_low is None or mean.ci_high is None:
        return "insufficient"
    if mean.ci_low > middle:
        return "strength"
    return "improve" if mean.ci_high < middle else "mixed"
