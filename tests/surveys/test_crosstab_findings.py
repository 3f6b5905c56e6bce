"""The table that a lead builds: counts that hold, and cells that nobody can be told by."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.crosstab import cross, hidden_cells, variables
from surveys.analysis.diagnosis import NotShown
from surveys.analysis.findings import Condition
from surveys.disclosure import Policy
from surveys.frame import Dataset, dataset
from tests.surveys.test_frame import questionnaire

OPEN = Policy(minimum_group=1, minimum_comments=1, protects=False)


def answered(rows: list[tuple[str, str, int]]) -> Dataset:
    """Department, side (asked), clarity (1–5)."""
    lines = [json.dumps({"side": side, "clear": clear}) for _, side, clear in rows]
    meta = {"_sequence": list(range(1, len(rows) + 1)), "_department": [department for department, _, _ in rows]}
    return dataset(questionnaire(), lines, meta)


def test_variables_are_groups_and_questions_with_options():
    names = [each.name for each in variables(answered([("甲", "up", 1), ("乙", "down", 2)] * 5))]
    assert names == ["group.department", "clear", "recommend", "side", "grid.register.errors", "grid.register.pain"]


def test_a_table_counts_tests_and_points_out():
    rows = [("甲", "up", 5)] * 20 + [("甲", "down", 1)] * 6 + [("乙", "up", 1)] * 8 + [("乙", "down", 5)] * 22
    found = cross(answered(rows), Policy(), "side", "clear")
    assert found.counts == ((8, 20), (6, 22))
    assert [code for code, _ in found.columns.values] == ["1", "5"]
    assert (found.n, found.n_missing, found.hidden, found.test) == (56, 0, 0, "chi_squared")
    assert found.association is not None
    by_department = cross(answered(rows), Policy(), "group.department", "side")
    assert by_department.counts == ((8, 22), (20, 6))
    assert by_department.standing_out == ((-1, 1), (1, -1))
    assert by_department.p is not None
    assert by_department.p < 0.001


def test_of_an_open_wave_and_of_small_groups_there_is_no_table():
    rows = [("甲", "up", 5)] * 20 + [("乙", "down", 1)] * 3
    with pytest.raises(NotShown):
        cross(answered(rows), Policy(settled=None), "side", "clear")
    with pytest.raises(NotShown):
        cross(answered(rows), Policy(), "side", "clear", (Condition(dimension="department", value="乙"),))
    with pytest.raises(KeyError):
        cross(answered(rows), Policy(), "side", "idea")


def test_where_a_cell_is_hidden_no_test_gives_it_away():
    rows = [("甲", "up", 5)] * 20 + [("甲", "down", 1)] * 2 + [("乙", "up", 1)] * 18 + [("乙", "down", 5)] * 12
    found = cross(answered(rows), Policy(), "group.department", "side")
    assert found.hidden
    assert (found.test, found.p, found.association) == (None, None, None)
    whole = cross(answered(rows), OPEN, "group.department", "side")
    assert whole.hidden == 0
    assert whole.p is not None


tables = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=5), min_size=1, max_size=5).filter(
    lambda rows: len({len(row) for row in rows}) == 1
)


@given(tables, st.integers(2, 8))
def test_no_subtraction_in_a_table_tells_of_fewer_than_k(rows: list[list[int]], k: int):
    counts = np.array(rows)
    hidden = hidden_cells(counts, [], k)
    assert not ((counts > 0) & (counts < k) & ~hidden).any()
    for lines, secrets in ((counts, hidden), (counts.T, hidden.T)):
        for line, secret in zip(lines, secrets, strict=True):
            shown, total = line[~secret], line.sum()
            rest = total - shown.sum()
            if secret.any() and not secret.all():
                assert secret.sum() > 1
                assert rest == 0 or rest >= k
            for cell in shown:
                assert cell == 0 or total - cell == 0 or total - cell >= k
                assert cell == 0 or cell < total, "a row that is all in one cell says what everybody answered"


@given(tables, st.integers(2, 8), st.randoms())
def test_a_cell_is_not_told_beside_a_larger_group_with_a_few_more(rows: list[list[int]], k: int, draw):
    counts = np.array(rows)
    larger = counts + np.array([[draw.choice([0, 1, 3, 20]) for _ in row] for row in rows])
    shown = ~hidden_cells(counts, [larger], k) & (counts > 0)
    more = (larger - counts)[shown]
    assert ((more == 0) | (more >= k)).all()
