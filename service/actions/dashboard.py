"""Findings as the results page shows them: the sentence first, then figures and the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from reports.diagnosis.sources import source
from reports.diagnosis.summary import lead, sentence
from reports.figure import Scene, to_svg
from reports.figures import FIGURES, distribution, question
from reports.figures.scales import by_answers, item_bars
from reports.figures.trend import trend
from reports.wording import Words, words
from service.actions.dashboard_tables import METHODS, TABLES, Rows, item_rows, trend_rows
from surveys.analysis.crosstab import CrosstabFinding
from surveys.analysis.findings import DiagnosisFindings, Level, QuestionFinding
from surveys.analysis.trend import TrendFinding
from surveys.exports import delimited
from surveys.statistics.estimate import Estimate

__all__ = ["CrosstabShown", "Dashboard", "Panel", "Rows", "crosstab_shown", "dashboard", "picture", "to_svg"]

WIDE, NARROW = 580.0, 250.0  # points; on a page's column and on a phone a point is 1.3 to 1.5 pixels


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A figure for a wide and a narrow page, what it rests on, and the table that says the same (first row: heads).

    ``methods``: how its estimates are computed, in sentences.
    """

    name: str
    title: str
    wide: Scene
    narrow: Scene
    note: str
    table: Rows
    methods: tuple[str, ...]


class FilterField(msgspec.Struct, frozen=True, kw_only=True):
    """A dimension that the figures can be narrowed down by: options with how many people each has, the one asked."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """``strengths`` and ``improvements``: claim and the figures that carry it. ``panels`` are the report's figures,
    ``details`` every scale's items and every other question."""

    lead: str
    strengths: tuple[tuple[str, str], ...]
    improvements: tuple[tuple[str, str], ...]
    panels: tuple[Panel, ...]
    details: tuple[Panel, ...]
    comments: tuple[tuple[str, tuple[str, ...], int], ...]
    filters: tuple[FilterField, ...]


class CrosstabShown(msgspec.Struct, frozen=True, kw_only=True):
    """A table in words: heads, rows of label and (count, share of the row, sign), and sentences about test and n."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...]
    notes: tuple[str, ...]


def crosstab_shown(found: CrosstabFinding | None, language: str) -> CrosstabShown | None:
    if found is None:
        return None
    say = words(language)
    rows = []
    for (_, label), counts, signs in zip(found.rows.values, found.counts, found.standing_out, strict=True):
        told = [count for count in counts if count is not None]
        total = sum(told) if len(told) == len(counts) else 0
        cells = tuple(
            ("–", "", 0) if count is None else (str(count), say.percent(count / total) if total else "", sign)
            for count, sign in zip(counts, signs, strict=True)
        )
        rows.append((say.pick(label), cells))
    return CrosstabShown(
        heads=(say.pick(found.rows.label), *(say.pick(label) for _, label in found.columns.values)),
        rows=tuple(rows),
        notes=tuple(_crosstab_notes(found, say)),
    )


def _crosstab_notes(found: CrosstabFinding, say: Words) -> Iterator[str]:
    yield say("crosstab.n", n=found.n, missing=found.n_missing)
    if found.hidden:
        yield say("crosstab.hidden", n=found.hidden)
    if found.association is not None and found.test is not None:
        yield say(f"crosstab.{found.test}", p=say.p(found.p), v=say.ranged(found.association))
        if found.sparse:
            yield say("crosstab.sparse")


def picture(panel: Panel, form: str, language: str) -> bytes | None:
    """The panel's figure as svg or png, its table as csv; None for another form."""
    if form == "csv":
        return delimited.table(panel.table)
    from reports import picture as pictures  # faces and layout: only where a picture is made

    if form == "svg":
        return pictures.svg(panel.wide)
    return pictures.png(panel.wide, panel.note, language) if form == "png" else None


def dashboard(findings: DiagnosisFindings, language: str, over_waves: Sequence[TrendFinding] = ()) -> Dashboard:
    """``over_waves``: what the programme's waves together say of the same scales."""
    say = words(language)
    return Dashboard(
        lead=lead(findings, say),
        strengths=tuple(sentence(each, say) for each in findings.strengths),
        improvements=tuple(sentence(each, say) for each in findings.improvements),
        panels=(*_of_report(findings, language, say), *_of_waves(over_waves, language, say)),
        details=(*_of_scales(findings, language, say), *_of_questions(findings, language, say)),
        comments=tuple((say.pick(each.label), each.texts, each.n) for each in findings.comments),
        filters=tuple(_filters(findings, say)),
    )


def _filters(findings: DiagnosisFindings, say: Words) -> Iterator[FilterField]:
    asked = {each.dimension: each.value for each in findings.conditions}
    for each in findings.choices:
        options = tuple((code, f"{say.pick(label)} ({n})") for code, label, n in each.values)
        yield FilterField(
            name=each.dimension, label=say.pick(each.label), options=options, value=asked.get(each.dimension, "")
        )


def _of_report(findings: DiagnosisFindings, language: str, say: Words) -> list[Panel]:
    panels = []
    for name, draw in FIGURES.items():
        wide, narrow = draw(findings, language, WIDE), draw(findings, language, NARROW)
        if wide is None or narrow is None:
            continue
        estimate, table = TABLES[name](findings, say)
        note = source(findings, say, estimate)
        panels.append(
            Panel(
                name=name, title=wide.title, wide=wide, narrow=narrow, note=note, table=table,
                methods=_methods(say, _further(name, findings), estimate),
            )
        )  # fmt: skip
    return panels


def _further(name: str, findings: DiagnosisFindings) -> tuple[str, ...]:
    if name == "candidates":
        return (f"ecrs_{findings.candidates[0].by}",)
    return METHODS.get(name, ())


def _of_waves(lines: Sequence[TrendFinding], language: str, say: Words) -> Iterator[Panel]:
    wide, narrow = trend(lines, language, WIDE), trend(lines, language, NARROW)
    if wide and narrow:
        waves = {point.title: point.mean.n_valid for each in lines for point in each.points}
        yield Panel(
            name="trend", title=wide.title, wide=wide, narrow=narrow, table=trend_rows(lines, say),
            note=say.list([f"{title} {say('n', n=n)}" for title, n in waves.items()]),
            methods=_methods(say, ("trend",), lines[0].points[0].mean),
        )  # fmt: skip


def _of_scales(findings: DiagnosisFindings, language: str, say: Words) -> list[Panel]:
    panels = []
    for scale in findings.scales:
        wide, narrow = distribution(scale, language, WIDE), distribution(scale, language, NARROW)
        if wide and narrow:
            panels.append(
                Panel(
                    name=f"distribution-{scale.code}", title=wide.title, wide=wide, narrow=narrow,
                    note=source(findings, say, scale.mean), table=item_rows(scale.items, say),
                    methods=_methods(say, ("wilson",), scale.mean),
                )
            )  # fmt: skip
    return panels


def _of_questions(findings: DiagnosisFindings, language: str, say: Words) -> list[Panel]:
    """Scaled questions outside any scale together, then every other question by itself."""
    panels = []
    title = say("items.topic")
    for number, items in enumerate(by_answers(findings.items), 1):
        wide, narrow = (item_bars(items, title, language, width) for width in (WIDE, NARROW))
        if wide and narrow:
            panels.append(
                Panel(
                    name=f"items-{number}", title=title, wide=wide, narrow=narrow,
                    note=source(findings, say, *(item.mean for item in items)), table=item_rows(items, say),
                    methods=_methods(say, ("wilson",), *(item.mean for item in items)),
                )
            )  # fmt: skip
    for each in findings.questions:
        wide, narrow = question(each, language, WIDE), question(each, language, NARROW)
        if wide and narrow:
            panels.append(
                Panel(
                    name=f"question-{each.question}", title=say.pick(each.label), wide=wide, narrow=narrow,
                    note=source(findings, say), table=_levels(each, say),
                    methods=_methods(say, (), *each.estimates.values()),
                )
            )  # fmt: skip
    return panels


def _methods(say: Words, further: Sequence[str], *estimates: Estimate | None) -> tuple[str, ...]:
    used = dict.fromkeys([*(each.method for each in estimates if each), *further])
    return tuple(say(f"method.{method}") for method in used if say.has(f"method.{method}"))


def _levels(finding: QuestionFinding, say: Words) -> Rows:
    def count(level: Level) -> str:
        return "–" if level.count is None else str(level.count)

    rows = [(say.pick(level.label), count(level), say.percent(level.share)) for level in finding.levels]
    rows += [(name, say.number(estimate.value), "") for name, estimate in finding.estimates.items()]
    return ("", "n", "%"), *rows
