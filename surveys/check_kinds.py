"""Whether an expression fits what it looks at: kinds of values, options that there are, whether it can ever hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from surveys.definition import Column
from surveys.expression import (
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Comparison,
    Constant,
    Contains,
    Expression,
    Name,
    Negative,
    Not,
    Spread,
    Within,
    is_condition,
    spread,
    walk,
)
from surveys.functions import FUNCTIONS
from surveys.problem import Problem, problem
from surveys.questions.base import write_value

Kind = Literal["number", "text", "list", "truth", "any"]

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_KINDS: dict[str, Kind] = {"integer": "number", "number": "number", "text": "text", "code": "text", "codes": "list"}
_WANTED = {"number": "wanted_number", "text": "wanted_text", "truth": "wanted_truth"}
_DEAD = frozenset(("dead_code", "dead_range"))
_NO_BOUND = float("inf")


class Kinds:
    """What expressions may look at. ``columns``: all that have a value of their own, ``person.side`` and the like
    included."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns

    def problems(self, expression: Expression, place: str) -> Iterator[Problem]:
        """What cannot work in an expression; unknown names are not its business."""
        for part in walk(expression):
            yield from self.part(part, place)

    def part(self, part: Expression, place: str) -> Iterator[Problem]:
        if isinstance(part, Comparison):
            yield from self.comparison(part, place)
        elif isinstance(part, Within):
            if isinstance(part.left, Name):
                yield from self.compared(part.left.name, "in", part.options, place)
        elif isinstance(part, Contains):
            yield from self.containing(part, place)
        elif isinstance(part, Arithmetic):
            texts = part.sign == "+" and "text" in (self.kind(part.left), self.kind(part.right))
            yield from self.wanted((part.left, part.right), "any" if texts else "number", place)
        elif isinstance(part, Negative):
            yield from self.wanted((part.inner,), "number", place)
        elif isinstance(part, Call):
            takes = FUNCTIONS[part.function].takes
            for index, argument in enumerate(part.arguments):
                yield from self.wanted((argument,), takes[min(index, len(takes) - 1)], place)

    def kind(self, expression: Expression) -> Kind:
        if isinstance(expression, Constant):
            return "truth" if isinstance(expression.literal, bool) else _constant_kind(expression.literal)
        if isinstance(expression, Name):
            column = self.columns.get(expression.name)
            return _KINDS[column.kind] if column else "any"
        if isinstance(expression, Arithmetic):
            kinds = {self.kind(expression.left), self.kind(expression.right)}
            return "text" if expression.sign == "+" and "text" in kinds else "number"
        if isinstance(expression, Negative):
            return "number"
        if is_condition(expression):
            return "truth"
        if isinstance(expression, Call) and expression.function == "if":
            kinds = {self.kind(each) for each in expression.arguments[1:]}
            return kinds.pop() if len(kinds) == 1 else "any"
        if isinstance(expression, Call) and expression.function in ("min", "max"):
            kinds = {kind for each in expression.arguments for kind in self.spread_kinds(each)}
            return kinds.pop() if len(kinds) == 1 else "any"
        return FUNCTIONS[expression.function].result if isinstance(expression, Call) else "any"

    def spread_kinds(self, expression: Expression) -> Iterator[Kind]:
        if isinstance(expression, Spread):
            yield from (_KINDS[self.columns[name].kind] for name in spread(expression.name, self.columns))
        else:
            yield self.kind(expression)

    def wanted(self, given: Iterable[Expression], kind: str, place: str) -> Iterator[Problem]:
        """Operands and arguments of another kind than ``kind``, and questions that have no value as a whole."""
        for each in given:
            if isinstance(each, Name):
                yield from self.no_column(each.name, place)
            if kind == "any":
                continue
            found = set(self.spread_kinds(each)) or {"any"}
            if found & {kind, "any"}:
                continue
            name = each.name if isinstance(each, Name | Spread) else _shown(each)
            yield problem(_WANTED[kind], place, name=name)

    def comparison(self, part: Comparison, place: str) -> Iterator[Problem]:
        left, right = part.left, part.right
        if isinstance(left, Name) and isinstance(right, Constant):
            yield from self.compared(left.name, part.sign, (right.literal,), place)
        elif isinstance(right, Name) and isinstance(left, Constant):
            yield from self.compared(right.name, _TURNED.get(part.sign, part.sign), (left.literal,), place)
        else:
            yield from self.wanted((left, right), "any", place)
            kinds = [self.kind(left), self.kind(right)]
            for side, kind in zip((left, right), kinds, strict=True):
                if kind == "list":
                    yield self.no_list(side, place)
            if "list" not in kinds and "any" not in kinds and kinds[0] != kinds[1]:
                yield problem("compare_kind", place, name=_shown(left), value=_shown(right))

    def no_list(self, side: Expression, place: str) -> Problem:
        name = side.name if isinstance(side, Name) else _shown(side)
        column = self.columns.get(name)
        return problem(
            "compare_codes", place, name=name, example=column.choices[0] if column and column.choices else ""
        )

    def containing(self, part: Contains, place: str) -> Iterator[Problem]:
        if not isinstance(part.whole, Name):
            if self.kind(part.whole) not in ("list", "any"):
                yield problem("not_a_list", place, name=_shown(part.whole))
            return
        name = part.whole.name
        column = self.columns.get(name)
        if column is None:
            yield from self.no_column(name, place)
        elif column.kind != "codes" and name != "person.department":
            yield problem("not_a_list", place, name=name)
        elif column.kind == "codes" and isinstance(part.item, Constant):
            yield from _unknown_codes(column, (part.item.literal,), place)

    def compared(self, name: str, sign: str, values: tuple[Any, ...], place: str) -> Iterator[Problem]:
        column = self.columns.get(name)
        if column is None:
            yield from self.no_column(name, place)
        elif column.kind == "codes":
            yield self.no_list(Name(name), place)
        elif column.kind == "code" and sign in _TURNED:
            yield problem("compare_order", place, name=name)
        elif strangers := [each for each in values if _constant_kind(each) != _KINDS[column.kind]]:
            yield problem("compare_kind", place, name=name, value=repr(strangers[0]))
        elif column.kind == "code":
            yield from _unknown_codes(column, values, place)
        elif any(not _possible(column, sign, each) for each in values):
            low, high = (write_value(each) if each is not None else "…" for each in (column.low, column.high))
            yield problem("dead_range", place, name=name, low=low, high=high)

    def no_column(self, name: str, place: str) -> Iterator[Problem]:
        """A question with several columns has no value as a whole."""
        if name not in self.columns:
            example = next((column for column in self.columns if column.startswith(f"{name}.")), None)
            if example is not None:
                yield problem("compare_parts", place, name=name, example=example)

    def never(self, expression: Expression) -> bool:
        """Whether an expression can be seen to hold never."""
        if isinstance(expression, Constant):
            return expression.literal is False
        if isinstance(expression, Not):
            return self.always(expression.inner)
        if isinstance(expression, AnyOf):
            return all(self.never(each) for each in expression.inner)
        if isinstance(expression, AllOf):
            return any(self.never(each) for each in expression.inner) or self.contradicts(expression)
        if isinstance(expression, Comparison) and _constants(expression):
            return not expression.holds({})
        if isinstance(expression, Comparison) and expression.sign == "!=":
            return False
        if isinstance(expression, Within | Call):
            return False
        return any(each.code in _DEAD for each in self.part(expression, ""))

    def always(self, expression: Expression) -> bool:
        """Whether an expression can be seen to hold whatever is answered, or nothing is."""
        if isinstance(expression, Constant):
            return expression.literal is True
        if isinstance(expression, Not):
            return self.never(expression.inner)
        if isinstance(expression, AllOf):
            return all(self.always(each) for each in expression.inner)
        if isinstance(expression, AnyOf):
            return any(self.always(each) for each in expression.inner)
        return isinstance(expression, Comparison) and _constants(expression) and expression.holds({})

    def contradicts(self, expression: AllOf) -> bool:
        """Whether what is demanded of one name leaves it no value."""
        left: dict[str, set[Any]] = {}
        ranges: dict[str, _Range] = {}
        for name, sign, values in _demands(expression):
            if sign == "in":
                left[name] = left[name] & set(values) if name in left else set(values)
            elif isinstance(values[0], int | float):
                known = ranges[name] if name in ranges else _Range(*_bounds(self.columns.get(name)))
                ranges[name] = known.narrowed(sign, float(values[0]))
        for name, still in ranges.items():
            if still.empty:
                return True
            if name in left:
                left[name] = {each for each in left[name] if isinstance(each, int | float) and still.has(each)}
        return any(not values for values in left.values())


class _Range(NamedTuple):
    """Numbers between two ends, each of which may be left out."""

    low: float
    high: float
    above: bool = False
    below: bool = False

    def narrowed(self, sign: str, value: float) -> _Range:
        if sign in (">", ">=") and value >= self.low:
            return self._replace(low=value, above=sign == ">" or (self.above and value == self.low))
        if sign in ("<", "<=") and value <= self.high:
            return self._replace(high=value, below=sign == "<" or (self.below and value == self.high))
        return self

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.above or self.below))

    def has(self, value: float) -> bool:
        return (self.low < value or (self.low == value and not self.above)) and (
            value < self.high or (value == self.high and not self.below)
        )


def _demands(expression: AllOf) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """What the parts of a conjunction demand: name, sign and values."""
    for each in expression.inner:
        if isinstance(each, AllOf):
            yield from _demands(each)
        elif isinstance(each, Within) and isinstance(each.left, Name) and not each.negated:
            yield each.left.name, "in", each.options
        elif isinstance(each, Comparison) and isinstance(each.left, Name) and isinstance(each.right, Constant):
            yield each.left.name, "in" if each.sign == "==" else each.sign, (each.right.literal,)
        elif isinstance(each, Comparison) and isinstance(each.right, Name) and isinstance(each.left, Constant):
            sign = _TURNED.get(each.sign, each.sign)
            yield each.right.name, "in" if sign == "==" else sign, (each.left.literal,)


def _bounds(column: Column | None) -> tuple[float, float]:
    low = column.low if column is not None and column.low is not None else -_NO_BOUND
    high = column.high if column is not None and column.high is not None else _NO_BOUND
    return low, high


def _constants(expression: Comparison) -> bool:
    return isinstance(expression.left, Constant) and isinstance(expression.right, Constant)


def _constant_kind(literal: object) -> Kind:
    return "text" if isinstance(literal, str) else "number"


def _shown(expression: Expression) -> str:
    """A short name for what has none."""
    if isinstance(expression, Name | Spread):
        return expression.name
    if isinstance(expression, Constant):
        return repr(expression.literal)
    return f"{expression.function}(…)" if isinstance(expression, Call) else "…"


def _unknown_codes(column: Column, values: tuple[Any, ...], place: str) -> Iterator[Problem]:
    for value in values:
        if value not in column.choices:
            yield problem("dead_code", place, name=column.name, value=value)


def _possible(column: Column, sign: str, value: Any) -> bool:
    if isinstance(value, str):
        return True
    low, high = _bounds(column)
    if sign in ("<", "<="):
        return bool(low < value or (sign == "<=" and low == value))
    if sign in (">", ">="):
        return bool(high > value or (sign == ">=" and high == value))
    return sign == "!=" or bool(low <= value <= high)
