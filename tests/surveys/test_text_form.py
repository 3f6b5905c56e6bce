"""The text form as people write it: kindly read, clearly refused. The examples of docs/text-form.md are read here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from surveys.check import check
from surveys.definition import Questionnaire
from surveys.formats import text
from surveys.problem import has_errors
from surveys.questions import Row, Single

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "text-form.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"### (\d+\. [^\n]*)\n\n```text\n(.*?)```", DOCUMENTED, re.DOTALL)


def written(source: str) -> Questionnaire:
    found, problems = text.read(source)
    assert found is not None, problems
    return found


def told(source: str) -> list[tuple[str, int | None]]:
    found, problems = text.read(source)
    assert found is None
    return [(each.code, each.line) for each in problems]


@pytest.mark.parametrize("example", EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_the_documented_examples_can_be_published(example: tuple[str, str]) -> None:
    one = written(example[1])
    assert not has_errors(check(one)), check(one)
    assert text.read(text.write(one)) == (one, [])


def test_there_are_ten_examples_and_one_has_ten_questions() -> None:
    assert len(EXAMPLES) == 10
    assert len(list(written(EXAMPLES[1][1]).questions())) == 10


def test_the_two_languages_of_keywords_mean_the_same() -> None:
    chinese = written(
        "# 甲 | A\n类型: 考试\n1. 问 | Ask [多选, 最多: 2] *\n- 是 | Yes [互斥]\n- 否 | No\n显示条件: x == 1\n"
    )
    english = written(
        "# 甲 | A\nKind: exam\n1. 问 | Ask [multiple choice, max: 2] *\n- 是 | Yes [exclusive]\n- 否 | No\n"
        "Shown if: x == 1\n"
    )
    assert chinese == english


def test_full_width_signs_and_other_bullets_are_understood() -> None:
    plain = written("# 甲\n1. 问 [多选, 最多: 2] *\n- 是\n- 其他 ___\n提示: 选\n")
    assert written("＃ 甲\n１、问【多选，最多：２】＊\nA．是\nB、其他＿＿＿\n提示：选\n") == plain
    assert written("# 甲\r\n第1题 问[多选 ， 最多: 2]*\r\n• 是\r\n· 其他____\r\n    提示: 选\r\n") == plain


def test_numbers_that_begin_again_on_every_page_give_codes_of_their_own() -> None:
    one = written("# 甲\n## 一\n1. 问\n2. 问\n## 二\n1. 问\n")
    assert [each.code for each in one.questions()] == ["q1", "q2", "q3"]


def test_a_code_that_is_given_is_not_taken_by_another() -> None:
    one = written("# 甲\n1. 问\n2. 问 {q1}\n3. 问\n- 甲\n- 乙 {a}\n")
    assert [each.code for each in one.questions()] == ["q2", "q1", "q3"]
    last = one.question("q3")
    assert isinstance(last, Single)
    assert [each.code for each in last.choices] == ["a_", "a"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1. 问 [单选选]", ("unknown_type_word", 2)),
        ("1. 问 [数字, 最最大: 3]", ("unknown_word", 2)),
        ("1. 问 [数字]\n- 甲", ("stray_line", 3)),
        ("1. 问\n随便写一句", ("stray_line", 3)),
        ("1. 问\n显式条件: x", ("unknown_word", 3)),
        ("1. 问\n提示: 甲\n提示: 乙", ("duplicate_key", 4)),
        ("1. 问 [数字]\n最大: 很多", ("wrong_value", 3)),
        ("1. 问 [量表题]", ("missing_key", 2)),
        ("类型: 谜语\n1. 问", ("not_allowed", 2)),
        ("量表 a: 好, 坏 | Good\n1. 问", ("uneven_list", 2)),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: str, problem: tuple[str, int]) -> None:
    assert problem in told(f"# 甲\n{line}\n")


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    for typed, chinese, english in (("[多选体]", "多选", "multiple choice"), ("[multple]", "多选", "multiple choice")):
        [problem] = text.read(f"# 甲\n1. 问 {typed}\n")[1]
        assert chinese in problem.say("zh-CN")
        assert english in problem.say("en")


def test_all_problems_are_told_at_once() -> None:
    assert [line for _, line in told("# 甲\n1. 问 [甲]\n2. 问 [乙]\n3. 问\n哦\n")] == [2, 3, 5]


def test_a_problem_of_sense_is_found_on_its_line() -> None:
    source = "# 甲\n1. 问\n2. 问 [量表题 nowhere]\n3. 问\n显示条件: nothing == 1\n"
    problems = text.locate(source, check(written(source)))
    assert {(each.code, each.line) for each in problems if each.severity == "error"} == {
        ("unknown_rating_scale", 3), ("unknown_reference", 5),
    }  # fmt: skip


def test_pasted_questions_take_free_codes_and_the_scales_that_are_there() -> None:
    one = written("# 甲\n量表 agree: 好, 坏\n1. 问\n")
    questions, problems = text.read_questions("1. 甲 [量表题 agree]\n2. 乙\n- 是\n- 否\n", one)
    assert problems == []
    assert [(each.code, each.type) for each in questions] == [("q2", "likert"), ("q3", "single")]


@pytest.mark.parametrize(
    ("source", "code"),
    [("", "no_questions"), ("类型: 诊断\n1. 问", "only_questions"), ("1. 问 [迷]", "unknown_type_word")],
)
def test_pasted_questions_that_are_none_are_refused(source: str, code: str) -> None:
    questions, problems = text.read_questions(source, written("# 甲\n1. 问\n"))
    assert questions == ()
    assert [each.code for each in problems] == [code]


def test_pasted_options_need_no_bullets() -> None:
    choices, problems = text.read_choices("甲\nB. 乙 | B {bee}\n- 都不是 [互斥]\n其他____\n")
    assert problems == []
    assert [(each.code, each.exclusive, each.other) for each in choices] == [
        ("a", False, False), ("bee", False, False), ("c", True, False), ("d", False, True),
    ]  # fmt: skip
    rows, _ = text.read_choices("受理\n派单\n", Row)
    assert [each.label["zh-CN"] for each in rows] == ["受理", "派单"]
