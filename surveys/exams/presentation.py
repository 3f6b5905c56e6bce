"""The door between an exam and its candidates: whatever reaches them goes through here.

``shown`` knows no key, mark or feedback, and has opaque names only; ``received`` reads what comes back, ``values``
fills a page with what was answered; ``revealed`` is for after release.
"""

from __future__ import annotations

from collections.abc import Mapping

from surveys.exams.definition import Paper, Pool
from surveys.exams.forms import received, values
from surveys.exams.items import Response
from surveys.exams.revealing import RevealedItem, revealed
from surveys.exams.view import ShownField, ShownItem, ShownOption, shown_item


def shown(paper: Paper, pool: Pool, language: str) -> list[ShownItem]:
    """The whole paper in a language."""
    return [shown_item(each, pool.items[each.code].item, language) for each in paper.items]


def unanswered(paper: Paper, responses: Mapping[str, Response]) -> list[int]:
    """Numbers of the items that have no answer yet."""
    return [each.number for each in paper.items if not any(map(bool, responses.get(each.code, {}).values()))]


__all__ = [
    "RevealedItem",
    "ShownField",
    "ShownItem",
    "ShownOption",
    "received",
    "revealed",
    "shown",
    "shown_item",
    "unanswered",
    "values",
]
