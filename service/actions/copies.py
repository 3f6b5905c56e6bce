"""Copies of questionnaires under names of their own, and questionnaires marked as templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

import msgspec

from service.actions import authoring, editor
from service.actions.authoring import Entry
from service.database import Database
from service.errors import NotFound
from service.store import audit, bank, questionnaires
from surveys import library
from surveys.definition import Questionnaire
from surveys.text import LANGUAGES

NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
TITLE_LENGTH = 200


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What a questionnaire can be begun from: templates of our own, and the library."""

    own: tuple[Entry, ...]
    library: tuple[Questionnaire, ...]


async def shelf(database: Database) -> Shelf:
    marked = await bank.templates(database)
    own = tuple(each for each in await authoring.entries(database) if each.ours and each.ours.id in marked)
    return Shelf(own=own, library=tuple(library.load(name) for name in library.names()))


async def original(database: Database, name: str) -> Questionnaire:
    """What would be copied: our own working copy, else the library's. Raises NotFound."""
    source, _ = await authoring.source_of(database, name)
    definition = authoring.definition_of(source)
    if definition is None:
        raise NotFound
    return definition


async def suggested(database: Database, name: str) -> str:
    """A free name for a copy."""
    taken = {each.name for each in await questionnaires.every(database)} | set(library.names())
    number = 2
    while (free := f"{name[:58]}-{number}") in taken:
        number += 1
    return free


async def copy(
    database: Database, name: str, typed: Mapping[str, str], *, account: UUID | None = None
) -> tuple[str, dict[str, str]]:
    """The copy's name; or what is wrong, by field, as keys of texts. Raises NotFound."""
    definition = await original(database, name)
    wanted = typed.get("name", "").strip()
    titles = {each: wording for each in LANGUAGES if (wording := typed.get(f"title.{each}", "").strip())}
    errors = {} if NAME.fullmatch(wanted) else {"name": "copies.bad_name"}
    if not errors and (wanted in library.names() or await questionnaires.named(database, wanted)):
        errors["name"] = "copies.taken"
    if not titles:
        errors[f"title.{LANGUAGES[0]}"] = "copies.no_title"
    if any(len(title) > TITLE_LENGTH for title in titles.values()):
        errors[f"title.{LANGUAGES[0]}"] = "copies.long_title"
    if errors:
        return "", errors
    fresh = msgspec.structs.replace(definition, name=wanted, title=titles)
    return await editor.create(database, fresh, account=account), {}


async def is_template(database: Database, name: str) -> bool:
    found = await questionnaires.named(database, name)
    return found is not None and found.id in await bank.templates(database)


async def mark(database: Database, name: str, *, template: bool, account: UUID | None = None) -> None:
    """Raises NotFound where it is not our own."""
    found = await questionnaires.named(database, name)
    if found is None:
        raise NotFound
    async with database.writing():
        await bank.mark(database, found.id, account, template=template)
        action = "questionnaire.template" if template else "questionnaire.untemplate"
        await audit.record(database, account=account, action=action, subject=name)
