"""Tables of plain text: a header that every page repeats, numbers below each other by their decimal points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from reportlab.platypus import Flowable

from reports import fonts
from reports.characters import printable
from reports.paragraph import fit, write
from reports.structure import artifact, content, element
from reports.style import INKS, SMALL


class Column(NamedTuple):
    """``decimal``: the points of the first numbers stand below each other, whatever follows them."""

    title: str
    width: float  # points
    align: Literal["left", "right", "decimal"] = "left"


_WHOLE = re.compile(r"\D*[\d,]*")  # a cell up to its decimal point


class Table(Flowable):  # type: ignore[misc]
    """Rows of plain text under a header that is repeated on every page. Cells wrap to at most six lines."""

    SIZE, LEADING, PAD = 8.0, 11.5, 4.0

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], language: str) -> None:
        super().__init__()
        self.columns, self.language = columns, language
        self.spaceBefore, self.spaceAfter = 0.0, 6.0
        self.header = self._cells([column.title for column in columns], SMALL)
        self.rows = [self._cells(row, self.SIZE) for row in rows]
        self.tails = [self._tail(place) for place in range(len(columns))]

    def _tail(self, place: int) -> float:
        """Room that the widest end of a number, from its decimal point on, takes in a column."""
        return max((_end(line, self.SIZE) for row in self.rows for line in row[place]), default=0.0)

    def _cells(self, row: Sequence[str], size: float) -> list[list[str]]:
        return [
            fit(printable(text[:2000], self.language), self.columns[place].width - 8 - self._inset(place), size, 6)
            for place, text in enumerate(row)
        ]

    def _inset(self, place: int) -> float:
        """Room before words that follow a column of numbers, which end where these begin."""
        return 6.0 if place and self.columns[place].align == "left" != self.columns[place - 1].align else 0.0

    def _height(self, row: list[list[str]]) -> float:
        return max(map(len, row)) * self.LEADING + 2 * self.PAD

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = sum(column.width for column in self.columns)
        self.height = self._height(self.header) + sum(map(self._height, self.rows))
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        used = self._height(self.header)
        for number, row in enumerate(self.rows):
            used += self._height(row)
            if used > height:
                return [self._part(self.rows[:number]), self._part(self.rows[number:])] if number > 1 else []
        return [self]

    def _part(self, rows: list[list[list[str]]]) -> Table:
        part = Table(self.columns, [], self.language)
        part.rows, part.tails = rows, self.tails
        return part

    def draw(self) -> None:
        with element(self.canv, "Table"):
            y = self._row(self.header, self.height, SMALL, "muted")
            self._rule(y, "ink", 0.8)
            for row in self.rows:
                y = self._row(row, y, self.SIZE, "ink")
                self._rule(y, "rule", 0.5)

    def _rule(self, y: float, colour: Literal["ink", "rule"], weight: float) -> None:
        with artifact(self.canv):
            self.canv.setStrokeColor(INKS[colour])
            self.canv.setLineWidth(weight)
            self.canv.line(0, y, self.width, y)

    def _row(self, row: list[list[str]], top: float, size: float, colour: Literal["ink", "muted"]) -> float:
        x = 0.0
        with element(self.canv, "TR"):
            for place, column in enumerate(self.columns):
                with content(self.canv, "TH" if row is self.header else "TD"):
                    for number, text in enumerate(row[place]):
                        shift = self._shift(row, place, text, size)
                        write(self.canv, x + shift, top - self.PAD - number * self.LEADING - 8.5, text, size, colour)
                x += column.width
        return top - self._height(row)

    def _shift(self, row: list[list[str]], place: int, text: str, size: float) -> float:
        """From the left edge of the cell to the text."""
        column = self.columns[place]
        if column.align == "left":
            return self._inset(place)
        shift = column.width - 4 - fonts.width(text, size)
        if column.align == "decimal" and row is not self.header:
            shift = max(0.0, shift - (self.tails[place] - _end(text, size)))
        return shift


def _end(text: str, size: float) -> float:
    """Width of a cell's text from its decimal point on."""
    return fonts.width(text[len(_WHOLE.match(text)[0]) :], size) if any(map(str.isdigit, text)) else 0.0  # type: ignore[index]
