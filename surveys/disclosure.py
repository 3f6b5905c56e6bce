"""What may be shown without telling who said what.

A group is published where it has at least k people. Between any two published groups of which one contains the other
(a department and everybody, a side that lies within a department) the difference is nobody or at least k people, so
that no subtraction uncovers a small group. See docs/statistics.md, "Disclosure".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Literal, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.estimate import Estimate

FEW = 10  # below it only counts are shown
MASK = 0.9
MOST_TEXTS = 1_000  # of one question; the count told is always that of all

Key = TypeVar("Key", bound=Hashable)
Mask = NDArray[np.bool_]


class Policy(msgspec.Struct, frozen=True):
    """The thresholds of a wave, frozen at launch. Identified waves promised nothing: they have no threshold."""

    minimum_group: int = 5
    minimum_comments: int = 10
    protects: bool = True

    @classmethod
    def of(cls, anonymity: str, minimum_group: int, minimum_comments: int) -> Policy:
        """The policy of a wave that is anonymous, confidential or identified."""
        if anonymity == "identified":
            return cls(minimum_group=1, minimum_comments=1, protects=False)
        return cls(minimum_group=max(1, minimum_group), minimum_comments=max(1, minimum_comments))

    def figure(self, estimate: Estimate) -> Estimate:
        """The estimate as it may be shown: without value below k and below n = 10, unanimous shares masked."""
        if 0 < estimate.n_valid < self.minimum_group:
            return estimate.without_value("small_group", suppressed=True)
        if estimate.value is None:
            return estimate
        if estimate.n_valid < FEW:
            return estimate.without_value("few")
        return self.mask(estimate) if estimate.method == "wilson" else estimate

    def mask(self, estimate: Estimate) -> Estimate:
        """A share of exactly 1 as "at least 90 %", of exactly 0 as "at most 10 %" (params ``masked``), no interval."""
        if not self.protects or estimate.value not in (0.0, 1.0):
            return estimate
        bound: Literal["at_least", "at_most"] = "at_least" if estimate.value == 1 else "at_most"
        return msgspec.structs.replace(
            estimate,
            value=MASK if bound == "at_least" else 1 - MASK,
            ci_low=None,
            ci_high=None,
            params={"masked": bound},
        )


def suppressed(sizes: Mapping[Key, int], k: int, total: int | None = None) -> set[Key]:
    """The groups of one dimension that must not be shown, given how many people each has.

    Groups of 1 to k − 1 people, then the next smallest ones until those hidden (together with the people of ``total``
    who are in no group) are nobody or at least k, and are not one single group, which the total would give away.
    Empty groups have nothing to hide. Ties go to the first in the order given.
    """
    hidden = {key for key, size in sizes.items() if 0 < size < k}
    outside = max(0, (total or 0) - sum(sizes.values()))
    return _complement(sizes, hidden, k, outside)


def _complement(sizes: Mapping[Key, int], hidden: set[Key], k: int, outside: int) -> set[Key]:
    hidden = set(hidden)
    shown = sorted((key for key in sizes if key not in hidden and sizes[key] > 0), key=lambda key: sizes[key])
    while shown and _uncovered(sizes, hidden, k, outside):
        hidden.add(shown.pop(0))
    return hidden


def _uncovered(sizes: Mapping[Key, int], hidden: set[Key], k: int, outside: int) -> bool:
    """Whether "everybody minus those shown" would say something of too few people, or of one hidden group alone."""
    rest = outside + sum(sizes[key] for key in hidden)
    alone = len([key for key in hidden if sizes[key] > 0]) == 1 and outside == 0
    return 0 < rest < k or alone


def suppressed_over_dimensions(dimensions: Mapping[str, Mapping[Key, Mask]], k: int) -> dict[str, set[Key]]:
    """The groups to hide in each dimension, each group given as the mask of its people among all people.

    Beside each dimension's own rule, groups of different dimensions are compared: where one lies within the other and
    the difference is 1 to k − 1 people, the smaller is hidden, and the dimension complemented again.
    """
    sizes = {name: {key: int(mask.sum()) for key, mask in groups.items()} for name, groups in dimensions.items()}
    people = max((len(mask) for groups in dimensions.values() for mask in groups.values()), default=0)
    hidden = {name: suppressed(groups, k, people) for name, groups in sizes.items()}
    while True:
        clash = _nested_clash(dimensions, sizes, hidden, k)
        if clash is None:
            return hidden
        name, key = clash
        outside = people - sum(sizes[name].values())
        hidden[name] = _complement(sizes[name], hidden[name] | {key}, k, outside)


def _nested_clash(
    dimensions: Mapping[str, Mapping[Key, Mask]],
    sizes: Mapping[str, Mapping[Key, int]],
    hidden: Mapping[str, set[Key]],
    k: int,
) -> tuple[str, Key] | None:
    shown = [
        (name, key, mask)
        for name, groups in dimensions.items()
        for key, mask in groups.items()
        if key not in hidden[name] and sizes[name][key] > 0
    ]
    for inner_name, inner, inside in shown:
        for outer_name, outer, around in shown:
            difference = sizes[outer_name][outer] - sizes[inner_name][inner]
            if inner_name != outer_name and 0 < difference < k and not np.any(inside & ~around):
                return inner_name, inner
    return None


def released(stored: int, k: int) -> int:
    """How many of ``stored`` responses, the first ones, may be shown of a wave that goes on: k to 2k − 1 lag behind.

    Two issues of one report are aggregates of which one contains the other: the number moves in steps of k, and the
    last issue, of all responses, differs from any before by k people or more.
    """
    return max(0, (stored // k - 1) * k)


def in_no_order(texts: Sequence[str], seed: str, most: int = MOST_TEXTS) -> tuple[str, ...]:
    """``texts`` in an order that tells neither when nor with what they were said, yet is the same for the same seed.

    Of more than ``most`` texts the first ones in that order are a sample that nobody chose.
    """

    def place(text: str) -> tuple[bytes, str]:
        return blake2b(f"{seed}\0{text}".encode("utf-8", "replace"), digest_size=16).digest(), text

    return tuple(text for _, text in sorted(map(place, texts))[:most])
