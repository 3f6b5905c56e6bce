"""A form and a response: what a page's opaque names say, and what a response looks like on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from surveys.exams.definition import PaperItem
from surveys.exams.items import AnyItem, CaseItem, OrderingItem, Response, SimpleItem
from surveys.exams.view import ShownField, fields_of

Form = Mapping[str, Sequence[str]]


def received(asked: PaperItem, item: AnyItem, form: Form) -> Response:
    """What a form answers to an item: opaque names become codes, names that this paper did not give are dropped.

    Never raises, whatever the form. Texts are cut to what an item takes.
    """
    response: Response = {}
    for prefix, each in simple_items(item):
        if isinstance(each, OrderingItem):
            order = _order(asked, each, prefix, form)
            response |= {f"{prefix}order": order} if any(order) else {}
            continue
        for field in fields_of(asked, each, prefix):
            answer = _answer(asked, field, prefix, form)
            response |= {asked.fields[field.name]: answer} if answer else {}
    return response


def _answer(asked: PaperItem, field: ShownField, prefix: str, form: Form) -> str | list[str]:
    given = [each for each in form.get(field.name, ()) if isinstance(each, str)]
    if not field.options:
        typed = given[-1].replace("\x00", "")[: field.limit] if given else ""
        return typed if typed.strip() else ""
    allowed = {each.name: asked.names[each.name].removeprefix(prefix) for each in field.options}
    chosen = list(dict.fromkeys(allowed[each] for each in given if each in allowed))
    return chosen if field.kind == "many" else chosen[-1] if chosen else ""


def _order(asked: PaperItem, item: OrderingItem, prefix: str, form: Form) -> list[str]:
    """Codes by place. Two at one place: the later one goes to the next that is free, so that none is lost."""
    places: list[tuple[int, str]] = []
    for field in fields_of(asked, item, prefix):
        typed = next(iter(reversed(form.get(field.name, ()))), "")
        if isinstance(typed, str) and len(typed) < 6 and typed.strip().isdecimal():
            places.append((int(typed), asked.names[field.name].removeprefix(prefix)))
    count = len(item.options)
    order = [""] * count
    for place, code in sorted(places, key=lambda each: each[0]):
        first = min(max(place, 1), count) - 1
        order[next(at for at in [*range(first, count), *range(first, -1, -1)] if not order[at])] = code
    return order


def values(asked: PaperItem, item: AnyItem, response: Response) -> dict[str, list[str]]:
    """Field → what it holds for a response: the other half of ``received``."""
    names = {code: name for name, code in asked.names.items()}
    found: dict[str, list[str]] = {}
    for prefix, each in simple_items(item):
        if isinstance(each, OrderingItem):
            order = response.get(f"{prefix}order", [])
            placed = {f"{prefix}{code}": str(place) for place, code in enumerate(order, start=1) if code}
            found |= {names[code]: [place] for code, place in placed.items() if code in names}
            continue
        for field in fields_of(asked, each, prefix):
            given = response.get(asked.fields[field.name], "")
            answers = given if isinstance(given, list) else [given] if given else []
            if field.options:
                answers = [names[f"{prefix}{code}"] for code in answers if f"{prefix}{code}" in names]
            found |= {field.name: answers} if answers else {}
    return found


def simple_items(item: AnyItem) -> Iterator[tuple[str, SimpleItem]]:
    """An item itself under "", or the questions of a case, each with what its codes and parts begin with."""
    if isinstance(item, CaseItem):
        yield from ((f"{each.code}.", each.item) for each in item.questions)
    else:
        yield "", item
