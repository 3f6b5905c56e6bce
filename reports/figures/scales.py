"""Scales against the middle of their answer scale, and the answers that they are made of."""

from __future__ import annotations

from collections.abc import Iterable

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, between_rows, label_block, line
from reports.style import CONTENT_WIDTH, ON_DARK, Role, diverging
from reports.wording import Words, words
from surveys.analysis.findings import DiagnosisFindings, ItemFinding, Level, ScaleFinding

ROW = 26.0
NARROW = 360.0
"""Below this width labels stand above their bars."""

VERDICT_COLOURS: dict[str, Role] = {"strength": "high2", "improve": "low2", "mixed": "muted"}


def scales(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Means with intervals, best first; each scale on its own range, so that middles lie on one line."""
    shown = sorted(findings.scales, key=lambda scale: (scale.rank is None, scale.rank or 0))
    if not shown:
        return None
    say = words(language)
    narrow = width < NARROW
    left, right = (0.0, 62.0) if narrow else (width * 0.25, 118.0)
    row = ROW + 12 if narrow else ROW
    plot = width - left - right - 8
    top = 20.0
    bottom = top + row * len(shown)
    marks = _axis(shown, say, left, plot, top, bottom)
    rows = []
    for number, scale in enumerate(shown):
        y = top + row * (number + 0.5)
        name = say.pick(scale.label)
        if narrow:
            marks += label_block(name, 0, y - 10, width - right, language=language, lines=1)
            y += 7
        else:
            marks += label_block(name, 0, y, left - 14, language=language)
        marks += _estimate_marks(scale, say, left, plot, y, width, narrow)
        rows.append(f"{name} {say.number(scale.mean.value)}")
    return Scene(
        width, bottom + 16, say("figure.scales"), say("figure.scales.description", rows=say.list(rows)), tuple(marks),
        between_rows(top, row, len(shown)),
    )  # fmt: skip


def _axis(shown: list[ScaleFinding], say: Words, left: float, plot: float, top: float, bottom: float) -> list[Mark]:
    low, high = shown[0].low, shown[0].high
    alike = all((scale.low, scale.high) == (low, high) for scale in shown)
    marks: list[Mark] = []
    ticks = range(low, high + 1) if alike and high - low <= 10 else range(0)
    for tick in ticks:
        x = left + plot * (tick - low) / (high - low)
        marks.append(line(x, top, x, bottom, "rule", 0.4))
        marks.append(Label(x, bottom + 11, str(tick), NOTE, "muted", "middle"))
    middle = left + plot / 2
    marks.append(line(middle, top - 4, middle, bottom, "ink", 0.9, dashed=True))
    text = say("figure.middle", middle=say.plain(shown[0].middle) if alike else "")
    marks.append(Label(middle, top - 8, text.strip(), NOTE, "muted", "middle"))
    return marks


def _estimate_marks(
    scale: ScaleFinding, say: Words, left: float, plot: float, y: float, width: float, narrow: bool
) -> list[Mark]:
    def x(value: float) -> float:
        return left + plot * min(1.0, max(0.0, (value - scale.low) / (scale.high - scale.low)))

    mean = scale.mean
    if mean.value is None:
        return [Label(x(scale.middle) + 6, y + 3, say("figure.withheld"), NOTE, "muted")]
    colour = VERDICT_COLOURS.get(scale.verdict, "muted")
    marks: list[Mark] = []
    if mean.ci_low is not None and mean.ci_high is not None:
        marks.append(line(x(mean.ci_low), y, x(mean.ci_high), y, colour, 1.6))
        marks += [line(x(end), y - 3, x(end), y + 3, colour, 1.0) for end in (mean.ci_low, mean.ci_high)]
    marks.append(Dot(x(mean.value), y, 3.6, colour, "paper", f"{say.pick(scale.label)} {say.number(mean.value)}"))
    marks.append(Label(width - (0 if narrow else 92), y + 3, say.number(mean.value), TEXT, "ink", "end", bold=True))
    if not narrow:
        span = "" if mean.ci_low is None else f"{say.number(mean.ci_low)}–{say.number(mean.ci_high)}"
        marks.append(Label(width - 38, y + 3, span, NOTE, "muted", "end"))
        marks.append(Label(width, y + 3, say("n", n=mean.n_valid), NOTE, "muted", "end"))
    return marks


def distribution(scale: ScaleFinding, language: str, width: float = CONTENT_WIDTH, reach: float = 1.0) -> Scene | None:
    """Answers to the items of one scale, stacked to both sides of the middle answer; least favourable to the left.

    ``reach`` is the share that half the plot stands for; one value for several figures keeps them comparable.
    """
    say = words(language)
    return item_bars(scale.items, say("figure.distribution", scale=say.pick(scale.label)), language, width, reach)


def reach(items: Iterable[ItemFinding]) -> float:
    """The longest side of any bar, at least a tenth: what ``distribution`` needs to use all its room."""
    return max([0.1, *(max(sides) for item in items if (sides := _sides(item)))])


def _sides(item: ItemFinding) -> tuple[float, float] | None:
    """Shares to the left and right of the middle; half of a middle answer counts for each."""
    shares = [level.share for level in item.levels if level.share is not None]
    if not shares or len(shares) < len(item.levels):
        return None
    half, odd = divmod(len(shares), 2)
    centre = shares[half] / 2 if odd else 0.0
    return sum(shares[:half]) + centre, sum(shares[half + odd :]) + centre


def by_answers(items: Iterable[ItemFinding]) -> list[tuple[ItemFinding, ...]]:
    """``items`` in groups that were answered in the same words, in the order of each group's first item."""
    groups: dict[tuple[str, ...], list[ItemFinding]] = {}
    for item in items:
        levels = item.levels[::-1] if item.reversed else item.levels
        groups.setdefault(tuple(str(sorted(level.label.items())) for level in levels), []).append(item)
    return [tuple(group) for group in groups.values()]


def item_bars(
    items: tuple[ItemFinding, ...], title: str, language: str, width: float = CONTENT_WIDTH, reach: float = 1.0
) -> Scene | None:
    if not items:
        return None
    say = words(language)
    narrow = width < NARROW
    left, right = (0.0, 34.0) if narrow else (width * 0.36, 40.0)
    row = 38.0 if narrow else 22.0
    plot = width - left - right
    centre = left + plot / 2
    bottom = row * len(items)
    marks: list[Mark] = [] if narrow else [line(centre, 0, centre, bottom, "rule", 0.6)]
    rows = []
    for number, item in enumerate(items):
        y = row * (number + 0.5)
        name = say.pick(item.label) + (" ↔" if item.reversed else "")
        if narrow:
            marks += label_block(name, 0, y - 9, width - right, language=language, size=NOTE)
            y += 9
        else:
            marks += label_block(name, 0, y, left - 14, language=language, size=7.5)
        marks += _stack(item, say, centre, plot / 2 / reach, y)
        marks.append(Label(width, y + 3, say("n", n=item.mean.n_valid), NOTE, "muted", "end"))
        rows.append(f"{name} {say.number(item.mean.value)}")
    marks += _legend(items, say, left, plot, bottom + 10, language)
    description = say("figure.distribution.description", rows=say.list(rows))
    return Scene(width, bottom + 22, title, description, tuple(marks), between_rows(0.0, row, len(items)))


def _stack(item: ItemFinding, say: Words, centre: float, half: float, y: float) -> list[Mark]:
    if not item.levels:
        return [Label(centre + 6, y + 3, say("figure.withheld"), NOTE, "muted")]
    sides = _sides(item)
    if sides is None:
        counts = " · ".join(say.plain(level.count) for level in item.levels)
        return [Label(centre, y + 3, f"{counts}  ({say('figure.counts_only')})", NOTE, "muted", "middle")]
    shares = [level.share or 0.0 for level in item.levels]
    fills = diverging(len(shares))
    x = centre - sides[0] * half
    marks: list[Mark] = []
    for level, share, fill in zip(item.levels, shares, fills, strict=True):
        long = share * half
        if long > 0:
            marks.append(Rect(x, y - 7, long, 14, fill, "paper", f"{say.pick(level.label)} {_share(level, say)}"))
        if long > 17:
            colour: Role = "paper" if fill in ON_DARK else "ink"
            marks.append(Label(x + long / 2, y + 2.6, _share(level, say), NOTE, colour, "middle"))
        x += long
    return marks


def _share(level: Level, say: Words) -> str:
    bound = {"at_least": "≥", "at_most": "≤"}.get(level.masked, "")
    return bound + say.percent(level.share)


def _legend(
    items: tuple[ItemFinding, ...], say: Words, left: float, plot: float, y: float, language: str
) -> list[Mark]:
    """The answers of the first item that has any; a reversed item's labels run the other way (marked ↔)."""
    upright = [item for item in items if item.levels and not item.reversed] or [item for item in items if item.levels]
    if not upright:
        return []
    levels = upright[0].levels
    marks: list[Mark] = []
    step = plot / len(levels)
    for number, (level, fill) in enumerate(zip(levels, diverging(len(levels)), strict=True)):
        x = left + number * step
        marks.append(Rect(x, y - 4, 8, 8, fill, "rule"))
        marks += label_block(say.pick(level.label), x + 11, y, step - 13, language=language, size=NOTE, colour="muted")
    return marks
