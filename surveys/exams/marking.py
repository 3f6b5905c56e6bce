"""Marks: an item and a response to points. Same response, same mark; never above an item's points.

Modes. *All or nothing*: an item earns everything or nothing. *Partial*: of several options right minus wrong over the
number of keys, never below 0; of gaps and pairs the share that is right, by weight; of an order the share of
neighbours that follow each other as they should. *Per option*: the sum of the shares of the chosen options; of an
order the share of steps in their own place. An answer of one part earns what its alternative is worth in every mode.
What earns nothing costs ``penalty`` of the points. Halves of a hundredth are rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

import msgspec

from surveys.exams.definition import Exam, Marking, Paper, Pool
from surveys.exams.earning import Earned, earned, is_blank
from surveys.exams.items import AnyItem, CaseItem, EssayItem, FileItem, Response, SimpleItem

State = Literal["marked", "blank", "pending"]

Hand = int | Mapping[str, int]
"""A marker's points in hundredths; of a case by the code of its question."""


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an item earned, in hundredths. ``parts``: part of the response → whether it is right, None where it is
    blank or not marked yet."""

    points: int
    maximum: int
    state: State = "marked"
    parts: dict[str, bool | None] = msgspec.field(default_factory=dict)


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attempt's points of a total, in hundredths; ``provisional`` while open answers are not marked."""

    points: int
    total: int
    marks: dict[str, Mark]
    provisional: bool = False


def mark(item: AnyItem, response: Response | None, points: int, marking: Marking, hand: Hand | None = None) -> Mark:
    """The mark of one item that was presented.

    Never above ``points``, and never below ``-penalty × points``, or below ``unanswered`` where it is blank. Points by
    ``hand`` count before any others, from 0 to ``points``.
    """
    response = response or {}
    if isinstance(item, CaseItem):
        return _case(item, response, points, marking, hand if isinstance(hand, Mapping) else {})
    by_hand = hand.get("") if isinstance(hand, Mapping) else hand
    if by_hand is not None:
        return Mark(points=min(max(by_hand, 0), points), maximum=points, parts=_by_hand(item, by_hand, points))
    if is_blank(item, response):
        return Mark(points=max(min(marking.unanswered, 0), -points), maximum=points, state="blank")
    if isinstance(item, EssayItem | FileItem):
        return Mark(points=0, maximum=points, state="pending")
    found = earned(item, response, marking.mode)
    return Mark(points=_worth(found, points, marking), maximum=points, parts=found.parts)


def score(
    paper: Paper,
    pool: Pool,
    responses: Mapping[str, Response],
    hand: Mapping[str, int] | None = None,
) -> Score:
    """An attempt's score. ``hand``: item code, for a question of a case ``item.question``, → points.

    Granted items earn their points whatever the answer, dropped ones have no mark. The total never falls below the
    paper's floor.
    """
    marks: dict[str, Mark] = {}
    for asked in paper.items:
        if asked.code in pool.dropped:
            continue
        item = pool.items[asked.code].item
        if asked.code in pool.granted:
            marks[asked.code] = Mark(points=asked.points, maximum=asked.points)
        else:
            marks[asked.code] = mark(
                item, responses.get(asked.code), asked.points, asked.marking, hand_of(asked.code, item, hand or {})
            )
    total = sum(each.maximum for each in marks.values())
    points = max(sum(each.points for each in marks.values()), min(paper.floor, total))
    provisional = any(each.state == "pending" for each in marks.values())
    return Score(points=points, total=total, marks=marks, provisional=provisional)


def passed(exam: Exam, score: Score, angoff: float | None = None) -> bool:
    """Whether a score reaches the pass mark; unrounded values decide. ``angoff``: the judges' cut in percent."""
    if not score.total:
        return False
    return score.points >= cut(exam, score.total, angoff)


def cut(exam: Exam, total: int, angoff: float | None = None) -> Fraction:
    """The pass mark of a paper, in hundredths of a point."""
    value = exam.passing.value if exam.passing.by != "angoff" or angoff is None else angoff
    exact = Fraction(str(value))
    return exact if exam.passing.by == "points" else exact * total / 100


def open_questions(item: AnyItem) -> dict[str, EssayItem | FileItem]:
    """What of an item is marked by hand: the question's code in a case, else ``""``, → the question."""
    if isinstance(item, CaseItem):
        return {each.code: each.item for each in item.questions if isinstance(each.item, EssayItem | FileItem)}
    return {"": item} if isinstance(item, EssayItem | FileItem) else {}


def question_points(item: AnyItem, points: int) -> dict[str, int]:
    """What each question of a case can earn, else the item itself under ``""``; the sum is ``points``."""
    if not isinstance(item, CaseItem):
        return {"": points}
    shares = split(points, [each.weight for each in item.questions])
    return {each.code: share for each, share in zip(item.questions, shares, strict=True)}


def hand_of(code: str, item: AnyItem, hand: Mapping[str, int]) -> dict[str, int]:
    """The points by hand that belong to an item, by question of a case, else under ``""``."""
    questions = [each.code for each in item.questions] if isinstance(item, CaseItem) else []
    keys = {each: f"{code}.{each}" for each in questions} or {"": code}
    return {question: hand[key] for question, key in keys.items() if key in hand}


def split(points: int, weights: Sequence[float]) -> list[int]:
    """Points by weight in whole hundredths whose sum is ``points``: the largest remainders get what is left."""
    exact = [Fraction(str(max(weight, 0))) for weight in weights]
    whole = sum(exact) or Fraction(len(exact))
    shares = [points * (each if sum(exact) else 1) / whole for each in exact]
    parts = [int(each // 1) for each in shares]
    left = sorted(range(len(parts)), key=lambda at: (parts[at] - shares[at], at))[: points - sum(parts)]
    return [each + (at in left) for at, each in enumerate(parts)]


def _worth(found: Earned, points: int, marking: Marking) -> int:
    lowest = -min(max(Fraction(str(marking.penalty)), Fraction(0)), Fraction(1))
    share = found.share if found.share > 0 else min(found.share, lowest)
    return _rounded(max(min(share, Fraction(1)), lowest) * points)


def _case(item: CaseItem, response: Response, points: int, marking: Marking, hand: Mapping[str, int]) -> Mark:
    """Each question by itself; a blank one earns the unanswered mark only where the whole case is blank."""
    worth = question_points(item, points)
    quiet = msgspec.structs.replace(marking, unanswered=0)
    marks = {
        each.code: mark(each.item, part_of(response, each.code), worth[each.code], quiet, hand.get(each.code))
        for each in item.questions
    }
    parts = {f"{code}.{part}": right for code, each in marks.items() for part, right in each.parts.items()}
    states = {each.state for each in marks.values()}
    if states == {"blank"}:
        return Mark(points=max(min(marking.unanswered, 0), -points), maximum=points, state="blank")
    total = sum(each.points for each in marks.values())
    return Mark(points=total, maximum=points, state="pending" if "pending" in states else "marked", parts=parts)


def part_of(response: Response, question: str) -> Response:
    """The response to one question of a case."""
    prefix = f"{question}."
    return {part[len(prefix) :]: each for part, each in response.items() if part.startswith(prefix)}


def _by_hand(item: SimpleItem, points: int, maximum: int) -> dict[str, bool | None]:
    part = "file" if isinstance(item, FileItem) else "text"
    return {part: points >= maximum} if isinstance(item, EssayItem | FileItem) else {}


def _rounded(value: Fraction) -> int:
    return int((value + Fraction(1, 2)) // 1)
