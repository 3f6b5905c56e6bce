"""What is wrong with items, exams and judgements is said at its place, before anybody sits."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from surveys.exams.check import askable, problems, total
from surveys.exams.check_items import check, check_item
from surveys.exams.definition import Blueprint, Draw, Exam, FixedItem, Marking, Pass, Pool, Section, Sitting
from surveys.exams.formats import text
from surveys.exams.items import ITEM_TYPES, Accepted, BankItem, NumericItem, Unit
from surveys.exams.messages import MESSAGES
from surveys.exams.standard_setting import angoff
from surveys.problem import Problem, has_errors
from tests.surveys.exams_at_random import Drawing

TITLE = {"zh-CN": "考试", "en": "Exam"}


def told(found: list[Problem]) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in found]


def wrong(written: str) -> list[tuple[str, str]]:
    """Problems of the item of a text."""
    found, unreadable = text.read(written)
    assert found is not None, unreadable
    return told(check_item(found[0]))


# --- items ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", sorted(ITEM_TYPES))
def test_items_that_make_sense_have_no_errors(tag: str) -> None:
    for seed in range(40):
        found = check_item(Drawing(seed).bank_item(tag))
        assert not has_errors(found), [each.message for each in found]


@pytest.mark.parametrize(
    ("written", "code", "place"),
    [
        ("1. 选 [单选]\n- 甲\n- 乙", "no_key", "item.options"),
        ("1. 选 [单选]\n- 甲 [正确]\n- 乙 [正确]", "several_keys", "item.options"),
        ("1. 选 [多选]\n- 甲 [正确]\n- 乙 [正确]", "all_keys", "item.options"),
        ("1. 选 [单选]\n- 甲 [正确]", "too_few_options", "item.options"),
        ("1. 选 [单选]\n- 甲 [正确]\n- 甲", "same_label", "item.options.1.label"),
        ("1. 选 [单选]\n- 甲 {a} [正确]\n- 乙 {a}", "part_twice", "item.options.1.code"),
        ("1. 选 [单选]\n- 甲 {A1} [正确]\n- 乙", "part_code", "item.options.0.code"),
        ("1. 选 [单选]\n- 甲 [正确, 得分: 3]\n- 乙", "bad_share", "item.options.0.share"),
        ("1. [单选]\n题干: {}\n- 甲 [正确]\n- 乙", "no_text", "item.text"),
        ("1. 填 [[a]] 空 [句中填空]\n- {b} => 对", "gap_missing", "item.text"),
        ("1. 填 [[a]] 空 [句中填空]\n- {b} => 对", "gap_unknown", "item.text"),
        ("1. 填 [[a]][[a]] 空 [句中填空]\n- {a} => 对", "gap_twice", "item.text"),
        ("1. 填 [[a]] | Fill in [句中填空]\n- {a} => 对", "gap_missing", "item.text"),
        ("1. 填 [填空]", "no_gaps", "item.gaps"),
        ("1. 填 [填空]\n- 甲 [权重: 0] => 对", "bad_weight", "item.gaps.0.weight"),
        ("1. 几 [数值]\n答案: 四", "no_number", "item.accepted.0"),
        ("1. 几 [数值]", "no_accepted", "item.accepted"),
        ("1. 名 [短答]\n答案: 甲 [得分: 0.5]", "no_full_share", "item.accepted"),
        ('1. 名 [短答]\n答案: "。"', "unmatched_accepted", "item.accepted.0"),
        ("1. 名 [短答]\n答案: [{tolerance: -1}]", "empty_accepted", "item.accepted.0"),
        ("1. 连 [配对]\n- 甲 => x\n- 乙 => b\n选项:\n- 子\n- 丑", "pair_unknown", "item.pairs.0.option"),
        ("1. 连 [配对]\n- 甲 => a\n选项:\n- 子\n- 丑", "no_pairs", "item.pairs"),
        ("1. 谈 [问答]", "no_rubric", "item.rubric"),
        ("1. 谈 [问答]\n- 完整 => 1 全", "too_few_levels", "item.rubric.0.levels"),
        ("1. 谈 [问答]\n- 完整 => 0 无 / 0 全", "bad_level", "item.rubric.0.levels"),
        ("1. 案例 [案例]", "no_questions", "item.questions"),
        ("1. 案例 [案例]\n(1) 选 [单选]\n- 甲\n- 乙", "no_key", "item.questions.0.item.options"),
        ("1. 案例 [案例]\n(1) 对？ [判断, 权重: 0]\n答案: 对", "bad_weight", "item.questions.0.weight"),
        ("1. 对？ [判断] {Bad}\n答案: 对", "item_code", "code"),
        ("1. 对？ [判断]\n答案: 对\n分类: " + "长" * 201, "too_long", "category"),
    ],
)
def test_a_fault_of_an_item_is_told_at_its_place(written: str, code: str, place: str) -> None:
    assert (code, place) in wrong(written)


def test_units_are_checked() -> None:
    units = (Unit(code="base", label={"zh-CN": "天"}, factor=24), Unit(code="min", label={}, factor=0))
    one = NumericItem(text=TITLE, accepted=(Accepted(number=1, tolerance=math.nan),), units=units)
    assert told(check_item(BankItem(code="a", item=one))) == [
        ("bad_tolerance", "item.accepted.0.tolerance"),
        ("no_text", "item.unit"),
        ("unit_code", "item.units.0.code"),
        ("no_text", "item.units.1.label"),
        ("bad_factor", "item.units.1.factor"),
    ]


def test_a_code_may_not_come_twice_in_a_bank() -> None:
    one = Drawing(1).bank_item("single")
    assert told(check([one, one])) == [("item_twice", "items.0.code"), ("item_twice", "items.1.code")]


def test_every_message_speaks_both_languages() -> None:
    for code, wording in MESSAGES.items():
        assert wording.keys() == {"zh-CN", "en"}, code
        assert all(each.strip() for each in wording.values()), code


# --- exams ----------------------------------------------------------------------------------------------------------


def sane(**changes: Any) -> Exam:
    sections = (Section(draws=(Draw(count=2, points=100),)),)
    return msgspec.structs.replace(Exam(title=TITLE, blueprint=Blueprint(sections=sections)), **changes)


def with_sections(*sections: Section, **blueprint: Any) -> Exam:
    return sane(blueprint=Blueprint(sections=sections, **blueprint))


def pool(count: int = 4, tag: str = "true_false") -> Pool:
    drawing = Drawing(count)
    return Pool(items={each.code: each for each in (drawing.bank_item(tag) for _ in range(count))})


def test_an_exam_that_makes_sense_has_no_problems() -> None:
    assert problems(sane(), pool()) == []
    assert total(sane()) == 200


@pytest.mark.parametrize(
    ("exam", "code", "place"),
    [
        (sane(title={}), "exam_title", "title"),
        (with_sections(), "no_items", "blueprint.sections"),
        (with_sections(Section(draws=(Draw(count=5, points=1),))), "pool_small", "blueprint.sections.0.draws.0.count"),
        (with_sections(Section(draws=(Draw(count=0, points=1),))), "bad_count", "blueprint.sections.0.draws.0.count"),
        (with_sections(Section(draws=(Draw(count=1, points=0),))), "bad_points", "blueprint.sections.0.draws.0.points"),
        (with_sections(Section(items=(FixedItem(code="x", points=1),))), "fixed_unknown",
         "blueprint.sections.0.items.0.code"),
        (sane(blueprint=Blueprint(sections=sane().blueprint.sections, marking=Marking(penalty=2))), "bad_penalty",
         "blueprint.marking.penalty"),
        (sane(blueprint=Blueprint(sections=sane().blueprint.sections, marking=Marking(unanswered=1))), "bad_unanswered",
         "blueprint.marking.unanswered"),
        (sane(blueprint=Blueprint(sections=sane().blueprint.sections, marking=Marking(floor=201))), "floor_high",
         "blueprint.marking.floor"),
        (sane(passing=Pass(by="percent", value=101)), "bad_pass", "passing.value"),
        (sane(passing=Pass(by="points", value=201)), "bad_pass", "passing.value"),
        (sane(passing=Pass(by="angoff", value=0)), "no_angoff", "passing.value"),
        (sane(sitting=Sitting(minutes=0)), "bad_minutes", "sitting.minutes"),
        (sane(sitting=Sitting(attempts=0)), "bad_attempts", "sitting.attempts"),
        (sane(sitting=Sitting(attempts=3)), "pool_repeats", "sitting.attempts"),
        (sane(sitting=Sitting(grace_seconds=3600)), "bad_grace", "sitting.grace_seconds"),
        (sane(sitting=Sitting(late_minutes=-1)), "bad_late", "sitting.late_minutes"),
    ],
)  # fmt: skip
def test_a_fault_of_an_exam_is_told_at_its_place(exam: Exam, code: str, place: str) -> None:
    assert told(problems(exam, pool())) == [(code, place)]


def test_a_fixed_item_is_there_once_and_reviewed() -> None:
    some = pool()
    first, second, *_ = some.items
    some.items[second] = msgspec.structs.replace(some.items[second], state="draft")
    fixed = tuple(FixedItem(code=each, points=100) for each in (first, first, second))
    assert told(problems(with_sections(Section(items=fixed)), some)) == [
        ("fixed_twice", "blueprint.sections.0.items.1.code"),
        ("fixed_state", "blueprint.sections.0.items.2.code"),
    ]


def test_an_item_with_faults_or_missing_words_is_named() -> None:
    some = pool(2)
    first, second = some.items
    some.items[first] = msgspec.structs.replace(
        some.items[first], item=text.read("1. 选 [单选]\n- 甲\n- 乙")[0][0].item
    )  # type: ignore[index]
    found = problems(sane(), some)
    assert told(found) == [("item_wrong", f"pool.{first}"), ("text_missing", f"pool.{first}")]
    assert "没有标出正确答案" in found[0].say("zh-CN")
    assert "No right answer" in found[0].say("en")
    assert "英文" in found[1].say("zh-CN")
    assert [each.code for each in askable(sane(), some)] == [first, second]


def test_practice_of_open_items_is_warned_about() -> None:
    found = problems(sane(purpose="practice"), pool(tag="essay"))
    assert {each.code for each in found} == {"practice_open"}
    assert not has_errors(found)


# --- judges ---------------------------------------------------------------------------------------------------------


def test_the_cut_of_judges_is_the_mean_of_theirs_weighted_by_points() -> None:
    found = angoff(
        {"甲": {"a": 0.5, "b": 0.9}, "乙": {"a": 0.7, "b": 0.7}, "丙": {"a": 0.6, "b": 0.5}}, {"a": 100, "b": 300}
    )
    assert [round(each.cut, 6) for each in found.judges] == [52.5, 70.0, 80.0]  # 丙, 乙, 甲 by name
    assert found.cut == pytest.approx(67.5)
    assert found.deviation == pytest.approx(13.919, abs=1e-3)
    assert found.standard_error == pytest.approx(13.919 / math.sqrt(3), abs=1e-3)
    assert [each.mean for each in found.items] == pytest.approx([0.6, 0.7])
    assert found.items[0].deviation == pytest.approx(0.1)
    assert found.agreement is not None
    assert found.agreement.n_valid == 2
    assert found.missing == {}


def test_judgements_that_lack_are_told_and_strange_ones_left_out() -> None:
    found = angoff({"甲": {"a": 0.5, "gone": 1.0}, "乙": {}}, {"a": 1, "b": 1})
    assert found.cut == pytest.approx(50)
    assert found.deviation is None
    assert found.missing == {"甲": ("b",)}
    assert [(each.judges, each.mean) for each in found.items] == [(1, 0.5), (0, None)]
    assert angoff({}, {"a": 1}).cut is None
