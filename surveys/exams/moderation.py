"""Marking by hand: which questions, by a rubric, in which order, by whom again, and what counts where two differ.

A question is known by its item's code, in a case by ``item.question``, as in ``surveys.exams.marking.score``; an answer
by the text of its attempt's identifier. ``seed`` is any text that stays the same for an exam.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec
import numpy as np

from surveys.exams.definition import Pool
from surveys.exams.earning import is_blank
from surveys.exams.items import AnyItem, EssayItem, FileItem, Response
from surveys.exams.marking import open_questions, part_of, question_points
from surveys.statistics.agreement import rating_table, weighted_kappa
from surveys.statistics.estimate import Estimate
from surveys.statistics.rounding import half_up

SHARE = 0.2
AT_LEAST = 10
OVERALL = "points"
"""Name of the one criterion of a question without a rubric: hundredths of a point, typed as they are."""


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is marked by hand, and the item that it belongs to: its own, or a case."""

    key: str
    code: str
    part: str  # the question's code in a case, else empty
    question: EssayItem | FileItem
    item: AnyItem

    def response(self, response: Response | None) -> Response:
        """What was answered to this question, of a response to its item."""
        return part_of(response or {}, self.part) if self.part else response or {}

    def answered(self, response: Response | None) -> bool:
        return not is_blank(self.question, self.response(response))

    def worth(self, points: int) -> int:
        """What the question can earn of its item's ``points``."""
        return question_points(self.item, points)[self.part]


def open_questions_of(pool: Pool) -> dict[str, OpenQuestion]:
    """Key → question; none of items that are granted or dropped, which nobody needs to mark."""
    found = {}
    for code, each in pool.items.items():
        if code in pool.granted or code in pool.dropped:
            continue
        for part, question in open_questions(each.item).items():
            key = f"{code}.{part}" if part else code
            found[key] = OpenQuestion(key=key, code=code, part=part, question=question, item=each.item)
    return found


def earned(question: EssayItem | FileItem, chosen: Mapping[str, float], worth: int) -> int:
    """The points, of ``worth``, that a marker's choice of a level for each criterion comes to; halves upward.

    Without a rubric ``chosen`` holds them itself.
    """
    if not question.rubric:
        return min(max(int(chosen.get(OVERALL, 0)), 0), worth)
    highest = sum(Fraction(str(max(level.points for level in each.levels))) for each in question.rubric)
    reached = sum(Fraction(str(chosen.get(each.code, 0))) for each in question.rubric)
    return int(half_up(min(max(reached, Fraction(0)), highest) / highest * worth)) if highest else 0


def shuffled(answers: Iterable[str], seed: str) -> list[str]:
    """The order in which a marker sees them: says nothing of who answered or when, and is the same tomorrow."""
    return sorted(answers, key=lambda answer: _rank("order", seed, answer))


def sample(answers: Collection[str], seed: str, share: float = SHARE, at_least: int = AT_LEAST) -> frozenset[str]:
    """Which answers a second marker marks: ``share`` of them, rounded up, and at least so many where there are."""
    wanted = max(at_least, math.ceil(Fraction(str(share)) * len(answers)))
    return frozenset(sorted(answers, key=lambda answer: _rank("second", seed, answer))[:wanted])


def _rank(purpose: str, seed: str, answer: str) -> bytes:
    return hashlib.sha256(f"{purpose}\x1f{seed}\x1f{answer}".encode()).digest()


def settled(first: int | None, second: int | None, agreed: int | None) -> int | None:
    """The points that count; None while there are none, or while two markers differ and have agreed on nothing."""
    if agreed is not None:
        return agreed
    return None if second is not None and second != first else first


def agreement(pairs: Sequence[tuple[int, int]]) -> Estimate:
    """Quadratically weighted kappa of first and second marks, over the marks that were given, in their order."""
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    _, counts = rating_table(table[:, 0], table[:, 1])
    return weighted_kappa(counts, "quadratic")
