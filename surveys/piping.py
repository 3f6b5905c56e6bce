"""Answers said in words, and what expressions come to inside wordings: ``{{q}}``, ``{{ sum(steps.*.work) }}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from surveys.compiled import Compiled
from surveys.expression import Arithmetic, Call, Expression, Name
from surveys.functions import as_text
from surveys.grammar import PIPE, parse_value
from surveys.problem import Problem
from surveys.questions import Column, Duration
from surveys.questions.base import write_value
from surveys.text import Text, pick

UNANSWERED = "…"
_UNITS: dict[str, Text] = {
    "minute": {"zh-CN": "分钟", "en": "min"},
    "hour": {"zh-CN": "小时", "en": "h"},
    "day": {"zh-CN": "天", "en": "d"},
}


def pipe(text: str, names: Mapping[str, Any], compiled: Compiled, language: str) -> str:
    """``text`` with every ``{{expression}}`` replaced by what it comes to, in words, and ``{{process}}`` by the
    process's name. ``names``: answers by column, and whatever else ``Situation.names`` has.

    Unanswered ones become "…"; what is no expression stays. The result is plain text, not HTML: free text is inserted
    as typed, and what is inserted is not looked at again.
    """
    if "{{" not in text:
        return text

    def said(match: re.Match[str]) -> str:
        inner = match[1].strip()
        if inner == "process":
            return pick(compiled.questionnaire.process, language) or UNANSWERED
        expression = compiled.pipes.get(inner) or parse_value(inner)
        if isinstance(expression, Problem):
            return match[0]
        return _words(expression, names, compiled, language) or UNANSWERED

    return PIPE.sub(said, text)


def _words(expression: Expression, names: Mapping[str, Any], compiled: Compiled, language: str) -> str:
    """What an expression comes to; where that is an answer, in the answer's words."""
    if isinstance(expression, Name):
        if expression.name in compiled.columns:
            return say(compiled, expression.name, names, language)
        return _known(compiled, expression.name, names, language)
    if isinstance(expression, Call) and expression.function == "if":
        condition, yes, no = expression.arguments
        return _words(yes if condition.holds(names) else no, names, compiled, language)
    if isinstance(expression, Call) and expression.function == "join":
        separator, *others = (_words(each, names, compiled, language) for each in expression.arguments)
        return separator.join(filter(None, others))
    value = expression.value(names)
    if isinstance(expression, Arithmetic) and isinstance(value, str):
        return "".join(_words(each, names, compiled, language) for each in (expression.left, expression.right))
    return as_text(value)


def _known(compiled: Compiled, name: str, names: Mapping[str, Any], language: str) -> str:
    """What is known of the person or the wave, worded like the question that asks for it where there is one."""
    value = names.get(name)
    segment = name.removeprefix("person.")
    asked = next((code for code, each in compiled.segments.items() if each == segment), "")
    if name != segment and asked and value is not None:
        return say(compiled, asked, {asked: value}, language)
    return as_text(value)


def say(compiled: Compiled, column: str, answers: Mapping[str, Any], language: str) -> str:
    """An answered column in words: labels for codes and points, a unit for numbers; empty where it is unanswered."""
    value = answers.get(column)
    known = compiled.columns.get(column)
    if value is None or known is None:
        return ""
    if known.kind == "text":
        return str(value)
    if known.kind in ("integer", "number"):
        return _figure(compiled, known, value, language)
    codes = value if isinstance(value, list) else [str(value)]
    labels = (_label(compiled, known, str(code), answers, language) for code in codes)
    return ("、" if language.startswith("zh") else ", ").join(labels)


def _label(compiled: Compiled, column: Column, code: str, answers: Mapping[str, Any], language: str) -> str:
    """An option's label; for the option that opens a text field what was written there."""
    part = next((each for each in compiled.questions[column.question].parts() if each.code == code), None)
    written = answers.get(f"{column.question}.other") if getattr(part, "other", False) else None
    if written:
        return str(written)
    label = pick(column.labels.get(code) or (part.label if part else {}), language) or code
    return pipe(label, answers, compiled, language) if PIPE.search(label) else label


def _figure(compiled: Compiled, column: Column, value: Any, language: str) -> str:
    label = pick(column.labels.get(write_value(value), {}), language)
    if label:
        return label
    question = compiled.questions[column.question]
    if isinstance(question, Duration):
        form = question.form_values({column.name: value}, frozenset(), compiled.questionnaire)
        return f"{form[column.name][0]} {pick(_UNITS[form[f'{column.name}.unit'][0]], language)}"
    unit = getattr(question, "unit", None)
    words = pick(unit, language) if isinstance(unit, dict) else pick(_UNITS.get(column.unit, {}), language)
    return f"{write_value(value)} {words or column.unit}".strip()
