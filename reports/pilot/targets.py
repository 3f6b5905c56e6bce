"""The targets: how far each was reached, and how sure that is; and the metrics that were watched beside them."""

from __future__ import annotations

from reports.document import Column, Document
from reports.pilot.figures import progress
from reports.pilot.wording import (
    change,
    interval,
    label,
    level_of_verdict,
    reason,
    shown_level,
    target,
    verdict,
    with_unit,
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
    if evaluation.pilot.metrics:
        document.note(say("pilot.targets.note"))
    _words(document, evaluation)


def _finding(judged: list[MetricFinding], say: Words) -> str:
    """What is sure first, then what is missing."""
    named = {kind: [found for found in judged if found.verdict == kind] for kind in ("demonstrated", "not_met")}
    if not judged:
        return say("pilot.targets.finding.none")
    told = [
        say(
            f"pilot.targets.finding.{kind}", metric=label(found.metric.label, say),
            value=with_unit(found.metric, level_of_verdict(found).value, say), target=target(found.metric, say),
        )
        for kind, found in ((kind, every[0]) for kind, every in named.items() if every)
    ]  # fmt: skip
    return say("pilot.join").join(told) if told else say("pilot.targets.finding.open", n=len(judged))


def _table(document: Document, found: list[MetricFinding]) -> None:
    say = document.say
    columns = [
        Column(say("pilot.column.metric"), 82), Column(say("pilot.column.before"), 42, "decimal"),
        Column(say("pilot.column.after"), 42, "decimal"), Column(say("pilot.column.change"), 66, "decimal"),
        Column(say("pilot.column.interval"), 72, "decimal"), Column(say("pilot.column.target"), 48, "decimal"),
        Column("n", 44, "right"), Column(say("pilot.column.verdict"), 87),
    ]  # fmt: skip
    notes = dict.fromkeys(filter(None, (reason(each.change, say) for each in found)))
    document.table(columns, [row(each, say) for each in found], "".join(notes))


def row(found: MetricFinding, say: Words) -> list[str]:
    """A metric as page and paper print it: name, baseline, pilot, change, interval, target, n, verdict."""
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
    """What may be called an effect, what has changed, and what may be chance; how large each is."""
    say = document.say
    told: dict[str, list[str]] = {}
    for found in evaluation.pilot.metrics:
        shown = found.effect if found.word == "effect" else found.change
        if shown is None or shown.value is None:
            continue
        size = say(f"pilot.size.{found.size.size}") if found.size is not None else ""
        one = say(
            "pilot.word.one", metric=label(found.metric.label, say), change=change(found.metric, shown, say),
            p=say.p(found.p_adjusted), size=size,
        )  # fmt: skip
        told.setdefault(f"pilot.word.{found.word}.{'sure' if found.different else 'unsure'}", []).append(one)
    if told:
        document.subheading(say("pilot.words"))
    for key, metrics in sorted(told.items()):
        document.prose(say(key, metrics=say.list(metrics)), after=4)
