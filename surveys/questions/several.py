"""What questions share that have several columns and one 不适用 box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Form, QuestionBase, write_value

if TYPE_CHECKING:
    from surveys.definition import Questionnaire


class Several(QuestionBase, frozen=True, kw_only=True):
    """Form fields are named like the columns; the box ``q.na`` marks them all."""

    def names(self, questionnaire: Questionnaire) -> list[str]:
        return [column.name for column in self.columns(questionnaire)]

    def due(self, hidden: frozenset[str], questionnaire: Questionnaire) -> Iterator[str]:
        """The columns that a complete answer fills, given the parts that are not shown."""
        yield from self.names(questionnaire)

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        names = self.due(hidden, questionnaire)
        return [problem("required", name) for name in names if name not in answers and name not in not_applicable]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = self.names(questionnaire)
        form = {name: [write_value(answers[name])] for name in names if name in answers}
        if names and not_applicable.issuperset(names):
            form[f"{self.code}.na"] = ["1"]
        return form

    def marked(self, form: Form, questionnaire: Questionnaire) -> list[str]:
        """All its columns, where the box is ticked."""
        return self.names(questionnaire) if self._box(form) else []
