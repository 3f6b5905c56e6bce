"""Edits of a questionnaire as data: what an author does, so that it can be done again on what others made meanwhile.

Every edit names its place by codes (``surveys.editing_places``), so it still finds it after other edits.
"""

from __future__ import annotations

import re
import typing
from typing import Any

import msgspec

from surveys.check import CODE_LIMIT
from surveys.definition import Page, Questionnaire
from surveys.editing_places import Gone, Spot, find, inside, keys, put
from surveys.editing_rename import renamed
from surveys.editing_types import copied_code, fresh_code, fresh_entry, fresh_question, retyped, with_scale
from surveys.problem import Problem, problem
from surveys.questions import QUESTION_TYPES, Question
from surveys.text import Text

_CODE = re.compile(r"[a-z][a-z0-9_]*")


class _Edit(msgspec.Struct, frozen=True, kw_only=True, tag_field="edit", tag=str.lower):
    """``place`` says where."""

    place: str


class Set(_Edit, frozen=True, kw_only=True):
    """A field gets a value, as plain data. An empty wording is taken out of its text."""

    value: Any


class Rename(_Edit, frozen=True, kw_only=True):
    """What is at ``place`` gets another code, in everything that names it."""

    code: str


class Add(_Edit, frozen=True, kw_only=True):
    """A new entry in the list at ``place``: a question of ``type``, an option, a row, a page …; at the end, or after
    the entry ``after``."""

    type: str = ""
    after: str = ""


class Insert(_Edit, frozen=True, kw_only=True):
    """Whole entries, as plain data, in the list at ``place``: pasted, or from a bank. Codes already there get a number.

    ``replace`` puts them in the place of what is there.
    """

    entries: tuple[dict[str, Any], ...]
    after: str = ""
    replace: bool = False


class Remove(_Edit, frozen=True, kw_only=True):
    """What is at ``place`` goes."""


class Duplicate(_Edit, frozen=True, kw_only=True):
    """A copy follows what is at ``place``."""


class Move(_Edit, frozen=True, kw_only=True):
    """What is at ``place`` goes to the list ``to`` (empty: stays in its own), before the entry ``before`` or last."""

    to: str = ""
    before: str = ""


class Shift(_Edit, frozen=True, kw_only=True):
    """What is at ``place`` goes up (-1) or down (1) by one; a question past the end of its page goes to the next."""

    by: int


class Retype(_Edit, frozen=True, kw_only=True):
    """A question becomes one of another type and keeps what fits."""

    type: str


class Replace(msgspec.Struct, frozen=True, kw_only=True, tag_field="edit", tag=str.lower):
    """Everything at once: a file that was saved, a template."""

    questionnaire: Questionnaire


Edit = Set | Rename | Add | Insert | Remove | Duplicate | Move | Shift | Retype | Replace


def apply(questionnaire: Questionnaire, edit: Edit) -> Questionnaire | list[Problem]:
    """The questionnaire after the edit, or why it cannot be done, at the edit's place. Never raises."""
    try:
        made: Questionnaire | list[Problem] = _DONE[type(edit)](questionnaire, edit)
    except Gone:
        return [problem("edit_gone", getattr(edit, "place", ""))]
    return made


def apply_all(questionnaire: Questionnaire, edits: tuple[Edit, ...]) -> tuple[Questionnaire, list[Problem]]:
    """What came of those that could be done, and why the others could not."""
    problems: list[Problem] = []
    for edit in edits:
        made = apply(questionnaire, edit)
        if isinstance(made, list):
            problems += made
        else:
            questionnaire = made
    return questionnaire, problems


def _set(questionnaire: Questionnaire, edit: Set) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    owner = find(questionnaire, edit.place.rpartition(".")[0]) if "." in edit.place else None
    if owner is not None and isinstance(owner.value, dict) and isinstance(edit.value, str):
        text = {**owner.value, str(spot.path[-1]): edit.value}
        kept = {language: wording for language, wording in text.items() if wording}
        return put(questionnaire, owner.path, kept)
    value = edit.value
    for choice in _choices(spot.kind):  # what a form says is always a string
        value = choice if str(choice) == value else value
    try:
        value = msgspec.convert(None if value == "" and isinstance(None, _or_nothing(spot.kind)) else value, spot.kind)
    except (msgspec.ValidationError, TypeError):
        return [problem("edit_wrong_value", edit.place)]
    return put(questionnaire, spot.path, value)


def _choices(kind: Any) -> tuple[Any, ...]:
    """What a Literal allows, also beside None."""
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)
    return tuple(choice for each in typing.get_args(kind) for choice in _choices(each))


def _or_nothing(kind: Any) -> Any:
    return type(None) if type(None) in typing.get_args(kind) else ()


def _rename(questionnaire: Questionnaire, edit: Rename) -> Questionnaire | list[Problem]:
    place = edit.place
    spot, code = find(questionnaire, place), edit.code.strip()
    if not _CODE.fullmatch(code) or len(code) > CODE_LIMIT:
        return [problem("bad_code", inside(place, "code"), name=code, limit=CODE_LIMIT)]
    own = spot.path[-1] if spot.path[0] == "rating_scales" else getattr(spot.value, "code", "")
    if code == own:
        return questionnaire
    if code in _codes(questionnaire, spot):
        return [problem("duplicate_code", inside(place, "code"), name=code)]
    return renamed(questionnaire, place, code)


def _codes(questionnaire: Questionnaire, spot: Spot) -> list[str]:
    """Codes that something at ``spot`` may not have: those of its list, for questions those of all pages."""
    if isinstance(spot.value, Question):
        return [question.code for question in questionnaire.questions()]
    siblings = _at(questionnaire, spot.path[:-1])
    return list(siblings) if isinstance(siblings, dict) else [getattr(each, "code", "") for each in siblings]


def _add(questionnaire: Questionnaire, edit: Add) -> Questionnaire | list[Problem]:
    if edit.place == "rating_scales":
        code = fresh_code(questionnaire.rating_scales, "scale")
        scale = fresh_entry(_inner(find(questionnaire, edit.place).kind, 1), questionnaire, "rating_scales", [])
        return put(questionnaire, ("rating_scales", code), scale)
    spot = find(questionnaire, edit.place)
    name = str(spot.path[-1])
    if name == "questions":
        if edit.type not in QUESTION_TYPES:
            return [problem("edit_wrong_value", edit.place)]
        questionnaire = with_scale(questionnaire, edit.type)
        made: Any = fresh_question(questionnaire, edit.type)
    elif name == "pages":
        made = Page(code=fresh_code((page.code for page in questionnaire.pages), "page"), questions=())
    elif _inner(spot.kind) in (Text, str):
        made = {} if _inner(spot.kind) == Text else ""
    else:
        made = fresh_entry(_inner(spot.kind), questionnaire, name, [getattr(each, "code", "") for each in spot.value])
    return put(questionnaire, spot.path, _placed(spot.value, (made,), edit.after))


def _insert(questionnaire: Questionnaire, edit: Insert) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    try:
        entries = msgspec.convert(list(edit.entries), spot.kind)
    except (msgspec.ValidationError, TypeError):
        return [problem("edit_wrong_value", edit.place)]
    whole = spot.path[-1] == "questions"
    old = () if edit.replace else spot.value
    taken = [each.code for each in (questionnaire.questions() if whole else old) if hasattr(each, "code")]
    if whole and edit.replace:
        taken = [code for code in taken if code not in {each.code for each in spot.value}]
    own = []
    for entry in entries:
        if hasattr(entry, "code"):
            entry = msgspec.structs.replace(entry, code=copied_code(taken, entry.code))
            taken.append(entry.code)
        own.append(entry)
    return put(questionnaire, spot.path, _placed(old, tuple(own), edit.after))


def _remove(questionnaire: Questionnaire, edit: Remove) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    siblings = _at(questionnaire, spot.path[:-1])
    if isinstance(siblings, dict):
        left: Any = {key: value for key, value in siblings.items() if key != spot.path[-1]}
    elif isinstance(siblings, tuple):
        left = _without(siblings, int(spot.path[-1]))
    else:
        return [problem("edit_wrong_value", edit.place)]
    changed: Questionnaire = put(questionnaire, spot.path[:-1], left)
    return _ungrouped(changed, spot) if "groups" in spot.path else changed


def _ungrouped(questionnaire: Questionnaire, group: Spot) -> Questionnaire:
    """The questions of a group that is gone stand on their page by themselves."""
    page = _at(questionnaire, group.path[:2])
    left = tuple(
        msgspec.structs.replace(each, group="") if each.group == group.value.code else each for each in page.questions
    )
    return put(questionnaire, (*group.path[:2], "questions"), left)


def _duplicate(questionnaire: Questionnaire, edit: Duplicate) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    siblings = _at(questionnaire, spot.path[:-1])
    if not isinstance(siblings, tuple):
        return [problem("edit_wrong_value", edit.place)]
    copy = spot.value
    if hasattr(copy, "code"):
        copy = msgspec.structs.replace(copy, code=copied_code(_codes(questionnaire, spot), copy.code))
    if isinstance(copy, Page):
        taken = [question.code for question in questionnaire.questions()]
        questions = []
        for question in copy.questions:
            taken.append(copied_code(taken, question.code))
            questions.append(msgspec.structs.replace(question, code=taken[-1]))
        copy = msgspec.structs.replace(copy, questions=tuple(questions))
    position = int(spot.path[-1]) + 1
    return put(questionnaire, spot.path[:-1], (*siblings[:position], copy, *siblings[position:]))


def _move(questionnaire: Questionnaire, edit: Move) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    source = spot.path[:-1]
    if not isinstance(_at(questionnaire, source), tuple):
        return [problem("edit_wrong_value", edit.place)]
    target = find(questionnaire, edit.to).path if edit.to else source
    if target != source and (target[-1] != "questions" or source[-1] != "questions"):
        return [problem("edit_wrong_value", edit.place)]
    before = find(questionnaire, edit.before).value if edit.before else None
    if before is spot.value:
        return questionnaire
    moved = spot.value
    if target != source:
        moved = msgspec.structs.replace(moved, group="")
    changed = put(questionnaire, source, _without(_at(questionnaire, source), int(spot.path[-1])))
    entries = _at(changed, target)
    at = next((index for index, each in enumerate(entries) if each is before), len(entries))
    return put(changed, target, (*entries[:at], moved, *entries[at:]))


def _shift(questionnaire: Questionnaire, edit: Shift) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    siblings, at = _at(questionnaire, spot.path[:-1]), spot.path[-1]
    if not isinstance(siblings, tuple) or not isinstance(at, int):
        return [problem("edit_wrong_value", edit.place)]
    to = at + (1 if edit.by > 0 else -1)
    if 0 <= to < len(siblings):
        entries = list(siblings)
        entries[at], entries[to] = entries[to], entries[at]
        return put(questionnaire, spot.path[:-1], tuple(entries))
    page = int(spot.path[1]) + (1 if edit.by > 0 else -1) if isinstance(spot.value, Question) else -1
    if not 0 <= page < len(questionnaire.pages):
        return questionnaire
    moved = msgspec.structs.replace(spot.value, group="")
    changed = put(questionnaire, spot.path[:-1], _without(siblings, at))
    entries = list(changed.pages[page].questions)
    entries.insert(0 if edit.by > 0 else len(entries), moved)
    return put(changed, ("pages", page, "questions"), tuple(entries))


def _retype(questionnaire: Questionnaire, edit: Retype) -> Questionnaire | list[Problem]:
    spot = find(questionnaire, edit.place)
    if edit.type not in QUESTION_TYPES or not isinstance(spot.value, Question):
        return [problem("edit_wrong_value", edit.place)]
    if spot.value.type == edit.type:
        return questionnaire
    questionnaire = with_scale(questionnaire, edit.type)
    return put(questionnaire, spot.path, retyped(spot.value, edit.type, questionnaire))


def _replace(questionnaire: Questionnaire, edit: Replace) -> Questionnaire:
    return msgspec.structs.replace(edit.questionnaire, name=questionnaire.name)


_DONE: dict[type, Any] = {
    Set: _set, Rename: _rename, Add: _add, Insert: _insert, Remove: _remove, Duplicate: _duplicate, Move: _move,
    Shift: _shift, Retype: _retype, Replace: _replace,
}  # fmt: skip


def _at(questionnaire: Questionnaire, path: tuple[str | int, ...]) -> Any:
    thing: Any = questionnaire
    for step in path:
        thing = getattr(thing, str(step)) if isinstance(thing, msgspec.Struct) else thing[step]
    return thing


def _inner(kind: Any, place: int = 0) -> Any:
    arguments = getattr(kind, "__args__", ())
    return arguments[place] if len(arguments) > place else None


def _without(entries: tuple[Any, ...], position: int) -> tuple[Any, ...]:
    return entries[:position] + entries[position + 1 :]


def _placed(entries: tuple[Any, ...], new: tuple[Any, ...], after: str) -> tuple[Any, ...]:
    """``new`` behind the entry whose place or key is ``after``, or at the end."""
    names = keys(entries)
    key = after.rpartition(".")[2]
    position = names.index(key) + 1 if key in names else len(entries)
    return (*entries[:position], *new, *entries[position:])
