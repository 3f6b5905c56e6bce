"""《试点评估报告》: did the pilot make the process better, by the rule fixed before it began? As a PDF document."""

from __future__ import annotations

from reports.document import Document
from reports.pilot import adjustments, cover, durations, methods, satisfaction, targets, verdict, voices
from reports.style import Paper
from reports.wording import words
from surveys.analysis.pilot_evaluation import Evaluation


def render(evaluation: Evaluation, language: str, paper: Paper = "a4") -> bytes:
    """The report in ``language`` (zh-CN or en) as PDF; the same evaluation gives the same bytes.

    Raises ``reports.fonts.FontsMissing`` before set-up has prepared the faces.
    """
    say = words(language)
    running = evaluation.programme.name
    document = Document(say, say("pilot.title"), running, lambda canvas: cover.draw(canvas, evaluation, say), paper)
    verdict.add(document, evaluation)
    targets.add(document, evaluation)
    satisfaction.add(document, evaluation)
    durations.add(document, evaluation)
    voices.add_problems(document, evaluation)
    voices.add_comments(document, evaluation)
    adjustments.add(document, evaluation)
    adjustments.add_risks(document, evaluation)
    methods.add(document, evaluation)
    return document.build()
