"""From forms to a stored response: pages, autosave, finishing, tables."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from surveys import answers as core
from surveys.answers import Record, finish, read_page, read_question, record_of, segments
from surveys.logic import compile_questionnaire, shown
from surveys.rows import from_columns
from tests.surveys.test_questions import FORMS
from tests.surveys.written import EVERY_TYPE, compiled, one_page, questionnaire

TWO_PAGES = compile_questionnaire(questionnaire("""\
first:
  questions:
    side: {type: single, text: t, required: true, segment: side, choices: {upstream: 上, operator: 中}}
    detail: {type: short_text, text: t, required: true, visible_if: 'side == "operator"'}
    tools: {type: multiple, text: t, choices: {phone: 电话, crm: {label: CRM, visible_if: 'side == "operator"'}}}
second:
  questions:
    rate:
      type: matrix
      text: t
      scale: agree
      required: true
      not_applicable: true
      rows: {one: 一, two: {label: 二, visible_if: 'side == "operator"'}}
    note: {type: long_text, text: t, visible_if: 'tools contains "crm"'}
"""))  # fmt: skip


def post(page: str, form: dict[str, list[str]], before: Record | None = None) -> core.PageRead:
    return read_page(TWO_PAGES, page, form, before or Record(), {})


def test_a_page_keeps_the_answers_of_other_pages() -> None:
    before = Record({"rate.one": 2, "note": "备注"}, frozenset(["rate.two"]))
    read = post("first", {"side": ["operator"], "detail": ["x"], "tools": ["crm"]}, before)
    assert read.errors == {}
    assert read.record.answers == {"rate.one": 2, "note": "备注", "side": "operator", "detail": "x", "tools": ["crm"]}
    assert read.record.not_applicable == {"rate.two"}


def test_what_is_unticked_on_a_page_is_forgotten() -> None:
    before = Record({"side": "upstream", "tools": ["phone"]})
    assert post("first", {"side": ["upstream"]}, before).record.answers == {"side": "upstream"}


def test_errors_stand_at_their_fields_and_good_answers_are_kept() -> None:
    read = post("first", {"side": ["elsewhere"], "tools": ["phone"]})
    assert {field: each.code for field, each in read.errors.items()} == {"side": "unknown_choice"}
    assert read.record.answers == {"tools": ["phone"]}


def test_a_question_that_an_answer_has_just_revealed_is_told_and_not_yet_missing() -> None:
    read = post("first", {"side": ["operator"]})
    assert read.errors == {}
    assert read.revealed == ("detail",)
    again = post("first", {"side": ["operator"]}, read.record)
    assert {field: each.code for field, each in again.errors.items()} == {"detail": "required"}


def test_a_hidden_question_s_nonsense_is_no_error() -> None:
    read = post("first", {"side": ["upstream"], "detail": ["x" * 900]})
    assert read.errors == {}


def test_a_hidden_answer_comes_back_with_its_question() -> None:
    full = post("first", {"side": ["operator"], "detail": ["keep me"]}).record
    away = post(
        "first", {"side": ["upstream"]}, post("first", {"side": ["upstream"], "detail": ["keep me"]}, full).record
    )
    back = post("first", {"side": ["operator"]}, away.record)
    assert back.record.answers["detail"] == "keep me"


def test_autosave_reads_half_a_question_without_complaining() -> None:
    read = read_question(TWO_PAGES, "rate", {"rate.one.na": ["1"]}, Record({"rate.one": 3, "side": "operator"}), {})
    assert read.errors == {}
    assert read.draft == {"_not_applicable": ["rate.one"]}
    assert read.record == Record({"side": "operator"}, frozenset(["rate.one"]))


def test_drafts_make_the_record_again() -> None:
    record = Record({"side": "operator", "rate.one": 3}, frozenset(["rate.two"]))
    drafts = [core.draft(TWO_PAGES, record, code) for code in TWO_PAGES.questions]
    assert record_of(drafts) == record


def test_finishing_drops_hidden_answers_and_tells_what_was_not_shown() -> None:
    record = Record(
        {
            "side": "upstream",
            "detail": "secret",
            "tools": ["phone", "crm"],
            "rate.one": 1,
            "rate.two": 3,
            "note": "secret",
        },
        frozenset(["rate.two"]),
    )
    done = finish(TWO_PAGES, record, {})
    assert done.errors == {}
    assert done.stored == {
        "side": "upstream",
        "tools": ["phone"],
        "rate.one": 1,
        "_not_shown": ["detail", "rate.two", "note"],
    }


def test_what_was_written_beside_a_hidden_option_goes_with_it() -> None:
    one = compiled("""\
        a: {type: nps, text: t}
        b: {type: multiple, text: t, choices: {x: X, y: {label: 其他, other: true, visible_if: a > 5}}}
    """)
    answers: core.Answers = {"a": 9, "b": ["x", "y"], "b.other": "自己写的"}
    assert finish(one, Record(answers), {}).stored == answers
    assert finish(one, Record({**answers, "a": 1}), {}).stored == {"a": 1, "b": ["x"]}


def test_finishing_tells_what_is_missing_page_by_page() -> None:
    done = finish(TWO_PAGES, Record({"side": "operator"}, frozenset(["rate.one"])), {})
    found = {page: {field: each.code for field, each in errors.items()} for page, errors in done.errors.items()}
    assert found == {"first": {"detail": "required"}, "second": {"rate.two": "required"}}
    assert done.stored["_not_applicable"] == ["rate.one"]


def test_segments_come_from_the_questions_that_ask_for_them() -> None:
    assert segments(TWO_PAGES, Record({"side": "operator"})) == {"side": "operator"}
    assert segments(TWO_PAGES, Record()) == {}


# --- tables -------------------------------------------------------------------------------------------------------

ALL = compile_questionnaire(one_page(EVERY_TYPE))


def test_a_row_of_a_table_is_read_like_a_form() -> None:
    row = {
        "single": "a",
        "multiple": "c; a",
        "ranking": "b;a",
        "likert": "3.0",
        "number": "12.50",
        "duration": "90",
        "matrix.one": "NA",
        "pains": "lost;slow",
        "pains.lost.severity": "5",
        "long": "NA",
        "short": "NA",
        "nps": "",
    }
    record, problems = from_columns(ALL, row)
    assert problems == []
    assert record.not_applicable == {"matrix.one", "long"}
    assert record.answers == {
        "single": "a", "multiple": ["a", "c"], "ranking": ["b", "a"], "likert": 3, "number": 12.5, "duration": 90.0,
        "pains": ["lost", "slow"], "pains.lost.severity": 5, "pains.slow.category": "method", "short": "NA",
    }  # fmt: skip


def test_a_bad_cell_is_told_at_its_column() -> None:
    row = {
        "likert": "9",
        "number": "many",
        "multiple": "a;z",
        "nps": "NA",
        "duration": "soon",
        "salary": "1",
        "matrix.two": "2.5",
    }
    record, problems = from_columns(ALL, row)
    assert record.answers == {}
    assert {(each.place, each.code) for each in problems} == {
        ("likert", "out_of_scale"), ("number", "not_number"), ("multiple", "unknown_choice"), ("nps", "not_offered"),
        ("duration", "not_number"), ("salary", "unknown_column"), ("matrix.two", "out_of_scale"),
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from([*ALL.columns, "?"]), st.text(max_size=30), max_size=20))
def test_any_row_is_read_without_raising(row: dict[str, str]) -> None:
    record, _ = from_columns(ALL, row)
    assert set(record.answers) <= set(ALL.columns)


# --- whatever is posted, hidden answers never survive -------------------------------------------------------------

CONDITIONAL = compiled(
    EVERY_TYPE.replace("likert: {type: likert,", "likert: {type: likert, visible_if: 'single == \"a\"',")
    .replace("matrix: {type: matrix,", "matrix: {type: matrix, visible_if: 'likert >= 2 or multiple contains \"b\"',")
    .replace("one: 一,", "one: {label: 一, visible_if: answered(ranking)},")
    .replace("b: B, c: C, x:", "b: {label: B, visible_if: answered(single)}, c: C, x:")
    .replace("slow: {label: 慢,", "slow: {label: 慢, visible_if: matrix.two > 1,")
    .replace(
        "why: {type: five_whys, text: t, problem",
        "why: {type: five_whys, visible_if: answered(pains), text: t, problem",
    )
)


@given(FORMS, FORMS)
def test_hidden_answers_never_survive_finishing(earlier: dict[str, list[str]], later: dict[str, list[str]]) -> None:
    first = read_page(CONDITIONAL, "p", earlier, Record(), {})
    second = read_page(CONDITIONAL, "p", later, first.record, {})
    done = finish(CONDITIONAL, second.record, {})
    seen = shown(CONDITIONAL, second.record.answers, {})
    assert seen == second.shown
    columns = {name: value for name, value in done.stored.items() if not name.startswith("_")}
    for name, value in columns.items():
        question = name.partition(".")[0]
        hidden = seen.hidden(question)
        assert question in seen.questions
        assert not hidden.intersection(name.split(".")[1:2])
        if not CONDITIONAL.columns[name].free:  # a text may say anything, a hidden option's code too
            assert not hidden.intersection(value if isinstance(value, list) else [str(value)])
    assert set(done.stored.get("_not_shown", [])) >= set(CONDITIONAL.questions) - seen.questions
    event(f"hidden questions: {len(CONDITIONAL.questions) - len(seen.questions)}, parts: {bool(seen.hidden_parts)}")
    stored: dict[str, Any] = done.stored
    assert finish(CONDITIONAL, record_of([stored]), {}).stored == stored
