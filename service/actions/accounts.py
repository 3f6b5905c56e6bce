"""Signing in and out, and what people change about their own account."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from service import clock, passwords
from service.database import Database
from service.errors import TooManyAttempts
from service.identifiers import token_hash
from service.settings import Settings
from service.store import accounts, audit, sessions
from service.store.accounts import Account, normal_email
from service.store.sessions import ApiKey
from surveys.text import LANGUAGES

WINDOW = timedelta(minutes=15)
ATTEMPTS = 10  # per address and window
ATTEMPTS_UNDER_ATTACK = 3  # while failures everywhere exceed the next line: passwords are being sprayed
FAILURES_EVERYWHERE = 500
EVERYWHERE = "all"
KEY_LASTS = timedelta(days=365)


async def sign_in(database: Database, settings: Settings, email: str, password: str) -> str | None:
    """The token of a new session, or None where address and password do not belong together.

    Never by network address: a factory signs in behind one. An attempt is counted before it is judged, so that a burst
    cannot slip through. Raises TooManyAttempts.
    """
    subject = await _count_attempt(database, email)
    account, stored = await accounts.credentials(database, email)
    right = await passwords.verified(stored, password)
    if account is None or account.disabled or not right:
        await sessions.count_failure(database, EVERYWHERE, WINDOW)
        await audit.record(
            database, account=account.id if account else None, action="session.refuse", subject=_known(account)
        )
        return None
    if passwords.outdated(stored):
        await accounts.change(database, account.id, password_hash=await passwords.hashed(password))
    async with database.writing():
        await sessions.forget_failures(database, subject)
        await audit.record(database, account=account.id, action="session.begin", subject=account.email)
        return await sessions.begin(database, account.id, timedelta(hours=settings.session_hours))


def _known(account: Account | None) -> str:
    """The address where it is an account's: what is typed in that field by mistake is often a password."""
    return account.email if account else ""


async def _count_attempt(database: Database, email: str) -> str:
    subject = token_hash(normal_email(email))
    under_attack = await sessions.failures(database, EVERYWHERE, WINDOW) > FAILURES_EVERYWHERE
    attempts, left = await sessions.count_failure(database, subject, WINDOW)
    if attempts > (ATTEMPTS_UNDER_ATTACK if under_attack else ATTEMPTS):
        raise TooManyAttempts(retry_after=max(1, int(left.total_seconds())))
    return subject


async def sign_out(database: Database, account: Account, token: str) -> None:
    async with database.writing():
        await sessions.end(database, token)
        await audit.record(database, account=account.id, action="session.end", subject=account.email)


async def sign_out_everywhere(database: Database, account: Account) -> None:
    async with database.writing():
        await sessions.end_all(database, account.id)
        await audit.record(database, account=account.id, action="session.end_all", subject=account.email)


async def change_password(
    database: Database, account: Account, token: str, current: str, new: str, repeated: str
) -> dict[str, str]:
    """Field to the key of what is wrong with it; empty where the password is changed and all other sessions ended."""
    subject = await _count_attempt(database, account.email)
    _, stored = await accounts.credentials(database, account.email)
    if not await passwords.verified(stored, current):
        return {"current": "account.password_wrong"}
    await sessions.forget_failures(database, subject)
    if problem := passwords.problem(new, account.email, account.name):
        return {"new": problem}
    if new != repeated:
        return {"repeated": "account.password_differs"}
    hashed = await passwords.hashed(new)
    async with database.writing():
        await accounts.change(database, account.id, password_hash=hashed)
        await sessions.end_all(database, account.id, but=token)
        await audit.record(database, account=account.id, action="account.change_password", subject=account.email)
    return {}


async def choose_language(database: Database, account: Account, language: str) -> bool:
    """Whether it is a language of ours, which then is the account's."""
    if language not in LANGUAGES:
        return False
    async with database.writing():
        await accounts.change(database, account.id, language=language)
        await audit.record(database, account=account.id, action="account.choose_language", subject=language)
    return True


async def api_keys(database: Database, account: Account) -> list[ApiKey]:
    return await sessions.keys(database, account.id)


async def create_api_key(database: Database, account: Account, name: str) -> str:
    """The key, which is shown this once. It may do whatever the account may, for a year."""
    async with database.writing():
        key = await sessions.create_key(database, account.id, name, expires_at=_in(KEY_LASTS))
        await audit.record(database, account=account.id, action="api_key.create", subject=name)
    return key


def _in(time: timedelta) -> datetime:
    return clock.now() + time


async def revoke_api_key(database: Database, account: Account, key: UUID) -> bool:
    """Whether there was such a key of theirs."""
    async with database.writing():
        revoked = await sessions.revoke_key(database, account.id, key)
        if revoked:
            await audit.record(database, account=account.id, action="api_key.revoke", subject=str(key))
    return revoked
