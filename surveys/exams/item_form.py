"""The form of an item, worked out from its Structs: what can be filled in. No item type needs code here.

Inputs are named by places: ``item.options.0.label.zh-CN``. What a form holds is plain data (``Plain``), in which what
cannot be read stays as it was typed; ``surveys.exams.item_reading`` makes it of a posted form, and the item of it.
"""

from __future__ import annotations

import re
import types
import typing
from typing import Any, Literal

import msgspec

from surveys.exams.items import ITEM_TYPES, BankItem
from surveys.text import Text

Plain = dict[str, Any]
Kind = Literal["text", "line", "tick", "select", "number", "words", "pick", "rows", "group", "item"]

OWN = ("category", "topic", "tags", "difficulty", "bloom", "author")
"""What the bank knows of an item, in the order of the form; code and state are changed elsewhere."""
ASIDE = frozenset(
    ("share", "feedback", "feedback_true", "feedback_false", "fixed", "code", "weight", "match", "shuffle",
     "maximum_length")
)  # fmt: skip
"""Fields that most items leave as they are: behind a word."""
LATER = ("pairs", "explanation")
"""Fields that follow all others of their item; pairs choose among options."""
KEYLESS = frozenset(("correct", "share", "feedback"))
"""What an option says of a key: nothing where options are put in order or belong to premises."""
STARTS: dict[str, Plain] = {
    "single": {"options": [{}] * 4}, "multiple": {"options": [{}] * 4}, "true_false": {},
    "blanks": {"gaps": [{"accepted": [{}]}]}, "cloze": {"gaps": [{"accepted": [{}]}]}, "numeric": {"accepted": [{}]},
    "matching": {"pairs": [{}] * 3, "options": [{}] * 3}, "ordering": {"options": [{}] * 4},
    "short_answer": {"accepted": [{}]}, "essay": {"rubric": [{"levels": [{}] * 3}]},
    "file": {"rubric": [{"levels": [{}] * 3}]}, "case": {"questions": []},
}  # fmt: skip
"""The rows with which a new item of each type begins."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. ``owner`` is its Struct in snake case, or the item's type. ``value``: typed text, a Text for ``text``,
    a bool for ``tick``; ``options`` to choose from, for ``pick`` with their labels; ``rows`` of a list, of which a
    ``group`` or an ``item`` has one."""

    place: str
    name: str
    owner: str
    kind: Kind
    value: Any = ""
    options: tuple[tuple[str, Text], ...] = ()
    rows: tuple[Row, ...] = ()
    aside: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its place, and what can be filled in about it. ``type`` of an item within a case."""

    place: str
    fields: tuple[Field, ...]
    type: str = ""


# What can be filled in


def start(item_type: str) -> Plain:
    """A new item of a type with nothing filled in. Raises KeyError for a type that there is not."""
    return {"item": {"type": item_type, **copied(STARTS[item_type])}}


def copied(value: Any) -> Any:
    """A copy down to the last row, of Structs as plain data."""
    return msgspec.json.decode(msgspec.json.encode(value))


def plain(item: BankItem) -> Plain:
    found: Plain = copied(item)
    return found


def shown(data: Plain) -> tuple[Field, ...]:
    """The fields of the item itself, then what the bank knows of it (without code and state)."""
    known = {field.name: field for field in msgspec.structs.fields(BankItem)}
    own = [_field(known[name], "", "bank_item", data, data) for name in OWN]
    return (*_fields(ITEM_TYPES[data["item"]["type"]], "item", data["item"]), *own)


def _fields(owner: type, place: str, data: Plain) -> tuple[Field, ...]:
    name = _owner(owner)
    found = [_field(each, place, name, data, data) for each in msgspec.structs.fields(owner)]
    return tuple(sorted(found, key=lambda field: LATER.index(field.name) if field.name in LATER else -1))


def _owner(owner: type) -> str:
    tag = getattr(owner, "__struct_config__").tag  # noqa: B009 (mypy knows no attribute of a plain type)
    return str(tag) if tag else re.sub(r"(?<!^)(?=[A-Z])", "_", owner.__name__).lower()


def _field(each: msgspec.structs.FieldInfo, place: str, owner: str, data: Plain, parent: Plain) -> Field:
    at = f"{place}.{each.name}" if place else each.name
    kind, default = without_none(each.type), _default(each)
    value = data.get(each.name, default)
    about: dict[str, Any] = {"place": at, "name": each.name, "owner": owner, "aside": each.name in ASIDE}
    entry = entry_type(kind)
    if entry is not None:
        rows = tuple(Row(place=f"{at}.{n}", fields=_inside(entry, f"{at}.{n}", row, parent))
                     for n, row in enumerate(value or ()))  # fmt: skip
        return Field(kind="rows", rows=rows, **about)
    if is_item(kind):
        row = Row(place=at, type=value["type"], fields=_fields(ITEM_TYPES[value["type"]], at, value))
        return Field(kind="item", rows=(row,), **about)
    if is_struct(kind):
        whole = copied(value) if isinstance(value, msgspec.Struct) else value
        return Field(kind="group", rows=(Row(place=at, fields=_fields(kind, at, whole)),), **about)
    if (owner, each.name) == ("pair", "option"):
        return Field(kind="pick", value=value or "", options=_offered(parent), **about)
    return Field(**_simple(kind, value), **about)


def _inside(entry: type, place: str, row: Plain, parent: Plain) -> tuple[Field, ...]:
    """The fields of a row; a pair's option is chosen among those of the item that holds it."""
    found = [_field(each, place, _owner(entry), row, parent) for each in msgspec.structs.fields(entry)]
    rare = {"text"} if parent.get("type") == "numeric" else {"number", "tolerance"}
    if _owner(entry) == "option" and parent.get("type") in ("matching", "ordering"):
        return tuple(each for each in found if each.name not in KEYLESS)
    if _owner(entry) != "accepted":
        return tuple(found)
    return tuple(msgspec.structs.replace(each, aside=each.aside or each.name in rare) for each in found)


def _offered(parent: Plain) -> tuple[tuple[str, Text], ...]:
    options = with_codes(parent).get("options", ())
    return tuple((each["code"], each.get("label", {})) for each in options if any(each.get("label", {}).values()))


def _simple(kind: Any, value: Any) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind == Text:
        return {"kind": "text", "value": value or {}}
    if kind is bool:
        return {"kind": "tick", "value": bool(value)}
    if origin is Literal:
        return {"kind": "select", "value": value, "options": tuple((str(each), {}) for each in arguments)}
    if kind in (int, float):
        return {"kind": "number", "value": "" if value is None else str(value).removesuffix(".0")}
    if origin is tuple:
        return {"kind": "words", "value": " ".join(value)}
    return {"kind": "line", "value": value or ""}


# Codes


CODED = {"options": "o", "gaps": "gap", "pairs": "p", "rubric": "c", "questions": "q", "units": "u"}
"""Lists whose entries have codes, and how the codes begin that nobody typed."""


def with_codes(data: Plain) -> Plain:
    """The data in which every entry that needs a code has one; those that are there stay."""
    result = dict(data)
    for name, stem in CODED.items():
        if isinstance(result.get(name), list):
            taken = {each.get("code") for each in result[name]}
            fresh = (code for n in range(1, 1000) if (code := f"{stem}{n}") not in taken)
            result[name] = [each if each.get("code") else {**each, "code": next(fresh)} for each in result[name]]
    if isinstance(result.get("questions"), list):
        result["questions"] = [{**each, "item": with_codes(each["item"])} for each in result["questions"]]
    return result


# Types


def without_none(kind: Any) -> Any:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType) and type(None) in arguments:
        rest = [each for each in arguments if each is not type(None)]
        return rest[0] if len(rest) == 1 else kind
    return kind


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def is_item(kind: Any) -> bool:
    """The union of item types."""
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def entry_type(kind: Any) -> Any:
    arguments = typing.get_args(kind)
    return arguments[0] if typing.get_origin(kind) is tuple and is_struct(arguments[0]) else None


def _default(each: msgspec.structs.FieldInfo) -> Any:
    if each.default_factory is not msgspec.NODEFAULT:
        return each.default_factory()
    return None if each.default is msgspec.NODEFAULT else each.default
