"""CSV, a piece at a time. A cell that a spreadsheet would take for a formula gets an apostrophe in front."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence

import polars as pl

from surveys.exports.cells import NOT_APPLICABLE, applies_not, coded
from surveys.exports.protection import Release
from surveys.formats.table import HARMFUL

ROWS = 20_000  # in one piece


def with_mark(release: Release, language: str) -> Iterator[bytes]:
    """UTF-8 behind a byte order mark, by which Excel knows it."""
    yield codecs.BOM_UTF8
    yield from plain(release, language)


def plain(release: Release, language: str) -> Iterator[bytes]:
    """UTF-8 as statistics programs like it."""
    table = _with_nothing(release, coded(release)).with_columns(_neutral(pl.selectors.string()))
    for start in range(0, max(table.height, 1), ROWS):
        text = table[start : start + ROWS].write_csv(include_header=start == 0, line_terminator="\r\n")
        yield text.encode()


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """Any small table of texts, for Excel."""
    heads = [str(number) for number in range(max(map(len, rows), default=0))]
    frame = pl.DataFrame(
        [dict(zip(heads, row, strict=False)) for row in rows], schema=dict.fromkeys(heads, pl.String())
    )
    text = frame.with_columns(_neutral(pl.selectors.string())).write_csv(include_header=False, line_terminator="\r\n")
    return codecs.BOM_UTF8 + text.encode()


def chinese(release: Release, language: str) -> Iterator[bytes]:
    """GB18030, which holds every character and which Chinese office programs take for GBK."""
    return (piece.decode().encode("gb18030") for piece in plain(release, language))


def _with_nothing(release: Release, table: pl.DataFrame) -> pl.DataFrame:
    marks = {name: found for name in release.columns if (found := applies_not(release, name)) is not None}
    return table.with_columns(
        pl.when(found).then(pl.lit(NOT_APPLICABLE)).otherwise(pl.col(name).cast(pl.String)).alias(name)
        for name, found in marks.items()
    )


def _neutral(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(HARMFUL)).then("'" + texts).otherwise(texts).name.keep()
