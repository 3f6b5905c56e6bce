"""Outcomes as pages show them: the sentence first, then figures and the numbers behind them, as in the report."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from reports.figure import Scene, to_svg
from reports.figures.exam_items import item_map, option_bars
from reports.figures.exam_scores import pass_rates, score_distribution, topic_shares
from reports.training.items import reason
from reports.training.sources import between, interval, source
from reports.training.summary import holds, lead, to_do
from reports.wording import NONE, Words, words
from service.actions.dashboard import NARROW, WIDE, Rows
from surveys.analysis.training_findings import ItemResult, TrainingFindings

Claims = tuple[tuple[str, str], ...]


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A figure for a wide and a narrow page as SVG, what it rests on, and the table that says the same."""

    name: str
    title: str
    wide: str
    narrow: str
    note: str
    table: Rows


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """``figures``: value and name. ``holds`` and ``to_do``: claim and the figures that carry it."""

    lead: str
    figures: Claims
    holds: Claims
    to_do: Claims
    panels: tuple[Panel, ...]


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """An item in the table of all; figures as they are read."""

    code: str
    text: str
    topic: str
    n: str
    exposure: str
    facility: str
    discrimination: str
    efficiency: str
    extremes: str
    remarks: tuple[str, ...]
    serious: bool
    pending: int


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    """One item: why it deserves a look, its figures with intervals, what was chosen by whom."""

    row: ItemRow
    reason: str
    pairs: tuple[tuple[str, str], ...]
    panel: Panel | None


def board(findings: TrainingFindings, language: str) -> Board:
    say = words(language)
    people, mean, alpha = findings.participation, findings.scores.mean, findings.reliability.alpha
    figures = (
        (f"{people.sat} / {people.candidates}", "sat"), (say.percent(people.pass_rate.value), "pass"),
        (say.number(mean.value, 1), "mean"), (say.number(alpha.value), "reliability"),
    )  # fmt: skip
    return Board(
        lead=lead(findings, say),
        figures=tuple((value, say(f"training.figure.number.{name}")) for value, name in figures),
        holds=tuple(holds(findings, say)),
        to_do=tuple(to_do(findings, say)),
        panels=tuple(_panels(findings, language, say)),
    )


def _panels(findings: TrainingFindings, language: str, say: Words) -> list[Panel]:
    people, scores = findings.participation, findings.scores
    rates = [each.pass_rate for each in people.by_department] or [people.pass_rate]
    shares = [topic.share for topic in findings.topics] or [scores.mean]
    drawn: tuple[tuple[str, Callable[..., Scene | None], str, Rows], ...] = (
        ("distribution", score_distribution, source(findings, say, scores.mean), _bins(findings, say)),
        ("pass_rates", pass_rates, source(findings, say, *rates), _departments(findings, say)),
        ("topics", topic_shares, source(findings, say, *shares), _topics(findings, say)),
    )
    return [panel for panel in (_panel(findings, language, *each) for each in drawn) if panel]


def _panel(
    findings: TrainingFindings, language: str, name: str, draw: Callable[..., Scene | None], note: str, table: Rows
) -> Panel | None:
    wide, narrow = draw(findings, language, WIDE), draw(findings, language, NARROW)
    if wide is None or narrow is None:
        return None
    return Panel(name=name, title=wide.title, wide=to_svg(wide), narrow=to_svg(narrow), note=note, table=table)


def _bins(findings: TrainingFindings, say: Words) -> Rows:
    rows = [(f"{say.short(each.low)}–{say.short(each.high)}", str(each.count)) for each in findings.scores.bins]
    return ("", "n"), *rows


def _departments(findings: TrainingFindings, say: Words) -> Rows:
    heads = ("department", "candidates", "sat", "passed", "failed", "undecided", "rate", "interval")
    rows = []
    for each in findings.participation.by_department:
        counts = (each.sat, each.passed, each.failed, each.undecided)
        told = [NONE if count is None else str(count) for count in counts]
        rate = each.pass_rate
        rows.append(
            (each.label, str(each.candidates), *told, say.percent(rate.value), between(rate, say, "percent", 0))
        )
    return tuple(say(f"training.people.column.{name}") for name in heads), *rows


def _topics(findings: TrainingFindings, say: Words) -> Rows:
    rows = [
        (
            topic.topic, say.percent(topic.share.value), between(topic.share, say, "percent", 0),
            say(f"training.verdict.{topic.verdict}"), say.list([*topic.weakest]) or NONE,
        )
        for topic in findings.topics
    ]  # fmt: skip
    heads = ("topics.column.topic", "items.column.facility", "people.column.interval", "topics.column.verdict",
             "topics.column.who")  # fmt: skip
    return tuple(say(f"training.{name}") for name in heads), *rows


# Items


def item_rows(findings: TrainingFindings, language: str) -> list[ItemRow]:
    """Those that deserve a look first, then the hardest."""
    flagged = [item for item in findings.flagged if item.serious]
    rest = [item for item in findings.items if not item.serious]
    rest.sort(key=lambda item: (item.facility.value is None, item.facility.value or 0.0, item.code))
    return [_row(item, words(language)) for item in (*flagged, *rest)]


def _row(item: ItemResult, say: Words) -> ItemRow:
    return ItemRow(
        code=item.code,
        text=say.pick(item.text),
        topic=item.topic,
        n=str(item.facility.n_valid),
        exposure=say.percent(item.exposure.value),
        facility=say.percent(item.facility.value),
        discrimination=say.number(item.discrimination.value, 1),
        efficiency=say.number(item.efficiency, 1),
        extremes=say.number(item.upper_lower.value),
        remarks=tuple(say(f"training.flag.{flag}") for flag in item.flags),
        serious=item.serious,
        pending=item.pending,
    )


def map_panel(findings: TrainingFindings, language: str) -> Panel | None:
    say = words(language)
    shown = [item.discrimination for item in findings.items] or [findings.scores.mean]
    return _panel(findings, language, "map", item_map, source(findings, say, *shown), ())


def item_page(findings: TrainingFindings, code: str, language: str) -> ItemPage | None:
    """None where no attempt had the item."""
    item = next((each for each in findings.items if each.code == code), None)
    if item is None:
        return None
    say = words(language)
    figures = (
        ("facility", say.percent(item.facility.value), interval(item.facility, say, "percent", 0)),
        ("discrimination", say.number(item.discrimination.value, 1), interval(item.discrimination, say, decimals=1)),
        ("efficiency", say.number(item.efficiency, 1), ""),
        ("extremes", say.number(item.upper_lower.value), ""),
        ("exposure", say.percent(item.exposure.value), ""),
    )
    pairs = [
        (
            say(f"training.items.column.{name}"),
            say("training.ranged", value=value, interval=span) if span.strip("–") else value,
        )
        for name, value, span in figures
    ]
    return ItemPage(
        row=_row(item, say),
        reason=reason(item, say) if item.serious else "",
        pairs=(("n", str(item.facility.n_valid)), *pairs),
        panel=_option_panel(findings, item, language, say),
    )


def _option_panel(findings: TrainingFindings, item: ItemResult, language: str, say: Words) -> Panel | None:
    wide, narrow = option_bars(item, language, WIDE), option_bars(item, language, NARROW)
    if wide is None or narrow is None:
        return None
    rows = [
        (
            say("training.figure.key", option=say.pick(option.label)) if option.key else say.pick(option.label),
            str(option.chosen.params.get("successes", NONE)), say.percent(option.chosen.value),
            say.percent(option.upper), say.percent(option.lower), say.number(option.point_biserial),
        )
        for option in item.options
    ]  # fmt: skip
    heads = ("", "n", "%", say("training.figure.upper"), say("training.figure.lower"), "r")
    return Panel(
        name="options", title=wide.title, wide=to_svg(wide), narrow=to_svg(narrow),
        note=source(findings, say, item.facility, method="share"), table=(heads, *rows),
    )  # fmt: skip
