"""What answers to trade-offs amount to: shares, best–worst scores, Kano categories, usability, weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import PartFinding, QuestionFinding
from surveys.analysis.levels import shown, unless_unanimous
from surveys.analysis.view import View
from surveys.questions import Ahp, ConstantSum, Kano, MaxDiff, Question, SemanticDifferential, Sus
from surveys.questions.trade_offs import EQUAL
from surveys.statistics import kano as kano_statistics
from surveys.statistics.ahp import ACCEPTABLE, weigh
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.proportion import wilson
from surveys.statistics.sus import usability_scores
from surveys.text import Text

CATEGORY_LABELS: dict[str, Text] = {
    "M": {"zh-CN": "必备", "en": "Must-be"},
    "O": {"zh-CN": "期望", "en": "One-dimensional"},
    "A": {"zh-CN": "魅力", "en": "Attractive"},
    "I": {"zh-CN": "无差异", "en": "Indifferent"},
    "R": {"zh-CN": "反向", "en": "Reverse"},
    "Q": {"zh-CN": "存疑", "en": "Questionable"},
}


def _finding(question: Question, **fields: Any) -> QuestionFinding:
    return QuestionFinding(question=question.code, type=question.type, label=question.text, **fields)


def _among(view: View, column: str, n: int) -> Counts:
    """Counts of the people whose whole answer is used; those who answered half of it are missing."""
    counts = view.counts[column]
    rest = view.n - n - counts.not_applicable - counts.not_shown
    return Counts(n, max(0, rest), counts.not_applicable, counts.not_shown)


def _mean(view: View, values: NDArray[np.float64], column: str) -> Estimate:
    estimate = mean_t(values).among(_among(view, column, len(values)))
    return view.policy.figure(unless_unanimous(view, estimate, values))


def constant_sum(view: View, question: Question) -> QuestionFinding:
    """The mean share of each option among those whose shares add up."""
    assert isinstance(question, ConstantSum)
    names = question.names(view.questionnaire)
    answers = view.matrix(tuple(names))
    whole = answers[np.nansum(answers, axis=1) == question.total]
    shares = np.nan_to_num(whole)
    parts = tuple(
        PartFinding(code=each.code, label=each.label, estimate=_mean(view, shares[:, place], names[place]))
        for place, each in enumerate(question.choices)
    )
    return _finding(question, parts=parts, kind="figures", low=0.0, unit=question.unit)


def semantic_differential(view: View, question: Question) -> QuestionFinding:
    """The profile: where the mean stands between each two poles."""
    assert isinstance(question, SemanticDifferential)
    parts = []
    for row in question.rows:
        name = f"{question.code}.{row.code}"
        parts.append(PartFinding(code=row.code, label=row.label, estimate=_mean(view, view.values(name), name)))
    return _finding(question, parts=tuple(parts), kind="figures", low=1.0, high=float(question.points))


def maxdiff(view: View, question: Question) -> QuestionFinding:
    """Best–worst scores: (times best − times worst) / times shown, for each person, among those who finished."""
    assert isinstance(question, MaxDiff)
    names = question.names(view.questionnaire)
    frame = view.frame.select(names).drop_nulls()
    drawn = question.drawn()
    parts = []
    for choice in question.choices:
        times = sum(choice in members for members in drawn)
        ends = {
            end: _times(frame, [name for name in names if name.endswith(end)], choice.code)
            for end in (".best", ".worst")
        }
        scores = (ends[".best"] - ends[".worst"]) / max(1, times)
        parts.append(PartFinding(code=choice.code, label=choice.label, estimate=_mean(view, scores, names[0])))
    return _finding(question, parts=tuple(parts), kind="figures", low=-1.0, high=1.0)


def _times(frame: pl.DataFrame, names: list[str], code: str) -> NDArray[np.float64]:
    """How often each person named ``code``."""
    named = frame.select(pl.sum_horizontal((pl.col(name) == code).cast(pl.Int64) for name in names).alias("times"))
    return named["times"].to_numpy().astype(np.float64)


def kano(view: View, question: Question) -> QuestionFinding:
    """Each feature's categories with the one of most answers, and how much it pleases and its lack displeases."""
    assert isinstance(question, Kano)
    return _finding(
        question, parts=tuple(_feature(view, question.code, row.code, row.label) for row in question.rows), kind="table"
    )


def _feature(view: View, question: str, row: str, label: Text) -> PartFinding:
    present, absent = f"{question}.{row}.present", f"{question}.{row}.absent"
    answers = view.frame.select(present, absent).drop_nulls()
    found = [kano_statistics.category_of(*pair) for pair in answers.iter_rows()]
    counts = {category: found.count(category) for category in kano_statistics.CATEGORIES}
    states = _among(view, present, len(found))
    indices = {"better": kano_statistics.better(counts), "worse": kano_statistics.worse(counts)}
    estimates = {name: _index(view, each, states) for name, each in indices.items()}
    known = shown(
        view, list(CATEGORY_LABELS.items()), [counts[each] for each in kano_statistics.CATEGORIES], len(found)
    )
    told = len(known) > 0 and known[0].share is not None
    verdict = kano_statistics.verdict(counts)
    return PartFinding(
        code=row,
        label=label,
        levels=known,
        estimates=estimates,
        category=verdict.category or "" if told else "",
    )


def _index(view: View, estimate: Estimate, states: Counts) -> Estimate:
    """Not shown where everybody said the same, as little as any other share."""
    if view.policy.protects and estimate.value in (0.0, 1.0, -1.0):
        estimate = estimate.without_value("unanimous")
    beside = Counts(estimate.n_valid, states.missing, states.not_applicable, states.not_shown)
    return view.policy.figure(estimate.among(beside))


def sus(view: View, question: Question) -> QuestionFinding:
    """The mean score among those who answered all ten items."""
    assert isinstance(question, Sus)
    names = [column.name for column in question.columns(view.questionnaire)]
    scores = usability_scores(view.matrix(tuple(names)))
    return _finding(question, estimates={"sus": _mean(view, scores, names[0])})


def ahp(view: View, question: Question) -> QuestionFinding:
    """The mean of people's own weights, and how many were consistent, among those who made every comparison."""
    assert isinstance(question, Ahp)
    weighings = [weigh(comparisons) for comparisons in _comparisons(view, question)]
    weights = np.array([each.weights for each in weighings]).reshape(-1, len(question.choices))
    consistent = wilson(sum(each.consistency_ratio <= ACCEPTABLE for each in weighings), len(weighings))
    column = question.names(view.questionnaire)[0]
    parts = tuple(
        PartFinding(code=each.code, label=each.label, estimate=_mean(view, weights[:, place], column))
        for place, each in enumerate(question.choices)
    )
    figure = view.policy.figure(consistent.among(_among(view, column, len(weighings))))
    return _finding(question, parts=parts, kind="figures", low=0.0, percent=True, estimates={"consistent": figure})


def _comparisons(view: View, question: Ahp) -> Iterator[NDArray[np.float64]]:
    """The matrix of each person who made every comparison."""
    places = {code: place for place, code in enumerate(question.codes())}
    pairs = list(question.pairs())
    columns = [f"{stem}.{part}" for stem, _, _ in pairs for part in ("more", "times")]
    for row in view.frame.select(columns).iter_rows():
        matrix = np.ones((len(places), len(places)))
        for (_, one, other), more, times in zip(pairs, row[::2], row[1::2], strict=True):
            if more is None or (more != EQUAL and times is None):
                break
            ratio = 1.0 if more == EQUAL else float(times) if more == one.code else 1 / times
            matrix[places[one.code], places[other.code]] = ratio
            matrix[places[other.code], places[one.code]] = 1 / ratio
        else:
            yield matrix
