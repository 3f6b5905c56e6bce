"""A participant's way in Chromium at 360×800: with JavaScript and without, killed half-way, offline, for everybody."""

from __future__ import annotations

import asyncio
from importlib.resources import files

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from service.database import Database
from tests.browser.accessibility import check, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.pages.test_answer import ALL_TYPES, invited, opened, stored

FIRST_VISIT = 40_000  # bytes over the wire, everything included
PHONE = {"viewport": {"width": 360, "height": 800}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
DIAGNOSIS = (files("surveys") / "library" / "complaint-diagnosis.yaml").read_text("utf-8")

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


async def phone(chromium: Browser, **options) -> BrowserContext:
    return await chromium.new_context(**{**PHONE, **options})


async def start(page: Page) -> None:
    await page.locator(".start a").click()
    await expect(page.locator("#page")).to_be_visible()


async def fill(page: Page) -> int:
    """Answers everything visible on the page as somebody would who does not skip; how many controls were touched."""
    touched: set[str] = set()
    while True:
        controls = page.locator("#questions :is(input, textarea, select):not(.na *)")
        names = [
            name for name in await controls.evaluate_all("all => all.map(each => each.name)") if name not in touched
        ]
        fresh = [name for name in dict.fromkeys(names) if await shown(page, name)]
        if not fresh:
            return len(touched)
        await answer(page, fresh[0])
        touched.add(fresh[0])


async def shown(page: Page, name: str) -> bool:
    """Whether the control's row is there to be touched; controls drawn by their row are themselves transparent."""
    return await page.locator(f'[name="{name}"]').first.locator("xpath=..").is_visible()


async def answer(page: Page, name: str) -> None:
    control = page.locator(f'[name="{name}"]')
    kind = await control.first.evaluate("each => each.type")
    if kind == "radio":
        wanted = control.nth(await control.count() // 2)
        if name.endswith(".rank"):
            wanted = control.first
        await wanted.locator("xpath=..").click()
    elif kind == "checkbox":
        await control.first.locator("xpath=..").click()
    elif kind == "select-one":
        places = await page.locator(f'select[name^="{name.rpartition(".")[0]}."]').evaluate_all(
            "all => all.map(e => e.name)"
        )
        options = await control.locator("option").count()
        if not name.endswith(".category") and places.index(name) + 1 < options:
            await control.select_option(index=places.index(name) + 1)
    else:
        numeric = await control.get_attribute("inputmode")
        await control.fill("3" if numeric else "转交时附件经常丢失")


async def answer_to_the_end(page: Page, pages: int = 60) -> int:
    touched = 0
    for _ in range(pages):
        before = page.url
        touched += await fill(page)
        await turn(page, before)
        if page.url.endswith("/done"):
            return touched
    raise AssertionError(f"did not come to the end: {page.url}")


async def turn(page: Page, before: str) -> None:
    """Presses the main button: the next page comes, or the same one with questions that the answers revealed."""
    await page.locator("#notice").evaluate_all("all => all.forEach(each => each.remove())")
    await page.locator("#buttons button").first.click()
    for _ in range(300):
        if page.url != before or await page.locator("#notice").count():
            break
        await asyncio.sleep(0.05)
    await page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_the_whole_diagnosis_is_answered_on_a_phone(
    chromium: Browser, origin: str, database: Database, javascript: bool
) -> None:
    wave = await opened(database, DIAGNOSIS)
    context = await phone(chromium, java_script_enabled=javascript)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    touched = await answer_to_the_end(page)
    await expect(page.locator("#code")).to_be_visible()
    [row] = await stored(database, wave)
    assert touched > 60
    assert len(row["answers"]) > 60
    assert faults == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_killed_tab_resumes_where_it_was(
    chromium: Browser, origin: str, database: Database, javascript: bool
) -> None:
    wave = await opened(database)
    context = await phone(chromium, java_script_enabled=javascript)
    page = await context.new_page()
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    while not page.url.endswith("/scales"):
        await fill(page)
        await turn(page, page.url)
    await page.locator('[name="recommend"][value="6"]').locator("xpath=..").click()
    if javascript:
        await expect(page.locator("#saved")).to_have_text("已保存")
    await page.close()
    again = await context.new_page()
    await again.goto(f"{origin}/w/{wave.public_token}")
    await expect(again.locator(".start a")).to_have_text("接着填写")
    await start(again)
    assert again.url.endswith("/scales")
    if javascript:
        await expect(again.locator('[name="recommend"][value="6"]')).to_be_checked()
    await answer_to_the_end(again)
    [row] = await stored(database, wave)
    assert row["answers"]["role"] == "manager"
    assert row["answers"]["recommend"] == 5


async def test_a_personal_link_goes_on_on_another_phone(chromium: Browser, origin: str, database: Database) -> None:
    wave = await opened(database, anonymity="identified", public_link=False)
    token = await invited(database, wave)
    first = await (await phone(chromium)).new_page()
    await first.goto(f"{origin}/a/{token}")
    await start(first)
    await first.locator('[name="ease"][value="4"]').locator("xpath=..").click()
    await expect(first.locator("#saved")).to_have_text("已保存")
    second = await (await phone(chromium)).new_page()
    await second.goto(f"{origin}/a/{token}")
    await start(second)
    await expect(second.locator('[name="ease"][value="4"]')).to_be_checked()


async def test_an_answer_reveals_its_question_without_moving_what_is_being_typed(
    chromium: Browser, origin: str, database: Database
) -> None:
    wave = await opened(database)
    page = await (await phone(chromium)).new_page()
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    await page.locator('[name="tools"][value="else"]').locator("xpath=..").click()
    await page.locator('[name="role"][value="manager"]').locator("xpath=..").click()
    typing = page.locator('[name="tools.other"]')
    await typing.focus()
    await expect(page.locator('[name="limit"]')).to_be_visible()
    await typing.press_sequentially("飞书")
    assert await typing.input_value() == "飞书"
    await expect(typing).to_be_focused()
    await expect(page.locator('[name="tools"][value="else"]')).to_be_checked()


async def test_without_a_network_the_answer_stays_and_is_saved_when_it_is_back(
    chromium: Browser, origin: str, database: Database
) -> None:
    wave = await opened(database)
    context = await phone(chromium)
    page = await context.new_page()
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    await context.set_offline(True)
    await page.locator('[name="ease"][value="2"]').locator("xpath=..").click()
    await expect(page.locator("#offline")).to_contain_text("没有网络，答案留在本页")
    await page.locator("#buttons button").first.click()
    await expect(page.locator('[name="ease"][value="2"]')).to_be_checked()
    assert await database.fetch("SELECT * FROM draft_answer") == []
    await context.set_offline(False)
    await expect(page.locator("#saved")).to_have_text("已保存", timeout=15_000)
    await expect(page.locator("#offline")).to_be_hidden()
    [draft] = await database.fetch("SELECT question, value FROM draft_answer")
    assert (draft["question"], draft["value"]) == ("ease", '{"ease":2}')


async def test_a_mistake_is_said_above_and_at_its_field(chromium: Browser, origin: str, database: Database) -> None:
    wave = await opened(database)
    page = await (await phone(chromium)).new_page()
    await page.goto(f"{origin}/w/{wave.public_token}")
    await start(page)
    await page.locator('[name="ease"][value="2"]').locator("xpath=..").click()
    await page.locator("#buttons button").first.click()
    await expect(page.locator("#errors")).to_be_focused()
    await expect(page.locator('[name="ease"][value="2"]')).to_be_checked()
    await page.locator("#errors a").click()
    await expect(page.locator("#f-role")).to_be_in_viewport()


async def test_the_first_visit_is_small_and_stays_at_home(chromium: Browser, origin: str, database: Database) -> None:
    wave = await opened(database)
    page = await (await phone(chromium)).new_page()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    sizes: list[float] = []
    requested: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: requested.append(event["request"]["url"]))
    await page.goto(f"{origin}/w/{wave.public_token}", wait_until="networkidle")
    await start(page)
    await page.wait_for_load_state("networkidle")
    assert sum(sizes) <= FIRST_VISIT, sizes
    assert len(requested) >= 5
    assert all(url.startswith(origin) for url in requested), requested


@pytest.mark.parametrize("width", [320, 1280])
async def test_every_page_is_accessible(chromium: Browser, origin: str, database: Database, width: int) -> None:
    need_axe()
    wave = await opened(database, ALL_TYPES)
    for scheme in ("light", "dark"):
        context = await chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN", bypass_csp=True
        )
        page = await context.new_page()
        await page.goto(f"{origin}/w/{wave.public_token}")
        await check(page)
        await start(page)
        await page.locator("#buttons button").first.click()
        await expect(page.locator("#errors")).to_be_visible()
        await check(page)
        while not page.url.endswith("/done"):
            before = page.url
            await fill(page)
            await check(page)
            await turn(page, before)
        await check(page)
        for path in ("/receipt", "/w/unknown", f"/answer/{wave.id}"):
            await page.goto(origin + path)
            await check(page)
        await context.close()
