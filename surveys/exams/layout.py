"""How one candidate sees an item: the order of its options, and opaque names for everything on the page."""

from __future__ import annotations

import random
from collections.abc import Sequence

from surveys.exams.items import (
    BASE_UNIT,
    AnyItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    FileItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    SimpleItem,
    SingleItem,
    TrueFalseItem,
)

Layout = tuple[tuple[str, ...], dict[str, str], dict[str, str]]
"""Options in the order of the page, names of options → codes, names of fields → parts of the response."""

_LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels, so no words
_DIGITS = "23456789"


class Names:
    """Opaque names, none twice on a paper; what they stand for follows from nothing in them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def fresh(self) -> str:
        while True:
            letters = self._chance.choices(_LETTERS, k=2) + self._chance.choices(_LETTERS + _DIGITS, k=3)
            name = "".join(letters)
            if name not in self._given:
                self._given.add(name)
                return name


def arranged(item: AnyItem, chance: random.Random, shuffle: bool, names: Names) -> Layout:
    """How an item is laid out. ``shuffle``: whether the paper's options are shuffled at all.

    The order of options that would give the key away, of matching and ordering, is always left to chance.
    """
    if not isinstance(item, CaseItem):
        return _simple(item, "", chance, shuffle, names)
    found = [_simple(each.item, f"{each.code}.", chance, shuffle, names) for each in item.questions]
    return (
        tuple(code for order, _, _ in found for code in order),
        {name: code for _, options, _ in found for name, code in options.items()},
        {name: part for _, _, fields in found for name, part in fields.items()},
    )


def _simple(item: SimpleItem, prefix: str, chance: random.Random, shuffle: bool, names: Names) -> Layout:
    codes = [f"{prefix}{each}" for each in option_codes(item)]
    order: Sequence[str] = ()
    if isinstance(item, SingleItem | MultipleItem):
        order = _shuffled(item.options, chance) if shuffle and item.shuffle else [each.code for each in item.options]
    elif isinstance(item, MatchingItem | OrderingItem):
        order = _shuffled(item.options, chance)
    options = {names.fresh(): code for code in codes}
    fields = {names.fresh(): f"{prefix}{part}" for part in field_parts(item)}
    return tuple(f"{prefix}{each}" for each in order), options, fields


def _shuffled(options: Sequence[Option], chance: random.Random) -> list[str]:
    """Codes in an order by chance; fixed options stay where they are."""
    loose = [each.code for each in options if not each.fixed]
    chance.shuffle(loose)
    rest = iter(loose)
    return [each.code if each.fixed else next(rest) for each in options]


def option_codes(item: SimpleItem) -> list[str]:
    """What can be chosen: options, units, true and false."""
    if isinstance(item, TrueFalseItem):
        return ["true", "false"]
    if isinstance(item, NumericItem):
        return [BASE_UNIT, *(each.code for each in item.units)] if item.units else []
    return [each.code for each in getattr(item, "options", ())]


def field_parts(item: SimpleItem) -> list[str]:
    """The parts that have a form field of their own; the steps of an ordering have one each, named as options are."""
    if isinstance(item, SingleItem | MultipleItem | TrueFalseItem):
        return ["choice"]
    if isinstance(item, BlanksItem | ClozeItem):
        return [each.code for each in item.gaps]
    if isinstance(item, NumericItem):
        return ["number", "unit"] if item.units else ["number"]
    if isinstance(item, MatchingItem):
        return [each.code for each in item.pairs]
    if isinstance(item, OrderingItem):
        return []
    return ["file"] if isinstance(item, FileItem) else ["text"]
