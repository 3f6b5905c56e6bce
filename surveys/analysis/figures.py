"""Every Estimate in some findings with its place and its name: what a table of figures prints, and what is compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from surveys.statistics.estimate import Estimate
from surveys.text import Text

NAMES = ("code", "column", "question", "dimension", "scale", "name")
"""What a record is called by, the first that it has; else its number."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """``place``: names down to the estimate, joined by dots (``scales.clarity.mean``); ``labels``: the wordings of what
    it is within, from the outermost."""

    place: str
    labels: tuple[Text, ...]
    estimate: Estimate


def figures(findings: msgspec.Struct) -> list[Figure]:
    """All of them, in the order of the findings; the same estimate may stand at several places."""
    return list(_found(findings, (), ()))


def _found(record: Any, place: tuple[str, ...], labels: tuple[Text, ...]) -> Iterator[Figure]:
    if isinstance(record, Estimate):
        yield Figure(place=".".join(place), labels=labels, estimate=record)
    elif isinstance(record, msgspec.Struct):
        label = getattr(record, "label", None) or getattr(record, "title", None)
        inside = (*labels, label) if isinstance(label, dict) else labels
        for name in record.__struct_fields__:
            yield from _found(getattr(record, name), (*place, name), inside)
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from _found(value, (*place, str(key)), labels)
    elif isinstance(record, tuple | list):
        for number, value in enumerate(record, 1):
            yield from _found(value, (*place, _name(value) or str(number)), labels)


def _name(record: Any) -> str:
    found = (getattr(record, name, "") for name in NAMES)
    return next((each for each in found if each and isinstance(each, str)), "")
