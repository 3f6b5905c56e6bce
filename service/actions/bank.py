"""The question bank: finding, putting in, taking out by copy or by reference, newer versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

import msgspec

from service.actions import authoring, editor
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import audit, bank, questionnaires
from service.store.bank import BankVersion, Entry
from surveys.bank import fitted, references, resolved, standalone
from surveys.definition import Question, Questionnaire
from surveys.editing import Insert, apply
from surveys.editing_places import inside

_BETWEEN = re.compile(r"[,，、;；\s]+")


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A question that refers to the bank. ``newest`` is None where the bank does not know the item."""

    question: Question
    code: str
    number: int
    newest: int | None

    @property
    def outdated(self) -> bool:
        return self.newest is not None and self.newest > self.number


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """An item with its history and the working copies that refer to it (name, version)."""

    entry: Entry
    versions: tuple[BankVersion, ...]
    used_in: tuple[tuple[str, int], ...]


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire beside the bank."""

    definition: Questionnaire
    references: tuple[Reference, ...]
    found: tuple[Entry, ...]
    more: bool
    tags: tuple[tuple[str, int], ...]


async def search(database: Database, text: str, tag: str) -> tuple[list[Entry], bool]:
    return await bank.search(database, text[:200], tag)


async def tags(database: Database) -> list[tuple[str, int]]:
    return await bank.tags(database)


async def entry(database: Database, code: str) -> Entry:
    """Raises NotFound."""
    found = await bank.named(database, code)
    if found is None:
        raise NotFound
    return found


async def detail(database: Database, code: str) -> Detail:
    """Raises NotFound."""
    found = await entry(database, code)
    used = []
    for copy in await questionnaires.every(database):
        if f"{code}@" not in copy.source:
            continue
        definition = authoring.definition_of(copy.source)
        for item, number in references(definition).values() if definition else ():
            if item == code:
                used.append((copy.name, number))
    return Detail(entry=found, versions=tuple(await bank.versions(database, found.id)), used_in=tuple(used))


async def desk(database: Database, name: str, text: str, tag: str, *, account: UUID | None = None) -> Desk:
    """Raises NotFound, and NotReadable of the editor."""
    definition = (await editor.open_draft(database, name, account)).definition
    named = references(definition)
    newest = await bank.newest(database, [code for code, _ in named.values()])
    own = tuple(
        Reference(question=question, code=code, number=number, newest=newest.get(code))
        for question in definition.questions()
        for code, number in [named.get(question.code, ("", 0))]
        if code
    )
    found, more = await bank.search(database, text[:200], tag)
    return Desk(
        definition=definition, references=own, found=tuple(found), more=more, tags=tuple(await bank.tags(database))
    )


def split_tags(typed: str) -> list[str]:
    return [each for each in _BETWEEN.split(typed) if each]


async def tag(database: Database, code: str, typed: str, *, account: UUID | None = None) -> None:
    found = await entry(database, code)
    async with database.writing():
        await bank.tag(database, found.id, split_tags(typed))
        await audit.record(database, account=account, action="bank.tag", subject=code)


async def retire(database: Database, code: str, *, retired: bool, account: UUID | None = None) -> None:
    found = await entry(database, code)
    async with database.writing():
        await bank.retire(database, found.id, retired)
        await audit.record(database, account=account, action="bank.retire" if retired else "bank.revive", subject=code)


async def insert(
    database: Database, name: str, code: str, page: str, *, refer: bool, account: UUID | None = None
) -> None:
    """The newest version of an item at the end of a page, else of the last page. Raises NotFound."""
    found = await entry(database, code)

    def decide(newest: Questionnaire) -> Questionnaire:
        made, question = fitted(newest, found.item)
        if refer:
            question = msgspec.structs.replace(question, bank=f"{found.code}@{found.number}")
        codes = [each.code for each in made.pages]
        place = inside("pages", page if page in codes else codes[-1], "questions") if codes else ""
        after = apply(made, Insert(place=place, entries=(msgspec.to_builtins(question),)))
        return newest if isinstance(after, list) else after

    await editor.change(database, name, decide, account)
    await audit.record(
        database, account=account, action="bank.insert", subject=name,
        detail={"item": found.code, "number": found.number, "reference": refer},
    )  # fmt: skip


async def renew(database: Database, name: str, question: str, *, account: UUID | None = None) -> None:
    """A reference takes the newest version of its item. Raises NotFound where it refers to nothing known."""
    definition = (await editor.open_draft(database, name, account)).definition
    code, _ = references(definition).get(question, ("", 0))
    found = await entry(database, code)
    newer = f"{found.code}@{found.number}"

    def decide(newest: Questionnaire) -> Questionnaire:
        marked = _with(newest, question, newer)
        only = {(found.code, found.number): found.item}
        return resolved(marked, only)

    await editor.change(database, name, decide, account)
    await audit.record(database, account=account, action="bank.renew", subject=name, detail={"item": newer})


async def detach(database: Database, name: str, question: str, *, account: UUID | None = None) -> None:
    """A reference becomes the questionnaire's own question as it stands."""
    await editor.change(database, name, lambda newest: _with(newest, question, ""), account)
    await audit.record(database, account=account, action="bank.detach", subject=name, detail={"question": question})


async def keep(
    database: Database, name: str, codes: Sequence[str], typed_tags: str, *, link: bool, account: UUID | None = None
) -> int:
    """Puts questions in the bank, and lets the questionnaire refer to them where ``link``; how many.

    A question that refers to an item becomes its next version where it is worded otherwise. Raises NotFound, and
    Conflict where somebody else has just made that version.
    """
    definition = (await editor.open_draft(database, name, account)).definition
    wanted = [question for question in definition.questions() if question.code in set(codes)]
    stored: dict[str, str] = {}
    async with database.writing():
        for question in wanted:
            stored[question.code] = await _keep(database, definition, question, split_tags(typed_tags), account)
        if stored:
            await audit.record(
                database, account=account, action="bank.keep", subject=name, detail={"items": sorted(stored.values())}
            )

    def decide(newest: Questionnaire) -> Questionnaire:
        for code, written in stored.items():
            newest = _with(newest, code, written)
        return newest

    if link and stored:
        await editor.change(database, name, decide, account)
    return len(stored)


async def _keep(
    database: Database, definition: Questionnaire, question: Question, names: Sequence[str], account: UUID | None
) -> str:
    """The reference under which the question is in the bank now."""
    item = standalone(definition, question)
    code, _ = references(definition).get(question.code, ("", 0))
    known = await bank.named(database, code) if code else None
    if known is None:
        made = await bank.add(database, question.code, item, account)
        await bank.tag(database, made.id, names)
        return f"{made.code}@{made.number}"
    if names:
        await bank.tag(database, known.id, [*known.tags, *names])
    same = msgspec.structs.replace(item.question, code=known.item.question.code)
    fresh = msgspec.structs.replace(item, question=same)
    if fresh == known.item:
        return f"{known.code}@{known.number}"
    if not await bank.renew(database, known, fresh, account):
        raise Conflict
    return f"{known.code}@{known.number + 1}"


def _with(questionnaire: Questionnaire, code: str, reference: str) -> Questionnaire:
    """The questionnaire where a question refers to the bank, or to nothing."""
    pages = tuple(
        msgspec.structs.replace(
            page,
            questions=tuple(
                msgspec.structs.replace(each, bank=reference) if each.code == code else each for each in page.questions
            ),
        )
        for page in questionnaire.pages
    )
    return msgspec.structs.replace(questionnaire, pages=pages)
