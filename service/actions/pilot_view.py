"""The evaluation as its page shows it: the sentence first, then figures and the numbers behind them."""

from __future__ import annotations

import msgspec

from reports.figure import Scene, to_svg
from reports.figures import pareto
from reports.pilot.adjustments import risk_detail, sentences
from reports.pilot.figures import durations, groups, progress
from reports.pilot.satisfaction import told
from reports.pilot.targets import row
from reports.pilot.verdict import clause, headline
from reports.pilot.wording import change, label
from reports.wording import Words, words
from service.actions.dashboard import NARROW, WIDE
from surveys.analysis.pilot_evaluation import Evaluation, finding_of
from surveys.analysis.pilot_findings import Risk
from surveys.analysis.pilot_power import Need

Rows = tuple[tuple[str, ...], ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """For a wide and for a narrow page, with the sentence that goes with it."""

    title: str
    wide: str
    narrow: str
    text: str = ""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """``clauses``, ``targets`` and ``others`` have their heads in the first row."""

    headline: str
    clauses: Rows
    targets: Rows
    others: Rows
    figures: tuple[Figure, ...]
    adjustments: tuple[tuple[str, str], ...]
    risks: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, tuple[str, ...], int], ...]


def view(evaluation: Evaluation, language: str) -> View:
    say = words(language)
    found = evaluation.pilot.metrics
    heads = ("metric", "before", "after", "change", "interval", "target")
    head = (*(say(f"pilot.column.{name}") for name in heads), "n", say("pilot.column.verdict"))
    clauses = ("", *(say(f"pilot.rule.column.{name}") for name in ("clause", "wanted", "found", "holds")))
    voices = evaluation.voices
    return View(
        headline=headline(evaluation, say),
        clauses=(clauses, *(tuple(clause(each, evaluation, say)) for each in evaluation.pilot.decision.reasons)),
        targets=(head, *(tuple(row(each, say)) for each in found if each.metric.target is not None)),
        others=(head, *(tuple(row(each, say)) for each in found if each.metric.target is None)),
        figures=tuple(_figures(evaluation, language, say)),
        adjustments=tuple(sentences(each, evaluation, say) for each in evaluation.adjustments),
        risks=tuple(_risks(evaluation, say)),
        comments=tuple((say.pick(each.label), each.texts, each.n) for each in voices.comments) if voices else (),
    )


def _figures(evaluation: Evaluation, language: str, say: Words) -> list[Figure]:
    found = evaluation.pilot.metrics
    judged = [each for each in found if each.metric.target is not None]
    drawn = [_figure(progress(judged, language, WIDE), progress(judged, language, NARROW))]
    answered = {measure.code for measure in evaluation.record.plan.measures if measure.source == "answers"}
    drawn += [
        _figure(groups(each, language, WIDE), groups(each, language, NARROW), told(each, say))
        for each in found
        if each.metric.code in answered
    ]
    for code, curves in evaluation.curves.items():
        metric = finding_of(evaluation, code).metric
        drawn.append(_figure(durations(metric, curves, language, WIDE), durations(metric, curves, language, NARROW)))
    if evaluation.voices is not None:
        wide, narrow = (pareto(evaluation.voices, language, width) for width in (WIDE, NARROW))
        drawn.append(_figure(wide, narrow))
    return [each for each in drawn if each is not None]


def _figure(wide: Scene | None, narrow: Scene | None, text: str = "") -> Figure | None:
    if wide is None or narrow is None:
        return None
    return Figure(title=wide.title, wide=to_svg(wide), narrow=to_svg(narrow), text=text)


def _risks(evaluation: Evaluation, say: Words) -> list[tuple[str, str]]:
    grouped: dict[str, list[Risk]] = {}
    for risk in evaluation.risks:
        grouped.setdefault(risk.key, []).append(risk)
    return [(say(f"pilot.risk.{key}"), risk_detail(risks, evaluation, say)) for key, risks in grouped.items()]


def needs_rows(needs: tuple[Need, ...], language: str) -> Rows:
    """What each measure needs: its label, the change hoped for, how many values in each group, how many are there."""
    say = words(language)
    head = tuple(say(f"pilot.need.column.{name}") for name in ("metric", "hoped", "needed", "have"))
    return (head, *(_need(each, say) for each in needs)) if needs else ()


def _need(need: Need, say: Words) -> tuple[str, ...]:
    if need.needed is None:
        return label(need.label, say), say(f"pilot.need.why.{need.why}"), "–", str(need.have)
    ratio = need.metric.design.kind in ("duration", "count")
    hoped = msgspec.structs.replace(need.needed, value=need.hoped, params={"null": 1.0 if ratio else 0.0})
    paired = "pairs" if need.metric.design.linked else "each"
    needed = (
        say("pilot.need.none")
        if need.needed.value is None
        else say(f"pilot.need.{paired}", n=say.plain(need.needed.value))
    )
    return label(need.label, say), change(need.metric, hoped, say), needed, str(need.have)
