"""An exam that can be sat, and candidates who sit it by their browsers, for tests of the sitting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from service import clock
from service.database import Database
from service.store import exams
from service.store.exams import ExamRecord
from surveys.exams.definition import Blueprint, Draw, Exam, Pool, Section, Sitting
from surveys.exams.items import BankItem
from tests.store import exam_makers
from tests.visitors import browser

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
POINTS = 500


class FakeClock:
    """The server's clock, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, now: datetime = START) -> None:
        self.now = now
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def on(self, **time: float) -> None:
        self.now += timedelta(**time)


def definition(count: int = 4, **sitting: Any) -> Exam:
    return Exam(
        title={"zh-CN": "投诉新流程考试", "en": "New complaint process"},
        blueprint=Blueprint(sections=(Section(draws=(Draw(count=count, points=POINTS),)),)),
        sitting=Sitting(**{"minutes": 30, **sitting}),
    )


def bank(count: int) -> list[BankItem]:
    return [exam_makers.single(f"s{number}", f"第 {number} 问：谁首先受理投诉？") for number in range(count)]


async def opened(
    database: Database, given: Exam | None = None, items: Sequence[BankItem] = (), window: timedelta | None = None
) -> ExamRecord:
    """A published exam that opened with the present moment; ``window``: how long it stays open."""
    owner = await exam_makers.programme(database)
    source = await exam_makers.bank(database, owner)
    made = await exams.create(database, owner, source.id, "complaints-v2", given or definition())
    assert made is not None
    pool = Pool(items={each.code: each for each in items or bank(12)})
    assert await exams.publish(database, made, pool, None)
    closes = clock.now() + window if window else None
    await exams.change_window(database, made.id, clock.now(), closes)
    found = await exams.load(database, made.id)
    assert found is not None
    return found


class Sitter:
    """A candidate at a browser: what they see and press."""

    def __init__(self, app: Litestar, exam: ExamRecord, number: int, client: httpx.AsyncClient | None = None) -> None:
        self.exam, self.number = exam, number
        self.client = client or browser(app)
        self.page = httpx.Response(200)
        self.base = ""

    @property
    def door(self) -> str:
        return f"/exam/{self.exam.id}"

    async def come(self) -> Sitter:
        """By the personal link, to the door."""
        await self.follow(await self.client.get(f"/e/token-{self.number}-{self.exam.id}"))
        return self

    async def start(self, attempt: int = 1) -> Sitter:
        await self.follow(await self.client.post(f"{self.door}/start", data={"attempt": str(attempt)}))
        return self

    async def take(self) -> Sitter:
        await self.follow(await self.client.post(f"{self.door}/take"))
        return self

    async def follow(self, response: httpx.Response) -> httpx.Response:
        while response.status_code == 303:
            response = await self.client.get(response.headers["location"])
        self.page = response
        if found := re.search(r"/exam/[^/]+/\d+-[^/]+", str(response.url)):
            self.base = found[0]
        return response

    async def see(self, number: int | str) -> httpx.Response:
        return await self.follow(await self.client.get(f"{self.base}/{number}"))

    def fields(self) -> dict[str, list[str]]:
        """Names of the page's controls → the values that they offer."""
        found: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="(?:radio|checkbox)" name="(\w+)" value="(\w+)"', self.page.text):
            if not name.startswith("_"):
                found.setdefault(name, []).append(value)
        return found

    def revision(self) -> int:
        return int(re.search(r'name="_revision" value="(\d+)"', self.page.text)[1])

    def checked(self) -> list[str]:
        return re.findall(r'value="(\w+)" checked', self.page.text)

    async def press(self, button: str, chosen: dict[str, str] | None = None, **more: str) -> httpx.Response:
        """Posts the page that is open as a browser without scripts does."""
        number = re.search(r'data-number="(\d+)"', self.page.text)[1]
        form = {"_revision": str(self.revision()), **(chosen or {}), **more, f"_{button}": "1"}
        return await self.follow(
            await self.client.post(f"{self.base}/{number}", files={k: (None, v) for k, v in form.items()})
        )

    async def answer(self, option: int = 0, button: str = "next") -> httpx.Response:
        [(name, values)] = self.fields().items()
        return await self.press(button, {name: values[option]})

    async def save(self, number: int, revision: int, fields: dict[str, list[str]], **more: Any) -> dict[str, Any]:
        """As the script saves; its answer."""
        answers = [{"number": number, "revision": revision, "fields": fields}]
        response = await self.client.post(
            f"{self.base}/save",
            content=msgspec.json.encode({"answers": answers, **more}),
            headers={"Content-Type": "application/json"},
        )
        return {"status": response.status_code, **response.json()}

    async def submit(self) -> httpx.Response:
        return await self.follow(await self.client.post(f"{self.base}/submit"))

    def text(self) -> str:
        return unescape(re.sub(r"<[^>]+>", " ", self.page.text))


async def sitter(app: Litestar, database: Database, exam: ExamRecord, number: int = 1) -> Sitter:
    await exam_makers.candidate(database, exam, number)
    return Sitter(app, exam, number)
