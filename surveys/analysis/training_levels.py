"""Kirkpatrick's levels beside the exam itself: reaction and behaviour from surveys, gain from a pre-test, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.analysis.findings import DiagnosisFindings, TargetFact
from surveys.analysis.training_findings import Gain, MetricLevel, WaveLevel
from surveys.disclosure import FEW
from surveys.statistics.estimate import Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.means import hedges_g_paired, paired_t
from surveys.statistics.quantile import median_order_statistic
from surveys.statistics.target import one_sided, target_verdict
from surveys.text import Text

REACTION, BEHAVIOUR = "training-reaction", "training-behaviour"
"""The library's questionnaires for levels 1 and 3."""

Values = NDArray[np.float64]


def wave_level(findings: DiagnosisFindings) -> WaveLevel:
    """What a survey of participants says of a training; suppressed already."""
    return WaveLevel(
        title=findings.wave.title,
        questionnaire=findings.wave.questionnaire,
        responded=findings.response.responded,
        rate=findings.response.rate,
        scales=findings.scales,
    )


def gain(titles: tuple[Text, Text], before: Mapping[str, float], after: Mapping[str, float]) -> Gain | None:
    """Percent of the total by person in the pre-test and in the exam afterwards, over those who sat both.

    None where fewer than ten did: two scores of a handful of people are theirs and nobody else's business.
    """
    both = sorted(before.keys() & after.keys())
    if len(both) < FEW:
        return None
    first, second = (np.array([scores[each] for each in both], dtype=np.float64) for scores in (before, after))
    return Gain(
        pre_title=titles[0],
        post_title=titles[1],
        pre=mean_t(first),
        post=mean_t(second),
        gain=paired_t(second, first),
        effect=hedges_g_paired(second, first),
    )


def metric_level(
    name: str,
    unit: str,
    kind: Literal["duration", "proportion", "count", "score"],
    values: tuple[Values, Values],
    target: TargetFact | None = None,
) -> MetricLevel:
    """A metric of cases before and after: medians of durations, means of the others. A target asks in one direction,
    so its verdict is that of a bound of 95 %."""
    before, after = (_figure(kind, each) for each in values)
    verdict = None
    if target is not None:
        asked = _figure(kind, values[1], one_sided(after.confidence))
        direction: Literal["at_most", "at_least"] = "at_most" if target.direction == "decrease" else "at_least"
        aim = target.target / 100 if kind == "proportion" and target.unit == "%" else target.target
        verdict = target_verdict(asked, aim, direction)
    shown = (_percent(before), _percent(after)) if kind == "proportion" else (before, after)
    return MetricLevel(
        name=name,
        unit="%" if kind == "proportion" else unit,
        before=shown[0],
        after=shown[1],
        target=target,
        verdict=verdict,
    )


def _figure(kind: str, values: Values, confidence: float = 0.95) -> Estimate:
    found = median_order_statistic(values, confidence) if kind == "duration" else mean_t(values, confidence)
    return found if found.n_valid >= FEW else found.without_value("few")


def _percent(share: Estimate) -> Estimate:
    def hundredfold(value: float | None) -> float | None:
        return None if value is None else 100 * value

    return msgspec.structs.replace(
        share, value=hundredfold(share.value), ci_low=hundredfold(share.ci_low), ci_high=hundredfold(share.ci_high)
    )
