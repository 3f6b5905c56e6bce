"""Packed answers are read as their JSON is, or not at all."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from surveys.frame import read, schema
from surveys.library import load
from surveys.packed import CODE, FIELD, KNOWN, ROW, Packing
from tests.surveys.answers_at_random import answers
from tests.surveys.test_frame import questionnaire

ASKED = questionnaire()
PACKING = Packing(ASKED)
BESIDE = (date(2026, 3, 1), "zh-CN", "客服部/一线", "", None, "public")


def unpacked(rows: list[str]) -> Any:
    return PACKING.read(ROW.join(rows).encode(), len(rows))


def agree(stored: list[dict[str, Any]], packing: Packing = PACKING, asked: Any = ASKED) -> bool:
    """Whether all of it could be packed; what was packed has to be read as the JSON is."""
    rows = [packing.pack(each, BESIDE) for each in stored]
    found = packing.read(ROW.join(rows).encode(), len(rows))
    if found is not None:
        told = read([json.dumps(each) for each in stored], asked)
        assert_frame_equal(found.select(schema(asked).keys()).cast(schema(asked)), told)
        assert found.select(KNOWN.keys()).unique().rows() == [BESIDE]
    return found is not None


@pytest.mark.parametrize("name", ["process-diagnosis", "internal-customer"])
def test_answers_to_the_library_are_packed_and_read_as_their_json(name: str) -> None:
    asked = load(name)
    drawn = [json.loads(line) for line in answers(asked, 60)]
    stored = [{name: value for name, value in each.items() if value != []} for each in drawn]  # nobody stores those
    assert agree(stored, Packing(asked), asked)


@pytest.mark.parametrize(
    "typed",
    [
        "等了很久", "two\nlines", "tab\tand\rreturn", '"quoted", with a comma', "\\n", "null", "NaN", "true",
        " 前后空格 ", "3", "[1]", "\ufeff首",
    ],
)  # fmt: skip
def test_what_people_type_is_packed(typed: str) -> None:
    assert agree([{"clear": 4, "idea": typed, "hours": 0.25}, {}, {"idea": typed, "pains": ["forms", "wait"]}])


@pytest.mark.parametrize(
    "stored",
    [
        {"idea": ""}, {"idea": f"one{FIELD}two"}, {"idea": f"one{ROW}two"}, {"pains": []}, {"pains": [f"a{CODE}b"]},
        {"pains": [""]}, {"pains": "wait"}, {"pains": [1]}, {"idea": 5}, {"idea": ["x"]}, {"side": True},
        {"clear": "4"}, {"clear": [4]}, {"clear": [4, 5]}, {"clear": True}, {"clear": 4.5}, {"clear": {"a": 1}},
        {"clear": 10**30}, {"hours": "3"},
    ],
)  # fmt: skip
def test_what_would_be_read_differently_is_left_to_the_json(stored: dict[str, Any]) -> None:
    assert not agree([{"clear": 4}, stored, {"clear": 5}])


def test_a_value_beyond_its_column_is_none_as_in_the_json() -> None:
    assert agree([{"clear": 9}, {"side": "nowhere"}, {"hours": -1}, {"extra": 3}])


ANSWERS = st.dictionaries(
    st.sampled_from([*schema(ASKED), "strange"]),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
    | st.lists(st.text(max_size=3), max_size=3) | st.sampled_from(["up", "down", 1, 4, 5, 2.0, 1e16, -0.0, 1e-7]),
)  # fmt: skip


@given(st.lists(ANSWERS, min_size=1, max_size=4))
def test_whatever_is_stored_it_is_read_as_its_json_or_not_at_all(stored: list[dict[str, Any]]) -> None:
    agree(stored)


def test_rows_of_other_columns_or_none_are_refused() -> None:
    other = Packing(load("process-diagnosis")).pack({}, BESIDE)
    row = PACKING.pack({"clear": 4}, BESIDE)
    assert unpacked([row, row]) is not None
    assert unpacked([row, other]) is None
    assert unpacked([row, ""]) is None
    assert unpacked(["", ""]) is None
    assert PACKING.read(row.encode(), 2) is None
