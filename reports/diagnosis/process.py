"""The process itself: steps, time, pain points, their categories and causes."""

from __future__ import annotations

from reports.diagnosis.sources import source
from reports.diagnosis.targets import target_text
from reports.document import Column, Document
from reports.figures import fishbone, heat_map, pareto, timeline
from reports.figures.fishbone import cause_name
from reports.paragraph import Prose, Run
from reports.style import BODY
from reports.wording import NONE, Words
from surveys.analysis.findings import DiagnosisFindings, StepFinding, WhyGroup

CHAINS = 12
"""Chains printed below one problem; the rest are in the export."""
UNITS_OF_TIME = {"分钟", "分", "小时", "时", "天", "日", "工作日", "min", "minutes", "h", "hours", "d", "days"}


def add_steps(document: Document, findings: DiagnosisFindings) -> None:
    say, language = document.say, document.language
    if not findings.steps:
        return
    document.section(say("steps.topic"), _bottleneck(findings.steps, say), new_page=True)
    document.caption(say("steps.caption"))
    waits = [step.wait for step in findings.steps]
    document.figure(heat_map(findings, language), source(findings, say, *waits, note=say("figure.heat.scale")))
    _step_table(document, findings.steps)
    _add_timeline(document, findings)


def _step_table(document: Document, steps: tuple[StepFinding, ...]) -> None:
    say = document.say
    columns = [
        Column(say("figure.step"), 84), Column(say("steps.column.owner"), 58),
        Column(say("steps.column.work"), 69, "right"), Column(say("steps.column.wait"), 71, "right"),
        Column(say("steps.column.share"), 36, "right"), Column(say("steps.column.errors"), 69, "right"),
        Column(say("steps.column.pain"), 69, "right"), Column("n", 27, "right"),
    ]  # fmt: skip
    rows = [
        [
            say.pick(step.label), say.pick(step.owner) or NONE, say.ranged_duration(step.work),
            say.ranged_duration(step.wait), say.percent(step.share_of_time), say.ranged(step.errors),
            say.ranged(step.pain), str(step.wait.n_valid),
        ]
        for step in steps
    ]  # fmt: skip
    document.table(columns, rows, say("steps.note"))


def _add_timeline(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    scene = timeline(findings, document.language)
    if scene is None or findings.timeline is None:
        return
    whole = findings.timeline
    finding = say(
        "timeline.finding", total=say.duration(whole.work + whole.wait), work=say.duration(whole.work),
        efficiency=say.percent(whole.efficiency),
    )  # fmt: skip
    document.section(say("timeline.topic"), finding)
    document.caption(say("timeline.caption"))
    document.figure(scene, source(findings, say, *(step.wait for step in findings.steps)))
    timed = [target for target in findings.programme.targets if target.unit.strip().lower() in UNITS_OF_TIME]
    if timed:
        targets = say.list([target_text(target, say) for target in timed])
        document.prose(say("timeline.targets", targets=targets, total=say.duration(whole.work + whole.wait)))


def _bottleneck(steps: tuple[StepFinding, ...], say: Words) -> str:
    for step in steps:
        if step.bottleneck:
            return say(
                "steps.finding", step=say.quoted(step.label), wait=say.duration(step.wait.value),
                share=say.percent(step.share_of_time),
            )  # fmt: skip
    return say("steps.finding.none")


def add_pains(document: Document, findings: DiagnosisFindings) -> None:
    say, language = document.say, document.language
    scene = pareto(findings, language)
    if scene is None:
        return
    vital = [pain for pain in findings.pains if pain.vital]
    finding = say("pareto.finding.none")
    if vital:
        finding = say(
            "pareto.finding", count=len(vital), of=len(findings.pains), share=say.percent(vital[-1].cumulative),
            first=say.quoted(vital[0].label),
        )  # fmt: skip
    document.section(say("pareto.topic"), finding, new_page=True)
    document.caption(say("pareto.caption"))
    document.figure(scene, source(findings, say, findings.pains[0].share_of_people, method="pareto"))
    scene = fishbone(findings, language)
    if scene is None:
        return
    heaviest = max(findings.fishbone, key=lambda branch: branch.weight)
    document.section(
        say("fishbone.topic"),
        say(
            "fishbone.finding", category=cause_name(heaviest.category, say, ".name"), share=say.percent(heaviest.share)
        ),
    )
    document.caption(say("fishbone.caption"))
    document.figure(scene, source(findings, say, findings.pains[0].share_of_people, method="pareto"))


def add_whys(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    if not findings.whys:
        return
    shown = [group for group in findings.whys if group.chains]
    finding = say("whys.finding.withheld")
    if shown:
        chains = sum(group.n for group in findings.whys)
        finding = say("whys.finding", n=chains, problem=say.quoted(say.pick(shown[0].problem)[:60]))
    document.section(say("whys.topic"), finding)
    document.caption(say("whys.caption"))
    for group in shown:
        _group(document, group)
    withheld = [say.pick(group.problem)[:60] for group in findings.whys if group.withheld]
    if withheld:
        document.note(say("whys.withheld", k=findings.wave.minimum_comments, problems=say.list(withheld[:30])))


def _group(document: Document, group: WhyGroup) -> None:
    say = document.say
    document.subheading(f"{say.pick(group.problem)[:300]}  (n = {group.n})")
    for number, chain in enumerate(group.chains[:CHAINS], 1):
        runs: list[Run] = []
        for why in chain.whys:
            if runs:
                runs.append(Run("  →  ", True, "accent"))
            runs.append(Run(" ".join(why.split()), colour="ink"))
        document.add(Prose(runs, language=document.language, size=BODY, indent=18, space_after=5, marker=str(number)))
    if len(group.chains) > CHAINS:
        document.note(say("more_in_export", n=len(group.chains) - CHAINS))
