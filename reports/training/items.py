"""The items: all on one map and in one table, and why some of them deserve a look."""

from __future__ import annotations

from reports.document import Column, Document
from reports.figures.exam_items import item_map, option_bars, rasch_ladder
from reports.paragraph import Prose
from reports.style import CONTENT_WIDTH, SMALL
from reports.training.sources import interval, short, source
from reports.wording import NONE, Words
from surveys.analysis.training_findings import ItemResult, OptionResult, TrainingFindings

MOST = 8
"""Items whose options are drawn; the others' remarks stand in the table."""
WIDE = 2.0
"""Logits between easiest and hardest item from which difficulties count as well spread."""
WIDTHS = (34.0, 46.0, 50.0, 46.0, 46.0, 46.0)
NAMES = ("exposure", "facility", "discrimination", "efficiency", "extremes")


def add(document: Document, findings: TrainingFindings) -> None:
    if not findings.items:
        return
    say = document.say
    document.section(say("training.items.topic"), _finding(findings, say), new_page=True)
    scene = item_map(findings, say.language)
    if scene:
        document.caption(say("training.items.caption"))
        document.figure(scene, source(findings, say, *(item.discrimination for item in findings.items)))
    document.subheading(say("training.items.table"))
    _table(document, findings)
    _look(document, findings)


def _finding(findings: TrainingFindings, say: Words) -> str:
    judged = [item for item in findings.items if item.facility.value is not None]
    serious = [item.code for item in findings.flagged if item.serious]
    weak = sum("weak_discrimination" in item.flags for item in judged)
    if not judged:
        return say("training.items.finding.few")
    if serious:
        codes = say.list(serious[:4]) + ("…" if len(serious) > 4 else "")
        return say("training.items.finding", n=len(judged), bad=len(serious), items=codes)
    return say("training.items.finding.weak" if weak else "training.items.finding.good", n=len(judged), weak=weak)


def _table(document: Document, findings: TrainingFindings) -> None:
    say = document.say
    document.caption(say("training.items.table.caption"))
    columns = [
        Column(say("training.items.column.item"), CONTENT_WIDTH - sum(WIDTHS) - 96), Column("n", WIDTHS[0], "right"),
        *(
            Column(say(f"training.items.column.{name}"), width, "right")
            for name, width in zip(NAMES, WIDTHS[1:], strict=True)
        ),
        Column(say("training.items.column.flag"), 96),
    ]  # fmt: skip
    items = sorted(
        findings.items, key=lambda item: (item.facility.value is None, item.facility.value or 0.0, item.code)
    )
    document.table(columns, [_row(item, say) for item in items], say("training.items.note"))


def _row(item: ItemResult, say: Words) -> list[str]:
    waiting = say("training.items.pending", n=item.pending) if item.pending else ""
    percent = None if item.facility.value is None else 100 * item.facility.value
    return [
        f"{item.code}  {short(item.text, say, 20)}{waiting}", str(item.facility.n_valid),
        say.percent(item.exposure.value), say.number(percent, 1), say.number(item.discrimination.value, 1),
        say.number(item.efficiency, 1), say.number(item.upper_lower.value),
        say.list([say(f"training.flag.{flag}") for flag in item.flags[:2]]) or NONE,
    ]  # fmt: skip


def _look(document: Document, findings: TrainingFindings) -> None:
    say = document.say
    serious = [item for item in findings.flagged if item.serious]
    if not serious:
        return
    document.section(say("training.items.look"), _look_finding(serious[0], say))
    for item in serious[:MOST]:
        document.subheading(f"{item.code}  {short(item.text, say, 44)}")
        if findings.exam.over:
            document.add(Prose(reason(item, say), language=say.language, space_after=3, keep_with_next=True))
        document.add(_note(_figures(item, say), say, after=8))
        scene = option_bars(item, say.language) if findings.exam.over else None
        document.figure(scene, source(findings, say, item.facility, method="share"))
    if len(serious) > MOST:
        document.note(say("training.items.more", n=len(serious) - MOST))


def _note(text: str, say: Words, after: float = 0.0) -> Prose:
    """Small print; ``after`` it, what it belongs to."""
    return Prose(
        text, language=say.language, size=SMALL, leading=1.5, colour="muted", space_after=after,
        keep_with_next=after > 0,
    )  # fmt: skip


def _look_finding(item: ItemResult, say: Words) -> str:
    return f"{item.code}{'：' if say.language == 'zh-CN' else ': '}" + say.list(
        [say(f"training.flag.{flag}") for flag in item.flags[:2]]
    )


def suspect(item: ItemResult) -> OptionResult | None:
    """A wrong option that those who know choose and that more of them chose than the key: perhaps the true answer."""
    key = max((option.upper or 0.0 for option in item.options if option.key), default=0.0)
    drawn = [option for option in item.options if not option.key and "chosen_by_the_able" in option.flags]
    found = max(drawn, key=lambda option: option.upper or 0.0, default=None)
    return found if found and (found.upper or 0.0) > key and (found.point_biserial or 0.0) > 0.15 else None


def reason(item: ItemResult, say: Words) -> str:
    """Why the item deserves a look and what to do, in a sentence or two."""
    if option := suspect(item):
        return say("training.reason.key", option=short(option.label, say))
    wrong = max((o for o in item.options if not o.key), key=lambda option: option.chosen.value or 0.0, default=None)
    if wrong and (wrong.chosen.value or 0.0) > 0.5:
        return say("training.reason.ambiguous", option=short(wrong.label, say), share=say.percent(wrong.chosen.value))
    return say("training.reason.negative" if "negative_discrimination" in item.flags else "training.reason.hard")


def _figures(item: ItemResult, say: Words) -> str:
    return say(
        "training.items.look.figures", type=say(f"training.type.{item.type}"),
        topic=item.topic or item.category or NONE,
        facility=say.percent(item.facility.value), facility_interval=interval(item.facility, say, "percent", 0),
        discrimination=say.number(item.discrimination.value, 1),
        discrimination_interval=interval(item.discrimination, say, decimals=1), n=item.facility.n_valid,
    )  # fmt: skip


def add_rasch(document: Document, findings: TrainingFindings) -> None:
    scene = rasch_ladder(findings, document.language)
    if scene is None:
        return
    say = document.say
    ordered = sorted(findings.rasch.items, key=lambda item: item.difficulty.value or 0.0)
    easiest, hardest = ordered[0], ordered[-1]
    low, high = easiest.difficulty.value or 0.0, hardest.difficulty.value or 0.0
    spread = say(f"training.rasch.spread.{'wide' if high - low >= WIDE else 'narrow'}")
    finding = say(
        "training.rasch.finding", hardest=hardest.code, easiest=easiest.code, high=say.number(high, 1),
        low=say.number(low, 1), spread=spread,
    )  # fmt: skip
    document.section(say("training.rasch.topic"), finding, new_page=True)
    document.caption(say("training.rasch.caption"))
    document.figure(scene, source(findings, say, *(item.difficulty for item in ordered)))
