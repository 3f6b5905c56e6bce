"""Translating a questionnaire in a grid. Two authors at once: each changes only what they typed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from service.actions import editor
from service.database import Database
from service.store import audit
from service.store import editor as drafts
from surveys import translation
from surveys.definition import Questionnaire
from surveys.text import LANGUAGES
from surveys.translation import Section


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """``seen`` is the state that its author looks at; ``complete`` how many wordings each language has, and of how
    many."""

    definition: Questionnaire
    seen: int
    sections: tuple[Section, ...]
    complete: dict[str, tuple[int, int]]


async def grid(database: Database, name: str, *, missing: bool, account: UUID | None = None) -> Grid:
    """Only wordings that lack a language where ``missing``. Raises NotFound or NotReadable."""
    draft = await editor.open_draft(database, name, account)
    found = translation.lines(draft.definition)
    shown = [line for line in found if not missing or any(line.missing(language) for language in LANGUAGES)]
    return Grid(
        definition=draft.definition,
        seen=draft.number,
        sections=translation.sections(draft.definition, shown),
        complete={language: translation.completeness(found, language) for language in LANGUAGES},
    )


async def save(
    database: Database, name: str, typed: Mapping[str, str], seen: int, *, account: UUID | None = None
) -> int:
    """How many wordings changed. Raises NotFound or NotReadable."""
    draft = await editor.open_draft(database, name, account)
    base = await drafts.state(database, draft.questionnaire, seen) or draft.definition
    edits = translation.edits(base, typed, LANGUAGES)
    if edits:
        await editor.edit(database, name, edits, account)
        await audit.record(database, account=account, action="questionnaire.translate", subject=name)
    return len(edits)
