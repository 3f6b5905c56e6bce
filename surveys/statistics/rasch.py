"""The Rasch model by conditional maximum likelihood: difficulties that do not depend on who sat the test."""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.moments import Matrix, listwise

ENOUGH = 200  # people; below that difficulties are noise
_STEPS = 50

Refusal = Literal["few", "few_items", "extreme_item", "not_connected", "not_converged"]


class Ability(msgspec.Struct, frozen=True):
    """Of everybody with this raw score: Warm's estimate in logits and its standard error."""

    score: int
    ability: float
    standard_error: float


class RaschModel(msgspec.Struct, frozen=True, kw_only=True):
    """Item difficulties in logits that add up to 0, in the order of the items, or why there are none."""

    n: int
    n_informative: int  # neither all right nor all wrong
    difficulties: list[Estimate]
    log_likelihood: float | None = None
    abilities: list[Ability] = []
    refused: Refusal | None = None


def rasch(marks: Matrix, confidence: float = CONFIDENCE, least: int = ENOUGH) -> RaschModel:
    """Andersen's (1972) conditional estimates from people × items of 0 and 1, listwise.

    Interval: ± z · SE from the inverse information on the plane where difficulties add up to 0. Refused below ``least``
    people, for fewer than three items, where nobody or everybody solved an item, where everybody who solved one of some
    items solved all the others (Fischer 1981: no finite maximum), or where the search does not settle. Raises
    ValueError for marks other than 0 and 1.
    """
    answers = listwise(marks)
    if not np.all((answers == 0) | (answers == 1)):
        raise ValueError("the Rasch model needs marks of 0 and 1")
    n, k = answers.shape
    scores = answers.sum(axis=1).astype(np.int64)
    informative = (scores > 0) & (scores < k)
    people = np.bincount(scores[informative], minlength=k + 1).astype(np.float64)
    solved = answers[informative].sum(axis=0)
    refused: Refusal | None = None
    if n < least:
        refused = "few"
    elif k < 3:
        refused = "few_items"
    elif np.any((solved == 0) | (solved == people.sum())):
        refused = "extreme_item"
    elif not _connected(answers[informative]):
        refused = "not_connected"
    found = None if refused else _maximise(solved, people)
    n_informative = int(people.sum())
    if found is None:
        empty = [Estimate(value=None, method="rasch_cml", n_valid=n, confidence=confidence) for _ in range(k)]
        return RaschModel(n=n, n_informative=n_informative, difficulties=empty, refused=refused or "not_converged")
    difficulties, errors, likelihood = found
    z = normal_quantile(0.5 + confidence / 2)
    return RaschModel(
        n=n,
        n_informative=n_informative,
        difficulties=[
            Estimate(
                value=float(each),
                method="rasch_cml",
                n_valid=n,
                ci_low=float(each - z * error),
                ci_high=float(each + z * error),
                confidence=confidence,
                params={"standard_error": float(error), "policy": "listwise"},
            )
            for each, error in zip(difficulties, errors, strict=True)
        ],
        log_likelihood=likelihood,
        abilities=[_ability(score, difficulties) for score in range(k + 1)],
    )


def _connected(answers: Matrix) -> bool:
    """Whether each item was solved by somebody who failed each other one, or a chain of such pairs leads there."""
    reached = (answers.T @ (1 - answers) > 0) | np.eye(answers.shape[1], dtype=bool)
    for _ in range(answers.shape[1].bit_length()):
        reached = reached @ reached
    return bool(reached.all())


def _maximise(
    solved: NDArray[np.float64], people: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float] | None:
    """Newton's steps on the easinesses, halved while they lead downhill."""
    total = people.sum()
    easiness = np.log(solved / (total - solved))
    easiness -= easiness.mean()
    value = _likelihood(easiness, solved, people)
    for _ in range(_STEPS):  # a handful, unless there is no maximum
        expected, information = _moments(easiness, people)
        slope = solved - expected
        # Information is blind along equal shifts of all items: fill that direction in, invert, take it out again.
        level = np.full_like(information, 1 / len(easiness))
        try:
            inverse = np.linalg.inv(information + level) - level
        except np.linalg.LinAlgError:
            return None
        if np.abs(slope).max() < 1e-9 * total:
            return -easiness, np.sqrt(np.diag(inverse)), value
        step, ahead = inverse @ slope, value
        for _ in range(_STEPS):
            ahead = _likelihood(easiness + step, solved, people)
            if ahead >= value - 1e-12 * abs(value):
                break
            step /= 2
        easiness, value = easiness + step, ahead
        if not np.isfinite(value) or np.abs(easiness).max() > 30:
            return None
    return None


def _likelihood(easiness: NDArray[np.float64], solved: NDArray[np.float64], people: NDArray[np.float64]) -> float:
    with np.errstate(over="ignore"):
        symmetric = _symmetric(np.exp(easiness), np.zeros((1, len(easiness)), dtype=bool))[0]
        return float(solved @ easiness - people[1:-1] @ np.log(symmetric[1:-1]))


def _moments(
    easiness: NDArray[np.float64], people: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected numbers of solutions of each item, and the information (items × items)."""
    odds, k = np.exp(easiness), len(easiness)
    every = _symmetric(odds, np.zeros((1, k), dtype=bool))[0]
    without_one = _symmetric(odds, np.eye(k, dtype=bool))
    one = odds[:, None] * np.roll(without_one, 1, axis=1) / every  # P(item solved | score), items × scores
    one[:, 0] = 0
    first, second = np.triu_indices(k, 1)
    left_out = np.zeros((len(first), k), dtype=bool)
    left_out[np.arange(len(first)), first] = left_out[np.arange(len(first)), second] = True
    without_two = _symmetric(odds, left_out)
    two = (odds[first] * odds[second])[:, None] * np.roll(without_two, 2, axis=1) / every
    two[:, :2] = 0
    both = np.diag(one @ people)
    both[first, second] = both[second, first] = two @ people
    return one @ people, both - (one * people) @ one.T


def _symmetric(odds: NDArray[np.float64], left_out: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Elementary symmetric functions of orders 0 … k, a row for each set of items left out, by the summation
    algorithm (Fischer 1974), which adds positive numbers only and so loses no digits."""
    rows, k = left_out.shape
    functions = np.zeros((rows, k + 1))
    functions[:, 0] = 1
    for item in range(k):
        functions[:, 1:] += np.where(left_out[:, item, None], 0, odds[item]) * functions[:, :-1]
    return functions


def _ability(score: int, difficulties: NDArray[np.float64]) -> Ability:
    """Warm's (1989) weighted likelihood: finite even where everything is right or wrong."""

    def excess(ability: float) -> float:
        p = 1 / (1 + np.exp(difficulties - ability))
        information = float((p * (1 - p)).sum())
        return float(score - p.sum() + (p * (1 - p) * (1 - 2 * p)).sum() / (2 * information))

    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    p = 1 / (1 + np.exp(difficulties - low))
    return Ability(score, low, 1 / math.sqrt(float((p * (1 - p)).sum())))
