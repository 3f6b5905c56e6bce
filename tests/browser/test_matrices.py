"""Matrices, tables, flow order and ECRS in Chromium, at 320 px and on a desk, with JavaScript and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from service.database import Database
from tests.browser.accessibility import check, fits, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.browser.test_answering import start
from tests.pages.test_answer import opened, stored

WRITTEN = (Path(__file__).parents[1] / "surveys" / "matrices.yaml").read_text("utf-8")
SIZES = {"narrow": (320, 720), "phone": (360, 800), "desk": (1280, 800)}
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


async def at(chromium: Browser, origin: str, database: Database, size: str, javascript: bool) -> tuple[Page, object]:
    wave = await opened(database, WRITTEN)
    width, height = SIZES[size]
    context = await chromium.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=javascript, bypass_csp=True
    )
    page = await context.new_page()
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    return page, wave


async def tick(page: Page, *fields: tuple[str, str]) -> None:
    for name, value in fields:
        await page.locator(f'[name="{name}"][value="{value}"]').locator("xpath=..").click()


async def on(page: Page) -> None:
    before = page.url
    await page.locator("#buttons button").first.click()
    await page.wait_for_url(lambda url: url != before)


async def first_page(page: Page) -> None:
    await tick(page, ("trouble", "never"), ("who.limit", "finance"), ("who.chase", "nobody"), ("tools.apply", "chat"))
    await page.locator('[name="needs.finance"]').fill("预算进度")
    await page.locator('[name="hours.budget"]').fill("12.5")
    await page.locator('[name="burden.form"]').fill("70")
    if not await page.locator('[name="who.returned"]').count():
        return await on(page)
    await page.locator("#buttons button").first.click()  # no script: the row that is not due goes with this post
    await page.wait_for_load_state()
    return None


async def second_page(page: Page) -> None:
    for row in ("speed", "status", "rules"):
        await tick(page, (f"gap.{row}.importance", "5"), (f"gap.{row}.satisfaction", "2"))
    for row in ("request", "compare"):
        await page.locator(f'[name="forms.{row}.used"]').fill("3")
        await tick(page, (f"forms.{row}.state", "fine"), (f"forms.{row}.clear", "4"))
    await page.locator('[name="delays.1.what"]').fill("叉车电池")
    await page.locator('[name="delays.1.days"]').fill("sechs")


@SCRIPTS
async def test_a_row_is_added_and_everything_typed_stays(
    chromium: Browser, origin: str, database: Database, javascript: bool
) -> None:
    page, wave = await at(chromium, origin, database, "narrow", javascript)
    await first_page(page)
    await second_page(page)
    await page.locator("button.more").click()
    await expect(page.locator('[name="delays.2.what"]')).to_be_visible()
    await expect(page.locator('[name="delays.3.what"]')).to_have_count(0)
    await expect(page.locator('[name="delays.1.days"]')).to_have_value("sechs")
    await expect(page.locator(".error")).to_have_count(0)
    await page.locator('[name="delays.1.days"]').fill("6")
    await page.locator('[name="delays.2.what"]').fill("纸箱")
    await page.locator('[name="delays.2.days"]').fill("2")
    await page.locator("button.more").click()
    await page.locator('[name="delays.3.what"]').wait_for()
    await on(page)
    assert await fits(page)
    for place, step in enumerate(("apply", "budget", "approve", "order"), start=1):
        await page.locator(f'[name="real.{step}"]').select_option(str(place))
        await tick(page, (f"ideas.{step}.suggestion", "combine" if step == "budget" else "keep"))
    await page.locator('[name="ideas.budget.minutes"]').fill("15")
    await on(page)
    [row] = await stored(database, wave)
    answers = row["answers"]
    assert (answers["delays.1.days"], answers["delays.2.what"]) == (6.0, "纸箱")
    assert answers["real"] == ["apply", "budget", "approve", "order"]
    assert (answers["ideas.budget.suggestion"], answers["ideas.budget.minutes"]) == ("combine", 15.0)
    assert "who.returned" in answers["_not_shown"]


async def flow(chromium: Browser, origin: str, database: Database, size: str = "phone") -> Page:
    page, _ = await at(chromium, origin, database, size, javascript=True)
    await first_page(page)
    await second_page(page)
    await page.locator('[name="delays.1.days"]').fill("6")
    await on(page)
    return page


async def order(page: Page) -> list[str]:
    return await page.locator(".stage select").evaluate_all("all => all.map(each => `${each.name}=${each.value}`)")


async def test_steps_are_moved_by_buttons_and_the_move_is_said(
    chromium: Browser, origin: str, database: Database
) -> None:
    page = await flow(chromium, origin, database)
    before = [each.partition("=")[0] for each in await order(page)]
    await page.locator('.stage [data-move="1"]').first.press("Enter")
    assert await order(page) == [f"{name}={at}" for at, name in enumerate([before[1], before[0], *before[2:]], start=1)]
    await expect(page.locator("[data-sorted]")).to_contain_text("现在排第 2 位")
    await expect(page.locator("#saved")).to_have_text("已保存")
    await page.reload()
    assert await order(page) == [f"{name}={at}" for at, name in enumerate([before[1], before[0], *before[2:]], start=1)]


async def test_steps_are_dragged(chromium: Browser, origin: str, database: Database) -> None:
    page = await flow(chromium, origin, database, "desk")
    before = [each.partition("=")[0] for each in await order(page)]
    first, last = page.locator(".grip").first, page.locator(".grip").last
    start_at, end = await first.bounding_box(), await last.bounding_box()
    assert start_at is not None
    assert end is not None
    await page.mouse.move(start_at["x"] + 8, start_at["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 8, end["y"] + end["height"] - 4, steps=12)
    await page.mouse.up()
    assert await order(page) == [f"{name}={at}" for at, name in enumerate([*before[1:], before[0]], start=1)]


async def test_a_place_chosen_moves_the_step_there_and_the_others_make_room(
    chromium: Browser, origin: str, database: Database
) -> None:
    page = await flow(chromium, origin, database)
    names = [each.partition("=")[0] for each in await order(page)]
    await page.locator(f'[name="{names[0]}"]').select_option("1")
    await page.locator(f'[name="{names[2]}"]').select_option("1")
    assert await order(page) == [f"{names[2]}=1", f"{names[0]}=2", f"{names[1]}=", f"{names[3]}="]


@pytest.mark.parametrize("size", SIZES)
async def test_no_page_scrolls_sideways_and_axe_finds_nothing(
    chromium: Browser, origin: str, database: Database, size: str
) -> None:
    need_axe()
    page, _ = await at(chromium, origin, database, size, javascript=True)
    for fill in (first_page, second_page):
        assert await fits(page)
        await check(page)
        await fill(page)
    await page.locator('[name="delays.1.days"]').fill("6")
    await on(page)
    assert await fits(page)
    await check(page)
