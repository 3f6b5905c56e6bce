"""What a participant sees next: visible pages, questions and parts; the way forward and back; progress."""

from __future__ import annotations

from typing import Any

import msgspec

from surveys import order
from surveys.compiled import Compiled, Ending, InvalidCondition, Shown, Stop, compile_json, compile_questionnaire
from surveys.context import Context, Known, Person, context_of
from surveys.definition import Question
from surveys.expression import Expression, Names
from surveys.functions import TEXT_LIMIT, as_text, is_number
from surveys.piping import pipe
from surveys.questions import Answers, Assignment, Hidden, Value
from surveys.questions.base import clean
from surveys.questions.structure import PARAMETER_LENGTH


class Situation(msgspec.Struct, frozen=True):
    """What follows from the answers so far. ``names``: what expressions and wordings look at. ``filled``: codes of
    what the server fills in and that was reached; their values, where they have one, are among ``names``."""

    shown: Shown
    names: dict[str, Any]
    filled: frozenset[str] = frozenset()


def shown(compiled: Compiled, answers: Answers, known: Known) -> Shown:
    """Everything visible, decided in the order written: an answer counts only while its own question is shown.

    A segment question (``Single.segment``) fills what the roster does not know, so that ``person.side`` works on
    public links as well. A page without a visible question, or a question without a visible part, is not shown.
    """
    return compiled.everything or situation(compiled, answers, known).shown


def situation(compiled: Compiled, answers: Answers, known: Known) -> Situation:
    """``shown``, with the values that it was decided by."""
    context = context_of(known)
    if compiled.everything is not None:
        return Situation(compiled.everything, {**context.names(), **answers})
    walk = _Walk(compiled, answers, context)
    target: str | None = None  # what comes before it is jumped over
    ending: Ending = "complete"
    for stop in compiled.stops:
        if target is not None and stop.written != target:
            continue
        target = None
        if stop.condition is not None and not stop.condition.holds(walk.names):
            continue
        walk.visit(stop)
        target = next((to for when, to in stop.jumps if when.holds(walk.names)), None)
        if target in ("end", "screen_out"):
            ending = "screened_out" if target == "screen_out" else "complete"
            break
    return walk.situation(ending)


class _Walk:
    """The way through the questionnaire, page by page; ``names`` grows by what each question is answered."""

    def __init__(self, compiled: Compiled, answers: Answers, context: Context) -> None:
        self.compiled, self.answers, self.context = compiled, answers, context
        self.names = context.names()
        self.pages: list[str] = []
        self.questions: set[str] = set()
        self.filled: set[str] = set()
        self.hidden_parts: dict[str, frozenset[str]] = {}

    def visit(self, stop: Stop) -> None:
        before, compiled = len(self.questions), self.compiled
        conditions, part_conditions, drivers = compiled.question_conditions, compiled.part_conditions, compiled.drivers
        self.questions |= stop.always
        for question in stop.questions:
            code = question.code
            if code in conditions and not conditions[code](self.names):
                continue
            hidden = self.hidden(question) if code in part_conditions else None
            if hidden is not None and len(hidden) == len(question.parts()):
                continue
            if question.filled_by_server:
                self.fill(question)
                continue
            self.questions.add(code)
            if hidden:
                self.hidden_parts[code] = hidden
            if code in drivers:
                self.learn(question, hidden)
        if len(self.questions) > before:
            self.pages.append(stop.page)

    def hidden(self, question: Question) -> frozenset[str]:
        """The parts that are not shown; where those are all, the question is not."""
        conditions = self.compiled.part_conditions[question.code]
        return frozenset(code for code, condition in conditions if not condition(self.names))

    def learn(self, question: Question, hidden: frozenset[str] | None) -> None:
        own = own_answers(self.compiled, question.code, self.answers)
        self.names.update(question.without(own, hidden) if hidden else own)
        segment = self.compiled.segments.get(question.code)
        if segment and question.code in self.names:
            self.names.setdefault(f"person.{segment}", self.names[question.code])

    def fill(self, question: Question) -> None:
        self.filled.add(question.code)
        value = self.value(question)
        if value is not None:
            self.names[question.code] = value

    def value(self, question: Question) -> Value | None:
        """An imported response brings its arm and what its link said; computed values are always reckoned anew."""
        if isinstance(question, Assignment):
            given = self.answers.get(question.code)
            known = given is not None and any(each.code == given for each in question.arms)
            return given if known else order.arm(question, self.context.seed)
        if isinstance(question, Hidden):
            said = self.context.link.get(question.parameter or question.code)
            text = clean(said or str(self.answers.get(question.code) or question.default))
            return text[:PARAMETER_LENGTH] or None
        return _computed(self.compiled.values[question.code], self.names, self.compiled.columns[question.code].kind)

    def situation(self, ending: Ending) -> Situation:
        order_of_pages = order.page_order(self.compiled.questionnaire, self.compiled.pages, self.context.seed)
        pages = tuple(self.pages)
        if self.compiled.questionnaire.shuffled_pages:
            visited = frozenset(pages)
            pages = tuple(code for code in order_of_pages if code in visited)
        seen = Shown(pages, frozenset(self.questions), self.hidden_parts, order_of_pages, ending)
        return Situation(seen, self.names, frozenset(self.filled))


def _computed(expression: Expression, names: Names, kind: str) -> Value | None:
    value = expression.value(names)
    if kind == "number":
        return float(value) if is_number(value) else None
    return as_text(value)[:TEXT_LIMIT] or None


def own_answers(compiled: Compiled, question: str, answers: Answers) -> Answers:
    """The answers of one question."""
    return {name: answers[name] for name in compiled.columns_of[question] if name in answers}


def quotas_met(compiled: Compiled, answers: Answers, known: Known) -> tuple[str, ...]:
    """Codes of the quotas that these answers fall under; the database counts whether there is room."""
    if not compiled.quotas:
        return ()
    names = situation(compiled, answers, known).names
    return tuple(code for code, when in compiled.quotas if when.holds(names))


def next_page(compiled: Compiled, seen: Shown, page: str) -> str | None:
    """The next visible page, None after the last."""
    places = _places(compiled, seen)
    here = places.get(page, -1)
    return next((code for code in seen.pages if places[code] > here), None)


def previous_page(compiled: Compiled, seen: Shown, page: str) -> str | None:
    """The visible page before, None at the first."""
    places = _places(compiled, seen)
    here = places.get(page, 0)
    return next((code for code in reversed(seen.pages) if places[code] < here), None)


def progress(compiled: Compiled, seen: Shown, page: str) -> tuple[int, int]:
    """Position of the page from 1, and the number of visible pages."""
    places = _places(compiled, seen)
    here = places.get(page, 0)
    return max(1, sum(places[code] <= here for code in seen.pages)), len(seen.pages)


def _places(compiled: Compiled, seen: Shown) -> dict[str, int]:
    """Where each page stands in the order presented."""
    if not compiled.questionnaire.shuffled_pages or not seen.order:
        return compiled.page_index
    return {code: place for place, code in enumerate(seen.order)}


__all__ = [
    "Compiled", "Context", "InvalidCondition", "Known", "Person", "Shown", "Situation", "compile_json",
    "compile_questionnaire", "next_page", "own_answers", "pipe", "previous_page", "progress", "quotas_met", "shown",
    "situation",
]  # fmt: skip
