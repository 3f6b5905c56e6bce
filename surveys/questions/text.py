"""Questions answered in words: free, or in a form that is checked (e-mail, mobile, ID card, link, pattern)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import re2

from surveys.problem import Problem, problem
from surveys.questions import written_forms
from surveys.questions.base import Column, Form, QuestionBase, Reading, check_figure, first, read_text, today
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire


LONGEST = 20_000
LINE_LENGTH = 200
PATTERN_LENGTH = 500
PATTERN_MEMORY = 1 << 20  # bytes that a compiled pattern and its automaton may take


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

    max_length: int = LINE_LENGTH
    unique: bool = False  # no two responses of a wave may say the same


class LongText(_Words, frozen=True, kw_only=True, tag="long_text", tag_field="type"):
    """A paragraph. Column: ``q`` (text)."""

    max_length: int = LONGEST


class _Written(QuestionBase, frozen=True, kw_only=True):
    """One line in a form that is checked, stored in one way whichever way it was typed. Column: ``q`` (text)."""

    refused: ClassVar[str]  # what a participant is told whose text is not of the form

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True, identifying=True),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        text, wrong = read_text(form, self.code, written_forms.URL_LENGTH)
        if not text:
            return {}, [], [wrong] if wrong else []
        stored = self.stored(written_forms.narrow(text), form)
        return ({self.code: stored}, [], []) if stored else ({}, [], [self.refusal()])

    def stored(self, text: str, form: Form) -> str | None:
        """What is stored of a text, None where it is not of the form asked for."""
        raise NotImplementedError

    def refusal(self) -> Problem:
        return problem(self.refused, self.code)


class Email(_Written, frozen=True, kw_only=True, tag="email", tag_field="type"):
    """An e-mail address. Column: ``q`` (text, lower-case; identifying)."""

    refused = "not_email"

    unique: bool = False

    def stored(self, text: str, form: Form) -> str | None:
        return written_forms.email(text)


class Mobile(_Written, frozen=True, kw_only=True, tag="mobile", tag_field="type"):
    """A mobile number. Column: ``q`` (text, E.164 such as ``+8613800138000``; identifying).

    Without a country it is one of mainland China; others begin with ``+`` unless ``international`` is off.
    """

    international: bool = True
    unique: bool = False

    def stored(self, text: str, form: Form) -> str | None:
        return written_forms.mobile(text, self.international)

    def refusal(self) -> Problem:
        return problem("not_mobile" if self.international else "not_mainland_mobile", self.code)


class IdCard(_Written, frozen=True, kw_only=True, tag="id_card", tag_field="type"):
    """A resident identity card number of mainland China (18 characters, with ``old`` 15 digits as well, completed).

    Column: ``q`` (text, 18 characters; identifying).
    """

    refused = "not_id_card"

    old: bool = False
    unique: bool = False

    def stored(self, text: str, form: Form) -> str | None:
        return written_forms.id_card(text, self.old, today(form))


class Url(_Written, frozen=True, kw_only=True, tag="url", tag_field="type"):
    """The address of a web page, http or https. Column: ``q`` (text)."""

    refused = "not_url"

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True),)

    def stored(self, text: str, form: Form) -> str | None:
        return written_forms.url(text)


class Pattern(_Written, frozen=True, kw_only=True, tag="pattern", tag_field="type"):
    """One line that ``pattern``, a regular expression of RE2, matches as a whole. Column: ``q`` (text).

    RE2 takes time in proportion to the text, whatever the author wrote and the participant types.
    """

    pattern: str
    message: Text = msgspec.field(default_factory=dict)  # what is asked for, said to whom it was not given
    max_length: int = LINE_LENGTH
    unique: bool = False

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        found = compiled_pattern(self.pattern)
        wrong = [problem("bad_pattern", "pattern", detail=found)] if isinstance(found, str) else []
        return wrong + check_figure("max_length", self.max_length, 1, written_forms.URL_LENGTH)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        typed = first(form, self.code)
        if len(typed) > self.max_length and not self._box(form):
            return {}, [], [problem("too_long", self.code, maximum=self.max_length, count=len(typed))]
        return super().read(form, questionnaire)

    def stored(self, text: str, form: Form) -> str | None:
        found = compiled_pattern(self.pattern)
        return text if not isinstance(found, str) and found.fullmatch(text) else None

    def refusal(self) -> Problem:
        plain = problem("not_pattern", self.code)
        return Problem(code=plain.code, place=plain.place, message={**plain.message, **self.message})


@lru_cache(maxsize=256)
def compiled_pattern(pattern: str) -> Any:
    """The pattern made ready, or what is wrong with it as RE2 says it (English)."""
    if not pattern or len(pattern) > PATTERN_LENGTH:
        return f"1–{PATTERN_LENGTH} characters"
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, ValueError) as error:  # a lone surrogate is a ValueError
        said = error.args[0] if error.args else ""
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else "UTF-8"
