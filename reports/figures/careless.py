"""Scales with the answers that look careless and without them."""

from __future__ import annotations

from reports.figure import NOTE, Dot, Label, Mark, Scene, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH
from reports.wording import Words, words
from surveys.analysis.findings import DiagnosisFindings, WithoutFlagged

ROW, TOP = 26.0, 22.0


def careless(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Two rows of dots for each scale, everybody filled and the rest hollow, each with its interval, on its range."""
    shown = findings.response.without_flagged
    if not shown:
        return None
    say = words(language)
    left, right = width * (0.32 if width < NARROW else 0.25), 74.0
    plot = width - left - right
    marks: list[Mark] = [
        Dot(left + 4, 8, 3.6, "high2"), Label(left + 12, 11, say("careless.everybody"), NOTE, "muted"),
        Dot(left + plot * 0.5, 8, 3.2, "paper", "low2"),
        Label(left + plot * 0.5 + 8, 11, say("careless.without"), NOTE, "muted"),
    ]  # fmt: skip
    rows = []
    for number, each in enumerate(shown):
        y = TOP + ROW * (number + 0.5)
        marks += label_block(say.pick(each.label), 0, y, left - 12, language=language)
        marks += _pair(each, left, plot, y)
        text = _change(each, say)
        marks.append(Label(width, y + 3, text, NOTE, "ink", "end"))
        rows.append(f"{say.pick(each.label)} {text}")
    edges = between_rows(TOP, ROW, len(shown))
    return Scene(width, edges[-1] + 2, say("figure.careless"), say.list(rows), tuple(marks), edges)


def _pair(each: WithoutFlagged, left: float, plot: float, y: float) -> list[Mark]:
    def x(value: float | None) -> float:
        share = ((value if value is not None else each.low) - each.low) / (each.high - each.low)
        return left + plot * min(1.0, max(0.0, share))

    marks: list[Mark] = [line(left, y, left + plot, y, "wash", 0.6)]
    for mean, up in ((each.everybody, -4.0), (each.without, 4.0)):
        colour = "high2" if up < 0 else "low2"
        if mean.ci_low is not None and mean.ci_high is not None:
            marks.append(line(x(mean.ci_low), y + up, x(mean.ci_high), y + up, colour, 1.2))  # type: ignore[arg-type]
    marks.append(Dot(x(each.everybody.value), y - 4, 3.6, "high2", "paper"))
    marks.append(Dot(x(each.without.value), y + 4, 3.2, "paper", "low2"))
    return marks


def _change(each: WithoutFlagged, say: Words) -> str:
    return f"{say.number(each.everybody.value)} → {say.number(each.without.value)}"
