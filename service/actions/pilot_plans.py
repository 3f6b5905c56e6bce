"""The plan of a pilot: drafted, shown with what it needs, fixed before the start."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service import clock
from service.actions import metrics, pilot_form
from service.actions.pilot_form import Errors, Source
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import audit, pilot_plans, programmes, waves
from service.store.pilot_plans import StoredPlan
from service.store.waves import Wave
from surveys.definition import Questionnaire
from surveys.expansion import expand
from surveys.text import Text

__all__ = ["Desk", "StoredPlan", "desk", "discard", "fix", "of_programme", "save"]


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan may be made of, and the form as it is filled in."""

    rounds: tuple[Wave, ...]
    sources: tuple[Source, ...]
    links: tuple[tuple[str, Text], ...]
    typed: dict[str, str]
    errors: Errors = {}


async def of_programme(database: Database, programme: UUID) -> list[StoredPlan]:
    """Newest first; only the first may be a draft."""
    return await pilot_plans.of_programme(database, programme)


async def desk(database: Database, programme: UUID, typed: Mapping[str, str] | None = None) -> Desk:
    """The form of ``typed``, else of the newest plan, else begun from the programme's targets."""
    known = await metrics.known(database, programme)
    rounds = tuple(wave for wave in await waves.of_programme(database, programme))
    if typed is None:
        plans = await pilot_plans.of_programme(database, programme)
        typed = pilot_form.as_form(plans[0].plan) if plans else await _begun(database, programme, rounds)
    questionnaire = await _questionnaire(database, rounds, typed.get("pilot", ""))
    return Desk(
        rounds=rounds,
        sources=tuple(pilot_form.sources(known, questionnaire)),
        links=tuple(pilot_form.links(questionnaire)),
        typed=dict(typed),
    )


async def _begun(database: Database, programme: UUID, rounds: tuple[Wave, ...]) -> dict[str, str]:
    today = clock.now().astimezone(ZoneInfo(database.settings.time_zone)).date()
    stored = [each.metric for each in await metrics.listing(database, programme) if each.tallies]
    typed = pilot_form.begun(await programmes.targets(database, programme), stored, today)
    for wave in rounds:  # newest first: of each role the newest
        if wave.role in ("baseline", "pilot", "comparison"):
            typed.setdefault(wave.role, str(wave.id))
    return typed


async def _questionnaire(database: Database, rounds: tuple[Wave, ...], wave: str) -> Questionnaire | None:
    chosen = next((each for each in rounds if str(each.id) == wave), None)
    found = await waves.with_version(database, chosen.id) if chosen else None
    return expand(found[1].definition) if found else None


async def save(database: Database, programme: UUID, typed: Mapping[str, str], *, account: UUID | None = None) -> Desk:
    """Stores the draft; with ``errors`` nothing was done."""
    found = await desk(database, programme, typed)
    plan, errors = pilot_form.read(
        typed, found.sources, {str(wave.id): wave.role for wave in found.rounds}, [code for code, _ in found.links]
    )
    if plan is None:
        return msgspec.structs.replace(found, errors=errors)
    async with database.writing():
        await pilot_plans.save_draft(database, programme, plan)
        await audit.record(database, account=account, programme=programme, action="pilot.plan", subject="draft")
    return found


async def fix(
    database: Database, programme: UUID, number: int, content_hash: str, *, account: UUID | None = None
) -> None:
    """From now on the plan holds as it is. Raises Conflict where it was changed or fixed meanwhile."""
    async with database.writing():
        if not await pilot_plans.fix(database, programme, number, content_hash, account):
            raise Conflict
        await audit.record(
            database, account=account, programme=programme, action="pilot.fix", subject=str(number),
            detail={"content_hash": content_hash},
        )  # fmt: skip


async def discard(database: Database, programme: UUID, *, account: UUID | None = None) -> None:
    """Gives the draft up; what is fixed stays. Raises NotFound where there is none."""
    async with database.writing():
        if not await pilot_plans.discard_draft(database, programme):
            raise NotFound
        await audit.record(database, account=account, programme=programme, action="pilot.discard", subject="draft")
