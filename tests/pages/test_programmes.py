"""Programmes in a browser."""

from __future__ import annotations

from litestar import Litestar

from service.database import Database
from service.settings import Settings
from tests.pages import makers
from tests.visitors import administrator, member


async def test_a_lead_founds_a_programme_and_sees_what_is_next(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        assert "还没有优化项目" in (await browser.get("/programmes")).text
        form = {"name": "Complaint handling V2", "process": "客户投诉处理", "target.0.metric": "闭环时长",
                "target.0.baseline": "72", "target.0.target": "48", "target.0.unit": "h"}  # fmt: skip
        made = await browser.post("/programmes/new", data=form)
        assert (made.status_code, made.headers["location"]) == (303, "/programmes/complaint-handling-v2")
        page = (await browser.get(made.headers["location"])).text
        assert "下一步：导入人员名单" in page
        assert "72 →</span> 48" in page


async def test_a_faulty_charter_keeps_what_was_typed(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        page = await browser.post(
            "/programmes/new",
            data={"name": "", "process": "投诉<b>", "target.0.metric": "时长", "target.0.target": "四十八"},
        )
        assert page.status_code == 422
        assert "投诉&lt;b&gt;" in page.text
        assert "四十八" in page.text
        assert 'id="f-name-error"' in page.text


async def test_a_stage_is_changed_and_shown(app: Litestar, database: Database):
    found = await makers.programme(database)
    async with await member(app, found.id, "lead") as browser:
        await browser.post(f"/programmes/{found.slug}/stage", data={"stage": "pilot"})
        page = (await browser.get(f"/programmes/{found.slug}")).text
        assert '<li aria-current="step"><span>试点验证' in page


async def test_a_charter_is_edited(app: Litestar, database: Database):
    found = await makers.programme(database)
    async with await member(app, found.id, "lead") as browser:
        page = (await browser.get(f"/programmes/{found.slug}/edit")).text
        assert 'value="客户投诉闭环时长"' in page
        await browser.post(f"/programmes/{found.slug}/edit", data={"name": "新名字", "process": "x"})
        assert "新名字" in (await browser.get(f"/programmes/{found.slug}")).text


async def test_members_are_added_by_address_and_the_last_lead_stays(app: Litestar, database: Database):
    found = await makers.programme(database)
    async with await member(app, found.id, "viewer"), await member(app, found.id, "lead") as browser:
        url = f"/programmes/{found.slug}/members"
        assert (await browser.post(url, data={"email": "nobody@example.com", "role": "hr"})).status_code == 422
        assert (await browser.post(url, data={"email": "viewer@example.com", "role": "hr"})).status_code == 303
        page = (await browser.get(url)).text
        assert "人力支持" in page
        lead = page.split("lead@example.com")[1].split('action="')[1].split('"')[0]
        refused = await browser.post(lead)
        assert refused.status_code == 422
        assert "至少要保留一名项目组长" in refused.text


async def test_a_viewer_changes_nothing(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    async with await member(app, found.id, "viewer") as browser:
        assert (await browser.get(f"/programmes/{found.slug}")).status_code == 200
        assert (await browser.get(f"/programmes/{found.slug}/edit")).status_code == 404
        assert (await browser.post(f"/programmes/{found.slug}/stage", data={"stage": "pilot"})).status_code == 404
