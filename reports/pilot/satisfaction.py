"""What people answered: the pilot against its own baseline, and against the comparison group."""

from __future__ import annotations

from reports.document import Document
from reports.pilot.figures import groups
from reports.pilot.wording import label, level_of_verdict, shown_level, whole_change
from reports.wording import Words
from surveys.analysis.pilot_evaluation import Evaluation
from surveys.analysis.pilot_findings import MetricFinding


def add(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    answered = {measure.code for measure in evaluation.record.plan.measures if measure.source == "answers"}
    shown = [found for found in evaluation.pilot.metrics if found.metric.code in answered]
    if not shown:
        return
    document.section(say("pilot.satisfaction.topic"), _finding(shown[0], say))
    document.caption(_linkage(shown, evaluation, say))
    for found in shown:
        document.subheading(label(found.metric.label, say))
        scene = groups(found, document.language)
        if not document.figure(scene, _source(found, evaluation, say)):
            document.note(say("pilot.withheld"))
        document.prose(told(found, say))


def _finding(found: MetricFinding, say: Words) -> str:
    """The first measure: from where to where, and whether the comparison group moved, too."""
    metric = found.metric
    before, after = found.before if found.before.value is not None else found.all_before, level_of_verdict(found)
    if after.value is None:
        return say("pilot.satisfaction.finding.few", n=after.n_valid)
    name = label(metric.label, say)
    if before.value is None:
        return say("pilot.satisfaction.finding.after", metric=name, after=shown_level(metric, after, say))
    moved = say(
        "pilot.satisfaction.finding", metric=name, before=shown_level(metric, before, say),
        after=shown_level(metric, after, say),
    )  # fmt: skip
    other = found.comparison_before, found.comparison_after
    if any(each is None or each.value is None for each in other):
        return moved
    return moved + say(
        "pilot.satisfaction.finding.comparison", before=shown_level(metric, other[0], say),
        after=shown_level(metric, other[1], say),
    )  # fmt: skip


def _linkage(shown: list[MetricFinding], evaluation: Evaluation, say: Words) -> str:
    """How many of those asked in the pilot could be found in the baseline."""
    linkage = next((found.linkage for found in shown if found.linkage is not None), None)
    if not evaluation.record.plan.linked:
        return say("pilot.satisfaction.unlinked")
    if linkage is None or linkage.value is None:
        return say("pilot.satisfaction.linked")
    return say("pilot.satisfaction.linkage", n=linkage.n_valid, rate=say.percent(linkage.value))


def _source(found: MetricFinding, evaluation: Evaluation, say: Words) -> str:
    titles = [" ".join(wave.title[:60].split()) for wave in evaluation.waves.values()]
    after = level_of_verdict(found)
    parts = [say("source", wave=say.list(titles), n=after.n_valid)]
    parts.append(say("source.method", method=say(f"method.{found.change.method}.short")))
    return say("join").join([*parts, say("pilot.satisfaction.key")])


def told(found: MetricFinding, say: Words) -> str:
    """The change, the effect and the comparison in sentences."""
    metric = found.metric
    if found.change.value is None:
        return say("pilot.satisfaction.told.none")
    parts = [say("pilot.satisfaction.told.change", change=whole_change(metric, found.change, say))]
    if found.effect is not None and found.effect.value is not None:
        parts.append(say("pilot.satisfaction.told.effect", effect=whole_change(metric, found.effect, say)))
    if found.against_comparison is not None and found.against_comparison.value is not None:
        beside = whole_change(metric, found.against_comparison, say)
        parts.append(say("pilot.satisfaction.told.beside", difference=beside))
    if found.size is not None and found.size.improved is not None and found.size.improved.value is not None:
        parts.append(say("pilot.satisfaction.told.improved", share=say.percent(found.size.improved.value)))
    return "".join(parts)
