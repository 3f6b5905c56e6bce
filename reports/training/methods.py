"""The last pages: how every figure came about, from the figures' own records."""

from __future__ import annotations

from reports.diagnosis.methods import estimates
from reports.document import Document
from reports.paragraph import Prose
from reports.style import SMALL
from reports.training.sources import method_text
from surveys.analysis.training_findings import TrainingFindings


def add(document: Document, findings: TrainingFindings) -> None:
    say, exam = document.say, findings.exam
    document.section(say("methods.topic"), say("methods.finding"), new_page=True)
    for method in sorted({each.method for each in estimates(findings) if each.value is not None}):
        document.prose(method_text(say, method), after=4)
    document.subheading(say("training.methods.exams"))
    rules = ["blank", "first"]
    rules += ["places"] if findings.reliability.by == "places" else []
    rules += ["band"] if findings.scores.uncertain else []
    rules += ["angoff"] if exam.cut_by == "angoff" else []
    for rule in rules:
        document.prose(say(f"training.methods.{rule}"), after=4)
    if exam.minimum_group > 1:
        document.prose(say("training.methods.small", k=exam.minimum_group), after=4)
    document.prose(say("methods.rounding"), after=4)
    document.prose(say("methods.characters"), after=4)
    document.subheading(say("methods.record"))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(findings.library_versions.items()))
    for key, value in (
        ("training.cover.exam", f"{say.pick(exam.title)} ({exam.code})"),
        ("training.record.pool", say("training.record.pool.value", n=exam.pool, scoring=exam.scoring)),
        ("record.data", findings.data_hash),
        ("record.libraries", versions),
    ):
        document.add(Prose(f"{say(key)}  {value}", language=document.language, size=SMALL, colour="muted"))
