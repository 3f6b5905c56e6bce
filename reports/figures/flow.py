"""The flow: candidates for change by what they promise, and the order in which its steps are really done."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, between_rows, label_block
from reports.style import CONTENT_WIDTH
from reports.wording import words
from surveys.analysis.findings import QuestionFinding
from surveys.analysis.flow import promise

ROW = 24.0
MOST = 12  # candidates that one picture tells


def candidates(finding: QuestionFinding, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """A bar for each suggestion: the minutes it would save × the share of people who make it, with both beside it."""
    parts = [part for part in finding.parts if promise(part) > 0][:MOST]
    if not parts:
        return None
    say = words(language)
    left, right = width * 0.34, width * 0.3
    plot = width - left - right
    longest = promise(parts[0])
    marks: list[Mark] = []
    rows = []
    for number, part in enumerate(parts):
        y = ROW * (number + 0.5)
        name = say.pick(part.label)
        minutes = part.estimate.value if part.estimate else None
        share, n = part.estimates["share"].value, part.levels[0].count
        text = f"{say.duration(minutes)} × {say.percent(share)}"
        marks += label_block(name, 0, y, left - 10, language=language, size=7.5)
        marks.append(Rect(left, y - 5, max(0.6, plot * promise(part) / longest), 10, "high1", None, f"{name} {text}"))
        marks.append(Label(width - 36, y + 3, text, TEXT, "ink", "end"))
        marks.append(Label(width, y + 3, "" if n is None else say("n", n=n), NOTE, "muted", "end"))
        rows.append(f"{name} {text}")
    rows_at = between_rows(0.0, ROW, len(parts))
    return Scene(width, rows_at[-1] + 2, say.pick(finding.label), say.list(rows), tuple(marks), rows_at)


def with_orders(scene: Scene | None, finding: QuestionFinding, language: str) -> Scene | None:
    """The mean places of steps with the most frequent whole orders under them, each with its share."""
    if scene is None or not finding.levels:
        return scene
    say = words(language)
    marks: list[Mark] = list(scene.marks)
    rows = []
    for number, level in enumerate(finding.levels):
        y = scene.height + ROW * (number + 0.5)
        order, share = say.pick(level.label), say.percent(level.share)
        marks += label_block(order, 0, y, scene.width - 84, language=language, size=7.5)
        marks.append(Label(scene.width - 36, y + 3, share, TEXT, "ink", "end", bold=number == 0))
        marks.append(Label(scene.width, y + 3, say("n", n=level.count), NOTE, "muted", "end"))
        rows.append(f"{order} {share}")
    height = scene.height + ROW * len(rows)
    return scene._replace(height=height, description=say.list([scene.description, *rows]), marks=tuple(marks))
