"""100,000 attempts × 50 items: item analysis from arrays, then everything from the database to the report's PDF.

The second part runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import numpy as np

from benchmarks.processes import ROOT
from benchmarks.result import Figure
from service.actions import training_reporting
from service.clock import now
from service.database import Database
from service.database.migrate import migrate
from service.identifiers import new_id, token_hash
from service.settings import Settings
from service.store import exams, items
from service.tables import Programme
from surveys.analysis.training_items import item_results
from surveys.exams.definition import Blueprint, Exam, FixedItem, Paper, Pool, Section
from surveys.exams.drawing import draw
from tests.surveys.exam_model import pool, sittings

ATTEMPTS, ITEMS, POINTS = 100_000, 50, 200
BATCH = 5_000
RESPONSES = [json.dumps({"choice": option}) for option in "abcd"]


def measure(*, peers: bool = True) -> Iterator[Figure]:
    data, asked = sittings(n=ATTEMPTS, k=ITEMS, resits=False), pool(ITEMS)
    started = time.perf_counter()
    found = item_results(data, asked)
    yield Figure("items analysed, from arrays", time.perf_counter() - started, "s", at_most=5)
    assert len(found) == ITEMS
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        programme, exam = asyncio.run(_prepared(settings, data.taken, asked))
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.item_analysis", folder, str(programme), str(exam)],
            capture_output=True, check=True, cwd=ROOT, text=True,
        )  # fmt: skip
    told = json.loads(child.stdout.splitlines()[-1])
    yield Figure("training report, from the database to the PDF", told["report"], "s", at_most=10)
    yield Figure("peak of memory", told["memory"], "MB", at_most=1000)


def definition() -> Exam:
    fixed = tuple(FixedItem(code=f"q{number:02}", points=POINTS) for number in range(1, ITEMS + 1))
    return Exam(title={"zh-CN": "全员考核", "en": "Everybody"}, blueprint=Blueprint(sections=(Section(items=fixed),)))


async def _prepared(settings: Settings, taken: dict[str, np.ndarray], asked: Pool) -> tuple[UUID, UUID]:
    async with Database.open(settings) as database:
        await migrate(database)
        programme = Programme(id=new_id(), slug="bench", name="考核", process="", scope="", owner="", sponsor="",
                              stage="rollout", created_at=now())  # fmt: skip
        async with database.writing():
            await Programme.insert(programme)
            bank = await items.create_bank(database, programme.id, "bench", "题库")
            assert bank is not None
            made = await exams.create(database, programme.id, bank.id, "bench", definition())
            assert made is not None
            await exams.publish(database, made, asked, None)
            await exams.change_state(database, made.id, ["published"], "closed")
        paper = draw(definition(), asked, 1)
        for start in range(0, ATTEMPTS, BATCH):
            await _insert(database, programme.id, made.id, paper, taken, range(start, min(start + BATCH, ATTEMPTS)))
        return programme.id, made.id


async def _insert(
    database: Database, programme: UUID, exam: UUID, paper: Paper, taken: dict[str, np.ndarray], rows: range
) -> None:
    """People, candidates, attempts, answers and marks as the service writes them."""
    moment, text = now(), msgspec.json.encode(paper).decode()
    chosen = {code: np.argmax(options[rows.start : rows.stop], axis=1) for code, options in taken.items()}
    people = [
        (new_id(), programme, f"N{row}", f"员工{row}", f"部门{row % 12}/班组", "", "", "", "", True) for row in rows
    ]
    candidates = [(new_id(), exam, person[0], token_hash(str(person[0])), 0, 0, "") for person in people]
    attempts = [
        (new_id(), exam, each[0], 1, text, "zh-CN", "", 1, moment, moment + timedelta(minutes=30), moment, "candidate")
        for each in candidates
    ]
    answers, scores = [], []
    for place, attempt in enumerate(attempts):
        marks = {}
        for code, options in chosen.items():
            right = options[place] == (1 if code == "q03" else 0)
            answers.append((attempt[0], code, 1, RESPONSES[options[place]], False, moment))
            marks[code] = {"points": POINTS if right else 0, "maximum": POINTS, "parts": {"choice": bool(right)}}
        points = sum(each["points"] for each in marks.values())
        total = POINTS * ITEMS
        scores.append(
            (attempt[0], 1, points, total, points >= 0.6 * total, False, msgspec.json.encode(marks).decode(), moment)
        )
    async with database.writing():
        for table, columns, values in (
            (
                "person",
                "id, programme, employee_number, name, department, position, side, email, mobile, active",
                people,
            ),
            ("candidate", "id, exam, person, token_hash, extra_minutes, extra_attempts, seat", candidates),
            (
                "attempt",
                "id, exam, candidate, number, paper, language, device_hash, position, started_at, deadline_at,"
                " submitted_at, ended_by",
                attempts,
            ),
            ("attempt_answer", "attempt, item, revision, response, flagged, at", answers),
            ("attempt_score", "attempt, scoring, points, total, passed, provisional, marks, at", scores),
        ):
            marks_of = ", ".join("?" * len(values[0]))
            await database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks_of})", values)


async def _report(folder: Path, programme: UUID, exam: UUID) -> dict[str, float]:
    from reports import training  # noqa: F401 (a server has it loaded)

    async with Database.open(Settings(data=folder)) as database:
        started = time.perf_counter()
        content = await training_reporting.training_pdf(database, programme, exam, "zh-CN")
        assert content.startswith(b"%PDF")
        whole = time.perf_counter() - started
    return {"report": whole, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_report(Path(sys.argv[1]), UUID(sys.argv[2]), UUID(sys.argv[3])))))
