"""Conditions as trees: what they look at and whether they hold. ``surveys.grammar`` makes them from text.

A name is an answer column (``clarity.owner``), a question code, or ``person.side``, ``person.department``,
``person.position``. What is unanswered, not applicable or not shown is nothing, and every comparison with nothing
is false: ``q != 3`` is false where ``q`` is unanswered, ``not q == 3`` is true.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

Names = Mapping[str, Any]
"""What names mean: columns and ``person.*``. A name without a value is absent."""

Literal = str | int | float


class Name(msgspec.Struct, frozen=True):
    name: str

    def value(self, names: Names) -> Any:
        return names.get(self.name)


class Constant(msgspec.Struct, frozen=True):
    literal: Literal

    def value(self, names: Names) -> Any:
        return self.literal


Value = Name | Constant


class Truth(msgspec.Struct, frozen=True):
    truth: bool

    def holds(self, names: Names) -> bool:
        return self.truth


class Answered(msgspec.Struct, frozen=True):
    """True where the column, or any column of the question, has an answer."""

    name: str

    def holds(self, names: Names) -> bool:
        if self.name in names:
            return True
        stem = f"{self.name}."
        return any(name.startswith(stem) for name in names)


class Comparison(msgspec.Struct, frozen=True):
    left: Value
    sign: str
    right: Value

    def holds(self, names: Names) -> bool:
        left, right = self.left.value(names), self.right.value(names)
        if left is None or right is None or isinstance(left, str) != isinstance(right, str):
            return False
        if isinstance(left, list) or isinstance(right, list):
            return False
        return bool(SIGNS[self.sign](left, right))


class Within(msgspec.Struct, frozen=True):
    """``value in [..]`` and, with ``negated``, ``value not in [..]``."""

    left: Value
    options: tuple[Literal, ...]
    negated: bool = False

    def holds(self, names: Names) -> bool:
        left = self.left.value(names)
        return left is not None and (left in self.options) != self.negated


class Contains(msgspec.Struct, frozen=True):
    """Whether a list of codes has a code, or the path ``a/b/c`` of a department has a level."""

    name: str
    item: Value
    negated: bool = False

    def holds(self, names: Names) -> bool:
        whole, item = names.get(self.name), self.item.value(names)
        if whole is None or item is None:
            return False
        levels = whole.split("/") if isinstance(whole, str) else whole
        return (isinstance(levels, list) and item in levels) != self.negated


class Not(msgspec.Struct, frozen=True):
    inner: Expression

    def holds(self, names: Names) -> bool:
        return not self.inner.holds(names)


class AllOf(msgspec.Struct, frozen=True):
    inner: tuple[Expression, ...]

    def holds(self, names: Names) -> bool:
        return all(each.holds(names) for each in self.inner)


class AnyOf(msgspec.Struct, frozen=True):
    inner: tuple[Expression, ...]

    def holds(self, names: Names) -> bool:
        return any(each.holds(names) for each in self.inner)


Expression = Truth | Answered | Comparison | Within | Contains | Not | AllOf | AnyOf

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all expressions inside it."""
    yield expression
    if isinstance(expression, Not):
        yield from walk(expression.inner)
    elif isinstance(expression, AllOf | AnyOf):
        for each in expression.inner:
            yield from walk(each)


def references(expression: Expression) -> frozenset[str]:
    """AllOf names that the expression looks at."""
    found: set[str] = set()
    for each in walk(expression):
        if isinstance(each, Answered | Contains):
            found.add(each.name)
        for part in ("left", "right", "item"):
            value = getattr(each, part, None)
            if isinstance(value, Name):
                found.add(value.name)
    return frozenset(found)
