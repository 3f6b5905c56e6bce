"""Who is asked what: papers drawn from a pool by a blueprint and one seed.

All chance is ``random.Random(seed)`` (MT19937), used in this order: items of each section, their order, options and
opaque names of each item. The paper that comes out is kept with the attempt, so that nothing has to be drawn again.

Draws may overlap (two hard ones, and three of any difficulty). Which items fill which places is a matching, grown along
augmenting paths (Kuhn 1955), first among the items seen least often. So whatever a pool can fill is filled, and an item
comes again only after all that fit were used: the greedy rule is exact because sets of items that can be matched form
a transversal matroid (Edmonds & Fulkerson 1965).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from surveys.exams.definition import Draw, Exam, FixedItem, Marking, Paper, PaperItem, Pool, Section
from surveys.exams.items import BankItem
from surveys.exams.layout import Names, arranged


class PoolTooSmall(LookupError):
    """A pool cannot fill a blueprint; ``surveys.exams.check.problems`` says so before publication."""


def draw(exam: Exam, pool: Pool, seed: int, seen: Sequence[Collection[str]] = ()) -> Paper:
    """A candidate's paper. ``seen``: the item codes of each of the candidate's earlier papers.

    ``seed``: 63 bits that nobody can guess or try out, since orders and names follow from it.

    Raises PoolTooSmall where the pool does not suffice.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable by intention; the seed is secret
    names = Names(chance)
    chosen = _chosen(exam, pool, chance, Counter(code for paper in seen for code in paper))
    items: list[PaperItem] = []
    for number, asked in enumerate(chosen):
        if exam.blueprint.shuffle_items:
            chance.shuffle(asked)
        for code, points, marking in asked:
            order, options, fields = arranged(pool.items[code].item, chance, exam.blueprint.shuffle_options, names)
            items.append(
                PaperItem(
                    number=len(items) + 1, code=code, section=number, points=points, order=order, names=options,
                    fields=fields, marking=marking or exam.blueprint.marking,
                )
            )  # fmt: skip
    return Paper(seed=seed, items=tuple(items), floor=exam.blueprint.marking.floor)


Chosen = tuple[str, int, Marking | None]


def _chosen(exam: Exam, pool: Pool, chance: random.Random, times_seen: Counter[str]) -> list[list[Chosen]]:
    """The items of each section: code, points, marking."""
    sections = exam.blueprint.sections
    taken = {each.code for each in fixed_items(sections)}
    missing = taken - pool.items.keys()
    draws = [each for section in sections for each in section.draws]
    free = [each for each in pool.items.values() if each.code not in taken]
    chance.shuffle(free)
    found = matched([[item.code for item in free if fits(item, each)] for each in draws], draws, times_seen)
    if missing or any(len(codes) < each.count for codes, each in zip(found, draws, strict=True)):
        raise PoolTooSmall("the pool has too few items for the blueprint")
    drawn = iter(found)
    return [
        [(each.code, each.points, each.marking) for each in section.items]
        + [(code, each.points, each.marking) for each in section.draws for code in next(drawn)]
        for section in sections
    ]


def fixed_items(sections: Iterable[Section]) -> list[FixedItem]:
    return [each for section in sections for each in section.items]


def fits(item: BankItem, draw: Draw) -> bool:
    """Whether an item may fill a place of a draw; only reviewed ones may."""
    return (
        item.state == "reviewed"
        and (not draw.category or item.category == draw.category or item.category.startswith(f"{draw.category}/"))
        and draw.difficulty in ("", item.difficulty)
        and draw.type in ("", item.item.__struct_config__.tag)
        and draw.topic in ("", item.topic)
        and draw.bloom in ("", item.bloom)
    )


def matched(candidates: list[list[str]], draws: Sequence[Draw], times_seen: Counter[str]) -> list[list[str]]:
    """For each draw the items that fill it, fewer than it counts where the pool does not suffice.

    ``candidates``: for each draw what fits, in the order to try it.
    """
    places = [index for index, each in enumerate(draws) for _ in range(each.count)]
    holder: dict[str, int] = {}  # item → place
    held: dict[int, str] = {}
    for most in sorted({times_seen[code] for codes in candidates for code in codes}):
        allowed = [[code for code in codes if times_seen[code] <= most] for codes in candidates]
        for place in range(len(places)):
            if place not in held:
                _augment(place, places, allowed, holder, held)
    found: list[list[str]] = [[] for _ in draws]
    for place, code in sorted(held.items()):
        found[places[place]].append(code)
    return found


def _augment(
    start: int, places: list[int], allowed: list[list[str]], holder: dict[str, int], held: dict[int, str]
) -> None:
    """Fills one more place along the shortest augmenting path, if there is any; no item in use is given up."""
    reached: dict[str, int] = {}  # item → the place from which it was reached
    queue, visited = [start], set[int]()
    for place in queue:
        if places[place] in visited:  # places of one draw reach the same items
            continue
        visited.add(places[place])
        fresh = [code for code in allowed[places[place]] if code not in reached]
        reached.update(dict.fromkeys(fresh, place))
        free = next((code for code in fresh if code not in holder), None)
        while free is not None:
            source = reached[free]
            given_up = held.get(source)
            held[source], holder[free] = free, source
            if source == start:
                return
            free = given_up
        queue += [holder[code] for code in fresh]
