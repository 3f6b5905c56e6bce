"""What surrounds every answer: headers, static files, compression, limits of bodies."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from litestar import Litestar

from service.templates import WEB, Assets
from tests.visitors import browser

FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
EVERYWHERE = ["/", "/sign-in", "/health/live", "/nothing/here", "/account", "/api/v1/nothing", "/static/nothing.js"]


@pytest.mark.parametrize("path", [*EVERYWHERE, "/static/icon.svg"])
async def test_every_answer_carries_the_security_headers(app: Litestar, path: str) -> None:
    response = await browser(app).get(path)
    assert {name: response.headers[name] for name in FIXED} == FIXED
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "permissions-policy" in response.headers
    assert "strict-transport-security" not in response.headers, "not over plain HTTP"
    assert "server" not in response.headers


@pytest.mark.parametrize("path", ["/a/0123456789abcdef0123456789abcdef", "/w/0123456789abcdef0123456789abcdef"])
async def test_an_address_that_holds_a_token_is_told_to_nobody(app: Litestar, path: str) -> None:
    response = await browser(app).get(path)
    assert response.headers.get_list("referrer-policy") == ["no-referrer"]
    assert "<form" not in response.text, "under no-referrer a form of ours could not be told from a foreign one"


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_nothing_dynamic_is_stored(app: Litestar, path: str) -> None:
    assert (await browser(app).get(path)).headers["cache-control"] == "no-store"


async def test_no_page_holds_inline_script_style_or_foreign_addresses(app: Litestar) -> None:
    for path in ("/", "/sign-in", "/nothing"):
        page = (await browser(app).get(path)).text
        assert "style=" not in page
        assert "<style" not in page
        assert "javascript:" not in page
        assert "hx-on" not in page
        assert 'src="http' not in page


@pytest.mark.parametrize(("accepted", "decode"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
async def test_hashed_files_come_ready_compressed_and_stay_for_a_year(app: Litestar, accepted: str, decode) -> None:
    assets = Assets()
    if not assets.hashed:
        pytest.skip("set-up has not prepared the assets")
    for name in assets.hashed:
        async with browser(app, **{"Accept-Encoding": accepted}).stream("GET", assets.url(name)) as response:
            raw = b"".join([chunk async for chunk in response.aiter_raw()])
        plain = await browser(app, **{"Accept-Encoding": "identity"}).get(assets.url(name))
        assert decode(raw) == plain.content
        assert len(raw) <= len(plain.content)
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["../settings.py", "%2e%2e/app.py", "..%2f..%2fpyproject.toml", "", "."])
async def test_static_files_never_leave_their_folder(app: Litestar, name: str) -> None:
    assert (await browser(app).get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
async def test_pages_are_compressed_as_the_browser_accepts(app: Litestar, accepted: str, encoding: str | None) -> None:
    response = await browser(app, **{"Accept-Encoding": accepted}).get("/sign-in")
    assert response.headers.get("content-encoding") == encoding
    assert "<form" in response.text


async def test_a_body_that_is_too_large_is_refused_in_words(app: Litestar) -> None:
    response = await browser(app).post("/sign-in", data={"email": "x" * 1_100_000})
    assert response.status_code == 413
    assert "提交的内容太大了" in response.text


async def test_a_body_that_does_not_tell_its_length_is_limited_too(app: Litestar) -> None:
    async def endless():
        for _ in range(40):
            yield b"x" * 50_000

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await browser(app).post("/sign-in", content=endless(), headers=headers)
    assert response.status_code == 413


FORBIDDEN = {
    r"\|\s*safe\b": "marks text as markup",
    r"\bhx-on\b|\bjs:": "runs text as script",
    r"\son\w+=": "is an inline handler",
    r"\sstyle=": "is an inline style, which the policy blocks",
    r"<style|<script(?![^>]*\bsrc=)": "is inline, which the policy blocks",
    r"""(?:src|href|action)=["']?(?:https?:)?//""": "leaves the origin",
    r"autoescape\s+false": "turns escaping off",
}


@pytest.mark.parametrize("path", sorted((WEB / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    source = path.read_text("utf-8")
    for pattern, what in FORBIDDEN.items():
        found = re.search(pattern, source)
        assert found is None, f"{found[0]!r} {what}"
