"""Conditions, visibility, the way through the pages, piping."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Questionnaire
from surveys.expression import Expression, references
from surveys.grammar import DEPTH_LIMIT, LENGTH_LIMIT, parse
from surveys.logic import (
    InvalidCondition,
    compile_json,
    compile_questionnaire,
    next_page,
    pipe,
    previous_page,
    progress,
    shown,
)
from surveys.problem import Problem
from tests.surveys.written import compiled, one_page, questionnaire


def expression(text: str) -> Expression:
    found = parse(text)
    assert not isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("text", "names", "holds"),
    [
        ("q == 3", {"q": 3}, True),
        ("q == 3", {"q": 3.0}, True),
        ("q != 3", {"q": 2}, True),
        ("q != 3", {}, False),
        ("not q == 3", {}, True),
        ("q < 3", {}, False),
        ("q >= 2.5", {"q": 3}, True),
        ("3 > q", {"q": 2}, True),
        ("q == -1", {"q": -1}, True),
        ('q == "a"', {"q": "a"}, True),
        ("q == 'a'", {"q": "a"}, True),
        ("q == “客服”", {"q": "客服"}, True),
        ("q == 3", {"q": "3"}, False),
        ("a == b", {"a": 1, "b": 1}, True),
        ("a == b", {"a": 1}, False),
        ('q in ["a", "b"]', {"q": "b"}, True),
        ('q in ["a", "b"]', {}, False),
        ('q not in ["a", "b"]', {"q": "c"}, True),
        ('q not in ["a", "b"]', {}, False),
        ('q contains "a"', {"q": ["b", "a"]}, True),
        ('"a" in q', {"q": ["b", "a"]}, True),
        ('"a" not in q', {"q": ["b"]}, True),
        ('q contains "a"', {}, False),
        ('person.department contains "客服部"', {"person.department": "总部/客服部/一组"}, True),
        ('person.department contains "客服"', {"person.department": "总部/客服部/一组"}, False),
        ("answered(q)", {"q": 0}, True),
        ("answered(q)", {"q.other": "x"}, True),
        ("answered(q)", {"qq": 1}, False),
        ("a == 1 or b == 1 and c == 1", {"a": 1}, True),
        ("(a == 1 or b == 1) and c == 1", {"a": 1}, False),
        ("（a == 1） and a in 【1，2】", {"a": 1}, True),
        ("not not a == 1", {"a": 1}, True),
        ("true and not false", {}, True),
        ("q.row.work >= 10", {"q.row.work": 10.0}, True),
    ],
)
def test_a_condition_means_what_it_says(text: str, names: dict[str, Any], holds: bool) -> None:
    assert expression(text).holds(names) is holds


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "expression_unfinished"),
        ("q ==", "expression_unfinished"),
        ("(q == 1", "expression_unfinished"),
        ("q = 1", "expression_character"),
        ("q == 1;", "expression_character"),
        ("q == 1 q", "expression_syntax"),
        ("q in []", "expression_syntax"),
        ("q contains", "expression_unfinished"),
        ("answered(3)", "expression_syntax"),
        ("q == and", "expression_syntax"),
        ("__import__('os')", "expression_character"),
        ("(" * (DEPTH_LIMIT + 2) + "q == 1", "expression_too_deep"),
        ("not " * (DEPTH_LIMIT + 2) + "q == 1", "expression_too_deep"),
        ("q == 1 or " * 200, "expression_too_long"),
    ],
)
def test_a_wrong_condition_is_told_apart(text: str, code: str) -> None:
    found = parse(text)
    assert isinstance(found, Problem)
    assert found.code == code
    assert found.message.keys() == {"zh-CN", "en"}


def test_a_condition_tells_what_it_looks_at() -> None:
    text = 'not answered(a) or b.one < 3 and c contains "x" and 2 == d and person.side in ["x"]'
    assert references(expression(text)) == {"a", "b.one", "c", "d", "person.side"}


PIECES = st.sampled_from(['q', 'a.b', '==', '!=', '<', '"x"', "3", "-1.5", "(", ")", "[", "]", ",", "and", "or", "not",
                          "in", "contains", "answered", "true", "“", "\0", "（", "'"])  # fmt: skip
GARBAGE = st.one_of(st.text(max_size=1200), st.lists(PIECES, max_size=400).map(" ".join))


@given(
    GARBAGE, st.dictionaries(st.sampled_from(["q", "a.b"]), st.one_of(st.integers(), st.text(), st.lists(st.text())))
)
def test_garbage_neither_raises_nor_hangs(text: str, names: dict[str, Any]) -> None:
    found = parse(text)
    if not isinstance(found, Problem):
        assert len(text) <= LENGTH_LIMIT
        assert found.holds(names) in (True, False)
        references(found)


# --- what is shown ------------------------------------------------------------------------------------------------

CHAIN = compiled("""\
a: {type: single, text: t, choices: {yes: 是, no: 否}}
b: {type: likert, text: t, scale: agree, visible_if: 'a == "yes"'}
c: {type: short_text, text: t, visible_if: b >= 2}
d: {type: matrix, text: t, scale: agree, rows: {one: 一, two: {label: 二, visible_if: answered(c)}}}
e: {type: matrix, text: t, scale: agree, rows: {one: {label: 一, visible_if: answered(c)}}}
""")


def test_an_answer_counts_only_while_its_question_is_shown() -> None:
    answers = {"a": "yes", "b": 3, "c": "x"}
    everything = shown(CHAIN, answers, {})
    assert everything.questions == {"a", "b", "c", "d", "e"}
    assert everything.hidden_parts == {}
    changed = shown(CHAIN, {**answers, "a": "no"}, {})
    assert changed.questions == {"a", "d"}
    assert changed.hidden("d") == {"two"}


def test_a_word_such_as_no_is_a_code_and_not_a_boolean() -> None:
    assert CHAIN.columns["a"].choices == ("yes", "no")


SEGMENT = compile_questionnaire(questionnaire("""\
about:
  questions:
    side:
      type: single
      text: t
      segment: side
      visible_if: not answered(person.side)
      choices: {upstream: 上, downstream: 下}
up: {visible_if: 'person.side == "upstream"', questions: {u: {type: nps, text: t}}}
down: {visible_if: 'person.side == "downstream"', questions: {d: {type: nps, text: t}}}
end: {questions: {z: {type: nps, text: t}}}
"""))  # fmt: skip


def test_the_roster_spares_the_question_that_it_answers() -> None:
    assert shown(SEGMENT, {}, {"side": "upstream"}).pages == ("up", "end")
    assert shown(SEGMENT, {"side": "downstream"}, {"side": "upstream"}).pages == ("up", "end")


def test_on_a_public_link_the_segment_question_stands_in_for_the_roster() -> None:
    assert shown(SEGMENT, {}, {}).pages == ("about", "end")
    assert shown(SEGMENT, {"side": "downstream"}, {}).pages == ("about", "down", "end")
    assert SEGMENT.drivers == {"side"}


def test_the_roster_is_believed_before_the_answer() -> None:
    always = compiled("""\
        side: {type: single, text: t, segment: side, choices: {upstream: 上, downstream: 下}}
        up: {type: nps, text: t, visible_if: 'person.side == "upstream"'}
    """)
    assert "up" in shown(always, {"side": "downstream"}, {"side": "upstream"}).questions
    assert "up" not in shown(always, {"side": "downstream"}, {}).questions


def test_the_way_leads_over_visible_pages_only() -> None:
    seen = shown(SEGMENT, {"side": "downstream"}, {})
    assert next_page(SEGMENT, seen, "about") == "down"
    assert next_page(SEGMENT, seen, "up") == "down"
    assert next_page(SEGMENT, seen, "end") is None
    assert previous_page(SEGMENT, seen, "down") == "about"
    assert previous_page(SEGMENT, seen, "about") is None
    assert [progress(SEGMENT, seen, page) for page in seen.pages] == [(1, 3), (2, 3), (3, 3)]


def test_without_conditions_everybody_sees_everything() -> None:
    plain = compiled("a: {type: nps, text: t}\nb: {type: nps, text: t}")
    assert plain.everything is not None
    assert shown(plain, {}, {}).questions == {"a", "b"}


def test_a_question_at_a_time_makes_a_page_of_each_question() -> None:
    pages = "p: {title: T, questions: {a: {type: nps, text: t}, b: {type: nps, text: t, visible_if: a > 3}}}"
    one = questionnaire(pages, "name: test\nkind: pulse\ntitle: T\npresentation: question\n")
    screens = compile_questionnaire(one)
    assert [page.code for page in screens.pages] == ["a", "b"]
    assert shown(screens, {"a": 4}, {}).pages == ("a", "b")
    assert shown(screens, {"a": 3}, {}).pages == ("a",)
    assert screens.live_drivers == {"a": frozenset(), "b": frozenset()}


def test_live_drivers_are_what_the_same_page_depends_on() -> None:
    assert CHAIN.live_drivers == {"p": {"a", "b", "c"}}


def test_equal_questionnaires_are_compiled_once() -> None:
    compiled = compile_questionnaire(SEGMENT.questionnaire)
    assert compile_questionnaire(SEGMENT.questionnaire) is compiled


def test_a_broken_condition_cannot_be_compiled() -> None:
    broken = one_page("a: {type: nps, text: t, visible_if: 'b = 3'}")
    with pytest.raises(InvalidCondition, match="unknown symbol"):
        compile_questionnaire(broken)


# --- piping -------------------------------------------------------------------------------------------------------

PIPED = compiled("""\
one: {type: single, text: t, choices: {a: {label: {zh: 甲, en: A}}, x: {label: 其他, other: true}}}
many: {type: multiple, text: t, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
like: {type: matrix, text: t, scale: agree, rows: {r: 行}}
count: {type: number, text: t, unit: 起}
time: {type: duration, text: t}
words: {type: long_text, text: t}
pains: {type: pain_points, text: t, choices: {slow: {label: 等待太久, category: method}, lost: 丢单, forms: 表单}}
why: {type: five_whys, text: t, problem_from: pains}
""")


@pytest.mark.parametrize(
    ("text", "answers", "language", "said"),
    [
        ("选了{{one}}", {"one": "a"}, "zh-CN", "选了甲"),
        ("chose {{ one }}", {"one": "a"}, "en", "chose A"),
        ("{{one}}", {"one": "x", "one.other": "自己写的"}, "zh-CN", "自己写的"),
        ("{{many}}", {"many": ["a", "b"]}, "zh-CN", "甲、乙"),
        ("{{many}}", {"many": ["a", "b"]}, "en", "A, B"),
        ("{{like.r}}", {"like.r": 3}, "zh-CN", "同意"),
        ("{{count}}", {"count": 12.0}, "zh-CN", "12 起"),
        ("{{time}}", {"time": 90.0}, "zh-CN", "90 分钟"),
        ("{{time}}", {"time": 120.0}, "en", "2 h"),
        ("{{pains}}", {"pains": ["lost", "slow"]}, "zh-CN", "丢单、等待太久"),
        ("{{pains.slow.category}}", {"pains.slow.category": "method"}, "en", "Method (process and rules)"),
        ("{{why.problem}}", {"why.problem": "slow"}, "zh-CN", "等待太久"),
        ("{{words}}", {"words": "<b>{{one}}</b>", "one": "a"}, "zh-CN", "<b>{{one}}</b>"),
        ("{{words}}和{{nothing}}", {}, "zh-CN", "…和…"),
        ("{{", {}, "zh-CN", "{{"),
    ],
)
def test_piping_says_answers_in_words(text: str, answers: dict[str, Any], language: str, said: str) -> None:
    assert pipe(text, answers, PIPED, language) == said


def test_the_process_can_be_piped() -> None:
    head = "name: test\nkind: pulse\ntitle: T\nprocess: {zh: 投诉处理, en: Complaints}\n"
    one: Questionnaire = one_page("a: {type: nps, text: t}", head)
    assert pipe("关于{{process}}", {}, compile_questionnaire(one), "zh-CN") == "关于投诉处理"


def test_a_compiled_definition_comes_from_its_stored_json_too() -> None:
    from surveys.definition import to_json

    assert compile_json(to_json(SEGMENT.questionnaire)) is compile_questionnaire(SEGMENT.questionnaire)
