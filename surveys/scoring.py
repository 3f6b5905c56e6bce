"""Scores of people: reverse keys applied once, a scale score where at least half of its items were answered."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from surveys.definition import Questionnaire, Scale
from surveys.frame import columns


def turned(column: str, low: int, high: int) -> pl.Expr:
    """A reversed item the right way round: low + high − x."""
    return (low + high - pl.col(column)).alias(column)


def mean_of_answered(items: Sequence[pl.Expr]) -> pl.Expr:
    """The mean of the items that a person answered, null unless at least ⌈items / 2⌉ were.

    Skipped, not applicable and not shown alike are no answer, never a zero.
    """
    answered = pl.sum_horizontal([item.is_not_null() for item in items])
    # sum_horizontal takes nulls for zeros, so the sum may only be divided by the answers, and 0 of 0 must stay null.
    total = pl.sum_horizontal([item.fill_null(0) for item in items])
    needed = -(-len(items) // 2)
    return pl.when((answered >= needed) & (answered > 0)).then(total / answered)


def bounds(scale: Scale, questionnaire: Questionnaire) -> tuple[int, int]:
    """The answer scale that the scale's items share, as (low, high).

    Raises ValueError where an item is no column with bounds or the items' bounds differ: ``surveys.check`` tells
    authors of it before a questionnaire can be published.
    """
    known = columns(questionnaire)
    found = {(known[item].low, known[item].high) if item in known else (None, None) for item in scale.items}
    if len(found) != 1:
        raise ValueError(f"the items of scale {scale.code} do not share one answer scale")
    low, high = found.pop()
    if low is None or high is None:
        raise ValueError(f"scale {scale.code} has an item without an answer scale")
    return int(low), int(high)


def scored_items(scale: Scale, questionnaire: Questionnaire) -> list[pl.Expr]:
    """The scale's items in order, those reversed turned round."""
    low, high = bounds(scale, questionnaire)
    return [turned(item, low, high) if item in scale.reversed else pl.col(item) for item in scale.items]


def score_column(scale: Scale) -> str:
    """Where a person's score is found; the colon keeps it apart from every answer column."""
    return f"scale:{scale.code}"


def score(answers: pl.LazyFrame, questionnaire: Questionnaire) -> pl.LazyFrame:
    """``answers`` with one Float64 column per scale, named by ``score_column``. The items stay as answered."""
    return answers.with_columns(
        mean_of_answered(scored_items(scale, questionnaire)).cast(pl.Float64).alias(score_column(scale))
        for scale in questionnaire.scales
    )
