"""What an exam left behind, as arrays: who was to sit it, every attempt's marks, which options were taken."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.moments import Matrix

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

HUNDREDTHS = 100


class Sittings(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """Complete attempts, ordered by candidate and number.

    ``departments``: each candidate's path; ``person``: place of an attempt's candidate in it. ``items`` name the
    columns of ``marks`` (attempts × items, points; NaN: never presented, or not marked yet, which ``pending`` tells
    apart) and ``maximum``; an item worth different points on different papers has a column for each. ``points``: of
    whole attempts by the scoring that counts, after its floor. ``taken``: for items with options attempts × options, in
    the order of the item's options, a blank being a row of False.
    """

    departments: tuple[str, ...]
    person: Numbers
    number: Numbers
    points: NDArray[np.float64]
    items: tuple[str, ...]
    maximum: NDArray[np.float64]
    marks: Matrix
    pending: Flags
    taken: dict[str, Flags] = msgspec.field(default_factory=dict)

    @cached_property
    def presented(self) -> Flags:
        """Attempts × items: which items an attempt's paper had."""
        return ~np.isnan(self.marks) | self.pending

    @cached_property
    def waiting(self) -> NDArray[np.float64]:
        """Points that answers not marked yet could still earn each attempt."""
        return np.asarray(self.pending @ self.maximum, dtype=np.float64)

    @property
    def complete(self) -> Flags:
        """Attempts of which every answer is marked."""
        return np.asarray(~self.pending.any(axis=1))

    @property
    def drawn(self) -> bool:
        """Whether papers differ in their items."""
        return not self.presented.all()

    def rows(self, chosen: Flags) -> Sittings:
        """The attempts ``chosen``; candidates stay."""
        if chosen.all():
            return self
        return Sittings(
            departments=self.departments, person=self.person[chosen], number=self.number[chosen],
            points=self.points[chosen], items=self.items, maximum=self.maximum, marks=self.marks[chosen],
            pending=self.pending[chosen], taken={code: taken[chosen] for code, taken in self.taken.items()},
        )  # fmt: skip

    @property
    def first(self) -> Sittings:
        """Everybody's first attempt: later ones have learnt from it, and would count a person twice."""
        return self.rows(np.diff(self.person, prepend=-1) != 0)

    def counting(self, rule: Literal["best", "last", "average"]) -> tuple[Numbers, NDArray[np.float64], Matrix]:
        """Candidates with an attempt (places in ``departments``), their points by ``rule`` as they stand, and the most
        that these can become once everything is marked."""
        starts = np.flatnonzero(np.diff(self.person, prepend=-1) != 0)
        if not len(starts):
            return np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
        reach = self.points + self.waiting
        return self.person[starts], self._by(rule, self.points, starts), self._by(rule, reach, starts)

    def _by(self, rule: str, values: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
        ends = np.append(starts[1:], len(values))
        if rule == "last":
            return np.asarray(values[ends - 1])
        if rule == "average":
            return np.asarray(np.add.reduceat(values, starts) / (ends - starts))
        return np.asarray(np.maximum.reduceat(values, starts))

    def digest(self, *facts: object) -> str:
        """A fingerprint of the data and of whatever else a report prints."""
        found = hashlib.blake2b(msgspec.json.encode((self.departments, self.items, facts), order="deterministic"))
        arrays = (self.person, self.number, self.points, self.maximum, self.marks, self.pending, *self.taken.values())
        for array in arrays:
            found.update(np.ascontiguousarray(array).data)
        return found.hexdigest()[:64]


def places(data: Sittings) -> tuple[Matrix, NDArray[np.float64]]:
    """Marks by places on the paper, for papers whose items were drawn: attempts × places, and the places' maxima.

    An item that everybody has is a place; the others fill, in the order of their codes, as many places of their points
    as every attempt has of them, which a blueprint makes the same number. As Moodle takes a quiz's random questions.
    """
    everywhere = data.presented.all(axis=0)
    blocks, maxima = [data.marks[:, everywhere]], [data.maximum[everywhere]]
    for worth in np.unique(data.maximum[~everywhere]):
        columns = np.flatnonzero(~everywhere & (data.maximum == worth))
        columns = columns[np.argsort([data.items[i] for i in columns])]
        shown = data.presented[:, columns]
        count = int(shown.sum(axis=1).max(initial=0))
        order = np.argsort(~shown, axis=1, kind="stable")[:, :count]
        blocks.append(np.take_along_axis(data.marks[:, columns], order, axis=1))
        maxima.append(np.full(count, worth))
    return np.hstack(blocks), np.concatenate(maxima)
