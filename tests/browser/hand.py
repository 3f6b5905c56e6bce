"""The hand of somebody who answers everything: every control of a page, whatever its type, as a participant uses it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from playwright.async_api import Locator, Page

TEXT = "转交时附件经常丢失"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TYPED = {
    "email": "wang.fang@example.com",
    "tel": "13800138000",
    "url": "https://example.com/products/battery",
    "date": "2026-03-02",
    "time": "09:30",
}
WRITTEN = {
    "supplier_id": "11010519491231002X", "order_number": "PO-2026-001", "waiting.to": "2026-03-06",
    "own_code.mother": "li", "own_code.day": "07", "own_code.phone": "34",
}  # fmt: skip
"""What goes into a field, by its name."""
CONTROLS = """() => [...document.querySelectorAll("#questions :is(input, textarea, select)")]
    .filter(each => each.checkVisibility() && !each.closest(".na") && each.name)
    .map(each => ({
        name: each.name, type: each.type, mode: each.inputMode, value: each.value, chosen: each.checked,
        options: each.options?.length, shares: each.dataset.sums || "",
        places: !!each.closest(".flow"), listed: !!each.closest(".options"),
    }))"""


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (196, 178, 140)).save(out, "JPEG")
    return out.getvalue()


async def fill(page: Page) -> int:
    """Answers all that is visible, and then what that has revealed; how many controls were touched."""
    touched: set[str] = set()
    while True:
        controls = await page.evaluate(CONTROLS)
        fresh = [name for name in dict.fromkeys(each["name"] for each in controls) if name not in touched]
        if not fresh:
            return len(touched)
        for name in fresh:
            await answer(page, name, [each for each in controls if each["name"] == name], controls)
        touched.update(fresh)


async def answer(page: Page, name: str, controls: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    first = controls[0]
    control = page.locator(f'#questions [name="{name}"]')
    match first["type"]:
        case "radio" if not any(each["chosen"] for each in controls):
            await tick(control, radio(name, controls)["value"])
        case "checkbox" if not any(each["chosen"] for each in controls):
            await tick(control, first["value"])
        case "select-one" if first["places"]:
            siblings = [each["name"] for each in others if each["name"].startswith(name.rpartition(".")[0] + ".")]
            if siblings.index(name) + 1 < first["options"]:
                await control.select_option(index=siblings.index(name) + 1)
        case "select-one" if not first["value"]:
            await control.select_option(index=1)
        case "file":
            photo = name.startswith("shelf")
            content, mime = (picture(), "image/jpeg") if photo else (PDF, "application/pdf")
            file = {"name": "待批单据.jpg" if photo else "申请表.pdf", "mimeType": mime, "buffer": content}
            await control.set_input_files(file)  # type: ignore[arg-type]
        case kind if kind not in ("radio", "checkbox", "select-one", "search") and not first["value"]:
            await control.fill(typed(name, first, others))


def radio(name: str, controls: list[dict[str, Any]]) -> dict[str, Any]:
    """The middle one; an end where two may not be the same or where more is asked at that end."""
    if name.endswith((".rank", ".best", ".more", ".level1", ".level2", ".level3")):
        return controls[0]
    if name.endswith(".worst") or controls[0]["listed"]:
        return controls[-1]
    return controls[len(controls) // 2]


def typed(name: str, control: dict[str, Any], others: list[dict[str, Any]]) -> str:
    if name in WRITTEN:
        return WRITTEN[name]
    if control["shares"]:
        shares = [each["name"] for each in others if each["shares"] == control["shares"]]
        return str(100 - 20 * (len(shares) - 1) if name == shares[0] else 20)
    if control["type"] in TYPED:
        return TYPED[control["type"]]
    return "3" if control["mode"] in ("numeric", "decimal") else TEXT


async def tick(control: Locator, value: str) -> None:
    """Controls drawn by their row are themselves transparent: the row is what is touched."""
    wanted = control.and_(control.page.locator(f'[value="{value}"]:visible')).first
    await wanted.locator("xpath=..").click()


async def by_touch(page: Page) -> None:
    """What only a finger and a script can do: slide, sign, say where one is."""
    for slider in await page.locator("[data-fills]:visible").all():
        await slider.press("ArrowRight")
    for canvas in await page.locator("canvas:visible").all():
        await canvas.scroll_into_view_if_needed()
        box = await canvas.bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + 30, box["y"] + 60)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 200, box["y"] + 30, steps=6)
        await page.mouse.up()
    for button in await page.locator(".location > button:not(.quiet):visible").all():
        await button.click()
        await page.locator(".location > button.quiet:visible").wait_for()
