"""The first page: which exam, when, for whom, with which pass mark."""

from __future__ import annotations

from typing import Any

from reports import cover
from reports.figure import Mark, Rect, Scene
from reports.style import CONTENT_WIDTH
from reports.wording import Words
from surveys.analysis.training_findings import TrainingFindings


def draw_cover(canvas: Any, findings: TrainingFindings, say: Words) -> None:
    titles = (say("training.title"), findings.programme.name, say.pick(findings.exam.title))
    cover.draw(canvas, say, titles, _band(findings), _facts(findings, say))


def _band(findings: TrainingFindings) -> Scene:
    """All candidates as one bar: passed dark, undecided pale, failed orange, missing empty."""
    people = findings.participation
    marks: list[Mark] = [Rect(0, 0, CONTENT_WIDTH, 9, "wash")]
    x = 0.0
    for count, fill in ((people.passed, "accent"), (people.undecided, "soft"), (people.failed, "low1")):
        long = CONTENT_WIDTH * count / max(1, people.candidates)
        marks.append(Rect(x, 0, long, 9, fill))  # type: ignore[arg-type]
        x += long
    return Scene(CONTENT_WIDTH, 9, "", "", tuple(marks))


def _facts(findings: TrainingFindings, say: Words) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    exam, people, programme = findings.exam, findings.participation, findings.programme
    window = say("training.cover.none")
    if exam.opened_on:
        window = say("training.cover.open", since=exam.opened_on)
    if exam.opened_on and exam.closed_on:
        window = say.span(exam.opened_on, exam.closed_on).replace("–", " – ")
    waiting = findings.scores.unfinished
    state = "provisional" if waiting else "final"
    left = [
        ("cover.process", programme.process), ("cover.owner", programme.owner), ("cover.sponsor", programme.sponsor),
        ("training.cover.window", window),
    ]  # fmt: skip
    right = [
        (
            "training.cover.paper",
            say(
                "training.cover.paper.value", n=exam.items_per_paper, total=say.short(exam.total), minutes=exam.minutes
            ),
        ),
        (
            "training.cover.pass",
            say("training.cover.pass.value", cut=say.short(exam.cut), share=say.percent(exam.cut / (exam.total or 1))),
        ),
        (
            "training.cover.candidates",
            say(
                "training.cover.candidates.value", n=people.candidates, sat=people.sat,
                rate=say.percent(people.rate.value),
            ),
        ),
        ("training.cover.state", say(f"training.cover.state.{state}", n=waiting, scoring=exam.scoring)),
    ]  # fmt: skip
    return left, right
