"""Which items stand together in the sets of a best–worst question: a balanced design, worked out and never drawn."""

from __future__ import annotations

from collections import Counter
from itertools import combinations


def balanced_sets(items: int, size: int, sets: int) -> tuple[tuple[int, ...], ...]:
    """``sets`` sets of ``size`` of the items 0 … ``items − 1``, each set in ascending order.

    Every item is shown as often as every other, or once more; among the least shown those come next that have met
    the set's members least. The same arguments give the same design for ever: published versions rely on it.
    """
    size = min(size, items)
    uses = [0] * items
    met: Counter[tuple[int, int]] = Counter()
    design = []
    for _ in range(sets):
        members: list[int] = []
        while len(members) < size:
            rest = (item for item in range(items) if item not in members)
            members.append(min(rest, key=lambda item: (uses[item], _encounters(met, members, item), item)))
        for item in members:
            uses[item] += 1
        met.update(combinations(sorted(members), 2))
        design.append(tuple(sorted(members)))
    return tuple(design)


def _encounters(met: Counter[tuple[int, int]], members: list[int], item: int) -> int:
    return sum(met[min(item, other), max(item, other)] for other in members)
