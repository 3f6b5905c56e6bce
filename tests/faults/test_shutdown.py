"""SIGTERM under load: requests under way are answered, what was acknowledged is stored, and the process ends."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import count

import httpx

from service.database import Database
from service.settings import Settings
from service.store import responses, waves
from tests.faults.processes import Running, serving
from tests.store import makers

DEVICES = 16
LOAD = 1.5  # seconds of load before the signal
END = 10.0  # seconds until the process must be gone


class Ledger:
    """What participants saw: acknowledged names, and posts that were sent and never answered."""

    def __init__(self) -> None:
        self.names = count()
        self.acknowledged: list[str] = []
        self.cut_off = 0
        self.stopped = asyncio.Event()


async def participant(running: Running, link: str, ledger: Ledger) -> None:
    """Submits one response after another until the server is gone."""
    async with running.client() as client:
        while True:
            name = f"participant {next(ledger.names)}"
            client.cookies.clear()
            try:
                base = (await client.get(link)).headers["location"]
            except (httpx.TransportError, KeyError):
                return
            try:
                answered = await client.post(f"{base}/one", data={"hours": "4", "why": name})
            except httpx.ConnectError:
                return  # never sent
            except httpx.TransportError:
                ledger.cut_off += 1  # sent on a connection that the server was closing; sending again is safe
                return
            if answered.status_code == 303:
                ledger.acknowledged.append(name)


async def test_stopping_under_load_answers_what_is_under_way_and_loses_nothing(settings: Settings) -> None:
    async with Database.open(settings) as database:
        wave = await makers.wave(database)
        found = await waves.get(database, wave)
        assert found is not None
    ledger = Ledger()
    async with serving(settings) as running:
        link = f"/w/{found.public_token}"
        load = [asyncio.create_task(participant(running, link, ledger)) for _ in range(DEVICES)]
        await asyncio.sleep(LOAD)
        slow = asyncio.create_task(half_sent(running))
        await asyncio.sleep(0.2)
        before = len(ledger.acknowledged)
        asked = time.monotonic()
        running.process.terminate()
        status = await asyncio.wait_for(slow, END)
        await asyncio.wait_for(running.process.wait(), END)
        took = time.monotonic() - asked
        await asyncio.gather(*load)
    assert status == b"HTTP/1.1 422", "a request under way at the signal is answered"
    async with Database.open(settings) as database:
        stored = Counter([str(row.answers["why"]) async for row in responses.each(database, wave)])
    assert set(ledger.acknowledged) - set(stored) == set()
    assert max(stored.values()) == 1
    assert before > DEVICES
    log = running.log.read_text()
    assert "Traceback" not in log
    assert '"level":"error"' not in log
    print(
        f"{before} acknowledged before the signal, {len(ledger.acknowledged) - before} after it, none lost;"
        f" {ledger.cut_off} posts cut off before they were read; ended {took:.2f} s after it"
    )


async def half_sent(running: Running) -> bytes:
    """The answer to a sign-in whose second half comes only after the signal."""
    host, port = running.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"Host: {host}:{port}\r\nOrigin: {running.address}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(f"POST /sign-in HTTP/1.1\r\n{head}Content-Length: 20\r\n\r\nemail=".encode())
    await writer.drain()
    await asyncio.sleep(1)
    writer.write(b"a&password=bbb")
    await writer.drain()
    answer = await reader.read(12)
    writer.close()
    await writer.wait_closed()
    return answer
