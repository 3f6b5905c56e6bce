"""The question bank, copies and templates, and the translation grid, in a browser."""

from __future__ import annotations

import pytest
from litestar import Litestar

from service.actions import authoring, bank, editor
from service.database import Database
from service.store import audit
from service.store import bank as store
from surveys import library
from surveys.bank import references
from surveys.definition import Questionnaire
from surveys.editing import Set
from tests.visitors import administrator

NAME = "satisfaction"
QUESTIONS = f"/questionnaires/{NAME}"


@pytest.fixture
async def ours(database: Database) -> None:
    await authoring.publish_library(database, NAME)
    await authoring.publish_library(database, "quarterly-pulse")


async def draft(database: Database, name: str = NAME) -> Questionnaire:
    return (await editor.open_draft(database, name)).definition


async def test_questions_are_put_in_the_bank_and_found_by_words_and_tags(app: Litestar, database: Database, ours: None):
    async with await administrator(app) as browser:
        data = {"questions": ["overall", "speed"], "tags": "满意度，服务", "link": "1"}
        kept = await browser.post(f"{QUESTIONS}/bank/keep", data=data)
        assert kept.headers["location"] == f"{QUESTIONS}/bank?done=keep"
        page = (await browser.get("/questionnaires/bank", params={"text": "真正"})).text
        assert "没有找到" in page
        page = (await browser.get("/questionnaires/bank", params={"text": "联系我 时间"})).text
        assert "找到 1 题" in page
        assert "关于时间" in page
        assert "找到 2 题" in (await browser.get("/questionnaires/bank", params={"tag": "服务"})).text
        assert "没有找到" in (await browser.get("/questionnaires/bank", params={"text": "100%_"})).text
        item = (await browser.get("/questionnaires/bank/speed")).text
        assert "完全不同意" in item, "its answer scale comes with it"
        assert f'href="{QUESTIONS}/bank"' in item
        assert (await browser.get("/questionnaires/bank/nowhere")).status_code == 404
    assert references(await draft(database)) == {"overall": ("overall", 1), "speed": ("speed", 1)}


async def test_a_copy_is_free_and_a_reference_follows_the_bank_at_publishing(
    app: Litestar, database: Database, ours: None
):
    await bank.keep(database, NAME, ["speed"], "", link=False)
    async with await administrator(app) as browser:
        here = "/questionnaires/quarterly-pulse/bank"
        for way in ("copy", "reference"):
            await browser.post(f"{here}/insert", data={"item": "speed", "page": "pulse", "way": way})
        assert "引自 speed 第 1 版" in (await browser.get(here)).text
        found = await draft(database, "quarterly-pulse")
        (code,) = references(found)
        assert (code != "speed", references(found)[code]) == (True, ("speed", 1))
        assert found.question("speed").bank == ""
        # what somebody typed into the reference gives way to the bank's wording
        await editor.edit(database, "quarterly-pulse", (reworded(code),))
        checked, version = await authoring.publish(
            database, (await authoring.source_of(database, "quarterly-pulse"))[0]
        )
        assert version is not None, checked.problems
    published = version.definition
    assert published.question(code).text == library.load(NAME).question("speed").text
    assert published.question(code).bank == "speed@1"


def reworded(code: str) -> Set:
    return Set(place=f"questions.{code}.text.en", value="Something else")


async def test_a_newer_version_is_told_and_taken_only_when_asked_for(app: Litestar, database: Database, ours: None):
    await bank.keep(database, NAME, ["overall"], "", link=True)
    await bank.insert(database, "quarterly-pulse", "overall", "pulse", refer=True)
    await editor.edit(database, NAME, (reworded("overall"),))
    await bank.keep(database, NAME, ["overall"], "", link=True)
    assert references(await draft(database)) == {"overall": ("overall", 2)}
    found = await draft(database, "quarterly-pulse")
    (code,) = references(found)
    async with await administrator(app) as browser:
        here = "/questionnaires/quarterly-pulse/bank"
        assert "题库已有第 2 版" in (await browser.get(here)).text
        assert "题库已有第 2 版" in (await browser.get("/questionnaires/bank/overall")).text
        before = await draft(database, "quarterly-pulse")
        assert before.question(code).text["en"] != "Something else"
        await browser.post(f"{here}/renew", data={"question": code})
        after = await draft(database, "quarterly-pulse")
        assert (after.question(code).text["en"], after.question(code).bank) == ("Something else", "overall@2")
        assert after.question(code).code == code
        await browser.post(f"{here}/detach", data={"question": code})
        assert references(await draft(database, "quarterly-pulse")) == {}
        assert (await browser.post(f"{here}/renew", data={"question": code})).status_code == 404
        assert (await browser.post(f"{here}/steal", data={})).status_code == 404


async def test_the_same_question_makes_no_second_version(database: Database, ours: None):
    await bank.keep(database, NAME, ["overall"], "a", link=True)
    await bank.keep(database, NAME, ["overall"], "b", link=True)
    found = await store.named(database, "overall")
    assert (found.number, found.tags) == (1, ("a", "b"))


async def test_two_authors_cannot_make_the_same_version_of_an_item(database: Database, ours: None):
    await bank.keep(database, NAME, ["overall"], "", link=False)
    seen = await store.named(database, "overall")
    assert await store.renew(database, seen, seen.item, None)
    assert not await store.renew(database, seen, seen.item, None)


async def test_a_retired_question_is_found_no_more(app: Litestar, database: Database, ours: None):
    await bank.keep(database, NAME, ["overall"], "", link=True)
    async with await administrator(app) as browser:
        await browser.post("/questionnaires/bank/overall", data={"retired": "yes"})
        assert "题库里还没有题目" in (await browser.get("/questionnaires/bank")).text
        await browser.post("/questionnaires/bank/overall", data={"retired": "no"})
        assert "找到 1 题" in (await browser.get("/questionnaires/bank")).text


async def test_a_questionnaire_is_copied_under_a_name_of_its_own(app: Litestar, database: Database, ours: None):
    async with await administrator(app) as browser:
        page = (await browser.get(f"{QUESTIONS}/duplicate")).text
        assert "satisfaction-2" in page
        typed = {"name": NAME, "title.zh-CN": "我的满意度", "title.en": ""}
        refused = await browser.post(f"{QUESTIONS}/duplicate", data=typed)
        assert refused.status_code == 422
        assert "这个代号已经有了" in refused.text
        assert "我的满意度" in refused.text
        assert (await browser.post(f"{QUESTIONS}/duplicate", data={**typed, "name": "Bad Name"})).status_code == 422
        made = await browser.post(f"{QUESTIONS}/duplicate", data={**typed, "name": "mine"})
        assert made.headers["location"] == "/questionnaires/mine/edit"
    copy = await draft(database, "mine")
    assert copy.title == {"zh-CN": "我的满意度"}
    assert copy.pages == library.load(NAME).pages


async def test_templates_are_our_own_marked_ones_and_the_library(app: Litestar, database: Database, ours: None):
    async with await administrator(app) as browser:
        assert "还没有自己的模板" in (await browser.get("/questionnaires/templates")).text
        await browser.post(f"{QUESTIONS}/template", data={"template": "yes"})
        assert "还没有自己的模板" not in (await browser.get("/questionnaires/templates")).text
        assert "不再作为模板" in (await browser.get(QUESTIONS)).text
        await browser.post(f"{QUESTIONS}/template", data={"template": "no"})
        page = (await browser.get("/questionnaires/templates")).text
        assert "还没有自己的模板" in page
        assert all(f"/questionnaires/{name}/duplicate" in page for name in library.names())
        assert (await browser.post("/questionnaires/nowhere/template", data={"template": "yes"})).status_code == 404


async def test_wordings_are_translated_side_by_side_and_counted(app: Litestar, database: Database, ours: None):
    await editor.edit(database, NAME, (reworded("overall"),))
    await editor.edit(database, NAME, (Set(place="questions.overall.text.en", value=""),))
    async with await administrator(app) as browser:
        page = (await browser.get(f"{QUESTIONS}/translate")).text
        assert 'name="title.en"' in page
        missing = (await browser.get(f"{QUESTIONS}/translate?show=missing")).text
        assert 'name="title.en"' not in missing
        assert 'name="questions.overall.text.en"' in missing
        seen = (await editor.open_draft(database, NAME)).number
        data = {"questions.overall.text.en": "How satisfied?", "seen": str(seen), "show": "missing"}
        saved = await browser.post(f"{QUESTIONS}/translate", data=data)
        assert saved.headers["location"] == f"{QUESTIONS}/translate?show=missing&saved=1"
        after = (await browser.get(saved.headers["location"])).text
        assert "已保存，改了 1 条" in after
        assert "中英文都齐了" in after
        assert (await browser.get("/questionnaires/nowhere/translate")).status_code == 404
    assert (await draft(database)).question("overall").text["en"] == "How satisfied?"


async def test_two_translators_at_once_lose_nothing(app: Litestar, database: Database, ours: None):
    seen = str((await editor.open_draft(database, NAME)).number)
    async with await administrator(app) as browser:
        for place, wording in (("title.en", "One"), ("thanks.en", "Two")):
            await browser.post(f"{QUESTIONS}/translate", data={place: wording, "seen": seen})
    found = await draft(database)
    assert (found.title["en"], found.thanks["en"]) == ("One", "Two")


async def test_whatever_changes_something_is_in_the_audit_log(app: Litestar, database: Database, ours: None):
    posts = [
        (f"{QUESTIONS}/bank/keep", {"questions": "overall", "link": "1"}, "bank.keep"),
        (f"{QUESTIONS}/bank/insert", {"item": "overall", "page": "about", "way": "reference"}, "bank.insert"),
        (f"{QUESTIONS}/bank/renew", {"question": "overall"}, "bank.renew"),
        (f"{QUESTIONS}/bank/detach", {"question": "overall"}, "bank.detach"),
        ("/questionnaires/bank/overall", {"tags": "a b"}, "bank.tag"),
        ("/questionnaires/bank/overall", {"retired": "yes"}, "bank.retire"),
        (f"{QUESTIONS}/template", {"template": "yes"}, "questionnaire.template"),
        (f"{QUESTIONS}/duplicate", {"name": "mine", "title.en": "Mine"}, "questionnaire.create"),
        (f"{QUESTIONS}/translate", {"title.en": "Another", "seen": "0"}, "questionnaire.translate"),
        (f"{QUESTIONS}/publish", {}, "questionnaire.publish"),
    ]
    async with await administrator(app) as browser:
        for path, data, action in posts:
            assert (await browser.post(path, data=data)).status_code == 303, path
            newest = (await audit.events(database))[0][0]
            assert (newest.action, newest.account is not None) == (action, True), path
