"""The share of an item's points that a response earns, before penalties and rounding: one function for each type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from surveys.exams.definition import MarkingMode
from surveys.exams.items import (
    BASE_UNIT,
    BlanksItem,
    ClozeItem,
    Gap,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Response,
    ShortAnswerItem,
    SimpleItem,
    SingleItem,
    TrueFalseItem,
)
from surveys.exams.typed import fraction, in_unit, is_near, share_of_text

NOTHING, ALL = Fraction(0), Fraction(1)


class Earned(NamedTuple):
    """``share`` of the points, below 0 where options cost some; ``parts``: which parts of the response are right."""

    share: Fraction
    parts: dict[str, bool | None]


def earned(item: SimpleItem, response: Response, mode: MarkingMode) -> Earned:
    """What an answer earns. ``item`` is marked automatically and ``response`` not blank."""
    return _EARNED[type(item)](item, response, mode)


def is_blank(item: SimpleItem, response: Response) -> bool:
    """Whether nothing was answered. A unit alone is no answer."""
    parts = (each for part, each in response.items() if not (isinstance(item, NumericItem) and part == "unit"))
    return not any(any(each) if isinstance(each, list) else each.strip() for each in parts)


def _single(item: SingleItem, response: Response, mode: MarkingMode) -> Earned:
    chosen = next((each for each in item.options if each.code == text(response, "choice")), None)
    right = chosen is not None and chosen.correct
    share = _share(chosen, ALL) if chosen is not None and mode == "per_option" else ALL if right else NOTHING
    return Earned(share, {"choice": right})


def _true_false(item: TrueFalseItem, response: Response, mode: MarkingMode) -> Earned:
    right = text(response, "choice") == ("true" if item.correct else "false")
    return Earned(ALL if right else NOTHING, {"choice": right})


def _multiple(item: MultipleItem, response: Response, mode: MarkingMode) -> Earned:
    chosen = set(codes(response, "choice"))
    keys = {each.code for each in item.options if each.correct}
    right = chosen == keys
    if mode == "partial" and keys:
        share = Fraction(max(len(chosen & keys) - len(chosen - keys), 0), len(keys))
    elif mode == "per_option":
        part = Fraction(1, len(keys)) if keys else NOTHING
        share = sum((_share(each, part) for each in item.options if each.code in chosen), NOTHING)
    else:
        share = ALL if right else NOTHING
    return Earned(share, {"choice": right})


def _share(option: Option, of_key: Fraction) -> Fraction:
    if option.share is not None:
        return fraction(option.share)
    return of_key if option.correct else NOTHING


def _gaps(item: BlanksItem | ClozeItem, response: Response, mode: MarkingMode) -> Earned:
    def share(gap: Gap) -> Fraction:
        return share_of_text(text(response, gap.code), gap.accepted, item.match, gap.unit)

    shares = {each.code: share(each) for each in item.gaps}
    weights = {each.code: fraction(each.weight) for each in item.gaps}
    parts = {code: _right(each, text(response, code)) for code, each in shares.items()}
    if mode == "all_or_nothing":
        return Earned(ALL if all(each >= 1 for each in shares.values()) else NOTHING, parts)
    whole = sum(weights.values())
    return Earned(sum((shares[code] * weights[code] for code in shares), NOTHING) / whole if whole else NOTHING, parts)


def _right(share: Fraction, typed: str) -> bool | None:
    return share >= 1 if typed.strip() else None


def _numeric(item: NumericItem, response: Response, mode: MarkingMode) -> Earned:
    value = in_unit(text(response, "number"), text(response, "unit"), item.unit, item.units, BASE_UNIT)
    shares = [fraction(each.share) for each in item.accepted if value is not None and is_near(value, each)]
    share = max(shares, default=NOTHING)
    return Earned(share, {"number": share >= 1})


def _short_answer(item: ShortAnswerItem, response: Response, mode: MarkingMode) -> Earned:
    share = share_of_text(text(response, "text"), item.accepted, item.match)
    return Earned(share, {"text": share >= 1})


def _matching(item: MatchingItem, response: Response, mode: MarkingMode) -> Earned:
    given = {each.code: text(response, each.code) for each in item.pairs}
    parts = {each.code: given[each.code] == each.option if given[each.code] else None for each in item.pairs}
    right = sum(each is True for each in parts.values())
    if mode == "all_or_nothing":
        return Earned(ALL if right == len(parts) else NOTHING, parts)
    return Earned(Fraction(right, len(parts)) if parts else NOTHING, parts)


def _ordering(item: OrderingItem, response: Response, mode: MarkingMode) -> Earned:
    order, wanted = codes(response, "order"), [each.code for each in item.options]
    right = order == wanted
    if mode == "all_or_nothing" or len(wanted) < 2:
        share = ALL if right else NOTHING
    elif mode == "per_option":
        share = Fraction(sum(one == two for one, two in zip(order, wanted, strict=False)), len(wanted))
    else:
        follow = set(pairwise(wanted))
        share = Fraction(len(follow & set(pairwise(order))), len(follow))
    return Earned(share, {"order": right})


def text(response: Response, part: str) -> str:
    """A part as text; empty where it is absent or a list."""
    found = response.get(part, "")
    return found if isinstance(found, str) else ""


def codes(response: Response, part: str) -> Sequence[str]:
    """A part as a list of codes; empty where it is absent or no list."""
    found = response.get(part, [])
    return found if isinstance(found, list) else []


_EARNED: dict[type, Callable[[Any, Response, MarkingMode], Earned]] = {
    SingleItem: _single,
    MultipleItem: _multiple,
    TrueFalseItem: _true_false,
    BlanksItem: _gaps,
    ClozeItem: _gaps,
    NumericItem: _numeric,
    ShortAnswerItem: _short_answer,
    MatchingItem: _matching,
    OrderingItem: _ordering,
}
