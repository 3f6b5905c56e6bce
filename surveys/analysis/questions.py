"""Questions outside the scales, told by what their columns hold: distributions first, figures second.

A new type needs nothing here. Those whose answers mean more than their columns say (a net promoter score, weights,
Kano categories) have a function of their own in ``SPECIAL``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from surveys.analysis.findings import Level, PartFinding, QuestionFinding
from surveys.analysis.flow import ecrs, flow_order, matrix_dual
from surveys.analysis.levels import is_item, levels, names, shown, unless_unanimous
from surveys.analysis.trade_offs import ahp, constant_sum, kano, maxdiff, semantic_differential, sus
from surveys.analysis.view import View
from surveys.columns import worded
from surveys.questions import Column, FiveWhys, PainPoints, Question, Single, StepGrid
from surveys.statistics.distribution import distribution
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.nps import net_promoter_score
from surveys.statistics.quantile import median_order_statistic
from surveys.text import Text

MOST_PARTS = 60  # of one finding


def question_findings(view: View) -> tuple[QuestionFinding, ...]:
    """In the order asked; segments, items of scales, the process and free texts have chapters of their own."""
    inside = {item for scale in view.questionnaire.scales for item in scale.items}
    return tuple(finding for question in view.questions() for finding in _findings(view, question, inside))


def _findings(view: View, question: Question, inside: set[str]) -> Iterator[QuestionFinding]:
    if isinstance(question, StepGrid | PainPoints | FiveWhys) or (isinstance(question, Single) and question.segment):
        return
    special = SPECIAL.get(question.type)
    if special is not None:
        yield special(view, question)
        return
    told = [
        column
        for column in question.columns(view.questionnaire)
        if not (column.free or column.identifying or is_item(question, column) or column.name in inside)
    ]
    alike: dict[tuple[object, ...], list[Column]] = {}
    for column in told:
        alike.setdefault((column.kind, column.choices, column.low, column.high, column.unit), []).append(column)
    for columns in alike.values():
        if len(columns) == 1 or columns[0].kind == "text":
            yield from (_column(view, question, column) for column in columns)
        else:
            yield _parts(view, question, columns)


def _column(view: View, question: Question, column: Column) -> QuestionFinding:
    """The whole question where it has one column, one column of it else."""
    return QuestionFinding(
        question=column.name,
        type=question.type,
        label=question.text if column.name == question.code else column.label,
        levels=_levels(view, column),
        estimates=_estimates(view, column),
        unit=_unit(question),
        multiple=column.kind == "codes",
    )


def _parts(view: View, question: Question, columns: list[Column]) -> QuestionFinding:
    """Several columns of one kind: a table of their levels, or their figures on one axis."""
    table = columns[0].kind != "text" and bool(worded(columns[0]))
    parts = []
    for column in columns[:MOST_PARTS]:
        figures = _estimates(view, column)
        part = PartFinding(
            code=column.name,
            label=column.label,
            levels=_levels(view, column) if table else (),
            estimate=figures.get("mean" if column.kind == "integer" else "median"),
        )
        parts.append(part)
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        parts=tuple(parts),
        kind="table" if table else "figures",
        unit=_unit(question),
        multiple=columns[0].kind == "codes",
    )


def _levels(view: View, column: Column) -> tuple[Level, ...]:
    return names(view, column) if column.kind == "text" else levels(view, column, worded(column))


def _estimates(view: View, column: Column) -> dict[str, Estimate]:
    if column.kind not in ("integer", "number"):
        return {}
    values = view.values(column.name)
    few = bool(worded(column))
    found = {"median": median_order_statistic(values), "mean": mean_t(values)}
    return {
        name: view.figure(unless_unanimous(view, each, values) if few else each, column.name)
        for name, each in found.items()
    }


def _unit(question: Question) -> Text:
    unit = getattr(question, "unit", {})
    return unit if isinstance(unit, dict) else {}


def _nps(view: View, question: Question) -> QuestionFinding:
    (column,) = question.columns(view.questionnaire)
    values = view.values(column.name)
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        levels=levels(view, column, worded(column)),
        estimates={
            "nps": view.figure(net_promoter_score(values), column.name),
            "median": view.figure(median_order_statistic(values), column.name),
        },
    )


def _ranking(view: View, question: Question) -> QuestionFinding:
    """Levels: how many put each option first. Estimates by option: its mean rank among those who ranked it."""
    column = question.columns(view.questionnaire)[0]
    ranks = view.frame[column.name].drop_nulls()
    n = view.counts[column.name].valid
    firsts = distribution(ranks.list.first(), list(column.choices))
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        levels=shown(view, worded(column), firsts, n),
        estimates={code: _mean_rank(view, column, code) for code in column.choices},
    )


def _mean_rank(view: View, column: Column, code: str) -> Estimate:
    positions = view.frame.select(
        pl.col(column.name).list.eval(pl.element() == code).list.arg_max().alias("position")
    ).filter(view.frame[column.name].list.contains(code).fill_null(False))
    ranks = positions["position"].to_numpy().astype(np.float64) + 1
    asked = view.counts[column.name]
    counts = Counts(len(ranks), asked.missing + asked.valid - len(ranks), asked.not_applicable, asked.not_shown)
    return view.policy.figure(mean_t(ranks).among(counts))


SPECIAL: dict[str, Callable[[View, Question], QuestionFinding]] = {
    "nps": _nps,
    "ranking": _ranking,
    "constant_sum": constant_sum,
    "semantic_differential": semantic_differential,
    "maxdiff": maxdiff,
    "kano": kano,
    "sus": sus,
    "ahp": ahp,
    "flow_order": flow_order,
    "ecrs": ecrs,
    "matrix_dual": matrix_dual,
}
"""Type to what its answers amount to."""
