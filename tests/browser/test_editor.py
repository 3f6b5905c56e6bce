"""Writing a questionnaire in Chromium: from a text to a published version, by keyboard, with and without JavaScript."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.async_api import Browser, BrowserContext, Page, expect

from service.actions import authoring, editor
from service.app import create_app
from service.database import Database
from service.security import session_cookie
from service.settings import Settings
from tests.browser.accessibility import check, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.visitors import administrator

TEXT_FORM = Path(__file__).resolve().parents[2] / "docs" / "text-form.md"
TEN = re.search(r"### 2\. Ten questions.*?```text\n(.*?)```", TEXT_FORM.read_text("utf-8"), re.DOTALL)[1]
NAME = "satisfaction"

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def app(settings: Settings, database: Database) -> Litestar:
    return create_app(settings, database)


async def author(chromium: Browser, origin: str, app: Litestar, **options) -> BrowserContext:
    """A context of somebody who has signed in and may write questionnaires."""
    browser = await administrator(app)
    token = browser.cookies[session_cookie(app.state.settings)]
    context = await chromium.new_context(**{"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}, **options})
    await context.add_cookies([{"name": session_cookie(app.state.settings), "value": token, "url": origin}])
    return context


class Clicks:
    """Counts what somebody does with the mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    async def on(self, role: str, name: str) -> None:
        self.count += 1
        await self.page.get_by_role(role, name=name, exact=True).first.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_ten_questions_are_written_previewed_and_published_within_three_minutes(
    chromium: Browser, origin: str, app: Litestar, database: Database, javascript: bool
) -> None:
    context = await author(chromium, origin, app, java_script_enabled=javascript)
    page = await context.new_page()
    started = time.monotonic()
    await page.goto(f"{origin}/questionnaires")
    click = Clicks(page)
    await click.on("button", "新建问卷")
    await page.get_by_label("问卷文字").fill(TEN)
    await click.on("button", "生成问卷")
    await expect(page.get_by_role("heading", level=1)).to_have_text("投诉处理流程小诊断")
    await expect(page.locator("#outline .asked > li")).to_have_count(10)
    frame = page.frame_locator("#preview")
    await expect(frame.locator("#q-role")).to_be_visible()
    assert (await page.locator(".device.phone iframe").bounding_box())["width"] == 360
    await click.on("link", "发布")
    click.count += 1
    await page.locator("main form button").last.click()
    await expect(page).to_have_url(re.compile(r"/questionnaires/complaint-check/versions/1"))
    assert time.monotonic() - started < 180
    assert click.count == 4, "docs/editor.md says how many clicks it takes"
    version = await authoring.version(database, "complaint-check", 1)
    assert len(list(version.definition.questions())) == 10


async def test_what_is_typed_saves_itself_and_shows_in_the_preview(
    chromium: Browser, origin: str, app: Litestar, database: Database
) -> None:
    await authoring.publish_library(database, NAME)
    page = await (await author(chromium, origin, app)).new_page()
    await page.goto(f"{origin}/questionnaires/{NAME}/edit")
    code = next((await editor.open_draft(database, NAME)).definition.questions()).code
    field = page.locator(f'[name="questions.{code}.text.zh-CN"]')
    await field.fill("改过的题目文字？")
    await expect(page.locator("#saved")).to_have_text("已保存")
    await expect(page.locator("#outline [aria-current]")).to_contain_text("改过的题目文字")
    await expect(page.frame_locator("#preview").locator(f"#l-{code}")).to_contain_text("改过的题目文字")
    assert (await editor.open_draft(database, NAME)).definition.question(code).text["zh-CN"] == "改过的题目文字？"
    await page.locator("h1").click()
    await page.keyboard.press("Control+z")
    await expect(field).not_to_have_value("改过的题目文字？")
    assert (await editor.open_draft(database, NAME)).redoable


async def test_questions_move_by_keyboard_and_by_mouse_and_options_grow_by_enter(
    chromium: Browser, origin: str, app: Litestar, database: Database
) -> None:
    await authoring.publish_library(database, NAME)
    page = await (await author(chromium, origin, app)).new_page()
    await page.goto(f"{origin}/questionnaires/{NAME}/edit")

    async def codes() -> list[str]:
        return [question.code for question in (await editor.open_draft(database, NAME)).definition.questions()]

    before = await codes()
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator("#outline [aria-current] .no")).to_have_text("2")
    assert await codes() == [before[1], before[0], *before[2:]]
    first, second = page.locator("#outline .asked > li").nth(0), page.locator("#outline .asked > li").nth(1)
    async with page.expect_navigation():
        await second.drag_to(first)
    assert await codes() == before
    choices = page.locator(".entries > li")
    count = await choices.count()
    await choices.first.locator("textarea").first.press("Enter")
    await expect(choices).to_have_count(count + 1)
    assert await page.evaluate("document.activeElement.closest('.entries > li') !== null")


async def test_two_authors_at_one_field_see_both_versions(
    chromium: Browser, origin: str, app: Litestar, database: Database
) -> None:
    await authoring.publish_library(database, NAME)
    context = await author(chromium, origin, app)
    one, two = await context.new_page(), await context.new_page()
    for page in (one, two):
        await page.goto(f"{origin}/questionnaires/{NAME}/edit?at=settings")
    await one.locator('[name="title.zh-CN"]').fill("甲的标题")
    await expect(one.locator("#saved")).to_have_text("已保存")
    await two.locator('[name="thanks.zh-CN"]').fill("乙的致谢")
    await expect(two.locator("#saved")).to_have_text("已保存")
    await two.goto(f"{origin}/questionnaires/{NAME}/edit?at=settings")
    await one.locator('[name="title.zh-CN"]').fill("甲又改了")
    await expect(one.locator("#saved")).to_have_text("已保存")
    await one.wait_for_timeout(300)
    await two.locator('[name="title.zh-CN"]').fill("乙的标题")
    await expect(two.locator(".clash")).to_contain_text("甲又改了")
    await expect(two.locator('[name="title.zh-CN"]')).to_have_value("乙的标题")
    await two.get_by_role("button", name="保留我的").click()
    await expect(two.locator(".clash")).to_have_count(0)
    made = (await editor.open_draft(database, NAME)).definition
    assert (made.title["zh-CN"], made.thanks["zh-CN"]) == ("乙的标题", "乙的致谢")


@pytest.mark.parametrize("width", [320, 768, 1280])
async def test_the_editor_is_accessible_and_narrow(
    chromium: Browser, origin: str, app: Litestar, database: Database, width: int
) -> None:
    need_axe()
    await authoring.publish_library(database, NAME)
    context = await author(chromium, origin, app, bypass_csp=True, viewport={"width": width, "height": 800})
    page = await context.new_page()
    for path in (
        f"{NAME}/edit",
        f"{NAME}/edit?at=settings",
        f"{NAME}/edit?at=rating_scales",
        f"{NAME}/edit?gallery=1",
        "new",
    ):
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.goto(f"{origin}/questionnaires/{path}")
            await page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
            await check(page)
