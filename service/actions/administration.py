"""Administrators' work: accounts and the audit log. ``create_administrator`` is what ``wenheng admin create`` calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict
from uuid import UUID

import msgspec

from service import passwords
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import accounts, audit, sessions
from service.store.accounts import Account
from service.store.audit import Event

_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@[^@\s\"<>(),;:\\]+\.?[^@\s\"<>(),;:\\.]+")


class AccountForm(msgspec.Struct, frozen=True, kw_only=True):
    """A new account as typed."""

    email: str = ""
    name: str = ""
    administrator: bool = False

    def problems(self) -> dict[str, str]:
        """Field to the key of what is wrong with it."""
        found = {}
        if len(self.email) > 254 or not _EMAIL.fullmatch(self.email.strip()):
            found["email"] = "admin.email_invalid"
        if not 1 <= len(self.name.strip()) <= 120:
            found["name"] = "admin.name_length"
        return found


async def create_administrator(database: Database, email: str, name: str = "") -> str:
    """A new administrator's random password. Raises Conflict where it has one already, ValueError for no address."""
    form = AccountForm(email=email, name=name or email.partition("@")[0], administrator=True)
    if form.problems():
        raise ValueError(email)
    made = await create_account(database, None, form)
    if isinstance(made, dict):
        raise Conflict(key="admin.email_taken")
    return made[1]


async def create_account(
    database: Database, by: Account | None, form: AccountForm
) -> tuple[Account, str] | dict[str, str]:
    """The account and its random password, or field to the key of what is wrong with it."""
    if problems := form.problems():
        return problems
    password = passwords.random_password()
    hashed = await passwords.hashed(password)
    async with database.writing():
        account = await accounts.create(
            database,
            email=form.email,
            name=form.name.strip(),
            password_hash=hashed,
            administrator=form.administrator,
        )
        if account is not None:
            detail = {"administrator": form.administrator}
            await _record(database, by, "account.create", account, detail)
    return {"email": "admin.email_taken"} if account is None else (account, password)


async def every_account(database: Database) -> list[Account]:
    return await accounts.every(database)


async def account(database: Database, identifier: UUID) -> Account:
    """Raises NotFound."""
    found = await accounts.get(database, identifier)
    if found is None:
        raise NotFound
    return found


async def reset_password(database: Database, by: Account, identifier: UUID) -> tuple[Account, str]:
    """A random password in place of the old one; all sessions and API keys of the account end. Raises NotFound."""
    changed = await account(database, identifier)
    password = passwords.random_password()
    hashed = await passwords.hashed(password)
    async with database.writing():
        await accounts.change(database, identifier, password_hash=hashed)
        await sessions.end_all(database, identifier)
        await sessions.revoke_all(database, identifier)
        await _record(database, by, "account.reset_password", changed)
    return changed, password


class Standing(TypedDict, total=False):
    """What an administrator may change about an account."""

    disabled: bool
    administrator: bool


CHANGES: dict[str, Standing] = {
    "disable": {"disabled": True},
    "enable": {"disabled": False},
    "appoint": {"administrator": True},
    "dismiss": {"administrator": False},
}
"""What may be changed about an account, by the word in its address."""


async def change_standing(database: Database, by: Account, identifier: UUID, change: str) -> None:
    """Locks out at once or lets in again, makes an administrator or no longer.

    Raises NotFound, and Conflict where nobody would be left to administer.
    """
    if change not in CHANGES:
        raise NotFound
    async with database.writing():
        changed = await account(database, identifier)
        await accounts.change(database, identifier, **CHANGES[change])
        if change == "disable":
            await sessions.end_all(database, identifier)
        await _keep_one_administrator(database)
        await _record(database, by, f"account.{change}", changed)


async def _keep_one_administrator(database: Database) -> None:
    if not await accounts.administrators(database):
        raise Conflict(key="admin.last_administrator")


async def _record(
    database: Database, by: Account | None, action: str, about: Account, detail: dict[str, bool] | None = None
) -> None:
    await audit.record(database, account=by.id if by else None, action=action, subject=about.email, detail=detail)


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the audit log is looked at. ``account`` None: everybody's; ``action`` empty: every action."""

    account: UUID | None = None
    action: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> AuditFilter:
        """From a query string; what cannot be read is as if it were not there."""
        given = {name: query[name] for name in cls.__struct_fields__ if query.get(name)}
        try:
            wanted = msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError:
            return cls()
        return msgspec.structs.replace(wanted, page=min(max(1, wanted.page), 100_000))


async def events(database: Database, wanted: AuditFilter) -> tuple[list[Event], bool]:
    """A page of the audit log, newest first, and whether there is an older one."""
    return await audit.events(database, account=wanted.account, action=wanted.action, page=wanted.page)


async def recorded_actions(database: Database) -> list[str]:
    return await audit.actions(database)
