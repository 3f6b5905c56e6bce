"""Items of an exam: how hard, how telling, which option misled whom, and why one deserves a look."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.analysis.training_data import Sittings
from surveys.analysis.training_findings import SERIOUS, ItemFlag, ItemResult, OptionResult, RaschFinding, RaschItem
from surveys.disclosure import FEW
from surveys.exams.definition import Pool
from surveys.exams.items import BankItem, MultipleItem, Option, SingleItem, TrueFalseItem
from surveys.statistics.estimate import Estimate
from surveys.statistics.exam import OptionStatistics, options_taken, upper_lower_discrimination
from surveys.statistics.item_analysis import ItemStatistics, item_analysis
from surveys.statistics.proportion import wilson
from surveys.statistics.rasch import rasch
from surveys.text import Text

TRUE: Text = {"zh-CN": "正确", "en": "True"}
FALSE: Text = {"zh-CN": "错误", "en": "False"}


GAP = re.compile(r"\[\[[^\]]*\]\]")


def stem(item: BankItem) -> Text:
    """What is asked, with a line where a gap stands."""
    return {language: GAP.sub("____", wording) for language, wording in item.item.text.items()}


def options_of(item: BankItem) -> tuple[Option, ...]:
    """What can be chosen of a choice item, in the order of the bank; nothing of other types."""
    asked = item.item
    if isinstance(asked, SingleItem | MultipleItem):
        return asked.options
    if isinstance(asked, TrueFalseItem):
        return (
            Option(code="true", label=TRUE, correct=asked.correct),
            Option(code="false", label=FALSE, correct=not asked.correct),
        )
    return ()


def item_results(data: Sittings, pool: Pool) -> tuple[ItemResult, ...]:
    """Every item that was presented, over everybody's first attempt, in the order of ``data.items``."""
    first = data.first
    statistics = item_analysis(first.marks, first.maximum.tolist())
    extremes = upper_lower_discrimination(first.marks, first.maximum.tolist())
    totals = np.nansum(first.marks, axis=1)
    found = []
    for column, code in enumerate(first.items):
        if code in pool.items and first.presented[:, column].any():
            told = _options(first, column, pool.items[code], totals)
            found.append(_result(first, column, pool.items[code], statistics.items[column], extremes[column], told))
    return tuple(_few(each) for each in found)


def _result(
    first: Sittings,
    column: int,
    item: BankItem,
    statistics: ItemStatistics,
    extremes: Estimate,
    options: list[OptionStatistics],
) -> ItemResult:
    labels = {option.code: option.label for option in options_of(item)}
    presented = first.presented[:, column]
    return ItemResult(
        code=first.items[column],
        type=str(item.item.__struct_config__.tag),
        text=stem(item),
        category=item.category,
        topic=item.topic,
        difficulty=item.difficulty,
        points=statistics.maximum,
        exposure=wilson(int(presented.sum()), len(presented)),
        facility=statistics.facility,
        discrimination=statistics.discrimination_index,
        efficiency=statistics.discriminative_efficiency,
        upper_lower=extremes,
        pending=int(first.pending[:, column].sum()),
        flags=_flags(item, statistics, options),
        options=tuple(_option(each, labels[each.option], statistics.n) for each in options),
    )


def _options(data: Sittings, column: int, item: BankItem, totals: NDArray[np.float64]) -> list[OptionStatistics]:
    code = data.items[column]
    options = options_of(item)
    marked = ~np.isnan(data.marks[:, column])
    if not options or code not in data.taken or not marked.any():
        return []
    rest = totals[marked] - data.marks[marked, column]
    key = [option.code for option in options if option.correct]
    return options_taken(data.taken[code][marked], [option.code for option in options], key, rest)


def _option(found: OptionStatistics, label: Text, n: int) -> OptionResult:
    return OptionResult(
        code=found.option,
        label=label,
        key=found.key,
        chosen=wilson(found.count, n),
        upper=found.upper,
        lower=found.lower,
        point_biserial=found.point_biserial,
        flags=tuple(flag for flag in found.flags if flag == "seldom_chosen" or _sure(found, n)),
    )


def _flags(item: BankItem, statistics: ItemStatistics, options: Collection[OptionStatistics]) -> tuple[ItemFlag, ...]:
    """The item's own flags, and those of its options that change what its marks mean."""
    found: list[ItemFlag] = [*statistics.flags]
    chance = _chance(item)
    if chance and statistics.facility.ci_high is not None and statistics.facility.ci_high < chance:
        found.append("below_chance")
    sure = [flag for each in options if _sure(each, statistics.n) for flag in each.flags]
    if sum(each.key for each in options) > 1:  # of several keys one that the weak take alone is no fault of the item
        sure = [flag for flag in sure if flag != "key_chosen_by_the_weak"]
    found += [flag for flag in ("key_chosen_by_the_weak", "chosen_by_the_able") if flag in sure]
    return tuple(sorted(found, key=lambda flag: (SERIOUS.index(flag) if flag in SERIOUS else len(SERIOUS), flag)))


def _sure(option: OptionStatistics, n: int) -> bool:
    """Whether who chose it is more than chance: the correlation lies beyond twice its standard error."""
    return option.count >= FEW and abs(option.point_biserial or 0.0) > 2 / n**0.5


def _chance(item: BankItem) -> float:
    """The share that guessing alone gets right, where there is one."""
    if isinstance(item.item, SingleItem):
        return sum(option.correct for option in item.item.options) / len(item.item.options)
    return 0.5 if isinstance(item.item, TrueFalseItem) else 0.0


def _few(item: ItemResult) -> ItemResult:
    """Below n = 10 there are counts only."""
    if item.facility.n_valid >= FEW:
        return item
    return msgspec.structs.replace(
        item,
        facility=item.facility.without_value("few"),
        discrimination=item.discrimination.without_value("few"),
        upper_lower=item.upper_lower.without_value("few"),
        efficiency=None,
        flags=(),
        options=(),
    )


def rasch_finding(data: Sittings, pool: Pool) -> RaschFinding:
    """The Rasch model of the items that everybody had and that are right or wrong, over first attempts."""
    first = data.first
    everywhere = first.presented.all(axis=0) & ~first.pending.any(axis=0)
    plain = [i for i in np.flatnonzero(everywhere) if _right_or_wrong(first.marks[:, i], first.maximum[i])]
    plain = [i for i in plain if first.items[i] in pool.items]
    if len(plain) < 3:
        return RaschFinding(n=len(first.marks), refused="drawn" if first.drawn else "not_dichotomous")
    model = rasch((first.marks[:, plain] >= first.maximum[plain]).astype(np.float64))
    if model.refused:
        return RaschFinding(n=model.n, refused=model.refused)
    abilities = [each.ability for each in model.abilities]
    return RaschFinding(
        n=model.n,
        items=tuple(
            RaschItem(code=first.items[i], text=stem(pool.items[first.items[i]]), difficulty=difficulty)
            for i, difficulty in zip(plain, model.difficulties, strict=True)
        ),
        ability_low=min(abilities, default=None),
        ability_high=max(abilities, default=None),
    )


def _right_or_wrong(marks: NDArray[np.float64], maximum: float) -> bool:
    return bool(np.all((marks >= maximum) | (marks <= 0)))
