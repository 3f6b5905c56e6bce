"""Programmes: found, edit, staff, and see where they stand."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from service.database import Conflict, Database
from service.errors import NotFound
from service.store import accounts, audit, documents, programmes, responses, waves
from service.store.accounts import Account, Member, ProgrammeReference
from service.store.documents import Document
from service.store.programmes import STAGES, Charter, Programme, Target
from service.store.waves import Wave

__all__ = [
    "ROLES", "STAGES", "Charter", "Member", "Overview", "Programme", "ProgrammeReference", "Target",
    "add_member", "as_form", "change", "change_stage",
    "create", "get", "members", "overview", "read_charter", "remove_member", "visible",
]  # fmt: skip

ROLES = ("lead", "hr", "author", "viewer")
LENGTHS = {"name": 200, "process": 200, "owner": 120, "sponsor": 120, "scope": 10_000}
TARGET_ROWS = 8

Errors = dict[str, str]
"""Form field to the key of what is wrong with it."""


class OpenWave(msgspec.Struct, frozen=True, kw_only=True):
    """A wave with how many were asked and have answered. ``invited`` 0: nobody in person, only the public link."""

    wave: Wave
    invited: int
    submitted: int
    responses: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead sees first. ``next_step`` is a key of the locale."""

    programme: Programme
    people: int
    waves: list[OpenWave]
    documents: list[Document]
    next_step: str


async def visible(database: Database, account: Account | None, memberships: Collection[UUID]) -> list[Programme]:
    """Everything for administrators, else what one is a member of."""
    return await programmes.every(database, None if account and account.administrator else memberships)


async def get(database: Database, programme: UUID) -> Programme:
    found = await programmes.get(database, programme)
    if found is None:
        raise NotFound
    return found


def read_charter(form: Mapping[str, str]) -> tuple[Charter | None, Errors]:
    """The form's fields ``name``, ``process``, …, and per target ``target.0.metric``, ``.unit``, ``.baseline``,
    ``.target``, ``.direction``; rows without a metric are passed over."""
    text = {name: str(form.get(name, "")).strip() for name in LENGTHS}
    errors: Errors = {name: "programmes.error.long" for name, limit in LENGTHS.items() if len(text[name]) > limit}
    errors |= {name: "programmes.error.empty" for name in ("name", "process") if not text[name]}
    targets = [
        target
        for row in range(TARGET_ROWS)
        if (target := _target(form, f"target.{row}", errors)) is not None
    ]  # fmt: skip
    return (None, errors) if errors else (Charter(**text, targets=tuple(targets)), {})


def _target(form: Mapping[str, str], prefix: str, errors: Errors) -> Target | None:
    metric, unit = (str(form.get(f"{prefix}.{name}", "")).strip() for name in ("metric", "unit"))
    typed = {name: str(form.get(f"{prefix}.{name}", "")).strip() for name in ("baseline", "target")}
    if not metric:
        if any(typed.values()):
            errors[f"{prefix}.metric"] = "programmes.error.empty"
        return None
    numbers = {name: _number(value) for name, value in typed.items()}
    for name, value in typed.items():
        if numbers[name] is None and (value or name == "target"):
            errors[f"{prefix}.{name}"] = "programmes.error.number"
    if len(metric) > 200 or len(unit) > 40:
        errors[f"{prefix}.metric"] = "programmes.error.long"
    direction: Literal["decrease", "increase"] = (
        "increase" if form.get(f"{prefix}.direction") == "increase" else "decrease"
    )
    goal = numbers["target"]
    return None if goal is None else Target(
        metric=metric, unit=unit, baseline=numbers["baseline"], target=goal, direction=direction
    )  # fmt: skip


def _number(typed: str) -> float | None:
    plain = typed.replace(",", "").replace("，", "").rstrip("%％")
    return float(plain) if re.fullmatch(r"[-+]?[0-9]{1,15}(\.[0-9]{1,9})?", plain) else None


def as_form(programme: Programme) -> dict[str, str]:
    """The form that ``read_charter`` reads, filled in."""
    form = {name: getattr(programme, name) for name in LENGTHS}
    for row, target in enumerate(programme.targets):
        form |= {
            f"target.{row}.metric": target.metric,
            f"target.{row}.unit": target.unit,
            f"target.{row}.baseline": "" if target.baseline is None else f"{target.baseline:.12g}",
            f"target.{row}.target": f"{target.target:.12g}",
            f"target.{row}.direction": target.direction,
        }
    return form


def slug_of(name: str) -> str:
    """The name in Latin letters and digits; empty where it is written in others: half of such a name tells nothing."""
    if any(character.isalpha() and not character.isascii() for character in name):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50]


async def create(database: Database, charter: Charter, *, slug: str = "", account: UUID | None = None) -> Programme:
    """Whoever founds a programme leads it. Raises ``Conflict`` where ``slug`` is given and taken."""
    wanted = slug or slug_of(charter.name)
    if len(wanted) < 4:  # too short to tell anything, and "new" is a page
        wanted = f"p-{secrets.token_hex(3)}"
    try:
        return await _create(database, wanted, charter, account)
    except Conflict:
        if slug:
            raise
        return await _create(database, f"{wanted}-{secrets.token_hex(2)}", charter, account)


async def _create(database: Database, slug: str, charter: Charter, account: UUID | None) -> Programme:
    async with database.writing():
        programme = await programmes.create(database, slug, charter)
        if account is not None:
            await accounts.give_role(database, programme.id, account, "lead")
        await audit.record(
            database, account=account, programme=programme.id, action="programme.create", subject=programme.name
        )
    return programme


async def change(database: Database, programme: UUID, charter: Charter, *, account: UUID | None = None) -> None:
    async with database.writing():
        await programmes.change(database, programme, charter)
        await audit.record(
            database, account=account, programme=programme, action="programme.change", subject=charter.name
        )


async def change_stage(database: Database, programme: UUID, stage: str, *, account: UUID | None = None) -> None:
    if stage not in STAGES:
        raise NotFound
    async with database.writing():
        await programmes.change_stage(database, programme, stage)
        await audit.record(database, account=account, programme=programme, action="programme.stage", subject=stage)


async def overview(database: Database, programme: UUID) -> Overview:
    found = await get(database, programme)
    people = await database.fetch(
        "SELECT count(*) AS n FROM person WHERE programme = ? AND active = ?", programme, True
    )  # fmt: skip
    rounds = []
    for wave in await waves.of_programme(database, programme):
        progress = await waves.progress(database, wave.id)
        rounds.append(
            OpenWave(
                wave=wave,
                invited=sum(group.invited for group in progress),
                submitted=sum(group.submitted for group in progress),
                responses=await responses.count(database, wave.id),
            )
        )
    made = await documents.of_programme(database, programme)
    return Overview(
        programme=found,
        people=people[0]["n"],
        waves=rounds,
        documents=made[:5],
        next_step=_next_step(people[0]["n"], [wave.wave for wave in rounds], bool(made)),
    )


def _next_step(people: int, rounds: list[Wave], reported: bool) -> str:
    if people == 0 and not rounds:
        return "roster"
    if not rounds:
        return "wave"
    states = {wave.state for wave in rounds}
    if "open" in states:
        return "chase"
    if "draft" in states:
        return "open"
    return "stage" if reported else "report"


# Members


async def members(database: Database, programme: UUID) -> list[Member]:
    return await accounts.members(database, programme)


async def add_member(
    database: Database, programme: UUID, email: str, role: str, *, account: UUID | None = None
) -> Errors:
    """Gives the account with that address a role; empty where done."""
    if role not in ROLES:
        return {"role": "programmes.error.role"}
    found, _ = await accounts.credentials(database, email)
    if found is None:
        return {"email": "programmes.error.no_account"}
    async with database.writing():
        await accounts.give_role(database, programme, found.id, role)
        await audit.record(
            database, account=account, programme=programme, action="member.add", subject=found.email,
            detail={"role": role},
        )  # fmt: skip
    return {}


async def remove_member(database: Database, programme: UUID, member: UUID, *, account: UUID | None = None) -> Errors:
    """The last lead stays: somebody must be able to let others in."""
    staff = await accounts.members(database, programme)
    leaving = next((person for person in staff if person.account == member), None)
    if leaving is None:
        raise NotFound
    if leaving.role == "lead" and sum(person.role == "lead" for person in staff) == 1:
        return {"": "programmes.error.last_lead"}
    async with database.writing():
        await accounts.remove_member(database, programme, member)
        await audit.record(
            database, account=account, programme=programme, action="member.remove", subject=leaving.email
        )
    return {}
