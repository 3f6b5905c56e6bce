"""How long cases take: all of them, not only their middle, beside the target."""

from __future__ import annotations

from reports.document import Document
from reports.pilot.figures import beyond, durations, share_within
from reports.pilot.wording import label, level_of_verdict, target, whole_change, with_unit
from reports.wording import Words
from surveys.analysis.pilot_evaluation import Curve, Evaluation, finding_of
from surveys.analysis.pilot_findings import MetricFinding


def add(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    for number, (code, curves) in enumerate(evaluation.curves.items()):
        found = finding_of(evaluation, code)
        document.section(say("pilot.durations.topic"), _finding(found, curves, say), new_page=number == 0)
        document.caption(say("pilot.durations.caption"))
        scene = durations(found.metric, curves, document.language)
        document.figure(scene, _source(found, curves, say))
        document.prose(_told(found, curves, say))


def _finding(found: MetricFinding, curves: tuple[Curve, ...], say: Words) -> str:
    after, before = level_of_verdict(found), found.all_before
    if after.value is None or before.value is None:
        return say("pilot.durations.finding.few", metric=label(found.metric.label, say))
    return say(
        "pilot.durations.finding", metric=label(found.metric.label, say),
        before=with_unit(found.metric, before.value, say), after=with_unit(found.metric, after.value, say),
    )  # fmt: skip


def _source(found: MetricFinding, curves: tuple[Curve, ...], say: Words) -> str:
    goal = _goal(found)
    parts = [say("pilot.cases.source", n=say.plain(sum(curve.n for curve in curves)))]
    far = [curve for curve in curves if beyond(curve, curves, goal) > 0]
    if far:
        told = [
            say("pilot.durations.beyond", group=say(f"pilot.curve.{curve.group}"),
                n=round(beyond(curve, curves, goal) * curve.n))
            for curve in far
        ]  # fmt: skip
        parts.append(say("pilot.durations.cut", groups=say.list(told)))
    return say("join").join(parts)


def _goal(found: MetricFinding) -> float | None:
    goal = found.metric.target
    return goal.value if goal is not None and goal.on == "level" else None


def _told(found: MetricFinding, curves: tuple[Curve, ...], say: Words) -> str:
    goal, by_group = _goal(found), {curve.group: curve for curve in curves}
    told = []
    if goal is not None and {"before", "after"} <= by_group.keys():
        told.append(
            say(
                "pilot.durations.within", target=target(found.metric, say),
                before=say.percent(share_within(by_group["before"], goal)),
                after=say.percent(share_within(by_group["after"], goal)),
            )
        )  # fmt: skip
    if found.change.value is not None:
        told.append(say("pilot.durations.change", change=whole_change(found.metric, found.change, say)))
    far = next((each for each in found.sensitivity if each.key == "outliers"), None)
    if far is not None and far.estimate.value is not None:
        key = "pilot.durations.outliers.same" if far.agrees else "pilot.durations.outliers.other"
        told.append(
            say(key, n=far.estimate.params.get("removed", 0), change=whole_change(found.metric, far.estimate, say))
        )
    return "".join(told)
