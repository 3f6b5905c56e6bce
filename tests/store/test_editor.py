"""Drafts in the editor: histories, and two authors at once."""

from __future__ import annotations

import asyncio

from service.actions import authoring, editor
from service.database import Database
from service.store import editor as store
from service.store import questionnaires
from surveys.editing import Add, Remove, Set

NAME = "satisfaction"


async def started(database: Database) -> None:
    await authoring.publish_library(database, NAME)


def title(text: str) -> tuple[Set]:
    return (Set(place="title.zh-CN", value=text),)


async def test_every_edit_can_be_undone_and_done_again(database: Database):
    await started(database)
    first = (await editor.open_draft(database, NAME)).definition
    for text in ("一", "二"):
        await editor.edit(database, NAME, title(text))
    assert (await editor.step(database, NAME, back=True)).definition.title["zh-CN"] == "一"
    assert (await editor.step(database, NAME, back=True)).definition == first
    assert (await editor.step(database, NAME, back=True)).definition == first, "nothing is before the beginning"
    assert (await editor.step(database, NAME, back=False)).definition.title["zh-CN"] == "一"
    draft, _ = await editor.edit(database, NAME, title("三"))
    assert draft.redoable is None, "what was undone and passed over is not done again"
    assert (await editor.step(database, NAME, back=True)).definition.title["zh-CN"] == "一"


async def test_what_is_written_is_the_working_copy(database: Database):
    await started(database)
    await editor.edit(database, NAME, title("改过的标题"))
    source, _ = await authoring.source_of(database, NAME)
    assert "改过的标题" in source
    assert authoring.check(source).definition == (await editor.open_draft(database, NAME)).definition


async def test_a_file_saved_meanwhile_is_taken_over_and_can_be_undone(database: Database):
    await started(database)
    draft, _ = await editor.edit(database, NAME, title("编辑器里的"))
    source = (await authoring.source_of(database, NAME))[0].replace("编辑器里的", "文件里的")
    await authoring.save(database, source)
    assert (await editor.open_draft(database, NAME)).definition.title["zh-CN"] == "文件里的"
    assert (await editor.step(database, NAME, back=True)).definition == draft.definition


async def test_two_authors_editing_at_once_lose_nothing(database: Database):
    await started(database)
    start = await editor.open_draft(database, NAME)
    page = start.definition.pages[0].code

    async def writes(field: str) -> None:
        for number in range(6):
            form = {f"{field}.zh-CN": [f"{field} {number}"]}
            await editor.save_form(database, NAME, form, place="", seen=seen[field])
            seen[field] = (await editor.open_draft(database, NAME)).number

    async def adds() -> None:
        for _ in range(6):
            await editor.edit(database, NAME, (Add(place=f"pages.{page}.questions", type="short_text"),))

    seen = dict.fromkeys(("introduction", "thanks"), start.number)
    await asyncio.gather(writes("introduction"), writes("thanks"), adds())
    made = (await editor.open_draft(database, NAME)).definition
    assert (made.introduction["zh-CN"], made.thanks["zh-CN"]) == ("introduction 5", "thanks 5")
    assert len(made.pages[0].questions) == len(start.definition.pages[0].questions) + 6


async def test_the_second_of_two_at_one_place_sees_both_and_chooses(database: Database):
    await started(database)
    seen = (await editor.open_draft(database, NAME)).number
    await editor.save_form(database, NAME, {"title.zh-CN": ["甲的标题"]}, place="", seen=seen)
    form = {"title.zh-CN": ["乙的标题"], "thanks.zh-CN": ["乙的致谢"]}
    late = await editor.save_form(database, NAME, form, place="", seen=seen)
    conflict = late.merged.conflicts["title.zh-CN"]
    assert (conflict.typed, conflict.theirs) == ("乙的标题", "甲的标题")
    assert late.draft.definition.title["zh-CN"] == "甲的标题"
    assert late.draft.definition.thanks["zh-CN"] == "乙的致谢", "another place is no reason to wait"
    held = {**form, "held": ["title.zh-CN"]}
    again = await editor.save_form(database, NAME, held, place="", seen=late.draft.number)
    assert again.draft.definition.title["zh-CN"] == "甲的标题", "nobody has decided yet"
    done = await editor.save_form(database, NAME, held, place="", seen=late.draft.number, chosen="title.zh-CN")
    assert done.draft.definition.title["zh-CN"] == "乙的标题"


async def test_a_question_that_a_colleague_removed_comes_back_with_what_was_typed(database: Database):
    await started(database)
    draft = await editor.open_draft(database, NAME)
    question = draft.definition.pages[0].questions[0]
    place = f"questions.{question.code}"
    await editor.edit(database, NAME, (Remove(place=place),))
    form = {f"{place}.text.zh-CN": ["我正在写的话"]}
    late = await editor.save_form(database, NAME, form, place=place, seen=draft.number)
    assert late.merged.conflicts[f"{place}.text.zh-CN"].theirs is None
    back = await editor.restore(database, NAME, form, place, draft.number)
    assert back.definition.question(question.code).text["zh-CN"] == "我正在写的话"


async def test_histories_are_kept_within_bounds(database: Database, monkeypatch):
    monkeypatch.setattr(store, "KEPT", 5)
    await started(database)
    for number in range(9):
        await editor.edit(database, NAME, title(str(number)))
    copy = await questionnaires.named(database, NAME)
    assert copy is not None
    rows = await database.fetch("SELECT number FROM authoring_state WHERE questionnaire = ?", copy.id)
    assert len(rows) == 5
    assert (await editor.open_draft(database, NAME)).definition.title["zh-CN"] == "8"


async def test_a_new_questionnaire_gets_a_name_that_is_free(database: Database):
    made = editor.empty("pulse", {"zh-CN": "新"})
    assert [await editor.create(database, made) for _ in range(3)] == ["pulse-1", "pulse-1-2", "pulse-1-3"]
    assert (await editor.open_draft(database, "pulse-1-3")).definition.title == {"zh-CN": "新"}
