"""The tables under the figures of the results page: the same findings as rows of words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.figures.priorities import often, quadrant
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings, GroupRate, ItemFinding
from surveys.analysis.trend import TrendFinding
from surveys.statistics.estimate import Estimate

Rows = tuple[tuple[str, ...], ...]
"""The first row holds the heads."""

Table = Callable[[DiagnosisFindings, Words], tuple[Estimate | None, Rows]]


def _mean(estimate: Estimate, say: Words) -> tuple[str, str, str]:
    low, high = estimate.ci_low, estimate.ci_high
    interval = "–" if low is None or high is None else f"{say.number(low)}–{say.number(high)}"
    return say.number(estimate.value), interval, str(estimate.n_valid)


def _heads(say: Words, first: str) -> tuple[str, ...]:
    return say(first), say("scales.column.mean"), say("scales.column.interval"), "n"


def _scales(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    rows = [(say.pick(scale.label), *_mean(scale.mean, say)) for scale in findings.scales]
    return findings.scales[0].mean, (_heads(say, "scales.column.scale"), *rows)


def item_rows(items: tuple[ItemFinding, ...], say: Words) -> Rows:
    return _heads(say, "scales.column.scale"), *((say.pick(item.label), *_mean(item.mean, say)) for item in items)


def _rates(groups: tuple[GroupRate, ...], say: Words) -> tuple[Estimate | None, Rows]:
    def count(value: int | None) -> str:
        return "–" if value is None else str(value)

    rows = [
        (
            say.pick(group.label), count(group.responded), count(group.invited),
            say.percent(group.rate.value) if group.rate else "–",
        )
        for group in groups
    ]  # fmt: skip
    return None, (("", say("summary.figure.responses"), "n", say("summary.figure.rate")), *rows)


def _steps(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    heads = (say("figure.step"), *(say(f"figure.{name}") for name in ("work", "wait", "errors", "pain")), "n")
    rows = [
        (
            say.pick(step.label), say.duration(step.work.value), say.duration(step.wait.value),
            say.number(step.errors.value), say.number(step.pain.value), str(step.pain.n_valid),
        )
        for step in findings.steps
    ]  # fmt: skip
    return (findings.steps[0].wait if findings.steps else None), (heads, *rows)


def _pains(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    heads = ("", say("figure.pareto.people"), say("figure.pareto.share"), say("figure.pareto.cumulative"))
    rows = [
        (say.pick(pain.label), str(pain.chosen), say.percent(pain.share), say.percent(pain.cumulative))
        for pain in findings.pains
    ]
    return (findings.pains[0].share_of_people if findings.pains else None), (heads, *rows)


def _branches(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    rows = [
        (
            say(f"cause.{branch.category}"), say.percent(branch.share),
            say.list(
                [say.pick(text) for text, _ in branch.pains]
                + ([say("figure.fishbone.more", n=str(branch.others))] if branch.others else [])
            ),
        )
        for branch in findings.fishbone
    ]  # fmt: skip
    return None, (("", say("figure.pareto.share"), ""), *rows)


def _segments(dimension: str) -> Table:
    def table(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
        found = next(each for each in findings.segments if each.dimension == dimension)
        names = {scale.code: say.pick(scale.label) for scale in findings.scales}
        rows = [
            (
                say.pick(group.label), "–" if group.n is None else str(group.n),
                *(say.number(group.means[code].value) if code in group.means else "–" for code in names),
            )
            for group in found.groups
        ]  # fmt: skip
        return None, (("", "n", *names.values()), *rows)

    return table


def _priorities(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    heads = tuple(say(f"priorities.{name}") for name in ("scale", "importance", "performance", "quadrant"))
    points = [each for each in findings.priorities.points if each.quadrant] if findings.priorities else []
    rows = [
        (
            say.pick(each.label), say.ranged(each.importance), say.ranged(each.performance), quadrant(each, say),
            str(each.importance.n_valid),
        )
        for each in points
    ]  # fmt: skip
    return (points[0].importance if points else None), ((*heads, "n"), *rows)


def _candidates(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    first = findings.candidates[0]
    names = ("saved", "share") if first.by == "suggested" else ("wait", "errors")
    heads = tuple(say(f"candidates.column.{name}") for name in ("candidate", *names, "promise", "today"))
    rows = [
        (
            say.pick(each.label), say.ranged_duration(each.minutes), often(each, say), say.duration(each.promise),
            say.duration(each.today), str(each.minutes.n_valid),
        )
        for each in findings.candidates
    ]  # fmt: skip
    return first.minutes, ((*heads, "n"), *rows)


def _careless(findings: DiagnosisFindings, say: Words) -> tuple[Estimate | None, Rows]:
    shown = findings.response.without_flagged
    heads = (say("scales.column.scale"), say("careless.everybody"), "n", say("careless.without"), "n")
    rows = [
        (
            say.pick(each.label), say.ranged(each.everybody), str(each.everybody.n_valid), say.ranged(each.without),
            str(each.without.n_valid),
        )
        for each in shown
    ]  # fmt: skip
    return shown[0].without, (heads, *rows)


def trend_rows(lines: Sequence[TrendFinding], say: Words) -> Rows:
    """A row for each scale and wave."""
    heads = (say("scales.column.scale"), say("trend.wave"), say("trend.opened"), say("scales.column.mean"), "n")
    return heads, *(
        (say.pick(each.label), point.title, point.on, say.ranged(point.mean), str(point.mean.n_valid))
        for each in lines
        for point in each.points
    )


METHODS: dict[str, tuple[str, ...]] = {
    "careless": ("careless",),
    "priorities": ("importance_performance", "mean_t"),
    "rates_by_department": ("wilson",),
    "rates_by_side": ("wilson",),
    "timeline": ("timeline",),
    "pareto": ("pareto",),
    "fishbone": ("pareto",),
    "segments_by_side": ("mean_t", "welch_anova"),
    "segments_by_department": ("mean_t", "welch_anova"),
}
"""What a figure of the report rests on beside its first estimate's method."""

TABLES: dict[str, Table] = {
    "rates_by_department": lambda findings, say: _rates(findings.response.by_department, say),
    "rates_by_side": lambda findings, say: _rates(findings.response.by_side, say),
    "careless": _careless,
    "scales": _scales,
    "priorities": _priorities,
    "heat_map": _steps,
    "timeline": _steps,
    "pareto": _pains,
    "fishbone": _branches,
    "candidates": _candidates,
    "segments_by_side": _segments("side"),
    "segments_by_department": _segments("department"),
}
