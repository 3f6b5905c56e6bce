"""The editor: opening a questionnaire, changing it beside others, undoing.

Every change is decided by a pure function on the newest state and stored by compare-and-set; where somebody was
faster, it is decided anew on what they made. So nobody overwrites what they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import msgspec

from service.actions import authoring
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import accounts, audit, editor, questionnaires
from service.store.editor import Draft
from surveys import editing_form
from surveys.definition import Page, Questionnaire, to_json
from surveys.editing import Edit, apply_all
from surveys.editing_form import Merged
from surveys.problem import Problem

ATTEMPTS = 60
Form = Mapping[str, Sequence[str]]
Decide = Callable[[Questionnaire], Questionnaire]


class NotReadable(Exception):
    """The working copy is text that is no questionnaire; it is mended on the page for its source."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with the name of whoever made its state, and the problems of it."""

    name: str
    draft: Draft
    author: str
    problems: tuple[Problem, ...]

    @property
    def definition(self) -> Questionnaire:
        return self.draft.definition


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a form: the draft after it, and what could not be taken, by the name of the input."""

    draft: Draft
    merged: Merged
    problems: tuple[Problem, ...] = ()


async def open_draft(database: Database, name: str, account: UUID | None = None) -> Draft:
    """What is being written. Takes over a working copy that was saved elsewhere. Raises NotFound or NotReadable."""
    copy = await questionnaires.named(database, name)
    if copy is None:
        raise NotFound
    for _ in range(ATTEMPTS):
        draft = await editor.current(database, copy.id)
        if draft is not None and draft.source_hash == editor.hashed(copy.source):
            return draft
        fresh = await questionnaires.named(database, name)
        definition = authoring.definition_of(fresh.source) if fresh else None
        if fresh is None or definition is None:
            raise NotReadable
        copy = fresh
        if draft is None:
            await editor.begin(database, copy.id, definition, copy.source, account)
        elif draft.definition == definition:
            await editor.accept(database, draft, copy.source)
        elif draft.source_hash != editor.hashed(copy.source):
            await editor.append(database, draft, definition, account, source=copy.source)
    raise Conflict


async def opened(database: Database, name: str, account: UUID | None = None) -> Opened:
    """The same with its problems. Raises NotFound or NotReadable."""
    draft = await open_draft(database, name, account)
    author = await accounts.get(database, draft.account) if draft.account else None
    problems = authoring.sense(draft.definition)
    return Opened(name=name, draft=draft, author=author.name if author else "", problems=tuple(problems))


async def change(database: Database, name: str, decide: Decide, account: UUID | None = None) -> Draft:
    """The draft after ``decide`` has changed the newest state; the same draft where it changed nothing."""
    for _ in range(ATTEMPTS):
        draft = await open_draft(database, name, account)
        definition = decide(draft.definition)
        if definition == draft.definition:
            return draft
        if await editor.append(database, draft, definition, account):
            return await open_draft(database, name, account)
    raise Conflict


async def edit(
    database: Database, name: str, edits: tuple[Edit, ...], account: UUID | None = None
) -> tuple[Draft, list[Problem]]:
    """Edits in their order on the newest state; problems of those that could not be done."""
    problems: list[Problem] = []

    def decide(newest: Questionnaire) -> Questionnaire:
        problems.clear()
        made, wrong = apply_all(newest, edits)
        problems.extend(wrong)
        return made

    return await change(database, name, decide, account), problems


async def save_form(
    database: Database, name: str, form: Form, *, place: str, seen: int, edits: tuple[Edit, ...] = (),
    codes: bool = False, chosen: str = "", account: UUID | None = None,
) -> Saved:  # fmt: skip
    """What a form about ``place`` changes, then ``edits``. ``seen``: the number of the state that its author saw."""
    draft = await open_draft(database, name, account)
    base = await editor.state(database, draft.questionnaire, seen)
    merged = Merged(questionnaire=draft.definition)
    problems: list[Problem] = []

    def decide(newest: Questionnaire) -> Questionnaire:
        nonlocal merged
        problems.clear()
        merged = editing_form.merge(base or newest, newest, place, form, codes=codes, chosen=chosen)
        made, wrong = apply_all(merged.questionnaire, edits)
        problems.extend(wrong)
        return made

    draft = await change(database, name, decide, account)
    return Saved(draft=draft, merged=merged, problems=tuple(problems))


async def restore(
    database: Database, name: str, form: Form, place: str, seen: int, account: UUID | None = None
) -> Draft:
    """Puts a question back that somebody removed while this author was writing in it."""
    draft = await open_draft(database, name, account)
    base = await editor.state(database, draft.questionnaire, seen)
    if base is None:
        return draft
    return await change(
        database, name, lambda newest: editing_form.restored(base, newest, place, form) or newest, account
    )


async def step(database: Database, name: str, *, back: bool, account: UUID | None = None) -> Draft:
    """Undo or redo: the state before or after, where there is one."""
    for _ in range(ATTEMPTS):
        draft = await open_draft(database, name, account)
        number = draft.undoable if back else draft.redoable
        if number is None or await editor.show(database, draft, number):
            break
    return await open_draft(database, name, account)


async def create(database: Database, definition: Questionnaire, source: str = "", account: UUID | None = None) -> str:
    """A new working copy of our own; the name that it got: its own, or with a number where that is taken."""
    taken = {copy.name for copy in await questionnaires.every(database)}
    name, number = definition.name, 2
    while name in taken:
        name, number = f"{definition.name[:58]}-{number}", number + 1
    renamed = msgspec.structs.replace(definition, name=name)
    text = source if source and name == definition.name else to_json(renamed).decode()
    async with database.writing():
        await questionnaires.save(database, name, definition.kind, text)
        await audit.record(database, account=account, action="questionnaire.create", subject=name)
    return name


def empty(kind: str, title: dict[str, str]) -> Questionnaire:
    """A questionnaire to begin with: one page without questions."""
    page = Page(code="page1", questions=())
    return msgspec.convert(
        {"name": f"{kind}-1", "kind": kind, "title": title, "pages": [msgspec.to_builtins(page)]}, Questionnaire
    )
