"""Conditions and other expressions: an own small grammar, bounded in length, depth and work. No eval, no attributes.

    condition   := conjunction ("or" conjunction)*
    conjunction := negation ("and" negation)*
    negation    := "not" negation | comparison
    comparison  := sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
                       | ["not"] "in" ( "[" literal ("," literal)* "]" | name )
                       | "contains" sum ]
    sum         := product (("+" | "-") product)*
    product     := sign (("*" | "/" | "%") sign)*
    sign        := "-" sign | primary
    primary     := "(" condition ")" | name | number | string | "true" | "false" | function "(" [argument ("," …)*] ")"
    argument    := condition | pattern, as in steps.*.work or minutes_*, where the function takes several columns

What an expression means is told in ``surveys.expression``, what the functions do in ``surveys.functions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from surveys.expression import (
    SIGNS,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Comparison,
    Constant,
    Contains,
    Expression,
    Literal,
    Name,
    Negative,
    Not,
    Spread,
    Within,
    is_condition,
)
from surveys.functions import FUNCTIONS
from surveys.problem import Problem, problem

LENGTH_LIMIT = 1_000
DEPTH_LIMIT = 20
COMPOSED = 8  # conditions that expansion puts together may be this many times as long

PIPE = re.compile(r"\{\{([^{}]*)\}\}")
"""An expression inside a wording."""


@lru_cache(maxsize=8192)
def parse(text: str, limit: int = LENGTH_LIMIT) -> Expression | Problem:
    """A condition, or what is wrong with it (``place`` is empty). Never raises."""
    found = parse_value(text, limit)
    if isinstance(found, Problem) or is_condition(found):
        return found
    return problem("expression_no_condition", "")


@lru_cache(maxsize=8192)
def parse_value(text: str, limit: int = LENGTH_LIMIT) -> Expression | Problem:
    """The same of an expression that may come to any value."""
    if len(text) > limit:
        return problem("expression_too_long", "", limit=limit)
    try:
        parser = _Parser(text, DEPTH_LIMIT + (0 if limit == LENGTH_LIMIT else COMPOSED))
        expression = parser.condition(0)
        parser.expect_end()
    except _Wrong as wrong:
        return wrong.problem
    return expression


def parse_composed(text: str) -> Expression | Problem:
    """A condition that ``surveys.expansion`` has put together from several."""
    return parse(text, LENGTH_LIMIT * COMPOSED)


class _Wrong(Exception):
    def __init__(self, code: str, **figures: Any) -> None:
        self.problem = problem(code, "", **figures)


_STRING = r"\"[^\"]*\"|'[^']*'|“[^”]*”"
_NAME = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_TOKEN = re.compile(
    rf"""\s*(?:
        (?P<pattern>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*(?:\.\*(?:\.(?:[a-z0-9_]+|\*))*|_\*(?=\s*[,)，）]|\s*$)))
      | (?P<name>{_NAME})
      | (?P<number>[0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)
      | (?P<string>{_STRING})
      | (?P<sign>==|!=|<=|>=|[-+*/%<>()\[\],（），【】])
    )""",
    re.VERBOSE,
)
_PLAIN = str.maketrans("（），【】", "(),[]")
_WORDS = frozenset(("and", "or", "not", "in", "contains", "true", "false"))
RESERVED = _WORDS | {"answered", "person", "process", "wave", "item"}
_OPERAND = ("题目编码、数字或带引号的编码", "a question's code, a number or a quoted code")
_RENAMED = re.compile(rf"{_STRING}|({_NAME})")


def rename(text: str, names: Mapping[str, str]) -> str:
    """The expression ``text`` with other names of questions; texts in quotes stay."""

    def renamed(match: re.Match[str]) -> str:
        code, dot, rest = (match[1] or "").partition(".")
        return f"{names[code]}{dot}{rest}" if code in names else match[0]

    return _RENAMED.sub(renamed, text)


class _Token(msgspec.Struct, frozen=True):
    kind: str  # name, pattern, number, string, or the sign or word itself
    text: str
    position: int


class _Parser:
    """Recursive descent over the tokens; depth is counted, so that recursion is bounded."""

    def __init__(self, text: str, deepest: int) -> None:
        self.tokens = list(_tokens(text))
        self.index = 0
        self.deepest = deepest

    def peek(self) -> _Token:
        if self.index >= len(self.tokens):
            raise _Wrong("expression_unfinished")
        return self.tokens[self.index]

    def ahead(self, kind: str) -> bool:
        """Whether the token after the next one is of this kind."""
        return self.index + 1 < len(self.tokens) and self.tokens[self.index + 1].kind == kind

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

    def truth(self, expression: Expression) -> Expression:
        """An operand of and, or, not: it has to come to true or false."""
        if not is_condition(expression):
            raise self.wrong(self.peek(), ("比较符号", "a comparison"))
        return expression

    def condition(self, depth: int) -> Expression:
        if depth > self.deepest:
            raise _Wrong("expression_too_deep")
        first = self.conjunction(depth)
        if not self.accept("or"):
            return first
        alternatives = [self.truth(first), self.truth(self.conjunction(depth))]
        while self.accept("or"):
            alternatives.append(self.truth(self.conjunction(depth)))
        return AnyOf(tuple(alternatives))

    def conjunction(self, depth: int) -> Expression:
        first = self.negation(depth)
        if not self.accept("and"):
            return first
        parts = [self.truth(first), self.truth(self.negation(depth))]
        while self.accept("and"):
            parts.append(self.truth(self.negation(depth)))
        return AllOf(tuple(parts))

    def negation(self, depth: int) -> Expression:
        if depth > self.deepest:
            raise _Wrong("expression_too_deep")
        return Not(self.truth(self.negation(depth + 1))) if self.accept("not") else self.comparison(depth)

    def comparison(self, depth: int) -> Expression:
        left = self.sum(depth)
        if sign := self.accept(*SIGNS):
            return Comparison(left, sign.kind, self.sum(depth))
        negated = self.accept("not") is not None
        if self.accept("in"):
            if self.accept("["):
                return Within(left, self.options(), negated)
            whole = self.expect(("列表或题目编码", "a list or a question's code"), "name")
            return Contains(Name(whole.text), left, negated)
        if not negated and self.accept("contains"):
            return Contains(left, self.sum(depth))
        if negated:
            raise self.wrong(self.peek(), ("比较符号", "a comparison"))
        return left

    def sum(self, depth: int) -> Expression:
        left = self.product(depth)
        while sign := self.accept("+", "-"):
            left = Arithmetic(left, sign.kind, self.product(depth))
        return left

    def product(self, depth: int) -> Expression:
        left = self.sign(depth)
        while sign := self.accept("*", "/", "%"):
            left = Arithmetic(left, sign.kind, self.sign(depth))
        return left

    def sign(self, depth: int) -> Expression:
        if depth > self.deepest:
            raise _Wrong("expression_too_deep")
        if not self.accept("-"):
            return self.primary(depth)
        inner = self.sign(depth + 1)
        plain = isinstance(inner, Constant) and not isinstance(inner.literal, str)
        return Constant(-inner.literal) if plain else Negative(inner)  # type: ignore[attr-defined]

    def primary(self, depth: int) -> Expression:
        if self.accept("("):
            inner = self.condition(depth + 1)
            self.expect(("右括号", "a closing bracket"), ")")
            return inner
        if token := self.accept("true", "false"):
            return Constant(token.kind == "true")
        if self.peek().kind in ("name", "contains") and self.ahead("("):
            return self.call(depth)
        if token := self.accept("name"):
            return Name(token.text)
        if self.peek().kind not in ("number", "string"):
            raise self.wrong(self.peek(), _OPERAND)
        return Constant(self.literal())

    def call(self, depth: int) -> Expression:
        token = self.tokens[self.index]
        function = FUNCTIONS.get(token.text)
        if function is None:
            raise _Wrong("unknown_function", name=token.text, known=", ".join(FUNCTIONS))
        self.index += 2
        arguments: list[Expression] = []
        while not self.accept(")"):
            if arguments:
                self.expect(("逗号或右括号", "a comma or a closing bracket"), ",")
            arguments.append(self.argument(token.text, depth + 1))
        if not function.least <= len(arguments) <= function.most:
            raise _Wrong("wrong_arguments", name=token.text, usage=function.usage, count=len(arguments))
        return Name("wave.today") if token.text == "today" else Call(token.text, tuple(arguments))

    def argument(self, function: str, depth: int) -> Expression:
        spreads = FUNCTIONS[function].spreads
        if spreads and (token := self.accept("pattern")):
            return Spread(token.text)
        if function == "answered":
            return Spread(self.expect(("题目编码", "a question's code"), "name").text)
        expression = self.condition(depth)
        return Spread(expression.name) if spreads and isinstance(expression, Name) else expression

    def options(self) -> tuple[Literal, ...]:
        found = [self.literal()]
        while self.accept(","):
            found.append(self.literal())
        self.expect(("右方括号", "a closing square bracket"), "]")
        return tuple(found)

    def literal(self) -> Literal:
        negative = self.accept("-") is not None
        kinds = ("number",) if negative else ("number", "string")
        token = self.expect(("数字或带引号的编码", "a number or a quoted code"), *kinds)
        if token.kind == "string":
            return token.text[1:-1]
        value = float(token.text) if "." in token.text else int(token.text)
        return -value if negative else value


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
