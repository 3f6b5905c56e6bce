"""What can be filled in about a part of a questionnaire, worked out from its Struct: no question type needs code here.

Controls are named like places (``surveys.editing_places``), so a posted form says by itself what it means to change.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from surveys.definition import Questionnaire, fields
from surveys.editing_places import Gone, find, inside, keys
from surveys.editing_rename import EXPRESSIONS, REFERENCES
from surveys.text import LANGUAGES, Text

Kind = Literal["text", "line", "tick", "select", "integer", "number", "expression", "code", "lines", "ticks", "list",
               "words", "raw"]  # fmt: skip

ELSEWHERE = frozenset(("pages", "questions", "name", "type", "bank"))
"""Fields with pages of their own, or that nobody may change."""


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One field. ``owner`` is the Struct's name in the texts (``single``, ``choice``, ``page``), ``name`` the field's.

    ``values`` are what its inputs hold: one string, or for ``text`` one per language, for ``ticks`` the chosen ones.
    ``options`` are codes to choose from; ``entries`` those of a list, each with controls of its own.
    """

    place: str
    name: str
    owner: str
    kind: Kind
    values: Mapping[str, str] | tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    optional: bool = False
    needed: bool = False  # the field has no default
    default: bool = True  # whether it holds what it holds where nobody has touched it
    entries: tuple[Entry, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if isinstance(self.values, tuple) and self.values else ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a list: its key and place, and what can be filled in about it."""

    key: str
    place: str
    controls: tuple[Control, ...]


def controls(questionnaire: Questionnaire, place: str) -> tuple[Control, ...]:
    """The fields of the Struct at ``place`` in order; of the whole questionnaire where it is empty. Raises ``Gone``."""
    if not place:
        return tuple(_controls(questionnaire, "", questionnaire))
    spot = find(questionnaire, place)
    if isinstance(spot.value, msgspec.Struct):
        return tuple(_controls(questionnaire, place, spot.value))
    parent, _, name = place.rpartition(".")
    owner = find(questionnaire, parent).value if parent else questionnaire
    return tuple(each for each in _controls(questionnaire, parent, owner, hidden=frozenset()) if each.name == name)


def leaves(found: Sequence[Control]) -> Iterator[Control]:
    """The controls that hold something themselves, those of lists included."""
    for control in found:
        if control.kind == "list":
            for entry in control.entries:
                yield from leaves(entry.controls)
        else:
            yield control


def owner_name(thing: msgspec.Struct) -> str:
    """What a Struct is called in the texts: a question by its type, others by their class in snake case."""
    tag = type(thing).__struct_config__.tag
    if tag is not None:
        return str(tag)
    name = type(thing).__name__
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")


def _controls(
    questionnaire: Questionnaire, place: str, thing: msgspec.Struct, hidden: frozenset[str] = ELSEWHERE
) -> Iterator[Control]:
    for field in fields(type(thing)):
        if field.name not in hidden:
            value = getattr(thing, field.name)
            yield _control(questionnaire, inside(place, field.name), owner_name(thing), field, value)


def _control(
    questionnaire: Questionnaire, place: str, owner: str, field: msgspec.structs.FieldInfo, value: Any
) -> Control:
    kind, optional = _plain(field.type)
    untouched = not field.required and value == _default(field)
    given: dict[str, Any] = {
        "place": place, "name": field.name, "owner": owner, "optional": optional,
        "default": untouched, "needed": field.required,
    }  # fmt: skip
    arguments = typing.get_args(kind)
    if kind == Text:
        return Control(kind="text", values=dict(value), **given)
    if _is_list(kind) or (typing.get_origin(kind) is dict and _is_struct(arguments[1])):
        return Control(kind="list", entries=tuple(_entries(questionnaire, place, value)), **given)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        entry = Entry(key=field.name, place=place, controls=tuple(_controls(questionnaire, place, value)))
        return Control(kind="list", entries=(entry,), options=("one",), **given)
    simple = _simple(questionnaire, place, field.name, kind, value)
    return Control(**{**given, **simple})


def _simple(questionnaire: Questionnaire, place: str, name: str, kind: Any, value: Any) -> dict[str, Any]:
    """Kind, values and options of a field that is no text and no list of Structs."""
    shown = "" if value is None else str(value)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is bool:
        return {"kind": "tick", "values": ("1" if value else "0",)}
    if origin is Literal:
        return {"kind": "select", "values": (shown,), "options": tuple(str(each) for each in arguments)}
    if kind in (int, float):
        number = shown.removesuffix(".0") if kind is float else shown
        return {"kind": "integer" if kind is int else "number", "values": (number,)}
    if kind is str and name == "code":
        return {"kind": "code", "values": (shown,)}
    if kind is str and name in EXPRESSIONS:
        return {"kind": "expression", "values": (shown,)}
    if kind is str and name in REFERENCES:
        options = _offered(questionnaire, place, REFERENCES[name])
        return {"kind": "select", "values": (shown,), "options": _with(options, shown)}
    if kind is str:
        return {"kind": "line", "values": (shown,)}
    if origin is tuple and typing.get_origin(arguments[0]) is Literal:
        return {"kind": "ticks", "values": tuple(map(str, value)), "options": tuple(map(str, _options(arguments[0])))}
    if name == "languages":
        return {"kind": "ticks", "values": tuple(value), "options": LANGUAGES}
    if origin is tuple and arguments[0] is str:
        return {"kind": "lines", "values": ("\n".join(value),)}
    if origin is tuple and arguments[0] == Text:
        return {"kind": "words", "values": _worded(value, questionnaire.languages)}
    return {"kind": "raw", "values": (msgspec.json.format(msgspec.json.encode(value), indent=2).decode(),)}


def _entries(questionnaire: Questionnaire, place: str, value: Any) -> Iterator[Entry]:
    pairs = ((name, value[name]) for name in value) if isinstance(value, dict) else zip(keys(value), value, strict=True)
    for key, item in pairs:
        at = inside(place, key) if isinstance(value, dict) else f"{place}.{key}"
        found = tuple(_controls(questionnaire, at, item))
        if isinstance(value, dict):
            found = (Control(place=inside(at, "code"), name="code", owner=owner_name(item), kind="code", values=(key,)),
                     *found)  # fmt: skip
        yield Entry(key=key, place=at, controls=found)


def _worded(labels: tuple[Text, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """A list of texts as one area per language, a line each."""
    return {language: "\n".join(text.get(language, "") for text in labels) for language in languages}


def _offered(questionnaire: Questionnaire, place: str, what: str) -> tuple[str, ...]:
    if what == "rating_scale":
        return tuple(questionnaire.rating_scales)
    if what == "question":
        own = place.split(".")[1] if place.startswith("questions.") else ""
        return tuple(question.code for question in questionnaire.questions() if question.code != own)
    if what == "group":
        key = ".".join(place.split(".")[:2])
        try:
            page = questionnaire.pages[int(find(questionnaire, key).path[1])]
        except (Gone, ValueError):
            return ()
        return tuple(group.code for group in page.groups)
    if what == "page":
        return (*(page.code for page in questionnaire.pages), "end", "screen_out")
    return ()


def _with(options: tuple[str, ...], value: str) -> tuple[str, ...]:
    return options if not value or value in options else (*options, value)


def _plain(kind: Any) -> tuple[Any, bool]:
    """A type without its None, and whether None was in it."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType) and type(None) in arguments:
        rest = [each for each in arguments if each is not type(None)]
        return (rest[0] if len(rest) == 1 else kind), True
    return kind, False


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_list(kind: Any) -> bool:
    arguments = typing.get_args(kind)
    return typing.get_origin(kind) is tuple and _is_struct(arguments[0])


def _options(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
