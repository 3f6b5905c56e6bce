"""Somebody who holds every page, every day's report and every export of a wave tries to find out who said what.

Organisations are drawn from a seed: uneven departments, people who work on several sides, a third segment, skipped and
inapplicable questions. All that was published is compared, figure by figure: for any two of which one is made of all
the people of the other and some more, these are nobody or k people and more.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product
from random import Random

import numpy as np
import polars as pl
import pytest

from surveys.analysis.crosstab import cross, variables
from surveys.analysis.diagnosis import NotShown, diagnose
from surveys.analysis.findings import Condition, DiagnosisFindings, ProgrammeFacts, WaveFacts
from surveys.definition import Questionnaire
from surveys.disclosure import Policy
from surveys.exports.protection import release
from surveys.formats import yaml
from surveys.frame import Dataset, dataset

ORGANISATIONS = 20 if os.environ.get("WENHENG_HYPOTHESIS") == "campaign" else 2
K = 5
SIDES = ("upstream", "operator", "downstream", "manager")
TENURES = ("new", "some", "long")
TEXT = """
name: attacked
kind: pulse
title: 调查
rating_scales: {agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}}
scales: [{code: clarity, label: 清晰, items: [a, b, c]}]
pages:
  - code: first
    questions:
      - {code: a, type: likert, scale: agree, text: 一, not_applicable: true}
      - {code: b, type: likert, scale: agree, text: 二}
      - {code: c, type: likert, scale: agree, text: 三}
      - {code: hours, type: number, text: 小时, low: 0, high: 100}
      - code: tenure
        type: single
        segment: tenure
        text: 年限
        choices: [{code: new, label: 新}, {code: some, label: 中}, {code: long, label: 老}]
      - {code: nps, type: nps, text: 推荐}
      - {code: idea, type: long_text, text: 建议}
"""
Published = dict[str, set[frozenset[int]]]
"""Column → the people behind each figure that was ever told of it."""


def asked() -> Questionnaire:
    found, problems = yaml.read(TEXT)
    assert found is not None, problems
    return found


def organisation(seed: int) -> Dataset:
    """People 1, 2, … in the order in which they answer."""
    draw = Random(seed)
    sizes = [draw.choice([2, 4, 6, 9, 14, 23, 40]) for _ in range(draw.randint(3, 7))]
    people = [f"部门{place}" for place, size in enumerate(sizes) for _ in range(size)]
    if draw.random() < 0.7:  # else one department after the other
        draw.shuffle(people)
    lines, meta = [], defaultdict(list)
    for place, department in enumerate(people, 1):
        row = dict.fromkeys("abc", draw.randint(1, 5)) | {draw.choice("abc"): draw.randint(1, 5)}  # they go together
        row |= {"hours": draw.randint(1, 99), "nps": draw.randint(0, 10)}
        row = {name: value for name, value in row.items() if draw.random() > 0.08}
        row |= {"tenure": draw.choice(TENURES)} if draw.random() > 0.05 else {}
        row |= {"idea": f"意见 {place}"} if draw.random() < 0.3 else {}
        lines.append(json.dumps(row))
        meta["_sequence"].append(place)
        meta["_department"].append(department)
        meta["_side"].append(draw.choice(SIDES[: draw.choice([2, 4, 4])]))
        meta["_seconds"].append(draw.randint(30, 900))
    return dataset(asked(), lines, meta)


def wave(settled: int | None) -> WaveFacts:
    return WaveFacts(
        title="调查", role="pulse", anonymity="anonymous", minimum_group=K, minimum_comments=10, opened_on="2026-01-01",
        closed_on=None, questionnaire={"zh-CN": "调查"}, questionnaire_name="attacked", version=1, content_hash="",
        verified=True, settled=settled,
    )  # fmt: skip


PROGRAMME = ProgrammeFacts(name="x", process="x", scope="", owner="", sponsor="", stage="diagnosis")


def days(of: Dataset) -> Iterator[tuple[Dataset, int | None]]:
    """Some days of an open wave, the day when it was closed, and one after it was reopened and 11 more answered."""
    n = of.frame.height
    last = max(n - 11, n // 2)
    for until in (n // 3, n // 2, n // 2 + 1, last):
        yield Dataset(of.questionnaire, of.frame.head(until // K * K)), None
    yield Dataset(of.questionnaire, of.frame.head(last)), last
    yield Dataset(of.questionnaire, of.frame.head(last + (n - last) // K * K)), last


def filters(of: Dataset) -> Iterator[tuple[Condition, ...]]:
    values = {
        "side": SIDES, "department": of.frame["_department"].unique().sort().to_list(), "tenure": TENURES,
    }  # fmt: skip
    for depth in range(4):
        for names in combinations(values, depth):
            for chosen in product(*(values[name] for name in names)):
                yield tuple(Condition(dimension=name, value=value) for name, value in zip(names, chosen, strict=True))


def fulfil(of: Dataset, conditions: tuple[Condition, ...]) -> set[int]:
    found = of.frame
    for each in conditions:
        found = found.filter(pl.col("tenure" if each.dimension == "tenure" else f"_{each.dimension}") == each.value)
    return set(found["_sequence"])


def told(findings: DiagnosisFindings) -> Iterator[tuple[str, int]]:
    """Column and how many people's answers each figure says it is made of."""
    for scale in findings.scales:
        yield "scale", scale.mean.n_valid
        yield from (("items", each.n_valid) for each in (scale.alpha, scale.omega) if each)
        yield from ((item.column, item.mean.n_valid) for item in scale.items)
    for question in findings.questions:
        for estimate in question.estimates.values():
            yield question.question, estimate.n_valid
    yield from (
        ("overall", point.importance.n_valid) for point in (findings.priorities.points if findings.priorities else ())
    )
    yield from ((comment.question, len(comment.texts)) for comment in findings.comments)


def behind(of: Dataset, people: set[int], column: str) -> frozenset[int]:
    """Who of them answered."""
    score = sum(pl.col(name).is_not_null().cast(int) for name in "abc")
    if column == "scale":
        found = of.frame.filter(score >= 2)
    elif column == "overall":
        found = of.frame.filter((score >= 2) & pl.col("nps").is_not_null())
    elif column == "items":
        found = of.frame.filter(score == 3)
    else:
        found = of.frame.filter(pl.col(column).is_not_null())
    return frozenset(set(found["_sequence"]) & people)


def everything_published(of: Dataset) -> Published:
    published: Published = defaultdict(set)
    for stored, settled in days(of):
        policy = wave(settled).policy
        before = 0 if settled is None else min(settled, stored.frame.height)
        everybody = set(range(1, policy.shown(before, stored.frame.height - before) + 1))
        for conditions in filters(of):
            try:
                findings = diagnose(stored, PROGRAMME, wave(settled), conditions=conditions)
            except NotShown:
                continue
            people = fulfil(stored, conditions) & (everybody if not conditions else set(range(1, before + 1)))
            assert findings.response.responded == len(people)
            for column, n in told(findings):
                group = behind(stored, people, column)
                if not conditions:  # of everybody the first who answered this
                    group = frozenset(sorted(group)[:n])
                assert n in (0, len(group)), (conditions, column)
                if n:
                    published[column].add(group)
            for segment in findings.segments:
                for group in segment.groups:
                    if group.means:
                        code = next(c for c in findings.choices if c.dimension == segment.dimension)
                        value = next(value for value, label, _ in code.values if label == group.label)
                        inner = people & fulfil(stored, (Condition(dimension=segment.dimension, value=value),))
                        published["scale"].add(behind(stored, inner & set(range(1, before + 1)), "scale"))
    return published


@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_all_that_was_published_together_tells_of_nobody(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    of = organisation(seed)
    published = everything_published(of)
    pairs = 0
    for column, groups in published.items():
        assert all(len(group) >= K for group in groups), column
        for one, other in combinations(groups, 2):
            inner, outer = sorted((one, other), key=len)
            if inner <= outer:
                pairs += 1
                assert len(outer) - len(inner) not in range(1, K), (column, sorted(outer - inner))
    assert pairs, "there was something to subtract"
    assert {"scale", "items", "overall"} <= set(published)
    with capsys.disabled():
        figures = sum(map(len, published.values()))
        print(f" [{figures} figures of {of.frame.height} people, {pairs} pairs nested]", end="")


@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_an_export_beside_all_reports_tells_of_nobody(seed: int) -> None:
    of = organisation(seed)
    leaving = release(of, Policy(minimum_group=K))
    names = [*leaving.about, "tenure"]
    for size in range(1, len(names) + 1):
        for some in combinations(names, size):
            assert min(leaving.frame.group_by(*some).len()["len"]) >= K, some
    assert leaving.frame.height == of.frame.height
    assert not {"_sequence", "_seconds"} & set(leaving.frame.columns)


@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_tables_of_all_groups_tell_of_nobody(seed: int) -> None:
    of = organisation(seed)
    policy = Policy(minimum_group=K)
    known = [each.name for each in variables(of)]
    assert {"group.side", "group.department", "a", "tenure"} <= set(known)
    shown: dict[tuple[str, str, str, str], list[tuple[set[int], int]]] = defaultdict(list)
    for rows, across in (("group.side", "b"), ("tenure", "c"), ("a", "b")):
        for conditions in filters(of):
            if len(conditions) > 2:
                continue
            try:
                found = cross(of, policy, rows, across, conditions)
            except NotShown:
                continue
            people = fulfil(of, conditions)
            for (row, _), counts in zip(found.rows.values, found.counts, strict=True):
                for (column, _), count in zip(found.columns.values, counts, strict=True):
                    if count:
                        assert count >= K
                        shown[rows, across, row, column].append((people, count))
    for cells in shown.values():
        for (one, few), (other, many) in product(cells, cells):
            if one < other:
                assert many - few not in range(1, K)


def test_the_attack_would_find_a_leak() -> None:
    """The comparison itself is tried on what a careless report would print."""
    of = organisation(1)
    people = np.arange(1, of.frame.height + 1)
    careless = [frozenset(people.tolist()), frozenset(people[:-2].tolist())]
    inner, outer = sorted(careless, key=len)
    assert inner <= outer
    assert len(outer) - len(inner) in range(1, K)
