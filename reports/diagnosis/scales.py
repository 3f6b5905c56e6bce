"""Scales against the middle and each other, then the answers behind them."""

from __future__ import annotations

from reports.diagnosis.sources import source
from reports.document import Column, Document
from reports.figures import distribution, reach, scales
from reports.figures.scales import by_answers, item_bars
from reports.style import CONTENT_WIDTH
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings, ItemFinding, ScaleFinding


def add(document: Document, findings: DiagnosisFindings) -> None:
    if not findings.scales and not findings.items:
        return
    say = document.say
    if findings.scales:
        document.section(say("scales.topic"), _finding(findings.scales, say), new_page=True)
        document.caption(say("scales.caption"))
        document.figure(
            scales(findings, document.language), source(findings, say, *(scale.mean for scale in findings.scales))
        )
        _table(document, findings)
    _items(document, findings)


def _finding(found: tuple[ScaleFinding, ...], say: Words) -> str:
    known = sorted((scale for scale in found if scale.mean.value is not None), key=lambda scale: scale.mean.value or 0)
    if not known or all(scale.verdict == "insufficient" for scale in known):
        return say("scales.finding.few")
    low = [scale for scale in known if scale.verdict == "improve"]
    worst, best = known[0], known[-1]
    params = {
        "worst": say.quoted(worst.label), "worst_mean": say.number(worst.mean.value),
        "best": say.quoted(best.label), "best_mean": say.number(best.mean.value), "n": len(found), "low": len(low),
    }  # fmt: skip
    if len(known) == 1:
        return say("scales.finding.one", **params)
    return say("scales.finding" if low else "scales.finding.none_low", **params)


def _table(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    columns = [
        Column(say("scales.column.scale"), CONTENT_WIDTH - 372), Column(say("scales.column.mean"), 44, "right"),
        Column(say("scales.column.interval"), 74, "right"), Column(say("scales.column.top2"), 58, "right"),
        Column("α", 44, "right"), Column("n", 42, "right"), Column(say("scales.column.verdict"), 110, "right"),
    ]  # fmt: skip
    rows = []
    for scale in sorted(findings.scales, key=lambda scale: (scale.rank is None, scale.rank or 0)):
        low, high = scale.mean.ci_low, scale.mean.ci_high
        rows.append(
            [
                say.pick(scale.label), say.number(scale.mean.value),
                "–" if low is None else f"{say.number(low)}–{say.number(high)}", say.percent(scale.top2.value),
                say.number(scale.alpha.value if scale.alpha else None), str(scale.mean.n_valid),
                say(f"verdict.{scale.verdict}"),
            ]
        )  # fmt: skip
    document.table(columns, rows, say("scales.note"))


def _items(document: Document, findings: DiagnosisFindings) -> None:
    say, language = document.say, document.language
    items = [item for scale in findings.scales for item in scale.items] + list(findings.items)
    if not items:
        return
    document.section(say("items.topic"), _extremes(findings, say), new_page=True)
    turned = any(item.reversed for item in items)
    sides = say("items.caption") if findings.scales else say("items.single.caption")
    document.caption(sides + say("items.rounding") + (say("items.reversed") if turned else ""))
    longest = reach(items)
    for scale in findings.scales:
        scene = distribution(scale, language, reach=longest)
        if scene:
            document.subheading(f"{say.pick(scale.label)}  {say.number(scale.mean.value)}")
            document.figure(scene, _source(findings, scale.items, say))
    _single_items(document, findings, longest)


def _single_items(document: Document, findings: DiagnosisFindings, longest: float) -> None:
    """Rated questions outside the scales, one figure for each set of answers, as each needs its own legend."""
    say = document.say
    if not findings.items:
        return
    document.subheading(say("items.single"))
    if findings.scales:
        document.caption(say("items.single.caption"))
    for items in by_answers(findings.items):
        document.figure(
            item_bars(items, say("items.single"), document.language, reach=longest), _source(findings, items, say)
        )


def _source(findings: DiagnosisFindings, items: tuple[ItemFinding, ...], say: Words) -> str:
    return source(findings, say, *(item.mean for item in items), method="share")


def _extremes(findings: DiagnosisFindings, say: Words) -> str:
    """Named by top-2-box, which says how many people agree."""
    items = [item for scale in findings.scales for item in scale.items if scale.verdict != "insufficient"]
    known = [item for item in items if item.top2.value is not None and not item.reversed]
    if len(known) < 2:
        return say("items.finding.few")
    worst = min(known, key=lambda item: item.top2.value or 0)
    best = max(known, key=lambda item: item.top2.value or 0)
    return say(
        "items.finding", best=say.quoted(_short(best.label, say)), best_share=say.percent(best.top2.value),
        worst=say.quoted(_short(worst.label, say)), worst_share=say.percent(worst.top2.value),
    )  # fmt: skip


def _short(label: dict[str, str], say: Words) -> str:
    text = " ".join(say.pick(label).split()).rstrip("。.")
    return text if len(text) <= 60 else text[:59] + "…"
