"""Matrices: the same cells asked of every row. Each type says what stands across; ``Grid`` does the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Choice, Column, Form, Reading, Row, check_figure, every, first
from surveys.questions.cells import Cell
from surveys.questions.grid import Grid, check_cells
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

MOST_ROWS = 20


class _Rows(Grid, frozen=True, kw_only=True):
    """Rows that the author wrote, each with a condition of its own if wanted."""

    rows: tuple[Row, ...]
    shuffle: bool = False  # the rows

    def parts(self) -> tuple[Row, ...]:
        return self.rows

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        return self.rows

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_cells(self.across(questionnaire), questionnaire) + (
            [] if self.rows else [problem("no_rows", "rows")]
        )


class Matrix(_Rows, frozen=True, kw_only=True, tag="matrix", tag_field="type"):
    """Several statements on one answer scale. Columns: ``q.<row>`` (integer)."""

    scale: str

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="scale", scale=self.scale),)

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        """The lowest and the highest point."""
        (cell,) = self.across(questionnaire)
        scale = cell.points(questionnaire)
        return scale.low, scale.high


class MatrixSingle(_Rows, frozen=True, kw_only=True, tag="matrix_single", tag_field="type"):
    """One option per row. Columns: ``q.<row>`` (code)."""

    choices: tuple[Choice, ...]

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="choice", choices=self.choices),)


class MatrixMultiple(_Rows, frozen=True, kw_only=True, tag="matrix_multiple", tag_field="type"):
    """Several options per row, at most ``maximum``. Columns: ``q.<row>`` (codes). An exclusive option stands alone."""

    choices: tuple[Choice, ...]
    maximum: int | None = None

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="multiple", choices=self.choices, maximum=self.maximum),)


class MatrixText(_Rows, frozen=True, kw_only=True, tag="matrix_text", tag_field="type"):
    """A line of text per row. Columns: ``q.<row>`` (text)."""

    max_length: int = 200

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="text", max_length=self.max_length),)


class MatrixNumber(_Rows, frozen=True, kw_only=True, tag="matrix_number", tag_field="type"):
    """A number per row, all in one unit. Columns: ``q.<row>`` (number)."""

    unit: Text = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    decimals: int = 0

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        unit, low, high, decimals = self.unit, self.low, self.high, self.decimals
        return (Cell(code="", label={}, kind="number", unit=unit, low=low, high=high, decimals=decimals),)


class MatrixSlider(_Rows, frozen=True, kw_only=True, tag="matrix_slider", tag_field="type"):
    """A whole number from ``low`` to ``high`` per row, between worded ends. Columns: ``q.<row>`` (integer)."""

    low: int = 0
    high: int = 100
    low_label: Text
    high_label: Text

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="slider", low=self.low, high=self.high),)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        worded = {str(self.low): self.low_label, str(self.high): self.high_label}
        return tuple(msgspec.structs.replace(each, labels=worded) for each in super().columns(questionnaire))


class _Cells(_Rows, frozen=True, kw_only=True):
    """Rows × cells that the author wrote."""

    cells: tuple[Cell, ...]

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return self.cells

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return super().check(questionnaire) + ([] if self.cells else [problem("no_cells", "cells")])


class MatrixMixed(_Cells, frozen=True, kw_only=True, tag="matrix_mixed", tag_field="type"):
    """Rows asked in several ways: choice, text, number, scale … side by side. Columns: ``q.<row>.<cell>``."""


class MatrixDropdown(_Cells, frozen=True, kw_only=True, tag="matrix_dropdown", tag_field="type"):
    """A list to choose from in every cell; the lists differ by column. Columns: ``q.<row>.<cell>`` (code).

    Cells need no ``kind``: it is dropdown whatever they say.
    """

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return tuple(msgspec.structs.replace(cell, kind="dropdown") for cell in self.cells)


class Side(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of the two scales of a dual matrix: what it measures, on which of ``Questionnaire.rating_scales``."""

    code: str
    label: Text
    scale: str


class MatrixDual(_Rows, frozen=True, kw_only=True, tag="matrix_dual", tag_field="type"):
    """Every row on two scales side by side, such as importance and satisfaction.

    Columns: ``q.<row>.<first.code>`` and ``q.<row>.<second.code>`` (integers). The gap first − second says where to
    act where both scales have the same range.
    """

    first: Side
    second: Side

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        sides = (self.first, self.second)
        return tuple(Cell(code=side.code, label=side.label, kind="scale", scale=side.scale) for side in sides)

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = [] if self.rows else [problem("no_rows", "rows")]
        for field, side in (("first", self.first), ("second", self.second)):
            if side.scale not in questionnaire.rating_scales:
                problems.append(problem("unknown_rating_scale", f"{field}.scale", name=side.scale))
        if self.first.code == self.second.code:
            problems.append(problem("duplicate_code", "second.code", name=self.second.code))
        return problems


class Table(Grid, frozen=True, kw_only=True, tag="table", tag_field="type"):
    """Rows that the participant adds, up to ``maximum``; a required table wants ``minimum`` of them, at least one, and
    in each row begun every cell but the optional ones.

    Columns: ``q.1.<cell>`` … ``q.<maximum>.<cell>``, so that they are the same for everybody. The form field ``q.rows``
    says how many rows the page had; it is no answer.
    """

    cells: tuple[Cell, ...]
    minimum: int = 1
    maximum: int = 5

    @property
    def one_box(self) -> bool:
        return True

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        numbers = range(1, min(self.maximum, MOST_ROWS) + 1)  # more is refused, and is not to cost anything before
        return tuple(Row(code=str(n), label={"zh-CN": f"第 {n} 行", "en": f"Row {n}"}) for n in numbers)

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return self.cells

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return [
            *check_cells(self.cells, questionnaire),
            *([] if self.cells else [problem("no_cells", "cells")]),
            *check_figure("maximum", self.maximum, 1, MOST_ROWS),
            *check_figure("minimum", self.minimum, 0, self.maximum),
        ]

    def shown_rows(self, form: Form) -> int:
        """How many rows the page shows that this form fills; ``_more`` names the table that a row is added to."""
        begun = [
            number
            for number in range(1, self.maximum + 1)
            if any(first(form, f"{self.code}.{number}.{cell.code}") for cell in self.cells)
        ]
        had = first(form, f"{self.code}.rows")
        asked = int(had) if had.isdecimal() and len(had) < 4 else 0
        added = self.code in every(form, "_more")
        return min(self.maximum, max(1, self.minimum, *begun[-1:], asked) + added)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [column.name for column in self.columns(questionnaire)], []
        return super().read(form, questionnaire)

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        begun = [name.split(".")[1] for name in answers if name.startswith(f"{self.code}.")]
        due = [str(number) for number in range(1, max(1, self.minimum) + 1)]
        lines = sorted({*begun, *due}, key=int)
        return self._gaps(lines, answers, not_applicable, questionnaire)
