"""Which few pain points carry most of the weight."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, Stroke, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings

VITAL = 0.8
ROW = 22.0


def pareto(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Lying bars, heaviest first, so that whole labels can be read; the cumulative line runs down to 100 %."""
    shown = [pain for pain in findings.pains if pain.weight > 0]
    if not shown:
        return None
    say = words(language)
    narrow = width < NARROW
    left = width * (0.36 if narrow else 0.34)
    right = 42.0 if narrow else 92.0
    plot = width - left - right
    top = 20.0
    bottom = top + ROW * len(shown)
    marks: list[Mark] = [line(left, top, left, bottom, "rule")]
    limit = left + plot * VITAL
    marks.append(line(limit, top - 2, limit, bottom, "ink", 0.8, dashed=True))
    marks.append(Label(limit, top - 6, "80%", NOTE, "muted", "middle"))
    marks.append(Label(width, top - 6, say("figure.pareto.cumulative"), NOTE, "muted", "end"))
    if not narrow:
        marks.append(Label(width - 50, top - 6, say("figure.pareto.people"), NOTE, "muted", "end"))
    points, rows = [], []
    for number, pain in enumerate(shown):
        y = top + ROW * (number + 0.5)
        name = say.pick(pain.label)
        marks += label_block(
            name, 0, y, left - 10, language=language, lines=2, size=7.5 if narrow else TEXT, bold=pain.vital
        )
        fill: Role = "accent" if pain.vital else "soft"
        marks.append(Rect(left, y - 6, plot * pain.share, 12, fill, None, f"{name} {say.percent(pain.share)}"))
        marks.append(
            Label(left + plot * pain.share + (8 if number == 0 else 4), y + 2.6, say.percent(pain.share), NOTE, "ink")
        )
        marks.append(Label(width, y + 3, say.percent(pain.cumulative), NOTE, "muted", "end"))
        if not narrow:
            marks.append(Label(width - 50, y + 3, str(pain.chosen), NOTE, "ink", "end"))
        points.append((left + plot * pain.cumulative, y))
        rows.append(f"{name} {say.percent(pain.share)}")
    marks.append(Stroke(tuple(points), "low2", 1.2))
    marks += [Dot(x, y, 2.2, "low2", "paper") for x, y in points]
    description = say("figure.pareto.description", rows=say.list(rows))
    return Scene(
        width, bottom + 4, say("figure.pareto"), description, tuple(marks), between_rows(top, ROW, len(shown)),
    )  # fmt: skip
