"""Answers that can be read by look-ups alone: the common case of most question types, and the cheapest."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from surveys.definition import Question, Questionnaire
from surveys.questions import Answers
from surveys.questions.base import Form, Meanings


class Plain(msgspec.Struct, frozen=True):
    """A question whose columns can be looked up one by one (``QuestionBase.meanings``). ``boxes``: the form fields that
    mark 不适用."""

    columns: tuple[tuple[str, Meanings], ...]
    boxes: tuple[str, ...]

    def read(self, form: Form) -> Answers | None:
        """The whole answer, of which nothing is wrong or due; None where the question's own ``read`` has to look."""
        for box in self.boxes:
            if box in form:
                return None
        own: Answers = {}
        for name, meanings in self.columns:
            said = form.get(name)
            if said is None or len(said) != 1 or (value := meanings.get(said[0])) is None:
                return None
            own[name] = value
        return own

    def whole(self, answers: Answers) -> bool:
        """Whether each column holds a value that can be looked up: then nothing is due."""
        return all(name in answers and str(answers[name]) in meanings for name, meanings in self.columns)


class Asked(msgspec.Struct, frozen=True):
    """A question of a page, made ready to be read. ``fields``: those of the form that it mostly has; ``due``: whether
    something of it may be due that its own ``read`` does not see, or may be hidden."""

    code: str
    question: Question
    plain: Plain | None
    fields: tuple[str, ...]
    due: bool

    def posted(self, form: Form) -> bool:
        """Whether the form has one of its fields. Where it says no, others may be there."""
        return any(map(form.__contains__, self.fields))


def plain(question: Question, columns: Iterable[str], questionnaire: Questionnaire) -> Plain | None:
    """The question made ready, None where its answers always need a closer look. ``columns``: their names."""
    meanings = question.meanings(questionnaire)
    return Plain(tuple(meanings.items()), _boxes(question, columns)) if meanings else None


def _boxes(question: Question, columns: Iterable[str]) -> tuple[str, ...]:
    """One for the whole question, or one per row."""
    if not question.not_applicable:
        return ()
    stems = [question.code] if question.one_box else [".".join(name.split(".")[:2]) for name in columns]
    return tuple(f"{stem}.na" for stem in dict.fromkeys(stems))
