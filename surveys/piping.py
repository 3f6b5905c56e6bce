"""Answers said in words, and earlier answers inside later wordings: ``{{q}}``."""

from __future__ import annotations

import re

from surveys.compiled import Compiled
from surveys.questions import Answers, Duration, FiveWhys, Likert, Matrix, Number, Value
from surveys.questions.base import write_value
from surveys.questions.process import CAUSE_LABELS
from surveys.text import Text, pick

PLACEHOLDER = re.compile(r"\{\{ ?([a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,3}) ?\}\}")
UNANSWERED = "…"
_UNITS: dict[str, Text] = {
    "minute": {"zh-CN": "分钟", "en": "min"},
    "hour": {"zh-CN": "小时", "en": "h"},
    "day": {"zh-CN": "天", "en": "d"},
}


def pipe(text: str, answers: Answers, compiled: Compiled, language: str) -> str:
    """``text`` with ``{{column}}`` replaced by the answer in words and ``{{process}}`` by the process's name.

    Unanswered ones become "…". The result is plain text, not HTML: free text is inserted as typed, and what is
    inserted is not looked at again.
    """
    if "{{" not in text:
        return text

    def said(match: re.Match[str]) -> str:
        if match[1] == "process":
            return pick(compiled.questionnaire.process, language) or UNANSWERED
        return say(compiled, match[1], answers, language) or UNANSWERED

    return PLACEHOLDER.sub(said, text)


def say(compiled: Compiled, column: str, answers: Answers, language: str) -> str:
    """An answered column in words: labels for codes, a unit for numbers; empty where it is unanswered."""
    value = answers.get(column)
    known = compiled.columns.get(column)
    if value is None or known is None:
        return ""
    if known.kind in ("code", "codes"):
        codes = value if isinstance(value, list) else [str(value)]
        labels = (_label(compiled, column, code, answers, language) for code in codes)
        return ("、" if language.startswith("zh") else ", ").join(labels)
    return str(value) if known.kind == "text" else _figure(compiled, column, value, language)


def _label(compiled: Compiled, column: str, code: str, answers: Answers, language: str) -> str:
    question = compiled.questions[compiled.columns[column].question]
    if column.endswith(".category"):
        return pick(CAUSE_LABELS.get(code, {}), language)
    if isinstance(question, FiveWhys):
        question = compiled.questions[question.problem_from]
    choice = next((part for part in question.parts() if part.code == code), None)
    if choice is None:
        return code
    written = answers.get(f"{question.code}.other") if getattr(choice, "other", False) else None
    return str(written) if written else pick(choice.label, language)


def _figure(compiled: Compiled, column: str, value: Value, language: str) -> str:
    question = compiled.questions[compiled.columns[column].question]
    if isinstance(question, Likert | Matrix) and isinstance(value, int):
        scale = compiled.questionnaire.rating_scales[question.scale]
        inside = scale.low <= value <= scale.high
        return pick(scale.labels[value - scale.low], language) if inside else str(value)
    if isinstance(question, Duration):
        form = question.form_values({column: value}, frozenset(), compiled.questionnaire)
        return f"{form[column][0]} {pick(_UNITS[form[f'{column}.unit'][0]], language)}"
    if isinstance(question, Number):
        return f"{write_value(value)} {pick(question.unit, language)}".strip()
    unit = compiled.columns[column].unit
    return f"{write_value(value)} {pick(_UNITS[unit], language)}" if unit in _UNITS else write_value(value)
