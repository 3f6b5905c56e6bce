"""A server of the application and a Chromium, for tests in a real browser."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp
from playwright.async_api import Browser, async_playwright

from service.app import furnish
from service.database import Database
from service.settings import Settings
from tests.browser.chromium import ARGUMENTS, EXECUTABLE


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    shutil.copy(sqlite_template, tmp_path / "wenheng.sqlite")
    return Settings(data=tmp_path, secret_key="a test's secret key")


@pytest.fixture
async def origin(bare: tuple[Litestar, ASGIApp], settings: Settings, database: Database) -> AsyncIterator[str]:
    """A server of the application on a free port."""
    made, made.asgi_handler = bare
    furnish(made, settings, database)
    config = uvicorn.Config(made, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        await browser.close()
