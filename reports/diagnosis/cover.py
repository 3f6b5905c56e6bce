"""The first page: what was asked, where, when, of whom."""

from __future__ import annotations

from typing import Any

from reports.characters import printable
from reports.diagnosis.targets import target_text
from reports.document import MAKER, marks_on
from reports.figure import Mark, Rect, Scene
from reports.paragraph import Line, Run, break_runs, draw_line, fit, write
from reports.style import BODY, CONTENT_WIDTH, DISPLAY, HEADING, INKS, LEAD, MARGIN_X, PAGE_HEIGHT, SMALL, span
from reports.wording import NONE, Words
from surveys.analysis.findings import DiagnosisFindings

TOP = PAGE_HEIGHT - 92
FACTS_TOP = 330.0


def draw(canvas: Any, findings: DiagnosisFindings, say: Words) -> None:
    write(canvas, MARGIN_X, TOP, MAKER, BODY, "accent", bold=True)
    y = TOP - 132
    for text, size, colour, lines in (
        (say("report.title"), DISPLAY, "ink", 2),
        (findings.programme.name, HEADING, "ink", 2),
        (findings.wave.title, LEAD, "muted", 1),
    ):
        for part in fit(printable(text[:400], say.language), CONTENT_WIDTH, size, lines):
            write(canvas, MARGIN_X, y, part, size, colour, bold=size == DISPLAY)  # type: ignore[arg-type]
            y -= size * 1.4
        y -= 6
    marks_on(canvas, _band(findings), MARGIN_X, y - 40)
    _facts(canvas, findings, say)


def _band(findings: DiagnosisFindings) -> Scene:
    """The process as measured: every step as long as it takes, work dark and waiting pale."""
    times = [(step.wait.value or 0.0, step.work.value or 0.0) for step in findings.steps]
    total = sum(map(sum, times))
    marks: list[Mark] = []
    x = 0.0
    gap = 2.0
    room = CONTENT_WIDTH - gap * max(0, len(times) - 1)
    for wait, work in times if total else ():
        marks.append(Rect(x, 0, room * wait / total, 9, "soft"))
        x += room * wait / total
        marks.append(Rect(x, 0, room * work / total, 9, "accent"))
        x += room * work / total + gap
    return Scene(CONTENT_WIDTH, 9, "", "", tuple(marks or [Rect(0, 3, CONTENT_WIDTH, 3, "accent")]))


def _facts(canvas: Any, findings: DiagnosisFindings, say: Words) -> None:
    """Two columns of facts above the foot of the page."""
    programme, wave, response = findings.programme, findings.wave, findings.response
    window = f"{wave.opened_on} – {wave.closed_on}" if wave.closed_on else say("cover.open", since=wave.opened_on)
    answered = say("cover.answered", n=response.responded)
    if response.invited is not None:
        answered = say(
            "cover.answered.of", n=response.responded, invited=response.invited,
            rate=say.percent(response.rate.value if response.rate else None),
        )  # fmt: skip
    left = [
        ("cover.process", programme.process), ("cover.scope", programme.scope),
        ("cover.owner", programme.owner), ("cover.sponsor", programme.sponsor),
    ]  # fmt: skip
    right = [
        ("cover.window", window), ("cover.responses", answered),
        ("cover.anonymity", say(f"anonymity.{wave.anonymity}")),
        ("cover.targets", "\n".join(target_text(target, say) for target in programme.targets[:3])),
    ]  # fmt: skip
    for x, facts in ((MARGIN_X, left), (MARGIN_X + span(6) + 12, right)):
        y = FACTS_TOP
        for key, value in facts:
            y = _fact(canvas, say(key), printable(value[:600], say.language) or NONE, x, y)


def _fact(canvas: Any, name: str, value: str, x: float, y: float) -> float:
    width = span(6) - 12
    canvas.setStrokeColor(INKS["rule"])
    canvas.setLineWidth(0.5)
    canvas.line(x, y + 14, x + width, y + 14)
    write(canvas, x, y, name, SMALL, "muted")
    lines: list[Line] = break_runs([Run(value)], width - 68, BODY)[:4]
    for number, line in enumerate(lines):
        draw_line(canvas, line, x + 68, y - number * 15, BODY)
    return y - max(1, len(lines)) * 15 - 19
