"""Matrices, tables, flow order and ECRS: what they read, refuse, call missing, hide and fill in again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from surveys.answers import Record, finish, page_form, read_page
from surveys.check import check
from surveys.formats import yaml
from surveys.logic import compile_questionnaire, shown
from surveys.questions import Table
from surveys.questions.base import Form
from surveys.rows import from_columns
from tests.surveys.written import codes, one_page

WRITTEN = (Path(__file__).parent / "matrices.yaml").read_text("utf-8")
FOUND, _ = yaml.read(WRITTEN)
assert FOUND is not None
ALL = FOUND
KINDS = {question.code: question for question in ALL.questions()}
compiled = compile_questionnaire(ALL)
FAMILY = [code for code in KINDS if code != "trouble"]


def read(code: str, form: Form) -> tuple[dict[str, Any], list[str], list[tuple[str, str]]]:
    answers, not_applicable, problems = KINDS[code].read(form, ALL)
    return answers, not_applicable, [(each.code, each.place) for each in problems]


def missing(code: str, form: Form, hidden: frozenset[str] = frozenset()) -> list[str]:
    answers, marked, problems = KINDS[code].read(form, ALL)
    assert not problems
    return [each.place for each in KINDS[code].missing(answers, frozenset(marked), ALL, hidden)]


def test_the_samples_make_sense_in_both_languages() -> None:
    assert check(ALL) == []


@pytest.mark.parametrize(
    ("code", "form", "answers"),
    [
        ("who", {"who.limit": ["finance"]}, {"who.limit": "finance"}),
        ("tools", {"tools.apply": ["chat", "paper"]}, {"tools.apply": ["paper", "chat"]}),
        ("tools", {"tools.apply": ["none"]}, {"tools.apply": ["none"]}),
        ("needs", {"needs.buyer": ["预算进度"], "needs.finance": [" "]}, {"needs.buyer": "预算进度"}),
        ("hours", {"hours.budget": ["１２.5"], "hours.sign": ["0"]}, {"hours.budget": 12.5, "hours.sign": 0.0}),
        ("burden", {"burden.form": ["70"]}, {"burden.form": 70}),
        ("gap", {"gap.speed.importance": ["5"]}, {"gap.speed.importance": 5}),
        ("owners", {"owners.request.years": ["ten"]}, {"owners.request.years": "ten"}),
        (
            "forms",
            {"forms.request.used": ["30"], "forms.request.state": ["clumsy"], "forms.request.clear": ["2"]},
            {"forms.request.used": 30.0, "forms.request.state": "clumsy", "forms.request.clear": 2},
        ),
        ("delays", {"delays.3.what": ["叉车电池"], "delays.rows": ["4"]}, {"delays.3.what": "叉车电池"}),
        ("real", {"real.order": ["2"], "real.apply": ["1"]}, {"real": ["apply", "order"]}),
        (
            "ideas",
            {"ideas.apply.suggestion": ["simplify"], "ideas.apply.minutes": ["7.5"]},
            {"ideas.apply.suggestion": "simplify", "ideas.apply.minutes": 7.5},
        ),
    ],
)
def test_a_good_answer_is_read(code: str, form: Form, answers: dict[str, Any]) -> None:
    assert read(code, form) == (answers, [], [])


@pytest.mark.parametrize(
    ("code", "form", "problem"),
    [
        ("who", {"who.limit": ["finance", "buyer"]}, ("one_only", "who.limit")),
        ("who", {"who.limit": ["stranger"]}, ("unknown_choice", "who.limit")),
        ("tools", {"tools.apply": ["none", "paper"]}, ("exclusive", "tools.apply")),
        ("tools", {"tools.apply": ["chat", "paper", "system"]}, ("too_many", "tools.apply")),
        ("needs", {"needs.buyer": ["长" * 201]}, ("too_long", "needs.buyer")),
        ("hours", {"hours.budget": ["1.25"]}, ("too_precise", "hours.budget")),
        ("hours", {"hours.budget": ["201"]}, ("too_high", "hours.budget")),
        ("burden", {"burden.form": ["101"]}, ("too_high", "burden.form")),
        ("burden", {"burden.form": ["1.5"]}, ("not_integer", "burden.form")),
        ("gap", {"gap.speed.satisfaction": ["6"]}, ("out_of_scale", "gap.speed.satisfaction")),
        ("owners", {"owners.request.keeper": ["ten"]}, ("unknown_choice", "owners.request.keeper")),
        ("delays", {"delays.1.days": ["-1"]}, ("too_low", "delays.1.days")),
        ("real", {"real.order": ["1"], "real.apply": ["1"]}, ("rank_taken", "real.order")),
        ("ideas", {"ideas.apply.suggestion": ["abolish"]}, ("unknown_choice", "ideas.apply.suggestion")),
    ],
)
def test_a_bad_answer_is_refused_at_its_cell(code: str, form: Form, problem: tuple[str, str]) -> None:
    assert problem in read(code, form)[2]


def test_a_refused_cell_leaves_the_good_ones_of_its_row() -> None:
    answers, _, problems = read("forms", {"forms.request.used": ["viele"], "forms.request.clear": ["2"]})
    assert answers == {"forms.request.clear": 2}
    assert problems == [("not_number", "forms.request.used")]


def test_a_box_marks_every_cell_of_its_row_and_only_where_it_is_offered() -> None:
    assert read("gap", {"gap.speed.na": ["1"], "gap.speed.importance": ["5"]}) == (
        {}, ["gap.speed.importance", "gap.speed.satisfaction"], [],
    )  # fmt: skip
    assert read("forms", {"forms.request.na": ["1"]}) == ({}, [], [])


def test_a_required_matrix_wants_every_cell_but_the_optional_ones() -> None:
    form = {"forms.compare.used": ["1"], "forms.compare.state": ["fine"], "forms.compare.clear": ["3"]}
    assert missing("forms", form) == ["forms.request.used", "forms.request.state", "forms.request.clear"]
    assert missing("gap", {"gap.speed.na": ["1"]}, frozenset(["rules"])) == [
        "gap.status.importance", "gap.status.satisfaction",
    ]  # fmt: skip


def test_a_table_wants_its_first_row_and_whatever_row_was_begun() -> None:
    assert missing("delays", {}) == ["delays.1.what", "delays.1.days"]
    begun = {"delays.1.what": ["纸箱"], "delays.1.days": ["2"], "delays.3.cause": ["form"]}
    assert missing("delays", begun) == ["delays.3.what", "delays.3.days"]


def test_a_table_asks_for_nothing_of_what_other_questions_answered() -> None:
    whole = {"forms.request.used": 3.0, "delays.1.what": "纸箱", "delays.1.days": 2.0}
    assert KINDS["delays"].missing(whole, frozenset(), ALL, frozenset()) == []


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ({}, 1),
        ({"_more": ["delays"]}, 2),
        ({"_more": ["another"]}, 1),
        ({"delays.rows": ["2"], "_more": ["delays"]}, 3),
        ({"delays.3.what": ["x"]}, 3),
        ({"delays.rows": ["4"], "_more": ["delays"]}, 4),
        ({"delays.rows": ["99999"]}, 1),
        ({"delays.rows": ["-1"]}, 1),
    ],
)
def test_a_table_shows_what_is_filled_and_one_row_more_when_asked(form: Form, rows: int) -> None:
    table = KINDS["delays"]
    assert isinstance(table, Table)
    assert table.shown_rows(form) == rows


def test_a_step_that_is_kept_saves_no_time() -> None:
    form = {"ideas.apply.suggestion": ["keep"], "ideas.apply.minutes": ["viel"], "ideas.apply.reason": ["够快了"]}
    assert read("ideas", form) == ({"ideas.apply.suggestion": "keep", "ideas.apply.reason": "够快了"}, [], [])


def test_only_a_suggestion_is_due_for_each_step() -> None:
    form = {f"ideas.{step}.suggestion": ["keep"] for step in ("apply", "budget", "approve")}
    assert missing("ideas", form) == ["ideas.order.suggestion"]
    assert missing("ideas", {**form, "ideas.order.na": ["1"]}) == []


def test_columns_word_their_row_their_cell_and_their_values() -> None:
    columns = {column.name: column for column in ALL.columns()}
    assert columns["gap.speed.importance"].label["zh-CN"] == "审批速度 · 重要程度"
    assert columns["gap.speed.importance"].labels["5"]["en"] == "Most important"
    assert columns["who.limit"].labels["nobody"]["zh-CN"] == "说不清"
    assert columns["burden.form"].labels["100"]["en"] == "unbearable"
    assert columns["ideas.apply.minutes"].unit == "minute"
    assert columns["delays.4.what"].label == {"zh-CN": "第 4 行 · 采购内容", "en": "Row 4 · What was bought"}
    assert [name for name in columns if name.startswith("real")] == ["real"]


# --- hidden rows --------------------------------------------------------------------------------------------------

HIDING = 'side == "x"'
ROWS = f"rows: [{{code: a, label: 甲}}, {{code: x, label: 乙, visible_if: '{HIDING}'}}]"
OPTIONS = "choices: {x: X, y: Y}"
TYPES = {
    "matrix": ("scale: agree", {"q.x": ["1"]}),
    "matrix_single": (OPTIONS, {"q.x": ["y"]}),
    "matrix_multiple": (OPTIONS, {"q.x": ["y"], "q.a": ["x", "y"]}),
    "matrix_text": ("max_length: 9", {"q.x": ["字"]}),
    "matrix_number": ("low: 0", {"q.x": ["3"]}),
    "matrix_slider": ("low_label: 低, high_label: 高", {"q.x": ["3"]}),
    "matrix_dual": (
        "first: {code: i, label: 重要, scale: agree}, second: {code: s, label: 满意, scale: agree}",
        {"q.x.i": ["1"], "q.x.s": ["2"]},
    ),
    "matrix_dropdown": (f"cells: [{{code: d, label: 选, {OPTIONS}}}]", {"q.x.d": ["x"]}),
    "matrix_mixed": ("cells: [{code: t, label: 写}]", {"q.x.t": ["字"]}),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_hidden_row_s_answers_never_survive_and_are_told_from_skipped_ones(kind: str) -> None:
    settings, form = TYPES[kind]
    questions = (
        "side: {type: single, text: t, choices: {x: 甲, y: 乙}}\n"
        f"q: {{type: {kind}, text: t, required: true, {settings}, {ROWS}}}"
    )
    made = compile_questionnaire(one_page(questions))
    names = [name for name in made.columns_of["q"] if name.split(".")[1] == "x"]
    page = read_page(made, "p", {**form, "side": ["x"]}, Record(), {})
    assert set(names) <= set(page.record.answers)
    changed = Record({**page.record.answers, "side": "y"}, page.record.not_applicable)
    done = finish(made, changed, {})
    assert not set(names) & set(done.stored)
    assert done.stored["_not_shown"] == names
    assert not any(place in names for errors in done.errors.values() for place in errors)
    if kind == "matrix_multiple":
        assert done.stored["q.a"] == ["x", "y"]  # a row's code says nothing about an option of the same code


# --- any form whatsoever ------------------------------------------------------------------------------------------

FIELDS = sorted({column.name for column in ALL.columns()} | {
    f"{stem}.{end}"
    for stem in (*FAMILY, "gap.speed", "who.limit", "hours.budget", "ideas.apply", "delays.1", "real")
    for end in ("na", "rows", "apply", "budget", "order")
} | {"more"})  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "2", "5", "12.5", "paper", "chat", "none", "finance", "ten", "fine", "keep",
                     "combine", "NaN", "-1", "1e9", "²", "٣", "文字", " ", "1,000", "0.30", "delays"]),
    st.text(max_size=30),
)  # fmt: skip
FORMS = st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, max_size=3), max_size=30)


@given(FORMS)
def test_any_form_is_read_and_what_was_read_fills_the_form_again(form: dict[str, list[str]]) -> None:
    for code in FAMILY:
        question = KINDS[code]
        answers, marked, problems = question.read(form, ALL)
        assert set(compiled.columns_of[code]).issuperset([*answers, *marked])
        assert not set(answers) & set(marked)
        assert all(each.place.partition(".")[0] == code for each in problems)
        again = question.read(question.form_values(answers, frozenset(marked), ALL), ALL)
        assert again == (answers, marked, [])
        event(f"{code}: {'answered' if answers else 'problem' if problems else 'nothing'}")
        question.missing(answers, frozenset(marked), ALL, frozenset())


@given(FORMS, st.sampled_from(["yes_often", "never"]))
def test_whatever_is_posted_no_hidden_row_is_stored(form: dict[str, list[str]], trouble: str) -> None:
    record = Record()
    for page in compiled.pages:
        record = read_page(compiled, page.code, {**form, "trouble": [trouble]}, record, {}).record
    stored = finish(compiled, record, {}).stored
    assert ("who.returned" in stored.get("_not_shown", ())) == (trouble == "never")
    assert trouble == "yes_often" or "who.returned" not in stored
    page = compiled.pages[0]
    filled = page_form(compiled, page, record)
    assert read_page(compiled, page.code, filled, Record(), {}).record.answers == {
        name: value for name, value in record.answers.items() if compiled.page_of[name.partition(".")[0]] == page.code
    }
    assert shown(compiled, record.answers, {}).hidden("who") == (
        frozenset() if trouble == "yes_often" else {"returned"}
    )


def test_a_row_of_an_imported_table_is_read_like_a_form() -> None:
    row = {
        "gap.speed.importance": "NA",
        "gap.speed.satisfaction": "NA",
        "tools.apply": "paper;chat",
        "real": "order;apply",
    }
    record, problems = from_columns(ALL, row)
    assert problems == []
    assert record.answers == {"tools.apply": ["paper", "chat"], "real": ["order", "apply"]}
    assert record.not_applicable == {"gap.speed.importance", "gap.speed.satisfaction"}


# --- what authors get wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("{type: matrix_single, text: t, choices: {a: A}, rows: {r: R}}", ("too_few_choices", "choices")),
        ("{type: matrix_single, text: t, choices: {a: A, b: B}, rows: []}", ("no_rows", "rows")),
        (
            "{type: matrix_single, text: t, choices: {a: A, b: {label: B, other: true}}, rows: {r: R}}",
            ("not_in_matrix", "choices.1.other"),
        ),
        (
            "{type: matrix_multiple, text: t, maximum: 3, choices: {a: A, b: B}, rows: {r: R}}",
            ("maximum_above_choices", "maximum"),
        ),
        ("{type: matrix_number, text: t, low: 3, high: 3, rows: {r: R}}", ("bad_bounds", "low")),
        (
            "{type: matrix_slider, text: t, high: 5000, low_label: 低, high_label: 高, rows: {r: R}}",
            ("bad_bounds", "low"),
        ),
        (
            "{type: matrix_dual, text: t, rows: {r: R}, first: {code: i, label: I, scale: agree}, "
            "second: {code: i, label: S, scale: none}}",
            ("unknown_rating_scale", "second.scale"),
        ),
        (
            "{type: matrix_dual, text: t, rows: {r: R}, first: {code: i, label: I, scale: agree}, "
            "second: {code: i, label: S, scale: agree}}",
            ("duplicate_code", "second.code"),
        ),
        ("{type: matrix_mixed, text: t, rows: {r: R}, cells: []}", ("no_cells", "cells")),
        (
            "{type: matrix_mixed, text: t, rows: {r: R}, cells: [{code: s, label: S, kind: scale, scale: none}]}",
            ("unknown_rating_scale", "cells.0.scale"),
        ),
        ("{type: matrix_mixed, text: t, rows: {r: R}, cells: {na: A}}", ("reserved_code", "cells.0.code")),
        (
            "{type: matrix_mixed, text: t, rows: {r: R}, cells: [{code: a, label: {}}]}",
            ("missing_text", "cells.0.label"),
        ),
        ("{type: table, text: t, maximum: 21, cells: {a: A}}", ("bad_figure", "maximum")),
        ("{type: table, text: t, minimum: 6, cells: {a: A}}", ("bad_figure", "minimum")),
        ("{type: flow_order, text: t, steps: [assign]}", ("too_few_steps", "steps")),
        ("{type: ecrs, text: t, steps: [nothing]}", ("unknown_step", "steps.0")),
    ],
)
def test_authors_are_told_what_makes_no_sense(question: str, found: tuple[str, str]) -> None:
    code, place = found
    assert (code, f"pages.0.questions.0.{place}") in codes(one_page(f"q: {question}"))


def test_what_yaml_writes_is_read_again() -> None:
    again, problems = yaml.read(yaml.write(ALL))
    assert (again, problems) == (ALL, [])
