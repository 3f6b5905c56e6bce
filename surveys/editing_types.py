"""Making questions: new ones of any type, and others out of what they were."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable
from typing import Any

import msgspec

from surveys.definition import Questionnaire, fields
from surveys.questions import QUESTION_TYPES, Choice, Question, RatingScale, Row
from surveys.text import Text

FAMILIES: dict[str, tuple[str, ...]] = {
    "choice": ("single", "multiple", "dropdown", "yes_no", "true_false", "ranking", "image_choice", "choice_comment",
               "cascade", "department", "person", "card_sort"),
    "scale": ("likert", "rating", "stars", "nps", "csat", "ces", "slider", "semantic_differential", "constant_sum",
              "maxdiff", "kano", "sus", "ahp"),
    "matrix": ("matrix", "matrix_single", "matrix_multiple", "matrix_dropdown", "matrix_text", "matrix_number",
               "matrix_slider", "matrix_dual", "matrix_mixed", "table"),
    "text": ("short_text", "long_text", "number", "duration", "blanks", "cloze", "email", "mobile", "id_card", "url",
             "pattern", "link_code"),
    "media": ("date", "time", "date_range", "file", "photo", "signature", "location"),
    "process": ("step_grid", "pain_points", "five_whys", "flow_order", "ecrs"),
    "structure": ("statement", "consent", "computed", "hidden", "assignment"),
}  # fmt: skip
"""Question types as the gallery offers them."""

STEMS = {
    "questions": "q", "choices": "option", "rows": "row", "pages": "page", "groups": "group", "steps": "step",
    "scales": "scale", "quotas": "quota", "arms": "arm", "columns": "column", "blanks": "blank", "items": "item",
    "attributes": "attribute", "asks": "part",
}  # fmt: skip
"""How codes begin that the editor makes, by the list that they stand in."""

AGREEMENT = RatingScale(
    labels=(
        {"zh-CN": "完全不同意", "en": "Strongly disagree"},
        {"zh-CN": "不太同意", "en": "Disagree"},
        {"zh-CN": "中立", "en": "Neutral"},
        {"zh-CN": "比较同意", "en": "Agree"},
        {"zh-CN": "完全同意", "en": "Strongly agree"},
    )
)
_SAMPLE: dict[type, Text] = {
    Choice: {"zh-CN": "选项 {}", "en": "Option {}"},
    Row: {"zh-CN": "第 {} 行", "en": "Row {}"},
}
_ITEM: Text = {"zh-CN": "第 {} 项", "en": "Item {}"}
_ENDS: dict[str, Text] = {
    "low_label": {"zh-CN": "很低", "en": "Very low"},
    "high_label": {"zh-CN": "很高", "en": "Very high"},
}


def families() -> dict[str, tuple[str, ...]]:
    """The types that there are, by family; a type that no family names comes last, under ``other``."""
    known = {name: tuple(each for each in members if each in QUESTION_TYPES) for name, members in FAMILIES.items()}
    placed = {each for members in known.values() for each in members}
    rest = tuple(each for each in QUESTION_TYPES if each not in placed)
    return {name: members for name, members in {**known, "other": rest}.items() if members}


def fresh_code(taken: Iterable[str], stem: str, number: int = 1) -> str:
    """``stem`` and the first number from ``number`` on that nobody has."""
    known = set(taken)
    while f"{stem}{number}" in known:
        number += 1
    return f"{stem}{number}"


def copied_code(taken: Iterable[str], code: str) -> str:
    """``code`` with the first number that nobody has: ``role_2``, and ``role_3`` for a copy of that."""
    known = set(taken)
    if code not in known:
        return code
    stem, _, number = code.rpartition("_")
    return fresh_code(known, f"{stem if stem and number.isdigit() else code}_", 2)


def with_scale(questionnaire: Questionnaire, kind: str) -> Questionnaire:
    """The questionnaire with an answer scale, where questions of type ``kind`` need one and there is none."""
    needs = any(field.name == "scale" and field.required for field in fields(QUESTION_TYPES[kind]))
    if not needs or questionnaire.rating_scales:
        return questionnaire
    return msgspec.structs.replace(questionnaire, rating_scales={"agree": AGREEMENT})


def fresh_question(questionnaire: Questionnaire, kind: str) -> Question:
    """A new question of type ``kind`` with an own code, empty wordings and two options or rows to begin with."""
    taken = [question.code for question in questionnaire.questions()]
    code = fresh_code(taken, "q", len(taken) + 1)
    given: dict[str, Any] = {"code": code}
    empty: Question = msgspec.convert(_filled(QUESTION_TYPES[kind], given, questionnaire), QUESTION_TYPES[kind])
    lacking = {each.place for each in empty.check(questionnaire) if each.code in ("too_few_choices", "no_rows")}
    for field in fields(type(empty)):
        if field.name in lacking:
            given[field.name] = _samples(field.type, field.name, questionnaire)
    made: Question = msgspec.convert(_filled(QUESTION_TYPES[kind], given, questionnaire), QUESTION_TYPES[kind])
    return made


def fresh_entry(kind: type[msgspec.Struct], questionnaire: Questionnaire, name: str, taken: list[str]) -> Any:
    """A new entry of a list called ``name``: an option, a row, a step, a rule …, numbered on."""
    given = {"code": fresh_code(taken, STEMS.get(name, "item"), len(taken) + 1)} if "code" in _names(kind) else {}
    return msgspec.convert(_filled(kind, given, questionnaire), kind)


def retyped(question: Question, kind: str, questionnaire: Questionnaire) -> Question:
    """The question as type ``kind``: whatever has a place there is kept, options become rows and the reverse."""
    old: dict[str, Any] = msgspec.to_builtins(question)
    target = QUESTION_TYPES[kind]
    parts = old.get("choices") or old.get("rows") or old.get("items")
    offered = {**old, **{name: parts for name in ("choices", "rows", "items") if name not in old and parts}}
    given: dict[str, Any] = {"code": question.code}
    for field in fields(target):
        if field.name in offered:
            value = _trimmed(offered[field.name], field.type)
            if _fits(value, field.type):
                given[field.name] = value
    made: Question = msgspec.convert(_filled(target, given, questionnaire), target)
    return made


def _filled(kind: type[msgspec.Struct], given: dict[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    data = dict(given)
    tag = kind.__struct_config__.tag
    if tag is not None:
        data["type"] = tag
    for field in fields(kind):
        if field.required and field.name not in data:
            data[field.name] = _initial(field.name, field.type, questionnaire)
    return data


def _initial(name: str, kind: Any, questionnaire: Questionnaire) -> Any:
    """Something to begin with for a field that must be there."""
    if name == "scale":
        return next(iter(questionnaire.rating_scales), "agree")
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(arguments[0], type) and issubclass(arguments[0], msgspec.Struct):
        return _samples(kind, name, questionnaire)
    if origin is tuple:
        return []
    if origin is dict:
        return _ENDS.get(name, {})
    if origin is typing.Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return None if type(None) in arguments else _initial(name, arguments[0], questionnaire)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _filled(kind, {"code": name} if "code" in _names(kind) else {}, questionnaire)
    return {bool: False, int: 1, float: 0.0}.get(kind, "")


def _samples(kind: Any, name: str, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    return [_sample(typing.get_args(kind)[0], name, number, questionnaire) for number in (1, 2)]


def _sample(kind: type[msgspec.Struct], name: str, number: int, questionnaire: Questionnaire) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if "code" in _names(kind):
        given["code"] = f"{STEMS.get(name, 'item')}{number}"
    if "label" in _names(kind):
        given["label"] = {language: words.format(number) for language, words in _SAMPLE.get(kind, _ITEM).items()}
    return _filled(kind, given, questionnaire)


def _trimmed(value: Any, kind: Any) -> Any:
    """Entries of another kind of list, less what this kind does not know."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is not tuple or not isinstance(value, list) or not arguments:
        return value
    inner = arguments[0]
    if not (isinstance(inner, type) and issubclass(inner, msgspec.Struct)):
        return value
    known = _names(inner)
    return [{key: each[key] for key in each if key in known} if isinstance(each, dict) else each for each in value]


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, TypeError):
        return False
    return True


def _names(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))
