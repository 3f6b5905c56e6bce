"""What may be shown without telling who said what.

A group is published where it has at least k people. Between any two published groups of which one contains the other
the difference is nobody or at least k people, so that no subtraction uncovers a small group: here are the rules of one
figure and one table, in ``surveys.analysis.groups`` those of all groups. See docs/statistics.md, "Disclosure".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Literal, TypeVar

import msgspec

from surveys.statistics.estimate import Estimate

FEW = 10  # below it only counts are shown
MASK = 0.9
EVERYTHING = 2**62
MOST_TEXTS = 1_000  # of one question; the count told is always that of all

Key = TypeVar("Key", bound=Hashable)


class Policy(msgspec.Struct, frozen=True):
    """The thresholds of a wave, frozen at launch. Identified waves promised nothing: they have no threshold.

    ``settled``: the last sequence when the wave was first closed, None before; ``erasures``: how often any were erased.
    """

    minimum_group: int = 5
    minimum_comments: int = 10
    protects: bool = True
    settled: int | None = EVERYTHING
    erasures: int = 0

    @classmethod
    def of(
        cls,
        anonymity: str,
        minimum_group: int,
        minimum_comments: int,
        settled: int | None = EVERYTHING,
        erasures: int = 0,
    ) -> Policy:
        """The policy of a wave that is anonymous, confidential or identified."""
        if anonymity == "identified":
            return cls(minimum_group=1, minimum_comments=1, protects=False)
        return cls(
            minimum_group=max(1, minimum_group), minimum_comments=max(1, minimum_comments), settled=settled,
            erasures=erasures,
        )  # fmt: skip

    def shown(self, before: int, after: int) -> int:
        """How many of a group, the first to answer, stand behind its figures; ``before`` of them had answered when the
        wave was first closed, ``after`` came since.

        Until then the number lags k to 2k − 1 behind and moves in steps of k; then all who had answered are shown, and
        those of a reopened wave in steps of k. Each erasure takes k away for good. So two states of a group, of which
        one contains the other, always differ by k people or more, and who was erased cannot be had by subtraction.
        """
        if not self.protects:
            return before + after
        k = self.minimum_group
        people = released(after, k) if self.settled is None else before + after // k * k
        return max(0, people - self.erasures * k)

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
    return complemented(sizes, hidden, k, outside)


def complemented(sizes: Mapping[Key, int], hidden: set[Key], k: int, outside: int) -> set[Key]:
    """``hidden`` and the next smallest groups, until what they hide is nobody or k and more, and no group alone.

    ``outside``: people who are in none of the groups.
    """
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
