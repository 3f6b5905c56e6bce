"""What to change before the rollout: recommendations that the figures support, each with the figures it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from surveys.analysis.findings import DiagnosisFindings, Finding
from surveys.analysis.pilot_findings import MetricFinding, PilotFindings
from surveys.statistics.estimate import Estimate

MOST_PROBLEMS, MOST_SCALES = 3, 2
FURTHEST = 100
"""Times as many answers as there are: what needs more is out of reach and not worth a number."""

AdjustmentKey = Literal[
    "harm",  # metric: it got worse, and shown to be
    "target_not_met",  # metric, value, target
    "target_not_shown",  # metric, value, target; needed: answers in all that would show it at this value
    "target_unknown",  # metric: too few values
    "harm_open",  # metric: harm is not excluded
    "problem",  # label, category, chosen, share
    "scale_low",  # scale, mean
    "outliers",  # metric, removed
]


class Adjustment(Finding, frozen=True, kw_only=True):
    """``params``: figures of this record as Estimates or numbers; labels are Text. Renderers word them."""

    key: AdjustmentKey
    params: dict[str, Any] = msgspec.field(default_factory=dict)


def adjustments(pilot: PilotFindings, voices: DiagnosisFindings | None) -> tuple[Adjustment, ...]:
    """The most pressing first: harm, targets, then what people met, then single cases."""
    found = [each for metric in pilot.metrics for each in _of_metric(metric)]
    found += [] if voices is None else _of_voices(voices)
    order = list(AdjustmentKey.__args__)  # type: ignore[attr-defined]
    return tuple(sorted(found, key=lambda each: order.index(each.key)))


def _of_metric(found: MetricFinding) -> Iterator[Adjustment]:
    metric, target = found.metric, found.metric.target
    told: dict[str, Any] = {"metric": metric.label, "code": metric.code}
    if found.different and found.better is False:
        yield Adjustment(key="harm", params=told | {"change": found.change, "p_adjusted": found.p_adjusted})
    elif metric.harm_margin is not None and not (found.no_harm is not None and found.no_harm.params.get("within")):
        yield Adjustment(key="harm_open", params=told | {"change": found.change, "margin": metric.harm_margin})
    if target is not None and found.verdict_estimate is not None:
        reached = told | {"value": found.verdict_estimate, "target": target.value}
        if found.verdict == "not_met":
            yield Adjustment(key="target_not_met", params=reached)
        elif found.verdict == "met_not_demonstrated":
            yield Adjustment(
                key="target_not_shown", params=reached | {"needed": needed(found.verdict_estimate, target.value)}
            )
        elif found.verdict == "insufficient":
            yield Adjustment(key="target_unknown", params=reached)
    far = next((each.estimate for each in found.sensitivity if each.key == "outliers"), None)
    if far is not None and not far.suppressed and far.params.get("removed"):
        yield Adjustment(key="outliers", params=told | {"removed": far.params["removed"]})


def needed(estimate: Estimate, target: float) -> int | None:
    """How many values in all would let the bound reach ``target``, were the value to stay: intervals shrink as √n.

    None where the value is the target itself, or the number is out of reach.
    """
    if estimate.value is None or estimate.ci_low is None or estimate.ci_high is None or estimate.value == target:
        return None
    bound = estimate.ci_low if estimate.value > target else estimate.ci_high
    times = ((estimate.value - bound) / (estimate.value - target)) ** 2
    return math.ceil(estimate.n_valid * times) if 1 < times <= FURTHEST else None


def _of_voices(voices: DiagnosisFindings) -> Iterator[Adjustment]:
    for pain in [pain for pain in voices.pains if pain.vital][:MOST_PROBLEMS]:
        params = {"label": pain.label, "category": pain.category, "chosen": pain.chosen, "share": pain.share}
        yield Adjustment(key="problem", params=params)
    low = [scale for scale in voices.scales if scale.verdict == "improve"]
    for scale in sorted(low, key=lambda scale: scale.mean.value or 0.0)[:MOST_SCALES]:
        yield Adjustment(key="scale_low", params={"scale": scale.label, "mean": scale.mean, "middle": scale.middle})
