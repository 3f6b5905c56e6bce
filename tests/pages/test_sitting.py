"""Sitting an exam without scripts and as the script does: door, waiting room, one clock, one active tab, receipt."""

from __future__ import annotations

import pytest
from litestar import Litestar

from service.database import Database
from service.store import attempts
from tests.pages.sittings import FakeClock, opened, sitter


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


async def test_somebody_sits_an_exam_page_by_page_without_scripts(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await (await sitter(app, database, exam)).come()
    assert "员工1" in candidate.text()
    await candidate.start()
    for number in range(1, 5):
        assert f"第 {number} / 4 题" in candidate.text()
        assert "09:30:00" in candidate.text()  # the deadline is printed, in the company's time
        time.on(seconds=20)
        await candidate.answer(0)
    assert "4 题全部作答完毕" in candidate.text()
    await candidate.submit()
    assert "您已交卷" in candidate.text()
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.ended_by == "candidate"
    answers = await attempts.answers(database, attempt.id)
    assert {each.code for each in attempt.paper.items} == set(answers)
    assert all(each.response["choice"] in ("a", "b") for each in answers.values())
