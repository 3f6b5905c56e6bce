"""Questions about the flow as a whole: in which order its steps are done, and what to do about each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Choice, Column, Form, QuestionBase, Reading
from surveys.questions.cells import Cell
from surveys.questions.choice import chosen, read_ranks
from surveys.questions.grid import Grid
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire, Step

ECRS: dict[str, Text] = {
    "eliminate": {"zh-CN": "取消", "en": "Eliminate"},
    "combine": {"zh-CN": "合并", "en": "Combine"},
    "rearrange": {"zh-CN": "重排", "en": "Rearrange"},
    "simplify": {"zh-CN": "简化", "en": "Simplify"},
    "keep": {"zh-CN": "保持不变", "en": "Keep as it is"},
}
KEEP = "keep"
SAVED_LIMIT = 100_000.0  # minutes
REASON_LENGTH = 500

_ECRS_CELLS = (
    Cell(
        code="suggestion",
        label={"zh-CN": "建议", "en": "Suggestion"},
        kind="choice",
        choices=tuple(Choice(code=code, label=label) for code, label in ECRS.items()),
    ),
    Cell(
        code="minutes",
        label={"zh-CN": "每次可节省的时间", "en": "Time saved each time"},
        kind="number",
        unit={"zh-CN": "分钟", "en": "minutes"},
        low=0,
        high=SAVED_LIMIT,
        decimals=1,
        optional=True,
    ),
    Cell(
        code="reason",
        label={"zh-CN": "理由", "en": "Reason"},
        kind="text",
        max_length=REASON_LENGTH,
        optional=True,
    ),
)


def asked_steps(steps: tuple[str, ...], questionnaire: Questionnaire) -> tuple[Step, ...]:
    """The steps named, all where none is, in order of execution."""
    return tuple(step for step in questionnaire.steps if not steps or step.code in steps)


def check_steps(steps: tuple[str, ...], questionnaire: Questionnaire, least: int = 1) -> list[Problem]:
    """Steps that are not there; at least ``least`` have to be."""
    if not questionnaire.steps:
        return [problem("no_steps", "steps")]
    known = {step.code for step in questionnaire.steps}
    problems = [problem("unknown_step", f"steps.{at}", name=code) for at, code in enumerate(steps) if code not in known]
    few = not problems and len(asked_steps(steps, questionnaire)) < least
    return problems + ([problem("too_few_steps", "steps", minimum=least)] if few else [])


class FlowOrder(QuestionBase, frozen=True, kw_only=True, tag="flow_order", tag_field="type"):
    """In which order are the steps of the process really done? The questionnaire's steps, or those named in ``steps``.

    Column: ``q`` (codes of steps, first one first). Form fields: ``q.<step>`` = place 1, 2, … Steps without a place are
    not done. They are presented in an order of chance unless ``shuffle`` is off, lest the form gives the answer away.
    """

    steps: tuple[str, ...] = ()
    shuffle: bool = True

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_steps(self.steps, questionnaire, least=2)

    def asked(self, questionnaire: Questionnaire) -> tuple[Step, ...]:
        """The steps asked about, in the order in which the questionnaire has them."""
        return asked_steps(self.steps, questionnaire)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        labels = {step.code: step.label for step in self.asked(questionnaire)}
        q = self.code
        return (Column(name=q, question=q, kind="codes", label=self.text, choices=tuple(labels), labels=labels),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        fields = {step.code: f"{self.code}.{step.code}" for step in self.asked(questionnaire)}
        order, problems = read_ranks(form, fields, len(fields))
        return ({self.code: order} if order and not problems else {}), [], problems

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        order = chosen(answers, self.code)
        form = {f"{self.code}.{code}": [str(place)] for place, code in enumerate(order, start=1)}
        return self._with_box(form, not_applicable)


class Ecrs(Grid, frozen=True, kw_only=True, tag="ecrs", tag_field="type"):
    """What to do about each step: eliminate, combine, rearrange, simplify or keep it, and what that would save.

    Columns per step: ``q.<step>.suggestion`` (a code of ``ECRS``), ``q.<step>.minutes`` (number, minutes saved each
    time; none where the step is kept), ``q.<step>.reason`` (text). Only the suggestion is due where the question is
    required. A step that the participant does not know is not applicable (form field ``q.<step>.na``).
    """

    steps: tuple[str, ...] = ()

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_steps(self.steps, questionnaire)

    def asked(self, questionnaire: Questionnaire) -> tuple[Step, ...]:
        """The steps asked about, in order of execution."""
        return asked_steps(self.steps, questionnaire)

    def down(self, questionnaire: Questionnaire) -> tuple[Step, ...]:
        return self.asked(questionnaire)

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return _ECRS_CELLS

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(
            msgspec.structs.replace(column, unit="minute") if column.kind == "number" else column
            for column in super().columns(questionnaire)
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        answers, not_applicable, problems = super().read(form, questionnaire)
        kept = {
            f"{self.code}.{step.code}.minutes"
            for step in self.asked(questionnaire)
            if answers.get(f"{self.code}.{step.code}.suggestion") == KEEP
        }
        answers = {name: value for name, value in answers.items() if name not in kept}
        return answers, not_applicable, [each for each in problems if each.place not in kept]
