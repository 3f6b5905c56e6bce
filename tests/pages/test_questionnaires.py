"""Questionnaires in a browser."""

from __future__ import annotations

import html
import re

import pytest
from litestar import Litestar

from service.database import Database
from surveys import library
from tests.visitors import administrator


async def test_the_library_is_listed_read_and_copied(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        assert "问卷库" in (await browser.get("/questionnaires")).text
        for name in library.names():
            assert (await browser.get(f"/questionnaires/{name}")).status_code == 200
        assert (await browser.post("/questionnaires/satisfaction/copy")).status_code == 303
        assert "第 1 版" in (await browser.get("/questionnaires/satisfaction")).text
        assert (await browser.get("/questionnaires/satisfaction/source.yaml")).text == library.source("satisfaction")
        assert (await browser.get("/questionnaires/nothing")).status_code == 404


async def test_a_problem_is_told_with_its_line_and_the_source_stays(app: Litestar, database: Database):
    source = (
        "name: x\nkind: pulse\ntitle: 一\npages:\n  - code: p\n    questions:\n"
        "      - {code: q, type: riddle, text: <b>}\n"
    )
    async with await administrator(app) as browser:
        page = await browser.post("/questionnaires/edit", data={"source": source, "deed": "publish"})
        assert page.status_code == 422
        assert "第 7 行" in page.text
        assert "riddle" in page.text
        assert "text: &lt;b&gt;" in page.text


async def test_a_questionnaire_that_reads_well_but_makes_no_sense_is_not_published(app: Litestar, database: Database):
    source = (
        "name: x\nkind: pulse\ntitle: {zh-CN: 一, en: One}\npages:\n  - code: p\n    questions:\n"
        "      - {code: q, type: likert, scale: nowhere, text: {zh-CN: 一, en: One}}\n"
    )
    async with await administrator(app) as browser:
        page = await browser.post("/questionnaires/edit", data={"source": source, "deed": "publish"})
        assert page.status_code == 422
        assert "第 7 行" in page.text
        assert (await browser.get("/questionnaires/x")).status_code == 404


async def test_publishing_the_same_content_twice_gives_one_version(app: Litestar, database: Database):
    source = library.source("satisfaction")
    async with await administrator(app) as browser:
        for _ in range(2):
            made = await browser.post("/questionnaires/edit", data={"source": source, "deed": "publish"})
            assert made.headers["location"] == "/questionnaires/satisfaction/versions/1"
        changed = "\n".join(line for line in source.splitlines() if not line.startswith("minutes:")) + "\nminutes: 77\n"
        made = await browser.post("/questionnaires/edit", data={"source": changed, "deed": "publish"})
        assert made.headers["location"] == "/questionnaires/satisfaction/versions/2"
        assert (await browser.get("/questionnaires/satisfaction/versions/1")).status_code == 200


async def test_an_uploaded_file_is_checked_before_it_is_kept(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        page = await browser.post(
            "/questionnaires/edit", data={"deed": "publish"}, files={"file": ("q.yaml", library.source("satisfaction"))}
        )
        assert page.status_code == 200
        assert "检查通过" in page.text or "可以发布" in page.text
        assert "问卷库" in (await browser.get("/questionnaires")).text


@pytest.mark.parametrize("name", library.names())
async def test_a_preview_shows_every_page_and_can_send_nothing(app: Litestar, name: str):
    definition = library.load(name)
    async with await administrator(app) as browser:
        url = (await browser.get(f"/questionnaires/{name}/preview")).headers["location"]
        shown, pages = "", 0
        while "/preview/" in url:
            page = (await browser.get(url)).text
            assert "<form" not in page
            assert "htmx" not in page.replace("htmx-config", "")
            shown, pages = shown + page, pages + 1
            url = re.findall(r'<a role="button" href="([^"]+)"', page)[-1]
        assert pages == len(definition.pages)
        assert all(f'id="q-{question.code}"' in shown for question in definition.questions())
        assert (await browser.get(f"/questionnaires/{name}/preview/nowhere")).status_code == 404


async def test_a_version_is_previewed_in_the_other_language(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        await browser.post("/questionnaires/satisfaction/copy")
        page = (await browser.get("/questionnaires/satisfaction/preview/-?version=1&lang=en")).text
        assert "nothing is sent" in page
        assert "?version=1&amp;lang=zh-CN" in page
        assert (await browser.get("/questionnaires/satisfaction/preview/-?version=2")).status_code == 404


async def test_a_working_copy_with_errors_is_sent_back_to_its_editor(app: Litestar, database: Database):
    source = (
        "name: x\nkind: pulse\ntitle: {zh-CN: 一, en: One}\npages:\n  - code: p\n    questions:\n"
        "      - {code: q, type: likert, scale: nowhere, text: {zh-CN: 一, en: One}}\n"
    )
    async with await administrator(app) as browser:
        await browser.post("/questionnaires/edit", data={"source": source, "deed": "save"})
        assert (await browser.get("/questionnaires/x/preview/p")).headers["location"] == "/questionnaires/x/edit"


TYPED = """\
投诉处理小调查
1. 您的角色？ [单选] *
A. 上游
B. 下游
2. 还有什么建议？
"""


async def test_a_pasted_text_is_read_and_published(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        page = await browser.post("/questionnaires/edit", data={"source": TYPED, "deed": "check"})
        assert page.status_code == 200
        made = await browser.post("/questionnaires/edit", data={"source": TYPED, "deed": "publish"})
        assert "您的角色？" in (await browser.get(made.headers["location"])).text


async def test_a_text_that_cannot_be_read_stays_as_it_was_typed(app: Litestar, database: Database):
    async with await administrator(app) as browser:
        page = await browser.post(
            "/questionnaires/edit", data={"source": TYPED.replace("单选", "单选选"), "deed": "save"}
        )
        assert page.status_code == 422
        assert "第 2 行" in page.text
        assert "您的角色？ [单选选] *" in page.text


@pytest.mark.parametrize("suffix", ["txt", "xlsx", "yaml"])
async def test_a_file_taken_is_a_file_given(app: Litestar, database: Database, suffix: str):
    async with await administrator(app) as browser:
        await browser.post("/questionnaires/satisfaction/copy")
        for lang in ("zh-CN", "en"):
            taken = await browser.get(f"/questionnaires/satisfaction/file/{suffix}?version=1&lang={lang}")
            assert f'filename="satisfaction.{suffix}"' in taken.headers["content-disposition"]
            page = await browser.post(
                "/questionnaires/edit", data={"deed": "check"}, files={"file": (f"q.{suffix}", taken.content)}
            )
            assert page.status_code == 200
            source = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
            assert source is not None
            made = await browser.post(
                "/questionnaires/edit", data={"source": html.unescape(source[1]), "deed": "publish"}
            )
            assert made.headers["location"] == "/questionnaires/satisfaction/versions/1"
        assert (await browser.get("/questionnaires/satisfaction/file/doc")).status_code == 404
