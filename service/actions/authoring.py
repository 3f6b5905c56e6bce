"""Questionnaires: write, check, publish, copy from the library."""

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec

from service import questionnaire_files
from service.database import Database
from service.errors import NotFound
from service.store import audit, bank, questionnaires
from service.store.questionnaires import PublishedVersion, WorkingCopy
from surveys import formats, library
from surveys.check import check as check_sense
from surveys.compiled import Compiled, Shown, compile_questionnaire
from surveys.definition import Page, Questionnaire, from_json
from surveys.formats import yaml
from surveys.problem import Problem, has_errors


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A source as read. ``definition`` is None where it is no questionnaire; with errors it cannot be published."""

    source: str
    definition: Questionnaire | None
    problems: tuple[Problem, ...]

    @property
    def publishable(self) -> bool:
        return self.definition is not None and not has_errors(list(self.problems))


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A questionnaire in the list: one of ours, or one of the library that nobody has copied yet."""

    name: str
    kind: str
    definition: Questionnaire | None
    ours: WorkingCopy | None
    version: PublishedVersion | None


def check(source: str | bytes) -> Checked:
    """Form and sense at once; every problem with its line where it is known."""
    written = from_editor(source) if isinstance(source, str) else None
    if written is not None:
        return Checked(source=yaml.write(written), definition=written, problems=tuple(sense(written)))
    kind = form_of(source)
    if kind != "yaml":
        return _check_other(source, kind)
    definition, problems = yaml.read(source)
    if definition is not None:
        problems = [*problems, *yaml.locate(source, check_sense(definition))]
    text = source.decode("utf-8-sig", "replace") if isinstance(source, bytes) else source
    return Checked(source=text, definition=definition, problems=tuple(problems))


def form_of(source: str | bytes) -> formats.Kind:
    """Which form somebody wrote, pasted or uploaded, by what is in it."""
    if isinstance(source, bytes) and source.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    return formats.kind_written(source.decode("utf-8-sig", "replace") if isinstance(source, bytes) else source)


def _check_other(source: str | bytes, kind: formats.Kind) -> Checked:
    """A text or a workbook, turned into YAML where it can be read; a text that cannot stays as it was typed."""
    definition, problems = questionnaire_files.read(source, kind)
    if definition is not None:
        return check(yaml.write(definition))
    text = source.decode("utf-8-sig", "replace") if isinstance(source, bytes) else source
    return Checked(source="" if kind == "workbook" else text, definition=None, problems=tuple(problems))


async def file_of(database: Database, name: str, kind: formats.Kind, number: int | None, language: str) -> bytes:
    """Version ``number`` or the working copy as a file. Raises NotFound, also where the copy cannot be read yet."""
    source = (await source_of(database, name))[0] if number is None else (await version(database, name, number)).source
    if kind == "yaml":
        return readable(source).encode()
    definition = check(source).definition
    if definition is None:
        raise NotFound
    return questionnaire_files.write(definition, kind, language)


def sense(definition: Questionnaire) -> list[Problem]:
    """What makes no sense in a questionnaire that is well formed."""
    return check_sense(definition)


def from_editor(source: str) -> Questionnaire | None:
    """The questionnaire, where the editor wrote the working copy (canonical JSON); None for a file."""
    if not source.startswith("{"):
        return None
    try:
        return from_json(source)
    except msgspec.DecodeError:
        return None


def readable(source: str) -> str:
    """A working copy as the YAML that people read."""
    written = from_editor(source)
    return source if written is None else yaml.write(written)


def definition_of(source: str) -> Questionnaire | None:
    """The questionnaire of a working copy, unchecked; None where it cannot be read."""
    return from_editor(source) or yaml.read(source)[0]


async def entries(database: Database) -> list[Entry]:
    """Ours by name, then what else the library has."""
    ours = await questionnaires.every(database)
    newest = {version.name: version for version in await questionnaires.published(database)}
    listed = [
        Entry(
            name=copy.name, kind=copy.kind, definition=definition_of(copy.source), ours=copy,
            version=newest.get(copy.name),
        )
        for copy in ours
    ]  # fmt: skip
    names = {copy.name for copy in ours}
    for name in library.names():
        if name not in names:
            definition = library.load(name)
            listed.append(Entry(name=name, kind=definition.kind, definition=definition, ours=None, version=None))
    return listed


async def source_of(database: Database, name: str) -> tuple[str, WorkingCopy | None]:
    """The working copy's YAML, else the library's. Raises NotFound."""
    copy = await questionnaires.named(database, name)
    if copy is not None:
        return readable(copy.source), copy
    if name not in library.names():
        raise NotFound
    return library.source(name), None


async def versions(database: Database, name: str) -> list[PublishedVersion]:
    copy = await questionnaires.named(database, name)
    return await questionnaires.versions(database, copy.id) if copy else []


async def version(database: Database, name: str, number: int) -> PublishedVersion:
    for each in await versions(database, name):
        if each.number == number:
            return each
    raise NotFound


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a questionnaire as participants see it, were every condition met."""

    compiled: Compiled
    seen: Shown
    place: int

    @property
    def page(self) -> Page:
        return self.compiled.pages[self.place]

    @property
    def around(self) -> tuple[str, str]:
        """Codes of the page before and the page after; empty at the ends."""
        codes = ["", *self.seen.pages, ""]
        return codes[self.place], codes[self.place + 2]


async def preview(database: Database, name: str, page: str, number: int | None) -> Preview | None:
    """Version ``number``, or what would be published now; the first page where ``page`` is empty.

    None where the working copy has errors. Raises NotFound.
    """
    source = (await source_of(database, name))[0] if number is None else (await version(database, name, number)).source
    checked = check(source)
    if checked.definition is None or not checked.publishable:
        return None
    compiled = compile_questionnaire(checked.definition)
    place = compiled.page_index.get(page) if page else 0
    if place is None:
        raise NotFound
    seen = Shown(tuple(compiled.page_index), frozenset(compiled.questions), {})
    return Preview(compiled=compiled, seen=seen, place=place)


async def save(database: Database, source: str, *, account: UUID | None = None) -> Checked:
    """Keeps what can be read as a questionnaire, even where it does not make sense yet; else nothing is done."""
    checked = check(source)
    if checked.definition is None:
        return checked
    async with database.writing():
        await questionnaires.save(database, checked.definition.name, checked.definition.kind, checked.source)
        await audit.record(database, account=account, action="questionnaire.save", subject=checked.definition.name)
    return checked


async def to_publish(database: Database, source: str) -> Checked:
    """What publishing would make of a source: questions that refer to the bank are those of the bank."""
    checked = check(source)
    if checked.definition is None:
        return checked
    resolved = await bank.resolved(database, checked.definition)
    return checked if resolved == checked.definition else check(yaml.write(resolved))


async def publish(
    database: Database, source: str, *, account: UUID | None = None
) -> tuple[Checked, PublishedVersion | None]:
    """A new version, the one that has this content already, or None and the problems."""
    checked = await to_publish(database, source)
    if checked.definition is None or not checked.publishable:
        return checked, None
    async with database.writing():
        made, new = await questionnaires.publish(database, checked.definition, checked.source)
        if new:
            await audit.record(
                database, account=account, action="questionnaire.publish", subject=f"{made.name} {made.number}"
            )
    return checked, made


async def publish_library(database: Database, name: str, *, account: UUID | None = None) -> PublishedVersion:
    """The library's questionnaire as our own, published. Raises NotFound."""
    if name not in library.names():
        raise NotFound
    _, made = await publish(database, library.source(name), account=account)
    if made is None:
        raise NotFound
    return made


async def write(
    database: Database, source: str | bytes, deed: str, *, account: UUID | None = None
) -> tuple[Checked, str]:
    """``deed``: check, save or publish. Where it was done, the address of what came of it; else the empty string."""
    if isinstance(source, bytes):  # an upload; a workbook is read in a process of its own
        checked = await asyncio.to_thread(check, source)
        if deed == "check" or checked.definition is None:
            return checked, ""
        source = checked.source
    if deed == "publish":
        checked, made = await publish(database, check(source).source, account=account)
        return checked, f"/questionnaires/{made.name}/versions/{made.number}" if made else ""
    if deed == "save":
        checked = await save(database, check(source).source, account=account)
        return checked, f"/questionnaires/{checked.definition.name}" if checked.definition else ""
    return check(source), ""
