"""Waves and their invitations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from piccolo.query.functions.aggregate import Count

from service import tables
from service.database import Database
from service.identifiers import new_id, new_token
from service.store import questionnaires, responses
from service.store.questionnaires import PublishedVersion
from surveys.disclosure import Policy

Anonymity = Literal["anonymous", "confidential", "identified"]
State = Literal["draft", "open", "closed"]
Role = Literal["baseline", "pilot", "comparison", "rollout", "pulse"]

ROLES: tuple[Role, ...] = ("baseline", "pilot", "comparison", "rollout", "pulse")
ANONYMITIES: tuple[Anonymity, ...] = ("anonymous", "confidential", "identified")

BATCH = 500


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked: people in any of ``departments`` (path prefixes) and on any of ``sides``, or on the list ``people``
    (employee numbers). Nothing given: everybody active on the roster."""

    departments: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """One distribution of one version. Times are UTC."""

    id: UUID
    programme: UUID
    version: UUID
    title: str
    stage: str
    role: Role
    anonymity: Anonymity
    minimum_group: int
    minimum_comments: int
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    public_token: str | None
    personal_links: bool
    audience: Audience
    created_at: datetime
    revision: int = 0  # rises when stored responses are edited or erased
    settled: int | None = None  # the last sequence when it was first closed with answers

    @property
    def policy(self) -> Policy:
        """What may be shown of its answers."""
        return Policy.of(self.anonymity, self.minimum_group, self.minimum_comments, self.settled, self.revision)

    def standing(self, now: datetime) -> Literal["draft", "early", "open", "over", "closed"]:
        """State and window together: ``early`` before it opens, ``over`` after its end though nobody closed it."""
        if self.state != "open":
            return self.state
        if self.opens_at and now < self.opens_at:
            return "early"
        return "over" if self.closes_at and now >= self.closes_at else "open"

    def accepts(self, now: datetime) -> bool:
        """Whether answers are taken at ``now`` (UTC)."""
        return self.standing(now) == "open"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one wave, with what the response carries of that person."""

    id: UUID
    wave: UUID
    person: UUID
    employee_number: str
    name: str
    department: str
    position: str
    side: str
    email: str
    mobile: str
    opened: bool
    submitted: bool


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a department and side were invited and have submitted."""

    department: str
    side: str
    invited: int
    submitted: int


def _wave(row: tables.Wave) -> Wave:
    values = {name: getattr(row, name) for name in Wave.__struct_fields__}
    return Wave(**{**values, "audience": msgspec.json.decode(row.audience, type=Audience)})


async def get(database: Database, wave_id: UUID) -> Wave | None:
    row = await tables.Wave.objects().where(tables.Wave.id == wave_id).first()
    return None if row is None else _wave(row)


async def with_version(database: Database, wave_id: UUID) -> tuple[Wave, PublishedVersion] | None:
    """A wave and the version that it distributes."""
    wave = await get(database, wave_id)
    if wave is None:
        return None
    version = await questionnaires.version(database, wave.version)
    assert version is not None
    return wave, version


async def by_public_token(database: Database, token: str) -> Wave | None:
    row = await tables.Wave.objects().where(tables.Wave.public_token == token).first()
    return None if row is None else _wave(row)


async def of_programme(database: Database, programme: UUID) -> list[Wave]:
    """Newest first."""
    w = tables.Wave
    return [_wave(row) for row in await w.objects().where(w.programme == programme).order_by(w.id, ascending=False)]


async def create(
    database: Database,
    *,
    programme: UUID,
    version: UUID,
    title: str,
    stage: str,
    role: Role,
    anonymity: Anonymity,
    minimum_group: int = 5,
    minimum_comments: int = 10,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    public_link: bool = False,
    personal_links: bool = True,
    audience: Audience | None = None,
) -> Wave:
    """A draft: nobody can answer it yet."""
    wave = Wave(
        id=new_id(),
        programme=programme,
        version=version,
        title=title,
        stage=stage,
        role=role,
        anonymity=anonymity,
        minimum_group=minimum_group,
        minimum_comments=minimum_comments,
        state="draft",
        opens_at=opens_at,
        closes_at=closes_at,
        public_token=new_token() if public_link else None,
        personal_links=personal_links,
        audience=audience or Audience(),
        created_at=datetime.now(UTC),
    )
    values = {name: getattr(wave, name) for name in Wave.__struct_fields__}
    async with database.writing():
        await tables.Wave.insert(tables.Wave(**{**values, "audience": msgspec.json.encode(wave.audience).decode()}))
    return wave


async def change_draft(database: Database, wave: UUID, *, public_link: bool, audience: Audience, **values: Any) -> bool:
    """False where it was opened meanwhile, and nothing is done. A public link gets a new token; nobody had the old."""
    w = tables.Wave
    changed = {
        **values,
        "public_token": new_token() if public_link else None,
        "audience": msgspec.json.encode(audience).decode(),
    }
    async with database.writing():
        columns = {getattr(w, name): value for name, value in changed.items()}
        done = await w.update(columns).where((w.id == wave) & (w.state == "draft")).returning(w.id)
    return bool(done)


async def invite(database: Database, wave: UUID, people: Iterable[tuple[UUID, str]]) -> None:
    """Store invitations for (person, token hash); whoever is invited already stays so."""
    i = tables.Invitation
    rows = [
        i(id=new_id(), wave=wave, person=person, token_hash=hashed, opened=False, submitted=False)
        for person, hashed in people
    ]
    async with database.writing():
        for start in range(0, len(rows), BATCH):
            await i.insert(*rows[start : start + BATCH]).on_conflict(target=(i.wave, i.person), action="DO NOTHING")


async def settle(database: Database, wave: UUID) -> None:
    """Notes the last response of a wave that is being closed for the first time."""
    async with database.writing():
        await database.fetch(
            "UPDATE wave SET settled = (SELECT max(sequence) FROM response WHERE response.wave = wave.id)"
            " WHERE id = ? AND settled IS NULL",
            wave,
        )


async def change_state(database: Database, wave: UUID, before: Iterable[State], after: State) -> bool:
    """Compare-and-set of the state; False where it was none of ``before``."""
    w = tables.Wave
    async with database.writing():
        changed = await w.update({w.state: after}).where((w.id == wave) & w.state.is_in(list(before))).returning(w.id)
    return bool(changed)


async def change_window(database: Database, wave: UUID, opens_at: datetime | None, closes_at: datetime | None) -> None:
    w = tables.Wave
    async with database.writing():
        await w.update({w.opens_at: opens_at, w.closes_at: closes_at}).where(w.id == wave)


async def change_version(database: Database, wave: UUID, before: UUID, after: UUID) -> bool:
    """Compare-and-set of the version that a running wave distributes; False where it was closed or moved meanwhile."""
    w = tables.Wave
    running = (w.id == wave) & (w.version == before) & (w.state == "open")
    async with database.writing():
        changed = await w.update({w.version: after}).where(running).returning(w.id)
    return bool(changed)


def _invitations() -> Any:
    i = tables.Invitation
    return i.select(
        i.id, i.wave, i.person, i.opened, i.submitted, i.person.employee_number, i.person.name, i.person.department,
        i.person.position, i.person.side, i.person.email, i.person.mobile,
    )  # fmt: skip


def _invitation(row: dict) -> Invitation:
    return Invitation(**{name.removeprefix("person."): value for name, value in row.items()})


async def invitation_by_token_hash(database: Database, hashed: str) -> Invitation | None:
    row = await _invitations().where(tables.Invitation.token_hash == hashed).first()
    return None if row is None else _invitation(row)


async def invitations(database: Database, wave: UUID, *, waiting: bool = False) -> list[Invitation]:
    """All invitations by department and number; only those not submitted where ``waiting``."""
    i = tables.Invitation
    query = _invitations().where(i.wave == wave).order_by(i.person.department, i.person.employee_number)
    if waiting:
        query = query.where(i.submitted.eq(False))
    return [_invitation(row) for row in await query]


async def progress(database: Database, wave: UUID) -> list[Progress]:
    """Invited and submitted per department and side. Who was screened out or came too late for a quota is neither:
    responses are counted against those who were to answer."""
    i = tables.Invitation
    rows = (
        await i.select(i.person.department, i.person.side, i.submitted, Count(alias="people"))
        .where(i.wave == wave)
        .group_by(i.person.department, i.person.side, i.submitted)
    )
    totals: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        total = totals.setdefault((row["person.department"], row["person.side"]), [0, 0])
        total[0] += row["people"]
        total[1] += row["people"] if row["submitted"] else 0
    for segment, people in (await responses.ended(database, wave, source="personal")).items():
        if segment in totals:
            totals[segment] = [max(0, counted - people) for counted in totals[segment]]
    return [
        Progress(department=department, side=side, invited=invited, submitted=submitted)
        for (department, side), (invited, submitted) in sorted(totals.items())
    ]


async def delete_draft(database: Database, wave: UUID) -> bool:
    """Whether it was a draft; anything that was opened stays."""
    w = tables.Wave
    async with database.writing():
        gone = await w.delete().where((w.id == wave) & (w.state == "draft")).returning(w.id)
    return bool(gone)
