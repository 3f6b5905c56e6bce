"""The last pages: how every figure came about, whether another way says otherwise, and the record of it all."""

from __future__ import annotations

from reports.diagnosis.methods import estimates
from reports.document import Column, Document
from reports.paragraph import Prose
from reports.pilot.wording import change, interval, label
from reports.style import SMALL
from reports.wording import NONE
from surveys.analysis.pilot_evaluation import Evaluation


def add(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    document.section(say("methods.topic"), say("methods.finding"), new_page=True)
    _checks(document, evaluation)
    document.subheading(say("pilot.methods.used"))
    shown = (evaluation.pilot, evaluation.voices.pains if evaluation.voices else ())
    for method in sorted({estimate.method for estimate in estimates(shown)} | ({"pareto"} if shown[1] else set())):
        document.prose(say(f"method.{method}") if say.has(f"method.{method}") else method, after=4)
    document.subheading(say("methods.rules"))
    policies = [wave for wave in evaluation.waves.values() if wave.anonymity != "identified"]
    if policies:
        k, comments = max(wave.minimum_group for wave in policies), max(wave.minimum_comments for wave in policies)
        document.prose(say("methods.suppression", k=k, comments=comments), after=4)
    for key in (
        "pilot.methods.design",
        "pilot.methods.family",
        "pilot.methods.few",
        "methods.rounding",
        "methods.characters",
    ):
        document.prose(say(key), after=4)
    _record(document, evaluation)


def _checks(document: Document, evaluation: Evaluation) -> None:
    """Every metric computed otherwise."""
    say = document.say
    columns = [
        Column(say("pilot.column.metric"), 120), Column(say("pilot.checks.column"), 148),
        Column(say("pilot.column.change"), 70, "decimal"), Column(say("pilot.column.interval"), 80, "decimal"),
        Column(say("pilot.checks.agrees"), 65),
    ]  # fmt: skip
    rows = []
    for found in evaluation.pilot.metrics:
        for check in found.sensitivity:
            ways = "pilot.checks.yes" if check.agrees else "pilot.checks.no"
            rows.append(
                [
                    label(found.metric.label, say), say(f"pilot.check.{check.key}"),
                    change(found.metric, check.estimate, say), interval(found.metric, check.estimate, say) or NONE,
                    say(ways),
                ]
            )  # fmt: skip
    if rows:
        document.subheading(say("pilot.checks"))
        document.table(columns, rows, say("pilot.checks.note"))


def _record(document: Document, evaluation: Evaluation) -> None:
    say, record = document.say, evaluation.record
    document.subheading(say("methods.record"))
    versions = ", ".join(f"{name} {version}" for name, version in sorted(evaluation.library_versions.items()))
    waves = [
        (
            f"pilot.record.{role}",
            f"{wave.title[:80]} ({wave.questionnaire_name}, v{wave.version}, {wave.content_hash[:16]})",
        )
        for role, wave in evaluation.waves.items()
    ]
    for key, value in (
        ("pilot.record.plan", f"{record.number} · {record.fixed_on or NONE} · {record.content_hash}"),
        *waves,
        ("record.data", evaluation.data_hash),
        ("record.libraries", versions),
    ):
        document.add(Prose(f"{say(key)}  {value}", language=document.language, size=SMALL, colour="muted"))
