"""Who sat the exam, who passed, who tried again."""

from __future__ import annotations

from reports.document import Column, Document
from reports.figures.exam_scores import pass_rates
from reports.style import CONTENT_WIDTH
from reports.training.sources import between, interval, source
from reports.wording import NONE, Words
from surveys.analysis.training_findings import GroupOutcome, Participation, TrainingFindings

WIDTHS = (54.0, 34.0, 42.0, 42.0, 44.0, 56.0, 50.0, 70.0)


def add(document: Document, findings: TrainingFindings) -> None:
    say, people, exam = document.say, findings.participation, findings.exam
    known = people.pass_rate.value is not None
    finding = say(
        "training.people.finding" if known else "training.people.finding.few", n=people.candidates, sat=people.sat,
        passed=people.passed, rate=say.percent(people.pass_rate.value),
    )  # fmt: skip
    document.section(say("training.people.topic"), finding, new_page=True)
    if people.sat:
        document.caption(say("training.people.caption", rule=say(f"training.rule.{exam.attempt_rule}")))
    hidden = any(group.sat is None for group in people.by_department)
    small = say("training.people.note.small", k=exam.minimum_group) if hidden else ""
    document.figure(pass_rates(findings, say.language), source(findings, say, people.pass_rate, note=small))
    _table(document, people, small)
    _resits(document, findings)


def _table(document: Document, people: Participation, small: str) -> None:
    say = document.say
    names = ("candidates", "sat", "missing", "passed", "failed", "undecided", "rate", "interval")
    columns = [Column(say("training.people.column.department"), CONTENT_WIDTH - sum(WIDTHS))]
    columns += [
        Column(say(f"training.people.column.{name}"), width, "right") for name, width in zip(names, WIDTHS, strict=True)
    ]
    rows = [_row(group.label, group, say) for group in people.by_department]
    rows.append(_row(say("training.people.total"), people, say))
    document.table(columns, rows, say("join").join(filter(None, [say("training.people.note"), small])))


def _row(name: str, group: GroupOutcome | Participation, say: Words) -> list[str]:
    if group.sat is None:
        return [name, str(group.candidates), *[NONE] * 7]
    counts = (group.candidates, group.sat, group.candidates - group.sat, group.passed, group.failed, group.undecided)
    rate = group.pass_rate
    return [name, *map(str, counts), say.percent(rate.value), between(rate, say, "percent", 0)]


def _resits(document: Document, findings: TrainingFindings) -> None:
    say, found = document.say, findings.resits
    if not found.failed_first:
        return
    more = "" if not found.sat_again else say("training.people.resits.few")
    if found.passed.value is not None and found.gain.value is not None:
        more = say(
            "training.people.resits.more", rate=say.percent(found.passed.value),
            interval=interval(found.passed, say, "percent", 0), gain=say.number(found.gain.value, 1),
            gain_interval=interval(found.gain, say, decimals=1),
        )  # fmt: skip
    document.subheading(say("training.people.resits"))
    document.prose(say("training.people.resits.text", failed=found.failed_first, again=found.sat_again, more=more))
