"""Distributions as they may be shown, of any column: what it can hold and in which words says the column itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.findings import Level
from surveys.analysis.view import View
from surveys.columns import MOST_POINTS, Labels, both
from surveys.disclosure import FEW, MASK
from surveys.questions import Column, Question
from surveys.statistics.distribution import distribution
from surveys.statistics.estimate import Estimate
from surveys.text import Text

MOST_NAMES = 30  # of names that people picked

TOLD_APART = frozenset(
    ("step_grid", "pain_points", "five_whys", "flow_order", "ecrs", "nps", "ranking", "semantic_differential", "sus",
     "constant_sum", "maxdiff", "kano", "ahp")
)  # fmt: skip
"""Types whose integers are no items to be scored one by one: the process has its own chapters, the others figures."""


def is_item(question: Question, column: Column) -> bool:
    """Whether the column is a point of a worded scale, told as an item: levels, median, mean and top-2-box."""
    few = column.low is not None and column.high is not None and column.high - column.low < MOST_POINTS
    return column.kind == "integer" and few and bool(column.labels) and question.type not in TOLD_APART


def items(view: View) -> Iterator[Column]:
    """All items in the order asked, those of scales included."""
    for question in view.questions():
        yield from (column for column in question.columns(view.questionnaire) if is_item(question, column))


def unless_unanimous(view: View, estimate: Estimate, values: NDArray[np.float64]) -> Estimate:
    """A mean with no spread says what every single person answered."""
    if view.policy.protects and len(values) and values.min() == values.max():
        return estimate.without_value("unanimous")
    return estimate


OTHERS: Text = {"zh-CN": "其他", "en": "Others"}


def names(view: View, column: Column) -> tuple[Level, ...]:
    """The names that people picked into a column of text, the most frequent first.

    Those of fewer than k people, and all beyond the first thirty, are counted together: where there was no list to pick
    from, people typed what they liked.
    """
    counted = view.frame[column.name].drop_nulls().value_counts(sort=True, name="people")
    ordered = counted.sort(["people", column.name], descending=[True, False]).select(column.name, "people").rows()
    told = [(name, people) for name, people in ordered[:MOST_NAMES] if people >= view.policy.minimum_group]
    rest = sum(people for _, people in ordered) - sum(people for _, people in told)
    labels: Labels = [*((name, both(name)) for name, _ in told), *([("", OTHERS)] if rest else [])]
    people = [*(people for _, people in told), *([rest] if rest else [])]
    return shown(view, labels, people, view.counts[column.name].valid)


def levels(view: View, column: Column, labels: Labels, *, reverse: bool = False) -> tuple[Level, ...]:
    """The distribution of a column over ``labels``, from the last to the first where ``reverse``."""
    people = distribution(view.frame[column.name], [value for value, _ in labels])
    found = shown(view, labels, people, view.counts[column.name].valid, exclusive=column.kind != "codes")
    return found[::-1] if reverse else found


def shown(view: View, labels: Labels, people: Sequence[int], n: int, *, exclusive: bool = True) -> tuple[Level, ...]:
    """``people`` per option among ``n`` who answered; empty below k, without shares below ten.

    Where the options exclude each other and everybody took the same one, bounds are shown instead of figures.
    """
    if n < view.policy.minimum_group:
        return ()
    if view.policy.protects and exclusive and n in people:
        return tuple(_bound(value, label, count == n) for (value, label), count in zip(labels, people, strict=True))
    return tuple(
        Level(label=label, value=value, count=count, share=count / n if n >= FEW else None)
        for (value, label), count in zip(labels, people, strict=True)
    )


def _bound(value: int | str, label: Text, chosen: bool) -> Level:
    if chosen:
        return Level(label=label, value=value, count=None, share=MASK, masked="at_least")
    return Level(label=label, value=value, count=None, share=1 - MASK, masked="at_most")
