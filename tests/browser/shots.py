"""Every page at 360×800 and 1280×800 and every PDF page, as PNG under var/shots: ``make shots``.

Serves the demo from a fresh folder, signs in as its people and visits what they see. To be looked at, not compared.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from benchmarks.processes import free_port, server
from service import demo
from service.actions import authoring
from service.actions import waves as wave_actions
from service.database import Database
from service.database.migrate import migrate
from service.demo import SLUG, DemoLinks
from service.settings import Settings
from service.store import waves as wave_store
from tests.browser import staff
from tests.browser.accessibility import fits
from tests.browser.chromium import ARGUMENTS, EXECUTABLE
from tests.browser.hand import fill as answer_all
from tests.browser.test_answering import fill, start
from tests.browser.test_gallery import SOURCE
from tests.pages.test_answer import invited, opened
from tests.surveys.test_gallery import GALLERY

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = {"phone": (360, 800), "desk": (1280, 800)}
LANGUAGES = ("zh-CN", "en")


ENDING = """name: ending
kind: pulse
title: {zh: 投诉处理回访, en: A word on complaint handling}
screen_out: {zh: 这次只请处理过投诉的同事作答，谢谢您。, en: "This time we ask those who handle complaints."}
quotas: {handlers: {when: 'handles == "yes"', limit: 1}}
pages:
  - code: start
    questions:
      - code: handles
        type: single
        text: {zh: 您处理过投诉吗？, en: "Do you handle complaints?"}
        choices: {"yes": {zh: 处理过, en: "Yes"}, "no": {zh: 没有, en: "No"}}
    jumps: [{when: 'handles == "no"', to: screen_out}]
  - code: details
    questions: [{code: ideas, type: long_text, text: {zh: 您有什么建议？, en: "What do you suggest?"}}]
"""


async def prepare(settings: Settings) -> tuple[DemoLinks, dict[str, str], str]:
    """The demo's links, the waves by name, and the path of somebody's link to the gallery of question types."""
    async with Database.open(settings) as database:
        await migrate(database)
        links = await demo.load(database, settings)
        waves = await staff.furnish(database, settings, links)
        waves["ending"] = await ending(database, settings, UUID(waves["open"]))
        gallery = await opened(database, SOURCE, public_link=False)
        return links, waves, f"/a/{await invited(database, gallery)}"


async def ending(database: Database, settings: Settings, beside: UUID) -> str:
    """A wave that ends early for whoever says no, and for all others after the first."""
    neighbour = await wave_store.get(database, beside)
    _, version = await authoring.publish(database, ENDING)
    assert neighbour is not None
    assert version is not None
    draft = wave_actions.Draft(version=version.id, title="回访", role="pulse", anonymity="anonymous", public_link=True)
    wave = await wave_actions.create(database, neighbour.programme, "diagnosis", draft)
    await wave_actions.open_wave(database, settings, wave)
    return urlsplit(wave_actions.public_url(settings, await wave_store.get(database, wave.id) or wave)).path


def staff_pages(waves: dict[str, str], administrator: bool) -> dict[str, str]:
    """Name of the picture to path."""
    paths = [path for all_of in staff.PAGES.values() for path in all_of if path.startswith("/admin") == administrator]
    if not administrator:
        paths += [f"{staff.HOME}/nothing-here", f"{staff.HOME}/waves/{{open}}/edit"]  # 404 and 409
    return {named(path): path.format(**waves) for path in paths}


def named(path: str) -> str:
    """``programmes-one-waves-draft-edit`` for that page of the demo's programme."""
    return "-".join(re.findall(r"[a-z0-9]+", path.replace(SLUG, "one"))) or "front"


async def shoot(context: BrowserContext, base: str, pages: dict[str, str], folder: Path, prefix: str) -> None:
    page = await context.new_page()
    for name, path in pages.items():
        answer = await page.goto(base + path)
        await take(page, folder / f"{prefix}-{name}.png", answer.status if answer else 0)
    await page.close()


async def take(page: Page, target: Path, status: int = 200) -> None:
    await page.screenshot(path=target, full_page=True)
    print(f"{status} {target.name}{'' if await fits(page) else ' SCROLLS SIDEWAYS'}", flush=True)


async def answer_through(context: BrowserContext, base: str, links: DemoLinks, folder: Path, prefix: str) -> None:
    """Walk through the whole questionnaire; each page is taken filled in."""
    page = await context.new_page()
    await page.goto(base + urlsplit(links.participant).path)
    await page.screenshot(path=folder / f"{prefix}-answer-00.png", full_page=True)
    await start(page)
    for number in range(1, 30):
        await fill(page)
        await page.screenshot(path=folder / f"{prefix}-answer-{number:02}.png", full_page=True)
        before = page.url
        await page.locator("#buttons button").first.click()
        await page.wait_for_url(lambda url, before=before: url != before)
        if page.url.endswith("/done"):
            break
    await page.screenshot(path=folder / f"{prefix}-answer-done.png", full_page=True)
    await page.close()


async def question_types(browser: Browser, base: str, link: str, folder: Path) -> None:
    """Every page of the gallery, filled in: first without scripts, where nothing is saved by that, then with them."""
    for javascript in (False, True):
        for size, (width, height) in SIZES.items():
            for language in LANGUAGES:
                context = await browser.new_context(
                    viewport={"width": width, "height": height}, locale=language, java_script_enabled=javascript
                )
                page = await context.new_page()
                await page.goto(base + link)
                await start(page)
                home = page.url.rpartition("/")[0]
                for each in GALLERY.pages:
                    await page.goto(f"{home}/{each.code}")
                    await answer_all(page)
                    scripts = "" if javascript else "-no-scripts"
                    await take(page, folder / f"{size}-{language}-types-{each.code}{scripts}.png")
                await context.close()


async def ended(browser: Browser, base: str, path: str, options: dict[str, Any], folder: Path, prefix: str) -> None:
    """Screened out, and too late for a quota: the first who handles complaints takes its only place."""
    for name, answer in (("screened-out", "no"), ("first", "yes"), ("over-quota", "yes")):
        context = await browser.new_context(**options)
        page = await context.new_page()
        await page.goto(base + path)
        await start(page)
        await page.locator(f'[name=handles][value="{answer}"]').check()
        while not page.url.endswith("/done"):
            before = page.url
            await page.locator("#buttons button").first.click()
            await page.wait_for_url(lambda url, before=before: url != before)
        if name != "first":
            await take(page, folder / f"{prefix}-ended-{name}.png")
        await context.close()


async def pages(browser: Browser, base: str, links: DemoLinks, waves: dict[str, str], folder: Path) -> None:
    for size, (width, height) in SIZES.items():
        for language in LANGUAGES:
            options = {"viewport": {"width": width, "height": height}, "locale": language}
            prefix = f"{size}-{language}"
            visitor = await browser.new_context(**options)
            await shoot(visitor, base, {named(path): path for path in staff.PUBLIC}, folder, prefix)
            await answer_through(visitor, base, links, folder, prefix)
            lead = await browser.new_context(**options)
            page = await staff.sign_in(lead, base, "lead")
            await shoot(lead, base, staff_pages(waves, administrator=False), folder, prefix)
            for refuse in staff.REFUSED:
                await refuse(page, base)
                await page.locator(".error, .notice.bad").first.wait_for()
                await take(page, folder / f"{prefix}-{refuse.__name__.replace('_', '-')}.png", 422)
            administrator = await browser.new_context(**options)
            await staff.sign_in(administrator, base, "administrator")
            await shoot(administrator, base, staff_pages(waves, administrator=True), folder, prefix)
            if language == LANGUAGES[0]:
                night = await browser.new_context(**options, color_scheme="dark")
                await staff.sign_in(night, base, "lead")
                await shoot(night, base, staff_pages(waves, administrator=False), folder, f"{prefix}-dark")
                await night.close()
            await ended(browser, base, waves["ending"], options, folder, prefix)
            if size == "desk":
                await poster(lead, base, waves["open"], folder / f"poster-{language}.pdf")
            for context in (visitor, lead, administrator):
                await context.close()


async def poster(context: BrowserContext, base: str, wave: str, target: Path) -> None:
    answer = await context.request.get(f"{base}{staff.HOME}/waves/{wave}/poster.pdf")
    await asyncio.to_thread(target.write_bytes, await answer.body())


def documents(links: DemoLinks, folder: Path) -> None:
    for report in [*links.reports, *sorted(folder.glob("poster-*.pdf"))]:
        subprocess.run(["pdftoppm", "-r", "70", "-png", str(report), str(folder / f"pdf-{report.stem}")], check=True)
        print(f"pdf {report.name}", flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "shots")
    folder: Path = parser.parse_args().out
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data=Path(data), demo=True, base_url=base)
        links, waves, gallery = await prepare(settings)
        environment = {
            "WENHENG_DATA": data,
            "WENHENG_DEMO": "true",
            "WENHENG_BASE_URL": base,
            "WENHENG_LOG_LEVEL": "warning",
        }
        with server([sys.executable, "-m", "service", "serve", "--port", str(port)], port, "/health/live", environment):
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
                await question_types(browser, base, gallery, folder)
                await pages(browser, base, links, waves, folder)
                await browser.close()
        documents(links, folder)


if __name__ == "__main__":
    asyncio.run(main())
