"""Which method answers which design. The data never choose: neither a p-value nor a test of normality is asked first.

Only what a method cannot take moves to the next: durations with a zero have no logarithm and are compared by ranks.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.pilot_data import Cells, carried_forward
from surveys.analysis.pilot_findings import Better, Design, EffectSize, Kind, Metric, Sensitivity, SensitivityKey
from surveys.disclosure import Policy
from surveys.statistics.bootstrap import bca_bootstrap
from surveys.statistics.difference_in_differences import difference_in_differences
from surveys.statistics.effect_size import DOMINANCE, cohens_h, size_in_words, superiority
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.means import equivalence, hedges_g, hedges_g_paired, paired_t, welch_t
from surveys.statistics.proportion import wilson
from surveys.statistics.proportion_differences import newcombe_difference, newcombe_paired
from surveys.statistics.quantile import median_order_statistic
from surveys.statistics.ranks import cliffs_delta, mann_whitney, wilcoxon_signed_rank
from surveys.statistics.ratios import geometric_mean_ratio, mean_count_ratio, poisson_rate_ratio

Values = NDArray[np.float64]
FAR_OUT = 3.0  # quartile ranges beyond the quartiles (Tukey 1977)


def level(kind: Kind, values: Values, confidence: float = CONFIDENCE) -> Estimate:
    """Where a group stands: the share, the median duration, the mean of scores and counts."""
    if kind == "proportion":
        return wilson(int(values.sum()), len(values), confidence)
    return (median_order_statistic if kind == "duration" else mean_t)(values, confidence)


def compare(kind: Kind, after: Values, before: Values, *, linked: bool, confidence: float = CONFIDENCE) -> Estimate:
    """after against before: a difference of scores and shares, a ratio of durations and counts."""
    if kind == "score":
        return (paired_t if linked else welch_t)(after, before, confidence)
    if kind == "count":
        return mean_count_ratio(after, before, paired=linked, confidence=confidence)
    if kind == "proportion":
        if not linked:
            return newcombe_difference((int(after.sum()), len(after)), (int(before.sum()), len(before)), confidence)
        yes, was = after > 0, before > 0
        counted = [int((a & b).sum()) for a, b in ((yes, was), (yes, ~was), (~yes, was), (~yes, ~was))]
        return newcombe_paired(counted[0], counted[1], counted[2], counted[3], confidence)
    if (after <= 0).any() or (before <= 0).any():
        return (wilcoxon_signed_rank if linked else mann_whitney)(after, before, confidence)
    return geometric_mean_ratio(after, before, paired=linked, confidence=confidence)


def beyond_comparison(design: Design, data: Cells) -> Estimate | None:
    """Difference in differences over all rows; of durations by logarithms, as a ratio. None without four groups."""
    rows = data.rows.filter(pl.col("value").is_not_null()).sort("arm", "period", "value", "person", "cluster")
    values = rows["value"].to_numpy().astype(np.float64)
    ratio = design.kind == "duration" and bool((values > 0).all())
    clusters = _clusters(rows, linked=design.linked)
    found = difference_in_differences(
        np.log(values) if ratio else values,
        (rows["arm"] == "pilot").to_numpy(),
        (rows["period"] == "after").to_numpy(),
        clusters,
    )
    if found.value is None:
        return None
    return _as_ratio(found) if ratio else found


def _clusters(rows: pl.DataFrame, *, linked: bool) -> NDArray[np.int64] | None:
    """Teams where every row names one, else people where they are linked; a row without a person stands for itself."""
    if rows["cluster"].null_count() == 0:
        return rows["cluster"].rank("dense").to_numpy().astype(np.int64)
    if not linked:
        return None
    people = rows["person"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    return np.where(people > 0, people, len(people) + np.arange(len(people)))


def _as_ratio(found: Estimate) -> Estimate:
    bounds = (found.value, found.ci_low, found.ci_high)
    value, low, high = (None if each is None else float(np.exp(each)) for each in bounds)
    params = found.params | {"null": 1.0, "means": [float(np.exp(each)) for each in found.params["means"]]}
    return msgspec.structs.replace(found, value=value, ci_low=low, ci_high=high, params=params)


def side(estimate: Estimate) -> int:
    """−1, 0 or 1: the interval lies below, around or above no change."""
    null = estimate.params.get("null", 0.0)
    if estimate.ci_low is not None and estimate.ci_low > null:
        return 1
    return -1 if estimate.ci_high is not None and estimate.ci_high < null else 0


def sensitivity(metric: Metric, data: Cells, change: Estimate, policy: Policy, seed: int) -> tuple[Sensitivity, ...]:
    """The change computed in the other ways that its design allows, each beside whether it says the same.

    What fewer than k people make the difference to is told without its figure.
    """
    design, better = metric.design, metric.better

    def shown(estimate: Estimate) -> Estimate:
        few = 0 < estimate.params.get("removed", 0) < policy.minimum_group
        return estimate.without_value("small_group", suppressed=True) if few else estimate

    return tuple(
        Sensitivity(key=key, estimate=shown(estimate), agrees=side(estimate) == side(change))
        for key, estimate in _otherwise(design, better, data, seed)
        if estimate.value is not None and not estimate.ci_low is estimate.ci_high is None  # else it says nothing
    )


def _otherwise(design: Design, better: Better, data: Cells, seed: int) -> Iterator[tuple[SensitivityKey, Estimate]]:
    kind, linked, after, before = design.kind, design.linked, data.after, data.before
    if kind != "proportion":
        kept_after, kept_before, removed = _without_far_out(kind, after, before, linked=linked)
        if removed:
            found = compare(kind, kept_after, kept_before, linked=linked)
            found.params["removed"] = removed
            yield "outliers", found
        yield "ranks", (wilcoxon_signed_rank if linked else mann_whitney)(after, before)
        statistic = "median" if kind == "duration" else "mean"
        samples = (after - before, None) if linked else (after, before)
        yield "bootstrap", bca_bootstrap(*samples, statistic=statistic, seed=seed)  # type: ignore[arg-type]
    if linked:
        yield "unpaired", compare(kind, data.all_after, data.all_before, linked=False)
        filled, was = carried_forward(data, kind)
        if len(was) > len(before):
            yield "missing", compare(kind, filled, was, linked=True)
    elif data.missing and len(before):
        taken = np.full(data.missing, _unfavourable(kind, better, before))
        yield "missing", compare(kind, np.concatenate([after, taken]), before, linked=False)
    if kind == "count" and not linked:
        yield "single_events", poisson_rate_ratio((int(after.sum()), len(after)), (int(before.sum()), len(before)))


def _unfavourable(kind: Kind, better: Better, before: Values) -> float:
    """What those who gave no value are taken for: the worse outcome of two, else the middle of before."""
    if kind == "proportion":
        return 0.0 if better == "higher" else 1.0
    return float(np.median(before)) if kind == "duration" else float(before.mean())


def _without_far_out(kind: Kind, after: Values, before: Values, *, linked: bool) -> tuple[Values, Values, int]:
    """Both sides without values (of pairs: changes) far outside the quartiles, durations by their logarithms."""
    logs = kind == "duration" and len(after) > 0 and len(before) > 0 and min(after.min(), before.min()) > 0
    seen_after, seen_before = (np.log(after), np.log(before)) if logs else (after, before)
    if linked:
        kept = _inside(seen_after - seen_before)
        return after[kept], before[kept], int((~kept).sum())
    kept_after, kept_before = _inside(seen_after), _inside(seen_before)
    return after[kept_after], before[kept_before], int((~kept_after).sum() + (~kept_before).sum())


def _inside(values: Values) -> NDArray[np.bool_]:
    if not len(values):
        return np.ones(0, dtype=bool)
    low, high = np.quantile(values, [0.25, 0.75])
    reach = FAR_OUT * (high - low)
    # with half of all values equal there is no range to be outside of
    return np.asarray((values >= low - reach) & (values <= high + reach)) if reach > 0 else np.ones(len(values), bool)


def effect_size(metric: Metric, data: Cells, policy: Policy) -> EffectSize | None:
    """g of scores, Cohen's h of shares, Cliff's delta of durations and counts, with the words for it."""
    design, after, before = metric.design, data.after, data.before
    if design.kind == "proportion":
        h = cohens_h(float(after.mean()), float(before.mean()))
        return EffectSize(size=size_in_words(h), measure=h, by="cohens_h", improved=_improved(metric, data, policy))
    won = cliffs_delta(after, before)
    chance = None if won.value is None else superiority(won.value)
    if design.kind == "score":
        found = (hedges_g_paired if design.linked else hedges_g)(after, before)
        size = None if found.value is None else size_in_words(found.value)
    else:
        # of pairs the delta holds, but its interval takes the groups for independent
        found = msgspec.structs.replace(won, ci_low=None, ci_high=None) if design.linked else won
        size = None if found.value is None else size_in_words(found.value, DOMINANCE)
    if size is None or found.value is None:
        return None
    return EffectSize(
        size=size,
        measure=found.value,
        by="hedges_g" if design.kind == "score" else "cliffs_delta",
        estimate=found,
        superiority=chance,
        improved=_improved(metric, data, policy),
    )


def _improved(metric: Metric, data: Cells, policy: Policy) -> Estimate | None:
    if not metric.design.linked:
        return None
    changes = data.after - data.before
    better = changes > 0 if metric.better == "higher" else changes < 0
    return policy.figure(wilson(int(better.sum()), len(changes)))


def no_harm(metric: Metric, data: Cells) -> Estimate | None:
    """Two one-sided tests reduced to one: did the mean get worse by less than the margin?"""
    if metric.harm_margin is None:
        return None
    low, high = (-metric.harm_margin, None) if metric.better == "higher" else (None, metric.harm_margin)
    return equivalence(data.after, data.before, low, high, paired=metric.design.linked)
