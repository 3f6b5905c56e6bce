"""Conditions as functions say what the expressions say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.grammar import parse
from surveys.predicate import predicate
from surveys.problem import Problem

CONDITIONS = (
    'role == "manager"', 'role != "manager"', '"manager" == role', "clear == 3", "clear == 3.0", "clear == true",
    "ways == 3", 'role in ["manager", "3", 3]', 'role not in ["manager"]', 'ways contains "phone"', 'ways == "phone"',
    "clear > 2", "answered(role)", 'not role == "manager"', 'role == "manager" and clear == 3',
    'role == "manager" or not (clear == 3 or ways contains "phone")', "clear == ease", "count(ways) == 1",
)  # fmt: skip
VALUES = ("manager", "operator", "3", "", 3, 3.0, 0, 1, True, ["phone"], ["phone", "email"], [])


@given(st.sampled_from(CONDITIONS), st.integers(0, 2**32))
def test_a_predicate_holds_where_its_condition_does(text: str, seed: int) -> None:
    draw = random.Random(seed)
    condition = parse(text)
    assert not isinstance(condition, Problem)
    names = {name: draw.choice(VALUES) for name in ("role", "clear", "ease", "ways") if draw.random() < 0.7}
    assert predicate(condition)(names) is condition.holds(names)


@pytest.mark.parametrize("text", CONDITIONS)
def test_nothing_known_is_decided_alike(text: str) -> None:
    condition = parse(text)
    assert not isinstance(condition, Problem)
    assert predicate(condition)({}) is condition.holds({})
