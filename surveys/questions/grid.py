"""Lines × cells: what every matrix, table and question about each step has in common.

A line with one unnamed cell is one column, ``q.<line>``; named cells make ``q.<line>.<cell>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Column, Form, Meanings, QuestionBase, Reading, Row, first
from surveys.questions.cells import Cell
from surveys.text import Text, pick

if TYPE_CHECKING:
    from surveys.definition import Questionnaire, Step


class Grid(QuestionBase, frozen=True, kw_only=True):
    """Lines (rows, steps) × cells. A line's 不适用 box is ``q.<line>.na``; it marks all columns of the line."""

    def down(self, questionnaire: Questionnaire) -> Sequence[Row | Step]:
        """What is asked about, in order."""
        raise NotImplementedError

    def across(self, questionnaire: Questionnaire) -> Sequence[Cell]:
        """What is asked of each line."""
        raise NotImplementedError

    @property
    def one_box(self) -> bool:
        return False

    def fields(self, line: str, questionnaire: Questionnaire) -> Iterator[tuple[str, Cell]]:
        """The columns of a line, which are its form fields, with their cells."""
        for cell in self.across(questionnaire):
            yield f"{self.code}.{line}.{cell.code}" if cell.code else f"{self.code}.{line}", cell

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(
            cell.column(name, self.code, both(line.label, cell.label), questionnaire)
            for line in self.down(questionnaire)
            for name, cell in self.fields(line.code, questionnaire)
        )

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        across = [(cell, cell.meanings(questionnaire)) for cell in self.across(questionnaire)]
        if not all(meanings for _, meanings in across):
            return {}
        return {
            f"{self.code}.{line.code}.{cell.code}" if cell.code else f"{self.code}.{line.code}": meanings
            for line in self.down(questionnaire)
            for cell, meanings in across
        }

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        answers: Answers = {}
        not_applicable: list[str] = []
        problems: list[Problem] = []
        cells = self.across(questionnaire)
        for line in self.down(questionnaire):
            stem = f"{self.code}.{line.code}"
            boxed = self._boxed(form, stem)
            for cell in cells:
                name = f"{stem}.{cell.code}" if cell.code else stem
                if boxed:
                    not_applicable.append(name)
                    continue
                value, wrong = cell.read(form, name, questionnaire)
                if wrong:
                    problems.append(wrong)
                elif value is not None:
                    answers[name] = value
        return answers, not_applicable, problems

    def _boxed(self, form: Form, stem: str) -> bool:
        return self.not_applicable and not self.one_box and bool(first(form, f"{stem}.na"))

    @property
    def lenient(self) -> bool:
        return True

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        asked = (line.code for line in self.down(questionnaire) if line.code not in hidden)
        return self._gaps(asked, answers, not_applicable, questionnaire)

    def _gaps(
        self, lines: Iterable[str], answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> list[Problem]:
        """The cells of these lines that are still due."""
        return [
            problem("required", name)
            for line in lines
            for name, cell in self.fields(line, questionnaire)
            if name not in answers and name not in not_applicable and not cell.optional
        ]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form: dict[str, list[str]] = {}
        for line in self.down(questionnaire):
            fields = dict(self.fields(line.code, questionnaire))
            form.update({name: cell.written(answers[name]) for name, cell in fields.items() if name in answers})
            if fields and not self.one_box and not_applicable.issuperset(fields):
                form[f"{self.code}.{line.code}.na"] = ["1"]
        return form

    def without(self, answers: Answers, hidden: frozenset[str]) -> Answers:
        concealed = self.concealed(answers, hidden)
        return {name: value for name, value in answers.items() if name not in concealed}

    def concealed(self, names: Iterable[str], hidden: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name in names if name.split(".")[1] in hidden)


def both(line: Text, cell: Text) -> Text:
    """The wording of a cell in its line, in every language that has one."""
    languages = dict.fromkeys((*line, *cell))
    return {each: " · ".join(filter(None, (pick(line, each), pick(cell, each)))) for each in languages}


def check_cells(cells: Sequence[Cell], questionnaire: Questionnaire) -> list[Problem]:
    """What is wrong with cells; the place of an unnamed one is the question itself, whose settings it holds."""
    return [
        msgspec.structs.replace(each, place=f"cells.{index}.{each.place}" if cell.code else each.place)
        for index, cell in enumerate(cells)
        for each in cell.check(questionnaire)
    ]
