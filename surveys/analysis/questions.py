"""Questions outside the scales: distributions first, figures second."""

from __future__ import annotations

import numpy as np
import polars as pl

from surveys.analysis.findings import QuestionFinding
from surveys.analysis.levels import Labels, choice_labels, levels, shown
from surveys.analysis.view import View
from surveys.questions import Duration, Multiple, Nps, Number, Question, Ranking, Single
from surveys.statistics.distribution import distribution
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.nps import net_promoter_score
from surveys.statistics.quantile import median_order_statistic


def question_findings(view: View) -> tuple[QuestionFinding, ...]:
    """One per question in the order asked; questions that name a segment are told in the segments instead."""
    found = (_question(view, question) for question in view.questions())
    return tuple(each for each in found if each is not None)


def _question(view: View, question: Question) -> QuestionFinding | None:
    if isinstance(question, Single) and not question.segment:
        return _choices(view, question)
    if isinstance(question, Multiple):
        return _choices(view, question, multiple=True)
    if isinstance(question, Ranking):
        return _ranking(view, question)
    if isinstance(question, Number | Duration):
        return _number(view, question)
    if isinstance(question, Nps):
        return _nps(view, question)
    return None


def _choices(view: View, question: Single | Multiple, *, multiple: bool = False) -> QuestionFinding:
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        levels=levels(view, view.columns[question.code], choice_labels(question.choices)),
        multiple=multiple,
    )


def _number(view: View, question: Number | Duration) -> QuestionFinding:
    values = view.values(question.code)
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        estimates={
            "median": view.figure(median_order_statistic(values), question.code),
            "mean": view.figure(mean_t(values), question.code),
        },
        unit=question.unit if isinstance(question, Number) else {},
    )


def _nps(view: View, question: Nps) -> QuestionFinding:
    values = view.values(question.code)
    labels: Labels = [(point, {"zh-CN": str(point), "en": str(point)}) for point in range(11)]
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        levels=levels(view, view.columns[question.code], labels),
        estimates={
            "nps": view.figure(net_promoter_score(values), question.code),
            "median": view.figure(median_order_statistic(values), question.code),
        },
    )


def _ranking(view: View, question: Ranking) -> QuestionFinding:
    """Levels: how many put each option first. Estimates by option: its mean rank among those who ranked it."""
    ranks = view.frame[question.code].drop_nulls()
    n = view.counts[question.code].valid
    firsts = distribution(ranks.list.first(), [choice.code for choice in question.choices])
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        levels=shown(view, choice_labels(question.choices), firsts, n),
        estimates={choice.code: _mean_rank(view, question, choice.code) for choice in question.choices},
    )


def _mean_rank(view: View, question: Ranking, code: str) -> Estimate:
    positions = view.frame.select(
        pl.col(question.code).list.eval(pl.element() == code).list.arg_max().alias("position")
    ).filter(view.frame[question.code].list.contains(code).fill_null(False))
    ranks = positions["position"].to_numpy().astype(np.float64) + 1
    asked = view.counts[question.code]
    counts = Counts(len(ranks), asked.missing + asked.valid - len(ranks), asked.not_applicable, asked.not_shown)
    return view.policy.figure(mean_t(ranks).among(counts))
