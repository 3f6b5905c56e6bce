"""Every question type answered in Chromium on a phone: with JavaScript and without, and looked at by axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from service.database import Database
from service.store.waves import Wave
from surveys.compiled import compile_questionnaire as compiled
from tests.browser.accessibility import check, fits, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.browser.hand import by_touch, fill
from tests.browser.test_answering import FIRST_VISIT, PHONE, start, turn
from tests.pages.test_answer import invited, opened, stored
from tests.surveys.test_gallery import GALLERY

SOURCE = (Path(__file__).parents[2] / "surveys" / "gallery.yaml").read_text("utf-8")
WITHOUT_SCRIPTS = {("location", "number")}  # a browser says where it is to scripts only
SUZHOU = {"latitude": 31.29834, "longitude": 120.58532, "accuracy": 20}

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


class Watched:
    """A phone on which whatever the browser complains of, and asks of others, is written down."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.faults = page, list[str]()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda asked: None if asked.url.startswith(origin) else self.faults.append(asked.url))


async def at_start(chromium: Browser, origin: str, database: Database, **options) -> tuple[Watched, Wave]:
    wave = await opened(database, SOURCE, public_link=False)
    token = await invited(database, wave)
    context = await chromium.new_context(**{**PHONE, **options})
    watched = Watched(await context.new_page(), origin)
    await watched.page.goto(f"{origin}/a/{token}?from=poster")
    await start(watched.page)
    return watched, wave


async def add_a_row(page: Page) -> None:
    """A table grows by a press, and what was typed is still there."""
    for more in await page.locator("button.more").all():
        await more.click()
        await expect(page.locator('[name$=".2.what"]')).to_be_visible()
        await expect(page.locator('[name$=".1.what"]')).not_to_have_value("")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_every_type_is_answered_on_a_phone(
    chromium: Browser, origin: str, database: Database, javascript: bool
) -> None:
    given = {"geolocation": SUZHOU, "permissions": ["geolocation"]} if javascript else {}
    watched, wave = await at_start(chromium, origin, database, java_script_enabled=javascript, **given)
    page = watched.page
    for _ in range(3 * len(GALLERY.pages)):
        before = page.url
        if javascript:
            await by_touch(page)
        await fill(page)
        await add_a_row(page)
        await fill(page)
        assert await fits(page), page.url
        await turn(page, before)
        assert not await page.locator("#questions .error").all_text_contents(), before
        if page.url.endswith("/done"):
            break
    await expect(page.locator("#code")).to_be_visible()
    assert watched.faults == []
    [row] = await stored(database, wave)
    columns = list(compiled(GALLERY).columns.values())
    types = {question.code: question.type for question in GALLERY.questions()}
    families = {(types[each.question], each.kind) for each in columns}
    answered = {(types[each.question], each.kind) for each in columns if each.name in row["answers"]}
    assert families - answered == (set() if javascript else WITHOUT_SCRIPTS)
    assert {each.question for each in columns} == {each.question for each in columns if each.name in row["answers"]}
    assert row["answers"]["yearly"] == 12 * row["answers"]["requests"]
    assert (row["answers"]["came_from"], row["answers"]["delays.2.days"]) == ("poster", 3.0)
    assert ("signed.drawn" in row["answers"]) is javascript


@pytest.mark.parametrize(("width", "language"), [(320, "zh-CN"), (320, "en"), (1280, "en")])
async def test_every_type_is_accessible_and_fits(
    chromium: Browser, origin: str, database: Database, width: int, language: str
) -> None:
    need_axe()
    watched, _ = await at_start(
        chromium, origin, database, viewport={"width": width, "height": 800}, locale=language, bypass_csp=True
    )
    page = watched.page
    base = page.url.rpartition("/")[0]
    for each in GALLERY.pages:
        await page.goto(f"{base}/{each.code}")
        await page.emulate_media(color_scheme="dark")
        await check(page)
        await fill(page)
        await page.emulate_media(color_scheme="light")
        await check(page)
    assert watched.faults == []


async def test_options_are_ranked_by_buttons_one_by_one(chromium: Browser, origin: str, database: Database) -> None:
    watched, _ = await at_start(chromium, origin, database)
    page = watched.page
    await page.goto(f"{page.url.rpartition('/')[0]}/places")
    places = page.locator(".stage select")

    async def ranked() -> list[str]:
        return await places.evaluate_all("all => all.map(each => `${each.name.split('.')[1]} ${each.value}`.trim())")

    assert await ranked() == ["fewer", "faster", "online"]
    await page.get_by_role("button", name="把“全部线上办”往前移").click()
    assert await ranked() == ["online 1", "fewer", "faster"]  # nobody else gets a place by that
    await page.get_by_role("button", name="把“审批限时”往前移").click()
    assert await ranked() == ["online 1", "faster 2", "fewer"]
    await page.get_by_role("button", name="把“审批限时”往前移").click()
    assert await ranked() == ["faster 1", "online 2", "fewer"]
    await expect(page.locator("[data-sorted]")).to_have_text("“审批限时”现在排第 1 位")
    await expect(page.locator("#saved")).to_have_text("已保存")
    await page.reload()
    assert await ranked() == ["faster 1", "online 2", "fewer"]


async def test_the_first_visit_is_small(chromium: Browser, origin: str, database: Database) -> None:
    wave = await opened(database, SOURCE)
    page = await (await chromium.new_context(**PHONE)).new_page()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(f"{origin}/w/{wave.public_token}", wait_until="networkidle")
    await start(page)
    await page.wait_for_load_state("networkidle")
    assert sum(sizes) <= FIRST_VISIT, sizes
