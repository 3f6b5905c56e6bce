"""A server of its own for a test: a child process on a free port, ended whatever happens."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.settings import PREFIX, Settings

PATIENCE = 30.0  # seconds until a server that does not start is given up
NAMES = ("data", "database", "secret_key", "upload_limit", "submissions_per_network")


@dataclass
class Running:
    process: Process
    address: str
    log: Path

    def client(self) -> httpx.AsyncClient:
        """A browser: it says where its forms come from."""
        headers = {"Origin": self.address, "Accept-Language": "zh-CN"}
        return httpx.AsyncClient(base_url=self.address, trust_env=False, timeout=20, headers=headers)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Running]:
    """Ready when it is yielded; killed at the end if it still runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {PREFIX + name.upper(): str(getattr(settings, name)) for name in NAMES}
    log = settings.data / "server.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "serve", "--port", str(port), env=environment, stdout=out, stderr=out
        )
    running = Running(process, f"http://127.0.0.1:{port}", log)
    try:
        await until_ready(running)
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_ready(running: Running) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    async with running.client() as client:
        while time.monotonic() - began < PATIENCE and running.process.returncode is None:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)
    raise TimeoutError(f"not ready within {PATIENCE} s:\n{running.log.read_text()[-2000:]}")
