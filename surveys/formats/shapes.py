"""What can be said shortly of a Struct, found out from its fields alone: so a new one needs no word in any format."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from surveys.definition import fields as fields_of
from surveys.formats.nodes import is_struct, members, variants
from surveys.text import Text

Field = msgspec.structs.FieldInfo
Struct = type[msgspec.Struct]


def element(kind: Any) -> Any:
    """The type of a list's entries; None for what is no list."""
    inner = members(kind)[0]
    return typing.get_args(inner)[0] if typing.get_origin(inner) is tuple else None


def entry(kind: Any) -> Any:
    """The type of a map's values; None for texts and what is no map."""
    inner = members(kind)[0]
    return typing.get_args(inner)[1] if typing.get_origin(inner) is dict and inner != Text else None


@cache
def named(kind: Struct) -> dict[str, Field]:
    return {each.encode_name: each for each in fields_of(kind)}


def _due(kind: Struct) -> Iterator[Field]:
    return (each for each in fields_of(kind) if each.required and each.encode_name != "code")


@cache
def main(kind: Struct) -> Field | None:
    """What an entry says before anything else: its label, else the first field that is due (the ``when`` of a jump)."""
    found = named(kind).get("label")
    return found if found is not None and found.type == Text else next(_due(kind), None)


@cache
def second(kind: Struct) -> Field | None:
    """What is due beside it, after ``=>``: the ``to`` of a jump, the ``items`` of a scale."""
    return next((each for each in _due(kind) if each is not main(kind) and not is_struct(each.type)), None)


@cache
def listed(kind: Struct) -> Field | None:
    """The list that lines beginning with ``-`` fill: rows, else options, else the first list that is due."""
    lists = {name: each for name, each in named(kind).items() if is_line(element(each.type))}
    due = next((each for each in lists.values() if each.required), None)
    return lists.get("rows") or lists.get("choices") or due


def is_line(kind: Any) -> bool:
    """Whether a list's entries can stand on lines of their own."""
    return kind == Text or (is_struct(kind) and main(kind) is not None)


@cache
def argument(kind: Struct) -> Field | None:
    """What a question's type is followed by: the answer scale of a Likert item."""
    return next((each for each in _due(kind) if each.type is str), None)


def is_single(kind: Any) -> bool:
    """Whether one line holds one entry, rather than several parted by commas."""
    return is_struct(kind) and (second(kind) is not None or "label" not in named(kind))


def is_coded(kind: Any) -> bool:
    return is_struct(kind) and not variants(kind) and "code" in named(kind)
