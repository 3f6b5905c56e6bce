"""Whether items make sense: errors forbid asking them, warnings do not. Places are paths: ``item.options.1.label``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from surveys.exams.items import (
    BASE_UNIT,
    Accepted,
    BankItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    Criterion,
    EssayItem,
    FileItem,
    Gap,
    Item,
    Match,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    ShortAnswerItem,
    SingleItem,
)
from surveys.exams.messages import problem
from surveys.exams.typed import normal
from surveys.exams.view import GAP
from surveys.problem import Problem
from surveys.text import Text

CODE_LIMIT = 64
NAME_LIMIT = 200  # of categories and topics, as the tables have them
WORDING_LIMIT = 10_000

_CODE = re.compile(r"[a-z][a-z0-9_]*")


def check(items: Sequence[BankItem]) -> list[Problem]:
    """Everything wrong with the items of a bank, in their order. Places begin with ``items.3.``."""
    counts = Counter(each.code for each in items)
    found: list[Problem] = []
    for index, item in enumerate(items):
        if counts[item.code] > 1:
            found.append(problem("item_twice", f"items.{index}.code", code=item.code))
        found += [msgspec.structs.replace(each, place=f"items.{index}.{each.place}") for each in check_item(item)]
    return found


def check_item(item: BankItem) -> list[Problem]:
    """Everything wrong with one item."""
    found: list[Problem] = []
    if len(item.code) > CODE_LIMIT or not _CODE.fullmatch(item.code):
        found.append(problem("item_code", "code", code=item.code[:80]))
    names = {"category": item.category, "topic": item.topic, "author": item.author}
    long = [name for name, each in names.items() if len(each) > NAME_LIMIT]
    return [*found, *(problem("too_long", name, limit=NAME_LIMIT) for name in long), *_item(item.item, "item")]


def _item(item: Item, place: str) -> Iterator[Problem]:
    if isinstance(item, ClozeItem):
        yield from _sentence(item, place)
    yield from _text(item.text, f"{place}.text")
    if type(item) in _CHECKS:
        yield from _CHECKS[type(item)](item, place)


def _text(text: Text, place: str) -> Iterator[Problem]:
    if not any(each.strip() for each in text.values()):
        yield problem("no_text", place)
    if any(len(each) > WORDING_LIMIT for each in text.values()):
        yield problem("too_long", place, limit=WORDING_LIMIT)


def _codes(parts: Iterable[Any], place: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, each in enumerate(parts):
        if not _CODE.fullmatch(each.code) or len(each.code) > CODE_LIMIT:
            yield problem("part_code", f"{place}.{index}.code", code=each.code[:80])
        if each.code in seen:
            yield problem("part_twice", f"{place}.{index}.code", code=each.code)
        seen.add(each.code)


def _options(options: Sequence[Option], place: str, least: int = 2) -> Iterator[Problem]:
    yield from _codes(options, place)
    if len(options) < least:
        yield problem("too_few_options", place, least=least)
    seen: set[tuple[tuple[str, str], ...]] = set()
    for index, each in enumerate(options):
        yield from _text(each.label, f"{place}.{index}.label")
        if each.share is not None and not -1 <= each.share <= 1:
            yield problem("bad_share", f"{place}.{index}.share", low=-1, high=1)
        label = tuple(sorted(each.label.items()))
        if label in seen:
            wording = next(iter(each.label.values()), "")[:40]
            yield problem("same_label", f"{place}.{index}.label", severity="warning", label=wording)
        seen.add(label)


def _single(item: SingleItem, place: str) -> Iterator[Problem]:
    yield from _options(item.options, f"{place}.options")
    keys = sum(each.correct for each in item.options)
    if keys != 1:
        yield problem("several_keys" if keys else "no_key", f"{place}.options", count=keys)


def _multiple(item: MultipleItem, place: str) -> Iterator[Problem]:
    yield from _options(item.options, f"{place}.options")
    keys = sum(each.correct for each in item.options)
    if not keys:
        yield problem("no_key", f"{place}.options")
    elif keys == len(item.options):
        yield problem("all_keys", f"{place}.options", severity="warning")


def _gaps(item: BlanksItem | ClozeItem, place: str) -> Iterator[Problem]:
    if not item.gaps:
        yield problem("no_gaps", f"{place}.gaps")
    yield from _codes(item.gaps, f"{place}.gaps")
    for index, each in enumerate(item.gaps):
        yield from _gap(each, item.match, f"{place}.gaps.{index}")


def _gap(gap: Gap, match: Match, place: str) -> Iterator[Problem]:
    yield from _accepted(gap.accepted, match, f"{place}.accepted")
    if gap.weight <= 0:
        yield problem("bad_weight", f"{place}.weight")


def _accepted(accepted: Sequence[Accepted], match: Match | None, place: str) -> Iterator[Problem]:
    """``match`` None: only numbers will do."""
    if not accepted:
        yield problem("no_accepted", place)
    elif all(each.share < 1 for each in accepted):
        yield problem("no_full_share", place, severity="warning")
    for index, each in enumerate(accepted):
        here = f"{place}.{index}"
        if each.number is None and match is None:
            yield problem("no_number", here)
        elif each.number is None and not each.text.strip():
            yield problem("empty_accepted", here)
        elif each.number is None and match is not None and not normal(each.text, match):
            yield problem("unmatched_accepted", here)
        if not each.tolerance >= 0:
            yield problem("bad_tolerance", f"{here}.tolerance")
        if not 0 <= each.share <= 1:
            yield problem("bad_share", f"{here}.share", low=0, high=1)


def _sentence(item: ClozeItem, place: str) -> Iterator[Problem]:
    known = {each.code for each in item.gaps}
    for language, wording in item.text.items():
        counts = Counter(GAP.findall(wording))
        for code in known - counts.keys():
            yield problem("gap_missing", f"{place}.text", code=code, language=language)
        for code, count in counts.items():
            if code not in known:
                yield problem("gap_unknown", f"{place}.text", code=code, language=language)
            elif count > 1:
                yield problem("gap_twice", f"{place}.text", code=code, language=language)


def _numeric(item: NumericItem, place: str) -> Iterator[Problem]:
    yield from _accepted(item.accepted, None, f"{place}.accepted")
    yield from _codes(item.units, f"{place}.units")
    if item.units:
        yield from _text(item.unit, f"{place}.unit")
    for index, each in enumerate(item.units):
        yield from _text(each.label, f"{place}.units.{index}.label")
        if each.code == BASE_UNIT:
            yield problem("unit_code", f"{place}.units.{index}.code")
        if not each.factor > 0:
            yield problem("bad_factor", f"{place}.units.{index}.factor")


def _short_answer(item: ShortAnswerItem, place: str) -> Iterator[Problem]:
    yield from _accepted(item.accepted, item.match, f"{place}.accepted")


def _matching(item: MatchingItem, place: str) -> Iterator[Problem]:
    yield from _options(item.options, f"{place}.options")
    yield from _codes(item.pairs, f"{place}.pairs")
    if len(item.pairs) < 2:
        yield problem("no_pairs", f"{place}.pairs")
    known = {each.code for each in item.options}
    for index, each in enumerate(item.pairs):
        yield from _text(each.label, f"{place}.pairs.{index}.label")
        if each.option not in known:
            yield problem("pair_unknown", f"{place}.pairs.{index}.option", code=each.option)


def _ordering(item: OrderingItem, place: str) -> Iterator[Problem]:
    yield from _options(item.options, f"{place}.options")


def _by_hand(item: EssayItem | FileItem, place: str) -> Iterator[Problem]:
    if not item.rubric:
        yield problem("no_rubric", f"{place}.rubric", severity="warning")
    yield from _codes(item.rubric, f"{place}.rubric")
    for index, each in enumerate(item.rubric):
        yield from _criterion(each, f"{place}.rubric.{index}")


def _criterion(criterion: Criterion, place: str) -> Iterator[Problem]:
    yield from _text(criterion.label, f"{place}.label")
    if len(criterion.levels) < 2:
        yield problem("too_few_levels", f"{place}.levels")
    elif min(each.points for each in criterion.levels) < 0 or max(each.points for each in criterion.levels) <= 0:
        yield problem("bad_level", f"{place}.levels")


def _case(item: CaseItem, place: str) -> Iterator[Problem]:
    if not item.questions:
        yield problem("no_questions", f"{place}.questions")
    yield from _codes(item.questions, f"{place}.questions")
    for index, each in enumerate(item.questions):
        yield from _item(each.item, f"{place}.questions.{index}.item")
        if each.weight <= 0:
            yield problem("bad_weight", f"{place}.questions.{index}.weight")


_CHECKS: dict[type, Callable[[Any, str], Iterable[Problem]]] = {
    SingleItem: _single,
    MultipleItem: _multiple,
    BlanksItem: _gaps,
    ClozeItem: _gaps,
    NumericItem: _numeric,
    ShortAnswerItem: _short_answer,
    MatchingItem: _matching,
    OrderingItem: _ordering,
    EssayItem: _by_hand,
    FileItem: _by_hand,
    CaseItem: _case,
}
