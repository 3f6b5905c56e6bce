"""What is published never tells who said what: thresholds, subtraction, unanimity, refreshed figures."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.findings import Condition
from surveys.analysis.groups import Dimension, Filter, Groups
from surveys.disclosure import EVERYTHING, Policy, in_no_order, released, suppressed
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


def groups(members: dict[str, list[str]], k: int, settled: int | None = EVERYTHING, erasures: int = 0) -> Groups:
    """People 0, 1, … in the order of submission, each in a group of each dimension ("" for none)."""
    found = []
    for name, column in members.items():
        masks = {code: np.array([each == code for each in column]) for code in sorted({*column} - {""})}
        found.append(Dimension(name, {"en": name}, masks, {code: {"en": code} for code in masks}))
    n = len(next(iter(members.values()), []))
    policy = Policy(minimum_group=k, settled=settled, erasures=erasures)
    return Groups(found, np.arange(1, n + 1), policy)


def mixed(people: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Departments and sides of people who answer in no particular order."""
    Random(3).shuffle(people)
    return {"department": [department for department, _ in people], "side": [side for _, side in people]}


def every(of: Groups) -> dict[Filter, frozenset[int]]:
    """Every group that may be shown, and who stands behind its figures."""
    found = {}
    for depth in range(of.depth + 1):
        for some in combinations(of.dimensions, depth):
            for codes in product(*(each.groups for each in some)):
                conditions = tuple(Condition(dimension=d.name, value=c) for d, c in zip(some, codes, strict=True))
                people = of.people(conditions)
                if people is not None and people.sum() >= of.least:  # of fewer, everybody too, there is no figure
                    found[conditions] = frozenset(np.flatnonzero(people).tolist())
    return found


def is_(dimension: str, value: str) -> Condition:
    return Condition(dimension=dimension, value=value)


def test_a_side_that_nearly_fills_a_department_is_hidden() -> None:
    people = [("service", "operator")] * 20 + [("service", "upstream")] * 3 + [("rest", "upstream")] * 17
    shown = every(groups(mixed(people + [("rest", "other")] * 20), 5))
    assert (is_("department", "service"),) in shown
    assert (is_("side", "operator"),) not in shown  # service − operator would be 3 people
    assert sum(each[0].dimension == "side" for each in shown if len(each) == 1) < 2  # nor what is left of everybody


def test_a_combination_that_leaves_out_two_of_a_department_is_hidden() -> None:
    people = [("a", "x")] * 10 + [("a", "y")] * 2 + [("b", "y")] * 10 + [("b", "x")] * 10
    shown = every(groups(mixed(people), 5))
    assert (is_("department", "a"),) in shown
    assert (is_("department", "a"), is_("side", "x")) not in shown


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


def nested(one: frozenset[int], other: frozenset[int], k: int) -> None:
    compared["pairs"] += 1
    inner, outer = sorted((one, other), key=len)
    if inner <= outer:
        compared["nested"] += 1
        assert len(outer) - len(inner) not in range(1, k)


@given(waves())
def test_nested_published_groups_differ_by_nobody_or_by_k(wave: tuple[int, list[list[int]], int]) -> None:
    _, members, k = wave
    named = {str(i): ["" if each < 0 else f"g{each}" for each in column] for i, column in enumerate(members)}
    of = groups(named, k)
    shown = every(of)
    compared["waves"] += 1
    assert all(len(people) >= k for conditions, people in shown.items() if conditions)
    for one, other in combinations(shown.values(), 2):
        nested(one, other, k)
    for parent, people in shown.items():  # a group minus those of its children that are shown
        for each in of.dimensions:
            if each.name in {c.dimension for c in parent} or len(parent) >= of.depth:
                continue
            children = [shown.get(of.within(parent, each.name, code)) for code in each.groups]
            rest = len(people) - sum(len(child) for child in children if child)
            assert not any(children) or rest not in range(1, k)


@given(waves(), st.data())
def test_no_two_days_of_a_wave_tell_of_fewer_than_k(
    wave: tuple[int, list[list[int]], int], data: st.DataObject
) -> None:
    n, members, k = wave
    days = sorted(data.draw(st.lists(st.integers(0, n), min_size=1, max_size=4)))
    first_closed = data.draw(st.sampled_from([None, *days]))
    seen: list[frozenset[int]] = []
    for day in [*days, n]:
        settled = first_closed if first_closed is not None and day >= first_closed else None
        until = day if settled is None or day == settled else settled + (day - settled) // k * k
        named = {
            str(i): ["" if each < 0 else f"g{each}" for each in column[:until]] for i, column in enumerate(members)
        }
        now = list(every(groups(named, k, settled)).values())
        for one in now:
            for other in (*seen, *now):
                nested(one, other, k)
        seen += now


@given(waves(), st.data())
def test_everybody_after_an_erasure_is_k_fewer_than_before(
    wave: tuple[int, list[list[int]], int], data: st.DataObject
) -> None:
    n, members, k = wave
    left: list[int] = list(range(n))
    seen: list[frozenset[int]] = []
    for erasures in range(3):
        named = {str(i): ["" if column[p] < 0 else f"g{column[p]}" for p in left] for i, column in enumerate(members)}
        shown = every(groups(named, k, erasures=erasures))
        if erasures:
            assert set(shown) <= {()}, "groups are told once"
        now = [frozenset(left[place] for place in shown[()])] if () in shown else []
        for one in now:
            for other in seen:
                nested(one, other, k)
        seen += now
        if not left:
            return
        left.remove(data.draw(st.sampled_from(left)))


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
