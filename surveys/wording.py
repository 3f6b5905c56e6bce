"""Expressions in words, for those who write questionnaires: ``role == "manager"`` is ``“您的角色”为“主管”``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from surveys.definition import Column, Questionnaire
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
)
from surveys.grammar import parse
from surveys.problem import Problem
from surveys.questions.base import write_value
from surveys.text import Text, pick

LONGEST = 28  # characters of a question's wording

_Words = dict[str, str]

_CHINESE: _Words = {
    "quoted": "“{}”", "==": "{}为{}", "!=": "{}不是{}", "<": "{}小于{}", "<=": "{}不超过{}", ">": "{}大于{}",
    ">=": "{}不少于{}", "in": "{}为{}", "not in": "{}不是{}", "chosen": "{}选了{}", "not chosen": "{}没有选{}",
    "and": "，并且", "or": "，或者", "one of": "或", "not": "不满足（{}）", "answered": "{}已作答",
    "unanswered": "{}没有作答", "bracket": "（{}）", "count": "{}选的项数", "sum": "{}之和", "mean": "{}的平均值",
    "min": "{}中最小的", "max": "{}中最大的", "days_between": "{}之间的天数", "length": "{}的字数", "today": "今天",
    "if": "如果{}，则为{}，否则为{}", "list": "、", "true": "始终成立", "false": "始终不成立", "part": "{}：{}",
}  # fmt: skip
_ENGLISH: _Words = {
    "quoted": "“{}”", "==": "{} is {}", "!=": "{} is not {}", "<": "{} is less than {}", "<=": "{} is at most {}",
    ">": "{} is more than {}", ">=": "{} is at least {}", "in": "{} is {}", "not in": "{} is not {}",
    "chosen": "{} includes {}", "not chosen": "{} does not include {}", "and": ", and ", "or": ", or ",
    "one of": " or ", "not": "not ({})", "answered": "{} is answered", "unanswered": "{} is not answered",
    "bracket": "({})", "count": "the number chosen in {}", "sum": "the sum of {}", "mean": "the mean of {}",
    "min": "the smallest of {}", "max": "the largest of {}", "days_between": "the days between {}",
    "length": "the length of {}", "today": "today", "if": "{1} if {0}, else {2}", "list": ", ",
    "true": "always", "false": "never", "part": "{}: {}",
}  # fmt: skip
_ELSEWHERE: dict[str, Text] = {
    "person.side": {"zh-CN": "流程角色（名单）", "en": "side (roster)"},
    "person.department": {"zh-CN": "部门（名单）", "en": "department (roster)"},
    "person.position": {"zh-CN": "岗位（名单）", "en": "position (roster)"},
    "wave.title": {"zh-CN": "轮次名称", "en": "title of the wave"},
    "wave.role": {"zh-CN": "轮次用途", "en": "role of the wave"},
    "wave.today": {"zh-CN": "今天", "en": "today"},
}


def in_words(expression: str, questionnaire: Questionnaire, language: str) -> str:
    """What an expression says, questions and options by their wordings; empty where it cannot be read."""
    tree = parse(expression) if expression.strip() else None
    if tree is None or isinstance(tree, Problem):
        return ""
    return _Speaker(questionnaire, language).said(tree)


class _Speaker:
    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self.language = language
        self.words = _CHINESE if language.startswith("zh") else _ENGLISH
        self.columns = {column.name: column for column in questionnaire.columns()}
        self.texts = {question.code: question.text for question in questionnaire.questions()}

    def put(self, word: str, *values: str) -> str:
        return self.words[word].format(*values)

    def said(self, tree: Expression) -> str:
        speak: Callable[[Any], str] | None = _SPOKEN.get(type(tree))
        return speak(self, tree) if speak else ""  # type: ignore[call-arg]

    def name(self, name: str) -> str:
        if name in _ELSEWHERE:
            return self.put("quoted", pick(_ELSEWHERE[name], self.language))
        column = self.columns.get(name)
        code = name.partition(".")[0]
        own = self.short(self.texts.get(code, {})) or code
        if column is None or name == code:
            return self.put("quoted", own)
        part = self.short(column.label)
        return self.put("quoted", self.put("part", own, part) if part and part != own else own)

    def short(self, text: Text) -> str:
        wording = pick(text, self.language).strip().rstrip("？?。.：:")
        return wording if len(wording) <= LONGEST else f"{wording[: LONGEST - 1]}…"

    def literal(self, value: Any, beside: Expression | None) -> str:
        column = self.column(beside)
        label = self.short(column.labels.get(write_value(value), {})) if column else ""
        if label:
            return self.put("quoted", label)
        return write_value(value) if isinstance(value, int | float) else self.put("quoted", str(value))

    def column(self, tree: Expression | None) -> Column | None:
        return self.columns.get(tree.name) if isinstance(tree, Name | Spread) else None

    def value(self, tree: Expression, beside: Expression | None = None) -> str:
        return self.literal(tree.literal, beside) if isinstance(tree, Constant) else self.said(tree)

    def compared(self, tree: Comparison) -> str:
        return self.put(tree.sign, self.value(tree.left, tree.right), self.value(tree.right, tree.left))

    def within(self, tree: Within) -> str:
        options = self.words["one of"].join(self.literal(each, tree.left) for each in tree.options)
        return self.put("not in" if tree.negated else "in", self.said(tree.left), options)

    def contained(self, tree: Contains) -> str:
        word = "not chosen" if tree.negated else "chosen"
        return self.put(word, self.said(tree.whole), self.value(tree.item, tree.whole))

    def negation(self, tree: Not) -> str:
        if isinstance(tree.inner, Call) and tree.inner.function == "answered":
            return self.put("unanswered", self.said(tree.inner.arguments[0]))
        return self.put("not", self.said(tree.inner))

    def several(self, tree: AllOf | AnyOf) -> str:
        word = "and" if isinstance(tree, AllOf) else "or"
        return self.words[word].join(
            self.put("bracket", self.said(each)) if isinstance(each, AllOf | AnyOf) else self.said(each)
            for each in tree.inner
        )

    def called(self, tree: Call) -> str:
        said = [self.value(each) for each in tree.arguments]
        if tree.function == "if" and len(said) == 3:
            return self.put("if", *said)
        listed = self.words["list"].join(said)
        return self.put(tree.function, listed) if tree.function in self.words else f"{tree.function}({listed})"

    def reckoned(self, tree: Arithmetic) -> str:
        sign = {"*": "×", "/": "÷", "-": "−"}.get(tree.sign, tree.sign)
        return f"{self.value(tree.left)} {sign} {self.value(tree.right)}"


_SPOKEN: dict[type[Expression], Any] = {
    Constant: lambda self, tree: self.put(str(tree.literal).lower()) if isinstance(tree.literal, bool) else
    self.literal(tree.literal, None),
    Name: lambda self, tree: self.name(tree.name),
    Spread: lambda self, tree: self.name(tree.name),
    Comparison: _Speaker.compared,
    Within: _Speaker.within,
    Contains: _Speaker.contained,
    Not: _Speaker.negation,
    AllOf: _Speaker.several,
    AnyOf: _Speaker.several,
    Call: _Speaker.called,
    Arithmetic: _Speaker.reckoned,
    Negative: lambda self, tree: f"−{self.value(tree.inner)}",
}  # fmt: skip
