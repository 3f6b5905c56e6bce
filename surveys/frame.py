"""Stored answers as typed columns and back, with four kinds of nothing: skipped, not applicable, not shown, zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.definition import Questionnaire
from surveys.questions import Column
from surveys.statistics.estimate import Counts

CHUNK_ROWS = 100_000
CHUNK_BYTES = 32 * 1024 * 1024

NOT_APPLICABLE = "_not_applicable"  # columns (or a prefix of them: a step, a question)
NOT_SHOWN = "_not_shown"  # questions (or parts of them)
NOTHING = {NOT_APPLICABLE: pl.List(pl.String()), NOT_SHOWN: pl.List(pl.String())}

META: dict[str, pl.DataType] = {
    "_sequence": pl.Int64(),
    "_submitted_on": pl.Date(),
    "_language": pl.String(),
    "_department": pl.String(),
    "_side": pl.String(),
    "_seconds": pl.Int64(),
    "_source": pl.String(),
}
"""What is known of a response beside its answers; joined by the caller, in the order of the answers."""

_TYPES: dict[str, pl.DataType] = {
    "integer": pl.Int64(),  # narrower integers make read_ndjson panic
    "number": pl.Float64(),
    "text": pl.String(),
    "code": pl.String(),
    "codes": pl.List(pl.String()),
}


class Dataset(msgspec.Struct, frozen=True):
    """All responses to one version: one row each, columns as in ``schema`` plus ``META``."""

    questionnaire: Questionnaire
    frame: pl.DataFrame


def columns(questionnaire: Questionnaire) -> dict[str, Column]:
    """Every column of the questionnaire by name, in the order asked."""
    return {
        column.name: column
        for page in questionnaire.pages
        for question in page.questions
        for column in question.columns(questionnaire)
    }


def schema(questionnaire: Questionnaire) -> dict[str, pl.DataType]:
    """Answer columns with their polars types, then the two lists that name what is not applicable and not shown."""
    return {name: _TYPES[column.kind] for name, column in columns(questionnaire).items()} | NOTHING


def narrow(questionnaire: Questionnaire) -> dict[str, pl.DataType]:
    """``schema`` with integers in one byte where all between their bounds fit: to keep columns, not to reckon with."""
    found = columns(questionnaire)
    one_byte = {name for name, each in found.items() if each.kind == "integer" and _between(each, -128, 127)}
    return {name: pl.Int8() if name in one_byte else kind for name, kind in schema(questionnaire).items()}


def _between(column: Column, low: int, high: int) -> bool:
    return column.low is not None and column.low >= low and column.high is not None and column.high <= high


def read(lines: bytes | Sequence[str], questionnaire: Questionnaire) -> pl.DataFrame:
    """Stored answers, one JSON object per line, as a frame with ``schema``'s columns in the order given.

    A row per line, whatever the line holds: unknown keys are ignored, absent ones are null, and a value that its
    column cannot hold (wrong type, beyond the answer scale, not one of the options) is null, that is skipped.
    """
    expected = schema(questionnaire)
    parts = [_parse(chunk, count, expected) for chunk, count in _chunks(lines)]
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=expected)
    return frame.with_columns(within_bounds(questionnaire))


def dataset(
    questionnaire: Questionnaire, lines: bytes | Sequence[str], meta: Mapping[str, Sequence[Any]] | None = None
) -> Dataset:
    """The answers beside what is known of each response; META columns not given are null."""
    known = pl.DataFrame({name: pl.Series(values, dtype=META[name]) for name, values in (meta or {}).items()})
    return with_meta(questionnaire, read(lines, questionnaire), known)


def with_meta(questionnaire: Questionnaire, answers: pl.DataFrame, known: pl.DataFrame) -> Dataset:
    """``answers`` with the META columns of ``known`` (same rows, same order) joined, the others null."""
    frame = answers.hstack(known.get_columns()) if known.width else answers
    absent = {name: pl.lit(None, dtype=kind) for name, kind in META.items() if name not in frame.columns}
    return Dataset(questionnaire, frame.with_columns(**absent))


def _chunks(lines: bytes | Sequence[str]) -> Iterator[tuple[bytes, int | None]]:
    """Pieces of whole lines with the number of rows they must give (None: blank lines may be passed over)."""
    if isinstance(lines, bytes):
        start = 0
        while start < len(lines):
            end = lines.find(b"\n", start + CHUNK_BYTES)
            end = len(lines) if end < 0 else end
            yield lines[start:end], None
            start = end + 1
        return
    for start in range(0, len(lines), CHUNK_ROWS):
        chunk = lines[start : start + CHUNK_ROWS]
        yield "\n".join(chunk).encode("utf-8", "replace"), len(chunk)


def _parse(chunk: bytes, rows: int | None, expected: dict[str, pl.DataType]) -> pl.DataFrame:
    try:
        frame = pl.read_ndjson(chunk, schema=expected)
        if rows is None or frame.height == rows:
            return frame
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        pass
    # Something in this chunk is not what a questionnaire writes: mend it line by line, the others stay fast.
    return pl.DataFrame([_mend(line, expected) for line in chunk.split(b"\n")], schema=expected, orient="row")


def _mend(line: bytes, expected: dict[str, pl.DataType]) -> list[Any]:
    try:
        stored = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        stored = None
    if not isinstance(stored, dict):
        stored = {}
    return [_value(stored.get(name), kind) for name, kind in expected.items()]


def _value(value: Any, kind: pl.DataType) -> Any:
    """``value`` if its column can hold it without guessing, else None."""
    if isinstance(kind, pl.List):
        return [code for code in value if isinstance(code, str)] if isinstance(value, list) else None
    if isinstance(kind, pl.String):
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 2**53:
        return None
    if isinstance(kind, pl.Int64):
        return int(value) if value == int(value) else None
    return float(value)


def within_bounds(questionnaire: Questionnaire) -> list[pl.Expr]:
    """The columns that hold limits or options, null where a value is beyond them."""
    checks = []
    for name, column in columns(questionnaire).items():
        value = pl.col(name)
        if column.kind in ("integer", "number") and not (column.low is None and column.high is None):
            fits = pl.lit(True)
            if column.low is not None:
                fits = fits & (value >= column.low)
            if column.high is not None:
                fits = fits & (value <= column.high)
            checks.append(pl.when(fits).then(value).alias(name))
        elif column.kind == "code" and column.choices:
            checks.append(pl.when(value.is_in(list(column.choices))).then(value).alias(name))
    return checks


def _answered(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if column.kind == "codes":
        return value.list.len().fill_null(0) > 0
    return (value.is_not_null() & value.is_not_nan()) if column.kind == "number" else value.is_not_null()


def _prefixes(column: Column) -> list[str]:
    """What a list may name to mean the column: its question, a part of it, the column itself."""
    parts = column.name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _named(nothing: str, codes: Sequence[str]) -> pl.Expr:
    """Whether the list names one of ``codes``."""
    found = [pl.col(nothing).list.contains(code).fill_null(False) for code in codes]
    return pl.any_horizontal(found) if found else pl.lit(False)


def state(column: Column) -> pl.Expr:
    """``answered``, ``not_applicable``, ``not_shown`` or ``skipped``, for each response."""
    return (
        pl.when(_answered(column)).then(pl.lit("answered"))
        .when(_named(NOT_APPLICABLE, _prefixes(column))).then(pl.lit("not_applicable"))
        .when(_named(NOT_SHOWN, _prefixes(column))).then(pl.lit("not_shown"))
        .otherwise(pl.lit("skipped"))
    )  # fmt: skip


def answered_columns(frame: pl.DataFrame, wanted: Sequence[Column]) -> NDArray[np.int64]:
    """How many of ``wanted`` each response answered."""
    answered = pl.sum_horizontal([_answered(column) for column in wanted] or [pl.lit(0)])
    return frame.select(answered.cast(pl.Int64).alias("answered"))["answered"].to_numpy()


def counts(dataset: Dataset, column: Column) -> Counts:
    """How many responses are in each state; the four add up to all responses."""
    return all_counts(dataset, [column])[column.name]


def all_counts(dataset: Dataset, wanted: Sequence[Column]) -> dict[str, Counts]:
    """``counts`` of many columns in one pass."""
    named = [_rows_naming(dataset.frame, nothing) for nothing in NOTHING]
    blanks = dataset.frame.select((~_answered(column)).alias(column.name) for column in wanted)
    result = {}
    for column in wanted:
        blank = blanks[column.name].to_numpy(writable=True)
        left = [int(np.count_nonzero(blank))]
        for rows in named:
            for code in _prefixes(column):
                if code in rows:
                    blank[rows[code]] = False
            left.append(int(np.count_nonzero(blank)))
        result[column.name] = Counts(len(blank) - left[0], left[2], left[0] - left[1], left[1] - left[2])
    return result


def not_answered(frame: pl.DataFrame, wanted: Sequence[Column]) -> dict[str, pl.Series]:
    """Column → for each response why nothing stands there: ``not_applicable``, ``not_shown``, or null (answered or
    skipped); only columns where some response says why."""
    named = {nothing: _rows_naming(frame, nothing) for nothing in (NOT_SHOWN, NOT_APPLICABLE)}
    result = {}
    for column in wanted:
        blank = frame.select(~_answered(column)).to_series().to_numpy()
        states = np.zeros(frame.height, dtype=np.int8)
        for number, rows in enumerate(named.values(), 1):
            for code in _prefixes(column):
                if code in rows:
                    states[rows[code]] = number
        states[~blank] = 0
        if states.any():
            words = {number: nothing[1:] for number, nothing in enumerate(named, 1)}
            found = pl.Series(column.name, states).replace_strict(words, default=None, return_dtype=pl.String)
            result[column.name] = found
    return result


def _rows_naming(frame: pl.DataFrame, nothing: str) -> dict[str, NDArray[np.uint32]]:
    """Each code that is named by somebody, and by which responses."""
    codes = frame.select(pl.col(nothing).alias("code")).with_row_index("row").explode("code").drop_nulls()
    by_code = codes.group_by("code").agg("row")
    return {code: rows.to_numpy() for code, rows in zip(by_code["code"], by_code["row"], strict=True)}
