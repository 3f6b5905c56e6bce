"""The last pages: how every figure came about, made from the figures' own records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.document import Document
from reports.paragraph import Prose
from reports.style import SMALL
from surveys.analysis.findings import CommentFinding, DiagnosisFindings, Finding, WhyGroup
from surveys.statistics.estimate import Estimate


def add(document: Document, findings: DiagnosisFindings) -> None:
    say, wave = document.say, findings.wave
    document.section(say("methods.topic"), say("methods.finding"))
    used = sorted({estimate.method for estimate in estimates(findings)})
    if any(test.statistic is not None for segment in findings.segments for test in segment.tests):
        used.append("welch_anova")
    if findings.pains:
        used.append("pareto")
    if findings.timeline:
        used.append("timeline")
    if findings.priorities and findings.priorities.crosshair:
        used.append("importance_performance")
    if findings.response.without_flagged:
        used.append("careless")
    if findings.candidates:
        used.append(f"ecrs_{findings.candidates[0].by}")
    for method in used:
        document.prose(say(f"method.{method}") if say.has(f"method.{method}") else method, after=4)
    document.subheading(say("methods.rules"))
    document.prose(say("methods.missing"), after=4)
    document.prose(say("methods.suppression", k=wave.minimum_group, comments=wave.minimum_comments), after=4)
    document.prose(say("methods.rounding"), after=4)
    document.prose(say("methods.characters"), after=4)
    turned = [say.pick(item.label)[:200] for scale in findings.scales for item in scale.items if item.reversed]
    document.prose(
        say("methods.reversed", items=say.list([say.quoted(label) for label in turned[:40]])) if turned
        else say("methods.reversed.none")
    )  # fmt: skip
    document.subheading(say("methods.record"))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(findings.library_versions.items()))
    for key, value in (
        ("record.questionnaire", f"{say.pick(wave.questionnaire)} ({wave.questionnaire_name}, v{wave.version})"),
        ("record.content", wave.content_hash),
        ("record.data", findings.data_hash),
        ("record.libraries", versions),
    ):
        document.add(Prose(f"{say(key)}  {value}", language=document.language, size=SMALL, colour="muted"))


def estimates(record: Any) -> Iterator[Estimate]:
    """Every Estimate within a record; free text is not searched."""
    if isinstance(record, Estimate):
        yield record
    elif isinstance(record, CommentFinding | WhyGroup | str):
        return
    elif isinstance(record, Finding):
        for name in record.__struct_fields__:
            yield from estimates(getattr(record, name))
    elif isinstance(record, tuple | list):
        for each in record:
            yield from estimates(each)
    elif isinstance(record, dict):
        yield from estimates(list(record.values()))
