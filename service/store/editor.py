"""Questionnaires in the editor: the state shown, those before it and after it, kept within bounds."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from piccolo.columns import Column

from service import clock, tables
from service.database import Database
from service.identifiers import new_id
from surveys.definition import Questionnaire, from_json, to_json

KEPT = 120  # states of one questionnaire, those passed over by undoing included


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is being written. ``number`` names the state; ``undoable`` and ``redoable`` are the numbers of the states
    before and after it, None at the ends. ``account`` made the state at ``at``."""

    questionnaire: UUID
    revision: int
    number: int
    source_hash: str
    definition: Questionnaire
    undoable: int | None
    redoable: int | None
    account: UUID | None
    at: datetime


def hashed(source: str) -> str:
    """Names the text of a working copy."""
    return hashlib.sha256(source.encode()).hexdigest()


async def current(database: Database, questionnaire: UUID) -> Draft | None:
    """What is being written, None where nobody has opened it in the editor."""
    d, s = tables.AuthoringDraft, tables.AuthoringState
    row = await d.objects().where(d.questionnaire == questionnaire).first()
    if row is None:
        return None
    state = await s.objects().where((s.questionnaire == questionnaire) & (s.number == row.state)).first()
    if state is None:  # somebody undid and dropped it between the two questions
        return await current(database, questionnaire)
    kept = (s.questionnaire == questionnaire) & (s.dropped == False)  # noqa: E712 - a query, not a comparison
    before = await s.select(s.number).where(kept & (s.number < row.state)).order_by(s.number, ascending=False).first()
    after = await s.select(s.number).where(kept & (s.number > row.state)).order_by(s.number).first()
    return Draft(
        questionnaire=questionnaire, revision=row.revision, number=row.state, source_hash=row.source_hash,
        definition=from_json(state.definition), undoable=before["number"] if before else None,
        redoable=after["number"] if after else None, account=state.account, at=state.at,
    )  # fmt: skip


async def state(database: Database, questionnaire: UUID, number: int) -> Questionnaire | None:
    """An earlier state, None where it is no longer kept."""
    s = tables.AuthoringState
    row = await s.objects().where((s.questionnaire == questionnaire) & (s.number == number)).first()
    return from_json(row.definition) if row else None


async def begin(
    database: Database, questionnaire: UUID, definition: Questionnaire, source: str, account: UUID | None
) -> None:
    """The first state, unless somebody else was faster."""
    d = tables.AuthoringDraft
    row = d(id=new_id(), questionnaire=questionnaire, revision=1, state=1, source_hash=hashed(source))
    async with database.writing():
        made = await d.insert(row).on_conflict(target=d.questionnaire, action="DO NOTHING").returning(d.id)
        if made:
            await _insert(questionnaire, 1, definition, account)


async def append(
    database: Database, draft: Draft, definition: Questionnaire, account: UUID | None, *, source: str = ""
) -> bool:
    """A new state after ``draft``'s, as working copy as well; False where somebody was faster.

    ``source`` is the working copy's text where it is what is taken over, else it is written from ``definition``.
    """
    number, text = draft.revision + 1, source or to_json(definition).decode()
    s = tables.AuthoringState
    async with database.writing():
        if not await _advance(draft, number, text):
            return False
        await s.update({s.dropped: True}).where((s.questionnaire == draft.questionnaire) & (s.number > draft.number))
        await _insert(draft.questionnaire, number, definition, account)
        await _forget(draft.questionnaire)
        await _write(draft.questionnaire, definition, text)
    return True


async def show(database: Database, draft: Draft, number: int) -> bool:
    """Goes to the state before or after; False where somebody was faster or it is gone."""
    definition = await state(database, draft.questionnaire, number)
    if definition is None:
        return False
    text = to_json(definition).decode()
    async with database.writing():
        if not await _advance(draft, number, text):
            return False
        await _write(draft.questionnaire, definition, text)
    return True


async def accept(database: Database, draft: Draft, source: str) -> None:
    """The working copy was written elsewhere and says the same."""
    async with database.writing():
        await _advance(draft, draft.number, source)


async def _advance(draft: Draft, number: int, text: str) -> bool:
    """Compare-and-set: only who has seen the newest revision makes the next."""
    d = tables.AuthoringDraft
    values: dict[Column | str, Any] = {d.revision: draft.revision + 1, d.state: number, d.source_hash: hashed(text)}
    own = (d.questionnaire == draft.questionnaire) & (d.revision == draft.revision)
    return bool(await d.update(values).where(own).returning(d.id))


async def _insert(questionnaire: UUID, number: int, definition: Questionnaire, account: UUID | None) -> None:
    row = tables.AuthoringState(
        id=new_id(), questionnaire=questionnaire, number=number, dropped=False, account=account, at=clock.now(),
        definition=to_json(definition).decode(),
    )  # fmt: skip
    await tables.AuthoringState.insert(row)


async def _forget(questionnaire: UUID) -> None:
    s = tables.AuthoringState
    newest = s.select(s.number).where(s.questionnaire == questionnaire).order_by(s.number, ascending=False)
    beyond = await newest.offset(KEPT).limit(1).first()
    if beyond:
        await s.delete().where((s.questionnaire == questionnaire) & (s.number <= beyond["number"]))


async def _write(questionnaire: UUID, definition: Questionnaire, text: str) -> None:
    q = tables.Questionnaire
    values: dict[Column | str, Any] = {q.kind: definition.kind, q.source: text, q.updated_at: clock.now()}
    await q.update(values).where(q.id == questionnaire)
