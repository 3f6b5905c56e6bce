"""Items from text, sheets and YAML into a bank, all or none; and out of it again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from service import item_files
from service.database import Database
from service.errors import Conflict
from service.item_files import MEDIA_TYPES, Kind
from service.store import audit, items
from service.store.items import Bank, Entry
from surveys.exams.check_items import check
from surveys.exams.formats import kind_of
from surveys.exams.items import BankItem
from surveys.problem import Problem

__all__ = ["MEDIA_TYPES", "Brought", "as_file", "bring_in", "kind_of"]


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What came, or would come. ``problems`` have the line or row; with an error among them nothing is done."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    done: bool = False

    @property
    def refused(self) -> bool:
        return any(each.severity == "error" for each in self.problems)


async def bring_in(
    database: Database, bank: Bank, source: str | bytes, *, trial: bool = False, account: UUID | None = None
) -> Brought:
    """What a pasted text or an uploaded file holds. An item whose code the bank has becomes its next version, where it
    differs. ``trial`` only tells. Raises Conflict where one of them was changed at this very moment."""
    taken = await items.codes(database, bank.id)
    found, problems = await asyncio.to_thread(_read, source, taken)
    if found is None or any(each.severity == "error" for each in problems):
        return Brought(problems=tuple(problems))
    known = {each.code: each for each in await items.every(database, bank.id)}
    new = [each for each in found if each.code not in known]
    changed = [each for each in found if each.code in known and each != known[each.code].item]
    brought = Brought(
        new=tuple(each.code for each in new), changed=tuple(each.code for each in changed),
        unchanged=len(found) - len(new) - len(changed), problems=tuple(problems), done=not trial,
    )  # fmt: skip
    if not trial:
        await _save(database, bank, new, [(known[each.code], each) for each in changed], account)
    return brought


def _read(source: str | bytes, taken: set[str]) -> tuple[tuple[BankItem, ...] | None, list[Problem]]:
    kind = item_files.form_of(source)
    found, problems = item_files.read(source, kind, taken)
    if found is None:
        return None, problems
    return found, [*problems, *item_files.locate(source, kind, check(found), taken)]


async def _save(
    database: Database, bank: Bank, new: Sequence[BankItem], changed: Sequence[tuple[Entry, BankItem]],
    account: UUID | None,
) -> None:  # fmt: skip
    async with database.writing():
        if await items.add(database, bank.id, new, account):
            raise Conflict
        for before, after in changed:
            if not await items.renew(database, before, after, account):
                raise Conflict
        await audit.record(
            database, account=account, programme=bank.programme, action="item.import", subject=bank.title,
            detail={"new": len(new), "changed": len(changed)},
        )  # fmt: skip


async def as_file(database: Database, bank: Bank, kind: Kind, language: str, *, account: UUID | None = None) -> bytes:
    """All items, retired ones too; read again they change nothing. Keys leave the service: that is recorded."""
    found = [each.item for each in await items.every(database, bank.id)]
    await audit.record(
        database, account=account, programme=bank.programme, action="item.export", subject=bank.title,
        detail={"items": len(found), "kind": kind},
    )  # fmt: skip
    return await asyncio.to_thread(item_files.write, found, kind, language)
