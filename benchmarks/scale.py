"""The diagnosis report as a whole command on one processor: at the demo's 190 responses and at 100,000.

Seconds and memory are the operating system's of the whole process, its start-up included; the columnar cache is cold.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from benchmarks.processes import ROOT, SERVER_CPU, pinned
from benchmarks.result import Figure
from service import demo
from service.database import Database, NewResponse
from service.database.migrate import migrate
from service.demo.loader import SLUG
from service.identifiers import new_token, random_id, token_hash
from service.settings import Settings
from service.store import programmes, responses, waves

MANY = 100_000
BATCH = 10_000


async def demo_programme(settings: Settings) -> tuple[str, UUID]:
    """The demo loaded; its programme's slug and the wave with answers."""
    async with Database.open(settings) as database:
        await migrate(database)
        await demo.load(database, settings)
        programme = await programmes.by_slug(database, SLUG)
        assert programme is not None
        for wave in await waves.of_programme(database, programme.id):
            if await responses.count(database, wave.id):
                return programme.slug, wave.id
    raise RuntimeError("the demo has no answers")


async def multiply(settings: Settings, wave: UUID, total: int) -> None:
    """Fill the wave up to ``total`` responses by drawing from those it has."""
    draw = random.Random(7)
    async with Database.open(settings) as database:
        columns = "language, submitted_on, seconds, department, side, source, answers"
        known = await database.fetch(f"SELECT {columns} FROM response WHERE wave = ?", wave)
        wanted = total - len(known)
        for start in range(0, wanted, BATCH):
            rows = [
                NewResponse(
                    id=random_id(), wave=wave, invitation=None, person=None, receipt_hash=token_hash(new_token()),
                    submitted_at=None, **draw.choice(known),
                )
                for _ in range(min(BATCH, wanted - start))
            ]  # fmt: skip
            await responses.insert(database, rows)


def command(settings: Settings, slug: str, out: Path) -> tuple[float, float]:
    """Seconds of processor time and MB of memory of one `wenheng report diagnosis`."""
    shutil.rmtree(settings.data / "cache", ignore_errors=True)
    process = subprocess.Popen(
        pinned(
            SERVER_CPU,
            [sys.executable, "-m", "service", "report", "diagnosis", "--programme", slug, "--out", str(out)],
        ),
        env={**os.environ, "WENHENG_DATA": str(settings.data)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError("the report was not made")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(peers: bool = True) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), demo=True)
        slug, wave = asyncio.run(demo_programme(settings))
        out = Path(folder) / "report.pdf"
        seconds, memory = command(settings, slug, out)
        yield Figure("report of the demo's responses, whole command", seconds, "s", at_most=2)
        yield Figure("its memory", memory, "MB")
        asyncio.run(multiply(settings, wave, MANY))
        seconds, memory = command(settings, slug, out)
        yield Figure(f"report of {MANY:,} responses, whole command", seconds, "s", at_most=10)
        yield Figure("its memory", memory, "MB", at_most=1000)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
