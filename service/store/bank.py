"""The question bank and own templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys import bank
from surveys.bank import Item
from surveys.definition import Questionnaire

PAGE = 50


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A bank item with its newest content."""

    id: UUID
    code: str
    number: int
    tags: tuple[str, ...]
    retired: bool
    updated_at: datetime
    item: Item


class BankVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a bank item."""

    number: int
    item: Item
    account: UUID | None
    at: datetime


def _read(content: str) -> Item:
    return msgspec.json.decode(content, type=Item)


async def search(database: Database, text: str = "", tag: str = "", *, page: int = 1) -> tuple[list[Entry], bool]:
    """A page of entries in use whose words hold every word of ``text``, newest first, and whether there are more."""
    i, t = tables.BankItem, tables.BankTag
    query = i.objects().where(i.retired.eq(False)).order_by(i.updated_at, ascending=False).order_by(i.code)
    for word in text.lower().split()[:8]:
        literal = re.sub("[!%_]", r"!\g<0>", word)
        query = query.where(WhereRaw("words LIKE {} ESCAPE '!'", f"%{literal}%"))
    if tag:
        tagged = [row["item"] for row in await t.select(t.item).where(t.tag == tag)]
        if not tagged:
            return [], False
        query = query.where(i.id.is_in(tagged))
    rows = await query.offset((page - 1) * PAGE).limit(PAGE + 1)
    return await _entries(rows[:PAGE]), len(rows) > PAGE


async def _entries(rows: list[tables.BankItem]) -> list[Entry]:
    if not rows:
        return []
    t, v = tables.BankTag, tables.BankVersion
    ids = [row.id for row in rows]
    tags: dict[UUID, list[str]] = {}
    for each in await t.select(t.item, t.tag).where(t.item.is_in(ids)).order_by(t.tag):
        tags.setdefault(each["item"], []).append(each["tag"])
    newest = {row.id: row.number for row in rows}
    found = await v.select(v.item, v.number, v.content).where(v.item.is_in(ids))
    content = {each["item"]: each["content"] for each in found if each["number"] == newest[each["item"]]}
    return [
        Entry(
            id=row.id, code=row.code, number=row.number, tags=tuple(tags.get(row.id, ())), retired=row.retired,
            updated_at=row.updated_at, item=_read(content[row.id]),
        )
        for row in rows
    ]  # fmt: skip


async def tags(database: Database) -> list[tuple[str, int]]:
    """All tags in use with how many items have them, the most used first."""
    t = tables.BankTag
    counted: dict[str, int] = {}
    for row in await t.select(t.tag).where(t.item.retired == False):  # noqa: E712 (becomes SQL)
        counted[row["tag"]] = counted.get(row["tag"], 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


async def named(database: Database, code: str) -> Entry | None:
    rows = await tables.BankItem.objects().where(tables.BankItem.code == code)
    return next(iter(await _entries(rows)), None)


async def versions(database: Database, entry: UUID) -> list[BankVersion]:
    """Newest first."""
    v = tables.BankVersion
    rows = await v.objects().where(v.item == entry).order_by(v.number, ascending=False)
    return [BankVersion(number=row.number, item=_read(row.content), account=row.account, at=row.at) for row in rows]


async def newest(database: Database, codes: Iterable[str]) -> dict[str, int]:
    """The newest version of each item that there is."""
    i, wanted = tables.BankItem, sorted(set(codes))
    rows = await i.select(i.code, i.number).where(i.code.is_in(wanted)) if wanted else []
    return {row["code"]: row["number"] for row in rows}


async def items(database: Database, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Item]:
    """What the bank holds under these names and versions."""
    v, keys = tables.BankVersion, set(wanted)
    if not keys:
        return {}
    rows = await v.select(v.item.code, v.number, v.content).where(v.item.code.is_in(sorted({code for code, _ in keys})))
    held = {(row["item.code"], row["number"]): row["content"] for row in rows}
    return {key: _read(held[key]) for key in keys if key in held}


async def resolved(database: Database, questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire whose references hold what the bank holds."""
    wanted = bank.references(questionnaire).values()
    return bank.resolved(questionnaire, await items(database, wanted)) if wanted else questionnaire


async def add(database: Database, code: str, item: Item, account: UUID | None) -> Entry:
    """A new item; its code gets a number where it is taken."""
    i = tables.BankItem
    async with database.writing():
        name, number = code[:56], 2
        while True:
            row = i(
                id=new_id(), code=name, type=item.question.type, number=1, words=bank.words(item), retired=False,
                updated_at=clock.now(),
            )  # fmt: skip
            if await i.insert(row).on_conflict(target=i.code, action="DO NOTHING").returning(i.id):
                break
            name, number = f"{code[:56]}_{number}", number + 1
        await _insert(row.id, 1, item, account)
    made = await named(database, name)
    assert made is not None
    return made


async def renew(database: Database, entry: Entry, item: Item, account: UUID | None) -> bool:
    """The next version of an item; False where somebody else was faster."""
    i = tables.BankItem
    values: dict[Column | str, Any] = {
        i.number: entry.number + 1,
        i.words: bank.words(item),
        i.updated_at: clock.now(),
        i.retired: False,
    }
    async with database.writing():
        own = (i.id == entry.id) & (i.number == entry.number)
        if not await i.update(values).where(own).returning(i.id):
            return False
        await _insert(entry.id, entry.number + 1, item, account)
    return True


async def _insert(entry: UUID, number: int, item: Item, account: UUID | None) -> None:
    content = msgspec.json.encode(item, order="sorted").decode()
    row = tables.BankVersion(
        id=new_id(), item=entry, number=number, content=content, account=account, at=clock.now()
    )  # fmt: skip
    await tables.BankVersion.insert(row)


async def tag(database: Database, entry: UUID, wanted: Iterable[str]) -> None:
    """Files an item under these tags and no others."""
    t, names = tables.BankTag, sorted({name for each in wanted if (name := each.strip()[:40])})
    async with database.writing():
        await t.delete().where(t.item == entry)
        if names:
            await t.insert(*(t(id=new_id(), item=entry, tag=name) for name in names))


async def retire(database: Database, entry: UUID, retired: bool) -> None:
    i = tables.BankItem
    async with database.writing():
        await i.update({i.retired: retired}).where(i.id == entry)


# Own templates


async def templates(database: Database) -> set[UUID]:
    """The questionnaires that are templates."""
    t = tables.QuestionnaireTemplate
    return {row["questionnaire"] for row in await t.select(t.questionnaire)}


async def mark(database: Database, questionnaire: UUID, account: UUID | None, *, template: bool) -> None:
    t = tables.QuestionnaireTemplate
    async with database.writing():
        if template:
            row = t(questionnaire=questionnaire, account=account, at=clock.now())
            await t.insert(row).on_conflict(target=t.questionnaire, action="DO NOTHING")
        else:
            await t.delete().where(t.questionnaire == questionnaire)
