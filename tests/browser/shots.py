"""Every page at 360×800 and 1280×800 and every PDF page, as PNG under var/shots: ``make shots``.

Serves the demo from a fresh folder, signs in as its people and visits what they see. To be looked at, not compared.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, async_playwright

from benchmarks.processes import free_port, server
from service import demo
from service.database import Database
from service.database.migrate import migrate
from service.demo import ACCOUNTS, SLUG, DemoLinks
from service.settings import Settings
from tests.browser.chromium import ARGUMENTS, EXECUTABLE
from tests.browser.test_answering import fill, start

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = {"phone": (360, 800), "desk": (1280, 800)}
LANGUAGES = ("zh-CN", "en")


async def prepare(settings: Settings) -> DemoLinks:
    async with Database.open(settings) as database:
        await migrate(database)
        return await demo.load(database, settings)


def staff_pages(links: DemoLinks) -> dict[str, str]:
    """Name of the picture to path, as the lead sees them."""
    home = f"/programmes/{SLUG}"
    opened = urlsplit(links.hr).path
    closed = urlsplit(links.lead).path.removesuffix("/results")
    return {
        "programmes": "/programmes",
        "programme-new": "/programmes/new",
        "programme": home,
        "programme-edit": f"{home}/edit",
        "people": f"{home}/people",
        "people-import": f"{home}/people/import",
        "wave-new": f"{home}/waves/new",
        "wave-open": opened,
        "wave-closed": closed,
        "results": f"{closed}/results",
        "reports": f"{home}/reports",
        "questionnaires": "/questionnaires",
        "questionnaire": "/questionnaires/complaint-diagnosis",
        "account": "/account",
        "not-found": "/programmes/nothing-here",
    }


ADMIN_PAGES = {"admin-accounts": "/admin/accounts", "admin-audit": "/admin/audit"}
PUBLIC_PAGES = {"front": "/", "sign-in": "/sign-in", "receipt": "/receipt"}


async def shoot(context: BrowserContext, base: str, pages: dict[str, str], folder: Path, prefix: str) -> None:
    page = await context.new_page()
    for name, path in pages.items():
        answer = await page.goto(base + path)
        status = answer.status if answer else 0
        target = folder / f"{prefix}-{name}.png"
        await page.screenshot(path=target, full_page=True)
        width = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        print(f"{status} {target.name}{' SCROLLS SIDEWAYS' if width > 0 else ''}", flush=True)
    await page.close()


async def sign_in(context: BrowserContext, base: str, role: str) -> None:
    account = next(each for each in ACCOUNTS if each.role == role)
    page = await context.new_page()
    await page.goto(f"{base}/sign-in")
    await page.fill("input[name=email]", account.email)
    await page.fill("input[name=password]", account.password)
    await page.click("main button[type=submit]")
    await page.close()


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


async def pages(browser: Browser, base: str, links: DemoLinks, folder: Path) -> None:
    for size, (width, height) in SIZES.items():
        for language in LANGUAGES:
            prefix = f"{size}-{language}"

            async def fresh(width: int = width, height: int = height, language: str = language) -> BrowserContext:
                return await browser.new_context(viewport={"width": width, "height": height}, locale=language)

            visitor = await fresh()
            await shoot(visitor, base, PUBLIC_PAGES, folder, prefix)
            await answer_through(visitor, base, links, folder, prefix)
            lead = await fresh()
            await sign_in(lead, base, "lead")
            await shoot(lead, base, staff_pages(links), folder, prefix)
            administrator = await fresh()
            await sign_in(administrator, base, "administrator")
            await shoot(administrator, base, ADMIN_PAGES, folder, prefix)
            for context in (visitor, lead, administrator):
                await context.close()


def documents(links: DemoLinks, folder: Path) -> None:
    for report in links.reports:
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
        links = await prepare(settings)
        environment = {
            "WENHENG_DATA": data,
            "WENHENG_DEMO": "true",
            "WENHENG_BASE_URL": base,
            "WENHENG_LOG_LEVEL": "warning",
        }
        with server([sys.executable, "-m", "service", "serve", "--port", str(port)], port, "/health/live", environment):
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
                await pages(browser, base, links, folder)
                await browser.close()
        documents(links, folder)


if __name__ == "__main__":
    asyncio.run(main())
