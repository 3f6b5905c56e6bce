"""An exam in Chromium at 360×800: with scripts and without, offline, killed, in two tabs, to the end of its time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from service import clock
from service.database import Database
from service.store import attempts, exams
from service.store.attempts import Attempt
from service.store.exams import ExamRecord
from tests.browser.accessibility import check, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.pages import exam_gallery
from tests.pages.sittings import definition, opened
from tests.store import exam_makers

PHONE = {"viewport": {"width": 360, "height": 800}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
FIRST_VISIT = 40_000  # bytes over the wire, everything included

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


async def phone(chromium: Browser, **options) -> BrowserContext:
    return await chromium.new_context(**{**PHONE, **options})


async def begun(context: BrowserContext, origin: str, database: Database, exam: ExamRecord, number: int = 1) -> Page:
    """A candidate on the first item."""
    await exam_makers.candidate(database, exam, number)
    page = await context.new_page()
    await page.goto(f"{origin}/e/token-{number}-{exam.id}")
    await page.locator("#start button").click()
    await expect(page.locator("#page")).to_be_visible()
    return page


async def at_hand(page: Page) -> None:
    """The whole paper is on the device."""
    async with page.expect_response("**/all", timeout=15_000):
        pass


async def the_attempt(database: Database, exam: ExamRecord) -> Attempt:
    [attempt] = await attempts.of_exam(database, exam.id)
    return attempt


async def stored(database: Database, exam: ExamRecord, number: int) -> dict:
    """The response to the item of that number, empty where there is none."""
    attempt = await the_attempt(database, exam)
    found = (await attempts.answers(database, attempt.id)).get(attempt.paper.items[number - 1].code)
    return found.response if found else {}


async def until_stored(database: Database, exam: ExamRecord, number: int, seconds: float) -> float:
    """Seconds until there is a response."""
    for tenth in range(int(seconds * 10)):
        if await stored(database, exam, number):
            return tenth / 10
        await asyncio.sleep(0.1)
    raise AssertionError(f"item {number} not stored within {seconds} s")


async def number_of(database: Database, exam: ExamRecord, kind: str) -> int:
    """On which number an item of a type stands."""
    paper, pool = (await the_attempt(database, exam)).paper, await exams.pool(database, exam.id, 1)
    return next(e.number for e in paper.items if pool.items[e.code].item.__struct_config__.tag == kind)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_whole_exam_is_sat_on_a_phone(chromium: Browser, origin: str, database: Database, javascript: bool):
    exam = await opened(database)
    context = await phone(chromium, java_script_enabled=javascript)
    page = await begun(context, origin, database, exam)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for number in range(1, 5):
        await expect(page.locator(".progress span")).to_have_text(f"第 {number} / 4 题")
        await page.locator(".option").first.click()
        await page.locator("#buttons [name=_next]").click()
    await expect(page.get_by_text("4 题全部作答完毕")).to_be_visible()
    await page.get_by_role("button", name="交卷").click()
    await expect(page.locator("#code")).to_be_visible()
    attempt = await the_attempt(database, exam)
    assert len(await attempts.answers(database, attempt.id)) == 4
    assert attempt.ended_by == "candidate"
    assert faults == []


async def test_offline_one_goes_on_and_everything_arrives_afterwards(
    chromium: Browser, origin: str, database: Database
):
    await offline_for(chromium, origin, database, seconds=12)


@pytest.mark.campaign
async def test_ten_minutes_offline_lose_nothing(chromium: Browser, origin: str, database: Database):
    await offline_for(chromium, origin, database, seconds=600)


async def offline_for(chromium: Browser, origin: str, database: Database, seconds: float) -> None:
    exam = await opened(database)
    context = await phone(chromium)
    page = await begun(context, origin, database, exam)
    await at_hand(page)
    await context.set_offline(True)
    for number in range(1, 5):
        await page.locator(".option").nth(number % 2).click()
        await page.wait_for_timeout(seconds * 1000 / 4)
        if number < 4:
            await page.locator("#buttons [name=_next]").click()
    await expect(page.locator("#notice")).to_contain_text("网络断了")
    await expect(page.locator("#saved")).to_have_text("已存在本机")
    assert await stored(database, exam, 1) == {}
    await context.set_offline(False)
    waited = [await until_stored(database, exam, number, 15) for number in range(1, 5)]
    await expect(page.locator("#notice")).to_be_hidden()
    assert await page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('exam:'))") == []
    await asyncio.sleep(3)
    events = await attempts.events(database, (await the_attempt(database, exam)).id)
    assert "reconnected" in [each.kind for each in events]
    print(f"{seconds} s offline, everything there after {max(waited)} s")


async def test_a_tab_that_is_killed_while_offline_loses_nothing_that_was_typed(
    chromium: Browser, origin: str, database: Database
):
    exam = await opened(database, definition(12), exam_gallery.bank())
    context = await phone(chromium)
    page = await begun(context, origin, database, exam)
    number = await number_of(database, exam, "essay")
    await page.goto(f"{page.url.rpartition('/')[0]}/{number}")
    await context.set_offline(True)
    await page.locator("textarea").press_sequentially("先道歉，再按标准赔付", delay=30)
    await page.close()  # no event of the page runs to its end
    await context.set_offline(False)
    page = await context.new_page()
    await page.goto(f"{origin}/e/token-1-{exam.id}")
    await page.get_by_role("button", name="继续答题").click()
    await until_stored(database, exam, number, 15)
    assert await stored(database, exam, number) == {"text": "先道歉，再按标准赔付"}
    await page.goto(f"{page.url.rpartition('/')[0]}/{number}")
    await expect(page.locator("textarea")).to_have_value("先道歉，再按标准赔付")


async def test_where_there_is_no_way_back_a_broken_network_keeps_the_page(
    chromium: Browser, origin: str, database: Database
):
    exam = await opened(database, definition(free_navigation=False))
    context = await phone(chromium)
    page = await begun(context, origin, database, exam)
    await context.set_offline(True)
    await page.locator(".option").first.click()
    await page.locator("#buttons [name=_next]").click()
    await expect(page.locator("#notice")).to_contain_text("网络断了")
    await context.set_offline(False)
    await until_stored(database, exam, 1, 15)
    await page.locator("#buttons [name=_next]").click()
    await expect(page.locator(".progress span")).to_have_text("第 2 / 4 题")


async def test_a_reload_in_the_middle_of_a_word_loses_nothing(chromium: Browser, origin: str, database: Database):
    exam = await opened(database, definition(12), exam_gallery.bank())
    page = await begun(await phone(chromium), origin, database, exam)
    number = await number_of(database, exam, "essay")
    await page.goto(f"{page.url.rpartition('/')[0]}/{number}")
    await page.locator("textarea").press_sequentially("正在写", delay=20)
    await page.reload()
    await expect(page.locator("textarea")).to_have_value("正在写")


async def test_whoever_types_without_a_pause_is_saved_all_the_same(chromium: Browser, origin: str, database: Database):
    exam = await opened(database, definition(12), exam_gallery.bank())
    page = await begun(await phone(chromium), origin, database, exam)
    number = await number_of(database, exam, "essay")
    await page.goto(f"{page.url.rpartition('/')[0]}/{number}")
    typing = asyncio.create_task(page.locator("textarea").press_sequentially("一二三四五六七八九十" * 6, delay=100))
    await asyncio.sleep(5)
    assert not typing.done()
    assert len((await stored(database, exam, number)).get("text", "")) > 5
    await typing


async def test_the_clock_is_the_servers_whatever_the_phone_believes(chromium: Browser, origin: str, database: Database):
    exam = await opened(database)
    context = await phone(chromium)
    await context.add_init_script("const real = Date.now; Date.now = () => real() - 86400000")
    page = await begun(context, origin, database, exam)
    left = await page.locator("[data-left]").text_content()
    assert left is not None
    minutes, seconds = map(int, left.split(":"))
    expected = (await the_attempt(database, exam)).deadline_at - clock.now()
    assert abs(minutes * 60 + seconds - expected.total_seconds()) < 3


async def test_the_last_minutes_are_told_and_the_exam_is_handed_in_by_itself(
    chromium: Browser, origin: str, database: Database
):
    exam = await opened(database, window=timedelta(seconds=64))
    page = await begun(await phone(chromium), origin, database, exam)
    await expect(page.locator("#warning")).to_have_text("还剩 5 分钟。")
    assert await page.locator("#warning").get_attribute("aria-live") == "polite"
    await expect(page.locator("#warning")).to_have_text("还剩 1 分钟。", timeout=10_000)
    await page.wait_for_timeout(1000)
    await page.locator(".option").first.click()
    await page.evaluate("document.querySelector('[data-deadline]').dataset.deadline = 0")  # as if the minute were over
    await expect(page.locator("#code")).to_be_visible(timeout=10_000)
    attempt = await the_attempt(database, exam)
    assert len(await attempts.answers(database, attempt.id)) == 1
    assert attempt.submitted_at is not None


async def test_a_second_tab_takes_over_and_the_first_says_so(chromium: Browser, origin: str, database: Database):
    exam = await opened(database)
    context = await phone(chromium)
    first = await begun(context, origin, database, exam)
    second = await context.new_page()
    await second.goto(f"{origin}/exam/{exam.id}")
    await second.get_by_role("button", name="继续答题").click()
    await expect(second.locator("#page")).to_be_visible()
    await first.bring_to_front()
    await first.locator(".option").first.click()
    await expect(first.locator("#notice")).to_contain_text("这个页面已停用")
    assert await stored(database, exam, 1) == {}
    await first.get_by_role("button", name="在这里继续答题").click()
    await expect(first.locator("#page")).to_be_visible()
    await until_stored(database, exam, 1, 15)  # what was chosen in the first tab was not lost
    await second.locator(".option").last.click()
    await expect(second.locator("#notice")).to_contain_text("这个页面已停用")


async def test_the_waiting_room_opens_by_itself_and_asks_nobody(chromium: Browser, origin: str, database: Database):
    exam = await opened(database)
    await exams.change_window(database, exam.id, clock.now() + timedelta(seconds=4), None)
    await exam_makers.candidate(database, exam, 1)
    page = await (await phone(chromium)).new_page()
    await page.goto(f"{origin}/e/token-1-{exam.id}")
    await expect(page.locator(".countdown")).to_be_visible()
    await expect(page.locator("#start")).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await expect(page.locator("#start")).to_be_visible(timeout=8_000)
    assert asked == []
    await page.locator("#start button").click()
    await expect(page.locator("#page")).to_be_visible()


async def test_an_exam_is_light_and_fits_the_narrowest_phone(chromium: Browser, origin: str, database: Database):
    exam = await opened(database, definition(12), exam_gallery.bank())
    context = await phone(chromium, viewport={"width": 320, "height": 640})
    session_bytes = 0
    page = await context.new_page()
    client = await context.new_cdp_session(page)
    await client.send("Network.enable")

    def count(event: dict) -> None:
        nonlocal session_bytes
        session_bytes += event["encodedDataLength"]

    client.on("Network.loadingFinished", count)
    await exam_makers.candidate(database, exam, 1)
    await page.goto(f"{origin}/e/token-1-{exam.id}")
    await page.locator("#start button").click()
    await expect(page.locator("#page")).to_be_visible()
    await at_hand(page)
    assert session_bytes <= FIRST_VISIT
    print(f"first visit with the whole paper: {session_bytes} bytes")
    for _ in range(12):
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        await page.locator("#buttons [name=_next]").click()
    await expect(page.get_by_role("button", name="交卷", exact=True)).to_be_visible()


async def test_every_page_of_an_exam_is_for_everybody(chromium: Browser, origin: str, database: Database):
    need_axe()
    exam = await opened(database, definition(12), exam_gallery.bank())
    context = await phone(chromium, bypass_csp=True)
    await exam_makers.candidate(database, exam, 1)
    page = await context.new_page()
    await page.goto(f"{origin}/e/token-1-{exam.id}")
    await check(page)
    await page.locator("#start button").click()
    base = page.url.rpartition("/")[0]
    for name in [*map(str, range(1, 13)), "overview"]:
        await page.goto(f"{base}/{name}")
        await check(page)
    await page.get_by_role("button", name="交卷", exact=True).click()
    await check(page)
