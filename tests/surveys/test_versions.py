"""What changed between two versions, and what a running wave may follow."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest

from surveys import library
from surveys.definition import Page, Questionnaire
from surveys.expansion import expand
from surveys.formats import yaml
from surveys.questions import Choice, PainPoints, ShortText
from surveys.versions import Change, changes, refusals

FIRST = """
name: handover
kind: diagnosis
title: {zh: 转交, en: Hand-over}
minutes: 3
rating_scales:
  agree: [{zh: 不同意, en: Disagree}, {zh: 中立, en: Neutral}, {zh: 同意, en: Agree}]
scales:
  duty: {label: {zh: 分工, en: Duty}, items: [duty.owner, duty.unclear], reversed: [duty.unclear]}
pages:
  - code: about
    questions:
      - code: tools
        type: multiple
        text: {zh: 您用什么？, en: What do you use}
        choices: {phone: {zh: 电话, en: Telephone}, paper: {zh: 纸, en: Paper}, chat: {zh: 微信, en: Chat}}
      - code: order
        type: ranking
        text: {zh: 请排序, en: Please rank}
        visible_if: answered(tools)
        choices: {fast: {zh: 快, en: Fast}, safe: {zh: 稳, en: Safe}}
  - code: details
    questions:
      - code: duty
        type: matrix
        scale: agree
        text: {zh: 是否同意？, en: Do you agree?}
        rows: {owner: {zh: 有人负责。, en: Somebody is in charge.}, unclear: {zh: 说不清。, en: It is unclear.}}
      - code: cases
        type: number
        high: 100
        unit: {zh: 件, en: cases}
        text: {zh: 多少件？, en: How many?}
      - code: ideas
        type: long_text
        text: {zh: 建议, en: Ideas}
"""


def read(source: str) -> Questionnaire:
    questionnaire, problems = yaml.read(source)
    assert questionnaire is not None, problems
    return questionnaire


def edited(*replacements: tuple[str, str]) -> tuple[Change, ...]:
    """What changed where the first version's source was edited."""
    source = FIRST
    for before, after in replacements:
        assert source.count(before) == 1, before
        source = source.replace(before, after)
    return changes(read(FIRST), read(source))


def test_equal_versions_have_no_changes() -> None:
    assert edited() == ()


def test_a_corrected_wording_is_told_by_language_and_is_safe() -> None:
    (change,) = edited(("What do you use}", "What do you use?}"))
    assert (change.kind, change.thing, change.field, change.language) == ("reworded", "question", "text", "en")
    assert (change.place, change.old, change.new) == ("questions.tools.text.en", "What do you use", "What do you use?")
    assert change.safe


def test_an_added_option_is_safe_where_options_are_chosen_each_for_itself() -> None:
    (change,) = edited(("chat: {zh: 微信, en: Chat}", "chat: {zh: 微信, en: Chat}, mail: {zh: 邮件, en: E-mail}"))
    assert (change.kind, change.thing, change.place) == ("added", "choice", "questions.tools.choices.mail")
    assert change.label == {"zh-CN": "邮件", "en": "E-mail"}
    assert change.safe


def test_a_further_pain_point_is_safe_also_for_the_five_whys_that_begin_there() -> None:
    first = library.load("complaint-diagnosis")
    pains = first.question("pains")
    assert isinstance(pains, PainPoints)
    further = msgspec.structs.replace(pains.choices[0], code="called_again")
    wider = msgspec.structs.replace(pains, choices=(*pains.choices, further))
    pages = tuple(
        msgspec.structs.replace(page, questions=tuple(wider if each is pains else each for each in page.questions))
        for page in first.pages
    )
    found = changes(first, msgspec.structs.replace(first, pages=pages))
    assert [(each.kind, each.thing, each.safe) for each in found] == [("added", "choice", True)]


def test_an_option_that_changes_the_weight_of_others_is_refused() -> None:
    found = edited(("safe: {zh: 稳, en: Safe}", "safe: {zh: 稳, en: Safe}, cheap: {zh: 省, en: Cheap}"))
    assert [each.reason for each in found] == ["added"]


REFUSED = [
    ("removed", ("paper: {zh: 纸, en: Paper}, ", "")),
    ("renamed", ("paper: {zh: 纸, en: Paper}", "sheet: {zh: 纸, en: Paper}")),
    ("renamed", ("code: ideas", "code: wishes")),
    ("retyped", ("type: long_text", "type: short_text")),
    ("removed", ("      - code: ideas\n        type: long_text\n        text: {zh: 建议, en: Ideas}\n", "")),
    ("added", ("      - code: ideas", "      - {code: more, type: short_text, text: 还有}\n      - code: ideas")),
    ("added", ("owner: {zh: 有人负责。", "known: {zh: 都清楚。, en: Known.}, owner: {zh: 有人负责。")),
    ("condition", ("visible_if: answered(tools)", "visible_if: count(tools) > 1")),
    ("condition", ("        visible_if: answered(tools)\n", "")),
    ("condition", ("  - code: details\n", "  - code: details\n    visible_if: answered(tools)\n")),
    ("setting", ("high: 100", "high: 50")),
    ("setting", ("unit: {zh: 件,", "unit: {zh: 批,")),
    ("setting", ("        type: long_text\n", "        type: long_text\n        required: true\n")),
    ("scoring", ("reversed: [duty.unclear]", "reversed: [duty.owner]")),
    ("setting", ("agree: [{zh: 不同意", "agree: [{zh: 坚决不, en: Never}, {zh: 不同意")),
    ("order", ("{fast: {zh: 快, en: Fast}, safe: {zh: 稳, en: Safe}}", "{safe: {zh: 稳}, fast: {zh: 快}}")),
    ("setting", ("kind: diagnosis", "kind: pulse")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "edit"), REFUSED)
def test_what_changes_the_meaning_of_answers_is_refused(reason: str, edit: tuple[str, str]) -> None:
    found = edited(edit)
    assert reason in {each.reason for each in found}
    assert refusals(found)


def test_one_moved_question_is_one_change() -> None:
    old = read(FIRST)
    about, details = old.pages
    first, *others = details.questions
    new = msgspec.structs.replace(old, pages=(about, msgspec.structs.replace(details, questions=(*others, first))))
    (change,) = changes(old, new)
    assert (change.kind, change.place, change.reason) == ("moved", "questions.duty", "order")


def test_a_question_on_another_page_has_moved() -> None:
    old = read(FIRST)
    about, details = old.pages
    pages = (
        msgspec.structs.replace(about, questions=(*about.questions, details.questions[0])),
        msgspec.structs.replace(details, questions=details.questions[1:]),
    )
    (change,) = changes(old, msgspec.structs.replace(old, pages=pages))
    assert (change.kind, change.old, change.new, change.reason) == ("moved", "details", "about", "order")


def test_minutes_a_language_more_and_the_answer_scales_words_are_safe() -> None:
    german = edited(("minutes: 3", "minutes: 4"), ("{zh: 不同意, en: Disagree}", "{zh: 不赞成, en: I disagree}"))
    assert {each.field for each in german} == {"minutes", "labels.0"}
    assert not refusals(german)
    old = read(FIRST)
    assert not refusals(changes(msgspec.structs.replace(old, languages=("zh-CN",)), old))
    assert refusals(changes(old, msgspec.structs.replace(old, languages=("zh-CN",))))


def test_another_wording_of_consent_is_refused() -> None:
    consent = "      - {code: agreed, type: consent, text: {zh: 我同意。, en: I agree.}}\n      - code: tools"
    source = FIRST.replace("      - code: tools", consent)
    (change,) = changes(read(source), read(source.replace("我同意。", "我同意公开。")))
    assert change.reason == "consent"


def reword(questionnaire: Questionnaire, chance: random.Random) -> Questionnaire:
    page = chance.randrange(len(questionnaire.pages))
    return _on_page(questionnaire, page, lambda each: msgspec.structs.replace(each, text={"zh-CN": "改", "en": "New"}))


def drop(questionnaire: Questionnaire, chance: random.Random) -> Questionnaire:
    pages = list(questionnaire.pages)
    page = chance.randrange(len(pages))
    pages[page] = msgspec.structs.replace(pages[page], questions=pages[page].questions[1:])
    return msgspec.structs.replace(questionnaire, pages=tuple(pages))


def option(questionnaire: Questionnaire, chance: random.Random) -> Questionnaire:
    extra = Choice(code="brand_new", label={"zh-CN": "新", "en": "New"})

    def more(question):
        choices = getattr(question, "choices", ())
        return msgspec.structs.replace(question, choices=(*choices, extra)) if choices else question

    return _on_page(questionnaire, chance.randrange(len(questionnaire.pages)), more)


def insert(questionnaire: Questionnaire, chance: random.Random) -> Questionnaire:
    pages = list(questionnaire.pages)
    page = chance.randrange(len(pages))
    extra = ShortText(code="brand_new", text={"zh-CN": "新", "en": "New"})
    pages[page] = msgspec.structs.replace(pages[page], questions=(*pages[page].questions, extra))
    return msgspec.structs.replace(questionnaire, pages=tuple(pages))


def require(questionnaire: Questionnaire, chance: random.Random) -> Questionnaire:
    page = chance.randrange(len(questionnaire.pages))
    return _on_page(questionnaire, page, lambda each: msgspec.structs.replace(each, required=not each.required))


def _on_page(questionnaire: Questionnaire, number: int, change: Callable) -> Questionnaire:
    pages = list(questionnaire.pages)
    page: Page = pages[number]
    pages[number] = msgspec.structs.replace(page, questions=tuple(map(change, page.questions)))
    return msgspec.structs.replace(questionnaire, pages=tuple(pages))


def test_whatever_is_called_safe_keeps_every_column_with_its_meaning() -> None:
    chance = random.Random(3)
    safe = 0
    for _ in range(300):
        old = library.load(chance.choice(library.names()))
        new = old
        for deed in chance.choices((reword, drop, option, insert, require), weights=(4, 1, 4, 1, 1), k=2):
            new = deed(new, chance)
        if refusals(changes(old, new)):
            continue
        safe += 1
        now = {column.name: column for column in expand(new).columns()}
        for column in expand(old).columns():
            kept = now[column.name]
            assert (column.kind, column.low, column.high, column.free) == (kept.kind, kept.low, kept.high, kept.free)
            assert set(column.choices) <= set(kept.choices)
        assert [each.visible_if for each in old.questions()] == [each.visible_if for each in new.questions()]
    assert safe > 50
