"""The peer under load, alone: ``python -m benchmarks.django_peer`` (full responses a second)."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.processes import ROOT, free_port, get, load, post, postgres, server

PYTHON = str(ROOT / ".venv-bench" / "bin" / "python")


def measure(clients: int = 16, seconds: float = 10) -> dict[str, Any]:
    with postgres() as dsn:
        address = urlsplit(dsn)
        query = dict(part.split("=", 1) for part in address.query.split("&") if part)
        env = {
            "PGHOST": query.get("host") or address.hostname or "127.0.0.1",
            "PGPORT": str(address.port or ""),
            "PGUSER": address.username or "postgres",
            "PGPASSWORD": address.password or "",
            "PGDATABASE": address.path.strip("/") or "postgres",
            "DJANGO_SETTINGS_MODULE": "benchmarks.django_peer.settings",
        }
        made = subprocess.run(
            [PYTHON, "-m", "benchmarks.django_peer.prepare"],
            env={**os.environ, **env}, cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        survey = json.loads(made.stdout)
        port = free_port()
        path = f"/survey/{survey['survey']}/"
        body = urlencode(dict.fromkeys(survey["fields"], "4")) + "&csrfmiddlewaretoken={csrf}"
        command = [PYTHON, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--log-level", "error",
                   "benchmarks.django_peer.wsgi"]  # fmt: skip
        with server(command, port, path, env):
            return load(port, clients, seconds, [[get(path), post(path, body)]])


if __name__ == "__main__":
    print(json.dumps(measure()))
