"""What leads, HR, authors and administrators see, in Chromium: accessible, narrow, at home; and a lead's whole job."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
from pathlib import Path
from typing import Literal

import pytest
from litestar import Litestar
from openpyxl import Workbook
from playwright.async_api import Browser, BrowserContext, Page, expect

from service import access, demo
from service.actions import programmes
from service.app import create_app
from service.database import Database, Unavailable
from service.database.migrate import migrate
from service.demo import DemoLinks
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from tests.browser import staff
from tests.browser.accessibility import faults, fits, need_axe
from tests.browser.chromium import EXECUTABLE, REQUIRED
from tests.browser.test_answering import answer_to_the_end, start

NOT_STAFF = ("participant", "api:")  # pages of others, with tests of their own
SIZES = (360, 1280)
LOOKS: list[tuple[int, Literal["light", "dark"]]] = (
    [(width, scheme) for width in SIZES for scheme in ("light", "dark")]
    if os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
    else list(zip(SIZES, ("dark", "light"), strict=True))
)
"""Each size in one scheme, since axe takes a second for a long page; every size in both in the campaign."""

pytestmark = [
    pytest.mark.skipif(
        EXECUTABLE is None and not REQUIRED, reason="BROWSER TESTS SKIPPED: no Chromium on this machine"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo and more; ``waves.json`` in it names the waves."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "reports").mkdir()
    for name in (*demo.loader.REPORTS.values(), *demo.pilot.REPORTS.values()):
        (folder / "reports" / name).write_bytes(b"made before")  # making them takes most of a load

    async def load() -> None:
        settings = Settings(data=folder, demo=True, secret_key="a test's secret key")
        async with Database.open(settings) as database:
            await migrate(database)
            links: DemoLinks = await demo.load(database, settings)
            waves = await staff.furnish(database, settings, links)
        (folder / "waves.json").write_text(json.dumps(waves))

    asyncio.run(load())
    return folder


@pytest.fixture
def settings(furnished: Path, tmp_path: Path) -> Settings:
    shutil.copytree(furnished, tmp_path / "data")
    return Settings(data=tmp_path / "data", demo=True, secret_key="a test's secret key")


@pytest.fixture
def waves(furnished: Path) -> dict[str, str]:
    return json.loads((furnished / "waves.json").read_text())


@pytest.fixture
def app(settings: Settings, database: Database) -> Litestar:
    return create_app(settings, database)


async def test_every_page_of_staff_is_looked_at(app: Litestar) -> None:
    ours = {
        path
        for method, path, how in access.routes(app)
        if method == "GET" and not how.startswith(NOT_STAFF) and not path.startswith(("/health", "/receipt"))
    }
    assert ours == set(staff.PAGES) | staff.FILES


class Watched:
    """A context whose pages may load nothing from elsewhere and say no error."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context, self.origin, self.complaints = context, origin, []
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _asked(self, request) -> None:
        if not request.url.startswith((self.origin, "data:")):
            self.complaints.append(f"asked {request.url}")

    def _said(self, message) -> None:
        # Chromium reports the status of a refusing page as an error of its own
        if message.type == "error" and "server responded with a status of" not in message.text:
            self.complaints.append(f"{message.text} on {message.page.url if message.page else ''}")


async def inspect(page: Page, found: list[str]) -> None:
    """Everything that is wrong with the page as it stands, in every look."""
    for width, scheme in LOOKS:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)
        found += [f"{page.url} {width} {scheme}: {fault}" for fault in await faults(page)]
    await page.set_viewport_size({"width": 320, "height": 640})
    if not await fits(page):
        found.append(f"{page.url} scrolls sideways at 320")


@pytest.mark.parametrize("role", ["lead", "administrator", "nobody"])
async def test_every_page_is_accessible_narrow_and_at_home(
    chromium: Browser, origin: str, waves: dict[str, str], role: str
) -> None:
    need_axe()
    context = await chromium.new_context(locale="zh-CN", bypass_csp=True)
    watched = Watched(context, origin)
    paths: list[str] = list(staff.PUBLIC)
    page = await context.new_page()
    if role != "nobody":
        page = await staff.sign_in(context, origin, role)
        paths = [path for all_of in staff.PAGES.values() for path in all_of]
        paths = [path for path in paths if path.startswith("/admin") == (role == "administrator")]
    found: list[str] = []
    for path in paths:
        answer = await page.goto(origin + path.format(**waves))
        assert answer is not None
        assert answer.status == 200, page.url
        await inspect(page, found)
        await page.goto(f"{page.url}{'&' if '?' in page.url else '?'}lang=en")
        if not await fits(page):
            found.append(f"{page.url} scrolls sideways at 320")
        await context.clear_cookies(name="language")
    if role == "lead":
        for refuse in staff.REFUSED:
            await refuse(page, origin)
            await expect(page.locator(".error, .notice.bad").first).to_be_visible()
            await inspect(page, found)
    assert found == []
    assert watched.complaints == []


async def test_pages_that_say_no_are_accessible_too(
    chromium: Browser, origin: str, waves: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    need_axe()
    context = await chromium.new_context(locale="zh-CN", bypass_csp=True)
    watched = Watched(context, origin)
    page = await staff.sign_in(context, origin, "lead")
    found: list[str] = []

    async def refused(path: str, status: int) -> None:
        answer = await page.goto(origin + path)
        assert answer is not None
        assert answer.status == status
        await inspect(page, found)

    def failing(failure: Exception):
        async def fail(*given, **named) -> None:
            raise failure

        return fail

    await refused("/programmes/nothing-here", 404)
    await refused(f"{staff.HOME}/waves/{waves['open']}/edit", 409)
    monkeypatch.setattr(programmes, "visible", failing(RuntimeError("unforeseen")))
    await refused("/programmes", 500)
    monkeypatch.setattr(programmes, "visible", failing(Unavailable("gone")))
    await refused("/programmes", 503)
    assert found == []
    assert watched.complaints == []


@pytest.mark.parametrize(("width", "shown"), [(360, "narrow"), (1280, "wide")])
async def test_a_figure_is_shown_once(
    chromium: Browser, origin: str, waves: dict[str, str], width: int, shown: str
) -> None:
    context = await chromium.new_context(viewport={"width": width, "height": 800})
    page = await staff.sign_in(context, origin, "viewer")
    await page.goto(f"{origin}{staff.HOME}/waves/{waves['closed']}/results")
    await page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    figures = page.locator(".panel figure")
    assert await figures.count() > 10
    for figure in await figures.all():
        visible = [name for name in ("wide", "narrow") if await figure.locator(f".{name}").is_visible()]
        assert visible == [shown]
    smallest = await page.locator(f".{shown} svg text").evaluate_all(
        "all => Math.min(...all.map(each => parseFloat(each.getAttribute('font-size')) * each.getScreenCTM().a))"
    )
    assert smallest >= 9


async def test_the_keyboard_shows_where_it_is(chromium: Browser, origin: str) -> None:
    context = await chromium.new_context(locale="zh-CN")
    page = await staff.sign_in(context, origin, "lead")
    await page.goto(f"{origin}{staff.HOME}")
    places = set()
    for _ in range(12):
        await page.keyboard.press("Tab")
        outline, place = await page.evaluate(
            "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.outerHTML.slice(0, 200)]"
        )
        assert outline != "none", place
        places.add(place)
    assert len(places) == 12


def roster() -> bytes:
    book = Workbook()
    book.active.append(["工号", "姓名", "部门", "流程角色"])
    for number in range(1, 31):
        book.active.append([f"{number:04}", f"员工{number}", ("客服中心", "物流部")[number % 2], "经办"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_lead_gets_from_a_roster_to_the_report(
    chromium: Browser, origin: str, database: Database, javascript: bool
) -> None:
    context = await chromium.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", java_script_enabled=javascript,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    watched = Watched(context, origin)
    page = await staff.sign_in(context, origin, "lead")
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Programmes")
    await page.get_by_role("link", name="中文").click()

    await page.get_by_role("button", name="新建项目").click()
    await page.fill("[name=name]", "采购审批优化")
    await page.fill("[name=process]", "采购审批")
    for field, value in {"metric": "审批时长", "baseline": "72", "target": "48", "unit": "小时"}.items():
        await page.fill(f'[name="target.0.{field}"]', value)
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator(".stat .figure")).to_have_text("72 → 48小时")

    await page.get_by_role("button", name="导入").click()
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    await page.set_input_files("[name=file]", {"name": "名单.xlsx", "mimeType": sheet, "buffer": roster()})
    await page.locator("main form button").click()
    await expect(page.locator(".notice.good")).to_contain_text("30")

    await page.get_by_role("button", name="发起调查").click()
    await page.fill("[name=title]", "满意度调查")
    await page.select_option("[name=version]", label="流程满意度调查 · 第 1 版")
    for name, value in (("anonymity", "confidential"), ("public_link", "1")):
        await page.locator(f'[name={name}][value="{value}"]').check()
    await page.get_by_role("button", name="存为草稿").click()
    await page.get_by_role("button", name="修改草稿").click()
    await page.fill("[name=title]", "采购满意度调查")
    await page.get_by_role("button", name="存为草稿").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("采购满意度调查")
    await page.get_by_role("button", name="开放调查").click()
    link = await page.locator("#copyable").input_value()
    if javascript:
        await page.get_by_role("button", name="复制").first.click()
        await expect(page.get_by_role("button", name="已复制")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == link

    participant = await (await chromium.new_context(locale="zh-CN", java_script_enabled=javascript)).new_page()
    await participant.goto(origin + "/w/" + link.rpartition("/")[2])
    await start(participant)
    await answer_to_the_end(participant)

    wave = page.url
    await page.get_by_role("button", name="导入答卷").click()
    answers = {"name": "答卷.csv", "mimeType": "text/csv", "buffer": staff.satisfaction(24)}
    await page.set_input_files("[name=file]", answers)
    await page.locator("main form button").click()
    await expect(page.locator(".notice.good")).to_contain_text("24")
    await page.goto(wave)
    await page.get_by_role("button", name="结束调查").click()
    await page.get_by_role("button", name="查看结果").click()
    await expect(page.locator("main")).to_contain_text("依据 25 份答卷")

    async with Worker(database, HANDLERS).running():
        await page.get_by_role("button", name="生成中文报告").click()
        report = page.get_by_role("link", name="流程现状诊断报告")
        for _ in range(60):
            if await report.count():
                break
            await asyncio.sleep(0.5)
            if not javascript:
                await page.reload()
    document = await context.request.get(origin + str(await report.get_attribute("href")))
    assert document.headers["content-type"] == "application/pdf"
    assert (await document.body()).startswith(b"%PDF-")
    assert watched.complaints == []
