"""Banks of exam items: find, write, review, retire, bring in and take out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import msgspec

from service.database import Database
from service.errors import Conflict, NotFound
from service.store import accounts, audit, items
from service.store.items import PAGE, Bank, Entry, Facets, Search, Version
from surveys.exams.definition import Blueprint, Exam, FixedItem, Pool, Section
from surveys.exams.differences import Difference, differences
from surveys.exams.drawing import draw
from surveys.exams.items import ITEM_TYPES, BankItem, State
from surveys.exams.presentation import ShownItem, shown

__all__ = [
    "BLOOMS", "DEEDS", "DIFFICULTIES", "FAMILIES", "PAGE", "STATES", "Bank", "Difference", "Entry", "Facets", "Search",
    "Step", "bank", "banks", "create_bank", "entry", "facets", "fresh_code", "history", "preview", "read_search",
    "save", "search", "state",
]  # fmt: skip

FAMILIES: dict[str, tuple[str, ...]] = {
    "choice": ("single", "multiple", "true_false"),
    "typed": ("blanks", "cloze", "numeric", "short_answer"),
    "arranged": ("matching", "ordering"),
    "marked": ("essay", "file"),
    "case": ("case",),
}
"""Item types as they are offered."""

STATES: tuple[State, ...] = ("draft", "reviewed", "retired")
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
Errors = dict[str, str]
"""Form field to the key of what is wrong with it."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A version of an item, who made it, and what it changed of the one before; None at the first."""

    version: Version
    author: str
    differences: tuple[Difference, ...] | None


async def banks(database: Database, programme: UUID) -> list[Bank]:
    return await items.banks(database, programme)


async def bank(database: Database, programme: UUID, code: str) -> Bank:
    """Raises NotFound."""
    found = await items.bank(database, programme, code)
    if found is None:
        raise NotFound
    return found


async def create_bank(
    database: Database, programme: UUID, form: Mapping[str, str], *, account: UUID | None = None
) -> tuple[Bank | None, Errors]:
    code, title = form.get("code", "").strip(), form.get("title", "").strip()
    errors: Errors = {}
    if not 1 <= len(title) <= 200:
        errors["title"] = "items.error.title"
    if not CODE.fullmatch(code):
        errors["code"] = "items.error.code"
    if errors:
        return None, errors
    async with database.writing():
        made = await items.create_bank(database, programme, code, title)
        if made is None:
            return None, {"code": "items.error.taken"}
        await audit.record(database, account=account, programme=programme, action="item_bank.create", subject=title)
    return made, {}


# Finding


def read_search(query: Mapping[str, str]) -> Search:
    """What the address asks for; words that nobody offers narrow nothing."""
    typed = {name: query.get(name, "").strip()[:200] for name in Search.__struct_fields__}
    known = {"type": tuple(ITEM_TYPES), "state": STATES, "difficulty": DIFFICULTIES, "bloom": BLOOMS}
    return Search(**{name: value if value in known.get(name, (value,)) else "" for name, value in typed.items()})


DIFFICULTIES = ("easy", "medium", "hard")
BLOOMS = ("remember", "understand", "apply", "analyse", "evaluate", "create")


async def search(database: Database, bank: Bank, narrowed: Search, page: int) -> tuple[list[Entry], int]:
    return await items.search(database, bank.id, narrowed, page=page)


async def facets(database: Database, bank: Bank) -> Facets:
    return await items.facets(database, bank.id)


async def entry(database: Database, bank: Bank, code: str) -> Entry:
    """Raises NotFound."""
    found = await items.named(database, bank.id, code)
    if found is None:
        raise NotFound
    return found


async def fresh_code(database: Database, bank: Bank, item_type: str) -> str:
    """A code that no item of the bank has: ``single_007``."""
    taken = await items.codes(database, bank.id)
    return next(code for number in range(1, len(taken) + 2) if (code := f"{item_type}_{number:03}") not in taken)


# Writing


async def save(
    database: Database, bank: Bank, seen: Entry | None, item: BankItem, *, account: UUID | None = None
) -> Errors:
    """A new item, or the next version of ``seen``. What was reviewed is a draft again once its content changes; what
    did not change makes no version."""
    if seen is None:
        return await _add(database, bank, item, account)
    same = msgspec.structs.replace(item, code=seen.code, state=seen.item.state)
    if same == seen.item:
        return {}
    state: State = "draft" if seen.item.state == "reviewed" else seen.item.state
    async with database.writing():
        if not await items.renew(database, seen, msgspec.structs.replace(same, state=state), account):
            return {"number": "items.error.changed"}
        await _record(database, bank, "item.change", seen.code, account)
    return {}


async def _add(database: Database, bank: Bank, item: BankItem, account: UUID | None) -> Errors:
    async with database.writing():
        if await items.add(database, bank.id, [item], account):
            return {"code": "items.error.taken"}
        await _record(database, bank, "item.create", item.code, account)
    return {}


async def state(
    database: Database, bank: Bank, code: str, wanted: State, number: str, *, account: UUID | None = None
) -> None:
    """Reviewed, retired or a draft again, of the version that was seen. Raises Conflict where it is no longer that."""
    found = await entry(database, bank, code)
    if found.item.state == wanted:
        return
    async with database.writing():
        changed = msgspec.structs.replace(found.item, state=wanted)
        if str(found.number) != number or not await items.renew(database, found, changed, account):
            raise Conflict
        await _record(database, bank, f"item.{VERBS[wanted]}", code, account)


VERBS: dict[State, str] = {"draft": "reopen", "reviewed": "review", "retired": "retire"}
DEEDS: dict[str, State] = {verb: state for state, verb in VERBS.items()}


async def _record(database: Database, bank: Bank, action: str, code: str, account: UUID | None) -> None:
    await audit.record(
        database, account=account, programme=bank.programme, action=action, subject=f"{bank.title} · {code}"
    )


def preview(item: BankItem, language: str) -> ShownItem:
    """The item as a candidate may get it."""
    exam = Exam(title={}, blueprint=Blueprint(sections=(Section(items=(FixedItem(code=item.code, points=100),)),)))
    pool = Pool(items={item.code: item})
    return shown(draw(exam, pool, 0), pool, language)[0]


async def history(database: Database, entry: Entry) -> list[Step]:
    """All versions, newest first."""
    found = await items.versions(database, entry.id)
    names = {account.id: account.name for account in await accounts.every(database)}
    before: list[Version | None] = [*found[1:], None]
    return [
        Step(
            version=each,
            author=names.get(each.account, "") if each.account else "",
            differences=None if older is None else differences(older.item, each.item),
        )
        for each, older in zip(found, before, strict=True)
    ]
