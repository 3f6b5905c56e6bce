"""A whole factory at the same minute: 300 people behind one address open, answer and submit, on SQLite.

Each person: the link, the introduction, the page, the submission, the receipt: five requests, an own connection.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.fixture import Prepared, form, prepared
from benchmarks.full_response import service
from benchmarks.processes import free_port, get, load, post
from benchmarks.result import Figure
from service.settings import Settings

PEOPLE = 300


def journey(wave: Prepared) -> list[str]:
    """What one person's browser asks for."""
    base = f"/answer/{wave.wave}"
    return [
        get(f"/w/{wave.token}"),
        get(base),
        get(f"{base}/items"),
        post(f"{base}/items", form(), "Sec-Fetch-Site: same-origin"),
        get(f"{base}/done"),
    ]


def measure(peers: bool = True) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        wave = prepared(settings)
        port = free_port()
        with service(settings, port):
            done = load(port, PEOPLE, 30, [journey(wave)] * PEOPLE, once=True)
        yield Figure("people who finished", done["journeys"], "", at_least=PEOPLE)
        yield Figure("from the first request to the last answer", done["seconds"], "s", at_most=10)
        yield Figure("p95 of a person's five requests together", done["p95_ms"] / 1000, "s", at_most=2)
        yield Figure("errors", done["errors"], "", at_most=0)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
