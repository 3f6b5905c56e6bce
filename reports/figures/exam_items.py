"""Items of an exam: how hard against how telling, what the strong and the weak chose, Rasch difficulties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, Shape, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import Words, words
from surveys.analysis.training_findings import ItemResult, TrainingFindings
from surveys.statistics.item_analysis import WEAK_DISCRIMINATION

HIGH = 230.0
LOWEST, HIGHEST = -40.0, 80.0
BAR = 30.0
At = Callable[[ItemResult], tuple[float, float]]
Anchor = tuple[Literal["start", "end"], float]


def item_map(findings: TrainingFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Each item at its facility (across) and discrimination index (up); those that need a look are named."""
    shown = [
        item for item in findings.items if item.facility.value is not None and item.discrimination.value is not None
    ]
    if not shown:
        return None
    say = words(language)
    left, top = 34.0, 12.0
    plot, bottom = width - left - 10, top + HIGH

    def at(item: ItemResult) -> tuple[float, float]:
        index = min(HIGHEST, max(LOWEST, item.discrimination.value or 0.0))
        return left + plot * min(1.0, max(0.0, item.facility.value or 0.0)), bottom - HIGH * (index - LOWEST) / (
            HIGHEST - LOWEST
        )

    zero, weak = (bottom - HIGH * (level - LOWEST) / (HIGHEST - LOWEST) for level in (0.0, WEAK_DISCRIMINATION))
    marks: list[Mark] = [Rect(left, zero, plot, bottom - zero, "wash")]
    for level in range(int(LOWEST), int(HIGHEST) + 1, 20):
        y = bottom - HIGH * (level - LOWEST) / (HIGHEST - LOWEST)
        marks.append(line(left, y, left + plot, y, "ink" if level == 0 else "rule", 0.8 if level == 0 else 0.4))
        marks.append(Label(left - 5, y + 2.5, say.number(level, 0), NOTE, "muted", "end"))
    marks.append(line(left, weak, left + plot, weak, "low2", 1.0, dashed=True))
    marks.append(Label(left + 4, weak - 4, say("training.figure.weak"), NOTE, "muted"))
    marks.append(Label(left + plot - 4, bottom - 6, say("training.figure.negative"), NOTE, "muted", "end"))
    marks += [
        Label(left + plot * tick / 100, bottom + 11, f"{tick}%", NOTE, "muted", "middle") for tick in range(0, 101, 20)
    ]
    marks.append(Label(left + plot, bottom + 22, say("training.figure.facility"), NOTE, "muted", "end"))
    marks += _dots(sorted(shown, key=lambda item: item.serious), at, left + plot - 30)
    named = [item.code for item in shown if item.serious]
    description = say("training.figure.map.description", n=len(shown), items=say.list(named) if named else "–")
    return Scene(width, bottom + 26, say("training.figure.map"), description, tuple(marks))


def _dots(items: list[ItemResult], at: At, edge: float) -> list[Mark]:
    """Names stand to the right of their dots, beyond ``edge`` to the left."""
    marks: list[Mark] = []
    taken: list[tuple[float, float]] = []
    for item in items:
        x, y = at(item)
        if item.serious:
            marks.append(Shape(((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)), "low2", "paper", item.code))
        else:
            marks.append(Dot(x, y, 3.2, "accent", "paper", item.code))
        if item.serious or (item.discrimination.value or 0.0) < 0:
            clash = sum(abs(x - other[0]) < 46 and abs(y - other[1]) < 8 for other in taken)
            side: Anchor = ("end", -7.0) if x > edge else ("start", 7.0)
            marks.append(Label(x + side[1], y + 3 + 8 * clash, item.code, NOTE, "ink", side[0], bold=item.serious))
            taken.append((x, y + 8 * clash))
    return marks


def option_bars(item: ItemResult, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """What the strongest and the weakest 27 % chose: a good key is taken by the strong, a wrong option by the weak."""
    if not item.options:
        return None
    say = words(language)
    narrow = width < NARROW
    left, right = (0.0, 34.0) if narrow else (width * 0.42, 44.0)
    row = BAR + 14 if narrow else BAR
    plot, top = width - left - right, 16.0
    bottom = top + row * len(item.options)
    marks: list[Mark] = []
    for place, (fill, key) in enumerate((("accent", "training.figure.upper"), ("low1", "training.figure.lower"))):
        x = left + place * plot / 2
        marks.append(Rect(x, 2, 8, 8, fill))  # type: ignore[arg-type]
        marks += label_block(say(key), x + 12, 6, plot / 2 - 14, language=language, lines=1, size=NOTE, colour="muted")
    told = []
    for number, option in enumerate(item.options):
        y = top + row * (number + 0.5)
        name = say("training.figure.key", option=say.pick(option.label)) if option.key else say.pick(option.label)
        where = y - row / 2 + 8 if narrow else y
        marks += label_block(
            name, 0, where, width if narrow else left - 12, language=language, lines=1 if narrow else 2, size=7.5,
            bold=option.key,
        )  # fmt: skip
        y += 6 if narrow else 0
        marks += _pair((option.upper, option.lower), say, left, plot, y)
        if not narrow:
            marks.append(line(0, y + row / 2, width, y + row / 2, "rule", 0.4))
        told.append(f"{name} {say.percent(option.upper)} / {say.percent(option.lower)}")
    description = say("training.figure.options.description", rows=say.list(told))
    title = say("training.figure.options", item=item.code)
    return Scene(width, bottom + 2, title, description, tuple(marks), between_rows(top, row, len(item.options)))


def _pair(shares: tuple[float | None, float | None], say: Words, left: float, plot: float, y: float) -> list[Mark]:
    marks: list[Mark] = []
    fills: tuple[Role, Role] = ("accent", "low1")
    for share, fill, above in zip(shares, fills, (-9.0, 1.0), strict=True):
        long = plot * (share or 0.0)
        if long > 0:
            marks.append(Rect(left, y + above, long, 8, fill))
        marks.append(Label(left + long + 4, y + above + 6.6, say.percent(share), NOTE, "ink"))
    return marks


def rasch_ladder(findings: TrainingFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Items by their difficulty in logits with intervals, hardest first."""
    items = sorted(findings.rasch.items, key=lambda item: -(item.difficulty.value or 0.0))
    if not items:
        return None
    say = words(language)
    narrow = width < NARROW
    left, right = (70.0, 34.0) if narrow else (width * 0.42, 96.0)
    row, top = 18.0, 8.0
    plot, bottom = width - left - right, top + 18.0 * len(items)
    bounds = [
        bound for item in items for bound in (item.difficulty.ci_low, item.difficulty.ci_high) if bound is not None
    ]
    low, high = min([-2.0, *bounds]), max([2.0, *bounds])

    def x(value: float) -> float:
        return left + plot * (value - low) / (high - low)

    marks: list[Mark] = []
    for tick in range(int(low) - (low < int(low)), int(high) + 1):
        if low <= tick <= high:
            marks.append(line(x(tick), top, x(tick), bottom, "ink" if tick == 0 else "rule", 0.8 if tick == 0 else 0.4))
            marks.append(Label(x(tick), bottom + 11, say.number(tick, 0), NOTE, "muted", "middle"))
    marks.append(Label(left + plot, bottom + 22, say("training.figure.logits"), NOTE, "muted", "end"))
    told = []
    for number, item in enumerate(items):
        y, found = top + row * (number + 0.5), item.difficulty
        name = item.code if narrow else f"{item.code}  {say.pick(item.text)}"
        marks += label_block(name, 0, y, left - 10, language=language, lines=1, size=7.5)
        if found.ci_low is not None and found.ci_high is not None:
            marks.append(line(x(found.ci_low), y, x(found.ci_high), y, "accent", 1.4))
        marks.append(Dot(x(found.value or 0.0), y, 3.0, "accent", "paper", item.code))
        marks.append(
            Label(width - (0 if narrow else 62), y + 3, say.number(found.value), TEXT, "ink", "end", bold=True)
        )
        if not narrow and found.ci_low is not None:
            span = f"{say.number(found.ci_low)}–{say.number(found.ci_high)}".replace("–−", " ~ −")
            marks.append(Label(width, y + 3, span, NOTE, "muted", "end"))
        told.append(f"{item.code} {say.number(found.value)}")
    description = say("training.figure.rasch.description", rows=say.list(told))
    return Scene(
        width, bottom + 26, say("training.figure.rasch"), description, tuple(marks), between_rows(top, row, len(items))
    )
