"""A full response: GET a page of thirty questions and POST it, durable, by 16 clients, on SQLite.

Beside it, in the same run and on the same processor: a raw ASGI handler with the same group commit (what the service
adds to it), and django-survey-and-report on gunicorn and PostgreSQL (what a common peer takes).
"""

from __future__ import annotations

import http.client
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.fixture import form, prepared
from benchmarks.processes import free_port, get, load, post, server
from benchmarks.result import Figure
from service.settings import Settings

CLIENTS = 16
SECONDS = 5
ROUNDS = 3
UVICORN = [
    "--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools", "--no-server-header",
]  # fmt: skip


def opened(port: int, token: str) -> tuple[str, str]:
    """Open the public link as a device does: the wave's path and the run's cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/w/{token}")
    response = connection.getresponse()
    cookie = (response.getheader("Set-Cookie") or "").split(";", 1)[0]
    location = response.getheader("Location") or ""
    connection.close()
    return location, cookie


def journeys(port: int, token: str, count: int) -> list[list[str]]:
    """One GET and one POST for each of ``count`` devices that have opened the link."""
    made = []
    for _ in range(count):
        path, cookie = opened(port, token)
        page = f"{path}/items"
        sent = [f"Cookie: {cookie}", "Sec-Fetch-Site: same-origin"]
        made.append([get(page, *sent), post(page, form(), *sent)])
    return made


def service(settings: Settings, port: int) -> Any:
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "service.serving:application",
        "--factory",
        "--port",
        str(port),
        *UVICORN,
    ]
    env = {
        "WENHENG_DATA": str(settings.data),
        "WENHENG_DATABASE": settings.database,
        "WENHENG_LOG_LEVEL": "warning",
        "WENHENG_SUBMISSIONS_PER_NETWORK": "1000000",
    }
    return server(command, port, "/health/live", env)


def raw(settings: Settings, port: int, wave: str) -> Any:
    command = [sys.executable, "-m", "uvicorn", "benchmarks.raw_asgi:application", "--port", str(port), *UVICORN]
    return server(command, port, "/", {"WENHENG_DATA": str(settings.data), "BENCH_WAVE": wave})


def measure(peers: bool = True) -> Iterator[Figure]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder))
            wave = prepared(settings)
            port = free_port()
            with service(settings, port):
                ours.append(load(port, CLIENTS, 30, journeys(port, wave.token, 6000), once=True))
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder))
            wave = prepared(settings)
            port = free_port()
            with raw(settings, port, str(wave.wave)):
                bare.append(load(port, CLIENTS, SECONDS, [[get("/page"), post("/page", form())]]))
    mine = median(each["per_second"] for each in ours)
    least = median(each["per_second"] for each in bare)
    yield Figure("full responses", mine, "/s")
    yield Figure("raw ASGI handler, same group commit", least, "/s")
    yield Figure("ratio to the raw handler", mine / least, "×", at_least=0.45)
    yield Figure("p99 of a full response", median(each["p99_ms"] for each in ours), "ms", at_most=50)
    yield Figure("errors", sum(each["errors"] for each in ours), "", at_most=0)
    if peers:
        from benchmarks.django_peer.__main__ import measure as measure_peer

        peer = measure_peer(CLIENTS, 15)
        yield Figure("django-survey-and-report, gunicorn, PostgreSQL", peer["per_second"], "/s")
        yield Figure("ratio to django-survey-and-report", mine / peer["per_second"], "×", at_least=100)


if __name__ == "__main__":
    for figure in measure(peers="--no-peers" not in sys.argv):
        print(figure.line(), flush=True)
