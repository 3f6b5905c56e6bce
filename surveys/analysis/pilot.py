"""What a pilot showed: rows of its metrics → findings, verdicts on targets, risks, and the decision by the rule.

The method follows from the design alone (``pilot_compare``). Without a comparison group asked before and after nothing
is called an effect. Same rows, same versions: same findings, byte for byte.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import Finding
from surveys.analysis.pilot_compare import beyond_comparison, compare, effect_size, level, no_harm, sensitivity, side
from surveys.analysis.pilot_data import Cells, cells, data_hash, without_stragglers
from surveys.analysis.pilot_decision import decide
from surveys.analysis.pilot_findings import Design, Metric, MetricFinding, PilotFindings, Risk, Rule, Sensitivity
from surveys.analysis.view import library_versions
from surveys.disclosure import FEW, Policy
from surveys.statistics.comparison import benjamini_hochberg, holm
from surveys.statistics.estimate import Estimate
from surveys.statistics.power import POWER, needed_for_means, needed_for_proportions, sd_of_changes
from surveys.statistics.proportion import response_rate, wilson
from surveys.statistics.target import Verdict, one_sided, target_verdict
from surveys.statistics.trend import linear_trend

CASES = Policy(minimum_group=1, minimum_comments=1, protects=False)  # rows are complaints or orders, not people
ALPHA = 0.05
ENOUGH = 30  # in each group, for a small sample not to be a risk of its own
ENOUGH_CLUSTERS = 10
LOW_RESPONSE, LOW_LINKAGE, MUCH_MISSING = 0.5, 0.7, 0.2
SEED = 20_240_501  # of the resampling; any will do, as long as it is the same


def evaluate(
    metrics: Sequence[Metric],
    rows: Mapping[str, pl.DataFrame],
    rule: Rule,
    started_on: date,
    *,
    invited: int | None = None,
    responded: int | None = None,
    policies: Mapping[str, Policy] | None = None,
    seed: int = SEED,
) -> PilotFindings:
    """Everything the evaluation prints. ``rows``: per metric's code a frame as ``pilot_data.cells`` wants it.

    ``policies``: per code the thresholds of the wave that its rows come from; rows of cases have none. Below n = 10 in
    a group there are no figures, whatever the policy.
    """
    taken = [(policies or {}).get(metric.code, CASES) for metric in metrics]
    versions = library_versions()
    found = [
        _metric_finding(
            metric,
            cells(without_stragglers(rows[metric.code], metric.design, policy.minimum_group), metric.design),
            policy,
            seed,
        )
        for metric, policy in zip(metrics, taken, strict=True)
    ]
    stamped = [_stamped(each, data_hash(rows[each.metric.code]), versions) for each in _adjusted(found)]
    response = response_rate(responded, invited) if invited is not None and responded is not None else None
    whole = hashlib.blake2b("".join(each.change.data_hash for each in stamped).encode(), digest_size=32).hexdigest()
    low = response is not None and response.value is not None and response.value < LOW_RESPONSE
    risks = (Risk(key="response_low", figure=response.value),) if low and response is not None else ()
    return PilotFindings(
        metrics=tuple(stamped),
        decision=decide(rule, stamped, response, started_on),
        risks=risks,
        response=None if response is None else _stamped(response, whole, versions),
        data_hash=whole,
        library_versions=versions,
    )


def answers_needed(
    design: Design,
    before: Sequence[float],
    hoped: float,
    *,
    correlation: float = 0.5,
    power: float = POWER,
    response: float = 1.0,
) -> tuple[Estimate, int | None]:
    """Before launch: answers per group (pairs where linked) to see the change ``hoped``, and how many to invite.

    ``hoped``: a difference of scores and shares, a ratio of durations and counts, as in a target on change. The spread
    is that of ``before``; of linked answers one person's two are taken to correlate by ``correlation``.
    """
    values = np.asarray(before, dtype=np.float64)
    if design.kind == "proportion":
        share = float(values.mean())
        needed = needed_for_proportions(share, min(1.0, max(0.0, share + hoped)), power)
    else:
        seen = np.log(values) if design.kind == "duration" else values
        sd = float(seen.std(ddof=1))
        difference = {"score": hoped, "duration": math.log(hoped), "count": float(values.mean()) * (hoped - 1)}
        spread = sd_of_changes(sd, correlation) if design.linked else sd
        needed = needed_for_means(difference[design.kind], spread, "paired" if design.linked else "independent", power)
    invitations = None if needed.value is None or response <= 0 else math.ceil(needed.value / response)
    return needed, invitations


def _metric_finding(metric: Metric, data: Cells, policy: Policy, seed: int) -> MetricFinding:
    design, shown = metric.design, _shown(policy, data.after, data.before)
    change = shown(compare(design.kind, data.after, data.before, linked=design.linked))
    effect, against = _beside_comparison(design, data, policy) if design.comparison else (None, None)
    by_effect = effect is not None and effect.value is not None
    said = effect if effect is not None and by_effect else change
    computed = change.value is not None
    otherwise = sensitivity(metric, data, change, policy, seed) if computed else ()
    verdict, decided_by = _verdict(metric, data, policy, shown)
    harmless = no_harm(metric, data)
    return MetricFinding(
        metric=metric,
        before=_level(design, data.before, policy, level(design.kind, data.before)),
        after=_level(design, data.after, policy, level(design.kind, data.after)),
        all_before=_level(design, data.all_before, policy, level(design.kind, data.all_before)),
        all_after=_level(design, data.all_after, policy, level(design.kind, data.all_after)),
        comparison_before=_of_comparison(design, data.comparison_before, policy),
        comparison_after=_of_comparison(design, data.comparison_after, policy),
        change=change.among(change.counts._replace(missing=0 if change.suppressed else data.missing)),
        effect=effect,
        against_comparison=against,
        word="effect" if by_effect else "changed",
        p=said.params.get("p"),
        p_adjusted=None,
        family_size=0,
        adjustment="holm" if metric.planned else "benjamini_hochberg",
        different=False,
        better=_better(metric, said),
        size=effect_size(metric, data, policy) if computed else None,
        verdict=verdict,
        verdict_estimate=decided_by,
        no_harm=None if harmless is None else shown(harmless),
        sensitivity=otherwise,
        prior_trend=_prior_trend(data) if computed else None,
        linkage=wilson(data.linked, data.found) if design.linked and computed else None,
        risks=_risks(metric, data, effect, otherwise) if computed else (),
    )


def _shown(policy: Policy, *groups: NDArray[np.float64]) -> Callable[[Estimate], Estimate]:
    """How a comparison of ``groups`` may be shown: not at all where one is below k, without figure below ten.

    Where a protected group is of one mind its value would follow from the other's and the difference: withheld.
    """
    n = min(map(len, groups))
    alike = policy.protects and any(len(group) and group.min() == group.max() for group in groups)

    def show(estimate: Estimate) -> Estimate:
        if 0 < n < policy.minimum_group:
            return estimate.without_value("small_group", suppressed=True)
        if n < FEW:
            return estimate.without_value("few")
        return estimate.without_value("unanimous") if alike else estimate

    return show


def _level(design: Design, values: NDArray[np.float64], policy: Policy, found: Estimate) -> Estimate:
    """Where a group stands, as it may be shown; a share of everybody or nobody is masked, not withheld."""
    if found.value is None or design.kind == "proportion":
        return policy.figure(found)
    return _shown(policy, values)(found)


def _of_comparison(design: Design, values: NDArray[np.float64], policy: Policy) -> Estimate | None:
    return _level(design, values, policy, level(design.kind, values)) if design.comparison and len(values) else None


def _beside_comparison(design: Design, data: Cells, policy: Policy) -> tuple[Estimate | None, Estimate | None]:
    """The effect beyond the comparison group's change, and the pilot beside it after the start, as far as known."""
    effect, against = beyond_comparison(design, data), None
    groups = (data.all_after, data.all_before, data.comparison_after, data.comparison_before)
    if effect is not None:
        effect = _shown(policy, *groups)(effect)
    if len(data.comparison_after):
        beside = compare(design.kind, data.all_after, data.comparison_after, linked=False)
        against = _shown(policy, data.all_after, data.comparison_after)(beside)
    return effect, against


def _verdict(
    metric: Metric, data: Cells, policy: Policy, shown: Callable[[Estimate], Estimate]
) -> tuple[Verdict | None, Estimate | None]:
    """The verdict with the one-sided figure that decided it: of all answers after, or of the change."""
    target, confidence = metric.target, one_sided(1 - ALPHA)
    if target is None:
        return None, None
    kind, linked = metric.design.kind, metric.design.linked
    if target.on == "change":
        found = shown(compare(kind, data.after, data.before, linked=linked, confidence=confidence))
        return target_verdict(found, target.value, target.direction), found
    found = level(kind, data.all_after, confidence)
    if found.n_valid < max(FEW, policy.minimum_group):
        return "insufficient", _shown(policy, data.all_after)(found)
    # the real figure decides, the masked one is shown
    return target_verdict(found, target.value, target.direction), _level(metric.design, data.all_after, policy, found)


def _better(metric: Metric, estimate: Estimate) -> bool | None:
    null = estimate.params.get("null", 0.0)
    if estimate.value is None or estimate.value == null:
        return None
    return (estimate.value > null) is (metric.better == "higher")


def _prior_trend(data: Cells) -> Estimate | None:
    """The slope per 30 days among the pilot's values before, where their days are known."""
    known = data.rows.filter(
        (pl.col("arm") == "pilot")
        & (pl.col("period") == "before")
        & pl.col("when").is_not_null()
        & pl.col("value").is_not_null()
    ).sort("when", "value")
    if known.height < FEW:
        return None
    days = known["when"].cast(pl.Date).to_physical().to_numpy().astype(np.float64)
    found = linear_trend((days - days[0]) / 30, known["value"].to_numpy().astype(np.float64))
    return None if found.value is None else found


def _risks(
    metric: Metric, data: Cells, effect: Estimate | None, otherwise: tuple[Sensitivity, ...]
) -> tuple[Risk, ...]:
    code, design, risks = metric.code, metric.design, []
    if not design.comparison:
        risks.append(Risk(key="no_comparison", metric=code))
    elif effect is None:
        risks.append(Risk(key="comparison_after_only", metric=code))
    elif effect.params.get("clusters", ENOUGH_CLUSTERS) < ENOUGH_CLUSTERS:
        risks.append(Risk(key="few_clusters", metric=code, figure=effect.params["clusters"]))
    if design.linked and data.found and data.linked / data.found < LOW_LINKAGE:
        risks.append(Risk(key="linkage_low", metric=code, figure=data.linked / data.found))
    if data.smallest < ENOUGH:
        risks.append(Risk(key="small_n", metric=code, figure=data.smallest))
    asked = data.missing + len(data.all_after)
    if asked and data.missing / asked > MUCH_MISSING:
        risks.append(Risk(key="missing", metric=code, figure=data.missing / asked))
    trend = _prior_trend(data)
    if trend is not None and side(trend):
        risks.append(Risk(key="prior_trend", metric=code, figure=trend.value))
    differing = tuple(each.key for each in otherwise if not each.agrees)
    if differing:
        risks.append(Risk(key="sensitive", metric=code, detail=differing))
    return tuple(risks)


def _adjusted(found: list[MetricFinding]) -> list[MetricFinding]:
    """The findings with their p adjusted among the planned ones by Holm, among the others by Benjamini & Hochberg."""
    for adjust, name in ((holm, "holm"), (benjamini_hochberg, "benjamini_hochberg")):
        places = [place for place, each in enumerate(found) if each.adjustment == name]
        p_values = [found[place].p for place in places]
        family = sum(p is not None for p in p_values)
        for place, p in zip(places, adjust(p_values), strict=True):
            found[place] = msgspec.structs.replace(
                found[place], p_adjusted=p, family_size=family, different=p is not None and p < ALPHA
            )
    return found


def _stamped(record: Any, digest: str, versions: dict[str, str]) -> Any:
    """The record with every Estimate in it telling what rows and which libraries it comes from."""
    if isinstance(record, Estimate):
        return msgspec.structs.replace(record, data_hash=digest, library_versions=versions)
    if isinstance(record, Finding):
        return type(record)(
            **{name: _stamped(getattr(record, name), digest, versions) for name in record.__struct_fields__}
        )
    return tuple(_stamped(each, digest, versions) for each in record) if isinstance(record, tuple) else record
