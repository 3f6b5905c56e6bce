"""Questions answered on a scale of integers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveys.problem import Problem, problem
from surveys.questions.base import Column, Form, QuestionBase, RatingScale, Reading, check_figure, read_integer
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
