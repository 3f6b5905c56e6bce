"""The editor by its forms: what a browser without JavaScript does, and what htmx asks for."""

from __future__ import annotations

import re

import httpx
import msgspec
import pytest
from litestar import Litestar

from service.actions import editor
from service.database import Database
from service.i18n import Catalogue
from surveys import library
from surveys.definition import Questionnaire
from surveys.editing_types import families
from surveys.questions import QUESTION_TYPES
from surveys.text import LANGUAGES
from tests.visitors import administrator

NAME = "satisfaction"
EDIT = f"/questionnaires/{NAME}/edit"
TEXTS = Catalogue().texts


async def seen(database: Database) -> str:
    return str((await editor.open_draft(database, NAME)).number)


async def definition(database: Database) -> Questionnaire:
    return (await editor.open_draft(database, NAME)).definition


async def author(app: Litestar) -> httpx.AsyncClient:
    browser = await administrator(app)
    await browser.post(f"/questionnaires/{NAME}/copy")
    return browser


def structs(kind: type[msgspec.Struct], known: set[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:
    """A Struct and all that stand in its fields."""
    if kind in known:
        return known
    known.add(kind)
    left = [field.type for field in msgspec.structs.fields(kind)]
    while left:
        each = left.pop()
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            structs(each, known)
        else:
            left += [inner for inner in getattr(each, "__args__", ()) if inner is not Ellipsis]
    return known


@pytest.mark.parametrize("name", sorted({
    field.name for kind in structs(Questionnaire, set()) for field in msgspec.structs.fields(kind)
} - {"pages", "questions", "name", "type", "bank"}))  # fmt: skip
def test_every_field_of_every_type_has_a_label_in_both_languages(name: str):
    assert set(LANGUAGES) <= set(TEXTS.get(f"editor.field.{name}", ())), f"editor.field.{name}"


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_every_type_is_named_and_told_in_one_line(kind: str):
    assert {f"questionnaires.type.{kind}", f"editor.about.{kind}"} <= set(TEXTS)
    family = next(name for name, members in families().items() if kind in members)
    assert f"editor.family.{family}" in TEXTS
    assert family != "other", "put the type into its family"


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_a_question_of_every_type_is_added_edited_and_previewed(app: Litestar, database: Database, kind: str):
    if database.dialect == "postgres":
        pytest.skip("forms do not depend on the engine")
    browser = await author(app)
    page = (await definition(database)).pages[0].code
    form = {"at": f"pages.{page}", "seen": await seen(database), "deed": f"add|pages.{page}.questions|{kind}|"}
    made = await browser.post(EDIT, data=form)
    assert made.status_code == 303, made.text
    shown = await browser.get(made.headers["location"])
    assert shown.status_code == 200
    code = (await definition(database)).pages[0].questions[-1].code
    assert f'name="questions.{code}.text.zh-CN"' in shown.text
    answer = await browser.post(
        EDIT, data={"at": f"questions.{code}", "seen": await seen(database), "deed": "save",
                    f"questions.{code}.text.zh-CN": "这是一道新题", f"questions.{code}.text.en": "A new question",
                    f"questions.{code}.required": "1"},
    )  # fmt: skip
    assert answer.status_code == 303
    question = (await definition(database)).question(code)
    assert (question.text, question.required) == ({"zh-CN": "这是一道新题", "en": "A new question"}, True)
    preview = await browser.get(f"/questionnaires/{NAME}/draft/preview/{page}?language=en")
    assert preview.status_code == 200
    if not getattr(question, "filled_by_server", False):
        assert "A new question" in preview.text


async def test_every_question_of_the_library_opens_and_nothing_changes_by_saving_it(app: Litestar, database: Database):
    browser = await author(app)
    before = await definition(database)
    places = ["settings", "steps", "rating_scales", "scales", "quotas"]
    places += [f"pages.{page.code}" for page in before.pages]
    places += [f"questions.{question.code}" for question in before.questions()]
    for at in places:
        page = (await browser.get(f"{EDIT}?at={at}")).text
        form = inputs(page)
        assert (await browser.post(EDIT, data={**form, "deed": "save"})).status_code == 303, at
        assert await definition(database) == before, at


def inputs(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    from html import unescape

    form = page[page.index('<form id="form"') : page.index('<aside class="beside"')]
    found: dict[str, list[str]] = {"seen": re.findall(r'form="form" name="seen" value="(\d+)"', page)}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
    for name, value in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found.setdefault(unescape(name), []).append(unescape(value))
    for name, body in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"( selected)?', body)
        chosen = next((value for value, selected in options if selected), options[0][0] if options else "")
        found.setdefault(name, []).append(chosen)
    return found


async def test_what_cannot_be_taken_is_told_at_its_field_and_stays(app: Litestar, database: Database):
    browser = await author(app)
    page = await browser.post(
        EDIT,
        data={"at": "settings", "seen": await seen(database), "deed": "save", "minutes": "五分钟", "title.en": "New"},
    )
    assert page.status_code == 422
    assert "请填写整数" in page.text
    assert 'value="五分钟"' in page.text
    assert (await definition(database)).title["en"] == "New", "what can be taken is"


async def test_an_autosave_answers_with_pieces_and_leaves_the_inputs_alone(app: Litestar, database: Database):
    browser = await author(app)
    answer = await browser.post(
        EDIT, data={"at": "settings", "seen": await seen(database), "title.zh-CN": "自动保存的标题"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.text.count("<hx-partial") > 4
    assert "<textarea" not in answer.text
    assert (await definition(database)).title["zh-CN"] == "自动保存的标题"


async def test_the_second_author_sees_both_versions_and_chooses(app: Litestar, database: Database):
    browser = await author(app)
    first = await seen(database)
    await browser.post(EDIT, data={"at": "settings", "seen": first, "deed": "save", "title.zh-CN": "甲的标题"})
    form = {"at": "settings", "seen": first, "deed": "save", "title.zh-CN": "乙的标题"}
    page = await browser.post(EDIT, data=form)
    assert page.status_code == 409
    assert "同事刚刚也改了这里" in page.text
    assert "甲的标题" in page.text
    assert "乙的标题" in page.text
    late = {**form, "seen": inputs(page.text)["seen"], "held": "title.zh-CN", "deed": "mine|title.zh-CN"}
    assert (await browser.post(EDIT, data=late)).status_code == 303
    assert (await definition(database)).title["zh-CN"] == "乙的标题"


async def test_what_was_typed_in_a_question_that_is_gone_is_put_back_with_it(app: Litestar, database: Database):
    browser = await author(app)
    first = await seen(database)
    code = next((await definition(database)).questions()).code
    place = f"questions.{code}"
    await browser.post(EDIT, data={"at": place, "seen": first, "deed": f"remove|{place}"})
    typed = {"at": place, "seen": first, "deed": "save", f"{place}.text.zh-CN": "我正在写的话"}
    page = await browser.post(EDIT, data=typed)
    assert page.status_code == 409
    assert "我正在写的话" in page.text
    back = await browser.post(EDIT, data={**typed, "deed": f"restore|{place}"})
    assert back.status_code == 303
    assert (await definition(database)).question(code).text["zh-CN"] == "我正在写的话"


async def test_a_code_is_renamed_everywhere_and_a_wrong_one_is_told(app: Litestar, database: Database):
    browser = await author(app)
    code = next((await definition(database)).questions()).code
    place = f"questions.{code}"
    for wrong in ("Ä", "", "and" * 20):
        page = await browser.post(
            EDIT, data={"at": place, "seen": await seen(database), "deed": "save", f"{place}.code": wrong}
        )
        assert page.status_code == 422
    done = await browser.post(
        EDIT, data={"at": place, "seen": await seen(database), "deed": "save", f"{place}.code": "renamed"}
    )
    assert "at=questions.renamed" in done.headers["location"]
    assert (await definition(database)).question("renamed")


async def test_options_are_pasted_moved_and_removed(app: Litestar, database: Database):
    browser = await author(app)
    page = (await definition(database)).pages[0].code
    await browser.post(EDIT, data={"at": f"pages.{page}", "seen": "1", "deed": f"add|pages.{page}.questions|single|"})
    code = (await definition(database)).pages[0].questions[-1].code
    place = f"questions.{code}.choices"

    async def press(deed: str, **more: str) -> None:
        answer = await browser.post(
            EDIT, data={"at": f"questions.{code}", "seen": await seen(database), "deed": deed, **more}
        )
        assert answer.status_code == 303

    await press(f"replace|{place}", **{f"paste.{place}": "红\r\n黄\r\n蓝"})
    labels = [choice.label["zh-CN"] for choice in (await definition(database)).question(code).choices]
    assert labels == ["红", "黄", "蓝"]
    third = (await definition(database)).question(code).choices[2].code
    await press(f"up|{place}.{third}")
    await press(f"remove|{place}.{(await definition(database)).question(code).choices[0].code}")
    labels = [choice.label["zh-CN"] for choice in (await definition(database)).question(code).choices]
    assert labels == ["蓝", "黄"]


async def test_only_the_preview_may_be_framed_and_only_by_us(app: Litestar, database: Database):
    browser = await author(app)
    framed = (await browser.get(f"/questionnaires/{NAME}/draft/preview/-")).headers.get_list("content-security-policy")
    assert len(framed) == 1
    assert "frame-ancestors 'self'" in framed[0]
    editing = (await browser.get(EDIT)).headers.get_list("content-security-policy")
    assert len(editing) == 1
    assert "frame-src 'self'" in editing[0]
    assert "frame-ancestors 'none'" in editing[0]


async def test_a_new_questionnaire_comes_from_nothing_text_or_a_copy(app: Litestar, database: Database):
    browser = await administrator(app)
    bare = await browser.post("/questionnaires/new", data={"deed": "empty", "title": "从空白", "kind": "pulse"})
    assert bare.headers["location"].startswith("/questionnaires/pulse-1/edit")
    copied = await browser.post("/questionnaires/new", data={"deed": "copy", "source": "satisfaction"})
    assert copied.headers["location"].startswith("/questionnaires/satisfaction/edit")
    untitled = await browser.post("/questionnaires/new", data={"deed": "empty", "title": " ", "kind": "pulse"})
    assert untitled.status_code == 422
    assert "请填写标题" in untitled.text
    for hostile in ("", "\x00", "}{" * 5000, "- [ ] {{"):
        assert (await browser.post("/questionnaires/new", data={"deed": "text", "text": hostile})).status_code in (
            303,
            422,
        )


SENSELESS = (
    "add|nowhere|single|", "remove|questions.none", "up|", "x|y|z", "retype|settings", "paste|a", "move", "mine|",
    "theirs|x", "restore|x", "add|rating_scales", "duplicate|rating_scales.x",
)  # fmt: skip


@pytest.mark.parametrize("deed", SENSELESS)
async def test_a_deed_that_makes_no_sense_harms_nothing(app: Litestar, database: Database, deed: str):
    browser = await author(app)
    for at in ("settings", "questions.none", "pages.x.y", "", "rating_scales"):
        answer = await browser.post(EDIT, data={"at": at, "seen": "1", "deed": deed})
        assert answer.status_code in (303, 409, 422), (at, answer.status_code)
    assert (await browser.get(EDIT)).status_code == 200


async def test_the_librarys_own_is_copied_before_it_is_edited(app: Litestar, database: Database):
    browser = await administrator(app)
    name = library.names()[0]
    assert (await browser.get(f"/questionnaires/{name}/edit")).headers["location"] == f"/questionnaires/{name}"
    assert (await browser.get("/questionnaires/nothing/edit")).status_code == 404
