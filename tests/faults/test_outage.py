"""The database away or the disk full: said within three seconds, nothing typed is lost, and it passes by itself."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import parse_qs, urlsplit, urlunsplit
from uuid import UUID

import httpx
import msgspec
import pytest

from service.database import Database
from service.settings import Settings
from service.store import responses, waves
from tests.faults.processes import Running, serving, until_ready
from tests.store import makers

PROMISED = 3.0  # seconds until 503
MARGIN = 1.0  # for a busy machine
TYPED = "交接慢，<等>客户 & 物流"


class Wire:
    """Stands between the service and PostgreSQL. ``mode``: pass, hang (a stopped server), refuse (a dead one)."""

    def __init__(self, dsn: str) -> None:
        there = urlsplit(dsn)
        self.port = there.port or 5432
        self.host = parse_qs(there.query).get("host", [there.hostname or "127.0.0.1"])[0]
        self.mode = "pass"
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None] | None] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "refuse":
            writer.transport.abort()
            return
        far_reader, far_writer = await self._connect()
        self._open |= {writer, far_writer}
        self._tasks.add(asyncio.current_task())
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.host.startswith("/"):
            return await asyncio.open_unix_connection(f"{self.host}/.s.PGSQL.{self.port}")
        return await asyncio.open_connection(self.host, self.port)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass  # cut
        finally:
            writer.transport.abort()

    def turn(self, mode: str) -> None:
        self.mode = mode
        self._flowing.clear() if mode == "hang" else self._flowing.set()
        if mode == "refuse":
            for writer in self._open:
                writer.transport.abort()

    async def end(self) -> None:
        self.turn("refuse")
        await asyncio.gather(*filter(None, self._tasks))


@asynccontextmanager
async def wired(settings: Settings) -> AsyncIterator[tuple[Settings, Wire]]:
    """Settings whose PostgreSQL is reached through a wire that can be cut."""
    there = urlsplit(settings.database)
    wire = Wire(settings.database)
    server = await asyncio.start_server(wire.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = there.netloc.rpartition("@")[0]
    dsn = urlunsplit(there._replace(netloc=f"{user}@127.0.0.1:{port}", query=""))
    try:
        yield msgspec.structs.replace(settings, database=dsn), wire
    finally:
        server.close()
        await wire.end()


@contextmanager
def no_more_bytes(pid: int) -> Iterator[None]:
    """A full disk for one process: no file of its grows, the log included."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


async def open_wave(settings: Settings, *, personal: bool = False) -> tuple[UUID, str]:
    """The wave and a link to it."""
    async with Database.open(settings) as database:
        wave = await makers.wave(database)
        if personal:
            await makers.invite(database, wave, 1)
            [invitation] = await database.fetch("SELECT id FROM invitation WHERE wave = ?", wave)
            return wave, f"/a/{invitation['id']}"
        found = await waves.get(database, wave)
        assert found is not None
        return wave, f"/w/{found.public_token}"


async def stored(settings: Settings, wave: UUID) -> list[str]:
    async with Database.open(settings) as database:
        return [str(row.answers["why"]) async for row in responses.each(database, wave)]


async def entered(client: httpx.AsyncClient, link: str) -> str:
    """The address of the page to fill in."""
    base = (await client.get(link)).headers["location"]
    page = f"{base}/one"
    assert (await client.get(page)).status_code == 200
    return page


async def refused_in_time(client: httpx.AsyncClient, page: str, **headers: str) -> httpx.Response:
    began = time.monotonic()
    response = await client.post(page, data={"hours": "4", "why": TYPED}, headers=headers)
    took = time.monotonic() - began
    assert response.status_code == 503, response.text[:300]
    assert int(response.headers["retry-after"]) > 0
    assert took < PROMISED + MARGIN, f"{took:.1f} s"
    return response


async def an_outage(client: httpx.AsyncClient, page: str) -> None:
    """What a participant and a load balancer see while it lasts."""
    response = await refused_in_time(client, page)
    assert "交接慢，&lt;等&gt;客户 &amp; 物流" in response.text, "what was typed comes back"
    assert 'value="4"' in response.text
    piece = await refused_in_time(client, page, **{"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (piece.headers["hx-reswap"], piece.content) == ("none", b"")
    assert (await client.get("/health/live")).status_code == 200


async def recovered(running: Running, client: httpx.AsyncClient, page: str) -> float:
    """Nobody does anything: it is ready again, and the same page is taken."""
    took = await until_ready(running)
    response = await client.post(page, data={"hours": "4", "why": TYPED})
    assert response.status_code == 303, response.text[:300]
    assert response.headers["location"].endswith("/done")
    return took


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL tells of its own disk by an error
async def test_a_full_disk_passes_and_loses_nothing_that_was_typed(settings: Settings) -> None:
    wave, link = await open_wave(settings)
    async with serving(settings) as running, running.client() as client:
        page = await entered(client, link)
        with no_more_bytes(running.process.pid):
            await an_outage(client, page)
            assert (await client.get("/health/ready")).status_code == 200, "it can still be read"
            assert (await client.get("/sign-in")).status_code == 200
        print(f"ready {await recovered(running, client, page):.1f} s after the disk had room again")
    assert await stored(settings, wave) == [TYPED]


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)  # SQLite is a file: it cannot be away
@pytest.mark.parametrize(("mode", "personal"), [("hang", False), ("refuse", False), ("hang", True)])
async def test_a_database_that_is_away_comes_back_by_itself(settings: Settings, mode: str, personal: bool) -> None:
    wave, link = await open_wave(settings, personal=personal)
    async with wired(settings) as (through, wire), serving(through) as running, running.client() as client:
        page = await entered(client, link)
        await client.get("/sign-in")
        wire.turn(mode)
        await an_outage(client, page)
        assert (await client.get("/health/ready")).status_code == 503
        away = await client.post("/sign-in", data={"email": "a@example.com", "password": "some words here"})
        assert (away.status_code, "retry-after" in away.headers) == (503, True)
        wire.turn("pass")
        print(f"{mode}: ready {await recovered(running, client, page):.1f} s after the database was back")
    assert await stored(settings, wave) == [TYPED]
