"""Distributions as they may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.analysis.findings import Level
from surveys.analysis.view import View
from surveys.disclosure import FEW, MASK
from surveys.questions import Choice, Column
from surveys.statistics.distribution import distribution
from surveys.text import Text

Labels = Sequence[tuple[int | str, Text]]
"""Value and wording of each answer option."""


def choice_labels(choices: Sequence[Choice]) -> Labels:
    return [(choice.code, choice.label) for choice in choices]


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
