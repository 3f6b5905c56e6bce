"""Questions with several blanks to fill, below each other or inside a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Column,
    Form,
    QuestionBase,
    Reading,
    check_figure,
    read_text,
    write_value,
)
from surveys.questions.number import LARGEST, plain, read_number
from surveys.questions.text import LINE_LENGTH, LONGEST
from surveys.text import DEFAULT_LANGUAGE, Text, pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from surveys.definition import Questionnaire

_MARK = re.compile(r"\[\[ ?([a-z][a-z0-9_]*) ?\]\]")


class Blank(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One blank: a line of text, or a number from ``low`` to ``high`` with so many ``decimals``."""

    code: str
    label: Text
    kind: Literal["text", "number"] = "text"
    required: bool = False
    max_length: int = LINE_LENGTH
    unit: Text = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    visible_if: str = ""

    def check(self) -> list[Problem]:
        low, high = (-LARGEST if self.low is None else self.low), (LARGEST if self.high is None else self.high)
        bounds = [] if -LARGEST <= low < high <= LARGEST else [problem("bad_bounds", "low")]
        lengths = check_figure("max_length", self.max_length, 1, LONGEST)
        return bounds + lengths + check_figure("decimals", self.decimals, 0, 6)


class _Blanks(QuestionBase, frozen=True, kw_only=True):
    """Form fields and columns ``q.<blank>``: text (free), or number with its bounds and unit.

    Where the question is required, every blank shown is; a blank may be required alone. 不适用 is one box for all.
    """

    blanks: tuple[Blank, ...]

    def parts(self) -> tuple[Blank, ...]:
        return self.blanks

    def concealed(self, names: Iterable[str], hidden: frozenset[str]) -> frozenset[str]:
        return frozenset(self._field(blank) for blank in self.blanks if blank.code in hidden)

    def _field(self, blank: Blank) -> str:
        return f"{self.code}.{blank.code}"

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = [] if self.blanks else [problem("no_blanks", "blanks")]
        for index, blank in enumerate(self.blanks):
            problems += [msgspec.structs.replace(each, place=f"blanks.{index}.{each.place}") for each in blank.check()]
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(self._column(blank) for blank in self.blanks)

    def _column(self, blank: Blank) -> Column:
        name = self._field(blank)
        if blank.kind == "text":
            return Column(name=name, question=self.code, kind="text", label=blank.label, free=True)
        unit = blank.unit.get(DEFAULT_LANGUAGE, "")
        return Column(
            name=name,
            question=self.code,
            kind="number",
            label=blank.label,
            low=blank.low,
            high=blank.high,
            unit=unit,
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self._field(blank) for blank in self.blanks], []
        answers: Answers = {}
        problems: list[Problem] = []
        for blank in self.blanks:
            field = self._field(blank)
            value, wrong = _read_blank(form, field, blank)
            if value is not None:
                answers[field] = value
            problems += [wrong] if wrong else []
        return answers, [], problems

    @property
    def lenient(self) -> bool:
        return not any(blank.required for blank in self.blanks)

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        due = [blank for blank in self.blanks if (self.required or blank.required) and blank.code not in hidden]
        names = [self._field(blank) for blank in due]
        return [problem("required_blank", name) for name in names if name not in answers and name not in not_applicable]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = [self._field(blank) for blank in self.blanks]
        form = {name: [_shown(answers[name])] for name in names if name in answers}
        if names and not_applicable.issuperset(names):
            form[f"{self.code}.na"] = ["1"]
        return form


def _read_blank(form: Form, field: str, blank: Blank) -> tuple[str | float | None, Problem | None]:
    if blank.kind == "number":
        return read_number(form, field, blank.low, blank.high, blank.decimals)
    text, wrong = read_text(form, field, blank.max_length)
    return text or None, wrong


def _shown(value: object) -> str:
    return plain(value) if isinstance(value, float) else write_value(value)  # type: ignore[arg-type]


class Blanks(_Blanks, frozen=True, kw_only=True, tag="blanks", tag_field="type"):
    """Several blanks, each with its label. Columns: ``q.<blank>`` (text or number)."""


class Cloze(_Blanks, frozen=True, kw_only=True, tag="cloze", tag_field="type"):
    """Blanks inside a sentence: ``[[code]]`` marks where each goes. Columns: ``q.<blank>`` (text or number).

    ``text`` is the question above; a blank's label names it to screen readers and in exports.
    """

    sentence: Text

    def pieces(self, language: str) -> list[tuple[Text, Blank | None]]:
        """The sentence cut at its marks: wording, and the blank that follows it (None at the end).

        Cut before anything is piped into it, so that what a participant wrote can open no blank."""
        sentence = pick(self.sentence, language)
        blanks = {blank.code: blank for blank in self.blanks}
        pieces: list[tuple[Text, Blank | None]] = []
        start = 0
        for mark in _MARK.finditer(sentence):
            blank = blanks.pop(mark[1], None)
            if blank is not None:
                pieces.append(({language: sentence[start : mark.start()]}, blank))
                start = mark.end()
        return [*pieces, ({language: sentence[start:]}, None)]

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = super().check(questionnaire)
        codes = [blank.code for blank in self.blanks]
        for language, sentence in self.sentence.items():
            marks = _MARK.findall(sentence) if sentence.strip() else codes
            place = f"sentence.{language}"
            problems += [problem("unknown_mark", place, name=name) for name in marks if name not in codes]
            problems += [problem("no_mark", place, name=code) for code in codes if marks.count(code) != 1]
        return problems
