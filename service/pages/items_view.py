"""What the templates of items ask for: fields with their words, what is wrong, what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Request, Response

from service.access import visitor_of
from service.actions.item_writing import Written
from service.actions.items import Entry
from service.templates import render
from surveys.exams.check_items import check_item
from surveys.exams.item_form import Field, Plain, plain, shown
from surveys.exams.items import BankItem
from surveys.exams.presentation import ShownItem
from surveys.exams.view import GAP
from surveys.problem import Problem
from surveys.text import LANGUAGES, Text, pick

EDIT = {"access": "programme:items.edit"}
BANKS = "/programmes/{slug:str}/items"
BANK = BANKS + "/{bank:str}"
ITEM = BANK + "/item/{code:str}"


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """What ``sitting/_sheet.html`` asks for of an item that nobody has answered."""

    item: ShownItem
    values: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    revision: int = 0
    flagged: bool = False


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is being written. ``entry`` is what it was, None for a new one; ``wrong`` is field to sentence."""

    type: str
    code: str
    data: Plain
    entry: Entry | None = None
    wrong: dict[str, str] = {}
    remarks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES

    @property
    def fields(self) -> tuple[Field, ...]:
        return shown(self.data)

    @property
    def own(self) -> list[Field]:
        """The fields of the item itself."""
        return [field for field in self.fields if field.owner != "bank_item"]

    @property
    def filed(self) -> list[Field]:
        """What the bank knows of it."""
        return [field for field in self.fields if field.owner == "bank_item"]


def bench_of(entry: Entry, words: Words) -> Bench:
    """What is in the bank, with what its author may want to look at once more."""
    hints = tuple(words.problem(each) for each in check_item(entry.item))
    return Bench(type=type_of(entry.item), code=entry.code, data=plain(entry.item), entry=entry, hints=hints)


def bench_of_form(words: Words, item_type: str, entry: Entry | None, found: Written) -> Bench:
    """A posted form once more, with what is wrong at its field; what concerns no field is remarked above."""
    told = {place: words.text(key) for place, key in found.wrong.items()}
    places = set(places_of(shown(found.data)))
    remarks = []
    for each in found.problems:
        near = next((place for place in (each.place, f"item.{each.place}") if place in places), None)
        if near is None:
            remarks.append(words.problem(each))
        else:
            told.setdefault(near, words.problem(each))
    return Bench(type=item_type, code=found.code, data=found.data, entry=entry, wrong=told, remarks=tuple(remarks))


def places_of(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.place
        for row in field.rows:
            yield row.place
            yield from places_of(row.fields)


def type_of(item: BankItem) -> str:
    return str(item.item.__struct_config__.tag)


def stem(item: BankItem, language: str) -> str:
    """The question in one line of a list; blanks in its sentence as lines."""
    return " ".join(GAP.sub("____", pick(item.item.text, language)).split())[:160]


class Words:
    """The names of fields and of their values in the visitor's language, the owner's own wording before the common."""

    def __init__(self, request: Request) -> None:
        self.language = visitor_of(request).language
        self._texts: dict[str, Any] = request.app.state.catalogue.texts
        self._t = request.app.state.catalogue.bound(self.language)

    def field(self, name: str, owner: str) -> str:
        return self._first(f"items.field_of.{owner}.{name}", f"items.field.{name}") or name

    def help(self, name: str, owner: str) -> str:
        return self._first(f"items.help_of.{owner}.{name}", f"items.help.{name}")

    def value(self, name: str, value: str) -> str:
        return self._first(f"items.{name}.{value}") or value

    def add(self, name: str) -> str:
        return self._first(f"items.add.{name}") or self._t("items.add.row")

    def say(self, text: Text) -> str:
        return pick(text, self.language)

    def text(self, key: str) -> str:
        return self._t(key)

    def problem(self, each: Problem) -> str:
        return each.say(self.language)

    def _first(self, *keys: str) -> str:
        return next((self._t(key) for key in keys if key in self._texts), "")


def show(request: Request, template: str, status: int = 200, /, **context: Any) -> Response[Any]:
    """A page of this area."""
    return render(
        request, f"items/{template}.html", status, words=Words(request), stem=stem, type_of=type_of, **context
    )
