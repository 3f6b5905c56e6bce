"""Conditions: an own small grammar, bounded in length, depth and work. No eval, nothing but comparisons.

    condition  := conjunction ("or" conjunction)*
    conjunction := negation ("and" negation)*
    negation   := "not" negation | term
    term       := "(" condition ")" | "answered" "(" name ")" | "true" | "false"
                | value ("==" | "!=" | "<" | "<=" | ">" | ">=") value
                | value ["not"] "in" ( "[" literal ("," literal)* "]" | name )
                | name "contains" value
    value      := name | number | string

A name is an answer column (``clarity.owner``), a question code, or ``person.side``, ``person.department``,
``person.position``. What is unanswered, not applicable or not shown is nothing, and every comparison with nothing
is false: ``q != 3`` is false where ``q`` is unanswered, ``not q == 3`` is true.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from surveys.problem import Problem, problem

LENGTH_LIMIT = 1_000
DEPTH_LIMIT = 20

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
        return bool(_SIGNS[self.sign](left, right))


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

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
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


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression | Problem:
    """The expression, or what is wrong with it (``place`` is empty). Never raises."""
    if len(text) > LENGTH_LIMIT:
        return problem("expression_too_long", "", limit=LENGTH_LIMIT)
    try:
        parser = _Parser(text)
        expression = parser.condition(0)
        parser.expect_end()
    except _Wrong as wrong:
        return wrong.problem
    return expression


class _Wrong(Exception):
    def __init__(self, code: str, **figures: Any) -> None:
        self.problem = problem(code, "", **figures)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)
      | (?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)
      | (?P<string>"[^"]*"|'[^']*'|“[^”]*”)
      | (?P<sign>==|!=|<=|>=|<|>|[()\[\],（），【】])
    )""",
    re.VERBOSE,
)
_PLAIN = str.maketrans("（），【】", "(),[]")
_WORDS = frozenset(("and", "or", "not", "in", "contains", "answered", "true", "false"))
RESERVED = _WORDS | {"person", "process"}


class _Token(msgspec.Struct, frozen=True):
    kind: str  # name, number, string, or the sign or word itself
    text: str
    position: int


class _Parser:
    """Recursive descent over the tokens; depth is counted, so that recursion is bounded."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.index = 0

    def peek(self) -> _Token:
        if self.index >= len(self.tokens):
            raise _Wrong("expression_unfinished")
        return self.tokens[self.index]

    def accept(self, *kinds: str) -> _Token | None:
        if self.index < len(self.tokens) and self.tokens[self.index].kind in kinds:
            self.index += 1
            return self.tokens[self.index - 1]
        return None

    def expect(self, expected: tuple[str, str], *kinds: str) -> _Token:
        token = self.peek()
        if token.kind not in kinds:
            raise self.wrong(token, expected)
        self.index += 1
        return token

    def wrong(self, token: _Token, expected: tuple[str, str]) -> _Wrong:
        return _Wrong(
            "expression_syntax",
            found=token.text,
            position=token.position + 1,
            expected=expected[0],
            expected_en=expected[1],
        )

    def expect_end(self) -> None:
        if self.index < len(self.tokens):
            raise self.wrong(self.tokens[self.index], (" and、or 或结尾", "and, or, or the end"))

    def condition(self, depth: int) -> Expression:
        if depth > DEPTH_LIMIT:
            raise _Wrong("expression_too_deep")
        alternatives = [self.conjunction(depth)]
        while self.accept("or"):
            alternatives.append(self.conjunction(depth))
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives))

    def conjunction(self, depth: int) -> Expression:
        parts = [self.negation(depth)]
        while self.accept("and"):
            parts.append(self.negation(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def negation(self, depth: int) -> Expression:
        if depth > DEPTH_LIMIT:
            raise _Wrong("expression_too_deep")
        return Not(self.negation(depth + 1)) if self.accept("not") else self.term(depth)

    def term(self, depth: int) -> Expression:
        if self.accept("("):
            inner = self.condition(depth + 1)
            self.expect(("右括号", "a closing bracket"), ")")
            return inner
        if self.accept("answered"):
            self.expect(("左括号", "an opening bracket"), "(")
            name = self.expect(("题目编码", "a question's code"), "name")
            self.expect(("右括号", "a closing bracket"), ")")
            return Answered(name.text)
        if token := self.accept("true", "false"):
            return Truth(token.kind == "true")
        return self.comparison(self.value())

    def comparison(self, left: Value) -> Expression:
        if sign := self.accept(*_SIGNS):
            return Comparison(left, sign.kind, self.value())
        negated = self.accept("not") is not None
        if self.accept("in"):
            if self.accept("["):
                return Within(left, self.options(), negated)
            return Contains(self.expect(("列表或题目编码", "a list or a question's code"), "name").text, left, negated)
        if isinstance(left, Name) and not negated and self.accept("contains"):
            return Contains(left.name, self.value())
        raise self.wrong(self.peek(), ("比较符号", "a comparison"))

    def options(self) -> tuple[Literal, ...]:
        found = [self.literal()]
        while self.accept(","):
            found.append(self.literal())
        self.expect(("右方括号", "a closing square bracket"), "]")
        return tuple(found)

    def literal(self) -> Literal:
        token = self.expect(("数字或带引号的编码", "a number or a quoted code"), "number", "string")
        if token.kind == "string":
            return token.text[1:-1]
        return float(token.text) if "." in token.text else int(token.text)

    def value(self) -> Value:
        if token := self.accept("name"):
            return Name(token.text)
        if self.peek().kind not in ("number", "string"):
            raise self.wrong(
                self.peek(), ("题目编码、数字或带引号的编码", "a question's code, a number or a quoted code")
            )
        return Constant(self.literal())


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position, end)
        if match is None or match.lastgroup is None:
            rest = text[position:].lstrip()
            raise _Wrong("expression_character", found=rest[0], position=len(text) - len(rest) + 1)
        word = match[match.lastgroup]
        kind = match.lastgroup
        if kind == "sign":
            kind = word.translate(_PLAIN)
        elif kind == "name" and word in _WORDS:
            kind = word
        yield _Token(kind, word, match.start(match.lastgroup))
        position = match.end()
