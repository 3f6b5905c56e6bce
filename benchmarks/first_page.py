"""The first page of a fresh public run against a Litestar handler that returns the same bytes."""

from __future__ import annotations

import http.client
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import mixed
from benchmarks.fixture import prepared, questionnaire
from benchmarks.full_response import CLIENTS, UVICORN, opened, service
from benchmarks.processes import free_port, get, load, server
from benchmarks.result import Figure
from service.settings import Settings
from surveys.definition import Questionnaire

ROUNDS = 3
SECONDS = 4
ACCEPT = "Accept-Encoding: gzip"


def body_of(port: int, path: str, cookie: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    body = connection.getresponse().read()
    connection.close()
    return body


def measure(peers: bool = True) -> Iterator[Figure]:
    yield from against_constant("", questionnaire())
    yield from against_constant(", thirty types", mixed.questionnaire())


def against_constant(of: str, definition: Questionnaire) -> Iterator[Figure]:
    ours, constant = [], []
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        wave = prepared(settings, definition)
        port = free_port()
        for _ in range(ROUNDS):
            with service(settings, port):
                path, cookie = opened(port, wave.token)
                page = Path(folder) / "page"
                page.write_bytes(body_of(port, f"{path}/items", cookie))
                ours.append(load(port, CLIENTS, SECONDS, [[get(f"{path}/items", f"Cookie: {cookie}", ACCEPT)]]))
            command = [
                sys.executable,
                "-m",
                "uvicorn",
                "benchmarks.constant:application",
                "--port",
                str(port),
                *UVICORN,
            ]
            with server(command, port, "/page", {"BENCH_PAGE": str(page)}):
                constant.append(load(port, CLIENTS, SECONDS, [[get("/page", f"Cookie: {cookie}", ACCEPT)]]))
    mine = median(each["per_second"] for each in ours)
    most = median(each["per_second"] for each in constant)
    yield Figure(f"first pages{of}", mine, "/s")
    yield Figure(f"Litestar handler with the same constant bytes{of}", most, "/s")
    yield Figure(f"ratio{of}", mine / most, "×", at_least=0.6)
    yield Figure(f"errors{of}", sum(each["errors"] for each in ours), "", at_most=0)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
