"""Questions answered in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveys.problem import Problem
from surveys.questions.base import Column, Form, QuestionBase, Reading, check_figure, read_text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire


LONGEST = 20_000


class _Words(QuestionBase, frozen=True, kw_only=True):
    """Free text in the column ``q``, kept exactly as typed."""

    max_length: int

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("max_length", self.max_length, 1, LONGEST)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        text, wrong = read_text(form, self.code, self.max_length)
        return ({self.code: text} if text else {}), [], ([wrong] if wrong else [])


class ShortText(_Words, frozen=True, kw_only=True, tag="short_text", tag_field="type"):
    """One line. Column: ``q`` (text)."""

    max_length: int = 200


class LongText(_Words, frozen=True, kw_only=True, tag="long_text", tag_field="type"):
    """A paragraph. Column: ``q`` (text)."""

    max_length: int = LONGEST
