"""Wordings for those who read what others answered: where one repeats an answer, it names what was asked instead."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import msgspec

from surveys.definition import Column, Questionnaire, fields
from surveys.expression import Name
from surveys.grammar import PIPE, parse_value
from surveys.piping import UNANSWERED
from surveys.text import Text, pick

_BRACKETS = {"zh-CN": "〔{}〕", "en": "[{}]"}


def impersonal(questionnaire: Questionnaire) -> Questionnaire:
    """``questionnaire``, expanded, with every ``{{column}}`` of its wordings replaced by the label of that column in
    brackets, ``{{process}}`` by the process's name and any other expression by "…". Conditions stay as they are.
    """
    made = _reworded(questionnaire, questionnaire, {column.name: column for column in questionnaire.columns()})
    assert isinstance(made, Questionnaire)
    return made


def _reworded(thing: Any, questionnaire: Questionnaire, columns: dict[str, Column]) -> Any:
    def changed(kind: Any, value: Any) -> Any:
        if kind == Text:
            return _without_answers(value, questionnaire, columns)
        if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
            return tuple(_reworded(each, questionnaire, columns) for each in value)
        return value

    return msgspec.structs.replace(
        thing, **{field.name: changed(field.type, getattr(thing, field.name)) for field in fields(type(thing))}
    )


def _without_answers(text: Text, questionnaire: Questionnaire, columns: dict[str, Column]) -> Text:
    def said(language: str, match: re.Match[str]) -> str:
        inner = match[1].strip()
        if inner == "process":
            return pick(questionnaire.process, language) or UNANSWERED
        tree = parse_value(inner)
        column = columns.get(tree.name) if isinstance(tree, Name) else None
        if column is None:
            return UNANSWERED
        label = PIPE.sub(UNANSWERED, pick(column.label, language)).rstrip("？?。.：:")
        return _BRACKETS[language if language in _BRACKETS else "en"].format(label)

    return {language: PIPE.sub(partial(said, language), wording) for language, wording in text.items()}
