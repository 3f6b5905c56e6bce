"""The targets: how far each was reached, and how sure that is; and the metrics that were watched beside them."""

from __future__ import annotations

from reports.document import Column, Document
from reports.figures.pilot import progress
from reports.pilot.wording import (
    change,
    interval,
    label,
    level_of_verdict,
    reason,
    shown_level,
    target,
    verdict,
)
from reports.wording import NONE, Words
from surveys.analysis.pilot_evaluation import Evaluation
from surveys.analysis.pilot_findings import MetricFinding


def add(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    judged = [found for found in evaluation.pilot.metrics if found.metric.target is not None]
    others = [found for found in evaluation.pilot.metrics if found.metric.target is None]
    document.section(say("pilot.targets.topic"), _finding(judged, say), new_page=True)
    if judged:
        document.caption(say("pilot.targets.caption"))
        document.figure(progress(judged, document.language), say("pilot.targets.source"))
        _table(document, judged)
    if others:
        document.subheading(say("pilot.others", n=len(others)))
        _table(document, others)
    _words(document, evaluation)


def _finding(judged: list[MetricFinding], say: Words) -> str:
    """What is sure first, then what is missing."""
    named = {kind: [found for found in judged if found.verdict == kind] for kind in ("demonstrated", "not_met")}
    if not judged:
        return say("pilot.targets.finding.none")
    told = [
        say(
            f"pilot.targets.finding.{kind}", metric=label(found.metric.label, say),
            value=shown_level(found.metric, level_of_verdict(found), say), target=target(found.metric, say),
        )
        for kind, found in ((kind, every[0]) for kind, every in named.items() if every)
    ]  # fmt: skip
    return say("pilot.join").join(told) if told else say("pilot.targets.finding.open", n=len(judged))


def _table(document: Document, found: list[MetricFinding]) -> None:
    say = document.say
    columns = [
        Column(say("pilot.column.metric"), 96), Column(say("pilot.column.before"), 47, "decimal"),
        Column(say("pilot.column.after"), 47, "decimal"), Column(say("pilot.column.change"), 66, "decimal"),
        Column(say("pilot.column.interval"), 74, "decimal"), Column(say("pilot.column.target"), 46, "decimal"),
        Column("n", 44, "right"), Column(say("pilot.column.verdict"), 63),
    ]  # fmt: skip
    notes = dict.fromkeys(filter(None, (reason(each.change, say) for each in found)))
    document.table(columns, [_row(each, say) for each in found], say("pilot.targets.note", notes="".join(notes)))


def _row(found: MetricFinding, say: Words) -> list[str]:
    metric = found.metric
    unit = say.pick(metric.unit) if metric.unit else ""
    name = label(metric.label, say) + (f" ({unit})" if unit and metric.design.kind != "proportion" else "")
    counts = say("pilot.n", before=found.all_before.n_valid, after=found.all_after.n_valid)
    if metric.target is not None:
        judged = verdict(found, say)
    elif found.no_harm is not None:
        judged = say("pilot.harm.excluded" if found.no_harm.params.get("within") else "pilot.harm.open")
    else:
        judged = say("pilot.different" if found.different else "pilot.not_different") if found.p is not None else NONE
    return [
        name, shown_level(metric, found.before if metric.design.linked else found.all_before, say),
        shown_level(metric, level_of_verdict(found), say), change(metric, found.change, say),
        interval(metric, found.change, say) or NONE, target(metric, say), counts, judged,
    ]  # fmt: skip


def _words(document: Document, evaluation: Evaluation) -> None:
    """Whether it may be called an effect, and how large it is, metric by metric."""
    say = document.say
    sentences = []
    for found in evaluation.pilot.metrics:
        if found.change.value is None:
            continue
        said = say(
            f"pilot.word.{found.word}.{'sure' if found.different else 'unsure'}",
            metric=label(found.metric.label, say),
            change=change(found.metric, found.effect if found.word == "effect" else found.change, say),
            p=say.p(found.p_adjusted),
        )
        size = say(f"pilot.size.{found.size.size}") if found.size is not None else ""
        sentences.append(said + size)
    if sentences:
        document.subheading(say("pilot.words"))
        for sentence in sentences:
            document.prose(sentence, after=4)
