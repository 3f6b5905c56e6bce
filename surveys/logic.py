"""What a participant sees next: visible pages, questions and parts; the way forward and back; progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.compiled import Compiled, InvalidCondition, Shown, compile_json, compile_questionnaire
from surveys.definition import Question
from surveys.piping import pipe
from surveys.questions import Answers

Person = Mapping[str, str]
"""What the roster knows of a participant: side, department (path with "/"), position; empty for public links."""


def shown(compiled: Compiled, answers: Answers, person: Person) -> Shown:
    """Everything visible, decided in order: an answer counts only while its own question is shown.

    A segment question (``Single.segment``) fills what the roster does not know, so that ``person.side`` works on
    public links as well. A page without a visible question, or a question without a visible part, is not shown.
    """
    if compiled.everything is not None:
        return compiled.everything
    names: dict[str, Any] = {f"person.{key}": value for key, value in person.items() if value}
    pages: list[str] = []
    questions: set[str] = set()
    hidden_parts: dict[str, frozenset[str]] = {}
    for page in compiled.pages:
        condition = compiled.page_conditions.get(page.code)
        if condition is not None and not condition.holds(names):
            continue
        before = len(questions)
        for question in page.questions:
            hidden = _hidden_parts(compiled, question, names)
            if hidden is None:
                continue
            questions.add(question.code)
            if hidden:
                hidden_parts[question.code] = hidden
            if question.code in compiled.drivers:
                _learn(compiled, question, answers, hidden, names)
        if len(questions) > before:
            pages.append(page.code)
    return Shown(tuple(pages), frozenset(questions), hidden_parts)


def _hidden_parts(compiled: Compiled, question: Question, names: dict[str, Any]) -> frozenset[str] | None:
    """The parts that are not shown, None where the whole question is not."""
    condition = compiled.question_conditions.get(question.code)
    if condition is not None and not condition.holds(names):
        return None
    conditions = compiled.part_conditions.get(question.code)
    if conditions is None:
        return frozenset()
    hidden = frozenset(code for code, condition in conditions if not condition.holds(names))
    return None if len(hidden) == len(question.parts()) else hidden


def _learn(
    compiled: Compiled, question: Question, answers: Answers, hidden: frozenset[str], names: dict[str, Any]
) -> None:
    own = own_answers(compiled, question.code, answers)
    names.update(question.without(own, hidden) if hidden else own)
    segment = compiled.segments.get(question.code)
    if segment and question.code in names:
        names.setdefault(f"person.{segment}", names[question.code])


def own_answers(compiled: Compiled, question: str, answers: Answers) -> Answers:
    """The answers of one question."""
    return {name: answers[name] for name in compiled.columns_of[question] if name in answers}


def next_page(compiled: Compiled, seen: Shown, page: str) -> str | None:
    """The next visible page, None after the last."""
    here = compiled.page_index.get(page, -1)
    return next((code for code in seen.pages if compiled.page_index[code] > here), None)


def previous_page(compiled: Compiled, seen: Shown, page: str) -> str | None:
    """The visible page before, None at the first."""
    here = compiled.page_index.get(page, 0)
    return next((code for code in reversed(seen.pages) if compiled.page_index[code] < here), None)


def progress(compiled: Compiled, seen: Shown, page: str) -> tuple[int, int]:
    """Position of the page from 1, and the number of visible pages."""
    here = compiled.page_index.get(page, 0)
    return max(1, sum(compiled.page_index[code] <= here for code in seen.pages)), len(seen.pages)


__all__ = [
    "Compiled", "InvalidCondition", "Person", "Shown", "compile_json", "compile_questionnaire", "next_page",
    "own_answers", "pipe", "previous_page", "progress", "shown",
]  # fmt: skip
