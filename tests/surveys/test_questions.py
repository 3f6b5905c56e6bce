"""Every question type: what it reads, refuses, calls missing and fills in again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from surveys.questions.base import Form
from tests.surveys.written import EVERY_TYPE, one_page

ALL = one_page(EVERY_TYPE)
KINDS = {question.code: question for question in ALL.questions()}


def read(code: str, form: Form) -> tuple[dict[str, Any], list[str], list[tuple[str, str]]]:
    answers, not_applicable, problems = KINDS[code].read(form, ALL)
    return answers, not_applicable, [(each.code, each.place) for each in problems]


def missing(code: str, form: Form, questions: str = "") -> list[tuple[str, str]]:
    whole = one_page(questions) if questions else ALL
    question = whole.question(code)
    assert question is not None
    answers, marked, problems = question.read(form, whole)
    assert not problems
    return [(each.code, each.place) for each in question.missing(answers, frozenset(marked), whole, frozenset())]


@pytest.mark.parametrize(
    ("code", "form", "answers"),
    [
        ("single", {"single": ["a"]}, {"single": "a"}),
        ("single", {"single": ["x"], "single.other": ["  自己写 "]}, {"single": "x", "single.other": "  自己写 "}),
        ("single", {"single.other": ["没勾选就写了"]}, {"single": "x", "single.other": "没勾选就写了"}),
        ("single", {"single": ["a"], "single.other": ["改了主意"]}, {"single": "a"}),
        ("multiple", {"multiple": ["c", "a", "a"]}, {"multiple": ["a", "c"]}),
        ("multiple", {"multiple": ["none"]}, {"multiple": ["none"]}),
        ("ranking", {"ranking.c": ["1"], "ranking.a": ["2"]}, {"ranking": ["c", "a"]}),
        ("ranking", {"ranking.c": ["2"]}, {"ranking": ["c"]}),
        ("likert", {"likert": ["3"]}, {"likert": 3}),
        ("rating", {"rating": [" 7 "]}, {"rating": 7}),
        ("nps", {"nps": ["0"]}, {"nps": 0}),
        ("matrix", {"matrix.one": ["1"], "matrix.two": [""]}, {"matrix.one": 1}),
        ("number", {"number": ["１２.5"]}, {"number": 12.5}),
        ("number", {"number": ["0.50"]}, {"number": 0.5}),
        ("number", {"number": ["0"]}, {"number": 0.0}),
        ("duration", {"duration": ["1.5"], "duration.unit": ["hour"]}, {"duration": 90.0}),
        ("duration", {"duration": ["2"], "duration.unit": ["day"]}, {"duration": 2880.0}),
        ("duration", {"duration": ["0.1"], "duration.unit": ["day"]}, {"duration": 144.0}),
        ("short", {"short": ["NULL"]}, {"short": "NULL"}),
        ("long", {"long": ["一\r\n二\r三\0 "]}, {"long": "一\n二\n三 "}),
        ("long", {"long": [" \n\u3000"]}, {}),
        (
            "grid",
            {"grid.assign.work": ["15"], "grid.assign.pain": ["5"]},
            {"grid.assign.work": 15.0, "grid.assign.pain": 5},
        ),
        (
            "free_why",
            {"free_why.problem": ["慢"], "free_why.why2": ["人少"]},
            {"free_why.problem": "慢", "free_why.why2": "人少"},
        ),
    ],
)
def test_a_good_answer_is_read(code: str, form: Form, answers: dict[str, Any]) -> None:
    assert read(code, form) == (answers, [], [])


@pytest.mark.parametrize(
    ("code", "form", "problem"),
    [
        ("single", {"single": ["z"]}, ("unknown_choice", "single")),
        ("single", {"single": ["a", "b"]}, ("one_only", "single")),
        ("single", {"single": ["x"], "single.other": ["长" * 501]}, ("too_long", "single.other")),
        ("multiple", {"multiple": ["a", "<script>"]}, ("unknown_choice", "multiple")),
        ("multiple", {"multiple": ["a", "none"]}, ("exclusive", "multiple")),
        ("multiple", {"multiple": ["a", "b", "c", "x"]}, ("too_many", "multiple")),
        ("ranking", {"ranking.a": ["1"], "ranking.b": ["1"]}, ("rank_taken", "ranking.b")),
        ("ranking", {"ranking.a": ["3"]}, ("rank_range", "ranking.a")),
        ("ranking", {"ranking.a": ["first"]}, ("rank_range", "ranking.a")),
        ("likert", {"likert": ["4"]}, ("out_of_scale", "likert")),
        ("likert", {"likert": ["0"]}, ("out_of_scale", "likert")),
        ("likert", {"likert": ["2.0"]}, ("out_of_scale", "likert")),
        ("nps", {"nps": ["8.5"]}, ("out_of_scale", "nps")),
        ("nps", {"nps": ["11"]}, ("out_of_scale", "nps")),
        ("nps", {"nps": ["-1"]}, ("out_of_scale", "nps")),
        ("nps", {"nps": ["²"]}, ("out_of_scale", "nps")),
        ("matrix", {"matrix.two": ["9"]}, ("out_of_scale", "matrix.two")),
        ("number", {"number": ["十二"]}, ("not_number", "number")),
        ("number", {"number": ["nan"]}, ("not_number", "number")),
        ("number", {"number": ["1e3"]}, ("not_number", "number")),
        ("number", {"number": ["1" * 400]}, ("not_number", "number")),
        ("number", {"number": ["1.234"]}, ("too_precise", "number")),
        ("number", {"number": ["-1"]}, ("too_low", "number")),
        ("number", {"number": ["501"]}, ("too_high", "number")),
        ("duration", {"duration": ["3"]}, ("unknown_unit", "duration.unit")),
        ("duration", {"duration": ["3"], "duration.unit": ["week"]}, ("unknown_unit", "duration.unit")),
        ("duration", {"duration": ["-3"], "duration.unit": ["hour"]}, ("too_low", "duration")),
        ("short", {"short": ["字" * 21]}, ("too_long", "short")),
        ("long", {"long": ["字" * 20_001]}, ("too_long", "long")),
        ("grid", {"grid.assign.errors": ["6"]}, ("out_of_scale", "grid.assign.errors")),
        ("grid", {"grid.assign.wait": ["-2"]}, ("too_low", "grid.assign.wait")),
        (
            "pains",
            {"pains": ["slow", "lost"], "pains.slow.rank": ["1"], "pains.lost.rank": ["1"]},
            ("rank_taken", "pains.lost.rank"),
        ),
        ("pains", {"pains": ["slow"], "pains.slow.rank": ["3"]}, ("rank_range", "pains.slow.rank")),
        ("pains", {"pains": ["slow", "luck"]}, ("unknown_choice", "pains")),
        ("pains", {"pains": ["slow"], "pains.slow.severity": ["9"]}, ("out_of_scale", "pains.slow.severity")),
        (
            "pains",
            {"pains": ["slow"], "pains.slow.category": ["magic"]},
            ("unknown_choice", "pains.slow.category"),
        ),
        ("why", {"why.problem": ["something"]}, ("unknown_choice", "why.problem")),
        ("why", {"why.why5": ["因" * 2001]}, ("too_long", "why.why5")),
    ],
)
def test_a_bad_answer_is_refused_at_its_field(code: str, form: Form, problem: tuple[str, str]) -> None:
    assert problem in read(code, form)[2]


def test_a_refused_answer_leaves_the_good_ones_of_the_question() -> None:
    answers, _, problems = read("matrix", {"matrix.one": ["2"], "matrix.two": ["8"]})
    assert answers == {"matrix.one": 2}
    assert problems == [("out_of_scale", "matrix.two")]


def test_twenty_thousand_characters_are_kept_verbatim() -> None:
    text = ("=1+1 <b>“重点”</b>\t\u202e😀" * 2_000)[:19_999] + "终"
    assert read("long", {"long": [text]}) == ({"long": text}, [], [])


@pytest.mark.parametrize(
    ("code", "form", "columns"),
    [
        ("single", {"single.na": ["1"], "single": ["a"]}, ["single"]),
        ("matrix", {"matrix.two.na": ["1"]}, ["matrix.two"]),
        ("grid", {"grid.assign.na": ["1"]}, [f"grid.assign.{part}" for part in ("work", "wait", "errors", "pain")]),
        ("pains", {"pains.na": ["1"]}, ["pains"]),
        ("why", {"why.na": ["1"]}, ["why.problem", *(f"why.why{number}" for number in range(1, 6))]),
        ("nps", {"nps.na": ["1"]}, []),
    ],
)
def test_a_ticked_box_marks_columns_where_the_question_offers_it(code: str, form: Form, columns: list[str]) -> None:
    assert read(code, form) == ({}, columns, [])


def test_pain_points_take_their_category_from_the_option_unless_told() -> None:
    form = {
        "pains": ["slow", "lost"],
        "pains.lost.rank": ["1"],
        "pains.slow.rank": ["2"],
        "pains.slow.severity": ["5"],
        "pains.slow.frequency": ["4"],
    }
    answers, _, _ = read("pains", form)
    assert answers["pains"] == ["lost", "slow"]
    assert answers["pains.slow.category"] == "method"
    assert "pains.lost.category" not in answers
    assert read("pains", {**form, "pains.slow.category": ["people"]})[0]["pains.slow.category"] == "people"


@pytest.mark.parametrize(
    ("form", "ranked"),
    [
        ({"pains": ["slow", "lost"]}, ["slow", "lost"]),
        ({"pains": ["slow", "lost"], "pains.lost.rank": ["1"]}, ["lost", "slow"]),
        ({"pains": ["slow", "lost"], "pains.slow.rank": ["2"], "pains.lost.rank": [""]}, ["lost", "slow"]),
        ({"pains": ["lost"], "pains.slow.rank": ["1"], "pains.slow.severity": ["5"]}, ["lost"]),
    ],
)
def test_ticks_choose_pain_points_and_a_tick_without_a_rank_takes_the_first_free_one(
    form: Form, ranked: list[str]
) -> None:
    answers, _, problems = read("pains", form)
    assert (answers["pains"], problems) == (ranked, [])
    assert read("pains", KINDS["pains"].form_values(answers, frozenset(), ALL))[0] == answers


def test_ranks_and_details_of_a_pain_point_that_is_not_ticked_choose_nothing() -> None:
    assert read("pains", {"pains.slow.rank": ["1"], "pains.slow.severity": ["5"]}) == ({}, [], [])


def test_required_is_a_question_of_its_own() -> None:
    required = "required: true, text: t"
    assert missing("single", {}) == [("required", "single")]
    assert missing("single", {"single.na": ["1"]}) == []
    assert missing("single", {"single": ["x"]}) == [("other_text", "single.other")]
    assert missing("multiple", {"multiple": ["a"]}) == [("too_few", "multiple")]
    assert missing("multiple", {}) == []
    assert missing("multiple", {"multiple": ["none"]}) == []
    matrix = f"q: {{type: matrix, {required}, scale: agree, rows: {{a: A, b: B}}, not_applicable: true}}"
    assert missing("q", {"q.a": ["1"]}, matrix) == [("required", "q.b")]
    assert missing("q", {"q.a": ["1"], "q.b.na": ["1"]}, matrix) == []
    ranking = f"q: {{type: ranking, {required}, top: 2, choices: {{a: A, b: B, c: C}}}}"
    assert missing("q", {"q.a": ["1"]}, ranking) == [("rank_all", "q")]
    assert missing("q", {"q.a": ["1"], "q.c": ["2"]}, ranking) == []
    pains = f"q: {{type: pain_points, {required}, choices: {{a: A, b: B, c: C}}}}"
    assert missing("q", {}, pains) == [("required", "q")]
    assert missing("q", {"q": ["a"], "q.a.severity": ["3"]}, pains) == [("required", "q.a.frequency")]
    grid = f"q: {{type: step_grid, {required}, steps: [assign], not_applicable: true}}"
    assert len(missing("q", {}, grid)) == 4
    assert missing("q", {"q.assign.na": ["1"]}, grid) == []
    whys = f"q: {{type: five_whys, {required}}}"
    assert missing("q", {"q.problem": ["慢"]}, whys) == [("required", "q.why1")]


@pytest.mark.parametrize(
    ("typed", "unit", "again"),
    [
        ("90", "minute", ("90", "minute")),
        ("1.5", "hour", ("90", "minute")),
        ("24", "hour", ("1", "day")),
        ("0", "hour", ("0", "day")),
    ],
)
def test_a_duration_comes_back_in_the_largest_unit_that_holds_it_whole(
    typed: str, unit: str, again: tuple[str, str]
) -> None:
    answers, _, _ = KINDS["duration"].read({"duration": [typed], "duration.unit": [unit]}, ALL)
    form = KINDS["duration"].form_values(answers, frozenset(), ALL)
    assert (form["duration"][0], form["duration.unit"][0]) == again


def test_messages_are_complete_in_both_languages() -> None:
    _, _, problems = KINDS["multiple"].read({"multiple": ["a", "none"]}, ALL)
    assert problems[0].message == {
        "zh-CN": "“N”不能与其他选项同时选择。",
        "en": "“N” cannot be combined with other options.",
    }
    _, _, problems = KINDS["number"].read({"number": ["501"]}, ALL)
    assert problems[0].say("zh-CN") == "不能大于 500。"


# --- any form whatsoever ------------------------------------------------------------------------------------------

FIELDS = sorted({column.name for column in ALL.columns()} | {
    f"{stem}.{end}" for stem in [*KINDS, "matrix.one", "grid.assign", "pains.slow", "pains.lost", "pains.x", "ranking"]
    for end in ("na", "other", "rank", "unit", "a", "b", "c")
})  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["", "0", "1", "2", "3", "5", "12.5", "a", "b", "c", "x", "none", "slow", "lost", "hour", "day",
                     "NaN", "-1", "1e9", "²", "٣", "文字", " ", "people", "1,000", "0.0001", "1000000", "0.30"]),
    st.text(max_size=30),
    st.text(alphabet="0123456789.,-", max_size=12),
)  # fmt: skip
FORMS = st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, max_size=3), max_size=25)


@given(FORMS)
def test_any_form_is_read_and_what_was_read_fills_the_form_again(form: dict[str, list[str]]) -> None:
    for question in ALL.questions():
        answers, marked, problems = question.read(form, ALL)
        known = {column.name for column in question.columns(ALL)}
        assert known.issuperset([*answers, *marked])
        assert not set(answers) & set(marked)
        assert all(place.place.partition(".")[0] == question.code for place in problems)
        again = question.read(question.form_values(answers, frozenset(marked), ALL), ALL)
        assert again == (answers, marked, [])
        event(f"{question.code}: {'answered' if answers else 'problem' if problems else 'nothing'}")
        question.missing(answers, frozenset(marked), ALL, frozenset())


@given(st.dictionaries(st.sampled_from(FIELDS), st.lists(st.one_of(VALUES, st.binary(), st.integers(), st.none()))))
def test_uploads_and_other_things_in_a_form_are_no_answers(form: dict[str, list[Any]]) -> None:
    for question in ALL.questions():
        answers, _, _ = question.read(form, ALL)
        assert all(isinstance(value, str | int | float | list) for value in answers.values())


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_free_text_survives_but_for_line_ends_nul_and_lone_surrogates(text: str) -> None:
    answers, _, _ = KINDS["long"].read({"long": [text]}, ALL)
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").encode("utf-8", "ignore").decode()
    assert answers == ({"long": kept} if kept.strip() else {})
