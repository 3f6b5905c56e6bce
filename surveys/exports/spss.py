"""SPSS .sav with labels of variables and values, and user-missing values for what did not apply or was not shown."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from surveys.exports.protection import LABELS, Release
from surveys.questions import Column
from surveys.text import Text, pick

MADE, UNDATED = slice(92, 109), b"01 Jan 7000:00:00"  # the same data give the same file: it is not told when
LONGEST_NAME = 64  # bytes, SPSS 12 and later
LONGEST_LABEL = 255  # bytes
LONGEST_TEXT = 32_767  # bytes
RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
MISSING: dict[str, Text] = {
    "not_applicable": {"zh-CN": "不适用", "en": "Not applicable"},
    "not_shown": {"zh-CN": "未显示", "en": "Not shown"},
}


class _Variables:
    """The variables of a file as they gather: values, names, labels."""

    def __init__(self) -> None:
        self.values: list[pl.Series] = []
        self.labels: list[str | None] = []
        self.value_labels: dict[str, dict[float, str]] = {}
        self.missing: dict[str, list[Any]] = {}
        self.measures: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, values: pl.Series, label: str, measure: str) -> str:
        """Returns the variable's name."""
        name = self._name(values.name)
        self.values.append(values.alias(name))
        self.labels.append(_bytes(label, LONGEST_LABEL))
        self.measures[name] = measure
        return name

    def _name(self, wanted: str) -> str:
        """``wanted`` as SPSS allows it, unlike any before without regard to case."""
        bare = re.sub(r"[^A-Za-z0-9_.]", "_", wanted.lstrip("_")) or "v"
        bare = bare if bare[0].isalpha() else f"v{bare}"
        bare = f"{bare}_" if bare.upper() in RESERVED else bare.rstrip(".")
        name, number = bare[:LONGEST_NAME], 1
        while name.lower() in self._taken:
            number += 1
            name = f"{bare[: LONGEST_NAME - 5]}_{number}"
        self._taken.add(name.lower())
        return name


def write(release: Release, language: str) -> Iterator[bytes]:
    """The whole file in one piece. A code is its option's number, from 1; several codes are a variable of 0 and 1 for
    each option."""
    import pyreadstat  # takes a fifth of a second: only where such a file is made

    made = _Variables()
    for name in release.about:
        values = release.frame[name]
        made.add(
            values if values.dtype.is_integer() else _text(values.cast(pl.String)),
            pick(LABELS[name], language),
            "nominal",
        )
    for column in release.columns.values():
        _add(made, release, column, language)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sav"
        pyreadstat.write_sav(
            pl.DataFrame(made.values), str(path), file_label=_bytes(pick(release.questionnaire.title, language), 60),
            column_labels=made.labels, variable_value_labels=made.value_labels,
            missing_ranges=made.missing, variable_measure=made.measures, row_compress=True,
        )  # fmt: skip
        content = path.read_bytes()
    yield content[: MADE.start] + UNDATED + content[MADE.stop :]


def _add(made: _Variables, release: Release, column: Column, language: str) -> None:
    values, label = release.frame[column.name], pick(column.label, language)
    worded = {value: pick(text, language) for value, text in column.labels.items()}
    if column.kind == "codes":
        for code in column.choices or worded:
            chosen = values.list.contains(code).cast(pl.Int64).alias(f"{column.name}.{code}")
            name = made.add(chosen, f"{label} · {worded.get(code, code)}", "nominal")
            made.value_labels[name] = {0: "0", 1: "1"}
        return
    if column.kind == "text":
        made.add(_text(values), label, "nominal")
        return
    labels: dict[float, str] = {}
    if column.kind == "code":
        codes = list(column.choices) or sorted(values.drop_nulls().unique())
        values = values.replace_strict(
            {code: i for i, code in enumerate(codes, 1)}, default=None, return_dtype=pl.Int64
        )
        labels = {i: worded.get(code, code) for i, code in enumerate(codes, 1)}
    elif column.kind == "integer":
        labels = {int(value): text for value, text in worded.items() if re.fullmatch(r"-?\d+", value)}
    states = release.nothing.get(column.name)
    numbers = _missing(values) if states is not None else {}
    if states is not None:
        coded = states.replace_strict(numbers, default=None, return_dtype=pl.Float64)
        values = pl.select(pl.coalesce(coded, values.cast(pl.Float64)).alias(column.name)).to_series()
        labels |= {number: pick(MISSING[reason], language) for reason, number in numbers.items()}
    measure = {"code": "nominal", "integer": "ordinal" if worded else "scale", "number": "scale"}[column.kind]
    name = made.add(values, label, measure)
    if labels:
        made.value_labels[name] = {value: _bytes(text, 120) for value, text in labels.items()}
    if numbers:
        made.missing[name] = list(numbers.values())


def _missing(values: pl.Series) -> dict[str, float]:
    """Numbers for the reasons, below anything that was answered."""
    lowest = values.min()
    far = isinstance(lowest, int | float) and lowest <= -90
    first = -999_999_998.0 if far else -98.0
    return {"not_applicable": first, "not_shown": first - 1}


def _text(values: pl.Series) -> pl.Series:
    return values.fill_null("").map_elements(lambda text: _bytes(text, LONGEST_TEXT), return_dtype=pl.String)


def _bytes(text: str, most: int) -> str:
    """As much of ``text`` as ``most`` bytes of UTF-8 hold."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore").replace("\0", "")
