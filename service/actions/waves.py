"""Waves: draft, open (which invites), chase, close, reopen.

Who has answered: in identified and confidential waves leads and HR see the names of those who have not, so the counts
of a department hide nothing. In anonymous waves there are no names, and departments too small to hide in are counted
together (``Group.departments`` > 1), by the same rule that suppresses figures.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec
import segno
import xlsxwriter

from service import clock
from service.actions.drafting import Draft, as_form, read_audience, read_draft
from service.database import Database
from service.errors import Conflict, NotFound
from service.identifiers import derived_token, token_hash
from service.settings import Settings
from service.store import audit, people, questionnaires, responses, waves
from service.store.people import Person
from service.store.questionnaires import PublishedVersion
from service.store.waves import ANONYMITIES, ROLES, Audience, Invitation, Progress, Wave
from surveys.disclosure import suppressed

__all__ = [
    "ANONYMITIES", "DEEDS", "ROLES", "Draft", "Group", "Status", "Wave", "as_form", "change", "close", "count_audience",
    "create", "discard", "draft", "get", "groups", "invite", "invited_among", "lagging", "links_workbook",
    "of_programme", "open_wave", "personal_url", "public_url", "qr_svg", "read_audience", "read_draft", "reopen",
    "status", "version_of", "versions", "waiting",
]  # fmt: skip


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A department's progress, or that of several small ones together. ``label`` is empty where they are several."""

    label: str
    departments: int
    invited: int
    submitted: int | None  # None: too few people to tell


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A wave at this moment. ``responses`` counts those by public link and import too."""

    wave: Wave
    standing: str
    invited: int
    submitted: int
    responses: int
    groups: tuple[Group, ...]


def invited_among(everybody: Sequence[Person], audience: Audience) -> list[Person]:
    """Those whom the audience names: department (or one above it) and side where given, and whoever is listed."""
    listed = set(audience.people)
    narrowed = bool(audience.departments or audience.sides)

    def asked(person: Person) -> bool:
        if person.employee_number in listed:
            return True
        if not narrowed:
            return not listed
        within = not audience.departments or any(
            level in audience.departments for level in people.levels(person.department)
        )
        return within and (not audience.sides or person.side in audience.sides)

    return [person for person in everybody if asked(person)]


async def count_audience(database: Database, programme: UUID, audience: Audience) -> tuple[int, list[str]]:
    """How many would be invited, and the listed employee numbers that nobody on the roster has."""
    everybody = await people.every(database, programme)
    known = {person.employee_number for person in everybody}
    return len(invited_among(everybody, audience)), [number for number in audience.people if number not in known]


async def versions(database: Database) -> list[PublishedVersion]:
    return await questionnaires.published(database)


async def of_programme(database: Database, programme: UUID) -> list[Status]:
    return [await _status(database, wave) for wave in await waves.of_programme(database, programme)]


async def get(database: Database, programme: UUID, wave: UUID) -> Wave:
    """A wave of this programme. Raises NotFound."""
    found = await waves.get(database, wave)
    if found is None or found.programme != programme:
        raise NotFound
    return found


async def version_of(database: Database, wave: Wave) -> PublishedVersion:
    found = await questionnaires.version(database, wave.version)
    if found is None:
        raise NotFound
    return found


async def create(database: Database, programme: UUID, stage: str, draft: Draft, *, account: UUID | None = None) -> Wave:
    if await questionnaires.version(database, draft.version) is None:
        raise NotFound
    async with database.writing():
        wave = await waves.create(database, programme=programme, stage=stage, **msgspec.structs.asdict(draft))
        await audit.record(database, account=account, programme=programme, action="wave.create", subject=wave.title)
    return wave


async def draft(database: Database, programme: UUID, wave: UUID) -> Wave:
    """A wave of this programme that is not open yet. Raises NotFound, and Conflict where it was opened."""
    found = await get(database, programme, wave)
    if found.state != "draft":
        raise Conflict
    return found


async def change(database: Database, wave: Wave, draft: Draft, *, account: UUID | None = None) -> None:
    """Raises Conflict where it was opened meanwhile: what participants were promised stays."""
    if await questionnaires.version(database, draft.version) is None:
        raise NotFound
    async with database.writing():
        if not await waves.change_draft(database, wave.id, **msgspec.structs.asdict(draft)):
            raise Conflict
        await audit.record(
            database, account=account, programme=wave.programme, action="wave.change", subject=draft.title
        )


async def open_wave(database: Database, settings: Settings, wave: Wave, *, account: UUID | None = None) -> None:
    """Starts the wave and invites its audience. Whoever joins the roster later is invited by ``invite``."""
    async with database.writing():
        if not await waves.change_state(database, wave.id, ["draft"], "open"):
            raise Conflict
        if wave.opens_at is None:
            await waves.change_window(database, wave.id, clock.now(), wave.closes_at)
        await _invite(database, settings, wave)
        await audit.record(database, account=account, programme=wave.programme, action="wave.open", subject=wave.title)


async def invite(database: Database, settings: Settings, wave: Wave, *, account: UUID | None = None) -> None:
    """Invites whoever of the audience is not invited yet."""
    async with database.writing():
        await _invite(database, settings, wave)
        await audit.record(
            database, account=account, programme=wave.programme, action="wave.invite", subject=wave.title
        )


async def _invite(database: Database, settings: Settings, wave: Wave) -> None:
    if not wave.personal_links:
        return
    secret = settings.secret()
    asked = invited_among(await people.every(database, wave.programme), wave.audience)
    await waves.invite(
        database, wave.id, [(person.id, token_hash(_token(secret, wave.id, person.id))) for person in asked]
    )


def _token(secret: str, wave: UUID, person: UUID) -> str:
    return derived_token(secret, "invitation", str(wave), str(person))


async def close(database: Database, wave: Wave, *, account: UUID | None = None) -> None:
    now = clock.now()
    async with database.writing():
        if not await waves.change_state(database, wave.id, ["open"], "closed"):
            raise Conflict
        await waves.settle(database, wave.id)
        if wave.closes_at is None or wave.closes_at > now:
            await waves.change_window(database, wave.id, wave.opens_at, now)
        await audit.record(database, account=account, programme=wave.programme, action="wave.close", subject=wave.title)


async def reopen(database: Database, wave: Wave, *, account: UUID | None = None) -> None:
    """Without an end, until it is closed again."""
    async with database.writing():
        if not await waves.change_state(database, wave.id, ["closed", "open"], "open"):
            raise Conflict
        await waves.change_window(database, wave.id, wave.opens_at, None)
        await audit.record(
            database, account=account, programme=wave.programme, action="wave.reopen", subject=wave.title
        )


async def discard(database: Database, wave: Wave, *, account: UUID | None = None) -> None:
    """Only a draft: whatever was opened stays."""
    async with database.writing():
        if not await waves.delete_draft(database, wave.id):
            raise Conflict
        await audit.record(
            database, account=account, programme=wave.programme, action="wave.discard", subject=wave.title
        )


# Seeing how it goes


async def status(database: Database, programme: UUID, wave: UUID) -> Status:
    return await _status(database, await get(database, programme, wave))


async def _status(database: Database, wave: Wave) -> Status:
    progress = await waves.progress(database, wave.id)
    return Status(
        wave=wave,
        standing=wave.standing(clock.now()),
        invited=sum(each.invited for each in progress),
        submitted=sum(each.submitted for each in progress),
        responses=await responses.count(database, wave.id),
        groups=groups(progress, wave.minimum_group if wave.anonymity == "anonymous" else 1),
    )


def groups(progress: Sequence[Progress], k: int) -> tuple[Group, ...]:
    """By top-level department; those that must not stand alone together at the end."""
    invited: dict[str, int] = {}
    submitted: dict[str, int] = {}
    for each in progress:
        name = each.department.split("/")[0]
        invited[name] = invited.get(name, 0) + each.invited
        submitted[name] = submitted.get(name, 0) + each.submitted
    hidden = suppressed(invited, k)
    shown = [
        Group(label=name, departments=1, invited=invited[name], submitted=submitted[name])
        for name in invited
        if name not in hidden
    ]
    if hidden:
        people_in = sum(invited[name] for name in hidden)
        answered = sum(submitted[name] for name in hidden)
        shown.append(
            Group(
                label="", departments=len(hidden), invited=people_in, submitted=answered if people_in >= k else None
            )
        )  # fmt: skip
    return tuple(shown)


def lagging(status: Status, most: int = 3) -> tuple[Group, ...]:
    """The departments below the rate of all, those with most people missing first."""
    behind = [each for each in status.groups if each.label and _behind(each, status)]
    return tuple(sorted(behind, key=lambda group: (group.submitted or 0) - group.invited)[:most])


def _behind(group: Group, status: Status) -> bool:
    return group.submitted is not None and group.submitted * status.invited < status.submitted * group.invited


async def waiting(database: Database, wave: Wave) -> list[Invitation]:
    """Who has not answered; nobody in anonymous waves, since even that would tell."""
    return [] if wave.anonymity == "anonymous" else await waves.invitations(database, wave.id, waiting=True)


# Links


def public_url(settings: Settings, wave: Wave) -> str:
    return f"{settings.base_url.rstrip('/')}/w/{wave.public_token}" if wave.public_token else ""


def personal_url(settings: Settings, wave: UUID, person: UUID) -> str:
    return f"{settings.base_url.rstrip('/')}/a/{_token(settings.secret(), wave, person)}"


def qr_svg(url: str) -> str:
    """The code as an SVG of its own, dark on white whatever the page's colours."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=6, border=4, light="#fff", dark="#000")
    return out.getvalue().decode()


async def links_workbook(
    database: Database, settings: Settings, wave: Wave, headings: Sequence[str], *, account: UUID | None = None
) -> bytes:
    """An .xlsx of everybody's personal link, for distribution. Anonymous: everybody, since who is missing is not told;
    else only those who have not answered. All cells are text."""
    missing_only = wave.anonymity != "anonymous"
    asked = await waves.invitations(database, wave.id, waiting=missing_only)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 4, 20)
        sheet.set_column(5, 5, 70)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        for row, person in enumerate(asked, 1):
            link = personal_url(settings, wave.id, person.person)
            cells = (person.employee_number, person.name, person.department, person.email, person.mobile, link)
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    await audit.record(
        database, account=account, programme=wave.programme, action="wave.links", subject=wave.title,
        detail={"people": len(asked)},
    )  # fmt: skip
    return out.getvalue()


Deed = Callable[[Database, Settings, Wave, UUID | None], Awaitable[None]]

DEEDS: dict[str, Deed] = {
    "open": lambda database, settings, wave, account: open_wave(database, settings, wave, account=account),
    "invite": lambda database, settings, wave, account: invite(database, settings, wave, account=account),
    "close": lambda database, settings, wave, account: close(database, wave, account=account),
    "reopen": lambda database, settings, wave, account: reopen(database, wave, account=account),
    "discard": lambda database, settings, wave, account: discard(database, wave, account=account),
}
"""What one may do to a wave, by the word in the address."""
