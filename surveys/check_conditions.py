"""Whether conditions and piped answers can work: known names, nothing later, no cycles, nothing that cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from surveys.definition import Column, Questionnaire, texts
from surveys.expression import (
    AllOf,
    AnyOf,
    Comparison,
    Constant,
    Contains,
    Expression,
    Literal,
    Name,
    Within,
    references,
    walk,
)
from surveys.grammar import PIPE, parse
from surveys.problem import Problem, problem
from surveys.questions import Single
from surveys.questions.base import write_value
from surveys.questions.choice import SEGMENTS

SIDES = ("upstream", "downstream", "operator", "manager", "customer")
"""The sides of a process that a roster knows."""


class _Condition(msgspec.Struct, frozen=True):
    """A condition, its place, the questions that it hides, and the first question that it must not look at."""

    place: str
    text: str
    questions: tuple[str, ...]
    before: int


def check_conditions(questionnaire: Questionnaire) -> list[Problem]:
    """All problems of ``visible_if`` and of ``{{…}}``."""
    return list(_Conditions(questionnaire).problems())


class _Conditions:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.codes = [question.code for question in questionnaire.questions()]
        self.order = {code: index for index, code in reversed(list(enumerate(self.codes)))}
        self.columns = {column.name: column for column in questionnaire.columns()}
        self.people = {f"person.{segment}": self.person_column(segment) for segment in SEGMENTS}

    def person_column(self, segment: str) -> Column:
        choices = [code for each in self.questionnaire.questions() if isinstance(each, Single) for code in each.codes()
                   if each.segment == segment]  # fmt: skip
        known = (*SIDES, *choices) if segment == "side" else ()
        kind: Any = "code" if known else "text"
        return Column(name=f"person.{segment}", question="person", kind=kind, label={}, choices=known)

    def problems(self) -> Iterator[Problem]:
        depends: dict[str, set[str]] = {}
        later: list[tuple[_Condition, str]] = []
        dead_pages: set[str] = set()
        dead_questions: set[str] = set()
        for condition in self.conditions():
            expression = parse(condition.text)
            if isinstance(expression, Problem):
                yield msgspec.structs.replace(expression, place=condition.place)
                continue
            for name in sorted(references(expression)):
                question = name.partition(".")[0]
                if name in self.people:
                    continue
                if name not in self.columns and name not in self.order:
                    yield problem("unknown_reference", condition.place, name=name)
                    continue
                for each in condition.questions:
                    depends.setdefault(each, set()).add(question)
                if self.order[question] >= condition.before:
                    later.append((condition, name))
            wrong = [each for part in walk(expression) for each in self.comparison(part, condition.place)]
            yield from wrong
            if self.never(expression):
                if not wrong:
                    yield problem("dead_condition", condition.place)
                whole = condition.place.count(".") == 2
                (dead_pages if whole else dead_questions).add(condition.place.rpartition(".")[0])
        yield from self.orders(depends, later)
        yield from self.unreachable(dead_pages, dead_questions)
        yield from self.pipes()

    def conditions(self) -> Iterator[_Condition]:
        first = 0
        for number, page in enumerate(self.questionnaire.pages):
            inside = tuple(question.code for question in page.questions)
            if page.visible_if:
                yield _Condition(f"pages.{number}.visible_if", page.visible_if, inside, first)
            for index, question in enumerate(page.questions):
                place, own = f"pages.{number}.questions.{index}", (question.code,)
                if question.visible_if:
                    yield _Condition(f"{place}.visible_if", question.visible_if, own, first + index)
                field = "rows" if question.type == "matrix" else "choices"
                for at, part in enumerate(question.parts()):
                    if part.visible_if:
                        yield _Condition(f"{place}.{field}.{at}.visible_if", part.visible_if, own, first + index)
            first += len(page.questions)

    def orders(self, depends: dict[str, set[str]], later: list[tuple[_Condition, str]]) -> Iterator[Problem]:
        told: set[frozenset[str]] = set()
        for condition, name in later:
            target = name.partition(".")[0]
            chains = (_path(depends, target, own) for own in condition.questions)
            chain = next((found for found in chains if found), None)
            if chain is None:
                yield problem("forward_reference", condition.place, name=name)
            elif frozenset(chain) not in told:
                told.add(frozenset(chain))
                yield problem("cycle", condition.place, chain=" → ".join([chain[-1], *chain]))

    def comparison(self, part: Expression, place: str) -> Iterator[Problem]:
        if isinstance(part, Comparison):
            if isinstance(part.left, Name) and isinstance(part.right, Constant):
                yield from self.compared(part.left.name, part.sign, (part.right.literal,), place)
            elif isinstance(part.right, Name) and isinstance(part.left, Constant):
                yield from self.compared(
                    part.right.name, _TURNED.get(part.sign, part.sign), (part.left.literal,), place
                )
        elif isinstance(part, Within) and isinstance(part.left, Name):
            yield from self.compared(part.left.name, "in", part.options, place)
        elif isinstance(part, Contains) and isinstance(part.whole, Name):
            name = part.whole.name
            column = self.column(name)
            if column is None:
                yield from self.no_column(name, place)
            elif column.kind != "codes" and name != "person.department":
                yield problem("not_a_list", place, name=name)
            elif column.kind == "codes" and isinstance(part.item, Constant):
                yield from _unknown_codes(column, (part.item.literal,), place)

    def compared(self, name: str, sign: str, values: tuple[Literal, ...], place: str) -> Iterator[Problem]:
        column = self.column(name)
        if column is None:
            yield from self.no_column(name, place)
        elif column.kind == "codes":
            yield problem("compare_codes", place, name=name, example=column.choices[0] if column.choices else "")
        elif column.kind == "code" and sign in ("<", "<=", ">", ">="):
            yield problem("compare_order", place, name=name)
        elif strangers := [value for value in values if isinstance(value, str) != (column.kind in ("code", "text"))]:
            yield problem("compare_kind", place, name=name, value=repr(strangers[0]))
        elif column.kind == "code":
            yield from _unknown_codes(column, values, place)
        elif any(not _possible(column, sign, value) for value in values):
            low, high = (write_value(each) if each is not None else "…" for each in (column.low, column.high))
            yield problem("dead_range", place, name=name, low=low, high=high)

    def column(self, name: str) -> Column | None:
        return self.people.get(name) or self.columns.get(name)

    def no_column(self, name: str, place: str) -> Iterator[Problem]:
        example = next((column for column in self.columns if column.startswith(f"{name}.")), None)
        if name in self.order and example is not None:
            yield problem("compare_parts", place, name=name, example=example)

    def never(self, expression: Expression) -> bool:
        """Whether an expression can be seen to hold never."""
        if isinstance(expression, Constant):
            return expression.literal is False
        if isinstance(expression, AnyOf):
            return all(self.never(each) for each in expression.inner)
        if isinstance(expression, AllOf):
            return any(self.never(each) for each in expression.inner) or _contradicts(expression)
        codes = ("dead_code", "dead_range")
        found = self.comparison(expression, "")
        if isinstance(expression, Comparison) and expression.sign == "!=":
            return False
        return any(each.code in codes for each in found) and not isinstance(expression, Within)

    def unreachable(self, dead_pages: set[str], dead_questions: set[str]) -> Iterator[Problem]:
        for number, page in enumerate(self.questionnaire.pages):
            places = {f"pages.{number}.questions.{index}" for index in range(len(page.questions))}
            if f"pages.{number}" in dead_pages or (places and places <= dead_questions):
                yield problem("unreachable_page", f"pages.{number}", name=page.code)

    def pipes(self) -> Iterator[Problem]:
        for place, _, text in texts(self.questionnaire):
            limit = self.answered_before(place)
            for name in sorted({match[1].strip() for wording in text.values() for match in PIPE.finditer(wording)}):
                if name == "process":
                    continue
                if name not in self.columns:
                    yield problem("unknown_pipe", place, name=name)
                elif self.order[name.partition(".")[0]] >= limit:
                    yield problem("forward_pipe", place, name=name)

    def answered_before(self, place: str) -> int:
        """How many questions are answered when the text at ``place`` is shown: those of earlier screens."""
        path = place.split(".")
        if path[0] != "pages":
            return 0
        number = int(path[1])
        before = sum(len(page.questions) for page in self.questionnaire.pages[:number])
        one_by_one = self.questionnaire.presentation == "question" and len(path) > 3
        return before + (int(path[3]) if one_by_one else 0)


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _unknown_codes(column: Column, values: tuple[Literal, ...], place: str) -> Iterator[Problem]:
    for value in values:
        if value not in column.choices:
            yield problem("dead_code", place, name=column.name, value=value)


def _possible(column: Column, sign: str, value: Literal) -> bool:
    if isinstance(value, str):
        return True
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    smallest, largest = low < value, high > value
    return {"<": smallest, "<=": low <= value, ">": largest, ">=": high >= value, "!=": True}.get(
        sign, low <= value <= high
    )


def _contradicts(expression: AllOf) -> bool:
    """Two equalities of one name with different values."""
    equalities = [each for each in expression.inner if isinstance(each, Comparison) and each.sign == "=="]
    wanted: dict[str, Literal] = {}
    return any(
        wanted.setdefault(each.left.name, each.right.literal) != each.right.literal
        for each in equalities
        if isinstance(each.left, Name) and isinstance(each.right, Constant)
    )


def _path(depends: dict[str, set[str]], start: str, goal: str) -> list[str] | None:
    """A way from ``start`` to ``goal`` along dependencies, both included."""
    queue, seen = [[start]], {start}
    for path in queue:
        if path[-1] == goal:
            return path
        for following in sorted(depends.get(path[-1], ())):
            if following not in seen:
                seen.add(following)
                queue.append([*path, following])
    return None
