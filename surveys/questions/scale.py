"""Questions answered on a scale of integers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Column,
    Form,
    QuestionBase,
    RatingScale,
    Reading,
    Row,
    check_figure,
    first,
    read_integer,
    write_value,
)
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

_NO_SCALE = RatingScale(labels=())


def _check_scale(name: str, questionnaire: Questionnaire) -> list[Problem]:
    return [] if name in questionnaire.rating_scales else [problem("unknown_rating_scale", "scale", name=name)]


class _Point(QuestionBase, frozen=True, kw_only=True):
    """One integer of a range in the column ``q``."""

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        """The lowest and the highest point."""
        raise NotImplementedError

    def scale_points(self, questionnaire: Questionnaire) -> dict[str, int]:
        low, high = self.range(questionnaire)
        return {str(point): point for point in range(low, high + 1)}

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        low, high = self.range(questionnaire)
        worded = self.worded(questionnaire)
        return (
            Column(
                name=self.code, question=self.code, kind="integer", label=self.text, labels=worded, low=low, high=high
            ),
        )

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        """The points that have words, as text."""
        return {}

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        low, high = self.range(questionnaire)
        value, wrong = read_integer(form, self.code, low, high)
        if value is not None:
            return {self.code: value}, [], []
        return {}, [], [wrong] if wrong else []


class Likert(_Point, frozen=True, kw_only=True, tag="likert", tag_field="type"):
    """One statement on the answer scale ``scale`` of ``Questionnaire.rating_scales``. Column: ``q`` (integer)."""

    scale: str

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return _check_scale(self.scale, questionnaire)

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        scale = questionnaire.rating_scales.get(self.scale, _NO_SCALE)
        return scale.low, scale.high

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        return questionnaire.rating_scales.get(self.scale, _NO_SCALE).worded()


class Rating(_Point, frozen=True, kw_only=True, tag="rating", tag_field="type"):
    """1 to ``points`` with worded ends only. Column: ``q`` (integer)."""

    points: int = 5
    low_label: Text
    high_label: Text

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("points", self.points, 2, 11)

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        return 1, self.points

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        return {"1": self.low_label, str(self.points): self.high_label}


class Nps(_Point, frozen=True, kw_only=True, tag="nps", tag_field="type"):
    """Likelihood to recommend, integer 0 to 10. Column: ``q`` (integer)."""

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        return 0, 10


class Matrix(QuestionBase, frozen=True, kw_only=True, tag="matrix", tag_field="type"):
    """Several statements on one answer scale. Columns: ``q.<row>`` (integer); a row's 不适用 box is ``q.<row>.na``."""

    scale: str
    rows: tuple[Row, ...]

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return _check_scale(self.scale, questionnaire) + ([] if self.rows else [problem("no_rows", "rows")])

    def parts(self) -> tuple[Row, ...]:
        return self.rows

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        """The lowest and the highest point."""
        scale = questionnaire.rating_scales.get(self.scale, _NO_SCALE)
        return scale.low, scale.high

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        low, high = self.range(questionnaire)
        worded = questionnaire.rating_scales.get(self.scale, _NO_SCALE).worded()
        return tuple(
            Column(
                name=f"{self.code}.{row.code}", question=self.code, kind="integer", label=row.label, labels=worded,
                low=low, high=high,
            )
            for row in self.rows
        )  # fmt: skip

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        low, high = self.range(questionnaire)
        answers: Answers = {}
        not_applicable: list[str] = []
        problems: list[Problem] = []
        for row in self.rows:
            name = f"{self.code}.{row.code}"
            if self.not_applicable and first(form, f"{name}.na"):
                not_applicable.append(name)
                continue
            value, wrong = read_integer(form, name, low, high)
            if value is not None:
                answers[name] = value
            elif wrong:
                problems.append(wrong)
        return answers, not_applicable, problems

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        names = (f"{self.code}.{row.code}" for row in self.rows if row.code not in hidden)
        return [problem("required", name) for name in names if name not in answers and name not in not_applicable]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form: dict[str, list[str]] = {}
        for row in self.rows:
            name = f"{self.code}.{row.code}"
            if name in answers:
                form[name] = [write_value(answers[name])]
            if name in not_applicable:
                form[f"{name}.na"] = ["1"]
        return form
