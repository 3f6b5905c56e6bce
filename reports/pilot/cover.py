"""The first page: which pilot, when, who was asked, and how the targets came out."""

from __future__ import annotations

from typing import Any

from reports import cover
from reports.figure import Mark, Rect, Scene
from reports.pilot.figures import STATUS
from reports.pilot.wording import SIGNS, label, target
from reports.style import CONTENT_WIDTH
from reports.wording import NONE, Words
from surveys.analysis.pilot_evaluation import Evaluation


def draw(canvas: Any, evaluation: Evaluation, say: Words) -> None:
    pilot = evaluation.waves.get("pilot")
    titles = (say("pilot.title"), evaluation.programme.name, pilot.title if pilot else "")
    cover.draw(canvas, say, titles, _band(evaluation), _facts(evaluation, say))


def _band(evaluation: Evaluation) -> Scene:
    """A field for each target, filled by its verdict."""
    judged = [found for found in evaluation.pilot.metrics if found.metric.target is not None]
    gap, marks = 3.0, list[Mark]()
    each = (CONTENT_WIDTH - gap * max(0, len(judged) - 1)) / max(1, len(judged))
    for number, found in enumerate(judged):
        marks.append(Rect((each + gap) * number, 0, each, 9, STATUS[found.verdict]))
    return Scene(CONTENT_WIDTH, 9, "", "", tuple(marks or [Rect(0, 3, CONTENT_WIDTH, 3, "accent")]))


def _facts(evaluation: Evaluation, say: Words) -> tuple[cover.Facts, cover.Facts]:
    programme, record = evaluation.programme, evaluation.record
    fixed = (
        NONE if record.fixed_on is None else say("pilot.cover.plan.fixed", day=record.fixed_on, number=record.number)
    )
    waves = [
        say("pilot.cover.wave", role=say(f"pilot.group.{role}"), opened=wave.opened_on, closed=wave.closed_on or "…")
        for role, wave in evaluation.waves.items()
    ]
    judged = [found for found in evaluation.pilot.metrics if found.metric.target is not None]
    goals = [
        f"{SIGNS[found.verdict or 'insufficient']} {label(found.metric.label, say)} {target(found.metric, say)}"
        for found in judged[:3]
    ]
    left = [
        ("cover.process", programme.process), ("cover.scope", programme.scope), ("cover.owner", programme.owner),
        ("cover.sponsor", programme.sponsor),
    ]  # fmt: skip
    right = [
        ("pilot.cover.start", str(record.plan.started_on)),
        ("pilot.cover.plan", fixed),
        ("pilot.cover.waves", "\n".join(waves)),
        ("cover.targets", "\n".join(goals)),
    ]
    return left, right
