"""One cell of a matrix or table: how it is asked, read, named and written back.

A kind of cell has a macro of its own in ``web/templates/answer/question/_cells.html``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Choice,
    Column,
    Form,
    Meanings,
    RatingScale,
    Value,
    check_figure,
    every,
    read_integer,
    read_text,
    write_value,
)
from surveys.questions.choice import labelled, unknown
from surveys.questions.number import LARGEST, plain, read_number
from surveys.text import DEFAULT_LANGUAGE, Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

CellKind = Literal["choice", "dropdown", "multiple", "text", "number", "scale", "slider"]

CHOOSING = ("choice", "dropdown", "multiple")
LONGEST = 2_000
SLIDER_END = 1_000
NO_SCALE = RatingScale(labels=())

CellReading = tuple[Value | None, Problem | None]
"""What a cell holds (None: nothing), and what is wrong with it."""


class Cell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column of a matrix. ``kind``: choice and dropdown (one of ``choices``; a code), multiple (codes), text, number
    (``unit``, ``low``, ``high``, ``decimals``), scale (a point of the rating scale ``scale``; integer), slider (whole
    numbers ``low`` … ``high``, 0 … 100 unless told; integer).

    A required question wants every cell but the ``optional`` ones.
    """

    code: str
    label: Text
    kind: CellKind = "text"
    choices: tuple[Choice, ...] = ()
    maximum: int | None = None  # multiple: at most so many
    scale: str = ""
    unit: Text = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    max_length: int = 200
    optional: bool = False

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        """What makes no sense in it; places are relative to it."""
        if self.kind in CHOOSING:
            return self._check_choices()
        if self.kind == "scale":
            known = self.scale in questionnaire.rating_scales
            return [] if known else [problem("unknown_rating_scale", "scale", name=self.scale)]
        if self.kind == "text":
            return check_figure("max_length", self.max_length, 1, LONGEST)
        limit = SLIDER_END if self.kind == "slider" else LARGEST
        low, high = self.bounds(limit)
        bounds = [] if -limit <= low < high <= limit else [problem("bad_bounds", "low")]
        return bounds + check_figure("decimals", self.decimals, 0, 6)

    def _check_choices(self) -> list[Problem]:
        problems = [] if len(self.choices) > 1 else [problem("too_few_choices", "choices", minimum=2)]
        for index, choice in enumerate(self.choices):
            unused = {"visible_if": choice.visible_if, "other": choice.other}
            problems += [problem("not_in_matrix", f"choices.{index}.{key}", key=key) for key in unused if unused[key]]
        if self.maximum is not None and not 1 <= self.maximum <= len(self.choices):
            count = len(self.choices)
            problems.append(problem("maximum_above_choices", "maximum", maximum=self.maximum, count=count))
        return problems

    def bounds(self, limit: float = LARGEST) -> tuple[float, float]:
        """The lowest and the highest value of a number or slider."""
        low, high = (0.0, 100.0) if self.kind == "slider" else (-limit, limit)
        return low if self.low is None else self.low, high if self.high is None else self.high

    def points(self, questionnaire: Questionnaire) -> RatingScale:
        """The answer scale of a scale cell."""
        return questionnaire.rating_scales.get(self.scale, NO_SCALE)

    def column(self, name: str, question: str, label: Text, questionnaire: Questionnaire) -> Column:
        """The column ``name`` of ``question`` that holds this cell's values."""
        if self.kind in CHOOSING:
            return Column(
                name=name, question=question, kind="codes" if self.kind == "multiple" else "code", label=label,
                choices=self.codes(), labels={choice.code: choice.label for choice in self.choices},
            )  # fmt: skip
        if self.kind == "text":
            return Column(name=name, question=question, kind="text", label=label, free=True)
        if self.kind == "scale":
            scale = self.points(questionnaire)
            low, high, worded = scale.low, scale.high, scale.worded()
            return Column(name=name, question=question, kind="integer", label=label, labels=worded, low=low, high=high)
        unit = self.unit.get(DEFAULT_LANGUAGE, "")
        if self.kind == "slider":
            first, last = self.bounds()
            return Column(name=name, question=question, kind="integer", label=label, low=first, high=last, unit=unit)
        return Column(name=name, question=question, kind="number", label=label, low=self.low, high=self.high, unit=unit)

    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def meanings(self, questionnaire: Questionnaire) -> Meanings:
        """What its field may plainly say, to the value; empty where ``read`` has to look closer."""
        if self.kind == "scale":
            scale = self.points(questionnaire)
            return {str(point): point for point in range(scale.low, scale.high + 1)}
        return {code: code for code in self.codes()} if self.kind in ("choice", "dropdown") else {}

    def read(self, form: Form, name: str, questionnaire: Questionnaire) -> CellReading:
        """What the form field ``name`` says."""
        if self.kind == "scale":
            scale = self.points(questionnaire)
            return read_integer(form, name, scale.low, scale.high)
        if self.kind == "text":
            text, wrong = read_text(form, name, self.max_length)
            return text or None, wrong
        if self.kind == "number":
            return read_number(form, name, self.low, self.high, self.decimals)
        if self.kind == "slider":
            value, wrong = read_number(form, name, *self.bounds(), 0)
            return None if value is None else int(value), wrong
        ticked = list(dict.fromkeys(every(form, name)))
        stranger = next((code for code in ticked if code not in self.codes()), None)
        if stranger is not None:
            return None, unknown(name, stranger)
        return self._several(name, ticked) if self.kind == "multiple" else self._one(name, ticked)

    def _one(self, name: str, ticked: list[str]) -> CellReading:
        return (None, problem("one_only", name)) if len(ticked) > 1 else (ticked[0] if ticked else None, None)

    def _several(self, name: str, ticked: list[str]) -> CellReading:
        lonely = next((each for each in self.choices if each.exclusive and each.code in ticked), None)
        if lonely is not None and len(ticked) > 1:
            return None, labelled("exclusive", name, lonely.label)
        if self.maximum is not None and len(ticked) > self.maximum:
            return None, problem("too_many", name, maximum=self.maximum, count=len(ticked))
        return [code for code in self.codes() if code in ticked] or None, None

    def written(self, value: Value) -> list[str]:
        """The form field's values that ``read`` turns into ``value``."""
        if isinstance(value, list):
            return list(value)
        return [plain(value) if self.kind == "number" else write_value(value)]
