"""Questions answered with a number."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Column, Form, QuestionBase, Reading, check_figure, first, write_value
from surveys.questions.written_forms import narrow
from surveys.text import DEFAULT_LANGUAGE, Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

DurationUnit = Literal["minute", "hour", "day"]

MINUTES: dict[str, int] = {"minute": 1, "hour": 60, "day": 24 * 60}
LARGEST = 1e12
LONGEST = 1e6  # typed figure of a duration, in any unit: keeps minutes exact to their four decimals
DURATION_DECIMALS = 4
DIGITS = 15  # of a number, before and behind the point

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,15}))?")


def read_number(
    form: Form, field: str, low: float | None, high: float | None, decimals: int
) -> tuple[float | None, Problem | None]:
    """A number as people type it: full-width digits and thousands separators are understood."""
    typed = first(form, field)
    if typed.isdecimal() and typed.isascii() and len(typed) <= DIGITS:
        value = float(typed)
    else:
        text = narrow(typed[:100])
        if not text:
            return None, None
        match = _NUMBER.fullmatch(text)
        if match is None or len(typed) > 100:
            return None, problem("not_number", field)
        if len((match[1] or "").rstrip("0")) > decimals:
            code = "too_precise" if decimals else "not_integer"
            return None, problem(code, field, decimals=decimals)
        value = float(text.replace(",", "")) + 0.0
    if low is not None and value < low:
        return None, problem("too_low", field, low=write_value(low))
    if value > (LARGEST if high is None else high) or value < -LARGEST:
        return None, problem("too_high", field, high=write_value(LARGEST if high is None else high))
    return value, None


class Number(QuestionBase, frozen=True, kw_only=True, tag="number", tag_field="type"):
    """A number with a unit. Column: ``q`` (number)."""

    unit: Text = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    decimals: int = 0

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        low, high = (-LARGEST if self.low is None else self.low), (LARGEST if self.high is None else self.high)
        bounds = [] if -LARGEST <= low < high <= LARGEST else [problem("bad_bounds", "low")]
        return bounds + check_figure("decimals", self.decimals, 0, 6)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        unit = self.unit.get(DEFAULT_LANGUAGE, "")
        column = Column(
            name=self.code, question=self.code, kind="number", label=self.text, low=self.low, high=self.high, unit=unit
        )
        return (column,)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        value, wrong = read_number(form, self.code, self.low, self.high, self.decimals)
        return ({} if value is None else {self.code: value}), [], ([wrong] if wrong else [])

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        value = answers.get(self.code)
        form = {} if value is None else {self.code: [plain(value)]}
        return self._with_box(form, not_applicable)


class Duration(QuestionBase, frozen=True, kw_only=True, tag="duration", tag_field="type"):
    """A length of time, typed in one of ``units`` (form fields ``q`` and ``q.unit``), stored in minutes.

    A day counts 24 hours, since lead times are elapsed time. Column: ``q`` (number, minutes).
    """

    units: tuple[DurationUnit, ...] = ("minute", "hour", "day")
    high: float | None = None  # minutes

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        units = [] if self.units else [problem("no_units", "units")]
        return units + ([] if self.high is None or 0 < self.high <= LARGEST else [problem("bad_bounds", "high")])

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        column = Column(
            name=self.code, question=self.code, kind="number", label=self.text, low=0, high=self.high, unit="minute"
        )
        return (column,)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        value, wrong = read_number(form, self.code, 0, LONGEST, DURATION_DECIMALS)
        if value is None:
            return {}, [], [wrong] if wrong else []
        unit = first(form, f"{self.code}.unit") or (self.units[0] if len(self.units) == 1 else "")
        if unit not in self.units:
            return {}, [], [problem("unknown_unit", f"{self.code}.unit")]
        whole = value.is_integer()  # then the product is exact; decimals are multiplied as they were typed
        minutes = value * MINUTES[unit] if whole else float(Decimal(repr(value)) * MINUTES[unit])
        if self.high is not None and minutes > self.high:
            high = _in_unit(self.high, unit)
            return {}, [], [problem("too_high", self.code, high=f"{high.normalize():f}")]
        return {self.code: minutes}, [], []

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        """In the largest unit in which the time is a whole number, else the first unit that holds it exactly."""
        form: dict[str, list[str]] = {}
        minutes = answers.get(self.code)
        if isinstance(minutes, int | float) and minutes <= LONGEST * MINUTES["day"]:
            units = sorted(self.units, key=lambda unit: MINUTES[unit])
            whole = [unit for unit in units if minutes % MINUTES[unit] == 0]
            exact = [unit for unit in units if float(_in_unit(minutes, unit) * MINUTES[unit]) == minutes]
            unit = (whole[-1:] or exact[:1] or units[:1])[0]
            form = {self.code: [plain(float(_in_unit(minutes, unit)))], f"{self.code}.unit": [unit]}
        elif minutes is not None:
            form = {self.code: [str(minutes)], f"{self.code}.unit": [self.units[0]]}
        return self._with_box(form, not_applicable)


def _in_unit(minutes: float, unit: str) -> Decimal:
    step = Decimal(1).scaleb(-DURATION_DECIMALS)
    return (Decimal(repr(minutes)) / MINUTES[unit]).quantize(step, rounding=ROUND_HALF_EVEN)


def plain(value: object) -> str:
    """Without an exponent, so that people and ``read_number`` can read it."""
    if isinstance(value, float):
        text = f"{Decimal(repr(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
