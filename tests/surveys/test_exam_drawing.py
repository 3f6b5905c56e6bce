"""Papers: what the blueprint says, equal totals, nothing twice before the pool is used up, one seed one paper."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import given

from surveys.exams.check import total
from surveys.exams.definition import Blueprint, Draw, Exam, FixedItem, Paper, Pool, Section
from surveys.exams.drawing import PoolTooSmall, draw, fits
from surveys.exams.items import BankItem, TrueFalseItem
from tests.surveys.exams_at_random import Drawing, seeds

CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
SHORT = hypothesis.settings(max_examples=10_000 if CAMPAIGN else 200, deadline=None)


def pool_of(**counts: int) -> Pool:
    """``easy=3`` makes three reviewed easy items."""
    asked = TrueFalseItem(text={"zh-CN": "对吗？"}, correct=True)
    items = [
        BankItem(code=f"{each}_{number}", item=asked, difficulty=each, state="reviewed")  # type: ignore[arg-type]
        for each, count in counts.items()
        for number in range(count)
    ]
    return Pool(items={each.code: each for each in items})


def exam_of(*draws: Draw, items: tuple[FixedItem, ...] = (), **blueprint: Any) -> Exam:
    return Exam(title={"zh-CN": "考"}, blueprint=Blueprint(sections=(Section(items=items, draws=draws),), **blueprint))


def codes(paper: Paper) -> list[str]:
    return [each.code for each in paper.items]


@given(seeds())
@SHORT
def test_every_paper_follows_the_blueprint_and_has_the_same_total(seed: int) -> None:
    exam, pool = Drawing(seed).exam()
    papers = [draw(exam, pool, seed + number) for number in range(3)]
    assert {each.total for each in papers} == {total(exam)}
    for paper in papers:
        assert len(set(codes(paper))) == len(paper.items)
        assert [each.number for each in paper.items] == list(range(1, len(paper.items) + 1))
        for number, section in enumerate(exam.blueprint.sections):
            here = [each for each in paper.items if each.section == number]
            fixed = {each.code for each in section.items}
            assert fixed <= {each.code for each in here}
            assert len(here) == len(fixed) + sum(each.count for each in section.draws)
            drawn = [pool.items[each.code] for each in here if each.code not in fixed]
            assert all(any(fits(item, each) for each in section.draws) for item in drawn)


@given(seeds())
@SHORT
def test_the_same_seed_makes_the_same_paper(seed: int) -> None:
    exam, pool = Drawing(seed).exam()
    assert draw(exam, pool, seed) == draw(exam, pool, seed)
    assert draw(exam, pool, seed).items != draw(exam, pool, seed + 1).items  # opaque names differ in any case


@given(seeds())
@SHORT
def test_nothing_comes_twice_over_resits_until_all_that_fits_is_used_up(seed: int) -> None:
    drawing = Drawing(seed)
    easy, hard, any_of = (drawing.chance.randint(1, 3) for _ in range(3))
    pool = pool_of(easy=drawing.chance.randint(easy, 9), hard=drawing.chance.randint(hard, 9), medium=any_of)
    exam = exam_of(
        Draw(count=any_of, points=100),
        Draw(count=hard, points=100, difficulty="hard"),
        Draw(count=easy, points=100, difficulty="easy"),
    )
    seen: list[set[str]] = []
    for number in range(4):
        paper = set(codes(draw(exam, pool, seed + number, seen)))
        often = Counter(code for each in seen for code in each)
        repeated = {code for code in paper if often[code]}
        if repeated:  # then no paper without, or with fewer of them, could have been made
            assert fewest_repeats(exam, pool, often) == len(repeated)
        seen.append(paper)


def fewest_repeats(exam: Exam, pool: Pool, often: Counter[str]) -> int:
    """By counting: what is short of fresh easy and hard items, and what any place then lacks."""
    any_of, hard, easy = (each.count for each in exam.blueprint.sections[0].draws)
    fresh = Counter(each.difficulty for each in pool.items.values() if not often[each.code])
    short_hard, short_easy = max(hard - fresh["hard"], 0), max(easy - fresh["easy"], 0)
    left = max(fresh["hard"] - hard, 0) + max(fresh["easy"] - easy, 0) + fresh["medium"]
    return short_hard + short_easy + max(any_of - left, 0)


def test_draws_that_compete_are_filled_wherever_possible() -> None:
    exam = exam_of(
        Draw(count=2, points=100),
        Draw(count=2, points=100, difficulty="hard"),
        items=(FixedItem(code="easy_0", points=1),),
    )
    for seed in range(200):
        found = codes(draw(exam, pool_of(easy=3, hard=2), seed))
        assert sorted(found) == ["easy_0", "easy_1", "easy_2", "hard_0", "hard_1"]


def test_a_pool_that_does_not_suffice_draws_nothing() -> None:
    exam = exam_of(Draw(count=3, points=100))
    with pytest.raises(PoolTooSmall):
        draw(exam, pool_of(easy=2), 1)
    with pytest.raises(PoolTooSmall):
        draw(exam_of(items=(FixedItem(code="gone", points=1),)), pool_of(easy=2), 1)


def test_only_reviewed_items_of_the_category_or_below_are_drawn() -> None:
    item = next(iter(pool_of(easy=1).items.values()))
    wanted = Draw(count=1, points=1, category="受理")
    for category, is_right in {"受理": True, "受理/首问": True, "受理部": False, "": False}.items():
        assert fits(msgspec.structs.replace(item, category=category), wanted) is is_right
    assert not fits(msgspec.structs.replace(item, category="受理", state="draft"), wanted)
    assert not fits(msgspec.structs.replace(item, category="受理", state="retired"), wanted)


def test_every_item_of_a_pool_is_drawn_equally_often() -> None:
    exam, pool = exam_of(Draw(count=5, points=100)), pool_of(easy=20)
    counts = Counter(code for seed in range(2_000) for code in codes(draw(exam, pool, seed)))
    assert len(counts) == 20
    assert max(abs(each - 500) for each in counts.values()) < 5 * (2_000 * 0.25 * 0.75) ** 0.5


def test_the_order_stays_where_nothing_is_shuffled() -> None:
    items = tuple(FixedItem(code=f"easy_{number}", points=1) for number in range(5))
    exam = exam_of(items=items, shuffle_items=False)
    assert {tuple(codes(draw(exam, pool_of(easy=5), seed))) for seed in range(20)} == {
        tuple(each.code for each in items)
    }
    shuffled = exam_of(items=items)
    assert len({tuple(codes(draw(shuffled, pool_of(easy=5), seed))) for seed in range(50)}) > 30


def test_a_paper_out_of_a_large_pool_is_drawn_in_milliseconds() -> None:
    pool = pool_of(easy=1_000, medium=1_000, hard=1_000)
    exam = exam_of(*(Draw(count=20, points=100, difficulty=each) for each in ("easy", "medium", "hard")))
    seen = [set(codes(draw(exam, pool, 1)))]
    started = time.perf_counter()
    for seed in range(10):
        draw(exam, pool, seed, seen)
    assert (time.perf_counter() - started) / 10 < 0.25
