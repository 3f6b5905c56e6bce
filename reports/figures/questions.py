"""Questions outside the scales: bars of one question, and a table or an axis for the parts of one with several."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, between_rows, label_block, line
from reports.figures.flow import candidates, with_orders
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, ON_DARK, Role, ramp
from reports.wording import Words, words
from surveys.analysis.findings import Level, PartFinding, QuestionFinding
from surveys.statistics.estimate import Estimate

ROW = 18.0
PART_ROW = 24.0
HEAD = 26.0
MOST_COLUMNS = 8  # of a table that can be read


def question(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """What was answered: a bar for each option; where there are parts, their levels or their figures."""
    if finding.type == "ecrs":
        return candidates(finding, language, width) or figures(finding, language, width)
    if finding.type == "flow_order":
        return with_orders(figures(finding, language, width), finding, language)
    if finding.kind == "table":
        return table(finding, language, width)
    if finding.kind == "figures":
        return figures(finding, language, width)
    return bars(finding, language, width)


def bars(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """A bar for each option, in the order of the questionnaire."""
    levels = [level for level in finding.levels if level.count is not None or level.share is not None]
    if not levels:
        return None
    say = words(language)
    left = width * 0.34
    plot = width - left - 80
    longest = max([level.share or 0.0 for level in levels] + [0.01])
    marks: list[Mark] = []
    rows = []
    for number, level in enumerate(levels):
        y = ROW * (number + 0.5)
        name = say.pick(level.label)
        marks += label_block(name, 0, y, left - 10, language=language, lines=1)
        text = _share(level, say) if level.share is not None else ""
        marks.append(
            Rect(left, y - 5, max(0.6, plot * (level.share or 0.0) / longest), 10, "high1", None, f"{name} {text}")
        )
        marks.append(Label(width - 34, y + 3, text, TEXT, "ink", "end"))
        marks.append(Label(width, y + 3, "" if level.count is None else str(level.count), NOTE, "muted", "end"))
        rows.append(f"{name} {text or level.count}")
    return Scene(
        width, ROW * len(levels) + 2, say.pick(finding.label), say.list(rows), tuple(marks),
        between_rows(0.0, ROW, len(levels)),
    )  # fmt: skip


def _share(level: Level, say: Words) -> str:
    bound = {"at_least": "≥", "at_most": "≤"}.get(level.masked, "")
    return bound + say.percent(level.share)


def table(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Parts × levels: each cell holds the share of the part's answers, or their number below n = 10.

    More levels than can be read side by side go on below. A feature's Kano category stands behind its name.
    """
    parts = [part for part in finding.parts if part.levels]
    if not parts:
        return None
    say = words(language)
    count = len(parts[0].levels)
    across = -(-count // -(-count // MOST_COLUMNS))
    marks: list[Mark] = []
    edges: tuple[float, ...] = ()
    for first in range(0, count, across):
        top = HEAD if not edges else edges[-1] + ROW + HEAD
        marks += _columns(parts, slice(first, first + across), across, top, say, width)
        edges += between_rows(top, PART_ROW, len(parts))
    said = say.list([_named(part, say) for part in parts])
    return Scene(width, edges[-1] + 2, say.pick(finding.label), said, tuple(marks), edges)


def _columns(
    parts: list[PartFinding], shown: slice, across: int, top: float, say: Words, width: float
) -> Iterator[Mark]:
    """The parts' names and some of their levels as a table whose first row is at ``top``, its head above."""
    left, gap = width * (0.3 if width < NARROW else 0.34), 2.0
    step = (width - left) / across
    for place, level in enumerate(parts[0].levels[shown]):
        x, y = left + step * place, top - HEAD + 10
        yield from label_block(say.pick(level.label), x, y, step - 4, language=say.language, size=NOTE, colour="muted")
    for number, part in enumerate(parts):
        y, name = top + PART_ROW * number, _named(part, say)
        yield from label_block(name, 0, y + PART_ROW / 2, left - 10, language=say.language, size=7.5)
        for place, level in enumerate(part.levels[shown]):
            text = str(level.count) if level.share is None else _share(level, say)
            fill = ramp(level.share or 0.0)
            x = left + step * place
            yield Rect(x, y, step - gap, PART_ROW - gap, fill, None, f"{name} {say.pick(level.label)} {text}")
            colour: Role = "paper" if fill in ON_DARK else "ink"
            yield Label(x + (step - gap) / 2, y + PART_ROW / 2 + 2, text, TEXT, colour, "middle")


def _named(part: PartFinding, say: Words) -> str:
    name = say.pick(part.label)
    return f"{name} ({say(f'kano.{part.category}')})" if part.category else name


def figures(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Each part's figure with its interval, on one axis."""
    parts = [
        (part, part.estimate, part.estimate.value)
        for part in finding.parts
        if part.estimate is not None and part.estimate.value is not None
    ]
    if not parts:
        return None
    say = words(language)
    left, right = width * (0.36 if width < NARROW else 0.34), 84.0
    plot = width - left - right
    low, high = _range(finding, [estimate for _, estimate, _ in parts])
    form = _form(finding, say)

    def x(value: float) -> float:
        return left + plot * min(1.0, max(0.0, (value - low) / (high - low)))

    bottom = PART_ROW * len(parts)
    marks: list[Mark] = [line(left, bottom, left + plot, bottom, "rule", 0.6)]
    marks += [Label(x(end), bottom + 10, form(end), NOTE, "muted", "middle") for end in (low, high)]
    if low < 0 < high:
        marks.append(line(x(0), 0, x(0), bottom, "rule", 0.8, dashed=True))
    rows = []
    for number, (part, estimate, value) in enumerate(parts):
        y = PART_ROW * (number + 0.5)
        name, text = say.pick(part.label), form(value)
        marks += label_block(name, 0, y, left - 10, language=language, size=7.5)
        if estimate.ci_low is not None and estimate.ci_high is not None:
            marks.append(line(x(estimate.ci_low), y, x(estimate.ci_high), y, "high2", 1.6))
        marks.append(Dot(x(value), y, 3.4, "high2", "paper", f"{name} {text}"))
        marks.append(Label(width - 36, y + 3, text, TEXT, "ink", "end", bold=True))
        marks.append(Label(width, y + 3, say("n", n=estimate.n_valid), NOTE, "muted", "end"))
        rows.append(f"{name} {text}")
    return Scene(
        width, bottom + 16, say.pick(finding.label), say.list(rows), tuple(marks),
        between_rows(0.0, PART_ROW, len(parts)),
    )  # fmt: skip


def _range(finding: QuestionFinding, estimates: list[Estimate]) -> tuple[float, float]:
    """The axis: as the finding says, else wide enough for every interval."""
    ends = [end for each in estimates for end in (each.value, each.ci_low, each.ci_high) if end is not None]
    low = min(ends) if finding.low is None else finding.low
    high = max(ends) if finding.high is None else finding.high
    return (low, high) if high > low else (low, low + 1)


def _form(finding: QuestionFinding, say: Words) -> Callable[[float | None], str]:
    if finding.percent:
        return say.percent
    if finding.high is not None and finding.high <= 1:
        return say.number
    return say.short


__all__ = ["bars", "figures", "question", "table"]
