"""What changed between two versions of an exam item."""

from __future__ import annotations

import msgspec

from surveys.exams.differences import differences
from surveys.exams.items import BankItem, Option, SingleItem

A, B = Option(code="a", label={"zh-CN": "甲"}, correct=True), Option(code="b", label={"zh-CN": "乙"})
ITEM = BankItem(code="x", item=SingleItem(text={"zh-CN": "谁？"}, options=(A, B)))


def changed(**fields) -> BankItem:
    return msgspec.structs.replace(ITEM, item=msgspec.structs.replace(ITEM.item, **fields))


def told(new: BankItem) -> list[tuple[str, str, str]]:
    return [(each.name, each.before, each.after) for each in differences(ITEM, new)]


def test_the_same_item_has_no_differences():
    assert differences(ITEM, msgspec.json.decode(msgspec.json.encode(ITEM), type=BankItem)) == ()


def test_a_wording_and_a_key_are_told_with_what_they_were():
    wrong = msgspec.structs.replace(A, label={"zh-CN": "丙"}, correct=False)
    assert told(changed(options=(wrong, B))) == [("label", "甲", "丙"), ("correct", "1", "0")]


def test_options_that_changed_places_changed_nothing_in_themselves():
    assert told(changed(options=(B, A))) == []


def test_an_option_that_went_is_told_by_what_it_said():
    assert ("label", "乙", "") in told(changed(options=(A,)))


def test_a_new_language_and_the_state_are_told():
    new = msgspec.structs.replace(changed(text={"zh-CN": "谁？", "en": "Who?"}), state="reviewed")
    assert told(new) == [("text", "", "Who?"), ("state", "draft", "reviewed")]
