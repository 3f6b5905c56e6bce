"""Conditions: an own small grammar, bounded in length, depth and work. No eval, nothing but comparisons.

    condition  := conjunction ("or" conjunction)*
    conjunction := negation ("and" negation)*
    negation   := "not" negation | term
    term       := "(" condition ")" | "answered" "(" name ")" | "true" | "false"
                | value ("==" | "!=" | "<" | "<=" | ">" | ">=") value
                | value ["not"] "in" ( "[" literal ("," literal)* "]" | name )
                | name "contains" value
    value      := name | number | string

What a condition means is told in ``surveys.expression``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from surveys.expression import (
    SIGNS,
    AllOf,
    Answered,
    AnyOf,
    Comparison,
    Constant,
    Contains,
    Expression,
    Literal,
    Name,
    Not,
    Truth,
    Value,
    Within,
)
from surveys.problem import Problem, problem

LENGTH_LIMIT = 1_000
DEPTH_LIMIT = 20


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
        if sign := self.accept(*SIGNS):
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
