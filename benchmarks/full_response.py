"""A full response: GET a page of thirty questions and POST it, durable, by 16 clients, on SQLite; the same of thirty
questions of thirty types with conditions and wordings that repeat answers (``benchmarks.mixed``).

Beside it, in the same run and on the same processor: a raw ASGI handler with the same group commit (what the service
adds to it), and django-survey-and-report on gunicorn and PostgreSQL (what a common peer takes).
"""

from __future__ import annotations

import http.client
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import mixed
from benchmarks.fixture import form, prepared, questionnaire
from benchmarks.processes import free_port, get, load, post, server
from benchmarks.result import Figure
from service.settings import Settings
from surveys.definition import Questionnaire

CLIENTS = 16
COUNT = 6_000  # full responses in each round
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


def journeys(port: int, token: str, bodies: Iterable[str]) -> list[list[str]]:
    """One GET and one POST for each of the devices that have opened the link."""
    return [journey(*opened(port, token), body) for body in bodies]


def journey(path: str, cookie: str, body: str) -> list[str]:
    sent = [f"Cookie: {cookie}", "Sec-Fetch-Site: same-origin"]
    return [get(f"{path}/items", *sent), post(f"{path}/items", body, *sent)]


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


def raw(settings: Settings, port: int, wave: str, page_bytes: int) -> Any:
    command = [sys.executable, "-m", "uvicorn", "benchmarks.raw_asgi:application", "--port", str(port), *UVICORN]
    env = {"WENHENG_DATA": str(settings.data), "BENCH_WAVE": wave, "BENCH_PAGE_BYTES": str(page_bytes)}
    return server(command, port, "/", env)


def page_bytes(port: int, token: str) -> int:
    path, cookie = opened(port, token)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"{path}/items", headers={"Cookie": cookie})
    body = connection.getresponse().read()
    connection.close()
    return len(body)


def against_raw(definition: Questionnaire, bodies: list[str]) -> tuple[list[dict], list[dict]]:
    """Loads of the service and of the raw handler, in turns; both get the same requests and send pages of the same
    size."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder))
            wave = prepared(settings, definition)
            port = free_port()
            with service(settings, port):
                size = page_bytes(port, wave.token)
                asked = journeys(port, wave.token, bodies)
                ours.append(load(port, CLIENTS, 30, asked, once=True))
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder))
            wave = prepared(settings, definition)
            port = free_port()
            with raw(settings, port, str(wave.wave), size):
                bare.append(load(port, CLIENTS, 30, asked, once=True))
    return ours, bare


def figures(of: str, ours: list[dict], bare: list[dict]) -> Iterator[Figure]:
    mine = median(each["per_second"] for each in ours)
    least = median(each["per_second"] for each in bare)
    yield Figure(f"full responses{of}", mine, "/s")
    yield Figure(f"raw ASGI handler, same group commit{of}", least, "/s")
    yield Figure(f"ratio to the raw handler{of}", mine / least, "×", at_least=0.45)
    yield Figure(f"p99 of a full response{of}", median(each["p99_ms"] for each in ours), "ms", at_most=50)
    yield Figure(f"errors{of}", sum(each["errors"] for each in ours), "", at_most=0)


def measure(peers: bool = True) -> Iterator[Figure]:
    plain = against_raw(questionnaire(), [form(seed) for seed in range(COUNT)])
    yield from figures("", *plain)
    kinds = against_raw(mixed.questionnaire(), [mixed.form(seed) for seed in range(COUNT)])
    yield from figures(", thirty types", *kinds)
    if peers:
        from benchmarks.django_peer.__main__ import measure as measure_peer

        peer = measure_peer(CLIENTS, 15)
        yield Figure("django-survey-and-report, gunicorn, PostgreSQL", peer["per_second"], "/s")
        yield Figure(
            "ratio to django-survey-and-report",
            median(each["per_second"] for each in plain[0]) / peer["per_second"],
            "×",
            at_least=100,
        )


if __name__ == "__main__":
    for figure in measure(peers="--no-peers" not in sys.argv):
        print(figure.line(), flush=True)
