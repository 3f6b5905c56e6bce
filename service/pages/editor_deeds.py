"""What the buttons of the editor mean: ``verb|place|…`` -> edits, and where one goes from there."""

from __future__ import annotations

from typing import Any

import msgspec

from surveys.definition import Questionnaire
from surveys.editing import Add, Duplicate, Edit, Insert, Move, Remove, Retype, Shift
from surveys.editing_form import Form
from surveys.editing_places import Gone, find, inside, keys
from surveys.formats import text as text_form
from surveys.problem import Problem


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """``edits`` to do; ``problems`` with what was pasted, which stays in its field."""

    verb: str = ""
    place: str = ""
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()


def last(form: Form, name: str) -> str:
    values = form.get(name)
    return values[-1] if values else ""


def read(form: Form, definition: Questionnaire) -> Deed:
    """The button that was pressed; nothing for an autosave. What makes no sense does nothing."""
    verb, place, kind, after = [*last(form, "deed").split("|"), "", "", ""][:4]
    simple: dict[str, Edit] = {
        "add": Add(place=place, type=kind, after=after), "remove": Remove(place=place),
        "duplicate": Duplicate(place=place), "up": Shift(place=place, by=-1), "down": Shift(place=place, by=1),
        "retype": Retype(place=place, type=last(form, "retype")),
        "move": Move(place=last(form, "moved"), to=last(form, "to"), before=last(form, "before")),
    }  # fmt: skip
    if verb in simple:
        return Deed(verb=verb, place=place, edits=(simple[verb],))
    if verb in ("paste", "replace"):
        return _pasted(form, definition, verb, place, kind)
    return Deed(verb=verb, place=place)


def _pasted(form: Form, definition: Questionnaire, verb: str, place: str, after: str) -> Deed:
    """Lines that were pasted, as entries of the list at ``place``."""
    text = last(form, f"paste.{place}").replace("\r\n", "\n")
    try:
        spot = find(definition, place)
    except Gone:
        return Deed(verb=verb, place=place)
    entries: tuple[Any, ...]
    if spot.path[-1] == "questions":
        entries, problems = text_form.read_questions(text, definition)
    else:
        entries, problems = text_form.read_choices(text, spot.kind.__args__[0])
    if problems or not entries:
        return Deed(verb=verb, place=place, problems=tuple(problems))
    plain = tuple(msgspec.to_builtins(each) for each in entries)
    return Deed(
        verb=verb, place=place, edits=(Insert(place=place, entries=plain, after=after, replace=verb == "replace"),)
    )


def next_place(before: Questionnaire, after: Questionnaire, at: str, renamed: dict[str, str]) -> str:
    """Where the author goes on: to what is new, to what was renamed, else stays; next to what is gone."""
    if at in renamed:
        return inside(at.rpartition(".")[0], renamed[at])
    for kind, one, other in _lists(before, after):
        new = [key for key in other if key not in one]
        if new and len(other) > len(one):
            return f"{kind}.{new[0]}"
    for kind, one, other in _lists(before, after):
        stem, _, key = at.partition(".")
        if stem == kind and key in one and key not in other:
            near = min(one.index(key), len(other) - 1)
            return f"{kind}.{other[near]}" if other else ""
    return at


def new_entry(before: Questionnaire, after: Questionnaire, place: str) -> str:
    """The place of the entry that a list has got; empty where there is none."""
    try:
        old, new = find(before, place).value, find(after, place).value
    except Gone:
        return ""
    names = (list(old), list(new)) if isinstance(new, dict) else (keys(old), keys(new))
    fresh = [key for key in names[1] if key not in names[0]]
    return f"{place}.{fresh[0]}" if fresh else ""


def _lists(before: Questionnaire, after: Questionnaire) -> tuple[tuple[str, list[str], list[str]], ...]:
    return (
        ("questions", keys(list(before.questions())), keys(list(after.questions()))),
        ("pages", keys(before.pages), keys(after.pages)),
    )
