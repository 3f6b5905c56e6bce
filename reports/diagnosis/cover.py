"""The first page: what was asked, where, when, of whom."""

from __future__ import annotations

from typing import Any

from reports import cover
from reports.diagnosis.targets import target_text
from reports.figure import Mark, Rect, Scene
from reports.style import CONTENT_WIDTH
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings


def draw(canvas: Any, findings: DiagnosisFindings, say: Words) -> None:
    titles = (say("report.title"), findings.programme.name, findings.wave.title)
    cover.draw(canvas, say, titles, _band(findings), _facts(findings, say))


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


def _facts(findings: DiagnosisFindings, say: Words) -> tuple[cover.Facts, cover.Facts]:
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
    return left, right
