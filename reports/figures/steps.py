"""The process step by step: a heat map of four measures, and a time line of work against waiting."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, Shape, between_rows, label_block
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, ON_DARK, Role, ramp
from reports.wording import NONE, Words, words
from surveys.analysis.findings import DiagnosisFindings, StepFinding
from surveys.statistics.estimate import Estimate

MEASURES = ("work", "wait", "errors", "pain")


def _value(step: StepFinding, measure: str) -> Estimate:
    estimate: Estimate = getattr(step, measure)
    return estimate


def heat_map(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Steps × (work, waiting, errors, pain); the figure is printed in every cell, so that colour is never needed."""
    if not findings.steps:
        return None
    say = words(language)
    narrow = width < NARROW
    left = width * (0.32 if narrow else 0.34)
    row, top, gap = 30.0, 20.0, 2.0
    column = (width - left) / len(MEASURES)
    marks: list[Mark] = [Label(0, 12, say("figure.step"), NOTE, "muted")]
    longest = {
        measure: max((_value(step, measure).value or 0.0 for step in findings.steps), default=0.0)
        for measure in MEASURES
    }
    for place, measure in enumerate(MEASURES):
        marks.append(Label(left + column * (place + 0.5), 12, say(f"figure.{measure}"), NOTE, "muted", "middle"))
    rows = []
    for number, step in enumerate(findings.steps):
        y = top + row * number
        marks += _name(step, number, say, y + row / 2, left, language)
        for place, measure in enumerate(MEASURES):
            text, share = _cell(_value(step, measure), measure, longest[measure], say)
            x = left + column * place
            fill = ramp(share)
            stroke = step.bottleneck and measure == "wait"
            marks.append(Rect(x, y, column - gap, row - gap, fill, None, f"{say.pick(step.label)} {text}"))
            if stroke:
                marks.append(Rect(x + 0.8, y + 0.8, column - gap - 1.6, row - gap - 1.6, None, "low2"))
            colour: Role = "paper" if fill in ON_DARK else "ink"
            marks.append(Label(x + (column - gap) / 2, y + row / 2 + 2, text, TEXT, colour, "middle", bold=stroke))
        rows.append(f"{say.pick(step.label)} {say.duration(step.wait.value)}")
    description = say("figure.heat.description", rows=say.list(rows))
    rows_at = between_rows(top, row, len(findings.steps))
    return Scene(width, rows_at[-1] + 2, say("figure.heat"), description, tuple(marks), rows_at)


def _name(step: StepFinding, number: int, say: Words, y: float, left: float, language: str) -> list[Mark]:
    owner = say.pick(step.owner)
    shift = 5.0 if owner else 0.0
    marks: list[Mark] = [Label(0, y - shift + 3, str(number + 1), TEXT, "muted")]
    marks += label_block(
        say.pick(step.label), 14, y - shift, left - 22, language=language, lines=1, bold=step.bottleneck
    )
    if owner:
        note = say("figure.bottleneck") if step.bottleneck else owner
        if step.bottleneck and left > 140:
            note = f"{owner} · {note}"
        marks += label_block(note, 14, y + shift + 1, left - 22, language=language, lines=1, size=NOTE, colour="muted")
    return marks


def _cell(estimate: Estimate, measure: str, longest: float, say: Words) -> tuple[str, float]:
    """The printed figure and how dark its cell is."""
    value = estimate.value
    if value is None:
        return NONE, 0.0
    if measure in ("work", "wait"):
        return say.duration(value), value / longest if longest else 0.0
    return say.number(value, 1), (value - 1) / 4


def timeline(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """One bar per step on a common time axis, waiting before work, each step starting where the last one ended."""
    known = [step for step in findings.steps if step.work.value is not None or step.wait.value is not None]
    total = sum((step.work.value or 0.0) + (step.wait.value or 0.0) for step in known)
    if not known or total <= 0:
        return None
    say = words(language)
    narrow = width < NARROW
    left, right = width * (0.3 if narrow else 0.22), 58.0
    plot = width - left - right
    row, top = 24.0, 20.0
    marks = _key(say, left)
    elapsed, rows = 0.0, []
    for number, step in enumerate(known):
        y = top + row * (number + 0.5)
        wait, work = step.wait.value or 0.0, step.work.value or 0.0
        name = say.pick(step.label)
        marks += label_block(name, 0, y, left - 10, language=language, lines=2, bold=step.bottleneck)
        x = left + plot * elapsed / total
        long_wait, long_work = plot * wait / total, max(plot * work / total, 0.8 if work else 0.0)
        marks.append(Rect(left, y + row / 2 - 0.4, plot, 0.4, "wash"))
        marks.append(Rect(x, y - 6, long_wait, 12, "low1", "low2", f"{name} {say.duration(wait)}"))
        marks.append(Rect(x + long_wait, y - 6, long_work, 12, "high2", None, f"{name} {say.duration(work)}"))
        marks.append(Label(width, y + 3, say.duration(wait + work), TEXT, "ink", "end", bold=step.bottleneck))
        if step.bottleneck:
            marks += _flag(say("figure.bottleneck"), x, x + long_wait + long_work, y, left + plot)
        elapsed += wait + work
        rows.append(f"{name} {say.duration(wait + work)}")
    description = say("figure.timeline.description", rows=say.list(rows))
    rows_at = between_rows(top, row, len(known))
    return Scene(width, rows_at[-1] + 4, say("figure.timeline"), description, tuple(marks), rows_at)


def _key(say: Words, left: float) -> list[Mark]:
    return [
        Rect(left, 4, 10, 8, "low1", "low2"),
        Label(left + 14, 11, say("figure.wait"), NOTE, "muted"),
        Rect(left + 64, 4, 10, 8, "high2"),
        Label(left + 78, 11, say("figure.work"), NOTE, "muted"),
    ]


def _flag(text: str, start: float, end: float, y: float, limit: float) -> list[Mark]:
    """A triangle and a word beside the bar, on the side that has room."""
    if end + 46 < limit:
        return [
            Shape(((end + 4, y), (end + 9, y - 3), (end + 9, y + 3)), "low2"),
            Label(end + 12, y + 2.6, text, NOTE, "ink", bold=True),
        ]
    return [
        Shape(((start - 4, y), (start - 9, y - 3), (start - 9, y + 3)), "low2"),
        Label(start - 12, y + 2.6, text, NOTE, "ink", "end", bold=True),
    ]
