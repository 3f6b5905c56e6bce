"""Renaming a code, and with it everything that names it: conditions, piped answers, scales, jumps."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from surveys.definition import Questionnaire, fields
from surveys.editing_places import find, put
from surveys.text import Text

EXPRESSIONS = frozenset(("visible_if", "required_if", "holds", "when", "expression"))
"""Fields that hold an expression."""

REFERENCES = {
    "scale": "rating_scale", "problem_from": "question", "choices_from": "question", "rows_from": "question",
    "repeat_over": "question", "items": "column", "reversed": "column", "to": "page", "shuffled_pages": "page",
    "group": "group", "steps": "step",
}  # fmt: skip
"""Fields that hold the code of something else, and what that is."""

_TOKEN = re.compile(r""""[^"]*"|'[^']*'|“[^”]*”|[a-z][a-z0-9_]*(?:\.(?:[a-z0-9_]+|\*))*|.""", re.DOTALL)
_PIPE = re.compile(r"\{\{(.*?)\}\}")
_BREAKS = frozenset(("and", "or", "if", "else", "then"))
_WORDS = _BREAKS | {"not", "in", "contains", "answered", "true", "false"}


class _Change(msgspec.Struct, frozen=True):
    """``name`` rewrites a dotted name; ``literal`` a quoted code that is compared with a name; ``reference`` a code of
    some kind."""

    name: Callable[[str], str] = lambda name: name
    literal: Callable[[str, str], str] = lambda name, code: code
    reference: Callable[[str, str], str] = lambda kind, code: code


def renamed(questionnaire: Questionnaire, place: str, code: str) -> Questionnaire:
    """The questionnaire where what is at ``place`` is called ``code`` by itself and by all others.

    Raises ``Gone``.
    """
    spot = find(questionnaire, place)
    if spot.path[0] == "rating_scales":
        old = str(spot.path[1])
        scales = {code if name == old else name: scale for name, scale in questionnaire.rating_scales.items()}
        questionnaire = msgspec.structs.replace(questionnaire, rating_scales=scales)
        worded: Questionnaire = _rewritten(questionnaire, _Change(reference=_of_kind({"rating_scale"}, old, code)))
        return worded
    old = spot.value.code
    scope = spot.path[:2] if "groups" in spot.path else ()
    changed: Questionnaire = put(questionnaire, (*spot.path, "code"), code)
    area = find(changed, ".".join(place.split(".")[:2])).value if scope else changed
    return put(changed, scope, _rewritten(area, _change(place, old, code)))


def _change(place: str, old: str, new: str) -> _Change:
    steps = place.split(".")
    if steps[0] == "questions" and len(steps) == 2:
        name = _prefix(old, new)
        return _Change(name=name, reference=lambda kind, code: name(code) if kind in ("question", "column") else code)
    if steps[0] == "questions":
        question = steps[1]
        name = _prefix(f"{question}.{old}", f"{question}.{new}")
        return _Change(
            name=name,
            literal=lambda owner, code: new if owner == question and code == old else code,
            reference=lambda kind, code: name(code) if kind == "column" else code,
        )
    if steps[0] == "steps":
        name = _second(old, new)
        return _Change(name=name, reference=lambda kind, code: _step_reference(kind, code, old, new, name))
    kinds = {"group"} if "groups" in steps else {"page"} if steps[0] == "pages" else set[str]()
    return _Change(reference=_of_kind(kinds, old, new))


def _of_kind(kinds: set[str], old: str, new: str) -> Callable[[str, str], str]:
    return lambda kind, code: new if kind in kinds and code == old else code


def _step_reference(kind: str, code: str, old: str, new: str, name: Callable[[str], str]) -> str:
    if kind == "step":
        return new if code == old else code
    return name(code) if kind == "column" else code


def _prefix(old: str, new: str) -> Callable[[str], str]:
    return lambda name: new + name[len(old) :] if name == old or name.startswith(f"{old}.") else name


def _second(old: str, new: str) -> Callable[[str], str]:
    """A step is the second part of a step grid's columns, of which there are always three parts."""

    def rewrite(name: str) -> str:
        parts = name.split(".")
        return ".".join((parts[0], new, *parts[2:])) if len(parts) == 3 and parts[1] == old else name

    return rewrite


def _rewritten(thing: Any, change: _Change) -> Any:
    """A Struct with every expression, text and reference inside it changed."""
    values: dict[str, Any] = {}
    kind: type[msgspec.Struct] = type(thing)
    for field in fields(kind):
        value = getattr(thing, field.name)
        new = _field(field.name, field.type, value, change)
        if new is not value:
            values[field.name] = new
    return msgspec.structs.replace(thing, **values) if values else thing


def _field(name: str, kind: Any, value: Any, change: _Change) -> Any:
    if name in EXPRESSIONS and isinstance(value, str):
        return rewrite_expression(value, change.name, change.literal) if value else value
    if name in REFERENCES and isinstance(value, str):
        return change.reference(REFERENCES[name], value)
    if name in REFERENCES and isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return tuple(change.reference(REFERENCES[name], each) for each in value)
    if kind == Text:
        return _text(value, change)
    if isinstance(value, msgspec.Struct):
        return _rewritten(value, change)
    if isinstance(value, tuple):
        return tuple(_entry(each, change) for each in value)
    if isinstance(value, dict):
        return {key: _entry(each, change) for key, each in value.items()}
    return value


def _entry(value: Any, change: _Change) -> Any:
    if isinstance(value, msgspec.Struct):
        return _rewritten(value, change)
    return _text(value, change) if isinstance(value, dict) else value


def _text(text: Text, change: _Change) -> Text:
    def piped(match: re.Match[str]) -> str:
        return "{{" + rewrite_expression(match[1], change.name, change.literal) + "}}"

    return {language: _PIPE.sub(piped, wording) for language, wording in text.items()}


def rewrite_expression(text: str, name: Callable[[str], str], literal: Callable[[str, str], str]) -> str:
    """The text of an expression with its names, and the quoted codes beside them, rewritten; the rest as it was typed.

    A quoted code belongs to the name before it in the same comparison, else to the one after it.
    """
    tokens = _TOKEN.findall(text)
    owners = _owners(tokens)
    return "".join(
        token[0] + literal(owners[index], token[1:-1]) + token[-1]
        if len(token) > 1 and token[0] in "\"'“"
        else name(token) if _is_name(token) else token
        for index, token in enumerate(tokens)
    )  # fmt: skip


def _is_name(token: str) -> bool:
    return token[0].isalpha() and token[0].isascii() and token not in _WORDS


def _owners(tokens: list[str]) -> dict[int, str]:
    """For each token, the name that it is compared with: the nearest before it in its clause, else the next."""
    owners: dict[int, str] = {}
    start = 0
    for end in [*(index for index, token in enumerate(tokens) if token in _BREAKS), len(tokens)]:
        named = [index for index in range(start, end) if _is_name(tokens[index]) and not _is_call(tokens, index)]
        for index in range(start, end):
            before = [at for at in named if at <= index]
            owners[index] = tokens[before[-1] if before else named[0]] if named else ""
        start = end + 1
    return owners


def _is_call(tokens: list[str], index: int) -> bool:
    following = next((token for token in tokens[index + 1 :] if not token.isspace()), "")
    return following == "("
