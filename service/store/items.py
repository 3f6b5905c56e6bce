"""Banks of exam items: what is newest for lists and search, and every version, which never changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys.exams.items import BankItem

PAGE = 50
BATCH = 200


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """A programme's collection of items. ``items`` counts those that are not retired."""

    id: UUID
    programme: UUID
    code: str
    title: str
    items: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a bank with its newest content."""

    id: UUID
    bank: UUID
    number: int
    updated_at: datetime
    item: BankItem

    @property
    def code(self) -> str:
        return self.item.code


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One state of an item. ``account`` made it."""

    number: int
    item: BankItem
    account: UUID | None
    at: datetime


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; empty fields narrow nothing. ``category`` takes all below it, ``state`` "" all but
    retired ones, ``text`` every word of it."""

    text: str = ""
    category: str = ""
    tag: str = ""
    type: str = ""
    topic: str = ""
    difficulty: str = ""
    bloom: str = ""
    state: str = ""


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank's items are filed under, each with how many there are: categories by path, with those above them."""

    categories: dict[str, int]
    tags: dict[str, int]
    topics: dict[str, int]


def words(item: BankItem) -> str:
    """What an item is found by, in lower case: code, tags, topic, author and every wording in any language."""
    found = [item.code, item.category, item.topic, item.author, *item.tags]
    found += _texts(msgspec.to_builtins(item.item))
    return "\n".join(each for each in found if each).lower()


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for each in inside for text in _texts(each)]


# Banks


async def banks(database: Database, programme: UUID) -> list[Bank]:
    """By title."""
    rows = await database.fetch(
        "SELECT b.id, b.programme, b.code, b.title, (SELECT count(*) FROM item i WHERE i.bank = b.id AND i.state <> ?)"
        " AS items FROM item_bank b WHERE b.programme = ? ORDER BY b.title, b.code", "retired", programme,
    )  # fmt: skip
    return [Bank(**row) for row in rows]


async def bank(database: Database, programme: UUID, code: str) -> Bank | None:
    return next((each for each in await banks(database, programme) if each.code == code), None)


async def create_bank(database: Database, programme: UUID, code: str, title: str) -> Bank | None:
    """None where the code is taken."""
    b = tables.ItemBank
    row = b(id=new_id(), programme=programme, code=code, title=title, created_at=clock.now())
    async with database.writing():
        made = await b.insert(row).on_conflict(target=(b.programme, b.code), action="DO NOTHING").returning(b.id)
    return Bank(id=row.id, programme=programme, code=code, title=title) if made else None


async def rename_bank(database: Database, bank: UUID, title: str) -> None:
    b = tables.ItemBank
    async with database.writing():
        await b.update({b.title: title}).where(b.id == bank)


# Items


async def search(
    database: Database, bank: UUID, narrowed: Search, *, page: int = 1, size: int = PAGE
) -> tuple[list[Entry], int]:
    """A page of what matches, by category and code, and how many match."""
    i = tables.Item
    query, counted = i.objects().where(i.bank == bank), i.count().where(i.bank == bank)
    for condition in _conditions(narrowed):
        query, counted = query.where(condition), counted.where(condition)
    rows = await query.order_by(i.category, i.code).offset((max(page, 1) - 1) * size).limit(size)
    return await _entries(rows), await counted


def _conditions(narrowed: Search) -> list[Any]:
    i = tables.Item
    found: list[Any] = [_like("words", f"%{_literal(word)}%") for word in narrowed.text.lower().split()[:8]]
    if narrowed.tag:
        found.append(_like("tags", f"%\n{_literal(narrowed.tag)}\n%"))
    if narrowed.category:
        below = _like("category", f"{_literal(narrowed.category)}/%")
        found.append((i.category == narrowed.category) | below)
    plain = ("type", "topic", "difficulty", "bloom")
    found += [getattr(i, name) == getattr(narrowed, name) for name in plain if getattr(narrowed, name)]
    found.append(i.state == narrowed.state if narrowed.state else i.state != "retired")
    return found


def _literal(text: str) -> str:
    return re.sub("[!%_]", r"!\g<0>", text)


def _like(column: str, pattern: str) -> WhereRaw:
    return WhereRaw(f"{column} LIKE {{}} ESCAPE '!'", pattern)


async def codes(database: Database, bank: UUID) -> set[str]:
    """Of all items, retired ones too."""
    i = tables.Item
    return {row["code"] for row in await i.select(i.code).where(i.bank == bank)}


async def facets(database: Database, bank: UUID) -> Facets:
    """Of the items that are not retired."""
    i = tables.Item
    rows = await i.select(i.category, i.topic, i.tags).where((i.bank == bank) & (i.state != "retired"))
    categories = Counter(path for row in rows for path in _levels(row["category"]))
    tags = Counter(tag for row in rows for tag in row["tags"].split("\n") if tag)
    topics = Counter(row["topic"] for row in rows if row["topic"])
    return Facets(
        categories=dict(sorted(categories.items())), tags=dict(tags.most_common()), topics=dict(sorted(topics.items()))
    )


def _levels(category: str) -> list[str]:
    """``"A/B"`` → ``["A", "A/B"]``."""
    parts = [part for part in category.split("/") if part]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


async def every(database: Database, bank: UUID, *, reviewed: bool = False) -> list[Entry]:
    """All items by category and code; only reviewed ones where asked."""
    i = tables.Item
    query = i.objects().where(i.bank == bank).order_by(i.category, i.code)
    return await _entries(await (query.where(i.state == "reviewed") if reviewed else query))


async def named(database: Database, bank: UUID, code: str) -> Entry | None:
    i = tables.Item
    return next(iter(await _entries(await i.objects().where((i.bank == bank) & (i.code == code)))), None)


async def _entries(rows: Sequence[tables.Item]) -> list[Entry]:
    """The rows with their newest contents, in their order."""
    v, content = tables.ItemVersion, dict[tuple[UUID, int], str]()
    for start in range(0, len(rows), BATCH):
        ids = [row.id for row in rows[start : start + BATCH]]
        for each in await v.select(v.item, v.number, v.content).where(v.item.is_in(ids)):
            content[each["item"], each["number"]] = each["content"]
    return [
        Entry(
            id=row.id, bank=row.bank, number=row.number, updated_at=row.updated_at,
            item=msgspec.json.decode(content[row.id, row.number], type=BankItem),
        )
        for row in rows
    ]  # fmt: skip


async def versions(database: Database, item: UUID) -> list[Version]:
    """Newest first."""
    v = tables.ItemVersion
    rows = await v.objects().where(v.item == item).order_by(v.number, ascending=False)
    return [
        Version(number=row.number, item=msgspec.json.decode(row.content, type=BankItem), account=row.account, at=row.at)
        for row in rows
    ]


def _columns(item: BankItem) -> dict[str, Any]:
    return {
        "type": str(item.item.__struct_config__.tag), "category": item.category, "topic": item.topic,
        "difficulty": item.difficulty, "bloom": item.bloom, "state": item.state, "words": words(item),
        "tags": "".join(f"\n{tag}\n" for tag in item.tags), "updated_at": clock.now(),
    }  # fmt: skip


async def add(database: Database, bank: UUID, items: Iterable[BankItem], account: UUID | None) -> list[str]:
    """New items; returns the codes that the bank has already and that were left as they are."""
    i, taken = tables.Item, []
    async with database.writing():
        for item in items:
            row = i(id=new_id(), bank=bank, code=item.code, number=1, **_columns(item))
            made = await i.insert(row).on_conflict(target=(i.bank, i.code), action="DO NOTHING").returning(i.id)
            if made:
                await _insert(row.id, 1, item, account)
            else:
                taken.append(item.code)
    return taken


async def renew(database: Database, entry: Entry, item: BankItem, account: UUID | None) -> bool:
    """The next version of an item, whose code stays; False where somebody else was faster."""
    i = tables.Item
    values: dict[Column | str, Any] = {getattr(i, name): value for name, value in _columns(item).items()}
    values[i.number] = entry.number + 1
    async with database.writing():
        own = (i.id == entry.id) & (i.number == entry.number)
        if not await i.update(values).where(own).returning(i.id):
            return False
        await _insert(entry.id, entry.number + 1, msgspec.structs.replace(item, code=entry.code), account)
    return True


async def _insert(item: UUID, number: int, content: BankItem, account: UUID | None) -> None:
    v = tables.ItemVersion
    text = msgspec.json.encode(content).decode()
    await v.insert(v(id=new_id(), item=item, number=number, content=text, account=account, at=clock.now()))
