"""Questions kept for use in many questionnaires: taken out of one, put into another, and kept the same by reference.

A question in a bank stands alone: without conditions, without a group, and with the answer scales that it needs. In a
questionnaire a reference is a whole question whose ``bank`` names item and version, so that a file with references is
complete without the bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from surveys.definition import Questionnaire, fields, texts
from surveys.editing_rename import REFERENCES
from surveys.questions import Question, RatingScale

REFERENCE = re.compile(r"([a-z][a-z0-9_]*)@([1-9][0-9]{0,5})")

PLACED = frozenset(("code", "visible_if", "required", "required_if", "rules", "group", "bank"))
"""What a question is in its own questionnaire and not by the bank."""

POINTING = frozenset(name for name, kind in REFERENCES.items() if kind in ("question", "step", "group"))
SCALE_FIELDS = frozenset(name for name, kind in REFERENCES.items() if kind == "rating_scale")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A question that stands alone, and the answer scales that it names."""

    question: Question
    rating_scales: dict[str, RatingScale] = msgspec.field(default_factory=dict)


def reference(question: Question) -> tuple[str, int] | None:
    """The bank item and version that a question refers to."""
    found = REFERENCE.fullmatch(question.bank)
    return (found[1], int(found[2])) if found else None


def references(questionnaire: Questionnaire) -> dict[str, tuple[str, int]]:
    """Question code to bank item and version, for questions that refer to the bank."""
    return {each.code: found for each in questionnaire.questions() if (found := reference(each))}


def standalone(questionnaire: Questionnaire, question: Question) -> Item:
    """The question as it goes into the bank."""
    lonely = _without(question, (PLACED | POINTING) - {"code", "required"})
    plain = msgspec.to_builtins(lonely)
    bare: Question = msgspec.convert(_walked(plain, lambda key, value: "" if key == "visible_if" else value), Question)
    names = [name for name in dict.fromkeys(_named(plain)) if name in questionnaire.rating_scales]
    return Item(question=bare, rating_scales={name: questionnaire.rating_scales[name] for name in names})


def words(item: Item) -> str:
    """All that a bank item can be found by, in small letters."""
    wordings = [each for _, _, text in texts(item.question) for each in text.values()]
    return "\n".join([item.question.code, item.question.type, *wordings]).lower()


def fitted(questionnaire: Questionnaire, item: Item) -> tuple[Questionnaire, Question]:
    """The questionnaire with the answer scales that the item needs, and its question naming them as they are there."""
    scales = dict(questionnaire.rating_scales)
    names: dict[str, str] = {}
    for name, scale in item.rating_scales.items():
        same = next((known for known in (name, *scales) if scales.get(known) == scale), None)
        names[name] = same or _fresh(name, scales)
        scales[names[name]] = scale
    plain = msgspec.to_builtins(item.question)
    renamed = _walked(plain, lambda key, value: names.get(value, value) if key in SCALE_FIELDS else value)
    question: Question = msgspec.convert(renamed, Question)
    return msgspec.structs.replace(questionnaire, rating_scales=scales), question


def resolved(questionnaire: Questionnaire, items: Mapping[tuple[str, int], Item]) -> Questionnaire:
    """Every reference replaced by what the bank holds; place, code, conditions and whether it is required stay.

    What the bank does not know, or knows as another type, stays as it is written.
    """
    for number, page in enumerate(questionnaire.pages):
        questions = []
        for written in page.questions:
            item = items.get(reference(written) or ("", 0))
            if item is None or item.question.type != written.type:
                questions.append(written)
                continue
            questionnaire, fresh = fitted(questionnaire, item)
            own = {name: getattr(written, name) for name in _names(written) if name in PLACED | POINTING}
            questions.append(msgspec.structs.replace(fresh, **own))
        pages = list(questionnaire.pages)
        pages[number] = msgspec.structs.replace(page, questions=tuple(questions))
        questionnaire = msgspec.structs.replace(questionnaire, pages=tuple(pages))
    return questionnaire


def _names(question: Question) -> list[str]:
    return [field.name for field in fields(type(question))]


def _without(question: Question, names: frozenset[str]) -> Question:
    """The question with these fields as if nobody had filled them in."""
    plain = {key: value for key, value in msgspec.to_builtins(question).items() if key not in names}
    bare: Question = msgspec.convert(plain, Question)
    return bare


def _walked(value: Any, change: Any, key: str = "") -> Any:
    """Plain data with every string that is a field's value changed."""
    if isinstance(value, dict):
        return {name: _walked(each, change, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_walked(each, change) for each in value]
    return change(key, value) if isinstance(value, str) else value


def _named(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _named(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif key in SCALE_FIELDS and isinstance(value, str):
        yield value


def _fresh(name: str, taken: Mapping[str, RatingScale]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
