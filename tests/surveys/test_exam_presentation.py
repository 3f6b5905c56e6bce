"""What candidates see and send: no key in any byte before release, opaque names, forms read whatever is in them."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.exams.definition import Paper, Pool, Release
from surveys.exams.drawing import draw
from surveys.exams.items import Accepted, AnyItem, BankItem, CaseItem, MatchingItem, OrderingItem, Response
from surveys.exams.marking import score
from surveys.exams.presentation import received, revealed, shown, shown_item, unanswered, values
from tests.surveys.exams_at_random import SECRET, Drawing, alone, secrets_of, seeds

CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
SHORT = hypothesis.settings(max_examples=10_000 if CAMPAIGN else 150, deadline=None)
PAPERS = 2_000 if CAMPAIGN else 250


def sample(seed: int) -> tuple[Drawing, Pool, Paper]:
    drawing = Drawing(seed)
    exam, pool = drawing.exam()
    return drawing, pool, draw(exam, pool, seed)


def other_key(value: Any) -> Any:
    """The same item with another key, other shares, feedback and explanations; what is asked stays."""
    if isinstance(value, tuple):
        return tuple(map(other_key, value))
    if not isinstance(value, msgspec.Struct):
        return value
    changed: dict[str, Any] = {each: other_key(getattr(value, each)) for each in value.__struct_fields__}
    for name, each in changed.items():
        if name in ("explanation", "feedback", "feedback_true", "feedback_false", "rubric"):
            changed[name] = type(each)()
        elif name == "correct":
            changed[name] = not each
        elif name == "share":
            changed[name] = 0.123
        elif name == "accepted":
            changed[name] = (Accepted(text="别的"),)
    if isinstance(value, MatchingItem):
        turned = [*changed["options"][1:], changed["options"][0]]
        by_code = {each.code: new.code for each, new in zip(value.options, turned, strict=True)}
        changed["pairs"] = tuple(
            msgspec.structs.replace(each, option=by_code[each.option]) for each in changed["pairs"]
        )
    if isinstance(value, OrderingItem):
        changed["options"] = tuple(reversed(changed["options"]))
    return type(value)(**changed)


def test_no_byte_of_a_paper_holds_a_key_mark_feedback_or_code() -> None:
    """Every paper in both languages, searched for all that is secret."""
    bytes_read = 0
    for seed in range(PAPERS):
        _, pool, paper = sample(seed)
        for language in ("zh-CN", "en"):
            sent = msgspec.json.encode(shown(paper, pool, language)).decode()
            bytes_read += len(sent.encode())
            assert not [each for each in secrets_of(pool) if each in sent], (seed, sent)
    print(f"{PAPERS} papers in two languages, {bytes_read} bytes searched for keys: none found")


@given(seeds())
@SHORT
def test_what_is_shown_does_not_depend_on_the_key(seed: int) -> None:
    _, pool, paper = sample(seed)
    other = Pool(
        items={code: msgspec.structs.replace(each, item=other_key(each.item)) for code, each in pool.items.items()}
    )
    assert other != pool
    assert shown(paper, other, "zh-CN") == shown(paper, pool, "zh-CN")


@given(seeds())
@SHORT
def test_names_are_new_in_every_attempt_and_none_comes_twice_on_a_paper(seed: int) -> None:
    exam, pool = Drawing(seed).exam()
    names = [
        [name for each in draw(exam, pool, seed + number).items for name in (*each.names, *each.fields)]
        for number in (0, 1)
    ]
    assert len(set(names[0])) == len(names[0])
    assert len(set(names[0]) & set(names[1])) <= 2


def test_the_order_of_options_says_nothing_about_the_key() -> None:
    """Steps, and options to be matched, stand in any place equally often, though written in the right order."""
    options = tuple(msgspec.structs.replace(each, fixed=False) for each in Drawing(1).options(3))
    item = OrderingItem(text={"zh-CN": "排"}, options=options)
    places = Counter(alone(item, seed, shuffle_options=False).order.index(options[0].code) for seed in range(1_200))
    assert all(abs(each - 400) < 5 * (1_200 * 2 / 9) ** 0.5 for each in places.values())
    assert len(places) == 3


@given(seeds())
@SHORT
def test_a_form_gives_back_the_response_that_filled_it(seed: int) -> None:
    drawing, pool, paper = sample(seed)
    for asked in paper.items:
        item = pool.items[asked.code].item
        response = received(asked, item, values(asked, item, drawing.response(item, right=0.7)))
        assert received(asked, item, values(asked, item, response)) == response


def test_what_is_right_survives_the_way_over_the_form() -> None:
    for seed in range(100):
        drawing, pool, paper = sample(seed)
        right = {each.code: drawing.response(pool.items[each.code].item, right=1) for each in paper.items}
        sent = {
            each.code: received(
                each, pool.items[each.code].item, values(each, pool.items[each.code].item, right[each.code])
            )
            for each in paper.items
        }
        assert score(paper, pool, sent) == score(paper, pool, right)
        assert unanswered(paper, sent) == []


@given(seeds(), st.dictionaries(st.text(max_size=6), st.lists(st.text(max_size=20), max_size=3), max_size=3), st.data())
@SHORT
def test_any_form_is_read_and_strange_names_are_dropped(
    seed: int, strange: dict[str, list[str]], data: st.DataObject
) -> None:
    _, pool, paper = sample(seed)
    asked = data.draw(st.sampled_from(paper.items))
    item = pool.items[asked.code].item
    names = [*asked.names, *asked.fields]
    words = st.one_of(
        st.sampled_from(names), st.text(max_size=10), st.sampled_from(["0", "1", "99", "１", "-1", "\x00"])
    )
    form = strange | data.draw(st.dictionaries(st.sampled_from(names), st.lists(words, max_size=4)))
    response = received(asked, item, form)
    assert received(asked, item, strange) == {}
    assert msgspec.json.decode(msgspec.json.encode(response), type=dict[str, str | list[str]]) == response
    known = set(asked.names.values()) | {code.rpartition(".")[2] for code in asked.names.values()} | {""}
    assert all(set(each) <= known for each in response.values() if isinstance(each, list))
    again = values(asked, item, response)
    assert set(again) <= set(names)


def test_another_attempts_names_are_worth_nothing() -> None:
    exam, pool = Drawing(3).exam()
    first, second = draw(exam, pool, 1), draw(exam, pool, 2)
    for asked in first.items:
        item = pool.items[asked.code].item
        other = next((each for each in second.items if each.code == asked.code), None)
        if other is not None:
            assert received(asked, item, values(other, item, Drawing(4).response(item, right=1))) == {}


def test_two_steps_at_one_place_lose_neither() -> None:
    item = OrderingItem(text={"zh-CN": "排"}, options=tuple(Drawing(8).options(4)))
    asked = alone(item, 8)
    name = {code: name for name, code in asked.names.items()}
    one, two, three, four = asked.order
    form = {name[one]: ["2"], name[two]: ["2"], name[three]: ["1"], name[four]: [""]}
    assert received(asked, item, form) == {"order": [three, one, two, ""]}


def test_a_cloze_has_a_field_where_the_sentence_has_a_gap() -> None:
    item = Drawing(9).item("cloze")
    view = shown_item(alone(item, 9), item, "zh-CN")
    assert len(view.pieces) == len(view.fields) + 1
    assert view.pieces[0] == "句子"
    assert view.pieces[-1] == "完。"
    assert view.text == ""


# --- after release --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "told"),
    [
        (Release(), set()),
        (Release(answers=True), {"values"}),
        (Release(answers=True, score=False), {"values"}),
        (Release(explanations=True), {"key"}),
        (Release(answers=True, explanations=True), {"values", "key", "feedback"}),
    ],
)
def test_release_tells_what_the_settings_allow_and_nothing_else(release: Release, told: set[str]) -> None:
    for seed in range(30):
        drawing, pool, paper = sample(seed)
        responses = drawing.responses(paper, pool)
        marks = score(paper, pool, responses)
        found = revealed(paper, pool, marks, release, "zh-CN", responses)
        assert bool(found) == bool(told)
        sent = msgspec.json.encode([msgspec.structs.replace(each, topic="") for each in found]).decode()
        assert ("key" in told) or SECRET not in sent.replace(SECRET + "text", "")
        for each, asked in zip(found, paper.items, strict=False):
            assert (each.points is not None) == release.score
            item: AnyItem = pool.items[asked.code].item
            own = values(asked, item, responses.get(asked.code, {}))
            assert each.values == (own if "values" in told else {})
            assert (each.explanation != "") == ("key" in told)
            if not isinstance(item, CaseItem) and "feedback" not in told:
                assert each.feedback == ()


def test_the_steps_of_an_order_are_right_or_wrong_together() -> None:
    item = OrderingItem(text={"zh-CN": "排"}, options=tuple(Drawing(8).options(3)))
    asked = alone(item, 8)
    paper, pool = Paper(seed=8, items=(asked,)), Pool(items={"one": BankItem(code="one", item=item)})
    for order, is_right in ((item.options, True), (item.options[::-1], False)):
        responses: dict[str, Response] = {"one": {"order": [each.code for each in order]}}
        marks = score(paper, pool, responses)
        [found] = revealed(paper, pool, marks, Release(answers=True, explanations=True), "zh-CN", responses)
        assert found.right == dict.fromkeys(asked.names, is_right)
        assert [each[3:] for each in found.key] == [each.label["zh-CN"] for each in item.options]
