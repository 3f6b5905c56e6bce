"""Expressions as trees: what they look at and what they come to. ``surveys.grammar`` makes them from text.

A name is an answer column (``clarity.owner``), ``person.side``, ``person.department``, ``person.position``, or
``wave.title`` and the like. Values are numbers, texts (codes and dates are texts), lists of codes, and true or false.
What is unanswered, not applicable or not shown is nothing. Every comparison with nothing is false: ``q != 3`` is false
where ``q`` is unanswered, ``not q == 3`` is true. Reckoning with nothing, or with what is no number, comes to nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from surveys.functions import FUNCTIONS, figure, is_number, joined

Names = Mapping[str, Any]
"""What names mean: columns, ``person.*`` and ``wave.*``. A name without a value is absent."""

Literal = str | int | float | bool


class Expression(msgspec.Struct, frozen=True):
    """A node of the tree."""

    def value(self, names: Names) -> Any:
        """A number, a text, a list of codes, true or false, or None for nothing. Never raises."""
        raise NotImplementedError

    def holds(self, names: Names) -> bool:
        return self.value(names) is True


class Constant(Expression, frozen=True):
    literal: Literal

    def value(self, names: Names) -> Any:
        return self.literal


class Name(Expression, frozen=True):
    name: str

    def value(self, names: Names) -> Any:
        return names.get(self.name)


class Spread(Expression, frozen=True):
    """All answered columns of a question or of a pattern such as ``steps.*.work``, inside a function.

    ``columns`` are those that there can be, once ``bind`` knows; else all names are looked through.
    """

    name: str
    columns: tuple[str, ...] | None = None

    def value(self, names: Names) -> dict[str, Any]:
        if self.columns is None:
            return {name: names[name] for name in spread(self.name, names)}
        return {name: names[name] for name in self.columns if name in names}


class Arithmetic(Expression, frozen=True):
    left: Expression
    sign: str
    right: Expression

    def value(self, names: Names) -> Any:
        left, right = self.left.value(names), self.right.value(names)
        if left is None or right is None:
            return None
        if is_number(left) and is_number(right):
            return None if self.sign in "/%" and right == 0 else figure(_RECKONINGS[self.sign](left, right))
        return joined("", left, right) if self.sign == "+" and str in (type(left), type(right)) else None


class Negative(Expression, frozen=True):
    inner: Expression

    def value(self, names: Names) -> Any:
        value = self.inner.value(names)
        return -value if is_number(value) else None


class Comparison(Expression, frozen=True):
    left: Expression
    sign: str
    right: Expression

    def value(self, names: Names) -> bool:
        left, right = self.left.value(names), self.right.value(names)
        if left is None or right is None or isinstance(left, str) != isinstance(right, str):
            return False
        if isinstance(left, list) or isinstance(right, list):
            return False
        return bool(SIGNS[self.sign](left, right))


class Within(Expression, frozen=True):
    """``value in [..]`` and, with ``negated``, ``value not in [..]``."""

    left: Expression
    options: tuple[Literal, ...]
    negated: bool = False

    def value(self, names: Names) -> bool:
        left = self.left.value(names)
        return left is not None and (left in self.options) != self.negated


class Contains(Expression, frozen=True):
    """Whether a list of codes has a code, or the path ``a/b/c`` of a department has a level."""

    whole: Expression
    item: Expression
    negated: bool = False

    def value(self, names: Names) -> bool:
        whole, item = self.whole.value(names), self.item.value(names)
        if whole is None or item is None:
            return False
        levels = whole.split("/") if isinstance(whole, str) else whole
        return (isinstance(levels, list) and item in levels) != self.negated


class Not(Expression, frozen=True):
    inner: Expression

    def value(self, names: Names) -> bool:
        return not self.inner.holds(names)


class AllOf(Expression, frozen=True):
    inner: tuple[Expression, ...]

    def value(self, names: Names) -> bool:
        return all(each.holds(names) for each in self.inner)


class AnyOf(Expression, frozen=True):
    inner: tuple[Expression, ...]

    def value(self, names: Names) -> bool:
        return any(each.holds(names) for each in self.inner)


class Call(Expression, frozen=True):
    """A function of ``surveys.functions`` and its arguments."""

    function: str
    arguments: tuple[Expression, ...]

    def value(self, names: Names) -> Any:
        function = FUNCTIONS[self.function]
        values = [each.value(names) for each in self.arguments]
        if None in values and not function.takes_nothing:
            return None
        return function.run(*values)


SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_RECKONINGS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


def parts(expression: Expression) -> Iterator[Expression]:
    """The expressions directly inside."""
    for name in expression.__struct_fields__:
        value = getattr(expression, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Expression):
                yield each


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all expressions inside it."""
    yield expression
    for each in parts(expression):
        yield from walk(each)


def references(expression: Expression) -> frozenset[str]:
    """All names and patterns that the expression looks at."""
    return frozenset(each.name for each in walk(expression) if isinstance(each, Name | Spread))


def bind(expression: Expression, columns_of: Mapping[str, Collection[str]]) -> Expression:
    """The same expression, its spreads knowing their columns. ``columns_of``: question code to its columns."""
    changes: dict[str, Any] = {}
    if isinstance(expression, Spread):
        question = expression.name.partition(".")[0]
        if question in ("person", "wave"):
            return Spread(expression.name, (expression.name,))
        wanted = [question] if "*" not in question else list(columns_of)
        known = tuple(name for code in wanted for name in spread(expression.name, columns_of.get(code, ())))
        return Spread(expression.name, known)
    for name in expression.__struct_fields__:
        value = getattr(expression, name)
        if isinstance(value, Expression):
            changes[name] = bind(value, columns_of)
        elif isinstance(value, tuple) and value and isinstance(value[0], Expression):
            changes[name] = tuple(bind(each, columns_of) for each in value)
    return msgspec.structs.replace(expression, **changes) if changes else expression


def spread(pattern: str, names: Collection[str]) -> Iterator[str]:
    """Those of ``names`` that a question's code, a column or a pattern stands for."""
    fits = _pattern(pattern).fullmatch
    return (name for name in names if fits(name))


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", "[a-z0-9_]+") + r"(?:\..*)?", re.DOTALL)


def is_condition(expression: Expression) -> bool:
    """Whether it comes to true or false."""
    if isinstance(expression, Call):
        if expression.function == "if":
            return all(is_condition(each) for each in expression.arguments[1:])
        return FUNCTIONS[expression.function].result == "truth"
    if isinstance(expression, Constant):
        return isinstance(expression.literal, bool)
    return isinstance(expression, Comparison | Within | Contains | Not | AllOf | AnyOf)
