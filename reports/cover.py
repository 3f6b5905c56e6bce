"""The first page of a report: what it is, of which programme, a band that sums it up, two columns of facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.characters import printable
from reports.document import MAKER, marks_on
from reports.figure import Scene
from reports.paragraph import Line, Run, break_runs, draw_line, fit, write
from reports.structure import artifact, content
from reports.style import BODY, CONTENT_WIDTH, DISPLAY, HEADING, INKS, LEAD, MARGIN_X, SMALL, span
from reports.wording import NONE, Words

Facts = Sequence[tuple[str, str]]
TOP, FACTS_TOP = 92.0, 330.0  # of the maker's name below the edge, and of the facts above the foot


def draw(canvas: Any, say: Words, titles: tuple[str, str, str], band: Scene, columns: tuple[Facts, Facts]) -> None:
    """``titles``: of the report, the programme, the wave. ``columns``: (key of a name, value)."""
    y = canvas._pagesize[1] - TOP
    with content(canvas, "P"):
        write(canvas, MARGIN_X, y, MAKER, BODY, "accent", bold=True)
    y -= 132
    for text, size, colour, lines in (
        (titles[0], DISPLAY, "ink", 2), (titles[1], HEADING, "ink", 2), (titles[2], LEAD, "muted", 1),
    ):  # fmt: skip
        with content(canvas, "H1" if size == DISPLAY else "P"):
            for part in fit(printable(text[:400], say.language), CONTENT_WIDTH, size, lines):
                write(canvas, MARGIN_X, y, part, size, colour, bold=size == DISPLAY)  # type: ignore[arg-type]
                y -= size * 1.4
        y -= 6
    with artifact(canvas):
        marks_on(canvas, band, MARGIN_X, y - 40)
    for x, facts in ((MARGIN_X, columns[0]), (MARGIN_X + span(6) + 12, columns[1])):
        y = FACTS_TOP
        for key, value in facts:
            y = _fact(canvas, say(key), printable(value[:600], say.language) or NONE, x, y)


def _fact(canvas: Any, name: str, value: str, x: float, y: float) -> float:
    width = span(6) - 12
    with artifact(canvas):
        canvas.setStrokeColor(INKS["rule"])
        canvas.setLineWidth(0.5)
        canvas.line(x, y + 14, x + width, y + 14)
    lines: list[Line] = break_runs([Run(value)], width - 68, BODY)[:4]
    with content(canvas, "P"):
        write(canvas, x, y, name, SMALL, "muted")
        for number, line in enumerate(lines):
            draw_line(canvas, line, x + 68, y - number * 15, BODY)
    return y - max(1, len(lines)) * 15 - 19
