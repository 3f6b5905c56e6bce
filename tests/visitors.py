"""Somebody with a browser, in tests: clients of the application in this event loop, signed in or not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
from litestar import Litestar

from service import security
from service.database import Database
from service.store import accounts, sessions
from service.store.accounts import Account

BASE_URL = "http://127.0.0.1:8000"


def browser(app: Litestar, token: str = "", **headers: str) -> httpx.AsyncClient:
    """A client that does not follow redirects and sends what browsers send with a form of our own."""
    cookies = {security.session_cookie(app.state.settings): token} if token else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=BASE_URL,
        cookies=cookies,
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN", **headers},
    )


async def new_account(
    database: Database, email: str, *, administrator: bool = False, password_hash: str = "-"
) -> Account:
    made = await accounts.create(
        database,
        email=email,
        name=email.partition("@")[0],
        password_hash=password_hash,
        administrator=administrator,
    )
    assert made is not None
    return made


async def signed_in(app: Litestar, account: Account) -> httpx.AsyncClient:
    """A browser with a session of ``account``."""
    return browser(app, await sessions.begin(app.state.database, account.id, timedelta(hours=1)))


async def member(app: Litestar, programme: UUID, role: str, email: str = "") -> httpx.AsyncClient:
    """A browser of somebody new with ``role`` in ``programme``."""
    account = await new_account(app.state.database, email or f"{role}@example.com")
    await accounts.give_role(app.state.database, programme, account.id, role)
    return await signed_in(app, account)


async def administrator(app: Litestar) -> httpx.AsyncClient:
    return await signed_in(app, await new_account(app.state.database, "administrator@example.com", administrator=True))
