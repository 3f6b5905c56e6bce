"""Marking without a mouse, and what axe says of the pages after an exam: the desk, results, verification."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext

from service import security
from service.actions import releasing
from service.database import Database
from service.settings import Settings
from service.store import appeals, attempts, certificates, marks, sessions
from service.store.accounts import Account
from service.store.exams import ExamRecord
from tests.browser.accessibility import check, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.pages import marked
from tests.visitors import new_account

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
async def marker(database: Database) -> Account:
    return await new_account(database, "marker@example.com", administrator=True)


@pytest.fixture
async def staff(
    chromium: Browser, origin: str, database: Database, settings: Settings, marker: Account
) -> AsyncIterator[BrowserContext]:
    """A browser in which the marker has signed in."""
    token = await sessions.begin(database, marker.id, timedelta(hours=1))
    context = await chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800}, bypass_csp=True)
    await context.add_cookies([{"name": security.session_cookie(settings), "value": token, "url": origin}])
    yield context
    await context.close()


async def base(database: Database, exam: ExamRecord) -> str:
    [row] = await database.fetch("SELECT slug FROM programme WHERE id = ?", exam.programme)
    return f"/programmes/{row['slug']}/exams/{exam.id}"


async def test_a_marker_needs_the_keyboard_alone(staff: BrowserContext, origin: str, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 3)
    page = await staff.new_page()
    await page.goto(f"{origin}{await base(database, exam)}/marking/reply/first")
    for done in range(3):
        await page.wait_for_selector(f"text=已评 {done} / 3 份")
        await page.keyboard.press("3")  # the third level of the first criterion, and on to the second
        await page.keyboard.press("2")
        await page.keyboard.type("好 1")  # digits in a comment are only digits
        await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/marking?done=reply")
    given = await marks.by_hand(database, exam.id)
    assert [(each.points, each.comment) for each in given] == [(500, "好 1")] * 3


async def test_the_pages_after_an_exam_are_accessible_on_a_phone_too(
    staff: BrowserContext, origin: str, database: Database, marker: Account
):
    need_axe()
    open_exam, exam = await marked.exam(database), await marked.exam(database)
    await marked.class_of(database, open_exam, 2)
    people = await marked.class_of(database, exam, 2)
    await marked.mark_all(database, exam, marker.id, points=400)
    await releasing.release(database, exam, "演示", account=marker.id)
    exam = await marked.again(database, exam)
    attempt = await attempts.load(database, people[0][1])
    assert attempt is not None
    await appeals.file(database, attempt.id, "reply", "请再看一遍")
    [appeal] = await appeals.of_exam(database, exam.id)
    held, *_ = await certificates.of_exam(database, exam.id)
    here, there = await base(database, open_exam), await base(database, exam)
    paths = [
        f"{here}/marking", f"{here}/marking/reply/first", f"{here}/scoring/owner", f"{here}/scoring/limit",
        f"{here}/release", f"{there}/scoring", f"{there}/release", f"{there}/appeals", f"{there}/appeals/{appeal.id}",
        f"{there}/certificates", f"/certificate/{held.serial}", "/certificate", f"/e/token-7001-{exam.id}",
        f"/exam/{exam.id}/result",
    ]  # fmt: skip
    page = await staff.new_page()
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            answer = await page.goto(origin + path)
            assert answer is not None
            assert answer.status == 200, path
            await check(page)
