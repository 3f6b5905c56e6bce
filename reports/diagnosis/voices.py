"""What else was asked, and what people wrote."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from reports.diagnosis.sources import source
from reports.document import Document
from reports.figures import question
from reports.paragraph import Prose
from reports.wording import NONE, Words
from surveys.analysis.findings import CommentFinding, DiagnosisFindings, QuestionFinding

MOST_COMMENTS = 200
MOST_CHARACTERS = 120_000
"""Bounds for one question, so that a report stays a report; what is left out is said and stands in the export."""


def add_questions(document: Document, findings: DiagnosisFindings) -> None:
    say, language = document.say, document.language
    shown = [found for found in findings.questions if found.levels or found.estimates]
    if not shown:
        return
    document.section(say("questions.topic"), say("questions.finding", n=len(shown)), new_page=True)
    for found in shown:
        document.subheading(" ".join(say.pick(found.label)[:400].split()))
        figures = _figures(document, found)
        scene = question(found, language)
        if scene:
            n = max([estimate.n_valid for estimate in found.estimates.values()], default=0)
            people = "" if found.multiple or not n else say("n", n=n)
            note = say("join").join(
                filter(None, [people, figures, say("questions.multiple") if found.multiple else ""])
            )
            document.figure(scene, source(findings, say, method="share", note=note))
        elif figures:
            document.prose(figures)


def _figures(document: Document, found: QuestionFinding) -> str:
    say = document.say
    parts = []
    for name, estimate in found.estimates.items():
        if estimate.value is None:
            continue
        form = _form(found.type, name, say)
        interval = say.interval(estimate, form)
        label = say(f"estimate.{name}") if say.has(f"estimate.{name}") else name
        parts.append(
            say("questions.estimate", name=label, value=form(estimate.value), n=estimate.n_valid)
            + (f" ({interval})" if interval else "")
        )
    return say("join").join(parts)


def _form(kind: str, name: str, say: Words) -> Callable[[float | None], str]:
    """How an estimate of such a question is printed: a duration from its minutes, a score without decimals."""
    if kind == "duration":
        return say.duration
    return lambda value: say.number(value, 0 if name == "nps" else 1)


def add_comments(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    written = [found for found in findings.comments if found.n]
    if not written:
        return
    document.section(say("comments.topic"), say("comments.finding", n=sum(found.n for found in written)), new_page=True)
    document.caption(say("comments.caption"))

    for found in written:
        document.subheading(f"{' '.join(say.pick(found.label)[:400].split()) or NONE}  (n = {found.n})")
        if found.withheld:
            document.note(say("withheld", k=findings.wave.minimum_comments))
            continue
        printed = _printed(found)
        for number, text in enumerate(printed, 1):
            document.add(_comment(text, number, document.language))
        if found.n > len(printed):
            document.note(say("more_in_export", n=found.n - len(printed)))


def _comment(text: str, number: int, language: str) -> Prose:
    return Prose(text, language=language, size=8.5, indent=22, space_after=5, marker=str(number))


def _printed(found: CommentFinding) -> tuple[str, ...]:
    """The comments that fit the bounds, in the order given; the first is always printed."""
    first = found.texts[:MOST_COMMENTS]
    fitting = sum(length <= MOST_CHARACTERS for length in accumulate(map(len, first)))
    return first[: max(1, fitting)]
