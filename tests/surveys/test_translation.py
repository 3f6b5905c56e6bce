"""The wordings of a questionnaire side by side, and what is missing."""

from __future__ import annotations

from surveys import library
from surveys.editing import apply_all
from surveys.formats import yaml
from surveys.translation import completeness, edits, lines, sections

SOURCE = """
name: small
kind: pulse
title: {zh: 小问卷, en: Small}
pages:
  - code: one
    title: 第一页
    questions:
      - code: tool
        type: single
        text: {zh: 用什么？, en: Which one?}
        choices: {phone: {zh: 电话, en: Telephone}, paper: 纸}
"""


def small():
    questionnaire, problems = yaml.read(SOURCE)
    assert questionnaire is not None, problems
    return questionnaire


def test_every_wording_has_its_place_and_what_is_missing_is_known() -> None:
    found = {line.place: line for line in lines(small())}
    assert list(found) == [
        "title", "pages.one.title", "questions.tool.text", "questions.tool.choices.phone.label",
        "questions.tool.choices.paper.label",
    ]  # fmt: skip
    assert [place for place, line in found.items() if line.missing("en")] == [
        "pages.one.title", "questions.tool.choices.paper.label",
    ]  # fmt: skip
    assert found["questions.tool.choices.paper.label"].within == "choices.paper"
    assert completeness(list(found.values()), "en") == (3, 5)
    assert completeness(list(found.values()), "zh-CN") == (5, 5)


def test_wordings_stand_under_the_page_or_question_that_they_belong_to() -> None:
    found = lines(small())
    kinds = [(each.kind, each.code, len(each.lines)) for each in sections(small(), found)]
    assert kinds == [("head", "", 1), ("page", "one", 1), ("question", "tool", 3)]


def test_only_what_was_typed_otherwise_is_an_edit() -> None:
    typed = {
        "title.zh-CN": "小问卷", "title.en": "Small\r\n", "questions.tool.choices.paper.label.en": " Paper ",
        "questions.nowhere.text.en": "x",
    }  # fmt: skip
    made = edits(small(), typed, ("zh-CN", "en"))
    assert [(edit.place, edit.value) for edit in made] == [("questions.tool.choices.paper.label.en", "Paper")]
    after, problems = apply_all(small(), made)
    assert problems == []
    assert completeness(lines(after), "en") == (4, 5)


def test_an_emptied_wording_is_taken_out() -> None:
    after, _ = apply_all(small(), edits(small(), {"title.en": ""}, ("zh-CN", "en")))
    assert after.title == {"zh-CN": "小问卷"}


def test_the_whole_library_is_translated_and_comes_back_unchanged() -> None:
    for name in library.names():
        questionnaire = library.load(name)
        found = lines(questionnaire)
        for language in ("zh-CN", "en"):
            done, every = completeness(found, language)
            assert done == every > 20
        typed = {f"{line.place}.{language}": line.wordings[language] for line in found for language in ("zh-CN", "en")}
        assert edits(questionnaire, typed, ("zh-CN", "en")) == ()
