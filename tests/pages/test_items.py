"""Banks of exam items in a browser."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from litestar import Litestar

from service.actions import programmes
from service.clock import now
from service.database import Database
from service.identifiers import new_id
from service.store import items, marks
from service.store.exams import ExamRecord
from service.tables import Attempt
from surveys.exams.items import ITEM_TYPES, SingleItem
from surveys.exams.marking import Mark
from tests.pages import makers
from tests.store import exam_makers
from tests.visitors import member

INPUT = re.compile(
    r'<input type="(hidden|text|checkbox)"[^>]*?name="([^"]+)"[^>]*?>|<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)<'
)


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the item's form as it stands."""
    form: dict[str, list[str]] = {}
    inside = page[page.index('class="bench ') : page.index("</form>", page.index('class="bench '))]
    for found in INPUT.finditer(inside):
        if found[3]:
            form.setdefault(found[3], []).append(unescape(found[4]))
        elif found[1] != "checkbox" or " checked" in found[0]:
            value = re.search(r'value="([^"]*)"', found[0])
            form.setdefault(found[2], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        form[name] = [chosen[1] if chosen else ""]
    return form


async def bank(database: Database, slug: str = "") -> tuple[str, items.Bank]:
    """The address of a bank with four items, in a new programme."""
    found = await makers.programme(database, roster=False)
    made = await exam_makers.bank(database, found.id)
    return f"/programmes/{found.slug}/items/{made.code}", made


async def sat(database: Database, exam: ExamRecord, candidate: UUID, earned: dict[str, int]) -> None:
    """An attempt that is over and earned so much of 500 for each item."""
    attempt, moment = new_id(), now()
    scored = {code: Mark(points=points, maximum=500) for code, points in earned.items()}
    async with database.writing():
        await Attempt(
            id=attempt, exam=exam.id, candidate=candidate, number=1, paper='{"seed":1,"items":[]}', language="zh-CN",
            device_hash="", position=0, started_at=moment, deadline_at=moment, submitted_at=moment,
            ended_by="candidate",
        ).save()  # fmt: skip
        await marks.save(database, [marks.Scored(
            attempt=attempt, scoring=1, points=sum(earned.values()), total=1000, passed=True, provisional=False,
            marks=scored, at=moment,
        )])  # fmt: skip


async def test_a_bank_is_made_and_a_faulty_one_keeps_what_was_typed(app: Litestar, database: Database):
    found = await makers.programme(database, roster=False)
    url = f"/programmes/{found.slug}/items"
    async with await member(app, found.id, "author") as browser:
        assert "还没有题库" in (await browser.get(url)).text
        page = await browser.post(url, data={"title": "投诉题库", "code": "坏 编码"})
        assert page.status_code == 422
        assert 'value="投诉题库"' in page.text
        assert "编码只用小写字母" in page.text
        made = await browser.post(url, data={"title": "投诉题库", "code": "complaints"})
        assert made.headers["location"] == f"{url}/complaints"
        assert "题库还是空的" in (await browser.get(made.headers["location"])).text
        again = await browser.post(url, data={"title": "又一个", "code": "complaints"})
        assert (again.status_code, "已经有了" in again.text) == (422, True)


async def test_items_are_listed_and_narrowed(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "hr") as browser:
        page = (await browser.get(url)).text
        assert "4 道题" in page
        assert "还没有人答过" in page
        narrowed = (await browser.get(f"{url}?category=受理/指派&state=reviewed&type=nonsense")).text
        assert "找到 1 道题" in narrowed
        assert "/item/i3" in narrowed
        assert "/item/i1" not in narrowed
        assert "没有符合条件的题目" in (await browser.get(f"{url}?text=火星")).text


@pytest.mark.parametrize("kind", ITEM_TYPES)
async def test_an_item_of_every_type_is_opened_and_shown_again(app: Litestar, database: Database, kind: str):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        page = await browser.get(f"{url}/new/{kind}")
        assert page.status_code == 200
        form = form_of(page.text)
        again = await browser.post(f"{url}/new/{kind}", data={**form, "deed": "show"})
        assert again.status_code == 200
        assert form_of(again.text) == form


async def test_an_item_is_written_row_by_row_without_scripts(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        assert "单选题" in (await browser.get(f"{url}/new")).text
        form = form_of((await browser.get(f"{url}/new/single")).text)
        form["item.text.zh-CN"], form["item.text.en"] = ["谁首先受理投诉？"], ["Who takes a complaint first?"]
        page = await browser.post(f"{url}/new/single", data={**form, "deed": "add|item.options"})
        form = form_of(page.text)
        assert form["item.text.zh-CN"] == ["谁首先受理投诉？"]
        assert "item.options.4.label.zh-CN" in form
        for number, (chinese, english) in enumerate((("客户服务部", "Customer service"), ("财务部", "Finance"))):
            form[f"item.options.{number}.label.zh-CN"] = [chinese]
            form[f"item.options.{number}.label.en"] = [english]
        form["item.options.0.correct"] = ["0", "1"]
        form |= {"code": ["first"], "category": ["受理"], "tags": ["新人，投诉"], "deed": ["save"]}
        saved = await browser.post(f"{url}/new/single", data=form)
        assert saved.headers["location"] == f"{url}/item/first?done=saved"
        assert "已保存" in (await browser.get(saved.headers["location"])).text
    entry = await items.named(database, made.id, "first")
    assert entry is not None
    assert isinstance(entry.item.item, SingleItem)
    assert [each.correct for each in entry.item.item.options] == [True, False]
    assert (entry.item.tags, entry.item.state) == (("新人", "投诉"), "draft")


async def test_a_change_of_a_reviewed_item_makes_it_a_draft_and_is_told_in_its_history(
    app: Litestar, database: Database
):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        form = form_of((await browser.get(f"{url}/item/i1")).text)
        unchanged = await browser.post(f"{url}/item/i1", data=form)
        assert unchanged.status_code == 303
        assert "初稿" in (await browser.get(f"{url}/item/i1/versions")).text
        form["item.options.1.label.zh-CN"] = ["仓储部"]
        assert (await browser.post(f"{url}/item/i1", data=form)).status_code == 303
        history = (await browser.get(f"{url}/item/i1/versions")).text
        assert "<del>财务部</del>" in history
        assert "<ins>仓储部</ins>" in history
        assert "<ins>草稿</ins>" in history
        late = await browser.post(f"{url}/item/i1", data={**form, "item.text.zh-CN": "晚了一步"})
        assert late.status_code == 422
        assert "有人改过这道题" in late.text
        assert "晚了一步" in late.text
        assert (await browser.post(f"{url}/item/i1/review", data={"number": "1"})).status_code == 409
        assert (await browser.post(f"{url}/item/i1/review", data={"number": "2"})).status_code == 303
        assert "已审核" in (await browser.get(f"{url}/item/i1")).text


async def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        form = form_of((await browser.get(f"{url}/new/single")).text)
        form |= {"item.options.2.label.zh-CN": ["只有这一个"], "code": ["i1"]}
        page = await browser.post(f"{url}/new/single", data=form)
        assert page.status_code == 422
        assert "只有这一个" in page.text
        assert 'id="f-item-text-error">这里缺少文字。' in page.text
        assert "至少要有 2 个选项" in page.text
        form = form_of((await browser.get(f"{url}/new/numeric")).text)
        form |= {"item.text.zh-CN": ["几小时？"], "item.accepted.0.number": ["二十四"]}
        assert "请填一个数字" in (await browser.post(f"{url}/new/numeric", data=form)).text
        form |= {"item.accepted.0.number": ["24"], "code": ["i1"]}
        assert "已经有了" in (await browser.post(f"{url}/new/numeric", data=form)).text


async def test_a_retired_item_leaves_the_list_and_stays_there(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "lead") as browser:
        assert (await browser.post(f"{url}/item/i2/retire", data={"number": "1"})).status_code == 303
        assert "/item/i2" not in (await browser.get(url)).text
        assert "/item/i2" in (await browser.get(f"{url}?state=retired")).text
        assert (await browser.post(f"{url}/item/i2/explode", data={"number": "2"})).status_code == 404


async def test_the_preview_of_an_item_holds_no_key(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        frame = (await browser.get(f"{url}/item/i1/preview")).text
        assert f'src="{url}/item/i1/preview/sheet?language=zh-CN"' in frame
        page = (await browser.get(f"{url}/item/i1/preview/sheet?language=en")).text
        assert "Customer service" in page
        assert "checked" not in page
        assert "correct" not in page
        assert "<form" not in page


TEXT = """## 受理
1、谁首先受理投诉？
A、客户服务部
B、财务部
答案：A

2. 投诉须在几小时内指派？ {assign_hours}
答案: 24
"""


async def test_pasted_items_come_in_whole_or_not_at_all(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        assert "写法举例" in (await browser.get(f"{url}/import")).text
        faulty = await browser.post(f"{url}/import", data={"source": TEXT.replace("答案：A\n", ""), "deed": "import"})
        assert faulty.status_code == 422
        assert "没有导入" in faulty.text
        assert "谁首先受理投诉" in faulty.text
        assert len(await items.every(database, made.id)) == 4
        tried = await browser.post(f"{url}/import", data={"source": TEXT, "deed": "check"})
        assert (tried.status_code, "检查通过" in tried.text) == (200, True)
        assert len(await items.every(database, made.id)) == 4
        done = await browser.post(f"{url}/import", data={"source": TEXT, "deed": "import"})
        assert "新增 2 道" in done.text
        again = await browser.post(f"{url}/import", data={"source": TEXT.replace("24", "48"), "deed": "import"})
        assert "更新 1 道" in again.text
    entry = await items.named(database, made.id, "assign_hours")
    assert entry is not None
    assert (entry.number, entry.item.category, entry.item.state) == (2, "受理", "draft")


@pytest.mark.parametrize("suffix", ["txt", "xlsx", "yaml"])
async def test_a_downloaded_bank_comes_back_unchanged(app: Litestar, database: Database, suffix: str):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        file = await browser.get(f"{url}/file/{suffix}")
        assert file.headers["content-disposition"] == f'attachment; filename="complaints.{suffix}"'
        back = await browser.post(
            f"{url}/import", data={"deed": "import"}, files={"file": (f"x.{suffix}", file.content)}
        )
        assert "没有变化 4 道" in back.text
        assert (await browser.get(f"{url}/file/exe")).status_code == 404
    assert [each.number for each in await items.every(database, made.id)] == [1, 1, 1, 1]


async def test_a_hostile_sheet_is_refused_and_the_service_lives_on(app: Litestar, database: Database):
    url, made = await bank(database)
    async with await member(app, made.programme, "author") as browser:
        for content in (b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 old", b"\xff\xfe\x00", b"items: &a [*a, *a]"):
            page = await browser.post(f"{url}/import", data={"deed": "import"}, files={"file": ("x.xlsx", content)})
            assert page.status_code == 422, content
    assert len(await items.every(database, made.id)) == 4


async def test_an_item_tells_how_it_did(app: Litestar, database: Database):
    exam = await exam_makers.exam(database)
    owner = await programmes.get(database, exam.programme)
    people = [await exam_makers.candidate(database, exam, number) for number in range(1, 13)]
    for number, person in enumerate(people):
        able = number >= 6
        await sat(database, exam, person.id, {"i1": 500 if able else 0, "i3": 500 if able or not number else 0})
    async with await member(app, exam.programme, "hr") as browser:
        page = (await browser.get(f"/programmes/{owner.slug}/items/complaints")).text
    told = [" ".join(each.split()) for each in re.findall(r'<p class="soft small">([^<]*)</p>', page)]
    assert "用过 12 次 · 难度系数 50 % · 区分度 0.85 · 曝光率 100 %" in told
    assert "还没有人答过" in told


async def test_an_item_that_those_who_know_get_wrong_is_flagged(app: Litestar, database: Database):
    exam = await exam_makers.exam(database)
    owner = await programmes.get(database, exam.programme)
    for number in range(1, 13):
        person = await exam_makers.candidate(database, exam, number)
        able = number > 6
        await sat(database, exam, person.id, {"i1": 0 if able else 500, "i3": 500 if able or number == 1 else 0})
    async with await member(app, exam.programme, "hr") as browser:
        page = (await browser.get(f"/programmes/{owner.slug}/items/complaints")).text
        assert page.count("区分度为负，请核对答案") == 2
        assert "区分度 −0.85" in (await browser.get(f"/programmes/{owner.slug}/items/complaints/item/i1")).text
