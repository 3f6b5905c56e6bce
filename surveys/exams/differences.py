"""What changed between two versions of an item, field by field, in the words that are on them."""

from __future__ import annotations

from typing import Any

import msgspec

from surveys.exams.item_form import Field, plain, shown
from surveys.exams.items import BankItem


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One field. ``owner`` and ``name`` as in the form; ``number`` of the row that it is in, from 1, 0 outside lists;
    ``before`` and ``after`` are words, empty where there is nothing."""

    place: str
    owner: str
    name: str
    number: int
    language: str
    before: str
    after: str


def differences(old: BankItem, new: BankItem) -> tuple[Difference, ...]:
    """In the order of the new form, then what is gone, the state last.

    Rows are told by their codes where they have one, so that moving them is no difference of what is in them; a row
    that came or went is told by its fields.
    """
    before, after = _leaves(old), _leaves(new)
    return tuple(
        Difference(place=key[0], language=key[1], before=was, after=now, **_about(before.get(key) or after[key]))
        for key in sorted(dict.fromkeys((*after, *before)), key=lambda key: key[0] == "state")
        if (was := before[key].said if key in before else "") != (now := after[key].said if key in after else "")
    )


class _Leaf(msgspec.Struct, frozen=True):
    owner: str
    name: str
    number: int
    said: str


Leaves = dict[tuple[str, str], _Leaf]
"""By place and language."""


def _about(leaf: _Leaf) -> dict[str, Any]:
    return {"owner": leaf.owner, "name": leaf.name, "number": leaf.number}


def _leaves(item: BankItem) -> Leaves:
    data = plain(item)
    found: Leaves = {("item.type", ""): _Leaf("bank_item", "type", 0, data["item"]["type"])}
    for field in shown(data):
        _walk(field, "", 0, found)
    found["state", ""] = _Leaf("bank_item", "state", 0, item.state)
    return found


def _walk(field: Field, place: str, number: int, found: Leaves) -> None:
    at = f"{place}.{field.name}"
    if field.kind == "text":
        for language, wording in field.value.items():
            found[at, language] = _Leaf(field.owner, field.name, number, wording)
        return
    for count, row in enumerate(field.rows, 1):
        code = next((str(each.value) for each in row.fields if each.name == "code"), str(count))
        for inner in row.fields:
            _walk(inner, f"{at}.{code}", count if field.kind == "rows" else number, found)
    if field.kind not in ("rows", "group", "item"):
        found[at, ""] = _Leaf(field.owner, field.name, number, _said(field.value))


def _said(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
