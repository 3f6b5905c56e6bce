"""What stands between questions: statements and consent; and values that nobody is asked for.

Computed values, hidden fields and assignments have columns but no template: the server fills them at every look
(``surveys.logic``) and never takes them from a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Column, Form, Meanings, QuestionBase, Reading, check_figure, first
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

AGREED = "yes"
PARAMETER_LENGTH = 200
_AGREE: Text = {"zh-CN": "我已阅读并同意", "en": "I have read this and agree"}


class Statement(QuestionBase, frozen=True, kw_only=True, tag="statement", tag_field="type"):
    """A wording among the questions, such as an explanation or a heading. No columns."""

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return ()

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        return {}, [], []

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        return []


class Consent(QuestionBase, frozen=True, kw_only=True, tag="consent", tag_field="type"):
    """A box to tick; where it is required, one goes on only by agreeing. Column: ``q`` (code ``yes``)."""

    label: Text = msgspec.field(default_factory=dict)  # beside the box; "I have read this and agree" where empty

    def wording(self) -> Text:
        return self.label or _AGREE

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        labels = {AGREED: self.wording()}
        return (
            Column(name=self.code, question=self.code, kind="code", label=self.text, choices=(AGREED,), labels=labels),
        )

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        return {self.code: {AGREED: AGREED}}

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        value = first(form, self.code)
        if not value:
            return {}, [], []
        return ({self.code: AGREED}, [], []) if value == AGREED else ({}, [], [problem("consent_due", self.code)])

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        due = super().missing(answers, not_applicable, questionnaire, hidden)
        return [problem("consent_due", self.code)] if due else []


class _Filled(QuestionBase, frozen=True, kw_only=True):
    """What the server fills in. Nothing is read from forms, nothing is ever due."""

    filled_by_server: ClassVar[bool] = True

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        return {}, [], []

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        return []


class Computed(_Filled, frozen=True, kw_only=True, tag="computed", tag_field="type"):
    """The value of an expression over earlier answers. Column: ``q`` (number or text); ``text`` names it in exports."""

    expression: str
    kind: Literal["number", "text"] = "number"
    unit: str = ""

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        free = self.kind == "text"  # it may repeat what somebody typed
        return (Column(name=self.code, question=self.code, kind=self.kind, label=self.text, unit=self.unit, free=free),)


class Hidden(_Filled, frozen=True, kw_only=True, tag="hidden", tag_field="type"):
    """What the link says: ``?<parameter>=…``. Column: ``q`` (text, at most 200 characters)."""

    parameter: str = ""  # the question's code where empty
    default: str = ""

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True),)


class Arm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One arm of an assignment; ``weight`` is its share against the others'."""

    code: str
    label: Text
    weight: int = 1


class Assignment(_Filled, frozen=True, kw_only=True, tag="assignment", tag_field="type"):
    """A/B: puts each response into one arm, by its seed. Column: ``q`` (code)."""

    arms: tuple[Arm, ...]

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = [] if len(self.arms) > 1 else [problem("too_few_choices", "arms", minimum=2)]
        for index, arm in enumerate(self.arms):
            problems += check_figure(f"arms.{index}.weight", arm.weight, 1, 1000)
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        labels = {arm.code: arm.label for arm in self.arms}
        choices = tuple(labels)
        return (
            Column(name=self.code, question=self.code, kind="code", label=self.text, choices=choices, labels=labels),
        )
