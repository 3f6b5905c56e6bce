"""Answers as the cells of a table: codes, or the labels that people read."""

from __future__ import annotations

import polars as pl

from surveys.exports.protection import Release
from surveys.questions import Column
from surveys.text import pick

BETWEEN = ";"  # the codes of one cell
NOT_APPLICABLE = "NA"


def coded(release: Release) -> pl.DataFrame:
    """Numbers as they are, all else as text; null where nothing was answered, for whatever reason."""
    return pl.DataFrame(
        [_about(release, name) for name in release.about] + [_text(release.frame[name]) for name in release.columns]
    )


def labelled(release: Release, language: str) -> pl.DataFrame:
    """As ``coded``, with the labels of codes and of the points of scales."""
    worded = [_text(_worded(release.frame[name], column, language)) for name, column in release.columns.items()]
    return pl.DataFrame([_about(release, name) for name in release.about] + worded)


def applies_not(release: Release, name: str) -> pl.Series | None:
    """For which responses the column's question did not apply; None where it did for all."""
    states = release.nothing.get(name)
    found = None if states is None else (states == "not_applicable").fill_null(False)
    return found if found is not None and found.any() else None


def _about(release: Release, name: str) -> pl.Series:
    values = release.frame[name]
    return values if values.dtype.is_integer() else values.cast(pl.String)


def _text(values: pl.Series) -> pl.Series:
    return values.list.join(BETWEEN) if isinstance(values.dtype, pl.List) else values


def _worded(values: pl.Series, column: Column, language: str) -> pl.Series:
    labels = {value: pick(text, language) for value, text in column.labels.items()}
    if not labels or column.kind in ("number", "text"):
        return values
    if column.kind == "codes":
        return values.list.eval(pl.element().replace(labels))
    return values.cast(pl.String).replace(labels)
