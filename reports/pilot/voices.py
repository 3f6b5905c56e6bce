"""Problems met in the pilot, and what its participants said."""

from __future__ import annotations

from reports.diagnosis import voices
from reports.diagnosis.sources import source
from reports.document import Column, Document
from reports.figures import pareto
from reports.figures.fishbone import cause_name
from surveys.analysis.pilot_evaluation import Evaluation


def add_problems(document: Document, evaluation: Evaluation) -> None:
    say, findings = document.say, evaluation.voices
    if findings is None:
        return
    scene = pareto(findings, document.language)
    if scene is None:
        document.section(say("pilot.problems.topic"), say("pilot.problems.finding.none"), new_page=True)
        return
    vital = [pain for pain in findings.pains if pain.vital]
    document.section(
        say("pilot.problems.topic"),
        say(
            "pilot.problems.finding", count=len(vital), of=len(findings.pains),
            share=say.percent(vital[-1].cumulative if vital else None),
            first=say.quoted(vital[0].label) if vital else "",
        ),
        new_page=True,
    )  # fmt: skip
    document.caption(say("pilot.problems.caption"))
    document.figure(scene, source(findings, say, findings.pains[0].share_of_people, method="pareto"))
    _categories(document, evaluation)


def _categories(document: Document, evaluation: Evaluation) -> None:
    """The same problems by kind of cause, heaviest first."""
    say, findings = document.say, evaluation.voices
    assert findings is not None
    found = sorted((branch for branch in findings.fishbone if branch.weight > 0), key=lambda branch: -branch.weight)
    if not found:
        return
    columns = [
        Column(say("pilot.problems.column.category"), 110), Column(say("pilot.problems.column.share"), 60, "decimal"),
        Column(say("pilot.problems.column.problems"), 313),
    ]  # fmt: skip
    rows = [
        [
            cause_name(branch.category, say),
            say.percent(branch.share, 1),
            say.list(
                [say("pilot.problems.one", problem=say.pick(text), n=n) for text, n in branch.pains]
                + ([say("figure.fishbone.more", n=branch.others)] if branch.others else [])
            ),
        ]
        for branch in found
    ]
    document.table(columns, rows, say("pilot.problems.note"))


def add_comments(document: Document, evaluation: Evaluation) -> None:
    if evaluation.voices is not None:
        voices.add_comments(document, evaluation.voices)
