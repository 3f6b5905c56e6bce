"""Choices that look or read differently: from a list, yes or no, by picture, with a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from surveys.problem import problem
from surveys.questions.base import Answers, Choice, Column, Form, Meanings, QuestionBase, Reading, every, read_text
from surveys.questions.choice import OTHER_LENGTH, Multiple, Single, chosen, unknown
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

LONG_LIST = 15
"""From so many options on a list gets a field to search it by, where the browser runs our script."""


class Dropdown(Single, frozen=True, kw_only=True, tag="dropdown", tag_field="type"):
    """One option from a list that opens; long lists can be searched. Columns: ``q`` (code) and ``q.other`` (text)."""


class _Two(QuestionBase, frozen=True, kw_only=True):
    """One of two options that everybody knows."""

    options: ClassVar[tuple[Choice, ...]] = ()

    def parts(self) -> tuple[Choice, ...]:
        return self.options

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (
            Column(
                name=self.code, question=self.code, kind="code", label=self.text,
                choices=tuple(each.code for each in self.options),
                labels={each.code: each.label for each in self.options},
            ),
        )  # fmt: skip

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        return {self.code: {each.code: each.code for each in self.options}}

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        values = list(dict.fromkeys(every(form, self.code)))
        if len(values) > 1:
            return {}, [], [problem("one_only", self.code)]
        if values and values[0] not in (each.code for each in self.options):
            return {}, [], [unknown(self.code, values[0])]
        return ({self.code: values[0]} if values else {}), [], []


class YesNo(_Two, frozen=True, kw_only=True, tag="yes_no", tag_field="type"):
    """是 or 否. Column: ``q`` (code: yes, no)."""

    options: ClassVar[tuple[Choice, ...]] = (
        Choice(code="yes", label={"zh-CN": "是", "en": "Yes"}),
        Choice(code="no", label={"zh-CN": "否", "en": "No"}),
    )


class TrueFalse(_Two, frozen=True, kw_only=True, tag="true_false", tag_field="type"):
    """正确 or 错误. Column: ``q`` (code: true, false)."""

    options: ClassVar[tuple[Choice, ...]] = (
        Choice(code="true", label={"zh-CN": "正确", "en": "True"}),
        Choice(code="false", label={"zh-CN": "错误", "en": "False"}),
    )


Image = Literal[
    "approval", "box", "calendar", "chat", "clock", "document", "email", "factory", "meeting", "phone", "screen",
    "team", "tool", "truck",
]  # fmt: skip
"""Line drawings that we bring along, ``web/templates/answer/drawings/<name>.svg``."""


class PicturedChoice(Choice, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An option with a drawing above its label."""

    image: Image


class ImageChoice(Single, frozen=True, kw_only=True, tag="image_choice", tag_field="type"):
    """One option by its drawing, which the label says as well. Columns: ``q`` (code) and ``q.other`` (text)."""

    choices: tuple[PicturedChoice, ...] = ()


class ChoiceComment(Multiple, frozen=True, kw_only=True, tag="choice_comment", tag_field="type"):
    """Several options, each with room for a comment once it is chosen.

    Columns: ``q`` (codes), ``q.<choice>.comment`` (text) and ``q.other`` (text). Comments of options that are not
    chosen are dropped. ``comment``: what the field asks for, 补充说明 unless told.
    """

    comment: Text = msgspec.field(default_factory=dict)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        comments = (
            Column(name=self._comment(each.code), question=self.code, kind="text", label=each.label, free=True)
            for each in self.choices
        )
        return (*super().columns(questionnaire), *comments)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        answers, not_applicable, problems = super().read(form, questionnaire)
        for code in chosen(answers, self.code):
            text, wrong = read_text(form, self._comment(code), OTHER_LENGTH)
            if wrong:
                problems.append(wrong)
            elif text:
                answers[self._comment(code)] = text
        return answers, not_applicable, problems

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form = super().form_values(answers, not_applicable, questionnaire)
        names = (self._comment(code) for code in chosen(answers, self.code))
        return form | {name: [str(answers[name])] for name in names if name in answers}

    def _comment(self, choice: str) -> str:
        return f"{self.code}.{choice}.comment"
