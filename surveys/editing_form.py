"""A posted form of the editor -> edits, and edits of several authors put together.

The form was filled in looking at one state (the base); others may have made newer ones. What the author changed is
what differs from the base; it is done on the newest state unless somebody else changed the very same place.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from surveys.definition import Questionnaire
from surveys.editing import Edit, Insert, Rename, Set, apply
from surveys.editing_fields import Control, controls, leaves
from surveys.editing_places import Gone, find, inside
from surveys.problem import Problem, problem
from surveys.questions.base import clean

Form = Mapping[str, Sequence[str]]

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two authors changed one place: what this one typed and what the other has made of it meanwhile; ``theirs`` is
    None where the other removed it."""

    place: str
    typed: str
    theirs: str | None


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """The questionnaire after what could be done. ``typed``: inputs that could not be taken, as they were typed."""

    questionnaire: Questionnaire
    problems: dict[str, Problem] = {}
    conflicts: dict[str, Conflict] = {}
    typed: dict[str, str] = {}
    renamed: dict[str, str] = {}


class _Input(msgspec.Struct, frozen=True):
    """One input that differs from what its author saw: the edit it means, or why it cannot be read."""

    name: str
    typed: str
    edit: Edit | Problem


def merge(
    base: Questionnaire, newest: Questionnaire, place: str, form: Form, *, codes: bool, chosen: str = ""
) -> Merged:
    """What the form changes at ``place``, on the newest state.

    ``codes``: whether codes are read as well (not while typing). ``chosen``: the place at which the author decided for
    what they typed. Inputs named in the form's ``held`` wait for such a decision.
    """
    problems: dict[str, Problem] = {}
    conflicts: dict[str, Conflict] = {}
    typed: dict[str, str] = {}
    renames: dict[str, str] = {}
    held = frozenset(form.get("held", ()))
    merged = newest
    for each in _changed(base, place, form, codes):
        if isinstance(each.edit, Problem):
            problems[each.name], typed[each.name] = each.edit, each.typed
            continue
        conflict = _conflict(base, merged, each, each.name in held and each.name != chosen)
        if conflict is not None and each.name != chosen:
            conflicts[each.name], typed[each.name] = conflict, each.typed
            continue
        made = apply(merged, each.edit)
        if isinstance(made, list):
            problems[each.name], typed[each.name] = made[0], each.typed
            continue
        merged = made
        if isinstance(each.edit, Rename):
            renames[each.edit.place] = each.edit.code
    return Merged(questionnaire=merged, problems=problems, conflicts=conflicts, typed=typed, renamed=renames)


def _conflict(base: Questionnaire, newest: Questionnaire, each: _Input, held: bool) -> Conflict | None:
    place = each.edit.place if isinstance(each.edit, Set) else each.name
    try:
        now = _said(newest, place)
    except Gone:
        return Conflict(place=each.name, typed=each.typed, theirs=None)
    try:
        before: str | None = _said(base, place)
    except Gone:
        before = None
    if now == each.typed or (now == before and not held):
        return None
    return Conflict(place=each.name, typed=each.typed, theirs=now)


def _said(questionnaire: Questionnaire, place: str) -> str:
    """What is at a place, as its input shows it."""
    if place.endswith(".code"):
        found = find(questionnaire, place.rpartition(".")[0])
        return str(getattr(found.value, "code", found.path[-1]))
    value = find(questionnaire, place).value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    return "" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _changed(base: Questionnaire, place: str, form: Form, codes: bool) -> Iterator[_Input]:
    """Inputs of the form that differ from the base; codes last, as renaming changes other places."""
    try:
        found = list(leaves(controls(base, place)))
    except Gone:
        return
    for control in found:
        if control.kind != "code":
            yield from _inputs(control, form)
    for control in reversed(found) if codes else ():
        values = form.get(control.place)
        if control.kind == "code" and values is not None and values[-1].strip() != control.value:
            owner = control.place.rpartition(".")[0]
            yield _Input(control.place, values[-1], Rename(place=owner, code=values[-1].strip()))


def _inputs(control: Control, form: Form) -> Iterator[_Input]:
    if control.kind == "text":
        assert isinstance(control.values, Mapping)
        for name in form:
            language = name.removeprefix(f"{control.place}.")
            if name != language and "." not in language:
                typed = clean(form[name][-1])
                if typed != control.values.get(language, ""):
                    yield _Input(name, typed, Set(place=name, value=typed))
        return
    if control.kind == "words":
        yield from _words(control, form)
        return
    values = form.get(control.place)
    if values is None:
        return
    if control.kind == "ticks":
        ticked = tuple(option for option in control.options if option in values)
        if ticked != control.values:
            yield _Input(control.place, "\n".join(ticked), Set(place=control.place, value=list(ticked)))
        return
    typed = clean(values[-1])
    if typed != control.value:
        yield _Input(control.place, typed, _read(control, typed))


def _words(control: Control, form: Form) -> Iterator[_Input]:
    assert isinstance(control.values, Mapping)
    given = {language: form.get(f"{control.place}.{language}") for language in control.values}
    typed = {language: clean(values[-1]) if values else control.values[language] for language, values in given.items()}
    if typed == dict(control.values):
        return
    lines = {language: [line.strip() for line in words.strip().split("\n")] for language, words in typed.items()}
    count = max(len(each) for each in lines.values())
    texts = [{language: each[at] for language, each in lines.items() if at < len(each) and each[at]}
             for at in range(count)]  # fmt: skip
    yield _Input(control.place, msgspec.json.encode(texts).decode(), Set(place=control.place, value=texts))


def _read(control: Control, typed: str) -> Edit | Problem:
    """The value that was typed into one input."""
    place, plain = control.place, typed.strip()
    if control.kind == "tick":
        return Set(place=place, value=plain == "1")
    if control.kind in ("integer", "number"):
        return _number(control, plain)
    if control.kind == "lines":
        return Set(place=place, value=[line.strip() for line in re.split(r"[\n,，、;；]", typed) if line.strip()])
    if control.kind == "raw":
        try:
            return Set(place=place, value=msgspec.json.decode(typed))
        except msgspec.DecodeError:
            return problem("edit_not_readable", place)
    return Set(place=place, value=plain)


def _number(control: Control, plain: str) -> Edit | Problem:
    if not plain and control.optional:
        return Set(place=control.place, value=None)
    if not _NUMBER.fullmatch(plain):
        return problem("edit_not_integer" if control.kind == "integer" else "edit_not_number", control.place)
    if control.kind == "integer":
        return (
            problem("edit_not_integer", control.place) if "." in plain else Set(place=control.place, value=int(plain))
        )
    return Set(place=control.place, value=float(plain))


def restored(base: Questionnaire, newest: Questionnaire, place: str, form: Form) -> Questionnaire | None:
    """The newest state with the question that another author removed put back as this author left it; None where that
    cannot be done."""
    try:
        mine = merge(base, base, place, form, codes=False).questionnaire
        spot = find(mine, place)
    except Gone:
        return None
    page = mine.pages[typing.cast(int, spot.path[1])].code if spot.path[0] == "pages" else ""
    codes = [each.code for each in newest.pages]
    target = inside("pages", page if page in codes else codes[-1] if codes else "", "questions")
    made: Any = apply(newest, Insert(place=target, entries=(msgspec.to_builtins(spot.value),)))
    return None if isinstance(made, list) else made
