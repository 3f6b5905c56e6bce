"""A million stored responses as columns, the cache cold, against polars reading the same lines from a file.

Each in a process of its own, by turns, on all processors: both use more than one. Seconds are of the wall clock,
start-up and imports left out.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from benchmarks import fixture
from benchmarks.processes import ROOT
from benchmarks.result import Figure
from service.database import SQLITE_FILE
from service.database.sqlite import connect
from service.identifiers import random_id
from service.settings import Settings
from surveys.packed import Packing

MANY, MORE = 1_000_000, 1_000
PAIRS = 3  # the quickest of each counts: what else the machine does meanwhile is not what is measured
DISTINCT = 10_000  # different responses, repeated: drawing a million would take longer than reading them

INSERT = """
INSERT INTO response (id, wave, receipt_hash, language, submitted_on, seconds, department, side, source, answers,
    packed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
KNOWN = (datetime.now(UTC).date().isoformat(), "zh-CN", "客户服务部/投诉组", "operator", 240, "public")

OURS = """
import asyncio, json, resource, sys, time
from pathlib import Path
from uuid import UUID
from benchmarks.fixture import questionnaire
from service.database import Database
from service.settings import Settings
from service.store import columns

async def main():
    asked = questionnaire()
    async with Database.open(Settings(data=Path(sys.argv[1]))) as database:
        started = time.perf_counter()
        found = await columns.dataset(database, UUID(sys.argv[2]), asked)
        took = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([took, memory, found.frame.height]))

asyncio.run(main())
"""

PLAIN = """
import json, resource, sys, time
import polars
from benchmarks.fixture import questionnaire
from surveys.frame import schema
expected = schema(questionnaire())
started = time.perf_counter()
found = polars.read_ndjson(sys.argv[1], schema=expected)
took = time.perf_counter() - started
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found.height]))
"""


def stored(count: int) -> list[tuple[str, str]]:
    """``count`` different responses, as the service stores them: as JSON and packed."""
    draw = random.Random(7)
    items = [f"q{number}" for number in range(1, fixture.ITEMS + 1)]
    packing = Packing(fixture.questionnaire())
    drawn = [{item: draw.randint(1, 5) for item in items} for _ in range(count)]
    return [(msgspec.json.encode(answers).decode(), packing.pack(answers, KNOWN)) for answers in drawn]


def insert(settings: Settings, wave: UUID, lines: list[tuple[str, str]], count: int) -> None:
    """Rows by plain SQL, without the service: how they came in is not what is measured."""
    day, language, department, side, seconds, source = KNOWN
    known = (language, day, seconds, department, side, source)
    with closing(connect(settings.data / SQLITE_FILE)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.executemany(
            INSERT,
            (
                (str(random_id()), str(wave), f"{random_id()}{number}", *known, *lines[number % len(lines)])
                for number in range(count)
            ),
        )
        database.execute("COMMIT")


def run(script: str, *arguments: object) -> tuple[float, float, int]:
    """Seconds, MB and rows of one process."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT, capture_output=True, check=True, text=True, timeout=300,
    )  # fmt: skip
    took, memory, rows = json.loads(done.stdout)
    return took, memory, rows


def measure(*, peers: bool = True) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        wave = fixture.prepared(settings).wave
        lines = stored(DISTINCT)
        insert(settings, wave, lines, MANY)
        file = Path(folder) / "lines.ndjson"
        file.write_text("\n".join(lines[number % DISTINCT][0] for number in range(MANY)), "utf-8")
        plain_runs, our_runs = [], []
        for _ in range(PAIRS):
            plain_runs.append(run(PLAIN, file))
            shutil.rmtree(settings.data / "cache", ignore_errors=True)
            our_runs.append(run(OURS, folder, wave))
        (plain, plain_memory, plain_rows), (ours, memory, rows) = min(plain_runs), min(our_runs)
        if not rows == plain_rows == MANY:
            raise RuntimeError(f"{rows} and {plain_rows} rows of {MANY}")
        yield Figure(f"plain ndjson of {MANY:,} responses", plain, "s")
        yield Figure("its memory", plain_memory, "MB")
        yield Figure(f"columns of {MANY:,} stored responses, cold", ours, "s")
        yield Figure("their memory", memory, "MB")
        yield Figure("columns ÷ plain ndjson", ours / plain, "×", at_most=1.5)
        insert(settings, wave, lines, MORE)
        again, _, rows = run(OURS, folder, wave)
        if rows != MANY + MORE:
            raise RuntimeError(f"{rows} rows of {MANY + MORE}")
        yield Figure(f"columns with {MORE:,} new responses", again * 1000, "ms")


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
