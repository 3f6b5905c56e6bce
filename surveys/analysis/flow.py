"""What people say of the flow: in which order its steps are done, what to do about each, and where two scales part."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from surveys.analysis.findings import Level, PartFinding, QuestionFinding
from surveys.analysis.levels import shown, unless_unanimous
from surveys.analysis.view import View
from surveys.columns import worded
from surveys.disclosure import FEW
from surveys.questions import Ecrs, FlowOrder, MatrixDual, Question
from surveys.questions.flow import KEEP
from surveys.questions.grid import both
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.order import frequent_orders, kendall_w, positions
from surveys.statistics.proportion import wilson
from surveys.statistics.quantile import median_order_statistic
from surveys.text import LANGUAGES, Text, pick

MOST_ORDERS = 3


def flow_order(view: View, question: Question) -> QuestionFinding:
    """Parts: each step's mean position, first ones first. Levels: the most frequent orders. Estimate: ``agreement``.

    An order is told only where at least k people gave it, since a rare one is as good as a name.
    """
    assert isinstance(question, FlowOrder)
    name, steps = question.code, question.asked(view.questionnaire)
    orders: list[list[str]] = view.frame[name].drop_nulls().to_list()
    asked = view.counts[name]
    parts = []
    for step in steps:
        places = positions(orders, step.code)
        left = asked.missing + asked.valid - len(places)
        estimate = mean_t(places).among(Counts(len(places), left, asked.not_applicable, asked.not_shown))
        mean = view.policy.figure(unless_unanimous(view, estimate, places))
        parts.append(PartFinding(code=step.code, label=step.label, estimate=mean))
    agreement = kendall_w(orders, [step.code for step in steps])
    return QuestionFinding(
        question=name,
        type=question.type,
        label=question.text,
        levels=_orders(view, orders, {step.code: step.label for step in steps}),
        estimates={"agreement": view.figure(agreement, name)},
        parts=tuple(sorted(parts, key=lambda part: _value(part.estimate, len(steps) + 1))),
        kind="figures",
        low=1.0,
        high=float(len(steps)),
    )


def _orders(view: View, orders: list[list[str]], labels: dict[str, Text]) -> tuple[Level, ...]:
    if len(orders) < max(FEW, view.policy.minimum_group):
        return ()
    found = []
    for order, count in frequent_orders(orders, MOST_ORDERS):
        alone = view.policy.protects and count == len(orders)
        if count < view.policy.minimum_group or alone:
            continue
        label = {each: " → ".join(pick(labels[code], each) for code in order) for each in LANGUAGES}
        found.append(Level(label=label, value=" ".join(order), count=count, share=count / len(orders)))
    return tuple(found)


def ecrs(view: View, question: Question) -> QuestionFinding:
    """Candidates for change, those that promise most first. A part is a suggestion for a step: ``estimate`` is the
    median of the minutes that it would save, ``estimates["share"]`` the share of those who judged the step and suggest
    it, ``levels`` how many they are. They are ranked by minutes × share; what has no figure to show comes after them
    in the order of the process."""
    assert isinstance(question, Ecrs)
    steps = question.asked(view.questionnaire)
    parts = [part for step in steps for part in _candidates(view, question.code, step.code, step.label)]
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        parts=tuple(sorted(parts, key=promise, reverse=True)),
        kind="figures",
        low=0.0,
        unit={"zh-CN": "分钟", "en": "minutes"},
    )


def promise(part: PartFinding) -> float:
    """Minutes saved each time × share of people who suggest it; 0 where one of them must not be shown."""
    share = part.estimates["share"].value
    minutes = part.estimate.value if part.estimate else None
    return minutes * share if minutes is not None and share is not None else 0.0


def _candidates(view: View, question: str, step: str, label: Text) -> Iterator[PartFinding]:
    suggestion, minutes = f"{question}.{step}.suggestion", f"{question}.{step}.minutes"
    options = worded(view.columns[suggestion])
    n = view.counts[suggestion].valid
    by_code = dict(view.frame.group_by(suggestion).len().drop_nulls().iter_rows())
    people = [by_code.get(code, 0) for code, _ in options]
    told = shown(view, options, people, n)
    for (code, words), count, level in zip(options, people, told, strict=False):
        if code == KEEP or not count:
            continue
        saved = view.frame.filter(pl.col(suggestion) == code)[minutes].drop_nulls().to_numpy()
        asked = Counts(len(saved), count - len(saved), 0, view.n - count)
        yield PartFinding(
            code=f"{step}.{code}",
            label=both(label, words),
            levels=(level,),
            estimate=view.policy.figure(
                unless_unanimous(view, median_order_statistic(saved.astype(float)).among(asked), saved)
            ),
            estimates={"share": view.figure(wilson(count, n), suggestion)},
        )


def matrix_dual(view: View, question: Question) -> QuestionFinding:
    """The gap of each row, first − second among those who answered both, the widest first; where the two scales have
    different ranges a difference means nothing and the order is the questionnaire's, without figures."""
    assert isinstance(question, MatrixDual)
    sides = (question.first, question.second)
    columns = [view.columns[f"{question.code}.{question.rows[0].code}.{side.code}"] for side in sides]
    alike = (columns[0].low, columns[0].high) == (columns[1].low, columns[1].high)
    parts = [_gap(view, question, row.code, row.label) for row in question.rows] if alike else []
    reach = (columns[0].high or 0.0) - (columns[0].low or 0.0)
    return QuestionFinding(
        question=question.code,
        type=question.type,
        label=question.text,
        parts=tuple(sorted(parts, key=lambda part: -_value(part.estimate, -reach - 1))),
        kind="figures",
        low=-reach,
        high=reach,
    )


def _gap(view: View, question: MatrixDual, row: str, label: Text) -> PartFinding:
    first, second = (f"{question.code}.{row}.{side.code}" for side in (question.first, question.second))
    pairs = view.frame.select(first, second).drop_nulls()
    values = (pairs[first] - pairs[second]).to_numpy().astype(float)
    asked = view.counts[first]
    left = max(0, view.n - len(values) - asked.not_applicable - asked.not_shown)
    counts = Counts(len(values), left, asked.not_applicable, asked.not_shown)
    return PartFinding(
        code=row,
        label=label,
        estimate=view.policy.figure(unless_unanimous(view, mean_t(values).among(counts), values)),
        estimates={
            side.code: view.figure(unless_unanimous(view, mean_t(view.values(name)), view.values(name)), name)
            for side, name in ((question.first, first), (question.second, second))
        },
    )


def _value(estimate: Estimate | None, otherwise: float) -> float:
    return otherwise if estimate is None or estimate.value is None else estimate.value
