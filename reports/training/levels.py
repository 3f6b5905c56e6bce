"""Kirkpatrick's four levels, each with what was measured or with how to measure it next time."""

from __future__ import annotations

from reports.diagnosis.targets import target_text
from reports.document import Document
from reports.training.sources import interval
from reports.wording import Words
from surveys.analysis.training_findings import Gain, MetricLevel, TrainingFindings, WaveLevel


def add(document: Document, findings: TrainingFindings) -> None:
    say, found = document.say, findings.kirkpatrick
    parts = [
        [_wave(each, say) for each in found.reaction], [_gain(each, say) for each in found.learning],
        [_wave(each, say) for each in found.behaviour], [_metric(each, say) for each in found.results],
    ]  # fmt: skip
    there = [say(f"training.level.{number}") for number, lines in enumerate(parts, 1) if lines]
    key = "training.levels.finding" if there else "training.levels.finding.none"
    document.section(say("training.levels.topic"), say(key, n=len(there), levels=say.list(there)), new_page=True)
    document.caption(say("training.levels.caption"))
    for number, lines in enumerate(parts, 1):
        document.subheading(say(f"training.level.{number}"))
        if number == 2 and findings.participation.sat:
            lines = [_exam(findings, say), *lines]
        for line in lines:
            document.prose(line, after=4)
        if not parts[number - 1]:
            document.note(say(f"training.level.{number}.none"), after=4)
    if found.targets:
        document.note(
            say("training.level.4.targets", targets=say.list([target_text(each, say) for each in found.targets]))
        )


def _exam(findings: TrainingFindings, say: Words) -> str:
    rate, mean = findings.participation.pass_rate, findings.scores.mean
    return say(
        "training.level.exam", rate=say.percent(rate.value), interval=interval(rate, say, "percent", 0), n=rate.n_valid,
        mean=say.number(mean.value, 1),
    )  # fmt: skip


def _gain(found: Gain, say: Words) -> str:
    return say(
        "training.level.gain", pre=say.quoted(found.pre_title), post=say.quoted(found.post_title),
        n=found.gain.n_valid, before=say.number(found.pre.value, 1), after=say.number(found.post.value, 1),
        gain=say.number(found.gain.value, 1), interval=interval(found.gain, say, decimals=1),
        effect=say.number(found.effect.value),
    )  # fmt: skip


def _wave(found: WaveLevel, say: Words) -> str:
    scales = [
        say(
            "training.level.scale", scale=say.pick(scale.label), mean=say.number(scale.mean.value),
            interval=interval(scale.mean, say),
        )
        for scale in found.scales
        if scale.mean.value is not None
    ]  # fmt: skip
    colon, stop = ("：", "；") if say.language == "zh-CN" else (": ", "; ")
    title = say("training.level.wave", title=found.title, n=found.responded)
    return title + (colon + stop.join(scales) if scales else "")


def _metric(found: MetricLevel, say: Words) -> str:
    verdict = ""
    if found.verdict and found.target:
        target = f"{say.plain(found.target.target)} {found.target.unit}"
        verdict = say(f"training.level.verdict.{found.verdict}", target=target)
    return say(
        "training.level.metric", metric=found.name, before=say.number(found.before.value, 1),
        after=say.number(found.after.value, 1), unit=found.unit, interval=interval(found.after, say, decimals=1),
        verdict=verdict,
    )  # fmt: skip
