"""A closed-loop HTTP/1.1 load from a process of its own, to 127.0.0.1 only, bounded in count and time.

Each client keeps one connection and repeats a journey (a list of requests); what is timed is the whole journey.
Read as JSON on standard input: ``{"port", "clients", "seconds", "journeys": [[request, …], …]}`` where a request is the
text of its head and body. ``{csrf}`` in a request is replaced by the value of the last ``csrftoken`` cookie set, and
cookies that a response sets are sent with the later requests of the same journey. Journeys are used once each where
``once`` is true. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import httptools


class Connection(asyncio.Protocol):
    """One keep-alive connection; ``send`` awaits one response."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.done: asyncio.Future[int] | None = None
        self.cookies: dict[bytes, bytes] = {}
        self.closed = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"set-cookie":
            key, _, rest = value.partition(b"=")
            self.cookies[key] = rest.split(b";", 1)[0]

    def on_message_complete(self) -> None:
        status = self.parser.get_status_code()
        self.closed = not self.parser.should_keep_alive()
        self.parser = httptools.HttpResponseParser(self)
        if self.done and not self.done.done():
            self.done.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if self.done and not self.done.done():
            self.done.set_result(0)

    async def send(self, request: bytes) -> int:
        self.done = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.done


def filled(request: str, connection: Connection) -> bytes:
    text = request.encode()
    if b"{csrf}" in text:
        text = text.replace(b"{csrf}", connection.cookies.get(b"csrftoken", b""))
    if connection.cookies and b"\r\nCookie:" not in text:
        jar = b"; ".join(key + b"=" + value for key, value in connection.cookies.items())
        text = text.replace(b"\r\n", b"\r\nCookie: " + jar + b"\r\n", 1)
    head, _, body = text.partition(b"\r\n\r\n")
    if body:
        head += b"\r\nContent-Length: %d" % len(body)
    return head + b"\r\n\r\n" + body


async def client(plan: dict[str, Any], journeys: Any, stop: float, times: list[float], failures: list[int]) -> None:
    loop = asyncio.get_running_loop()
    connection: Connection | None = None
    while time.perf_counter() < stop:
        journey = next(journeys, None)
        if journey is None:
            break
        cookies: dict[bytes, bytes] = {}
        started = time.perf_counter()
        for request in journey:
            if connection is None or connection.closed:  # a server may close after each answer
                _, connection = await loop.create_connection(Connection, "127.0.0.1", plan["port"])
            connection.cookies = cookies
            status = await connection.send(filled(request, connection))
            if not 200 <= status < 400:
                failures.append(status)
        times.append(time.perf_counter() - started)
    if connection:
        connection.transport.close()


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    if plan.get("once"):
        journeys = iter(plan["journeys"])
    else:
        journeys = (journey for _ in range(10**9) for journey in plan["journeys"])
    times: list[float] = []
    failures: list[int] = []
    started = time.perf_counter()
    stop = started + min(float(plan["seconds"]), 120)
    await asyncio.gather(*(client(plan, journeys, stop, times, failures) for _ in range(min(plan["clients"], 512))))
    elapsed = time.perf_counter() - started
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else None  # noqa: E731
    return {
        "journeys": len(times),
        "per_second": len(times) / elapsed,
        "errors": len(failures),
        "statuses": sorted(set(failures)),
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "seconds": elapsed,
    }


def main() -> None:
    import uvloop

    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
