"""The first page is the same for all who have saved nothing, and only for them."""

from __future__ import annotations

import asyncio

import httpx
from litestar import Litestar

from service.database import Database
from service.delivery import FRESH_SECONDS
from tests.pages.test_answer import entered, opened


async def first_page(device: httpx.AsyncClient, base: str) -> str:
    """Where the introduction's start button leads."""
    html = (await device.get(base)).text
    return html.split('role="button" href="', 1)[1].split('"', 1)[0]


async def test_a_fresh_device_gets_what_another_got_and_the_page_is_not_made_again(
    app: Litestar, database: Database, monkeypatch
) -> None:
    wave = await opened(database)
    one, base = await entered(app, f"/w/{wave.public_token}")
    other, _ = await entered(app, f"/w/{wave.public_token}")
    path = await first_page(one, base)
    seen = await one.get(path)

    def refuse(*_: object) -> None:
        raise AssertionError("the page was made again")

    monkeypatch.setattr("service.pages.answer_view.saved", refuse)
    again = await other.get(path)
    assert again.status_code == 200
    assert again.text == seen.text
    assert again.headers["content-security-policy"] == seen.headers["content-security-policy"]
    assert again.headers["x-request-id"] != seen.headers["x-request-id"]


async def test_another_language_is_another_page(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    device, base = await entered(app, f"/w/{wave.public_token}")
    path = await first_page(device, base)
    chinese = (await device.get(path, headers={"accept-language": "zh-CN"})).text
    english = (await device.get(path, headers={"accept-language": "en"})).text
    assert 'lang="zh-CN"' in chinese
    assert 'lang="en"' in english


async def test_a_closed_wave_is_closed_for_fresh_devices_too(app: Litestar, database: Database, monkeypatch) -> None:
    wave = await opened(database)
    device, base = await entered(app, f"/w/{wave.public_token}")
    path = await first_page(device, base)
    assert (await device.get(path)).status_code == 200
    await database.fetch("UPDATE wave SET state = 'closed' WHERE id = ?", wave.id)
    monkeypatch.setattr("service.actions.desk.WAVE_SECONDS", 0.0)
    await asyncio.sleep(FRESH_SECONDS + 0.1)
    assert 'id="page"' not in (await device.get(path)).text
