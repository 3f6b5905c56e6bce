"""Marking by hand: in which order, by a rubric, by whom again, and what counts where two markers differ.

An answer is known by the text of its attempt's identifier; ``seed`` is any text that stays the same for an exam.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Sequence

import msgspec
import numpy as np

from surveys.exams.items import AnyItem, CaseItem, Criterion, EssayItem, FileItem
from surveys.statistics.agreement import rating_table, weighted_kappa
from surveys.statistics.estimate import Estimate

SHARE = 0.2
AT_LEAST = 10


class Part(msgspec.Struct, frozen=True):
    """Something that a marker judges: an open item, or an open question of a case. ``weight`` among an item's parts."""

    code: str  # empty for the item itself, else the question's
    item: EssayItem | FileItem
    weight: float = 1.0


def open_parts(item: AnyItem) -> tuple[Part, ...]:
    """What of an item is marked by hand; empty where a machine marks all of it."""
    if isinstance(item, EssayItem | FileItem):
        return (Part("", item),)
    if isinstance(item, CaseItem):
        return tuple(
            Part(each.code, each.item, each.weight)
            for each in item.questions
            if isinstance(each.item, EssayItem | FileItem)
        )
    return ()


def criteria(item: AnyItem) -> dict[str, Criterion]:
    """Every criterion of an item's rubrics by its name in forms and stored marks: ``code``, in cases ``part.code``."""
    return {f"{part.code}.{each.code}".lstrip("."): each for part in open_parts(item) for each in part.item.rubric}


def shuffled(answers: Iterable[str], seed: str) -> list[str]:
    """The order in which a marker sees them: says nothing of who answered or when, and is the same tomorrow."""
    return sorted(answers, key=lambda answer: _rank("order", seed, answer))


def sample(answers: Collection[str], seed: str, share: float = SHARE, at_least: int = AT_LEAST) -> frozenset[str]:
    """Which answers a second marker marks: ``share`` of them, rounded up, and at least so many where there are."""
    wanted = max(at_least, math.ceil(share * len(answers) - 1e-9))
    return frozenset(sorted(answers, key=lambda answer: _rank("second", seed, answer))[:wanted])


def _rank(purpose: str, seed: str, answer: str) -> bytes:
    return hashlib.sha256(f"{purpose}\x1f{seed}\x1f{answer}".encode()).digest()


def settled(first: int | None, second: int | None, agreed: int | None) -> int | None:
    """The points that count; None while there are none, or while two markers differ and have agreed on nothing."""
    if agreed is not None:
        return agreed
    return None if second is not None and second != first else first


def agreement(pairs: Sequence[tuple[int, int]]) -> Estimate:
    """Quadratically weighted kappa of first and second marks. Unequal steps between marks are taken as equal."""
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    _, counts = rating_table(table[:, 0], table[:, 1])
    return weighted_kappa(counts, "quadratic")
