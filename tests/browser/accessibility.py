"""What axe and a narrow window say about a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.chromium import REQUIRED

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def need_axe() -> None:
    """Skips loudly where axe is not installed; fails where browser tests are mandatory."""
    if AXE.exists():
        return
    if REQUIRED:
        pytest.fail(f"{AXE} is missing: run make setup-dev")
    pytest.skip("ACCESSIBILITY TESTS SKIPPED: axe-core is not installed, run make setup-dev")


async def faults(page: Page) -> list[tuple]:
    """Serious and critical faults by axe: rule, where, why."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (each["id"], [node["target"] for node in each["nodes"]][:3], each["nodes"][0].get("failureSummary"))
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


async def fits(page: Page) -> bool:
    """Whether there is nothing to scroll sideways."""
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def check(page: Page) -> None:
    assert await faults(page) == [], page.url
    assert await fits(page), page.url
