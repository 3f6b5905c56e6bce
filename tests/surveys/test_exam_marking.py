"""Marks: every type in every mode, what is typed, what never happens, and Moodle's own marks."""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.exams.definition import Exam, Marking, Pass, Pool
from surveys.exams.drawing import draw
from surveys.exams.formats import text
from surveys.exams.items import ITEM_TYPES, Accepted, AnyItem, CaseItem, Match, Response
from surveys.exams.marking import Mark, Score, hand_of, mark, open_questions, passed, question_points, score, split
from surveys.exams.typed import same_text
from tests.surveys.exams_at_random import MODES, SIMPLE, Drawing, key, seeds
from tests.surveys.reference import data

CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
SHORT = hypothesis.settings(max_examples=10_000 if CAMPAIGN else 150, deadline=None)

ALL, PARTIAL, PER_OPTION = (Marking(mode=each) for each in MODES)  # type: ignore[arg-type]


def item(written: str) -> AnyItem:
    """The item of a text."""
    found, problems = text.read(written)
    assert found is not None, problems
    return found[0].item


def points(one: AnyItem, marking: Marking, **response: str | list[str]) -> int:
    return mark(one, response, 600, marking).points


SINGLE = item("1. 谁受理？\n*A. 客服\nB. 销售 [得分: 0.5]\nC. 财务")
MULTIPLE = item("1. 哪些升级？\n*A. 超时\n*B. 索赔\n*C. 重复\nD. 客户嗓门大\nE. 不清楚")
ORDERING = item("1. 排序 [排序]\n- 受理\n- 分派\n- 处理\n- 回访")
MATCHING = item("1. 连线 [配对]\n- 分派 {p1} => 24 小时\n- 关闭 {p2} => 48 小时\n- 回访 {p3} => 72 小时")
GAPS = item("1. 填空 [填空]\n- 部门 {d} => 客户服务部 / 客服部 [得分: 0.5]\n- 小时 {h} [权重: 2] => 24 ±1")


# --- types and modes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "everything", "partial", "per_option"), [("a", 600, 600, 600), ("b", 0, 0, 300), ("c", 0, 0, 0)]
)
def test_a_single_choice_earns_all_or_its_share(chosen: str, everything: int, partial: int, per_option: int) -> None:
    found = [points(SINGLE, each, choice=chosen) for each in (ALL, PARTIAL, PER_OPTION)]
    assert found == [everything, partial, per_option]


@pytest.mark.parametrize(
    ("chosen", "everything", "partial", "per_option"),
    [("abc", 600, 600, 600), ("ab", 0, 400, 400), ("abd", 0, 200, 400), ("ade", 0, 0, 200), ("abcde", 0, 200, 600)],
)
def test_several_answers_count_right_minus_wrong(chosen: str, everything: int, partial: int, per_option: int) -> None:
    found = [points(MULTIPLE, each, choice=list(chosen)) for each in (ALL, PARTIAL, PER_OPTION)]
    assert found == [everything, partial, per_option]


@pytest.mark.parametrize(
    ("order", "everything", "partial", "per_option"),
    [("abcd", 600, 600, 600), ("bcda", 0, 400, 0), ("badc", 0, 0, 0), ("acbd", 0, 0, 300), ("abdc", 0, 200, 300)],
)
def test_an_order_counts_neighbours_or_places(order: str, everything: int, partial: int, per_option: int) -> None:
    found = [points(ORDERING, each, order=list(order)) for each in (ALL, PARTIAL, PER_OPTION)]
    assert found == [everything, partial, per_option]


def test_places_left_empty_follow_nothing() -> None:
    assert points(ORDERING, PARTIAL, order=["a", "b", "", ""]) == 200
    assert points(ORDERING, PER_OPTION, order=["", "b", "", "d"]) == 300


def test_pairs_count_each_for_itself() -> None:
    assert points(MATCHING, PARTIAL, p1="a", p2="b", p3="a") == 400
    assert points(MATCHING, ALL, p1="a", p2="b", p3="a") == 0
    assert mark(MATCHING, {"p1": "a", "p2": "c"}, 600, ALL).parts == {"p1": True, "p2": False, "p3": None}


def test_gaps_count_by_weight_and_alternatives_by_share() -> None:
    assert points(GAPS, PARTIAL, d="客户服务部", h="24") == 600
    assert points(GAPS, PARTIAL, d="客服部", h="25") == 500
    assert points(GAPS, PARTIAL, h="23.0") == 400
    assert points(GAPS, ALL, d="客服部", h="24") == 0


def test_thirds_of_a_point_are_not_lost() -> None:
    third = item(
        "1. 三选 [多选]\n- 甲 [正确, 得分: 0.33333]\n- 乙 [正确, 得分: 0.33333]\n- 丙 [正确, 得分: 0.33333]\n- 丁"
    )
    assert mark(third, {"choice": ["a", "b", "c"]}, 100, PER_OPTION).points == 100
    assert mark(third, {"choice": ["a", "b"]}, 100, PARTIAL).points == 67


def test_what_earns_nothing_costs_the_penalty_and_no_more() -> None:
    strict = Marking(mode="partial", penalty=0.25, unanswered=-10)
    assert points(SINGLE, strict, choice="c") == -150
    assert points(MULTIPLE, strict, choice=["d", "e"]) == -150
    assert points(MULTIPLE, strict, choice=["a"]) == 200
    assert mark(SINGLE, None, 600, strict) == Mark(points=-10, maximum=600, state="blank")
    assert mark(SINGLE, {"choice": ""}, 600, strict).state == "blank"
    costly = item("1. 选 [单选]\n- 甲 [正确]\n- 乙 [得分: -0.5]")
    assert points(costly, Marking(mode="per_option", penalty=0.25), choice="b") == -150
    assert points(costly, PER_OPTION, choice="b") == 0


def test_a_choice_that_the_item_does_not_have_is_wrong() -> None:
    assert points(SINGLE, ALL, choice="zzz") == 0
    assert points(SINGLE, ALL, choice=["a"]) == 0
    assert points(MULTIPLE, PARTIAL, choice=["a", "zzz"]) == 0


def test_a_case_shares_its_points_among_its_questions() -> None:
    case = item(
        "1. 李先生来电…… [案例]\n(1) 先做什么？ {first}\n*A. 查 CRM\nB. 道歉\n(2) 说说理由 [问答, 权重: 2] {why}"
    )
    assert question_points(case, 100) == {"first": 33, "why": 67}
    found = mark(case, {"first.choice": "a", "why.text": "因为"}, 100, ALL)
    assert (found.points, found.state, found.parts) == (33, "pending", {"first.choice": True})
    assert mark(case, {"first.choice": "a", "why.text": "因为"}, 100, ALL, {"why": 50}).points == 83
    assert mark(case, {}, 100, Marking(unanswered=-5)) == Mark(points=-5, maximum=100, state="blank")
    assert open_questions(case).keys() == {"why"}
    assert hand_of("c1", case, {"c1.why": 50, "c2.why": 9}) == {"why": 50}


def test_an_essay_waits_for_its_marker_who_cannot_exceed_it() -> None:
    essay = item("1. 谈谈 [问答]\n- 完整 => 0 无 / 4 全")
    assert mark(essay, {"text": "答"}, 400, ALL) == Mark(points=0, maximum=400, state="pending")
    assert mark(essay, {"text": "答"}, 400, ALL, 350).points == 350
    assert mark(essay, {"text": "答"}, 400, ALL, 9_999).points == 400
    assert mark(essay, {"text": "答"}, 400, ALL, -20).points == 0
    assert mark(essay, {}, 400, ALL).state == "blank"


@given(st.integers(0, 10_000), st.lists(st.floats(0, 100), min_size=1, max_size=9))
def test_shares_of_points_sum_to_the_points(whole: int, weights: list[float]) -> None:
    assert sum(split(whole, weights)) == whole
    assert min(split(whole, weights)) >= 0


# --- typed answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "accepted", "same"),
    [
        ("ＣＲＭ系统", "crm 系统", True),
        (" 客户服务部。", "客户服务部", True),
        ("客户·服务部", "客户服务部", True),
        ("C#", "C", False),
        ("1/2", "12", False),
        ("1.5", "15", False),
        ("-5", "5", False),
        ("2.0 版", "2.0版", True),
        ("。", "", False),
        ("客戶服務部", "客户服务部", False),
    ],
)
def test_typed_texts_are_compared_by_what_matters(typed: str, accepted: str, same: bool) -> None:
    assert same_text(typed, accepted, Match()) is same


def test_what_matters_can_be_chosen() -> None:
    assert same_text("客戶投訴處理", "客户投诉处理", Match(script=True))
    assert not same_text("crm", "CRM", Match(case=False))
    assert not same_text("ＣＲＭ", "CRM", Match(width=False))
    assert not same_text("a b", "ab", Match(spaces=False))
    assert same_text(" a b ", "a b", Match(spaces=False))
    assert not same_text("a,b", "ab", Match(punctuation=False))


@pytest.mark.parametrize(
    ("typed", "unit", "right"),
    [
        ("48", "base", True), ("４８．０", "base", True), ("48.5", "base", True), ("48.51", "base", False),
        ("2,880", "min", True), ("2880", "base", False), ("48 小时", None, True), ("2880分钟", None, True),
        ("2880 minutes", "base", True), ("48 天", None, False), ("48", None, False), ("4.8e1", "base", True),
        ("−48", "base", False), ("", "base", None), ("48", "zzz", False), ("1e99", "base", False),
        ("四十八", "base", False),
        ("9" * 5_000, "base", False), ("nan", "base", False), ("Infinity", "base", False), ("48小時", "base", False),
    ],
)  # fmt: skip
def test_a_number_counts_in_any_of_its_units_within_its_tolerance(
    typed: str, unit: str | None, right: bool | None
) -> None:
    hours = item("1. 时限 [数值, 单位: 小时 | hours]\n答案: 48 ±0.5\n换算单位: 分钟 | minutes => 0.0166666666667 {min}")
    response: Response = {"number": typed} | ({"unit": unit} if unit else {})
    found = mark(hours, response, 600, ALL)
    assert (found.state == "blank") if right is None else (found.points == 600) is right


def test_decimals_are_exact() -> None:
    sum_of = item("1. 0.1 + 0.2 = ? [数值]\n答案: 0.3")
    assert points(sum_of, ALL, number="0.3") == 600
    assert points(sum_of, ALL, number="0.30000001") == 0


# --- what never happens ---------------------------------------------------------------------------------------------


@given(seeds())
@SHORT
def test_a_score_is_never_above_the_total_nor_below_the_floor(seed: int) -> None:
    drawing = Drawing(seed)
    exam, pool = drawing.exam()
    paper = draw(exam, pool, seed)
    responses = drawing.responses(paper, pool)
    hand = {code: drawing.chance.randint(-500, 2_000) for code in pool.items if drawing.chance.random() < 0.3}
    found = score(paper, pool, responses, hand)
    assert min(paper.floor, found.total) <= found.points <= found.total == paper.total
    for asked in paper.items:
        lowest = -max(asked.marking.penalty * asked.points, -asked.marking.unanswered) - 1
        assert lowest <= found.marks[asked.code].points <= found.marks[asked.code].maximum == asked.points
    assert score(paper, pool, dict(reversed(responses.items())), hand) == found


@given(seeds(), st.sampled_from(sorted(ITEM_TYPES)), st.sampled_from(MODES))
@SHORT
def test_the_key_earns_everything_and_the_same_answer_the_same(seed: int, tag: str, mode: Any) -> None:
    drawing = Drawing(seed)
    one = drawing.item(tag)
    marking = Marking(mode=mode, penalty=0.5)
    wrong = drawing.response(one, right=0.3)
    assert mark(one, wrong, 777, marking) == mark(one, dict(wrong), 777, marking)
    shares = [each for each in getattr(one, "options", ()) if each.share is not None]
    if isinstance(one, CaseItem) or open_questions(one) or (mode == "per_option" and shares):
        return
    assert mark(one, key(one), 777, marking).points == 777


@given(
    seeds(), st.sampled_from(SIMPLE), st.dictionaries(st.text(max_size=8), st.one_of(st.text(), st.lists(st.text())))
)
@SHORT
def test_any_response_at_all_can_be_marked(seed: int, tag: str, strange: Response) -> None:
    one = Drawing(seed).item(tag)
    parts = ["choice", "text", "order", "number", "unit"] + [each.code for each in getattr(one, "gaps", ())]
    response = strange | dict(zip(parts, strange.values(), strict=False))
    assert -500 <= mark(one, response, 500, Marking(mode="per_option", penalty=1)).points <= 500


def test_granted_items_earn_all_and_dropped_ones_nothing() -> None:
    drawing = Drawing(5)
    exam, pool = drawing.exam()
    paper = draw(exam, pool, 5)
    first, second = paper.items[0], paper.items[1]
    changed = Pool(items=pool.items, granted=(first.code,), dropped=(second.code,))
    found = score(paper, changed, {}, {})
    assert found.marks[first.code].points == first.points
    assert second.code not in found.marks
    assert found.total == paper.total - second.points


@pytest.mark.parametrize(
    ("by", "value", "angoff", "earned", "is_passed"),
    [
        ("percent", 60, None, 600, True), ("percent", 60, None, 599, False), ("percent", 66.6, None, 666, True),
        ("points", 700, None, 699, False), ("points", 700, None, 700, True), ("angoff", 50, 71.25, 712, False),
        ("angoff", 50, 71.25, 713, True), ("angoff", 50, None, 500, True),
    ],
)  # fmt: skip
def test_the_pass_mark_is_reached_or_not_without_rounding(
    by: Any, value: float, angoff: float | None, earned: int, is_passed: bool
) -> None:
    drawing = Drawing(1)
    exam: Exam = drawing.exam()[0]
    exam = type(exam)(title=exam.title, blueprint=exam.blueprint, passing=Pass(by=by, value=value))
    assert passed(exam, Score(points=earned, total=1000, marks={}), angoff) is is_passed


# --- Moodle's own marks -----------------------------------------------------------------------------------------------

# The quiz of Moodle's fixture quiz00: its questions, with the keys that its response counts and marks tell.
NUMBER = item("1. π? [数值]\n答案: 3.14")
FROG = item("1. 动物 [短答]\n答案: frog / toad [得分: 0.8]")
SUMS = {1: 9.9, 4: 19.4, 5: 14.2, 6: 9.4, 7: 9.1, 8: 5.7, 10: 1e6}  # of variant 10 only a wrong answer is known
PAIRS = item("1. 归类 [配对]\n- 青蛙 {frog} => amphibian\n- 猫 {cat} => mammal\n- 蝾螈 {newt} => amphibian")
TRUE = item("1. 对错 [判断]\n答案: 对")
NUMBERS = item("1. 奇数 [多选]\n- 一 {one} [正确]\n- 二 {two}\n- 三 {three} [正确]\n- 四 {four}")
ONE = item("1. 单选 [单选]\n- 一 {one} [正确]\n- 二 {two}\n- 三 {three}\n- 四 {four}")
OWL = item("1. [[o]] 和 [[c]] 出海 [句中填空]\n- {o} => Owl\n- {c} => Pussy-cat")


def moodle_marks(row: dict[str, Any]) -> list[int]:
    """The marks of the seven slots, each of 100 hundredths."""

    def said(slot: str) -> str:
        return str(row[f"responses.{slot}"]) if row[f"responses.{slot}"] is not None else ""

    kinds = {"amphibian": "a", "mammal": "b"}
    total = SUMS[row["variants.2"]]
    calculated = item(f"1. a + b [数值]\n答案: [{{number: {total}, tolerance: {total * 0.01}}}]")
    first = (
        (NUMBER, {"number": said("1.answer")}) if row["randqs.1"] == "numerical" else (FROG, {"text": said("1.answer")})
    )
    given: list[tuple[AnyItem, Response, Marking]] = [
        (*first, ALL),
        (calculated, {"number": said("2.answer")}, ALL),
        (PAIRS, {each: kinds[said(f"3.{each}")] for each in ("frog", "cat", "newt")}, PARTIAL),
        (TRUE, {"choice": "true" if said("4.answer") == "1" else "false"}, ALL),
        (
            NUMBERS,
            {"choice": [each.lower() for each in ("One", "Two", "Three", "Four") if said(f"5.{each}")]},
            PER_OPTION,
        ),
        (ONE, {"choice": said("6.answer").lower()}, ALL),
        (OWL, {"o": said("7.1.answer"), "c": said("7.2.answer")}, PARTIAL),
    ]
    return [mark(one, response, 100, marking).points for one, response, marking in given]


def test_every_mark_of_moodles_quiz_is_equal() -> None:
    steps = data("m02_moodle_quiz00", "steps.csv").to_dicts()
    results = data("m02_moodle_quiz00", "results.csv").select(pl.col("^slots.*$")).rows()
    wrong = [
        (number, slot, found, wanted)
        for number, (row, marks) in enumerate(zip(steps, results, strict=True), start=1)
        for slot, (found, wanted) in enumerate(zip(moodle_marks(row), marks, strict=True), start=1)
        if found != round(wanted * 100)
    ]
    print(f"{len(steps) * 7} marks of Moodle's fixture compared, {len(wrong)} differ")
    assert wrong == []
    assert len(steps) == 25


def test_an_accepted_number_is_no_text() -> None:
    assert Accepted(number=3.0) != Accepted(text="3")
    assert points(item("1. 几？ [短答]\n答案: 3"), ALL, text="3.0") == 600
    assert points(item('1. 几？ [短答]\n答案: "3"'), ALL, text="3.0") == 0
