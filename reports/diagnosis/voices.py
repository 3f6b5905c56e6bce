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
from surveys.statistics.estimate import Estimate

MOST_COMMENTS = 200
MOST_CHARACTERS = 120_000
"""Bounds for one question, so that a report stays a report; what is left out is said and stands in the export."""


def add_questions(document: Document, findings: DiagnosisFindings) -> None:
    say, language = document.say, document.language
    shown = [found for found in findings.questions if found.levels or found.estimates or found.parts]
    if any(each.by == "suggested" for each in findings.candidates):
        shown = [found for found in shown if found.type != "ecrs"]  # has a section of its own
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
            document.figure(scene, source(findings, say, method=_method(found), note=note))
        elif figures:
            document.prose(figures)
        else:
            document.note(say("figure.withheld"))


def _method(found: QuestionFinding) -> str:
    """What the figure is made by: the estimates of parts where it shows these, else shares."""
    estimates = [part.estimate for part in found.parts if part.estimate] if found.kind == "figures" else []
    return estimates[0].method if estimates else "kano" if found.type == "kano" else "share"


def _figures(document: Document, found: QuestionFinding) -> str:
    say = document.say
    known = {name: estimate for name, estimate in found.estimates.items() if estimate.value is not None}
    if found.type == "kano":
        return _indices(document, found)
    if found.type == "ranking":
        labels = {level.value: say.pick(level.label) for level in found.levels}
        ranks = sorted((estimate.value or 0.0, labels.get(name, name)) for name, estimate in known.items())
        return say("questions.rank", ranks=say.list([f"{label} {say.number(rank, 1)}" for rank, label in ranks]))
    parts = []
    for name, estimate in known.items():
        interval = say.interval(estimate, _form(found, say, estimate))
        label = say(f"estimate.{name}") if say.has(f"estimate.{name}") else name
        value = _form(found, say, estimate)(estimate.value)
        parts.append(
            say("questions.estimate", name=label, value=value, n=estimate.n_valid)
            + (f" ({interval})" if interval else "")
        )
    return say("join").join(parts)


def _indices(document: Document, found: QuestionFinding) -> str:
    """How much each feature pleases and its lack displeases, where it may be said."""
    say = document.say
    told = [
        say(
            "kano.indices",
            feature=say.pick(part.label),
            better=say.ranged(part.estimates["better"]),
            worse=say.ranged(part.estimates["worse"]),
        )
        for part in found.parts
        if part.estimates["better"].value is not None
    ]
    return say("join").join(told)


def _form(found: QuestionFinding, say: Words, estimate: Estimate) -> Callable[[float | None], str]:
    """How an estimate and its bounds are printed: durations in the unit of the estimate, numbers in their own."""
    if found.type == "duration":
        return lambda value: say.duration(value, estimate.value)
    if found.percent:
        return say.percent
    unit = say.pick(found.unit) if found.unit else ""
    if unit:
        return lambda value: say("questions.figure", value=say.short(value), unit=unit)
    return say.short


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
