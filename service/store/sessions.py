"""Sessions, API keys, and the counters that slow down guessing. Tokens are stored as hashes only."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from service import clock, tables
from service.database import Database
from service.identifiers import new_id, new_token, token_hash
from service.store.accounts import Account, get

IDLE = timedelta(hours=2)
NOTICED_EVERY = timedelta(minutes=1)  # a session's last use is not written at every request


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of an account, as listed; the key itself is shown once, when it is made."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


async def begin(database: Database, account: UUID, lasts: timedelta) -> str:
    """A new session's token, never one that a browser brought along."""
    token, now = new_token(), clock.now()
    row = tables.Session(
        token_hash=token_hash(token), account=account, created_at=now, last_seen_at=now, expires_at=now + lasts
    )
    async with database.writing():
        await tables.Session.insert(row)
        await tables.Session.delete().where(tables.Session.expires_at < now)
    return token


async def resume(database: Database, token: str) -> Account | None:
    """The account of a session that is neither over nor idle, while the account is enabled."""
    s = tables.Session
    hashed, now = token_hash(token), clock.now()
    row = await s.objects().where(s.token_hash == hashed).first()
    if row is None or row.expires_at <= now or row.last_seen_at + IDLE <= now:
        return None
    if row.last_seen_at + NOTICED_EVERY <= now:
        async with database.writing():
            await s.update({s.last_seen_at: now}).where(s.token_hash == hashed)
    account = await get(database, row.account)
    return account if account and not account.disabled else None


async def end(database: Database, token: str) -> None:
    async with database.writing():
        await tables.Session.delete().where(tables.Session.token_hash == token_hash(token))


async def end_all(database: Database, account: UUID, *, but: str = "") -> None:
    """Signs the account out everywhere, except the session whose token is ``but``."""
    s = tables.Session
    async with database.writing():
        await s.delete().where((s.account == account) & (s.token_hash != (token_hash(but) if but else "")))


# API keys


async def forget_ended(database: Database) -> None:
    """Deletes sessions that have expired."""
    s = tables.Session
    async with database.writing():
        await s.delete().where(s.expires_at < clock.now())


async def create_key(database: Database, account: UUID, name: str, expires_at: datetime | None) -> str:
    """The new key: ``wh_`` and 192 random bits. It cannot be read again."""
    key = "wh_" + new_token()
    row = tables.ApiKey(
        id=new_id(),
        account=account,
        name=name,
        key_hash=token_hash(key),
        created_at=clock.now(),
        last_used_at=None,  # said, since Piccolo's own default for a time is now
        expires_at=expires_at,
        revoked_at=None,
    )
    async with database.writing():
        await tables.ApiKey.insert(row)
    return key


async def keys(database: Database, account: UUID) -> list[ApiKey]:
    """Those that are not revoked, newest first."""
    k = tables.ApiKey
    rows = await k.objects().where((k.account == account) & k.revoked_at.is_null()).order_by(k.id, ascending=False)
    return [ApiKey(**{name: getattr(row, name) for name in ApiKey.__struct_fields__}) for row in rows]


async def revoke_key(database: Database, account: UUID, key: UUID) -> bool:
    """Whether the account had such a key."""
    k = tables.ApiKey
    async with database.writing():
        done = await k.update({k.revoked_at: clock.now()}).where(
            (k.id == key) & (k.account == account) & k.revoked_at.is_null()
        ).returning(k.id)  # fmt: skip
    return bool(done)


async def revoke_all(database: Database, account: UUID) -> None:
    k = tables.ApiKey
    async with database.writing():
        await k.update({k.revoked_at: clock.now()}).where((k.account == account) & k.revoked_at.is_null())


async def of_key(database: Database, key: str) -> Account | None:
    """The enabled account of a key that is neither revoked nor expired."""
    k = tables.ApiKey
    now = clock.now()
    row = await k.objects().where((k.key_hash == token_hash(key)) & k.revoked_at.is_null()).first()
    if row is None or (row.expires_at and row.expires_at <= now):
        return None
    if row.last_used_at is None or row.last_used_at + NOTICED_EVERY <= now:
        async with database.writing():
            await k.update({k.last_used_at: now}).where(k.id == row.id)
    account = await get(database, row.account)
    return account if account and not account.disabled else None


# Guessing


async def failures(database: Database, subject: str, window: timedelta) -> int:
    """How often ``subject`` failed within the running window."""
    t = tables.Throttle
    row = await t.objects().where((t.subject == subject) & (t.window_started_at > clock.now() - window)).first()
    return row.failures if row else 0


async def count_failure(database: Database, subject: str, window: timedelta) -> tuple[int, timedelta]:
    """One more; how many that makes, by all replicas together, and how long the window still lasts.

    A window that is over starts anew.
    """
    now = clock.now()
    t = tables.Throttle
    async with database.writing():
        await t.delete().where(t.window_started_at <= now - window)
        await t.insert(t(subject=subject, failures=0, window_started_at=now)).on_conflict(
            target=t.subject, action="DO NOTHING"
        )
        rows = await t.update({t.failures: t.failures + 1}).where(t.subject == subject).returning(*t.all_columns())
    return rows[0]["failures"], rows[0]["window_started_at"] + window - now


async def forget_failures(database: Database, subject: str) -> None:
    async with database.writing():
        await tables.Throttle.delete().where(tables.Throttle.subject == subject)
