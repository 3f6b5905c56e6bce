"""Waves in a browser."""

from __future__ import annotations

import io

from litestar import Litestar
from openpyxl import load_workbook

from service.actions import authoring, waves
from service.database import Database
from service.settings import Settings
from tests.pages import makers
from tests.visitors import member


async def test_a_wave_goes_from_draft_to_open_to_closed_and_back(app: Litestar, database: Database):
    found = await makers.programme(database)
    version = await authoring.publish_library(database, "satisfaction")
    url = f"/programmes/{found.slug}/waves"
    async with await member(app, found.id, "lead") as browser:
        assert "将邀请 60 人" in (await browser.get(f"{url}/new")).text
        form = {"title": "基线", "version": str(version.id), "role": "baseline", "anonymity": "confidential",
                "sides": ["operator"], "personal_links": "1", "public_link": "1"}  # fmt: skip
        made = await browser.post(f"{url}/new", data=form)
        wave = made.headers["location"]
        assert "草稿已就绪" in (await browser.get(wave)).text
        assert (await browser.post(f"{wave}/open")).status_code == 303
        page = (await browser.get(wave)).text
        assert "还有 20 人没有作答" in page
        assert "/w/" in page
        assert "hx-trigger" in (await browser.get(f"{wave}/progress")).text
        assert (await browser.get(f"{wave}/qr.svg")).text.startswith("<?xml")
        assert (await browser.get(f"{wave}/poster.pdf")).content.startswith(b"%PDF-")
        sheet = load_workbook(io.BytesIO((await browser.get(f"{wave}/links.xlsx")).content)).active
        assert sheet.max_row == 21
        assert "/a/" in sheet["F2"].value
        await browser.post(f"{wave}/close")
        assert "重新开放" in (await browser.get(wave)).text
        await browser.post(f"{wave}/reopen")
        assert "结束调查" in (await browser.get(wave)).text
        assert (await browser.post(f"{wave}/discard")).status_code == 409
        assert (await browser.post(f"{wave}/explode")).status_code == 404


async def test_a_faulty_draft_keeps_what_was_typed(app: Litestar, database: Database):
    found = await makers.programme(database)
    async with await member(app, found.id, "lead") as browser:
        page = await browser.post(
            f"/programmes/{found.slug}/waves/new",
            data={"title": "我的调查", "departments": ["质量部"], "people": "9999"},
        )
        assert page.status_code == 422
        assert 'value="我的调查"' in page.text
        assert 'value="质量部" checked' in page.text
        assert "名单里没有这些工号：9999" in page.text


async def test_the_audience_is_counted_as_it_is_chosen(app: Litestar, database: Database):
    found = await makers.programme(database)
    async with await member(app, found.id, "lead") as browser:
        page = await browser.post(
            f"/programmes/{found.slug}/waves/audience", data={"departments": ["质量部"]}, headers={"HX-Request": "true"}
        )
        assert "将邀请 20 人" in page.text
        assert "<html" not in page.text


async def test_a_viewer_sees_rates_but_neither_links_nor_names(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await makers.wave(database, settings, found, anonymity="identified")
    async with await member(app, found.id, "viewer") as browser:
        url = f"/programmes/{found.slug}/waves/{wave.id}"
        page = (await browser.get(url)).text
        assert "回收率" in page
        assert wave.public_token not in page
        assert "员工1" not in page
        for path in ("/links.xlsx", "/qr.svg", "/poster.pdf"):
            assert (await browser.get(url + path)).status_code == 404


async def test_an_anonymous_wave_lists_nobody(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await makers.wave(database, settings, found)
    async with await member(app, found.id, "lead") as browser:
        page = (await browser.get(f"/programmes/{found.slug}/waves/{wave.id}")).text
        assert "员工" not in page
        assert "匿名调查不列出谁没有作答" in page


async def test_a_draft_is_edited_in_the_form_that_made_it(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await makers.wave(database, settings, found, opened=False, public_link=True)
    url = f"/programmes/{found.slug}/waves/{wave.id}/edit"
    async with await member(app, found.id, "lead") as browser:
        form = (await browser.get(url)).text
        assert 'value="现状基线调研"' in form
        changed = {"title": "改过的", "version": str(wave.version), "role": "pilot", "anonymity": "confidential",
                   "departments": ["质量部"], "sides": ["downstream"], "people": "1001", "personal_links": "1",
                   "opens_at": "2026-03-02T09:00", "minimum_group": "8"}  # fmt: skip
        assert (await browser.post(url, data={**changed, "minimum_group": "2"})).status_code == 422
        assert (await browser.post(url, data=changed)).status_code == 303
        form = (await browser.get(url)).text
        for kept in ("改过的", "2026-03-02T09:00", "8", "downstream"):
            assert f'value="{kept}"' in form
        assert "1001</textarea>" in form
        assert 'value="质量部" checked' in form
        again = await waves.get(database, found.id, wave.id)
        assert (again.public_token, again.minimum_group, again.role) == (None, 8, "pilot")
        await browser.post(f"/programmes/{found.slug}/waves/{wave.id}/open")
        assert (await browser.get(url)).status_code == 409
        assert (await browser.post(url, data=changed)).status_code == 409


def test_the_departments_behind_are_named_by_how_many_are_missing():
    def group(label: str, invited: int, submitted: int | None) -> waves.Group:
        return waves.Group(label=label, departments=1, invited=invited, submitted=submitted)

    groups = (group("甲", 10, 9), group("乙", 40, 10), group("丙", 10, 2), group("", 4, None))
    status = waves.Status(wave=None, standing="open", invited=64, submitted=21, responses=21, groups=groups)  # type: ignore[arg-type]
    assert [each.label for each in waves.lagging(status)] == ["乙", "丙"]
    assert waves.lagging(waves.Status(wave=None, standing="open", invited=0, submitted=0, responses=0, groups=())) == ()  # type: ignore[arg-type]
