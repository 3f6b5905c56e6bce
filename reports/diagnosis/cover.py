"""The first page: what was asked, where, when, of whom."""

from __future__ import annotations

from typing import Any

from reports import fonts
from reports.characters import printable
from reports.document import marks_on
from reports.figure import Mark, Rect, Scene
from reports.paragraph import Line, Run, break_runs, draw_line, fit
from reports.style import BODY, COLOURS, CONTENT_WIDTH, DISPLAY, HEADING, LEAD, MARGIN_X, PAGE_HEIGHT, SMALL, span
from reports.wording import NONE, Words
from surveys.analysis.findings import DiagnosisFindings, TargetFact

TOP = PAGE_HEIGHT - 92
FACTS_TOP = 330.0


def draw(canvas: Any, findings: DiagnosisFindings, say: Words) -> None:
    canvas.setFillColor(COLOURS["accent"])
    canvas.setFont(fonts.BOLD, BODY)
    canvas.drawString(MARGIN_X, TOP, "问衡 Wenheng")
    y = TOP - 132
    for text in fit(say("report.title"), CONTENT_WIDTH, DISPLAY, 2, True):
        _line(canvas, text, y, DISPLAY, True)
        y -= DISPLAY * 1.35
    y -= 6
    for text in fit(printable(findings.programme.name[:400], say.language), CONTENT_WIDTH, HEADING, 2):
        _line(canvas, text, y, HEADING)
        y -= HEADING * 1.5
    for text in fit(printable(findings.wave.title[:400], say.language), CONTENT_WIDTH, LEAD, 1):
        canvas.setFillColor(COLOURS["muted"])
        canvas.setFont(fonts.REGULAR, LEAD)
        canvas.drawString(MARGIN_X, y, text)
    marks_on(canvas, _band(findings), MARGIN_X, y - 60)
    _facts(canvas, findings, say)


def _line(canvas: Any, text: str, y: float, size: float, bold: bool = False) -> None:
    canvas.setFillColor(COLOURS["ink"])
    canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
    canvas.drawString(MARGIN_X, y, text)


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
        ("cover.targets", "\n".join(_target(target, say) for target in programme.targets[:3])),
    ]  # fmt: skip
    for x, facts in ((MARGIN_X, left), (MARGIN_X + span(6) + 12, right)):
        y = FACTS_TOP
        for key, value in facts:
            y = _fact(canvas, say(key), printable(value[:600], say.language) or NONE, x, y)


def _target(target: TargetFact, say: Words) -> str:
    parts = {"metric": target.metric, "unit": target.unit, "target": say.plain(target.target)}
    if target.baseline is None:
        return say("cover.target", **parts)
    return say("cover.target.from", baseline=say.plain(target.baseline), **parts)


def _fact(canvas: Any, name: str, value: str, x: float, y: float) -> float:
    width = span(6) - 12
    canvas.setStrokeColor(COLOURS["rule"])
    canvas.setLineWidth(0.5)
    canvas.line(x, y + 14, x + width, y + 14)
    canvas.setFillColor(COLOURS["muted"])
    canvas.setFont(fonts.REGULAR, SMALL)
    canvas.drawString(x, y, name)
    lines: list[Line] = break_runs([Run(value)], width - 68, BODY)[:4]
    for number, line in enumerate(lines):
        draw_line(canvas, line, x + 68, y - number * 15, BODY)
    return y - max(1, len(lines)) * 15 - 19
