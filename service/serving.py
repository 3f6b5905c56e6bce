"""Run the application under uvicorn, and background work beside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from service.app import create_app
from service.cli.console import Fault
from service.settings import PREFIX, Settings

if TYPE_CHECKING:
    from litestar import Litestar

    from service.database import Database

GRACE = 20  # seconds for requests under way at SIGTERM; every accepted write is committed in any case


def application() -> Litestar:
    """What each server process runs: everything it must know comes by the environment."""
    return create_app(Settings.from_environment())


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address before anything else is begun. Raises Fault where that is not possible."""
    bound = None
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        if bound is not None:
            bound.close()
        raise Fault("cli.port", host=host, port=port, reason=error.strerror) from None
    bound.set_inheritable(True)
    return bound


def run(settings: Settings, bound: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    for name in settings.__struct_fields__:
        os.environ[PREFIX + name.upper()] = str(getattr(settings, name))
    config = uvicorn.Config(
        "service.serving:application",
        factory=True,
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
    if workers > 1:
        Multiprocess(config, sockets=[bound]).run()
        return
    server = uvicorn.Server(config)
    with contextlib.suppress(KeyboardInterrupt):  # raised again when everything has been answered and committed
        server.run(sockets=[bound])
    if not server.started:
        raise Fault("cli.start")


async def work(database: Database) -> None:
    """Take background jobs until SIGTERM or SIGINT."""
    from service import jobs

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopping.set)
    await jobs.work(database, stopping)
