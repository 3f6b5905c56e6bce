"""A questionnaire made ready for answering: conditions parsed, columns named, everything found by code.

One ``Compiled`` serves all participants of a version; the hot path holds on to it and never parses anything.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from surveys.definition import Column, Page, Question, Questionnaire, from_json, to_json
from surveys.expression import Expression, references
from surveys.grammar import parse
from surveys.problem import Problem
from surveys.questions import Single


class InvalidCondition(ValueError):
    """A condition cannot be parsed; ``surveys.check.check`` says it kindly and before publishing."""


class Shown(msgspec.Struct, frozen=True):
    """What a participant sees, given the answers so far.

    ``pages``: codes in order. ``questions``: their codes. ``hidden_parts``: question code to the codes of its choices
    or rows that are not shown; questions without hidden parts are absent.
    """

    pages: tuple[str, ...]
    questions: frozenset[str]
    hidden_parts: dict[str, frozenset[str]]

    def hidden(self, question: str) -> frozenset[str]:
        """The codes of a question's parts that are not shown."""
        return self.hidden_parts.get(question, frozenset())


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """``pages`` are what is shown at a time: the questionnaire's pages or, where it is presented a question at a time,
    one page per question, named by the question."""

    questionnaire: Questionnaire
    pages: tuple[Page, ...]
    page_index: dict[str, int]
    page_of: dict[str, str]  # question -> page
    questions: dict[str, Question]
    columns: dict[str, Column]
    columns_of: dict[str, tuple[str, ...]]  # question -> names of its columns
    points: dict[str, dict[str, int]]  # question that is answered by one point of a scale -> form value -> the point
    page_conditions: dict[str, Expression]
    question_conditions: dict[str, Expression]
    part_conditions: dict[str, tuple[tuple[str, Expression], ...]]  # question -> (choice or row, condition)
    drivers: frozenset[str]  # questions that some condition looks at
    live_drivers: dict[str, frozenset[str]]  # page -> its questions that conditions on the same page look at
    segments: dict[str, str]  # question -> segment that its answer names: side, department, position
    everything: Shown | None  # what everybody sees, where nothing is conditional

    def page(self, code: str) -> Page | None:
        index = self.page_index.get(code)
        return None if index is None else self.pages[index]

    def question_of(self, field: str) -> Question | None:
        """The question that a form field or a column belongs to."""
        return self.questions.get(field.partition(".")[0])


def compile_questionnaire(questionnaire: Questionnaire) -> Compiled:
    """The compiled questionnaire, kept by content. Raises ``InvalidCondition``."""
    return compile_json(to_json(questionnaire))


@lru_cache(maxsize=64)
def compile_json(definition: bytes | str) -> Compiled:
    """The same from the canonical JSON that versions store."""
    questionnaire = from_json(definition)
    pages = screens(questionnaire)
    questions = {question.code: question for page in pages for question in page.questions}
    columns_of = {code: question.columns(questionnaire) for code, question in questions.items()}
    segments = {code: each.segment for code, each in questions.items() if isinstance(each, Single) and each.segment}
    page_conditions = {page.code: _parsed(page.visible_if) for page in pages if page.visible_if}
    question_conditions = {code: _parsed(each.visible_if) for code, each in questions.items() if each.visible_if}
    part_conditions = {code: conditions for code, each in questions.items() if (conditions := _parts(each))}
    looked_at = {code: [condition] for code, condition in question_conditions.items()}
    for code, conditions in part_conditions.items():
        looked_at.setdefault(code, []).extend(condition for _, condition in conditions)
    drivers_of = {code: _looks_at(conditions, segments) for code, conditions in looked_at.items()}
    conditional = page_conditions or looked_at
    return Compiled(
        questionnaire=questionnaire,
        pages=pages,
        page_index={page.code: index for index, page in enumerate(pages)},
        page_of={question.code: page.code for page in pages for question in page.questions},
        questions=questions,
        columns={column.name: column for columns in columns_of.values() for column in columns},
        columns_of={code: tuple(column.name for column in columns) for code, columns in columns_of.items()},
        points={code: points for code, each in questions.items() if (points := each.scale_points(questionnaire))},
        page_conditions=page_conditions,
        question_conditions=question_conditions,
        part_conditions=part_conditions,
        drivers=_looks_at(list(page_conditions.values()), segments).union(*drivers_of.values()),
        live_drivers={page.code: _live_drivers(page, drivers_of) for page in pages},
        segments=segments,
        everything=None if conditional else _everything(pages),
    )


def _live_drivers(page: Page, drivers_of: dict[str, frozenset[str]]) -> frozenset[str]:
    """The questions of a page that others on it look at."""
    own = [question.code for question in page.questions]
    looked_at = frozenset().union(*(drivers_of.get(code, frozenset()) - {code} for code in own))
    return looked_at & frozenset(own)


def _everything(pages: tuple[Page, ...]) -> Shown:
    codes = frozenset(question.code for page in pages for question in page.questions)
    return Shown(tuple(page.code for page in pages if page.questions), codes, {})


def screens(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """The pages as presented: one per question where the questionnaire says so."""
    if questionnaire.presentation == "page":
        return questionnaire.pages
    return tuple(
        Page(code=question.code, title=page.title, text=page.text, visible_if=page.visible_if, questions=(question,))
        for page in questionnaire.pages
        for question in page.questions
    )


def _parsed(text: str) -> Expression:
    expression = parse(text)
    if isinstance(expression, Problem):
        raise InvalidCondition(f"{text}: {expression.say('en')}")
    return expression


def _parts(question: Question) -> tuple[tuple[str, Expression], ...]:
    return tuple((part.code, _parsed(part.visible_if)) for part in question.parts() if part.visible_if)


def _looks_at(expressions: list[Expression], segments: dict[str, str]) -> frozenset[str]:
    """The questions that expressions look at; ``person.side`` looks at the question that asks for it, too."""
    names = frozenset().union(*(references(expression) for expression in expressions))
    asked = {code for code, segment in segments.items() if f"person.{segment}" in names}
    return frozenset(name.partition(".")[0] for name in names if not name.startswith("person.")) | asked
