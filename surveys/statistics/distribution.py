"""How often each answer was given."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def distribution(answers: pl.Series, levels: Sequence[int | str]) -> list[int]:
    """How many people gave each of ``levels``; a list column counts each person once per code, nulls are nobody."""
    series = answers.drop_nulls()
    if isinstance(series.dtype, pl.List):
        series = series.list.unique().explode(empty_as_null=False) if len(series) else series.explode()
    counted = series.value_counts(name="people")
    found = dict(zip(counted[answers.name].to_list(), counted["people"].to_list(), strict=True))
    return [found.get(level, 0) for level in levels]
