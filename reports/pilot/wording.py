"""Figures of a pilot in words: levels and changes in the unit of their metric."""

from __future__ import annotations

from reports.wording import NONE, Words
from surveys.analysis.pilot_findings import Metric, MetricFinding
from surveys.statistics.estimate import Estimate
from surveys.statistics.target import Verdict
from surveys.text import Text

VERDICTS: tuple[Verdict, ...] = ("demonstrated", "met_not_demonstrated", "not_met", "insufficient")
SIGNS: dict[Verdict, str] = {
    "demonstrated": "●", "met_not_demonstrated": "◐", "not_met": "○", "insufficient": "–",
}  # fmt: skip
"""Shape beside the word, so that neither colour nor print decides what is read."""
LABEL = 40  # characters of a label in a sentence; twice as many where they are Latin


def label(text: Text, say: Words) -> str:
    """A label typed by somebody, as long as a sentence bears."""
    wording = " ".join(say.pick(text).split())
    longest = LABEL if say.language == "zh-CN" else 2 * LABEL
    return wording if len(wording) <= longest else wording[: longest - 1] + "…"


def decimals(metric: Metric) -> int:
    return 2 if metric.design.kind in ("score", "count") else 1


def level(metric: Metric, value: float | None, say: Words) -> str:
    """A value of the metric, without the unit that its label carries; shares as percentages."""
    if metric.design.kind == "proportion":
        return say.percent(value, 1)
    return say.number(value, decimals(metric))


def shown_level(metric: Metric, estimate: Estimate | None, say: Words) -> str:
    """An estimate as it may be shown: of a group of one mind as the bound that masks it."""
    if estimate is None or estimate.value is None:
        return NONE
    sign = {"at_least": "≥ ", "at_most": "≤ "}.get(estimate.params.get("masked", ""), "")
    return sign + level(metric, estimate.value, say)


def with_unit(metric: Metric, value: float | None, say: Words) -> str:
    """A value of the metric in a sentence."""
    unit = say.pick(metric.unit) if metric.unit else ""
    if value is None or not unit or metric.design.kind == "proportion":
        return level(metric, value, say)
    return f"{say.short(value) if metric.design.kind == 'duration' else level(metric, value, say)} {unit}"


def target(metric: Metric, say: Words) -> str:
    """``≤ 48.0``, or of a target on change ``−30.0%``."""
    if metric.target is None:
        return NONE
    sign = "≥" if metric.target.direction == "at_least" else "≤"
    if metric.target.on == "level":
        return f"{sign} {level(metric, metric.target.value, say)}"
    return f"{sign} {_change(metric, metric.target.value, metric.design.kind in ('duration', 'count'), say)}"


def ratio(estimate: Estimate) -> bool:
    return bool(estimate.params.get("null") == 1.0)


def _change(metric: Metric, value: float, is_ratio: bool, say: Words) -> str:
    if is_ratio:
        return signed((value - 1) * 100, 1, say) + "%"
    if metric.design.kind == "proportion":
        return signed(value * 100, 1, say)
    return signed(value, decimals(metric), say)


def signed(value: float, places: int, say: Words) -> str:
    text = say.number(value, places)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"


def change(metric: Metric, estimate: Estimate | None, say: Words) -> str:
    """``−40.6%``, ``+15.3`` points, ``+0.42``; ratios as percentages of before."""
    if estimate is None or estimate.value is None:
        return NONE
    unit = say("pilot.points") if metric.design.kind == "proportion" else ""
    return _change(metric, estimate.value, ratio(estimate), say) + unit


def interval(metric: Metric, estimate: Estimate | None, say: Words) -> str:
    """``−47.0 to −33.4`` of a change, in its unit; nothing where there is none."""
    if estimate is None or estimate.ci_low is None or estimate.ci_high is None:
        return ""
    low, high = (_change(metric, bound, ratio(estimate), say) for bound in (estimate.ci_low, estimate.ci_high))
    return say("pilot.range", low=low.rstrip("%"), high=high.rstrip("%"))


def level_interval(metric: Metric, estimate: Estimate | None, say: Words) -> str:
    if estimate is None or estimate.ci_low is None or estimate.ci_high is None:
        return ""
    low, high = (level(metric, bound, say).rstrip("%") for bound in (estimate.ci_low, estimate.ci_high))
    return say("pilot.range", low=low, high=high)


def whole_change(metric: Metric, estimate: Estimate | None, say: Words) -> str:
    """``−40.6% (95% CI −47.0 to −33.4)``."""
    value, bounds = change(metric, estimate, say), interval(metric, estimate, say)
    if estimate is None or not bounds:
        return value
    return f"{value} ({say('pilot.confidence', confidence=say.percent(estimate.confidence), range=bounds)})"


def verdict(found: MetricFinding, say: Words) -> str:
    return NONE if found.verdict is None else f"{SIGNS[found.verdict]} {say(f'pilot.verdict.{found.verdict}')}"


def level_of_verdict(found: MetricFinding) -> Estimate:
    """Where the pilot stands: the figure that decided a target on level, else that of all its values."""
    by_level = found.metric.target is not None and found.metric.target.on == "level"
    return found.verdict_estimate if by_level and found.verdict_estimate is not None else found.all_after


def reason(estimate: Estimate | None, say: Words) -> str:
    """Why there is no figure."""
    if estimate is None:
        return ""
    key = f"pilot.reason.{estimate.params.get('reason', '')}"
    return say(key) if say.has(key) else ""
