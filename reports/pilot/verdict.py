"""One page that answers "go on, or not?": the outcome, the rule that was fixed before, and each of its clauses."""

from __future__ import annotations

from reportlab.platypus import Flowable

from reports.document import Block, Column, Document, Space
from reports.figure import NOTE, Label, Mark, Rect, Scene, line, to_drawing
from reports.paragraph import Prose, fit
from reports.pilot.adjustments import sentences
from reports.pilot.wording import SIGNS, VERDICTS, label, level_of_verdict, shown_level, target, verdict, with_unit
from reports.style import BODY, CONTENT_WIDTH, span
from reports.wording import NONE, Words
from surveys.analysis.pilot_evaluation import Evaluation
from surveys.analysis.pilot_findings import MetricFinding, Outcome, Reason

OUTCOMES: tuple[Outcome, ...] = ("go", "adjust", "stop")
STOPPING = ("harmed", "not_met_share")
FIRST = 3  # things to do named on this page


def add(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    document.section(say("pilot.verdict.topic"), headline(evaluation, say))
    document.add(Space(4))
    document.add(to_drawing(_outcomes(evaluation, say)))
    document.add(Space(10))
    judged = [found for found in evaluation.pilot.metrics if found.metric.target is not None]
    if judged:
        document.add(to_drawing(_stats(judged[:4], say)))
        document.add(Space(2))
    _rule(document, evaluation)
    _next(document, evaluation)
    _grades(document)


def headline(evaluation: Evaluation, say: Words) -> str:
    """The outcome and how many targets got which verdict."""
    decision = evaluation.pilot.decision
    outcome = say(f"pilot.outcome.{decision.outcome}.sentence")
    verdicts = [found.verdict for found in evaluation.pilot.metrics if found.verdict is not None]
    if not verdicts:
        return say("pilot.headline.none", outcome=outcome)
    counts = [
        say(f"pilot.headline.{kind}", n=count) for kind in VERDICTS if (count := sum(each == kind for each in verdicts))
    ]
    return say("pilot.headline", outcome=outcome, n=len(verdicts), counts=say("pilot.join").join(counts))


def _outcomes(evaluation: Evaluation, say: Words) -> Scene:
    """Three fields, the decision filled: read without colour by its frame and weight."""
    chosen = evaluation.pilot.decision.outcome
    gap, height = 10.0, 46.0
    wide = (CONTENT_WIDTH - 2 * gap) / 3
    marks: list[Mark] = []
    for number, outcome in enumerate(OUTCOMES):
        x, taken = (wide + gap) * number, outcome == chosen
        marks.append(Rect(x, 0, wide, height, "accent" if taken else None, "accent" if taken else "rule"))
        name, text = say(f"pilot.outcome.{outcome}"), say(f"pilot.outcome.{outcome}.means")
        ink, soft = ("paper", "paper") if taken else ("muted", "muted")
        marks.append(Label(x + 12, 20, ("■ " if taken else "□ ") + name, 12, ink, bold=taken))  # type: ignore[arg-type]
        marks.append(Label(x + 12, 36, fit(text, wide - 24, NOTE)[0], NOTE, soft))  # type: ignore[arg-type]
    title = say("pilot.figure.outcome")
    return Scene(CONTENT_WIDTH, height, title, say(f"pilot.outcome.{chosen}.sentence"), tuple(marks))


def _stats(judged: list[MetricFinding], say: Words) -> Scene:
    """Where each target's metric stands now, what it was, and the verdict."""
    step = CONTENT_WIDTH / max(3, len(judged))
    marks: list[Mark] = [line(0, 0, CONTENT_WIDTH, 0, "ink", 0.8), line(0, 72, CONTENT_WIDTH, 72, "rule")]
    told = []
    for number, found in enumerate(judged):
        x, metric = number * step, found.metric
        reached = level_of_verdict(found)
        figure = (
            with_unit(metric, reached.value, say)
            if not reached.params.get("masked")
            else shown_level(metric, reached, say)
        )
        marks.append(Label(x, 27, fit(figure, step - 8, 17)[0], 17, "accent", bold=True))
        marks.append(Label(x, 43, fit(label(metric.label, say), step - 8, NOTE)[0], NOTE, "ink", bold=True))
        before = shown_level(metric, found.all_before, say)
        goal = say("pilot.stat", before=before, target=target(metric, say))
        marks.append(Label(x, 54, fit(goal, step - 8, NOTE)[0], NOTE, "muted"))
        marks.append(Label(x, 66, fit(verdict(found, say), step - 8, NOTE)[0], NOTE, "ink", bold=True))
        told.append(f"{label(metric.label, say)} {figure} {verdict(found, say)}")
    return Scene(CONTENT_WIDTH, 73, say("pilot.figure.stats"), say.list(told), tuple(marks))


def _rule(document: Document, evaluation: Evaluation) -> None:
    say, record, decision = document.say, evaluation.record, evaluation.pilot.decision
    document.subheading(say("pilot.rule"))
    days = (record.plan.started_on - record.fixed_on).days if record.fixed_on else 0
    if record.fixed_on is None:
        text = say("pilot.rule.draft")
    elif days >= 0:
        text = say("pilot.rule.fixed", day=record.fixed_on, days=days, start=record.plan.started_on)
    else:
        text = say("pilot.rule.late", day=record.fixed_on, days=-days, start=record.plan.started_on)
    document.prose(text, after=6)
    columns = [
        Column("", 44), Column(say("pilot.rule.column.clause"), 214),
        Column(say("pilot.rule.column.wanted"), 62, "right"),
        Column(say("pilot.rule.column.found"), 88, "right"), Column(say("pilot.rule.column.holds"), 75),
    ]  # fmt: skip
    rows = [clause(reason, evaluation, say) for reason in decision.reasons]
    document.table(columns, rows, say("pilot.rule.else"))


def clause(reason: Reason, evaluation: Evaluation, say: Words) -> list[str]:
    """A clause, what it asks for, what was found, and what that means."""
    labels = {found.metric.code: label(found.metric.label, say) for found in evaluation.pilot.metrics}
    named = {
        "must_demonstrate": evaluation.record.plan.rule.must,
        "harm_not_excluded": evaluation.record.plan.rule.no_harm,
    }
    codes = named.get(reason.key, reason.metrics)
    text = say(f"pilot.reason.clause.{reason.key}", metrics=say.list([labels.get(code, code) for code in codes]))
    stopping = reason.key in STOPPING
    part = say("pilot.rule.stop") if stopping else say("pilot.rule.go")
    found = say.percent(reason.figure) if reason.threshold is not None else NONE
    if reason.threshold is None and codes:
        found = say("pilot.rule.of", n=len(codes) - len(reason.metrics), of=len(codes)) if not stopping else NONE
    wanted = NONE if reason.threshold is None else f"≥ {say.percent(reason.threshold)}"
    state = ("stops" if reason.holds else "stops_not") if stopping else ("holds" if reason.holds else "fails")
    return [part, text, wanted, found, say(f"pilot.rule.{state}")]


def _next(document: Document, evaluation: Evaluation) -> None:
    """The first things to do, beside what could make the conclusion wrong; the sections that follow have all of it."""
    say, language = document.say, document.language
    actions = [sentences(each, evaluation, say)[0] for each in evaluation.adjustments]
    doubts = [say(f"pilot.risk.{key}") for key in dict.fromkeys(risk.key for risk in evaluation.risks)]
    columns = []
    for x, width, title, lines, marks in (
        (0.0, span(7), "pilot.first", actions or [say("pilot.first.none")], True),
        (span(7) + 24, span(5) - 12, "pilot.doubts", doubts or [say("pilot.risks.none")], False),
    ):
        parts: list[Flowable] = [Prose(say(title), language=language, size=BODY, bold=True, space_after=3)]
        for number, text in enumerate(lines[:FIRST], 1):
            marker = str(number) if marks else "·"
            parts.append(Prose(text, language=language, size=8.5, leading=1.5, indent=14, marker=marker, space_after=3))
        columns.append((x, width, parts))
    document.add(Block(columns, space_after=8))


def _grades(document: Document) -> None:
    """What the three verdicts mean, in the words of the method."""
    say = document.say
    document.add(Prose(say("pilot.grades"), language=document.language, size=BODY, bold=True, space_after=2))
    for kind in VERDICTS[:3]:
        text = f"{say(f'pilot.verdict.{kind}')}  {say(f'pilot.verdict.{kind}.means')}"
        document.add(
            Prose(text, language=document.language, size=8, leading=1.5, colour="muted", indent=12, marker=SIGNS[kind])
        )  # fmt: skip
