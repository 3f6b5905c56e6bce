"""Responses and keys in words, for those who decide on marks. Nothing of this is for candidates before release."""

from __future__ import annotations

from collections.abc import Iterator

from surveys.exams.forms import simple_items
from surveys.exams.items import (
    AnyItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    MatchingItem,
    OrderingItem,
    Response,
    SimpleItem,
)
from surveys.exams.marking import part_of
from surveys.exams.revealing import key
from surveys.exams.view import option_labels
from surveys.text import pick

Line = tuple[str, str]
"""What was asked, empty where the item has one part, and the words."""


def answer_in_words(item: AnyItem, response: Response, language: str) -> list[Line]:
    """What was answered, part by part, blank parts too; nothing of an item that was left blank."""
    if not any(map(bool, response.values())):
        return []
    if isinstance(item, CaseItem):
        return [
            (" ".join(filter(None, (f"{number})", label))), words)
            for number, each in enumerate(item.questions, 1)
            for label, words in _parts(each.item, part_of(response, each.code), language)
        ]
    return list(_parts(item, response, language))


def _parts(item: SimpleItem, response: Response, language: str) -> Iterator[Line]:
    options = {code: pick(label, language) for code, label in option_labels(item).items()}

    def said(part: str) -> str:
        given = response.get(part, "")
        return " / ".join(options.get(each, each) for each in ([given] if isinstance(given, str) else given))

    if isinstance(item, BlanksItem | ClozeItem):
        yield from ((pick(gap.label, language) or gap.code, said(gap.code)) for gap in item.gaps)
    elif isinstance(item, MatchingItem):
        yield from ((pick(pair.label, language), said(pair.code)) for pair in item.pairs)
    elif isinstance(item, OrderingItem):
        order = response.get("order", [])
        yield "", " → ".join(options.get(each, "–") for each in order)
    else:
        yield "", " ".join(filter(None, (said(part) for part in ("choice", "number", "unit", "text", "file"))))


def key_in_words(item: AnyItem, language: str) -> list[str]:
    """The right answer, a line for each part; empty where the item is marked by hand."""
    found = []
    for number, (_, each) in enumerate(simple_items(item), 1):
        lines = key(each, language)
        found += [f"{number}) {line}" for line in lines] if isinstance(item, CaseItem) else list(lines)
    return found
