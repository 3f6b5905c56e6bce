"""Kills the server amid submissions, again and again, and compares a ledger kept outside with the database.

Participants answer over HTTP as browsers do; one who gets no answer sends the same page again with the same cookie.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from uuid import UUID

import httpx

from service.database import Database
from service.settings import PREFIX, Settings
from service.store import responses, waves
from tests.store import makers

PAGE = "one"  # of the questionnaire of ``makers``
READY = 20.0  # seconds until a server that does not come back is given up


@dataclass
class Ledger:
    """What the server acknowledged, and how long it was away after each kill (seconds)."""

    acknowledged: list[str] = field(default_factory=list)
    arrival: asyncio.Event = field(default_factory=asyncio.Event)
    resent: int = 0
    away: list[float] = field(default_factory=list)


@dataclass
class Result:
    kills: int
    acknowledged: int
    resent: int
    lost: set[str]
    repeated: set[str]
    usual_return: float
    slowest_return: float


def free_port() -> int:
    """Below the range that clients get theirs from: one that keeps calling a dead server would take its port."""
    while True:
        port = random.randint(20_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Server:
    """`python -m service serve` on a port of its own."""

    def __init__(self, settings: Settings) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        given = {name: str(getattr(settings, name)) for name in ("data", "database", "secret_key")}
        given["submissions_per_network"] = "1000000"  # all devices share one address here
        self._log = settings.data / "server.log"
        self._environment = os.environ | {PREFIX + name.upper(): value for name, value in given.items()}

    async def start(self) -> float:
        """Starts and waits until it is ready; returns how many seconds that took."""
        started = time.monotonic()
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "service", "serve", "--port", str(self.port), env=self._environment,
                stdout=log, stderr=log,
            )  # fmt: skip
        async with httpx.AsyncClient(base_url=self.address, trust_env=False) as client:
            while time.monotonic() - started < READY and self._process.returncode is None:
                try:
                    if (await client.get("/health/ready")).status_code == 200:
                        return time.monotonic() - started
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise TimeoutError(f"the server stopped or was not ready within {READY} s:\n{self._log.read_text()[-2000:]}")

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


async def participants(address: str, link: str, ledger: Ledger, names: count[int], done: asyncio.Event) -> None:
    """One after another on this device's connection; each sends until it is acknowledged."""
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=10) as client:
        while not done.is_set():
            name = f"participant {next(names)}"
            client.cookies.clear()
            base = (await _answered(client, ledger, "GET", link)).headers["location"]
            page = {"hours": "4", "why": name}
            response = await _answered(client, ledger, "POST", f"{base}/{PAGE}", data=page)
            assert response.headers["location"].endswith("/done"), response.headers
            ledger.acknowledged.append(name)
            ledger.arrival.set()


async def _answered(client: httpx.AsyncClient, ledger: Ledger, method: str, url: str, **given) -> httpx.Response:
    while True:
        try:
            response = await client.request(method, url, headers={"Origin": str(client.base_url).rstrip("/")}, **given)
        except httpx.TransportError:
            ledger.resent += 1
            await asyncio.sleep(0.1)
            continue
        if response.status_code == 503:
            await asyncio.sleep(0.1)
            continue
        assert response.status_code == 303, (response.status_code, response.text[:500])
        return response


@asynccontextmanager
async def open_wave(settings: Settings) -> AsyncIterator[tuple[Database, UUID, str]]:
    async with Database.open(settings) as database:
        wave = await makers.wave(database)
        found = await waves.get(database, wave)
        assert found is not None
        yield database, wave, f"/w/{found.public_token}"


async def campaign(settings: Settings, kills: int, devices: int = 8, seed: int = 1) -> Result:
    """Kills the server ``kills`` times after 0.2–0.7 s of load each. The database must be migrated and empty."""
    ledger, names, done, chance = Ledger(), count(), asyncio.Event(), random.Random(seed)
    async with open_wave(settings) as (_, wave, link):
        pass  # closed: what is checked at the end comes from the disk
    server = Server(settings)
    await server.start()
    try:
        load = [asyncio.create_task(participants(server.address, link, ledger, names, done)) for _ in range(devices)]
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.2, 0.7))
            await server.kill()
            ledger.away.append(await server.start())
            ledger.arrival.clear()
            await asyncio.wait_for(ledger.arrival.wait(), READY)
        done.set()
        await asyncio.gather(*load)
    finally:
        await server.kill()
    async with Database.open(settings) as database:
        stored = Counter([row.answers["why"] async for row in responses.each(database, wave)])
    return Result(
        kills=kills,
        acknowledged=len(ledger.acknowledged),
        resent=ledger.resent,
        lost=set(ledger.acknowledged) - set(stored),
        repeated={name for name, times in stored.items() if times > 1},
        usual_return=median(ledger.away),
        slowest_return=max(ledger.away),
    )
