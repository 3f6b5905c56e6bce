"""The Rasch model against R's eRm and against abilities it was drawn from."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from surveys.statistics.rasch import rasch
from tests.surveys.reference import data, expected


def drawn(people: int, difficulties: np.ndarray, seed: int = 3) -> np.ndarray:
    draw = np.random.default_rng(seed)
    ability = draw.normal(size=(people, 1))
    return (draw.random((people, len(difficulties))) < 1 / (1 + np.exp(difficulties - ability))).astype(np.float64)


def test_the_lsat_has_the_conditional_difficulties_of_r() -> None:
    found = rasch(data("b01_lsat6", "lsat6.csv").to_numpy().astype(np.float64))
    values = [each.value for each in found.difficulties]
    assert values == pytest.approx(list(expected("b01_lsat6")["rasch_cml_difficulty_sum0"].values()), abs=1e-5)
    assert sum(each or 0 for each in values) == pytest.approx(0, abs=1e-9)


def test_no_other_difficulties_make_the_answers_more_likely() -> None:
    answers = drawn(300, np.array([-1.0, 0.0, 0.4, 0.6]))
    found = rasch(answers)
    assert found.log_likelihood is not None
    best = np.array([each.value for each in found.difficulties])

    def likelihood(difficulties: np.ndarray) -> float:  # by listing every pattern of a score
        whole = 0.0
        for pattern in answers:
            score = int(pattern.sum())
            same = [np.array(each) for each in itertools.product((0, 1), repeat=4) if sum(each) == score]
            whole += -pattern @ difficulties - math.log(sum(math.exp(-each @ difficulties) for each in same))
        return whole

    assert found.log_likelihood == pytest.approx(likelihood(best))
    for item in range(4):
        assert likelihood(best + 0.05 * np.eye(4)[item]) < found.log_likelihood


def test_difficulties_come_back_from_drawn_answers_within_their_intervals() -> None:
    true = np.linspace(-2, 2, 21)
    found = rasch(drawn(2000, true))
    covered = [each.ci_low <= b <= each.ci_high for each, b in zip(found.difficulties, true, strict=True)]  # type: ignore[operator]
    assert sum(covered) >= 18
    assert [each.ability for each in found.abilities] == sorted(each.ability for each in found.abilities)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (drawn(199, np.zeros(5)), "few"),
        (drawn(300, np.zeros(2)), "few_items"),
        (np.column_stack([drawn(300, np.zeros(4)), np.ones(300)]), "extreme_item"),
        # Whoever solved one of the last two items solved both of the first: how much harder they are, nobody can tell.
        (np.repeat([[1.0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 1]], 100, axis=0), "not_connected"),
    ],
)
def test_it_is_refused_with_its_reason(answers: np.ndarray, reason: str) -> None:
    found = rasch(answers)
    assert found.refused == reason
    assert all(each.value is None for each in found.difficulties)


def test_partial_marks_are_not_rasch_marks() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        rasch(np.full((300, 4), 0.5))
