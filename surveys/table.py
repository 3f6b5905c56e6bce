"""Answers as a table of cells, in and out: a CSV file to score offline, the rows of an export.

One column per answer column, named alike. In a cell: nothing = skipped, ``NA`` = not applicable, ``NS`` = not shown,
``a;b`` = several codes, best first where ranked. Columns of free text know only text and nothing, so that somebody who
wrote "NA" is not taken for somebody who did not answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from surveys.definition import Questionnaire
from surveys.frame import META, NOT_APPLICABLE, NOT_SHOWN, Dataset, columns, state
from surveys.problem import Problem, problem
from surveys.questions import Column
from surveys.text import Text

NA, NS = "NA", "NS"
MOST_PROBLEMS = 100

_UNREADABLE: Text = {
    "zh-CN": "无法读取：请另存为 CSV（UTF-8 或 GBK 编码），首行为列名，各行列数一致。",
    "en": "This cannot be read. Please save it as CSV (UTF-8 or GBK), column names first, every row equally long.",
}
_NO_COLUMNS: Text = {
    "zh-CN": "首行中没有一列与问卷对应。",
    "en": "None of the columns in the first row belongs to the questionnaire.",
}


def from_csv(content: bytes, questionnaire: Questionnaire) -> tuple[pl.DataFrame | None, list[Problem]]:
    """A CSV file as a frame with the columns of ``surveys.frame.schema``, or None and what is wrong with it.

    Column names may differ in case; columns of the file that the questionnaire lacks are warned of and left out,
    columns that the file lacks are skipped answers. Problems name the column (``place``) and the line of the file.
    """
    table = _read(content)
    if table is None:
        return None, [Problem(code="unreadable", place="", message=_UNREADABLE)]
    known = columns(questionnaire)
    by_folded = {name.casefold(): name for name in known}
    names = {header: by_folded.get(header.strip().casefold()) for header in table.columns}
    strange = [header for header, name in names.items() if name is None and not header.startswith("_")]
    problems = [problem("unknown_column", name, severity="warning", line=1, column=name) for name in strange]
    found = {header: known[name] for header, name in names.items() if name is not None}
    if not found:
        return None, [*problems, Problem(code="no_columns", place="", message=_NO_COLUMNS, line=1)]
    cells = table.select(
        (pl.col(header) if column.kind == "text" else pl.col(header).str.strip_chars()).replace("", None).alias(name)
        for header, column in found.items()
        for name in (column.name,)
    )
    problems += [each for column in found.values() for each in _wrong(cells[column.name], column)][:MOST_PROBLEMS]
    if any(each.severity == "error" for each in problems):
        return None, problems
    frame = cells.select(
        *(_typed(column) if column.name in cells.columns else _nothing(column) for column in known.values()),
        _listed(found.values(), NA).alias(NOT_APPLICABLE),
        _listed(found.values(), NS).alias(NOT_SHOWN),
    )
    return frame, problems


def to_rows(dataset: Dataset, *, meta: bool = True) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Header and rows of an export: META columns first, then the answers; numbers are numbers, nothing is None."""
    known = columns(dataset.questionnaire)
    ahead = [name for name in META if name in dataset.frame.columns] if meta else []
    cells = [dataset.frame[name].to_list() for name in ahead]
    cells += [_cells(dataset.frame, column) for column in known.values()]
    return [*ahead, *known], list(zip(*cells, strict=True))


def _cells(frame: pl.DataFrame, column: Column) -> list[Any]:
    series = frame[column.name]
    values = (series.list.join(";") if column.kind == "codes" else series).to_list()
    if column.kind == "text":
        return values
    states = frame.select(state(column).alias("state"))["state"]
    for word, kind in ((NA, "not_applicable"), (NS, "not_shown"), (None, "skipped")):
        for row in (states == kind).arg_true():
            values[row] = word
    return values


def _read(content: bytes) -> pl.DataFrame | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            return pl.read_csv(text.encode(), infer_schema=False)
        except UnicodeDecodeError:
            continue
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return None
    return None


def _marks(column: Column) -> list[str]:
    return [] if column.kind == "text" else [NA, NS]


def _given(column: Column) -> pl.Expr:
    """The cell where it holds an answer, null where it holds a kind of nothing."""
    cell = pl.col(column.name)
    return pl.when(~cell.is_in(_marks(column))).then(cell)


def _typed(column: Column) -> pl.Expr:
    given = _given(column)
    if column.kind == "codes":
        # An empty cell splits into a list too; it must stay null.
        return pl.when(given.is_not_null()).then(
            given.str.split(";").list.eval(pl.element().str.strip_chars()).list.filter(pl.element() != "")
        ).alias(column.name)  # fmt: skip
    if column.kind in ("integer", "number"):
        return given.cast(pl.Float64, strict=False).cast(_kind(column)).alias(column.name)
    return given.alias(column.name)


def _nothing(column: Column) -> pl.Expr:
    return pl.lit(None, dtype=_kind(column)).alias(column.name)


def _kind(column: Column) -> pl.DataType:
    kinds: dict[str, pl.DataType] = {"integer": pl.Int64(), "number": pl.Float64(), "codes": pl.List(pl.String())}
    return kinds.get(column.kind, pl.String())


def _listed(found: Iterable[Column], mark: str) -> pl.Expr:
    """For each row, the names of the columns whose cell is ``mark``."""
    named = [
        pl.when(pl.col(column.name) == mark).then(pl.lit(column.name)) for column in found if column.kind != "text"
    ]
    return pl.concat_list(named).list.drop_nulls() if named else pl.lit([], dtype=pl.List(pl.String))


def _wrong(cells: pl.Series, column: Column) -> list[Problem]:
    """A problem for each cell that the column cannot hold; ``line`` counts the header as line 1."""
    if column.kind == "text":
        return []
    frame = cells.to_frame().select(_given(column).alias("cell")).with_row_index("row").drop_nulls()
    if column.kind in ("code", "codes"):
        parts = frame.with_columns(
            pl.col("cell").str.split(";") if column.kind == "codes" else pl.concat_list("cell")
        ).explode("cell")
        bad = parts.with_columns(pl.col("cell").str.strip_chars()).filter(~pl.col("cell").is_in([*column.choices, ""]))
        return [
            problem("unknown_choice", column.name, line=row + 2, value=cell[:40])
            for row, cell in bad.head(MOST_PROBLEMS).iter_rows()
        ]
    number = pl.col("number")
    read = frame.with_columns(number=pl.col("cell").cast(pl.Float64, strict=False))
    checks = [
        ("not_integer" if column.kind == "integer" else "not_number", number.is_null() | ~number.is_finite()),
        ("not_integer", (number != number.floor()) if column.kind == "integer" else pl.lit(False)),
        ("too_low", number < column.low if column.low is not None else pl.lit(False)),
        ("too_high", number > column.high if column.high is not None else pl.lit(False)),
    ]
    found: dict[int, Problem] = {}
    for code, check in checks:
        for (row,) in read.filter(check).select("row").head(MOST_PROBLEMS).iter_rows():
            low, high = _short(column.low), _short(column.high)
            found.setdefault(row, problem(code, column.name, line=row + 2, low=low, high=high))
    return [found[row] for row in sorted(found)]


def _short(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"
