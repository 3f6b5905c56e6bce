"""Questions answered with a date, a time of day, or a span of dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from surveys.problem import Problem, problem
from surveys.questions import written_forms
from surveys.questions.base import Answers, Column, Form, QuestionBase, Reading, first, today, write_value

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

_TYPED = re.compile(r"([0-9]{4})(?:[-/.年 ]+([0-9]{1,2})[-/.月 ]+([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_TIME = re.compile(r"([0-9]{1,2})[::时点]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?分?")
_RELATIVE = re.compile(r"today(?: ?([+-]) ?([0-9]{1,5}))?")
_TYPED_LENGTH = 40
LONGEST_SPAN = 36_525  # days


def read_date(form: Form, field: str) -> tuple[date | None, Problem | None]:
    """A date as browsers send it, or as people type it: 2026-3-5, 2026/3/5, 2026年3月5日, 20260305."""
    text = written_forms.narrow(first(form, field)[: _TYPED_LENGTH + 1])
    if not text:
        return None, None
    match = _TYPED.fullmatch(text)
    if match is None:
        return None, problem("not_date", field)
    try:
        return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5])), None
    except ValueError:
        return None, problem("no_such_date", field)


def bound(text: str, now: date | None) -> date | None:
    """What ``low`` or ``high`` stands for: a date, or so many days from today (``today``, ``today+7``, ``today-30``).

    None where there is no bound, where today is not known, or where the calendar ends before it.
    """
    if not text:
        return None
    relative = _RELATIVE.fullmatch(text)
    try:
        if relative is None:
            return date.fromisoformat(text)
        days = int(relative[2] or 0)
        return now + timedelta(days=-days if relative[1] == "-" else days) if now else None
    except (ValueError, OverflowError):
        return None


def outside(value: date, low: str, high: str, field: str, now: date | None) -> Problem | None:
    """A date before ``low`` or after ``high``, said at ``field``."""
    if not (low or high):
        return None
    first_day, last_day = bound(low, now), bound(high, now)
    if first_day is not None and value < first_day:
        return problem("too_early", field, low=first_day.isoformat())
    if last_day is not None and value > last_day:
        return problem("too_late", field, high=last_day.isoformat())
    return None


def check_bounds(low: str, high: str) -> list[Problem]:
    """Bounds that are no dates, or the wrong way round (as far as that does not depend on the day)."""
    day = date(2026, 1, 1)  # any will do: both bounds move with it
    problems = [
        problem("bad_date_bound", place, value=text)
        for place, text in (("low", low), ("high", high))
        if text and bound(text, day) is None
    ]
    first_day, last_day = bound(low, day), bound(high, day)
    alike = low.startswith("today") == high.startswith("today")
    if first_day and last_day and alike and first_day > last_day:
        problems.append(problem("bad_date_bounds", "low"))
    return problems


class _Dated(QuestionBase, frozen=True, kw_only=True):
    """What questions about dates share: the bounds."""

    low: str = ""  # 2026-01-01, or relative to the day of answering: today, today+7, today-30
    high: str = ""

    def fixed(self, text: str) -> str:
        """A bound that does not move with the day: what a date picker can be told in a page made once for all."""
        return "" if text.startswith("today") else text

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_bounds(self.low, self.high)


class Date(_Dated, frozen=True, kw_only=True, tag="date", tag_field="type"):
    """A day from ``low`` to ``high``. Column: ``q`` (text, ISO 8601 such as ``2026-03-31``, unit ``date``)."""

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, unit="date"),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        value, wrong = read_date(form, self.code)
        if value is not None and (self.low or self.high):
            wrong = outside(value, self.low, self.high, self.code, today(form))
        if value is None or wrong:
            return {}, [], [wrong] if wrong else []
        return {self.code: value.isoformat()}, [], []


class Time(QuestionBase, frozen=True, kw_only=True, tag="time", tag_field="type"):
    """A time of day from ``low`` to ``high``. Column: ``q`` (text, 24 hours such as ``09:05``, unit ``time``)."""

    low: str = ""
    high: str = ""

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        bounds = {"low": self.low, "high": self.high}
        wrong = [
            problem("bad_time_bound", place, value=text)
            for place, text in bounds.items()
            if text and not (len(text) == 5 and _time(text))
        ]
        crossed = self.low and self.high and not wrong and self.low > self.high
        return [*wrong, problem("bad_date_bounds", "low")] if crossed else wrong

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, unit="time"),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        text = written_forms.narrow(first(form, self.code)[:_TYPED_LENGTH])
        value = _time(text)
        if not text or value is None:
            return {}, [], [problem("not_time", self.code)] if text else []
        if self.low and value < self.low:
            return {}, [], [problem("too_early", self.code, low=self.low)]
        if self.high and value > self.high:
            return {}, [], [problem("too_late", self.code, high=self.high)]
        return {self.code: value}, [], []


def _time(text: str) -> str | None:
    match = _TIME.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match else (24, 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


class DateRange(_Dated, frozen=True, kw_only=True, tag="date_range", tag_field="type"):
    """From a day to the same or a later one. Columns: ``q.from`` and ``q.to`` (text, ISO 8601, unit ``date``).

    A span has both ends: one alone is asked to be completed, whether the question is required or not.
    """

    longest: int | None = None  # days, both ends counted

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        figure = self.longest is None or 1 <= self.longest <= LONGEST_SPAN
        wrong = [] if figure else [problem("bad_figure", "longest", key="longest", low=1, high=LONGEST_SPAN)]
        return super().check(questionnaire) + wrong

    def ends(self) -> tuple[str, str]:
        """The two fields, which are the two columns."""
        return f"{self.code}.from", f"{self.code}.to"

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        words = ({"zh-CN": "开始日期", "en": "First day"}, {"zh-CN": "结束日期", "en": "Last day"})
        return tuple(
            Column(name=name, question=self.code, kind="text", label=label, unit="date")
            for name, label in zip(self.ends(), words, strict=True)
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, list(self.ends()), []
        answers: Answers = {}
        problems: list[Problem] = []
        days: list[date] = []
        for field in self.ends():
            day, wrong = read_date(form, field)
            if day is not None:
                wrong = outside(day, self.low, self.high, field, today(form))
            if wrong:
                problems.append(wrong)
            elif day is not None:
                answers[field] = day.isoformat()
                days.append(day)
        if len(days) == 2 and (wrong := self._crossed(*days)):
            return {}, [], [wrong]
        return answers, [], problems

    def _crossed(self, start: date, end: date) -> Problem | None:
        field = self.ends()[1]
        if end < start:
            return problem("ends_before", field, start=start.isoformat())
        length = (end - start).days + 1
        if self.longest is not None and length > self.longest:
            return problem("span_too_long", field, longest=self.longest, days=length)
        return None

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        begun = any(name in answers for name in self.ends())
        if not (self.required or begun) or not_applicable.issuperset(self.ends()):
            return []
        codes = ("date_from", "date_to")
        return [problem(code, n) for code, n in zip(codes, self.ends(), strict=True) if n not in answers]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form = {name: [write_value(answers[name])] for name in self.ends() if name in answers}
        if not_applicable.issuperset(self.ends()):
            form[f"{self.code}.na"] = ["1"]
        return form
