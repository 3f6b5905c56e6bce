"""The roster in a browser."""

from __future__ import annotations

from litestar import Litestar

from service.database import Database
from tests.pages import makers
from tests.visitors import member


async def test_a_roster_is_uploaded_and_looked_up(app: Litestar, database: Database):
    found = await makers.programme(database, roster=False)
    url = f"/programmes/{found.slug}/people"
    async with await member(app, found.id, "hr") as browser:
        assert "名单还是空的" in (await browser.get(url)).text
        done = await browser.post(f"{url}/import", files={"file": ("名单.csv", makers.ROSTER.encode("gbk"))})
        assert done.status_code == 200
        assert "新增 60 人" in done.text
        page = (await browser.get(url)).text
        assert "共 60 人" in page
        assert "第 1 页，共 2 页" in page
        page = (await browser.get(url, params={"text": "员工12", "side": "operator"})).text
        assert "符合条件 1 人" in page
        assert (await browser.get(url, params={"page": "x"})).status_code == 200
        assert (await browser.get(f"{url}/template.xlsx")).content.startswith(b"PK")


async def test_a_faulty_roster_is_refused_with_rows(app: Litestar, database: Database):
    found = await makers.programme(database, roster=False)
    async with await member(app, found.id, "hr") as browser:
        page = await browser.post(
            f"/programmes/{found.slug}/people/import?lang=en",
            files={"file": ("x.csv", "工号,姓名,部门\n1,,A\n<b>,乙,\n".encode())},
        )
        assert page.status_code == 422
        assert "Row 2" in page.text
        assert "The name must not be empty." in page.text


async def test_thirty_megabytes_are_refused_and_the_server_lives(app: Litestar, database: Database):
    found = await makers.programme(database, roster=False)
    async with await member(app, found.id, "hr") as browser:
        url = f"/programmes/{found.slug}/people/import"
        page = await browser.post(url, files={"file": ("big.csv", b"x" * 30_000_000)})
        assert page.status_code == 413
        assert "太大" in page.text
        assert (await browser.get(url)).status_code == 200
