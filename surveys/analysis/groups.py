"""Groups of people that figures may be asked for: by side, department, any other segment, and combinations of them.

Every figure of a group is an aggregate that somebody may subtract from that of another. So the groups that could ever
be asked for are laid out at once, the same for everybody and every time, and a group is closed to all where

- it has fewer than k people,
- another one, or everybody as shown on an earlier day, contains it and has 1 to k − 1 people more,
- or its siblings, taken from their parent, would leave 1 to k − 1 people or one single group.

See docs/statistics.md, "Disclosure".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import Condition
from surveys.disclosure import Policy, complemented, released
from surveys.frame import Dataset
from surveys.questions import Single
from surveys.text import Text

DEPTH = 3  # conditions that can be combined
MOST = 4_000  # groups laid out; where there would be more, fewer conditions can be combined

SIDES: dict[str, Text] = {
    "upstream": {"zh-CN": "上游", "en": "Upstream"},
    "operator": {"zh-CN": "经办岗位", "en": "Operators"},
    "downstream": {"zh-CN": "下游", "en": "Downstream"},
    "manager": {"zh-CN": "管理者", "en": "Managers"},
    "customer": {"zh-CN": "客户", "en": "Customers"},
}
DIMENSIONS: dict[str, Text] = {
    "side": {"zh-CN": "流程位置", "en": "Side of the process"},
    "department": {"zh-CN": "部门", "en": "Department"},
}

Mask = NDArray[np.bool_]
Filter = tuple[Condition, ...]
"""Conditions that all hold, of different dimensions, in the order of the dimensions; () is everybody."""


class Dimension:
    """Groups that split the responses: code → who is in it, in a stable order; a response may be in none."""

    def __init__(self, name: str, label: Text, groups: Mapping[str, Mask], labels: Mapping[str, Text]) -> None:
        self.name, self.label, self.groups, self.labels = name, label, groups, labels


def top_level(department: str) -> str:
    """The first level of a department path such as 客户服务部/投诉组."""
    return department.split("/")[0].strip()


def dimensions(dataset: Dataset) -> tuple[Dimension, ...]:
    """Side, department, and whatever other segment a question asks for.

    A question with ``segment: side`` (or department) speaks for the responses whose link said nothing of it.
    """
    asked = {
        question.segment: question
        for question in dataset.questionnaire.questions()
        if isinstance(question, Single) and question.segment
    }
    known = {"side": pl.col("_side"), "department": pl.col("_department").str.split("/").list.first().str.strip_chars()}
    found = []
    for name in dict.fromkeys([*known, *asked]):
        value = pl.when(known[name] != "").then(known[name]) if name in known else pl.lit(None, dtype=pl.String)
        question = asked.get(name)
        if question:
            value = pl.coalesce(value, pl.col(question.code))
        found.append(_dimension(name, dataset.frame.select(value.alias(name))[name], question))
    return tuple(found)


def _dimension(name: str, values: pl.Series, question: Single | None) -> Dimension:
    labels = {choice.code: choice.label for choice in question.choices} if question else {}
    if name == "side":
        labels |= SIDES  # short enough for a figure, and the same whether told by the roster or asked
    present = values.drop_nulls().unique().to_list()
    order = [code for code in labels if code in present] + sorted(set(present) - labels.keys())
    return Dimension(
        name=name,
        label=DIMENSIONS.get(name) or (question.text if question else {"zh-CN": name}),
        groups={code: (values == code).fill_null(False).to_numpy() for code in order},
        labels={code: labels.get(code, {"zh-CN": code, "en": code}) for code in order},
    )


class Groups:
    """Which groups of ``dimensions`` may be shown, and who stands behind their figures.

    ``sequence`` is each response's place in the order of submission. Everybody's figures move in steps of k while a
    wave goes on (``Policy.shown``); groups are told once, of those who had answered when it was first closed, since the
    few of a group who come between two days would be told by the difference. Once answers were erased none is.
    """

    def __init__(self, dimensions: Sequence[Dimension], sequence: NDArray[np.int64], policy: Policy) -> None:
        self.dimensions = tuple(dimensions)
        self.protects = policy.protects
        self.least = policy.minimum_group
        self.moving = policy.protects and (policy.settled is None or bool((sequence > policy.settled).any()))
        self._order = np.argsort(sequence, kind="stable")
        n = len(sequence)
        settled = 0 if policy.settled is None else int(np.count_nonzero(sequence <= policy.settled))
        self._everybody = _first(policy.shown(settled, n - settled))
        self._settled = _first(n) if not policy.protects else 0 if policy.erasures else _first(settled)

    def everybody(self) -> Mask:
        """Whose answers are shown at all."""
        return self._array(self._everybody)

    def people(self, conditions: Filter) -> Mask | None:
        """Whose answers the group's figures are made of; None where the group may not be shown."""
        if not conditions:
            return self.everybody()
        if conditions in self.closed or conditions not in self._masks:
            return None
        return self._array(self._masks[conditions])

    def settled(self, conditions: Filter) -> Mask | None:
        """As ``people``, where everybody are those who had answered when the wave was first closed."""
        return self.people(conditions) if conditions else self._array(self._settled)

    def ordered(self, conditions: Filter) -> Filter:
        """The same conditions in the order of the dimensions. Raises ValueError where there is no such dimension."""
        names = [each.name for each in self.dimensions]
        return tuple(sorted(conditions, key=lambda each: names.index(each.dimension)))

    def size(self, conditions: Filter) -> int:
        return (self._masks.get(conditions, 0) if conditions else self._everybody).bit_count()

    def containing(self, conditions: Filter) -> list[Mask]:
        """The people of every group that contains this one and is larger."""
        own = self._masks[conditions]
        found = {mask for mask in (*self._masks.values(), self._everybody) if mask != own and not own & ~mask}
        return [self._array(mask) for mask in found]

    def nearly_a_day(self, people: Mask, answered: Mask) -> bool:
        """Whether those of ``people`` who ``answered`` something are, but for 1 to k − 1, the first who did: whom an
        earlier day's figure of everybody was made of."""
        answered = answered[self._order] & self._unpacked(self._settled)
        return self._nearly_a_day(_bits(people[self._order][answered]))

    def stands_apart(self, people: Mask, answered: Mask) -> bool:
        """Whether no group, and everybody on no day, is ``people`` but for 1 to k − 1 of those who ``answered``, with
        more people or fewer: then a figure of theirs may be told beside all others."""
        among, own = _bits(answered[self._order]), _bits((people & answered)[self._order])
        others = [mask & among for mask in {*self._masks.values(), self._everybody}]
        nested = [each for each in others if not own & ~each or not each & ~own]
        near = any(0 < abs(each.bit_count() - own.bit_count()) < self.least for each in nested)
        return not near and not self.nearly_a_day(people, answered)

    def kept(self, answered: Mask) -> Mask:
        """Of all who ``answered`` something, those behind the figures of everybody. Not everybody answers everything,
        so each column moves in steps of k of its own."""
        shown, before = self.everybody(), self._array(self._settled)
        first, later = answered & before, answered & shown & ~before
        people = int(later.sum()) // self.least * self.least
        if not self._settled:
            people = min(people, released(int(answered.sum()), self.least))
        kept = later[self._order]
        kept[np.flatnonzero(kept)[people:]] = False
        later[self._order] = kept
        return (first & shown) | later

    @cached_property
    def closed(self) -> frozenset[Filter]:
        """Groups that may not be shown. Everybody may be asked for; below k people no figure comes of it."""
        if not self.protects:
            return frozenset()
        hidden = {each for each, mask in self._masks.items() if each and mask.bit_count() < self.least}
        hidden |= {each for each, mask in self._masks.items() if each and self._nearly_a_day(mask)}
        hidden |= self._nearly_others()
        while True:
            further = {each for parent in self._masks for each in self._exposed(parent, hidden)} - hidden
            if not further:
                return frozenset(hidden)
            hidden |= further

    @cached_property
    def depth(self) -> int:
        """How many conditions can be combined."""
        sizes = [len(each.groups) + 1 for each in self.dimensions]
        for depth in range(min(DEPTH, len(sizes)), 1, -1):
            if sum(int(np.prod(some)) for some in combinations(sizes, depth)) <= MOST:
                return depth
        return min(1, len(sizes))

    @cached_property
    def _masks(self) -> dict[Filter, int]:
        """Every group with somebody in it as a set of bits, one for each response in the order of submission."""
        found: dict[Filter, int] = {(): self._settled}
        single = {
            Condition(dimension=each.name, value=code): _bits(mask[self._order])
            for each in self.dimensions
            for code, mask in each.groups.items()
        }
        by_dimension = [[c for c in single if c.dimension == each.name] for each in self.dimensions]
        for depth in range(1, self.depth + 1):
            for some in combinations(by_dimension, depth):
                for conditions in product(*some):
                    mask = found.get(conditions[:-1], 0) & single[conditions[-1]]
                    if mask:
                        found[conditions] = mask
        return found

    def _nearly_others(self) -> set[Filter]:
        """Groups that another one contains with 1 to k − 1 people more, whether that one is shown or not."""
        by_size = sorted(self._masks.items(), key=lambda each: each[1].bit_count())
        sizes = [mask.bit_count() for _, mask in by_size]
        found = set()
        for place, (conditions, mask) in enumerate(by_size):
            further = place + 1
            while further < len(by_size) and sizes[further] < sizes[place] + self.least:
                if sizes[further] > sizes[place] and not mask & ~by_size[further][1]:
                    found.add(conditions)
                    break
                further += 1
        return found

    def _nearly_a_day(self, mask: int) -> bool:
        """Whether everybody, as shown before the wave was closed, was once this group but for 1 to k − 1 people."""
        k, people = self.least, mask.bit_count()
        last, together = mask.bit_length(), (~mask & (mask + 1)).bit_length() - 1  # all of the first ones are in it
        within, around = together // k * k, -(-last // k) * k
        return (within > 0 and 0 < people - within < k) or 0 < around - people < k

    def _exposed(self, parent: Filter, hidden: set[Filter]) -> Iterator[Filter]:
        """Children of a group that is shown, hidden so that what is left of it is nobody or k people and more."""
        if parent in hidden or len(parent) >= self.depth:
            return
        taken = {each.dimension for each in parent}
        whole = self._masks[parent].bit_count()
        for dimension in self.dimensions:
            if dimension.name in taken:
                continue
            children = {code: self.within(parent, dimension.name, code) for code in dimension.groups}
            sizes = {code: self.size(child) for code, child in children.items()}
            closed = {code for code, child in children.items() if child in hidden}
            for code in complemented(sizes, closed, self.least, whole - sum(sizes.values())):
                if sizes[code]:
                    yield children[code]

    def within(self, parent: Filter, dimension: str, code: str) -> Filter:
        """The parent's conditions and one more, in the order of the dimensions."""
        return self.ordered((*parent, Condition(dimension=dimension, value=code)))

    def _array(self, mask: int) -> Mask:
        """Bits in the order of submission → mask in the order of the responses given."""
        array = np.empty(len(self._order), dtype=bool)
        array[self._order] = self._unpacked(mask)
        return array

    def _unpacked(self, mask: int) -> Mask:
        n = len(self._order)
        packed = np.frombuffer(mask.to_bytes((n + 7) // 8, "little"), dtype=np.uint8)
        return np.unpackbits(packed, count=n, bitorder="little").astype(bool)


def _first(people: int) -> int:
    return (1 << people) - 1


def _bits(mask: Mask) -> int:
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
