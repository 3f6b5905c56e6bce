"""Blanks, written forms, dates, files, signatures and places: what is read, refused, due and filled in again."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questions.base import TODAY, Form
from surveys.questions.text import compiled_pattern
from tests.surveys.written import codes, one_page

ALL = one_page("""\
parts:
  type: blanks
  text: t
  not_applicable: true
  blanks:
    - {code: who, label: 谁, required: true}
    - {code: many, label: 多少, kind: number, low: 0, high: 10, decimals: 1}
gap:
  type: cloze
  text: t
  sentence: "共[[n]]件，因为[[why]]。"
  blanks: [{code: n, label: 件数, kind: number}, {code: why, label: 原因}]
mail: {type: email, text: t, not_applicable: true}
phone: {type: mobile, text: t}
home_phone: {type: mobile, text: t, international: false}
card: {type: id_card, text: t, old: true}
page: {type: url, text: t}
order: {type: pattern, text: t, pattern: "[A-Z]{2}[0-9]+"}
day: {type: date, text: t, low: today-7, high: today}
fixed: {type: date, text: t, low: "2026-01-01", high: "2026-12-31"}
hour: {type: time, text: t, low: "08:00", high: "18:00"}
span: {type: date_range, text: t, longest: 10, not_applicable: true}
doc: {type: file, text: t, required: true}
pic: {type: photo, text: t}
sign: {type: signature, text: t, required: true}
where: {type: location, text: t, required: true, not_applicable: true}
""")
KINDS = {question.code: question for question in ALL.questions()}
NOW = {TODAY: ["2026-03-10"]}
IDENTIFIER = "0123456789abcdef0123456789abcdef"


def read(code: str, form: Form) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    answers, _, problems = KINDS[code].read({**form, **NOW}, ALL)
    return answers, [(each.code, each.place) for each in problems]


@pytest.mark.parametrize(
    ("code", "form", "answers"),
    [
        ("parts", {"parts.who": ["王芳"], "parts.many": ["２.5"]}, {"parts.who": "王芳", "parts.many": 2.5}),
        ("gap", {"gap.n": ["3"], "gap.why": ["缺件"]}, {"gap.n": 3.0, "gap.why": "缺件"}),
        ("mail", {"mail": [" Wang@Example。COM "]}, {"mail": "wang@example.com"}),
        ("phone", {"phone": ["138 0013-8000"]}, {"phone": "+8613800138000"}),
        ("phone", {"phone": ["008613800138000"]}, {"phone": "+8613800138000"}),
        ("phone", {"phone": ["+49 (151) 23456789"]}, {"phone": "+4915123456789"}),
        ("card", {"card": ["11010519491231002x"]}, {"card": "11010519491231002X"}),
        ("card", {"card": ["130503670401001"]}, {"card": "130503196704010016"}),
        ("page", {"page": ["example.com/a?b"]}, {"page": "https://example.com/a?b"}),
        ("order", {"order": ["ＡＢ12"]}, {"order": "AB12"}),
        ("day", {"day": ["2026年3月9日"]}, {"day": "2026-03-09"}),
        ("day", {"day": ["20260310"]}, {"day": "2026-03-10"}),
        ("hour", {"hour": ["8:05"]}, {"hour": "08:05"}),
        ("span", {"span.from": ["2026-03-01"], "span.to": ["2026/3/10"]},
         {"span.from": "2026-03-01", "span.to": "2026-03-10"}),
        ("doc", {"doc": [IDENTIFIER], "doc.name": ["表.pdf"]}, {"doc": IDENTIFIER, "doc.name": "表.pdf"}),
        ("sign", {"sign.drawn": ["M1 2L3 4M5 6"]}, {"sign.drawn": "M1 2L3 4M5 6"}),
        ("where", {"where.latitude": ["31.23042"], "where.longitude": ["121.4737"], "where.accuracy": ["24.6"]},
         {"where.latitude": 31.23, "where.longitude": 121.474, "where.accuracy": 25.0}),
    ],
)  # fmt: skip
def test_what_people_type_is_stored_in_one_way(code: str, form: Form, answers: dict[str, Any]) -> None:
    assert read(code, form) == (answers, [])


@pytest.mark.parametrize(
    ("code", "form", "problem"),
    [
        ("parts", {"parts.many": ["11"]}, ("too_high", "parts.many")),
        ("mail", {"mail": ["wang@"]}, ("not_email", "mail")),
        ("phone", {"phone": ["12345678901"]}, ("not_mobile", "phone")),
        ("home_phone", {"home_phone": ["+4915123456789"]}, ("not_mainland_mobile", "home_phone")),
        ("card", {"card": ["110105194912310021"]}, ("not_id_card", "card")),
        ("card", {"card": ["110105202612310" + "011"]}, ("not_id_card", "card")),
        ("page", {"page": ["javascript:alert(1)"]}, ("not_url", "page")),
        ("page", {"page": ["https://me:pass@example.com"]}, ("not_url", "page")),
        ("order", {"order": ["AB12\nX"]}, ("not_pattern", "order")),
        ("day", {"day": ["2026-02-30"]}, ("no_such_date", "day")),
        ("day", {"day": ["2026-03-11"]}, ("too_late", "day")),
        ("day", {"day": ["2026-03-02"]}, ("too_early", "day")),
        ("day", {"day": ["soon"]}, ("not_date", "day")),
        ("hour", {"hour": ["25:00"]}, ("not_time", "hour")),
        ("hour", {"hour": ["07:59"]}, ("too_early", "hour")),
        ("span", {"span.from": ["2026-03-02"], "span.to": ["2026-03-01"]}, ("ends_before", "span.to")),
        ("span", {"span.from": ["2026-03-01"], "span.to": ["2026-03-11"]}, ("span_too_long", "span.to")),
        ("doc", {"doc.fault": ["file_too_big 10"]}, ("file_too_big", "doc")),
        ("sign", {"sign.drawn": ["M1 2<script>"]}, ("not_drawn", "sign")),
    ],
)
def test_what_is_of_another_form_is_told_at_its_field(code: str, form: Form, problem: tuple[str, str]) -> None:
    answers, problems = read(code, form)
    assert answers == {}
    assert problems == [problem]


def missing(code: str, form: Form) -> list[tuple[str, str]]:
    answers, marked, _ = KINDS[code].read(form, ALL)
    return [(e.code, e.place) for e in KINDS[code].missing(answers, frozenset(marked), ALL, frozenset())]


@pytest.mark.parametrize(
    ("code", "form", "due"),
    [
        ("parts", {}, [("required_blank", "parts.who")]),
        ("parts", {"parts.na": ["1"]}, []),
        ("span", {"span.to": ["2026-03-01"]}, [("date_from", "span.from")]),
        ("span", {}, []),
        ("doc", {"doc": ["not an identifier"]}, [("required", "doc")]),
        ("sign", {"sign": ["王芳"]}, []),
        ("sign", {}, [("unsigned", "sign")]),
        ("where", {"where.place": ["三号车间"]}, []),
        ("where", {"where.latitude": ["31"]}, [("place_due", "where.place")]),
        ("where", {"where.na": ["1"]}, []),
    ],
)
def test_what_is_due_is_told_where_it_belongs(code: str, form: Form, due: list[tuple[str, str]]) -> None:
    assert missing(code, form) == due


TYPED = st.one_of(
    st.text(max_size=30),
    st.dates().map(str),
    st.times().map(lambda t: f"{t:%H:%M}"),
    st.floats(allow_nan=False).map(str),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.emails(),
    st.sampled_from([IDENTIFIER, "M1 2L3 4", "AB1", "example.com", "11010519491231002X", "31.2304"]),
)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_filling_a_form_again_reads_the_same_answers(code: str, data: st.DataObject) -> None:
    question = KINDS[code]
    fields = {column.name for column in question.columns(ALL)} | {f"{code}.na"}
    form = {field: [data.draw(TYPED)] for field in sorted(fields) if data.draw(st.booleans())}
    answers, marked, _ = question.read({**form, **NOW}, ALL)
    again = question.form_values(answers, frozenset(marked), ALL)
    assert question.read({**again, **NOW}, ALL)[:2] == (answers, marked)
    assert set(answers) <= {column.name for column in question.columns(ALL)}


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    found = compiled_pattern("(a+)+(a|a?)*b")
    started = time.perf_counter()
    assert not found.fullmatch("a" * 2_000)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("pattern", ["", "(", "(?=a)", r"(a)\1", "a{1001}", "((a{100}){100}){100}", "x" * 501])
def test_a_pattern_that_cannot_be_run_is_refused(pattern: str) -> None:
    assert isinstance(compiled_pattern(pattern), str)


def test_a_sentence_is_cut_at_its_marks_before_anything_is_piped_into_it() -> None:
    pieces = KINDS["gap"].pieces("zh-CN")  # type: ignore[union-attr]
    assert [(words["zh-CN"], blank and blank.code) for words, blank in pieces] == [
        ("共", "n"), ("件，因为", "why"), ("。", None),
    ]  # fmt: skip


def test_an_author_is_told_what_makes_no_sense() -> None:
    wrong = one_page("""\
gap: {type: cloze, text: t, sentence: "共[[n]]件[[x]]", blanks: [{code: n, label: 件数}, {code: m, label: 原因}]}
order: {type: pattern, text: t, pattern: "("}
day: {type: date, text: t, low: tomorrow}
span: {type: date_range, text: t, low: today+1, high: today-1}
hour: {type: time, text: t, low: "8"}
doc: {type: file, text: t, kinds: []}
mail: {type: email, text: t}
""")
    found = {code for code, _ in codes(wrong)}
    assert {
        "unknown_mark", "no_mark", "bad_pattern", "bad_date_bound", "bad_date_bounds", "bad_time_bound",
        "no_file_kinds", "identifying",
    } <= found  # fmt: skip


def test_an_import_without_a_server_holds_no_date_against_today() -> None:
    assert KINDS["day"].read({"day": ["1999-01-01"]}, ALL)[0] == {"day": str(date(1999, 1, 1))}
