"""JSON: one object per response, with what it has; a name that is absent was left blank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import polars as pl

from surveys.exports.protection import Release

ROWS = 5_000  # in one piece


def write(release: Release, language: str) -> Iterator[bytes]:
    """``_not_applicable`` and ``_not_shown`` name the columns that were."""
    frame = release.frame.with_columns(
        pl.col(name).cast(pl.String) for name in release.about if not release.frame.schema[name].is_integer()
    )
    reasons = pl.DataFrame([series.alias(name) for name, series in release.nothing.items()])
    encode = msgspec.json.Encoder().encode
    yield b"["
    for start in range(0, frame.height, ROWS):
        rows = frame[start : start + ROWS].iter_rows(named=True)
        named = reasons[start : start + ROWS].iter_rows(named=True) if reasons.width else iter(())
        objects = [_object(row, next(named, {})) for row in rows]
        yield (b"," if start else b"") + encode(objects)[1:-1]
    yield b"]"


def _object(row: dict[str, Any], nothing: dict[str, str | None]) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if value is not None}
    for reason in ("not_applicable", "not_shown"):
        if names := [name for name, state in nothing.items() if state == reason]:
            found[f"_{reason}"] = names
    return found
