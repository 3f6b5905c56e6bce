"""Accounts and their roles in programmes."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from service import tables
from service.database import Database
from service.identifiers import new_id


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who signs in. ``language`` is empty where they have chosen none."""

    id: UUID
    email: str
    name: str
    administrator: bool
    language: str
    disabled: bool
    created_at: datetime


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An account in a programme."""

    account: UUID
    email: str
    name: str
    role: str
    disabled: bool


class ProgrammeReference(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a programme as access control and headings need."""

    id: UUID
    slug: str
    name: str


def _account(row: tables.Account) -> Account:
    return Account(**{name: getattr(row, name) for name in Account.__struct_fields__})


def normal_email(email: str) -> str:
    """How an address is stored and compared."""
    return email.strip().lower()


async def create(
    database: Database, *, email: str, name: str, password_hash: str, administrator: bool = False, language: str = ""
) -> Account | None:
    """A new account, or None where the address has one."""
    account = Account(
        id=new_id(),
        email=normal_email(email),
        name=name,
        administrator=administrator,
        language=language,
        disabled=False,
        created_at=datetime.now(UTC),
    )
    a = tables.Account
    row = a(**msgspec.structs.asdict(account), password_hash=password_hash)
    async with database.writing():
        made = await a.insert(row).on_conflict(target=a.email, action="DO NOTHING").returning(a.id)
    return account if made else None


async def get(database: Database, account: UUID) -> Account | None:
    row = await tables.Account.objects().where(tables.Account.id == account).first()
    return None if row is None else _account(row)


async def credentials(database: Database, email: str) -> tuple[Account | None, str]:
    """The account of an address and its password's hash; (None, "") where there is none."""
    row = await tables.Account.objects().where(tables.Account.email == normal_email(email)).first()
    return (None, "") if row is None else (_account(row), row.password_hash)


async def every(database: Database) -> list[Account]:
    return [_account(row) for row in await tables.Account.objects().order_by(tables.Account.email)]


async def change(
    database: Database,
    account: UUID,
    *,
    name: str | None = None,
    password_hash: str | None = None,
    language: str | None = None,
    disabled: bool | None = None,
    administrator: bool | None = None,
) -> None:
    """Sets what is given."""
    a = tables.Account
    given = {
        a.name: name,
        a.password_hash: password_hash,
        a.language: language,
        a.disabled: disabled,
        a.administrator: administrator,
    }
    async with database.writing():
        await a.update({column: value for column, value in given.items() if value is not None}).where(a.id == account)


async def administrators(database: Database) -> int:
    """How many can still sign in as administrator."""
    a = tables.Account
    return await a.count().where((a.administrator == True) & (a.disabled == False))  # noqa: E712 - an SQL expression


# Roles in programmes


async def programme_reference(database: Database, slug: str) -> ProgrammeReference | None:
    p = tables.Programme
    rows = await p.select(p.id, p.slug, p.name).where(p.slug == slug)
    return ProgrammeReference(**rows[0]) if rows else None


async def memberships(database: Database, account: UUID) -> dict[UUID, str]:
    """Programme id to role."""
    m = tables.Membership
    return {row["programme"]: row["role"] for row in await m.select(m.programme, m.role).where(m.account == account)}


async def members(database: Database, programme: UUID) -> list[Member]:
    """Everybody with a role in the programme, by name."""
    m = tables.Membership
    rows = await m.select(
        m.account, m.role, m.account.email.as_alias("email"), m.account.name.as_alias("name"),
        m.account.disabled.as_alias("disabled"),
    ).where(m.programme == programme)  # fmt: skip
    people = [Member(**{**row, "disabled": bool(row["disabled"])}) for row in rows]
    return sorted(people, key=lambda member: (member.name, member.email))


async def give_role(database: Database, programme: UUID, account: UUID, role: str) -> None:
    """Makes the account a member, or changes the role that it has."""
    m = tables.Membership
    row = m(id=new_id(), programme=programme, account=account, role=role)
    async with database.writing():
        await m.insert(row).on_conflict(target=(m.programme, m.account), action="DO UPDATE", values=[m.role])


async def remove_member(database: Database, programme: UUID, account: UUID) -> bool:
    """Whether the account was a member."""
    m = tables.Membership
    async with database.writing():
        gone = await m.delete().where((m.programme == programme) & (m.account == account)).returning(m.id)
    return bool(gone)
