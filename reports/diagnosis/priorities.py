"""What to improve first: importance–performance of the scales, and candidates for change."""

from __future__ import annotations

from reports.diagnosis.sources import source
from reports.document import Document
from reports.figures.priorities import candidates, often, priorities, quadrant
from reports.style import CONTENT_WIDTH
from reports.table import Column
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings, PriorityFinding


def add_priorities(document: Document, findings: DiagnosisFindings) -> None:
    say, found = document.say, findings.priorities
    scene = priorities(findings, document.language)
    if scene is None or found is None or found.crosshair is None:
        return
    document.section(say("priorities.topic"), _first(found, say), new_page=True)
    document.caption(
        say(
            "priorities.caption", overall=" ".join(say.pick(found.overall)[:120].split()),
            importance=say.number(found.crosshair[0]), performance=say.number(found.crosshair[1]),
        )
    )  # fmt: skip
    shown = [point for point in found.points if point.quadrant]
    document.figure(scene, source(findings, say, *(point.importance for point in shown), note=say("priorities.note")))
    columns = [
        Column(say("priorities.scale"), CONTENT_WIDTH - 334), Column(say("priorities.importance"), 104, "decimal"),
        Column(say("priorities.performance"), 104, "decimal"), Column("n", 36, "right"),
        Column(say("priorities.quadrant"), 90, "right"),
    ]  # fmt: skip
    rows = [
        [
            say.pick(point.label), say.ranged(point.importance), say.ranged(point.performance),
            str(point.importance.n_valid), quadrant(point, say),
        ]
        for point in shown
    ]  # fmt: skip
    document.table(columns, rows)


def _first(found: PriorityFinding, say: Words) -> str:
    """The scales to concentrate on that are certainly of that quadrant; else those that may be."""
    there = [point for point in found.points if point.quadrant == "concentrate"]
    for key, points in (
        ("priorities.finding", [point for point in there if not point.uncertain]),
        ("priorities.finding.uncertain", there),
    ):
        if points:
            return say(key, scales=say.list([say.quoted(point.label) for point in points[:3]]))
    return say("priorities.finding.none")


def add_candidates(document: Document, findings: DiagnosisFindings) -> None:
    say, found = document.say, findings.candidates
    if not found:
        return
    first, by = found[0], found[0].by
    finding = say(
        f"candidates.finding.{by}", first=say.quoted(first.label), minutes=say.duration(first.minutes.value),
        share=say.percent(first.frequency.value), errors=often(first, say),
    )  # fmt: skip
    document.section(say("candidates.topic"), finding)
    document.caption(say(f"candidates.caption.{by}"))
    document.figure(candidates(findings, document.language), source(findings, say, *(each.minutes for each in found)))
    minutes, frequency = ("saved", "share") if by == "suggested" else ("wait", "errors")
    columns = [
        Column(say("candidates.column.candidate"), CONTENT_WIDTH - 350),
        Column(say(f"candidates.column.{minutes}"), 92, "right"),
        Column(say(f"candidates.column.{frequency}"), 70, "right"),
        Column(say("candidates.column.promise"), 80, "right"), Column(say("candidates.column.today"), 72, "right"),
        Column("n", 36, "right"),
    ]  # fmt: skip
    rows = [
        [
            say.pick(each.label), say.ranged_duration(each.minutes), often(each, say), say.duration(each.promise),
            say.duration(each.today), str(each.minutes.n_valid),
        ]
        for each in found
    ]  # fmt: skip
    document.table(columns, rows)
