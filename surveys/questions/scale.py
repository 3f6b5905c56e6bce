"""Questions answered on a scale of integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Column,
    Form,
    Meanings,
    QuestionBase,
    RatingScale,
    Reading,
    check_figure,
    read_integer,
)
from surveys.questions.number import read_number
from surveys.text import DEFAULT_LANGUAGE, Text

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

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        low, high = self.range(questionnaire)
        return {self.code: {str(point): point for point in range(low, high + 1)}}

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


MOST_STARS = 10


class Stars(_Point, frozen=True, kw_only=True, tag="stars", tag_field="type"):
    """1 to ``points`` stars, or as many faces from glum to glad. Column: ``q`` (integer)."""

    symbol: Literal["star", "smiley"] = "star"
    points: int = 5

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("points", self.points, 3, MOST_STARS if self.symbol == "star" else len(SATISFIED))

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        return 1, self.points

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        if self.symbol == "star":
            return {}
        return {str(point): SATISFIED[self.face(point)] for point in range(1, min(self.points, MOST_STARS) + 1)}

    def face(self, point: int) -> int:
        """Which of the five faces, 0 glum … 4 glad, stands for a point; of four the one between is left out."""
        faces = {3: (0, 2, 4), 4: (0, 1, 3, 4)}.get(self.points, (0, 1, 2, 3, 4))
        return faces[min(point, len(faces)) - 1]


SATISFIED: tuple[Text, ...] = (
    {"zh-CN": "很不满意", "en": "Very dissatisfied"},
    {"zh-CN": "不太满意", "en": "Dissatisfied"},
    {"zh-CN": "一般", "en": "Neither"},
    {"zh-CN": "比较满意", "en": "Satisfied"},
    {"zh-CN": "非常满意", "en": "Very satisfied"},
)
EFFORT: tuple[Text, Text] = ({"zh-CN": "非常费劲", "en": "Very difficult"}, {"zh-CN": "非常轻松", "en": "Very easy"})


class Csat(_Point, frozen=True, kw_only=True, tag="csat", tag_field="type"):
    """Satisfaction on the customary five worded points; the share of 4 and 5 is the score. Column: ``q`` (integer)."""

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        return 1, len(SATISFIED)

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        return RatingScale(labels=SATISFIED).worded()


class Ces(_Point, frozen=True, kw_only=True, tag="ces", tag_field="type"):
    """Customer effort on seven points, 1 very difficult to 7 very easy. Column: ``q`` (integer)."""

    def range(self, questionnaire: Questionnaire) -> tuple[int, int]:
        return 1, 7

    def worded(self, questionnaire: Questionnaire) -> dict[str, Text]:
        return {"1": EFFORT[0], "7": EFFORT[1]}


SLIDER_LIMIT = 100_000


class Slider(QuestionBase, frozen=True, kw_only=True, tag="slider", tag_field="type"):
    """A whole number from ``low`` to ``high``, typed or slid in steps of ``step``. Column: ``q`` (integer).

    What is posted is the typed field. The slider fills it, so that a slider never touched says nothing.
    """

    low: int = 0
    high: int = 100
    step: int = 1
    unit: Text = msgspec.field(default_factory=dict)
    low_label: Text = msgspec.field(default_factory=dict)
    high_label: Text = msgspec.field(default_factory=dict)

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        if not -SLIDER_LIMIT <= self.low < self.high <= SLIDER_LIMIT:
            return [problem("bad_bounds", "low")]
        return check_figure("step", self.step, 1, self.high - self.low)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        ends = {str(self.low): self.low_label, str(self.high): self.high_label}
        column = Column(
            name=self.code, question=self.code, kind="integer", label=self.text, low=self.low, high=self.high,
            labels={point: label for point, label in ends.items() if label}, unit=self.unit.get(DEFAULT_LANGUAGE, ""),
        )  # fmt: skip
        return (column,)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        value, wrong = read_number(form, self.code, self.low, self.high, 0)
        answers: Answers = {} if value is None else {self.code: int(value)}
        return answers, [], [wrong] if wrong else []
