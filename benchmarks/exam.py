"""A whole factory sits an exam: 300 people behind one address start in the same second, answer 20 items with autosave
and hand in within the last ten seconds, on SQLite."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.full_response import service
from benchmarks.processes import LOAD_CPU, ROOT, free_port, pinned
from benchmarks.result import Figure
from service.clock import now
from service.database import Database
from service.database.migrate import migrate
from service.identifiers import new_id, token_hash
from service.settings import Settings
from service.store import attempts, candidates, exams, items
from service.tables import Person, Programme
from surveys.exams.definition import Blueprint, Draw, Exam, Pool, Section, Sitting
from surveys.exams.items import BankItem, Option, SingleItem

PEOPLE, ITEMS, POOL = 300, 20, 60
GATHERING = 6.0  # seconds before the opening in which everybody comes to the door
SECONDS = 60.0  # of the window


class Prepared(msgspec.Struct, frozen=True):
    """An exam that opens in a moment. Times in seconds since 1970."""

    exam: UUID
    tokens: list[str]
    opens: float
    closes: float


def definition() -> Exam:
    draw = Draw(count=ITEMS, points=500)
    blueprint = Blueprint(sections=(Section(draws=(draw,)),))
    return Exam(title={"zh-CN": "全员考核", "en": "Everybody"}, blueprint=blueprint, sitting=Sitting(minutes=30))


def pool() -> Pool:
    labels = ("客户服务部", "财务部", "物流部", "质量部")
    options = tuple(
        Option(code=code, label={"zh-CN": label, "en": label}, correct=code == "a")
        for code, label in zip("abcd", labels, strict=True)
    )
    texts = [f"第 {number} 题：收到投诉后由哪个部门首先负责？" for number in range(POOL)]
    made = [SingleItem(text={"zh-CN": text, "en": text}, options=options) for text in texts]
    return Pool(items={f"i{n}": BankItem(code=f"i{n}", item=each, state="reviewed") for n, each in enumerate(made)})


async def prepared(
    database: Database, people: int = PEOPLE, seconds: float = SECONDS, gathering: float = GATHERING
) -> Prepared:
    """Published, with its candidates, opening ``gathering`` seconds from now for ``seconds``."""
    programme = new_id()
    async with database.writing():
        await Programme(id=programme, slug="factory", name="投诉", stage="rollout", created_at=now()).save()
    bank = await items.create_bank(database, programme, "all", "题库")
    assert bank is not None
    exam = await exams.create(database, programme, bank.id, "all", definition())
    assert exam is not None
    assert await exams.publish(database, exam, pool(), None)
    rows = [
        Person(
            id=new_id(), programme=programme, employee_number=str(number), name=f"员工{number}", active=True,
            department="生产部", position="", side="operator", email="", mobile="",
        )
        for number in range(people)
    ]  # fmt: skip
    async with database.writing():
        await Person.insert(*rows)
    tokens = [f"token-{number}" for number in range(people)]
    given = [(row.id, token_hash(token), "") for row, token in zip(rows, tokens, strict=True)]
    await candidates.add(database, exam.id, given)
    opens = float(int(time.time() + gathering))
    closes = opens + seconds
    await exams.change_window(
        database, exam.id, datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC)
    )
    return Prepared(exam.id, tokens, opens, closes)


def sit(exam: Prepared, ports: Sequence[int]) -> subprocess.Popen[str]:
    """The candidates begin, in a process of their own; ``told`` waits for its end."""
    plan = {"ports": list(ports), **msgspec.to_builtins(exam)}
    command = pinned(LOAD_CPU, [sys.executable, "-m", "benchmarks.exam_load"])
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdin is not None
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    process.stdin = None
    return process


def told(process: subprocess.Popen[str], exam: Prepared) -> dict[str, Any]:
    out, _ = process.communicate(timeout=exam.closes - time.time() + 120)
    found: dict[str, Any] = json.loads(out)
    return found


async def lost(database: Database, exam: Prepared, done: dict[str, Any]) -> list[str]:
    """What was acknowledged and is not stored as it was sent, and who has not exactly one attempt that they ended."""
    found: list[str] = []
    hashes = {token_hash(token): token for token in exam.tokens}
    rows = await database.fetch("SELECT id, token_hash FROM candidate WHERE exam = ?", exam.exam)
    tokens = {row["id"]: hashes[row["token_hash"]] for row in rows}
    sat = await attempts.of_exam(database, exam.exam)
    responses = await attempts.responses(database, exam.exam)
    if len({each.candidate for each in sat}) != len(exam.tokens) or len(sat) != len(exam.tokens):
        found.append(f"{len(sat)} attempts of {len(exam.tokens)} people")
    for each in sat:
        acknowledged = done["acknowledged"][tokens[each.candidate]]
        if each.ended_by != "candidate":
            found.append(f"{tokens[each.candidate]} ended by {each.ended_by!r}")
        for asked in each.paper.items:
            value = acknowledged.get(str(asked.number))
            stored = responses.get(each.id, {}).get(asked.code, {}).get("choice")
            if value is None or asked.names[value] != stored:
                found.append(f"{tokens[each.candidate]} item {asked.number}")
    starts = [each.started_at for each in sat]
    if starts and (max(starts) - min(starts)).total_seconds() > 10:
        found.append(f"starts spread over {max(starts) - min(starts)}")
    return found


def p95(done: dict[str, Any], *kinds: str) -> float:
    """Seconds."""
    taken = sorted(each for kind in kinds or done["times"] for each in done["times"][kind])
    return float(taken[int(len(taken) * 0.95)]) if taken else 0.0


def measure(peers: bool = True) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        port = free_port()
        asyncio.run(_migrated(settings))
        with service(settings, port):
            exam = asyncio.run(_prepared(settings))
            done = told(sit(exam, [port]), exam)
        missing = asyncio.run(_lost(settings, exam, done))
    yield Figure("people who got their receipt", done["receipts"], "", at_least=PEOPLE)
    yield Figure("answers acknowledged", sum(map(len, done["acknowledged"].values())), "", at_least=PEOPLE * ITEMS)
    yield Figure("lost", len(missing), "", at_most=0)
    yield Figure("errors", len(done["faults"]), "", at_most=0)
    for kind in ("start", "save", "submit"):
        yield Figure(f"p95 of a request: {kind}", p95(done, kind), "s", at_most=2)


async def _migrated(settings: Settings) -> None:
    async with Database.open(settings) as database:
        await migrate(database)


async def _prepared(settings: Settings) -> Prepared:
    async with Database.open(settings) as database:
        return await prepared(database)


async def _lost(settings: Settings, exam: Prepared, done: dict[str, Any]) -> list[str]:
    async with Database.open(settings) as database:
        return await lost(database, exam, done)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
