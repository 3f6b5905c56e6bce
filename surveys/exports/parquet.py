"""Parquet with typed columns: numbers, codes as text, lists of codes."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl

from surveys.exports.protection import Release


def write(release: Release, language: str) -> Iterator[bytes]:
    """A blank that is not merely skipped has its reason in a column ``<name>:nothing`` beside it."""
    reasons = [series.cast(pl.Categorical()).alias(f"{name}:nothing") for name, series in release.nothing.items()]
    out = io.BytesIO()
    release.frame.hstack(reasons).write_parquet(out, compression="zstd", statistics=True)
    yield out.getvalue()
