"""For whoever wants to check: how reliable each scale is, and how every item was answered."""

from __future__ import annotations

from reports.document import Document
from reports.figures.scales import by_answers
from reports.style import CONTENT_WIDTH
from reports.table import Column
from reports.wording import NONE, Words
from surveys.analysis.findings import DiagnosisFindings, ItemFinding, Level, ScaleFinding

RELIABLE = 0.7
WIDE = 7
"""Answers beside each other in one table; scales with more are told by their figure alone."""


def add(document: Document, findings: DiagnosisFindings) -> None:
    _reliability(document, findings)
    _distributions(document, findings)


def _reliability(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    scales = [scale for scale in findings.scales if scale.alpha is not None]
    if not scales:
        return
    known = [scale.alpha.value for scale in scales if scale.alpha and scale.alpha.value is not None]
    good = sum(alpha >= RELIABLE for alpha in known)
    finding = say("reliability.finding", n=good, of=len(scales)) if known else say("reliability.finding.few")
    document.section(say("reliability.topic"), finding, new_page=True)
    document.caption(say("reliability.caption"))
    document.table(*_scales(scales, say), say("reliability.note"))
    document.table(*_items(scales, say))


def _scales(scales: list[ScaleFinding], say: Words) -> tuple[list[Column], list[list[str]]]:
    columns = [
        Column(say("scales.column.scale"), CONTENT_WIDTH - 256), Column("α", 110, "decimal"),
        Column("ω", 110, "decimal"), Column("n", 36, "right"),
    ]  # fmt: skip
    rows = [
        [
            say.pick(scale.label), say.ranged(scale.alpha), say.ranged(scale.omega) if scale.omega else NONE,
            str(scale.alpha.n_valid),
        ]
        for scale in scales if scale.alpha
    ]  # fmt: skip
    return columns, rows


def _items(scales: list[ScaleFinding], say: Words) -> tuple[list[Column], list[list[str]]]:
    columns = [
        Column(say("appendix.column.item"), CONTENT_WIDTH - 216), Column(say("scales.column.scale"), 96),
        Column(say("reliability.column.rest"), 60, "right"), Column(say("reliability.column.deleted"), 60, "right"),
    ]  # fmt: skip
    rows = [
        [
            _name(item, say), say.pick(scale.label), say.number(item.item_rest_correlation),
            say.number(item.alpha_if_deleted),
        ]
        for scale in scales for item in scale.items
    ]  # fmt: skip
    return columns, rows


def _distributions(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    items = tuple(item for scale in findings.scales for item in scale.items) + findings.items
    told = tuple(item for item in items if item.levels and len(item.levels) <= WIDE)
    if not told:
        return
    document.section(say("appendix.topic"), say("appendix.finding", n=len(told)))
    document.note(say("appendix.caption"))  # a caption would keep the whole table with it
    groups = by_answers(told)
    for number, group in enumerate(groups, 1):
        document.table(*_table(group, say), say("appendix.note") if number == len(groups) else "")


def _table(items: tuple[ItemFinding, ...], say: Words) -> tuple[list[Column], list[list[str]]]:
    """Levels from the lowest answer to the highest, of reversed items too."""
    answers = sorted(items[0].levels, key=_value)
    each = 46.0
    columns = [
        Column(say("appendix.column.item"), CONTENT_WIDTH - each * len(answers) - 68),
        *(Column(say.pick(level.label), each, "right") for level in answers),
        Column(say("scales.column.mean"), 36, "right"), Column("n", 32, "right"),
    ]  # fmt: skip
    rows = [
        [
            _name(item, say), *(_cell(level, say) for level in sorted(item.levels, key=_value)),
            say.number(item.mean.value), str(item.mean.n_valid),
        ]
        for item in items
    ]  # fmt: skip
    return columns, rows


def _value(level: Level) -> int:
    return int(level.value)


def _cell(level: Level, say: Words) -> str:
    if level.masked:
        return {"at_least": "≥", "at_most": "≤"}[level.masked] + say.percent(level.share)
    return say.plain(level.count) + ("" if level.share is None else f" ({say.percent(level.share)})")


def _name(item: ItemFinding, say: Words) -> str:
    return " ".join(say.pick(item.label)[:300].split()) + (" ↔" if item.reversed else "")
