"""Every form holds the whole of any item; people's own ways of writing items are read as they are meant."""

from __future__ import annotations

import os
import re
import time
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import item_files
from surveys.definition import fields as fields_of
from surveys.exams.check_items import check
from surveys.exams.formats import kind_written, text, workbook, yaml
from surveys.exams.formats.sheets import COLUMNS, HEADINGS, LETTERS
from surveys.exams.formats.words import FIELDS, TYPES, VALUES
from surveys.exams.items import (
    ITEM_TYPES,
    Accepted,
    AnyItem,
    BankItem,
    CaseItem,
    ClozeItem,
    EssayItem,
    FileItem,
    Level,
    Match,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Pair,
    ShortAnswerItem,
    SingleItem,
    TrueFalseItem,
)  # fmt: skip
from surveys.problem import has_errors
from tests.surveys.exams_at_random import Drawing
from tests.surveys.items_at_random import at_random, banks

DOCUMENT = Path(__file__).parents[2] / "docs" / "exam-items.md"
CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
SHORT = hypothesis.settings(max_examples=10_000 if CAMPAIGN else 150, deadline=None)
Bank = tuple[BankItem, ...]


def read(written: str) -> Bank:
    found, problems = text.read(written)
    assert found is not None, [(each.line, each.message) for each in problems]
    assert problems == []
    return found


def one(written: str) -> AnyItem:
    return read(written)[0].item


# --- nothing is lost ------------------------------------------------------------------------------------------------


@given(banks())
@SHORT
def test_any_items_survive_yaml(bank: Bank) -> None:
    assert yaml.read(yaml.write(bank)) == (bank, [])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(bank=banks())
@SHORT
def test_any_items_survive_the_text_form(language: str, bank: Bank) -> None:
    assert text.read(text.write(bank, language)) == (bank, [])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(bank=banks())
@SHORT
def test_any_items_survive_the_workbook(language: str, bank: Bank) -> None:
    assert workbook.read(workbook.write(bank, language)) == (bank, [])


@pytest.mark.parametrize("seed", range(6))
def test_items_survive_a_way_through_real_files_of_all_forms(seed: int) -> None:
    first = bank = tuple(Drawing(seed).bank_item(tag) for tag in sorted(ITEM_TYPES))
    kinds: tuple[item_files.Kind, ...] = ("text", "workbook", "yaml", "workbook", "text")
    for kind in kinds:
        data = item_files.write(bank, kind, "en" if seed % 2 else "zh-CN")
        found, problems = item_files.read(data, kind)
        assert problems == []
        assert found is not None
        bank = found
    assert bank == first


@given(st.integers(0, 2**48))
@SHORT
def test_items_that_make_sense_have_no_flow_form_and_no_quotes(seed: int) -> None:
    """So people can read and write them."""
    drawing = Drawing(seed)
    written = text.write([drawing.bank_item() for _ in range(4)])
    assert not re.search(r'[{\[]\{|"|: \[', written), written


def test_random_items_have_every_type_and_every_field() -> None:
    """Else the identities above would say little."""
    found: set[tuple[str, str]] = set()

    def walk(value: Any) -> None:
        if isinstance(value, msgspec.Struct):
            found.update((type(value).__name__, each) for each in msgspec.to_builtins(value))
            for each in value.__struct_fields__:
                walk(getattr(value, each))
        elif isinstance(value, tuple):
            for each in value:
                walk(each)

    for seed in range(400):
        walk(at_random(seed))
    wanted = {(kind.__name__, each.encode_name) for kind in EVERY for each in fields_of(kind)}
    assert wanted <= found, sorted(wanted - found)


def test_a_cell_is_never_a_formula() -> None:
    for seed in range(100):
        for rows in workbook.write(at_random(seed)).values():
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# --- words ----------------------------------------------------------------------------------------------------------


def structs(kind: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for each in fields_of(kind):
            yield from structs(each.type, seen)
    for inner in typing.get_args(kind):
        yield from structs(inner, seen)


EVERY = tuple(structs(BankItem, set()))


def literals(kind: Any) -> set[str]:
    if typing.get_origin(kind) is typing.Literal:
        return set(typing.get_args(kind))
    return {each for inner in typing.get_args(kind) for each in literals(inner)}


def test_every_type_field_and_value_has_a_word_in_both_languages() -> None:
    fields = [each for kind in EVERY for each in fields_of(kind)]
    assert {each.encode_name for each in fields} <= set(FIELDS.words)
    assert set(ITEM_TYPES) == set(TYPES.words)
    assert {value for each in fields for value in literals(each.type)} <= set(VALUES.words)


def test_no_word_means_two_things_in_one_place() -> None:
    places = [[each.encode_name for each in fields_of(kind)] for kind in EVERY]
    bank = [each.encode_name for each in fields_of(BankItem)]
    places += [[*bank, *(each.encode_name for each in fields_of(kind))] for kind in ITEM_TYPES.values()]
    for place in places:
        words = [word for name in place for word in FIELDS.known(name)]
        assert len(words) == len(set(words)), sorted(word for word in words if words.count(word) > 1)
    types = [word for tag in ITEM_TYPES for word in TYPES.known(tag)]
    assert len(types) == len(set(types))
    for columns in ((*COLUMNS["items"], *LETTERS), COLUMNS["entries"]):
        words = [word for column in columns for word in HEADINGS.known(column)]
        assert len(words) == len(set(words)), sorted(word for word in words if words.count(word) > 1)


# --- what people write ----------------------------------------------------------------------------------------------


def test_a_list_as_trainers_keep_it_needs_no_brackets() -> None:
    bank = read(
        """
        # 新流程考试题
        ## 投诉受理
        难度: 易
        标签: 首问, 时限
        1、谁对投诉负责到底？
        A、第一位接听的客服
        B、销售部
        C、谁有空谁处理
        答案：A
        解析：首问负责制。
        2. 下列哪些情况应升级？
        *A. 超过 24 小时未分派
        √B. 客户索赔
        C. 客户嗓门大
        3. 客服应在 24 小时内分派。
        答案：√
        4. 关闭时限是多少小时？
        答案：48 ±0.5
        5. 首先负责的部门叫什么？
        答案：客户服务部/客服部
        6. 谈谈你对首问负责的理解。
        ##
        7. 案例：李先生第三次来电……
        (1) 先做什么？
        A. 道歉
        *B. 查 CRM
        （2）几小时内分派？
        答案：24
        """
    )
    kinds = [SingleItem, MultipleItem, TrueFalseItem, NumericItem, ShortAnswerItem, EssayItem, CaseItem]
    assert [type(each.item) for each in bank] == kinds
    assert [each.code for each in bank] == [f"q{number}" for number in range(1, 8)]
    assert {(each.category, each.difficulty, each.tags) for each in bank[:6]} == {
        ("投诉受理", "easy", ("首问", "时限"))
    }
    assert (bank[6].category, bank[6].difficulty) == ("", "medium")
    single, multiple = bank[0].item, bank[1].item
    assert isinstance(single, SingleItem)
    assert isinstance(multiple, MultipleItem)
    assert [each.correct for each in single.options] == [True, False, False]
    assert [each.correct for each in multiple.options] == [True, True, False]
    assert single.explanation == {"zh-CN": "首问负责制。"}
    case = bank[6].item
    assert isinstance(case, CaseItem)
    assert [(each.code, type(each.item)) for each in case.questions] == [("q1", SingleItem), ("q2", NumericItem)]
    assert not has_errors(check(bank))


def test_answers_are_alternatives_numbers_have_tolerances_and_quotes_make_texts() -> None:
    found = one('1. 几？ [短答]\n答案: 48 ±2 / "48" / 四十八 [得分: 0.5, 反馈: 请写数字]')
    assert isinstance(found, ShortAnswerItem)
    assert found.accepted == (
        Accepted(number=48, tolerance=2),
        Accepted(text="48"),
        Accepted(text="四十八", share=0.5, feedback={"zh-CN": "请写数字"}),
    )


def test_what_does_not_count_is_listed() -> None:
    found = one("1. 名 [短答]\n答案: 甲\n忽略: 大小写, 繁简")
    assert isinstance(found, ShortAnswerItem)
    assert found.match == Match(width=False, case=True, punctuation=False, spaces=False, script=True)
    none = one("1. Name [short answer]\nanswer: x\nignore: nothing")
    assert isinstance(none, ShortAnswerItem)
    assert none.match == Match(width=False, case=False, punctuation=False, spaces=False)


def test_pairs_may_name_their_answers_in_words() -> None:
    found = one("1. 连线 [配对]\n- 分派 => 24 小时\n- 关闭 => 48 小时\n- 首次回复 => 24 小时")
    assert isinstance(found, MatchingItem)
    assert [each.label for each in found.options] == [{"zh-CN": "24 小时"}, {"zh-CN": "48 小时"}]
    assert found.pairs[2] == Pair(code="c", label={"zh-CN": "首次回复"}, option="a")


def test_a_sentence_keeps_its_gaps_and_a_rubric_its_levels() -> None:
    cloze = one("1. 应在 [[hours]] 小时内由 [[who]] [句中填空]\n- {hours} => 24\n- {who} => 客服")
    assert isinstance(cloze, ClozeItem)
    assert cloze.text == {"zh-CN": "应在 [[hours]] 小时内由 [[who]]"}
    file = one("1. 上传记录 [上传文件]\n- 完整 | Complete => 0: 缺 | missing / 2分 全 | all")
    assert isinstance(file, FileItem)
    assert file.rubric[0].levels == (
        Level(points=0, label={"zh-CN": "缺", "en": "missing"}),
        Level(points=2, label={"zh-CN": "全", "en": "all"}),
    )


def test_codes_in_use_are_not_given_again() -> None:
    found, _ = text.read("1. 对？\n答案: 对\n2. 对？ {q1}\n答案: 错", taken=["q3"])
    assert found is not None
    assert [each.code for each in found] == ["q2", "q1"]


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("1. 选 [单选, 难读: 易]\n- 甲", 1, "难读"),
        ("1. 选 [单选]\n难度: 极难\n- 甲", 2, "极难"),
        ("1. 选\n题型: 猜谜\n答案: 对", 2, "猜谜"),
        ("1. 选 [单选]\n- 甲\n这一行不知是什么", 3, "这一行不知是什么"),
        ("1. 对？ [判断]\n答案: 也许", 2, ""),
        ("1. 对？ [判断]\n答案: 对\n解释: 因为", 3, "解释"),
        ("1. 对？ [判断]\n答案: 对\n答案: 错", 3, ""),
        ("1. 谈 [问答]\n- 完整 => 全都有", 2, ""),
        ("1. 名 [短答]\n答案: 甲\n忽略: 声调", 3, "声调"),
        ("(1) 小题没有案例\n答案: 对", 1, "小题没有案例"),
        ("随便写写", 1, "随便写写"),
        ("", 1, ""),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(written: str, line: int, said: str) -> None:
    found, problems = text.read(written)
    assert found is None
    assert line in [each.line for each in problems], [(each.line, each.message) for each in problems]
    assert said in "".join(each.say("zh-CN") for each in problems)


def test_problems_of_the_check_are_found_in_the_text_and_in_the_sheet() -> None:
    written = "1. 对？ {a}\n答案: 对\n\n2. 选 [单选] {b}\n- 甲\n- 乙"
    bank = read(written)
    [problem] = text.locate(written, check(bank))
    assert (problem.code, problem.line) == ("no_key", 5)
    [problem] = workbook.locate(workbook.write(bank), check(bank))
    assert (problem.code, problem.line) == ("no_key", 3)  # the row of the item
    [problem] = yaml.locate(yaml.write(bank), check(bank))
    assert problem.line is not None


def test_a_list_kept_in_one_sheet_is_read() -> None:
    found, problems = workbook.read(
        {
            "Sheet1": [
                ["题型", "题目", "选项A", "选项B", "选项C", "答案", "解析", "难度", "知识点"],
                ["单选题", "谁受理？", "客服 | Service", "销售", "财务", "A", "首问负责", "容易", "受理"],
                ["", "哪些升级？", "超时", "索赔", "嗓门大", "AB", "", "", ""],
                ["判断题", "24 小时分派", "", "", "", "正确", "", "难", ""],
                ["", "部门叫什么？", "", "", "", "客服部/客户服务部", "", "", ""],
                ["", "", "", "", "", "", "", "", ""],
                ["简答题", "谈谈理解", "", "", "", "", "", "", ""],
            ]
        }
    )
    assert problems == []
    assert found is not None
    assert [type(each.item) for each in found] == [SingleItem, MultipleItem, TrueFalseItem, ShortAnswerItem, EssayItem]
    assert [each.code for each in found] == ["q1", "q2", "q3", "q4", "q5"]
    first = found[0].item
    assert isinstance(first, SingleItem)
    assert first.options[0].label == {"zh-CN": "客服", "en": "Service"}
    assert (found[0].category, found[0].difficulty, first.explanation) == ("受理", "easy", {"zh-CN": "首问负责"})
    assert not has_errors(check(found))


def test_a_fault_in_a_sheet_is_told_with_its_row() -> None:
    rows = [["题型", "题目", "答案"], ["判断题", "对？", "对"], ["猜谜题", "？", ""], ["判断题", "对？", "也许"]]
    found, problems = workbook.read({"题目": rows})
    assert found is None
    assert [each.line for each in problems] == [3, 4]
    assert all(each.say("zh-CN").startswith("题目 · ") for each in problems)


@given(
    st.lists(st.text(alphabet="#-1.[]{}:：|>=\"'*_（）(1)单选答案对题a,/±√A\n", max_size=40), max_size=10).map(
        "\n".join
    )
)
@SHORT
def test_no_text_makes_the_reader_fail(written: str) -> None:
    found, problems = text.read(written)
    assert (found is None) == has_errors(problems)
    if found is not None:
        check(found)
        assert text.read(text.write(found))[0] == found


@given(st.lists(st.lists(st.sampled_from(["题型", "编码", "题目", "答案", "A", "单选", "案例", "小题", "", "a", "[", '"', "=1", "行类型", "其他设置"]), max_size=6), max_size=6))  # fmt: skip  # noqa: E501
@SHORT
def test_no_sheet_makes_the_reader_fail(rows: list[list[str]]) -> None:
    found, problems = workbook.read({"题目": rows, "选项": rows})
    assert (found is None) == has_errors(problems)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x80abc", b"PK\x03\x04broken", b"items: &a [*a]", b"- " * 100_000])
def test_no_file_makes_the_reader_fail(data: bytes) -> None:
    kinds: tuple[item_files.Kind, ...] = ("text", "yaml", "workbook")
    for kind in kinds:
        found, problems = item_files.read(data, kind)
        assert found is None
        assert has_errors(problems)


def test_a_bare_list_is_a_file_of_items_too() -> None:
    bank = at_random(3)
    bare = re.sub(r"^items:\n", "", yaml.write(bank))
    assert bare.startswith("- ")
    assert yaml.read(bare) == (bank, [])


def test_the_form_of_what_is_pasted_is_known() -> None:
    assert kind_written("items:\n- code: a") == "yaml"
    assert kind_written("# 题库\n\n- code: a\n  item: {}") == "yaml"
    assert kind_written("# 题库\n## 受理\n1. 题\n- code: a") == "text"
    assert kind_written("1. 对？\n答案: 对") == "text"
    assert item_files.form_of(b"PK\x03\x04") == "workbook"


def test_a_bank_of_a_thousand_items_is_read_in_seconds() -> None:
    drawing = Drawing(7)
    bank = tuple(drawing.bank_item() for _ in range(1_000))
    started = time.perf_counter()
    assert text.read(text.write(bank)) == (bank, [])
    assert time.perf_counter() - started < 20


# --- documentation --------------------------------------------------------------------------------------------------


def examples() -> list[str]:
    return re.findall(r"```items\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(examples()) if DOCUMENT.exists() else 0))
def test_every_example_of_the_documentation_is_right(number: int) -> None:
    bank = read(examples()[number])
    assert check(bank) == []


def test_the_documentation_shows_every_type_in_both_languages() -> None:
    found = examples()
    assert len(found) >= 10
    assert {type(each.item) for example in found for each in read(example)} == set(ITEM_TYPES.values())
    for words in TYPES.words.values():
        document = DOCUMENT.read_text(encoding="utf-8")
        assert all(word.split("/")[0] in document for word in words)
