"""Stored responses once more in short: values without names, which polars reads four times as fast as JSON.

The row of the database stays the truth. A packed row is a mark that names its columns, the numbers, the texts and lists
of codes, each in the order of ``frame.schema``, and what ``META`` knows beside the answers; nothing for none. Fields,
rows and the codes of a list are parted by the characters that ASCII keeps for it, which nobody types. Answers that hold
one nonetheless are packed as ``""``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from zlib import crc32

import msgspec
import polars as pl

from surveys import frame
from surveys.compiled import Compiled
from surveys.definition import Questionnaire

CODE, ROW, FIELD = "\x1d", "\x1e", "\x1f"  # group, record and unit separator
MARK = ""  # the name of the first column
KNOWN = {name: kind for name, kind in frame.META.items() if name != "_sequence"}
"""META but for the sequence, which the database gives."""


class Packing:
    """How the responses to a questionnaire are packed; it goes by the names and types of their columns alone."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        schema, self._narrow = frame.schema(questionnaire), frame.narrow(questionnaire)
        self._numbers = [name for name, kind in schema.items() if kind.is_numeric()]
        self._worded = {
            name: _codes if isinstance(kind, pl.List) else _text
            for name, kind in schema.items()
            if not kind.is_numeric()
        }
        self._mark = crc32(repr(schema | KNOWN).encode())
        self._parting = len(schema) + len(KNOWN)

    def pack(self, answers: Mapping[str, Any], known: Iterable[Any]) -> str:
        """``answers``, as they are stored, and the values of ``KNOWN`` in one row.

        ``""`` where they would not be read as the response itself is.
        """
        numbers = msgspec.json.encode([self._mark, *map(answers.get, self._numbers)])
        try:
            words = [write(answers.get(name)) for name, write in self._worded.items()]
        except ValueError:
            return ""
        numbered = numbers[1:-1].decode().replace(",", FIELD).replace("null", "")
        row = FIELD.join([numbered, *words, *["" if value is None else str(value) for value in known]])
        return row if row.count(FIELD) == self._parting and ROW not in row else ""

    def read(self, rows: bytes, height: int) -> pl.DataFrame | None:
        """Packed rows, ``ROW`` between them: columns as ``frame.read`` reads their JSON, in the types of
        ``frame.narrow``, and ``KNOWN``.

        None unless that many rows of these columns are there, each with numbers where numbers belong.
        """
        words = {name: pl.String() for name in self._worded}
        written = {MARK: pl.Int64(), **{name: self._narrow[name] for name in self._numbers}, **words, **KNOWN}
        try:
            found = pl.read_csv(
                rows, has_header=False, schema=written, separator=FIELD, eol_char=ROW, quote_char=None
            )  # fmt: skip
        except pl.exceptions.PolarsError:
            return None
        if found.height != height or not found[MARK].eq_missing(self._mark).all():
            return None
        lists = [name for name, write in self._worded.items() if write is _codes]
        known_texts = [name for name, kind in KNOWN.items() if kind == pl.String()]
        typed = found.with_columns(pl.col(lists).str.split(CODE), pl.col(known_texts).fill_null(""))
        return typed.with_columns(frame.within_bounds(self._questionnaire)).select(*self._narrow, *KNOWN)


@lru_cache(maxsize=256)
def packing(compiled: Compiled) -> Packing:
    """Kept, since every submission asks for it."""
    return Packing(compiled.questionnaire)


def _text(value: Any) -> str:
    """Raises ValueError where it is no text, or one that could be taken for none."""
    if value is None:
        return ""
    if type(value) is not str or not value:
        raise ValueError(value)
    return value


def _codes(value: Any) -> str:
    """Raises ValueError where it is no list of codes, or one that could be taken for none."""
    if value is None:
        return ""
    if type(value) is not list or not value:
        raise ValueError(value)
    row = CODE.join(map(_text, value))
    if row.count(CODE) != len(value) - 1:
        raise ValueError(value)
    return row
