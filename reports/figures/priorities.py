"""What to do first: importance against performance, and candidates for change."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import Words, words
from surveys.analysis.findings import CandidateFinding, DiagnosisFindings, PriorityFinding, PriorityPoint

HEIGHT, KEY_ROW, CANDIDATE_ROW = 236.0, 27.0, 24.0
MOST = 12  # candidates that one picture tells
COLOURS: dict[str, Role] = {"concentrate": "low2", "keep_up": "high2"}


def priorities(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Numbered points of importance (upright) and performance, the crosshair with its figures, and a key.

    A hollow point has an interval that reaches over a line. Nothing where the lines cannot be drawn.
    """
    found = findings.priorities
    if found is None or found.crosshair is None:
        return None
    say = words(language)
    shown = _shown(found)
    narrow = width < NARROW
    plot = width - 22 if narrow else width * 0.56
    across = _reach([found.crosshair[1], *(point.performance.value or 0.0 for point in shown)], 22, plot)
    upright = _reach([found.crosshair[0], *(point.importance.value or 0.0 for point in shown)], HEIGHT - 22, 16)
    marks = _frame(found, say, plot, across, upright)
    places = [(across(point.performance.value or 0.0), upright(point.importance.value or 0.0)) for point in shown]
    marks += _points(shown, places, across(found.crosshair[1]))
    left, top = (0.0, HEIGHT + 8) if narrow else (plot + 22, 10.0)
    rows = []
    for number, point in enumerate(shown, 1):
        marks += _entry(point, number, say, left, top + KEY_ROW * (number - 1), width - left)
        rows.append(_told(point, number, say))
    height = max(HEIGHT, top + KEY_ROW * len(shown))
    description = say(
        "figure.priorities.description", rows=say.list(rows), importance=say.number(found.crosshair[0]),
        performance=say.number(found.crosshair[1]),
    )  # fmt: skip
    return Scene(width, height, say("figure.priorities"), description, tuple(marks))


def _shown(found: PriorityFinding) -> list[PriorityPoint]:
    return [point for point in found.points if point.quadrant]


class _Axis:
    """A value → its place between two ends, with room for the marks themselves."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def _reach(values: Sequence[float], start: float, end: float) -> _Axis:
    room = max(max(values) - min(values), 0.1) * 0.18
    return _Axis(min(values) - room, max(values) + room, start, end)


def _frame(found: PriorityFinding, say: Words, plot: float, across: _Axis, upright: _Axis) -> list[Mark]:
    assert found.crosshair is not None
    x, y, foot = across(found.crosshair[1]), upright(found.crosshair[0]), HEIGHT - 22
    middle = (22 + x) / 2, (x + plot) / 2
    corners = (
        ("concentrate", middle[0], 25.0), ("keep_up", middle[1], 25.0),
        ("low_priority", middle[0], foot - 5), ("possible_overkill", middle[1], foot - 5),
    )  # fmt: skip
    return [
        Rect(22, 16, plot - 22, foot - 16, None, "rule"),
        Rect(22, 16, x - 22, y - 16, "wash"),
        line(x, 16, x, foot, "ink", 0.8, dashed=True),
        line(22, y, plot, y, "ink", 0.8, dashed=True),
        *(Label(at, height, say(f"quadrant.{name}"), NOTE, "muted", "middle") for name, at, height in corners),
        Label(x, foot + 10, say.number(found.crosshair[1]), NOTE, "ink", "middle"),
        Label(20, y + 2.6, say.number(found.crosshair[0]), NOTE, "ink", "end"),
        Label(0, 9, say("figure.priorities.importance"), NOTE, "muted"),
        Label(plot, foot + 19, say("figure.priorities.performance"), NOTE, "muted", "end"),
    ]


BESIDE: tuple[tuple[float, float], ...] = ((8, -4), (-8, -4), (8, 11), (-8, 11), (0, -7))
"""Where a point's number may stand, the first that is free."""


def _points(shown: Sequence[PriorityPoint], places: Sequence[tuple[float, float]], upright_line: float) -> list[Mark]:
    marks: list[Mark] = []
    taken = list(places)
    for number, (point, (x, y)) in enumerate(zip(shown, places, strict=True), 1):
        colour = COLOURS.get(point.quadrant, "muted")
        marks.append(Dot(x, y, 4.0, "paper" if point.uncertain else colour, colour, str(number)))
        at = next((each for each in BESIDE if _free(x + each[0], y + each[1] - 3, taken, upright_line)), BESIDE[0])
        taken.append((x + at[0], y + at[1] - 3))
        marks.append(Label(x + at[0], y + at[1], str(number), TEXT, "ink", "middle", bold=True))
    return marks


def _free(x: float, y: float, taken: Sequence[tuple[float, float]], upright_line: float) -> bool:
    return abs(x - upright_line) > 4 and all(abs(x - other) > 7 or abs(y - height) > 7 for other, height in taken)


def _entry(point: PriorityPoint, number: int, say: Words, left: float, top: float, width: float) -> list[Mark]:
    figures = (
        f"r {say.ranged(point.importance)} · {say('priorities.performance')} {say.number(point.performance.value)}"
    )
    return [
        Label(left, top + 8, str(number), TEXT, "ink", bold=True),
        *label_block(say.pick(point.label), left + 14, top + 5, width - 14, language=say.language, lines=1),
        *label_block(
            figures, left + 14, top + 16, width - 14, language=say.language, lines=1, size=NOTE, colour="muted"
        ),
    ]


def _told(point: PriorityPoint, number: int, say: Words) -> str:
    return say(
        "figure.priorities.row", number=number, scale=say.pick(point.label), quadrant=quadrant(point, say),
        importance=say.number(point.importance.value), performance=say.number(point.performance.value),
    )  # fmt: skip


def quadrant(point: PriorityPoint, say: Words) -> str:
    """Its name, and where it may be chance, that it may."""
    name = say(f"quadrant.{point.quadrant}")
    return say("priorities.uncertain", quadrant=name) if point.uncertain else name


def candidates(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """A bar for each candidate as long as its promise, with minutes × frequency beside it."""
    shown = findings.candidates[:MOST]
    if not shown:
        return None
    say = words(language)
    left, right = width * 0.34, width * (0.34 if width < NARROW else 0.26)
    plot = width - left - right
    marks: list[Mark] = []
    rows = []
    for number, each in enumerate(shown):
        y = CANDIDATE_ROW * (number + 0.5)
        name, text = say.pick(each.label), f"{say.duration(each.minutes.value)} × {often(each, say)}"
        marks += label_block(name, 0, y, left - 10, language=language, size=7.5)
        long = max(0.6, plot * each.promise / shown[0].promise)
        marks.append(Rect(left, y - 5, long, 10, "high1", None, f"{name} {text}"))
        marks.append(Label(width, y + 3, text, TEXT, "ink", "end"))
        rows.append(f"{name} {text}")
    edges = between_rows(0.0, CANDIDATE_ROW, len(shown))
    return Scene(width, edges[-1] + 2, say("figure.candidates"), say.list(rows), tuple(marks), edges)


def often(each: CandidateFinding, say: Words) -> str:
    """How often, as it counts: the share of people, or the place of the mean between never and almost always."""
    if each.by == "measured":
        return say.percent(((each.frequency.value or 1) - 1) / 4)
    return ("≥ " if each.frequency.params.get("masked") else "") + say.percent(each.frequency.value)
