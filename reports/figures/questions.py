"""The distribution of a question outside the scales."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, between_rows, label_block
from reports.style import CONTENT_WIDTH
from reports.wording import words
from surveys.analysis.findings import QuestionFinding

ROW = 18.0


def question(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
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
        bound = {"at_least": "≥", "at_most": "≤"}.get(level.masked, "")
        text = bound + say.percent(level.share) if level.share is not None else ""
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
