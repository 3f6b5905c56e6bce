"""Figures of a pilot: how far each target is reached, groups before and after, how long cases take."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, Shape, Stroke, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.pilot.wording import label, level, level_of_verdict, shown_level, target
from reports.style import CONTENT_WIDTH, Role
from reports.wording import Words, words
from surveys.analysis.pilot_evaluation import Curve
from surveys.analysis.pilot_findings import Metric, MetricFinding
from surveys.statistics.estimate import Estimate
from surveys.statistics.target import Verdict

ROW, LOW, HIGH = 34.0, -0.25, 1.5
STATUS: dict[Verdict | None, Role] = {
    "demonstrated": "high2", "met_not_demonstrated": "high1", "not_met": "low2", "insufficient": "rule", None: "rule",
}  # fmt: skip
"""Dark blue, pale blue and orange: apart for every kind of colour blindness and on a grey printer."""


def progress(found: Sequence[MetricFinding], language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """A row for each target: 0 % is where the baseline stood, 100 % the target; the dot is the pilot, the bar its
    interval of 90 %, whose bound towards the target decides."""
    shown = [(each, way) for each in found if (way := _way(each)) is not None]
    if not shown:
        return None
    say = words(language)
    left, right = width * (0.34 if width < NARROW else 0.27), 58.0
    plot, top = width - left - right, 22.0

    def x(share: float) -> float:
        return left + plot * (min(HIGH, max(LOW, share)) - LOW) / (HIGH - LOW)

    bottom = top + ROW * len(shown)
    marks: list[Mark] = []
    for share in (0.0, 0.5, 1.0):
        strong = share == 1.0
        marks.append(line(x(share), top, x(share), bottom, "ink" if strong else "rule", 0.9 if strong else 0.6, strong))
        name = say("pilot.figure.baseline") if share == 0 else say("pilot.figure.target") if strong else "50%"
        marks.append(Label(x(share), top - 6, name, NOTE, "ink" if strong else "muted", "middle", bold=strong))
    rows = []
    for number, (each, (value, low, high)) in enumerate(shown):
        y = top + ROW * (number + 0.5)
        fill = STATUS[each.verdict]
        name, reached = label(each.metric.label, say), shown_level(each.metric, level_of_verdict(each), say)
        marks += label_block(name, 0, y - 5, left - 12, language=language, lines=1, bold=True)
        marks += label_block(
            say("pilot.figure.of", value=reached, target=target(each.metric, say)), 0, y + 7, left - 12,
            language=language, lines=1, size=NOTE, colour="muted",
        )  # fmt: skip
        marks.append(line(x(LOW), y, x(HIGH), y, "wash", 0.8))
        marks.append(line(x(0), y, x(value), y, fill, 1.4))
        marks.append(Rect(x(low), y - 4, max(0.8, x(high) - x(low)), 8, "soft", None))
        inside: Role = "paper" if each.verdict == "not_met" else fill  # as the signs of the tables: ● ◐ ○
        marks.append(Dot(x(value), y, 4.2, inside, "ink", f"{name} {reached}"))
        if value > HIGH or value < LOW:
            marks.append(_beyond(x(value), y, 1 if value > HIGH else -1))
        marks.append(Label(width, y + 3, say.percent(value), TEXT, "ink", "end", bold=True))
        rows.append(f"{name} {reached} {say.percent(value)}")
    description = say("pilot.figure.progress.description", rows=say.list(rows))
    rows_at = between_rows(top, ROW, len(shown))
    return Scene(width, bottom + 4, say("pilot.figure.progress"), description, tuple(marks), rows_at)


def _beyond(x: float, y: float, way: int) -> Shape:
    """The value lies outside the axis."""
    return Shape(((x + 7 * way, y), (x + 11 * way, y), (x + 7 * way, y - 3)), "ink")


def _way(found: MetricFinding) -> tuple[float, float, float] | None:
    """How far from baseline to target the pilot is, and its interval, as shares of the way."""
    goal = found.metric.target
    if goal is None or found.verdict_estimate is None or found.verdict_estimate.value is None:
        return None
    reached = found.verdict_estimate
    start: float | None = found.all_before.value
    if goal.on == "change":
        start = 1.0 if found.metric.design.kind in ("duration", "count") else 0.0
    if start is None or start == goal.value or reached.value is None:
        return None
    ends = [
        reached.value,
        *(bound if bound is not None else reached.value for bound in (reached.ci_low, reached.ci_high)),
    ]
    value, *bounds = ((end - start) / (goal.value - start) for end in ends)
    return value, min(bounds), max(bounds)


Group = tuple[str, Estimate | None, Estimate | None]
Axis = Callable[[float], float]


def groups(found: MetricFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """A row for the pilot and one for the comparison group, each from before (ring) to after (dot)."""
    say, metric = words(language), found.metric
    after = level_of_verdict(found) if found.metric.design.linked else found.all_after
    linked = found.before if found.before.value is not None else found.all_before
    every: list[Group] = [
        (say("pilot.group.pilot"), linked, after),
        (say("pilot.group.comparison"), found.comparison_before, found.comparison_after),
    ]
    shown = [each for each in every if any(part is not None and part.value is not None for part in each[1:])]
    if not shown:
        return None
    low, high, step = _range(metric, shown)
    left, right, top = width * 0.2, 34.0, 18.0
    plot, bottom = width - left - right, top + ROW * len(shown)

    def x(value: float) -> float:
        return left + plot * (value - low) / (high - low)

    marks: list[Mark] = _goal(metric, x, top, bottom, low, high, say)
    rows = []
    for number, (name, before, now) in enumerate(shown):
        y = top + ROW * (number + 0.5)
        strong = number == 0
        marks += label_block(name, 0, y - 5, left - 10, language=language, lines=1, bold=strong)
        n = "n = " + " → ".join(
            str(part.n_valid) for part in (before, now) if part is not None and part.value is not None
        )
        marks.append(Label(0, y + 10, n, NOTE, "muted"))
        marks.append(line(left, y, left + plot, y, "wash", 0.8))
        marks += _between(metric, x, y, before, now, "accent" if strong else "muted", say)
        rows.append(f"{name} {shown_level(metric, before, say)} → {shown_level(metric, now, say)}")
    for place in range(round((high - low) / step) + 1):
        marks.append(
            Label(x(low + step * place), bottom + 10, _tick(metric, low + step * place, say), NOTE, "muted", "middle")
        )
    description = say("pilot.figure.groups.description", rows=say.list(rows))
    return Scene(width, bottom + 16, label(metric.label, say), description, tuple(marks))


def _between(
    metric: Metric, x: Axis, y: float, before: Estimate | None, now: Estimate | None, colour: Role, say: Words
) -> list[Mark]:
    """Both intervals, the way between, and the values above their marks."""
    marks: list[Mark] = []
    for part, shift in ((before, 4.0), (now, -4.0)):
        if part is not None and part.ci_low is not None and part.ci_high is not None:
            ends = x(part.ci_low), x(part.ci_high)
            marks.append(Rect(ends[0], y - 2.5 + shift / 4, ends[1] - ends[0], 5, "soft" if part is now else "middle"))
    known = [part.value for part in (before, now) if part is not None and part.value is not None]
    if len(known) == 2:
        marks.append(line(x(known[0]), y, x(known[1]), y, colour, 1.6))
    close = len(known) == 2 and abs(x(known[0]) - x(known[1])) < 30
    for part in (before, now):
        if part is None or part.value is None:
            continue
        new = part is now
        place = x(part.value)
        marks.append(Dot(place, y, 4.2, colour if new else "paper", colour, shown_level(metric, part, say)))
        anchor = "middle" if not close else "start" if (part.value == max(known)) else "end"
        shift = 0 if not close else 3 if anchor == "start" else -3
        marks.append(Label(place + shift, y - 8, shown_level(metric, part, say), NOTE, "ink", anchor, bold=new))  # type: ignore[arg-type]
    return marks


def _goal(metric: Metric, x: Axis, top: float, bottom: float, low: float, high: float, say: Words) -> list[Mark]:
    goal = metric.target
    if goal is None or goal.on != "level" or not low <= goal.value <= high:
        return []
    place = x(goal.value)
    return [
        line(place, top - 2, place, bottom, "ink", 0.9, dashed=True),
        Label(place, top - 6, f"{say('pilot.figure.target')} {target(metric, say)}", NOTE, "ink", "middle", bold=True),
    ]


def _range(metric: Metric, shown: Sequence[Group]) -> tuple[float, float, float]:
    """The ends of the axis and its step: a share's is whole, others' reaches a little beyond what is drawn."""
    if metric.design.kind == "proportion":
        return 0.0, 1.0, 0.25
    ends = [
        end
        for _, *parts in shown
        for part in parts
        if part is not None
        for end in (part.value, part.ci_low, part.ci_high)
        if end is not None
    ]
    if metric.target is not None and metric.target.on == "level":
        ends.append(metric.target.value)
    reach = max(ends) - min(ends) or 1.0
    step = 10.0 ** math.floor(math.log10(reach))
    step = step / 2 if reach / step < 3 else step
    return math.floor((min(ends) - reach * 0.1) / step) * step, math.ceil((max(ends) + reach * 0.1) / step) * step, step


def _tick(metric: Metric, value: float, say: Words) -> str:
    return say.percent(value) if metric.design.kind == "proportion" else say.number(value, 1 if abs(value) < 100 else 0)


LINES: dict[str, tuple[Role, float, bool]] = {
    "before": ("muted", 1.2, True), "after": ("accent", 1.9, False),
    "comparison_before": ("low1", 1.2, True), "comparison_after": ("low2", 1.4, False),
}  # fmt: skip


def durations(metric: Metric, curves: Sequence[Curve], language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Rising lines: the share of cases that took at most so long. Higher and further left is faster."""
    if not curves:
        return None
    say = words(language)
    left, right, top, plot_high = 32.0, 12.0, 34.0, 190.0
    plot, bottom = width - left - right, top + plot_high
    goal = metric.target.value if metric.target is not None and metric.target.on == "level" else None
    most = _most(curves, goal)

    def x(value: float) -> float:
        return left + plot * min(value, most) / most

    def y(share: float) -> float:
        return bottom - plot_high * share

    marks: list[Mark] = [line(left, y(part / 4), left + plot, y(part / 4), "rule", 0.5) for part in range(5)]
    marks += [Label(left - 5, y(part / 4) + 2.5, say.percent(part / 4), NOTE, "muted", "end") for part in range(5)]
    marks += [Label(x(tick), bottom + 11, say.plain(tick), NOTE, "muted", "middle") for tick in _ticks(most)]
    unit = say.pick(metric.unit) if metric.unit else ""
    marks.append(Label(left + plot, bottom + 23, say("pilot.figure.hours", unit=unit or "–"), NOTE, "muted", "end"))
    if goal is not None:
        marks.append(line(x(goal), top - 2, x(goal), bottom, "ink", 0.9, dashed=True))
    rows = []
    for place, curve in enumerate(curves):
        colour, weight, dashed = LINES[curve.group]
        marks.append(Stroke(_steps(curve, most, x, y), colour, weight, dashed))
        marks += _key(curve, place, len(curves), width, say)
        rows.append(_told(curve, metric, goal, say))
    if goal is not None:
        marks += _crossings(curves, goal, x, y, left + plot, say)
        marks.append(
            Label(
                x(goal),
                top - 5,
                f"{say('pilot.figure.target')} {target(metric, say)}",
                NOTE,
                "ink",
                "middle",
                bold=True,
            )
        )
    description = say("pilot.figure.durations.description", rows=say.list(rows))
    return Scene(width, bottom + 28, label(metric.label, say), description, tuple(marks))


def share_within(curve: Curve, limit: float) -> float:
    """The share of cases that took at most ``limit``; between the points of a thinned curve the lower one."""
    place = bisect_right([value for value, _ in curve.points], limit)
    return curve.points[place - 1][1] if place else 0.0


def beyond(curve: Curve, curves: Sequence[Curve], goal: float | None) -> float:
    """The share of a curve's cases that the axis does not reach."""
    return 1 - share_within(curve, _most(curves, goal))


def _most(curves: Sequence[Curve], goal: float | None) -> float:
    """The end of the axis: where 97 % of every group are, since a single case must not flatten all others."""
    ends = [next(value for value, share in curve.points if share >= 0.97) for curve in curves]
    most = max(ends + ([goal * 1.25] if goal else [])) or 1.0
    step = 10.0 ** math.floor(math.log10(most)) / 2
    return math.ceil(most / step) * step


def _ticks(most: float) -> list[float]:
    step = 10.0 ** math.floor(math.log10(most))
    step = step / 5 if most / step < 2 else step / 2 if most / step < 4 else step
    return [round(step * number, 6) for number in range(int(most / step) + 1)]


def _steps(curve: Curve, most: float, x: Axis, y: Axis) -> tuple[tuple[float, float], ...]:
    points: list[tuple[float, float]] = [(x(0.0), y(0.0))]
    share = 0.0
    for value, reached in curve.points:
        if value > most:
            break
        points += [(x(value), y(share)), (x(value), y(reached))]
        share = reached
    return (*points, (x(most), y(share)))


def _key(curve: Curve, place: int, count: int, width: float, say: Words) -> list[Mark]:
    colour, weight, dashed = LINES[curve.group]
    at = width / max(3, count) * place
    name = f"{say(f'pilot.curve.{curve.group}')}  n = {curve.n}"
    return [line(at, 8, at + 18, 8, colour, weight, dashed), Label(at + 23, 11, name, NOTE, "ink")]


def _crossings(curves: Sequence[Curve], goal: float, x: Axis, y: Axis, limit: float, say: Words) -> list[Mark]:
    """Where the target meets the lines, and how many kept to it."""
    marks: list[Mark] = []
    for curve in curves:
        share, colour = share_within(curve, goal), LINES[curve.group][0]
        place, height = x(goal), y(share)
        marks.append(Dot(place, height, 3.2, colour, "paper"))
        if curve.group in ("before", "after"):
            marks.append(Label(place + 6, height + 9, say.percent(share), TEXT, "ink", bold=curve.group == "after"))
    return marks


def _told(curve: Curve, metric: Metric, goal: float | None, say: Words) -> str:
    median = next(value for value, share in curve.points if share >= 0.5)
    told = f"{say(f'pilot.curve.{curve.group}')} {level(metric, median, say)}"
    return told if goal is None else f"{told} ({say.percent(share_within(curve, goal))})"
