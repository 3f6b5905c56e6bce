"""What is published never tells who said what: thresholds, subtraction, unanimity, refreshed figures."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.disclosure import Policy, in_no_order, released, suppressed, suppressed_over_dimensions
from surveys.statistics.estimate import Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.proportion import wilson

ANONYMOUS = Policy.of("anonymous", 5, 10)


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert suppressed({"a": 20, "b": 3, "c": 8, "d": 30}, 5) == {"b", "c"}


def test_two_small_groups_that_hide_each_other_need_no_third() -> None:
    assert suppressed({"a": 20, "b": 3, "c": 2}, 5) == {"b", "c"}
    assert suppressed({"a": 20, "b": 2, "c": 2}, 5) == {"a", "b", "c"}


def test_people_in_no_group_count_as_hidden() -> None:
    assert suppressed({"a": 20, "b": 10}, 5, total=32) == {"b"}
    assert suppressed({"a": 20, "b": 10}, 5, total=35) == set()


def test_an_empty_group_has_nothing_to_hide() -> None:
    assert suppressed({"a": 20, "b": 0}, 5) == set()


def test_a_side_that_nearly_fills_a_department_is_hidden() -> None:
    people = np.arange(60)
    hidden = suppressed_over_dimensions(
        {
            "department": {"service": people < 23, "rest": people >= 23},
            "side": {"operator": people < 20, "upstream": (people >= 20) & (people < 40), "other": people >= 40},
        },
        5,
    )
    assert hidden["department"] == set()
    assert "operator" in hidden["side"]  # service − operator would be 3 people
    assert len(hidden["side"]) > 1  # and everybody − the others shown would be operator again


compared = {"waves": 0, "pairs": 0, "nested": 0}


@st.composite
def waves(draw: st.DrawFn) -> tuple[int, list[list[int]], int]:
    """People, each in one group (or none) of up to three dimensions, with many small and nearly nested groups."""
    n = draw(st.integers(0, 60))
    dimensions = []
    for _ in range(draw(st.integers(1, 3))):
        groups = draw(st.integers(1, 6))
        shape = draw(st.sampled_from(["mixed", "runs", "copied"]))
        if shape == "runs":  # cuts along one line: departments and sides that lie within each other
            cuts = sorted(draw(st.lists(st.integers(0, n), min_size=groups - 1, max_size=groups - 1)))
            members = [sum(person >= cut for cut in cuts) for person in range(n)]
        elif shape == "copied" and dimensions:
            members = list(dimensions[-1])
            for person in draw(st.lists(st.integers(0, max(0, n - 1)), max_size=6)):
                if n:
                    members[person] = draw(st.integers(-1, groups))
        else:
            members = draw(st.lists(st.integers(-1, groups - 1), min_size=n, max_size=n))
        dimensions.append(members)
    return n, dimensions, draw(st.integers(2, 8))


@given(waves())
def test_nested_published_groups_differ_by_nobody_or_by_k(wave: tuple[int, list[list[int]], int]) -> None:
    n, members, k = wave
    dimensions = {
        str(place): {code: np.array([each == code for each in column]) for code in sorted({*column} - {-1})}
        for place, column in enumerate(members)
    }
    hidden = suppressed_over_dimensions(dimensions, k)
    published = [frozenset(range(n))]
    for name, groups in dimensions.items():
        shown = [frozenset(np.flatnonzero(mask).tolist()) for code, mask in groups.items() if code not in hidden[name]]
        assert all(len(group) >= k for group in shown)
        rest = n - sum(map(len, shown))
        assert not shown or rest == 0 or rest >= k, "everybody minus all groups shown"
        published += shown
    compared["waves"] += 1
    for one, other in combinations(published, 2):
        compared["pairs"] += 1
        inner, outer = sorted((one, other), key=len)
        if inner <= outer:
            compared["nested"] += 1
            difference = len(outer) - len(inner)
            assert difference == 0 or difference >= k


def test_the_cases_compared_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f" [disclosure: {compared}] ", end="")
    assert not compared["waves"] or compared["nested"] > compared["waves"]


def test_a_unanimous_share_is_shown_as_a_bound() -> None:
    everybody, nobody = ANONYMOUS.figure(wilson(30, 30)), ANONYMOUS.figure(wilson(0, 30))
    assert (everybody.value, everybody.params, everybody.ci_low) == (0.9, {"masked": "at_least"}, None)
    assert (nobody.value, nobody.params) == (pytest.approx(0.1), {"masked": "at_most"})
    assert Policy.of("identified", 5, 10).figure(wilson(30, 30)).value == 1


@pytest.mark.parametrize(("n", "shown", "reason"), [(4, False, "small_group"), (9, False, "few"), (10, True, None)])
def test_figures_begin_at_ten_and_counts_at_k(n: int, shown: bool, reason: str | None) -> None:
    found = ANONYMOUS.figure(mean_t(np.arange(1.0, n + 1)))
    assert (found.value is not None) is shown
    assert found.params.get("reason") == reason
    assert found.suppressed is (n < 5)
    assert found.n_valid == (0 if n < 5 else n)  # of a small group not even the size is told


def test_a_figure_that_is_hidden_has_no_interval_or_parameter_left() -> None:
    found = ANONYMOUS.figure(wilson(3, 4))
    assert found == Estimate(value=None, method="wilson", n_valid=0, params={"reason": "small_group"}, suppressed=True)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_two_issues_of_a_report_and_the_last_of_all_differ_by_nobody_or_by_k(k: int) -> None:
    for stored in range(60):
        shown = released(stored, k)
        assert 0 <= shown <= stored
        assert stored - shown >= k or shown == 0
        assert stored < 3 * k or stored - shown < 2 * k
        assert all(abs(released(later, k) - shown) in (0, *range(k, 70)) for later in range(stored, 60))


def test_the_order_of_comments_is_the_same_for_the_same_data_and_tells_nothing() -> None:
    texts = [f"意见 {number}" for number in range(50)]
    found = in_no_order(texts, "hash:idea")
    assert found == in_no_order(texts[::-1], "hash:idea")
    assert found != in_no_order(texts, "hash:other")
    assert sorted(found) == sorted(texts)
    assert len(in_no_order(texts, "hash", most=20)) == 20
