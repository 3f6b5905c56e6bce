"""Tables of answers are read as strictly as pages; what is wrong is named by row and column."""

from __future__ import annotations

import pytest

from surveys.compiled import Compiled, compile_questionnaire
from surveys.formats.table import MOST_PROBLEMS, neutral, plain, responses
from surveys.formats.yaml import read

TEXT = """
name: table
kind: pulse
title: 表格
rating_scales:
  agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}
pages:
  - code: first
    questions:
      - {code: clear, type: likert, scale: agree, text: 职责清楚, not_applicable: true, required: true}
      - {code: hours, type: number, text: 多少小时, low: 0}
      - {code: pains, type: multiple, text: 哪里难, choices: [{code: forms, label: 表单}, {code: wait, label: 等待}]}
      - {code: why, type: long_text, text: 为什么等, visible_if: 'pains contains "wait"'}
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    definition, problems = read(TEXT)
    assert definition is not None, problems
    return compile_questionnaire(definition)


def test_rows_are_stored_as_pages_would_store_them(compiled: Compiled) -> None:
    header = ["Clear", " HOURS", "pains", "why", "_Department"]
    rows = [
        (2, ["4", "2", "forms;wait", "'=等签字", "客服部/一组"]),
        (3, [""] * 5),
        (4, ["NA", "", "forms", "没等", ""]),
    ]
    found, problems = responses(compiled, header, rows)
    assert not problems
    assert [row.meta["_department"] for row in found] == ["客服部/一组", ""]
    assert found[0].stored == {"clear": 4, "hours": 2, "pains": ["forms", "wait"], "why": "=等签字"}
    assert found[1].stored == {"pains": ["forms"], "_not_applicable": ["clear"], "_not_shown": ["why"]}


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (["6", "", "", ""], "clear"),
        (["4.5", "", "", ""], "clear"),
        (["", "1", "", ""], "clear"),  # required on its page
        (["4", "-1", "", ""], "hours"),
        (["4", "many", "", ""], "hours"),
        (["4", "", "forms;tea", ""], "pains"),
    ],
)
def test_a_cell_that_a_page_would_refuse_is_named_by_row_and_column(
    compiled: Compiled, cells: list[str], place: str
) -> None:
    found, problems = responses(compiled, ["clear", "hours", "pains", "why"], [(2, ["4", "", "", ""]), (7, cells)])
    assert not found, "all or nothing"
    assert [(each.place.split(".")[0], each.line) for each in problems] == [(place, 7)]
    assert problems[0].message["zh-CN"]
    assert problems[0].message["en"]


def test_columns_that_are_strange_or_there_twice_are_told(compiled: Compiled) -> None:
    found, problems = responses(compiled, ["clear", "CLEAR", "mood"], [(2, ["4", "4", "5"])])
    assert not found
    assert [(each.code, each.place, each.line) for each in problems] == [
        ("unknown_column", "mood", 1),
        ("column_twice", "clear", 1),
    ]


def test_a_table_without_rows_is_told(compiled: Compiled) -> None:
    assert [each.code for each in responses(compiled, ["clear"], [])[1]] == ["no_rows"]


def test_a_long_department_is_refused(compiled: Compiled) -> None:
    _, problems = responses(compiled, ["clear", "_department"], [(2, ["4", "部" * 301])])
    assert [(each.place, each.line) for each in problems] == [("_department", 2)]


def test_after_fifty_problems_reading_ends_and_says_so(compiled: Compiled) -> None:
    _, problems = responses(compiled, ["clear"], ((line, ["9"]) for line in range(2, 10_000)))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].code == "more"


@pytest.mark.parametrize("text", ["=1+1", "'=1", "-3", "it's", "'quoted'", "\t=1", ""])
def test_what_was_made_neutral_is_plain_again(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t"))
