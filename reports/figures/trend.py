"""Waves one after the other: a small figure for each scale, all on the same height."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Scene, Stroke, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH
from reports.wording import Words, words
from surveys.analysis.trend import TrendFinding

PANEL, GAP, ACROSS = 118.0, 18.0, 3
HEAD, FOOT = 24.0, 18.0


def trend(lines: Sequence[TrendFinding], language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Dots are a wave's means, bars their intervals; the dashed line is the middle of the answer scale. The
    ends of the axis are printed: it shows the part of the answer scale that is used."""
    if not lines:
        return None
    say = words(language)
    across = 1 if width < NARROW else ACROSS
    wide = (width - GAP * (across - 1)) / across
    marks: list[Mark] = []
    rows = []
    for number, each in enumerate(lines):
        place = (number % across) * (wide + GAP), (number // across) * PANEL
        marks += _panel(each, _reach(each, lines), say, *place, wide)
        told = " → ".join(say.number(point.mean.value) for point in each.points)
        rows.append(f"{say.pick(each.label)} {told}")
    height = PANEL * -(-len(lines) // across)
    return Scene(width, height, say("figure.trend"), say.list(rows), tuple(marks))


def _reach(each: TrendFinding, lines: Sequence[TrendFinding]) -> tuple[float, float]:
    """Half points around all intervals on the same answer scale, so that the panels can be compared."""
    alike = [point.mean for line in lines if (line.low, line.high) == (each.low, each.high) for point in line.points]
    ends = [end for mean in alike for end in (mean.value, mean.ci_low, mean.ci_high) if end is not None]
    low, high = floor(min(ends) * 2) / 2, ceil(max(ends) * 2) / 2
    return max(each.low, low), min(each.high, max(high, low + 0.5))


def _panel(
    each: TrendFinding, reach: tuple[float, float], say: Words, left: float, top: float, wide: float
) -> list[Mark]:
    room, start = PANEL - HEAD - FOOT - 12, left + 16
    low, high = reach
    middle = (each.low + each.high) / 2

    def y(value: float) -> float:
        return top + HEAD + room * (high - value) / (high - low)

    step = (wide - 34) / max(1, len(each.points) - 1)
    places = [(start + 10 + step * number, y(point.mean.value or 0.0)) for number, point in enumerate(each.points)]
    marks: list[Mark] = [
        *label_block(say.pick(each.label), left, top + 8, wide, language=say.language, lines=1, bold=True),
        *(line(start, y(end), left + wide, y(end), "rule", 0.4) for end in reach),
        *(Label(left + 13, y(end) + 2.6, say.plain(end), NOTE, "muted", "end") for end in reach),
        *([line(start, y(middle), left + wide, y(middle), "muted", 0.6, dashed=True)] if low < middle < high else []),
        Stroke(tuple(places), "high1", 1.2),
    ]  # fmt: skip
    last = len(places) - 1
    for number, (point, (x, height)) in enumerate(zip(each.points, places, strict=True)):
        if point.mean.ci_low is not None and point.mean.ci_high is not None:
            marks.append(line(x, y(point.mean.ci_low), x, y(point.mean.ci_high), "high2", 1.4))
        title = f"{point.title} {say.number(point.mean.value)}"
        marks.append(Dot(x, height, 2.6, "high2", "paper", title))
        if number in (0, last):
            marks.append(Label(x, top + PANEL - FOOT, point.on[:7], NOTE, "muted", "start" if number == 0 else "end"))
            beside = -5 if number else 5
            marks.append(
                Label(x + beside, height - 6, say.number(point.mean.value), TEXT, "ink", "end" if number else "start")
            )
    return marks
