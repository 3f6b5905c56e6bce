"""A posted form of an item back to plain data, and to the item.

The form is the whole truth, so that rows are added and taken out without scripts and without saving: ``read`` makes
plain data of it, ``changed`` changes its rows, ``made`` makes the item.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from surveys.exams.item_form import OWN, STARTS, Plain, copied, entry_type, is_item, is_struct, with_codes, without_none
from surveys.exams.items import ITEM_TYPES, BankItem
from surveys.questions.base import clean
from surveys.text import Text

Form = Mapping[str, Sequence[str]]

MOST_ROWS = 100
_NUMBER = re.compile(r"-?[0-9]{1,12}([.][0-9]{1,9})?")


def read(form: Form, item_type: str) -> tuple[Plain, dict[str, str]]:
    """Plain data of what was typed, and place to the code of what cannot be read (``number``)."""
    wrong: dict[str, str] = {}
    data: Plain = {"item": {"type": item_type, **_read(ITEM_TYPES[item_type], "item", form, wrong)}}
    known = {field.name: field for field in msgspec.structs.fields(BankItem)}
    for name in OWN:
        data[name] = _value(without_none(known[name].type), name, form, wrong)
    return data, wrong


def _read(owner: type, place: str, form: Form, wrong: dict[str, str]) -> Plain:
    found = {}
    for each in msgspec.structs.fields(owner):
        value = _value(without_none(each.type), f"{place}.{each.name}", form, wrong)
        if value is None and each.type is str:
            value = ""
        if value is not None:
            found[each.name] = value
    return found


def _value(kind: Any, place: str, form: Form, wrong: dict[str, str]) -> Any:
    """What the form says at ``place``; None where an empty input means the default."""
    entry = entry_type(kind)
    if entry is not None:
        return [_read(entry, f"{place}.{number}", form, wrong) for number in _numbers(form, place)]
    if is_item(kind):
        item_type = _last(form, f"{place}.type")
        item_type = item_type if item_type in ITEM_TYPES and item_type != "case" else "single"
        return {"type": item_type, **_read(ITEM_TYPES[item_type], place, form, wrong)}
    if is_struct(kind):
        return _read(kind, place, form, wrong)
    if kind == Text:
        start = f"{place}."
        said = {name.removeprefix(start): clean(form[name][-1]) for name in form if name.startswith(start)}
        return {language: wording for language, wording in said.items() if wording.strip() and "." not in language}
    typed = clean(_last(form, place)).strip()
    if kind is bool:
        return typed == "1"
    if kind in (int, float):
        return _number(kind, typed, place, wrong)
    if typing.get_origin(kind) is tuple:
        return list(dict.fromkeys(re.split(r"[\s,，、;；#]+", typed.strip(" #")))) if typed else []
    return typed or None


def _number(kind: type, typed: str, place: str, wrong: dict[str, str]) -> Any:
    if not typed:
        return None
    narrow = typed.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
    if not _NUMBER.fullmatch(narrow) or (kind is int and "." in narrow):
        wrong[place] = "number"
        return typed
    return kind(narrow)


def _numbers(form: Form, place: str) -> list[int]:
    start, found = f"{place}.", set()
    for name in form:
        number = name[len(start) :].partition(".")[0] if name.startswith(start) else ""
        if number.isascii() and number.isdigit() and len(number) < 4:
            found.add(int(number))
    return sorted(found)[:MOST_ROWS]


def _last(form: Form, place: str) -> str:
    values = form.get(place) or ("",)
    return values[-1]


# Rows


def changed(data: Plain, deed: str) -> Plain:
    """The data after ``add|place``, ``add|place|type``, ``remove|place``, ``up|place`` or ``down|place``; any other
    deed only shows again what there is, new options to choose among them."""
    verb, _, rest = deed.partition("|")
    place, _, item_type = rest.partition("|")
    steps = place.split(".")
    result: Plain = copied(data)
    if verb == "add":
        rows = _at(result, steps)
        if isinstance(rows, list) and len(rows) < MOST_ROWS:
            rows.append(_new_row(steps[-1], item_type))
        return result
    rows, number = _at(result, steps[:-1]), int(steps[-1]) if steps[-1].isascii() and steps[-1].isdigit() else -1
    if not isinstance(rows, list) or not 0 <= number < len(rows):
        return data
    if verb == "remove":
        del rows[number]
    elif verb in ("up", "down"):
        other = max(0, min(len(rows) - 1, number + (1 if verb == "down" else -1)))
        rows[number], rows[other] = rows[other], rows[number]
    return result


def _new_row(name: str, item_type: str) -> Plain:
    if name == "questions":
        chosen = item_type if item_type in STARTS and item_type != "case" else "single"
        return {"item": {"type": chosen, **copied(STARTS[chosen])}}
    new: dict[str, Plain] = {"gaps": {"accepted": [{}]}, "rubric": {"levels": [{}, {}]}}
    return new.get(name, {})


def _at(data: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(data, list):
            data = data[int(step)] if step.isascii() and step.isdigit() and int(step) < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


# The item


def made(data: Plain, code: str, state: str) -> BankItem:
    """The item. Raises msgspec.ValidationError, of which ``missing_place`` tells where something is missing."""
    whole = {name: value for name, value in data.items() if value is not None}
    whole |= {"code": code, "state": state, "item": with_codes(data["item"])}
    return msgspec.convert(whole, BankItem)


def pruned(data: Plain) -> Plain:
    """The data without empty rows. Parts get their codes before, so that what chooses one still means it."""
    return {**data, "item": _pruned(with_codes(data["item"]))}


def missing_place(fault: str) -> str:
    """The place of a field that a Struct needs and a form lacks; empty where the fault is another."""
    found = re.fullmatch(r"Object missing required field `(\w+)` - at `[$]\.(.*)`", fault)
    return f"{found[2].replace('[', '.').replace(']', '')}.{found[1]}" if found else ""


def _pruned(data: Any) -> Any:
    """Without rows in which nothing is filled in."""
    if isinstance(data, dict):
        return {name: _pruned(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_pruned(each) for each in data if _filled(each)]
    return data


def _filled(value: Any, name: str = "") -> bool:
    if isinstance(value, dict):
        return any(_filled(inner, inner_name) for inner_name, inner in value.items())
    if isinstance(value, list):
        return any(_filled(each) for each in value)
    return name not in ("code", "type") and not isinstance(value, bool) and value not in (None, "")
