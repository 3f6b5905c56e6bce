"""Run the application under uvicorn, and background work beside it."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import uvicorn

from service.app import create_app
from service.settings import PREFIX, Settings

if TYPE_CHECKING:
    from litestar import Litestar

    from service.database import Database

GRACE = 20  # seconds for requests under way at SIGTERM; every accepted write is committed in any case


def application() -> Litestar:
    """What each server process runs: everything it must know comes by the environment."""
    return create_app(Settings.from_environment())


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    for name in settings.__struct_fields__:
        os.environ[PREFIX + name.upper()] = str(getattr(settings, name))
    uvicorn.run(
        "service.serving:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        loop="auto",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,  # the application writes its own, without paths, tokens or addresses
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE,
        log_level="warning",
    )


async def work(database: Database) -> None:
    """Take background jobs until SIGTERM or SIGINT."""
    from service import jobs

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    await jobs.work(database, stopping)
