"""The summary: what the figures allow to be said, strengths and points to improve. Renderers word the keys.

Every key and its params stand at ``findings.StatementKey``; the rules are in docs/statistics.md, "Statements".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from surveys.analysis.findings import (
    Branch,
    GroupTest,
    ItemFinding,
    PainFinding,
    PriorityFinding,
    ResponseFinding,
    ScaleFinding,
    SegmentFinding,
    Statement,
    StatementKey,
    StepFinding,
    TimelineFinding,
)
from surveys.disclosure import FEW
from surveys.statistics.estimate import Estimate

SINGLED_OUT = 3  # steps and differences named on their own
ITEMS = 2  # items named beside their scales
LOW_RATE, HIGH_RATE = 0.5, 0.7
MIDDLE = 3.0  # of pain and error frequency, 1 to 5


def strengths(
    response: ResponseFinding,
    scales: Sequence[ScaleFinding],
    steps: Sequence[StepFinding],
) -> tuple[Statement, ...]:
    """What the process does well today, demonstrated by an interval; the best scale where none is demonstrated."""
    return (
        *_scales(scales, "strength"),
        *_best_scale(scales),
        *_smooth_steps(steps),
        *_items(scales, best=True),
        *_response_high(response),
    )


def improvements(
    response: ResponseFinding,
    scales: Sequence[ScaleFinding],
    steps: Sequence[StepFinding],
    timeline: TimelineFinding | None,
    pains: Sequence[PainFinding],
    fishbone: Sequence[Branch],
    segments: Sequence[SegmentFinding],
    priorities: PriorityFinding | None = None,
) -> tuple[Statement, ...]:
    """What to improve, most important first: the kinds take turns, so that whatever is cut, each has been heard.

    One statement speaks of one step or one scale. What weakens the survey itself comes last.
    """
    low = list(_scales(scales, "improve"))
    turns = (
        low[0::2],
        low[1::2],
        list(_pains(pains)),
        list(_differences(segments, scales)),
        list(_bad_steps(steps)),
    )
    rest = (*_waiting(timeline), *_concentrate(priorities), *_cause(fishbone), *_items(scales, best=False))
    blocked = tuple(
        Statement(key="scale_blocked", params={"scale": each.label}) for each in scales if each.verdict == "blocked"
    )
    return (*_bottleneck(steps), *_in_turns(turns), *rest, *blocked, *_response_low(response))


def _in_turns(kinds: Sequence[Sequence[Statement]]) -> Iterator[Statement]:
    """The first of every kind, then the second of every kind, and so on."""
    for place in range(max(map(len, kinds), default=0)):
        yield from (kind[place] for kind in kinds if place < len(kind))


def _scales(scales: Sequence[ScaleFinding], verdict: Literal["strength", "improve"]) -> Iterator[Statement]:
    """Each scale with the item that shows it best."""
    best = verdict == "strength"
    chosen = [scale for scale in scales if scale.verdict == verdict]
    for scale in sorted(chosen, key=lambda each: each.mean.value or 0.0, reverse=best):
        params = {"scale": scale.label, "mean": scale.mean, "middle": scale.middle, "high": scale.high}
        if (item := _telling(scale, best)) is not None:
            params |= {"item": item.label, "item_top2": item.top2}
        yield Statement(key="scale_strength" if best else "scale_improve", params=params)


def _telling(scale: ScaleFinding, best: bool) -> ItemFinding | None:
    """The item with the most (fewest) of the two best answers; of reversed ones agreeing says the opposite."""
    known = [item for item in scale.items if not item.reversed and item.top2.value is not None]
    pick = max if best else min
    return pick(known, key=lambda item: item.top2.value or 0.0, default=None)


def _best_scale(scales: Sequence[ScaleFinding]) -> Iterator[Statement]:
    known = [scale for scale in scales if scale.mean.value is not None]
    if len(known) > 1 and not any(scale.verdict == "strength" for scale in known):
        best = max(known, key=lambda each: each.mean.value or 0.0)
        yield Statement(
            key="scale_highest",
            params={"scale": best.label, "mean": best.mean, "middle": best.middle, "high": best.high},
        )


def _items(scales: Sequence[ScaleFinding], *, best: bool) -> Iterator[Statement]:
    """The items whose interval lies furthest beyond the middle of their answer scale, in points of its width.

    Only of items in scales is it known whether agreeing is good. A scale that is itself said to be good (bad) has
    spoken by its most telling item: its others are left out.
    """
    spoken = ("blocked", "strength" if best else "improve")
    placed: list[tuple[float, ItemFinding, dict[str, str]]] = []
    inside = [(item, each.label) for each in scales if each.verdict not in spoken for item in each.items]
    for item, scale in inside:
        points = [level.value for level in item.levels if isinstance(level.value, int)]
        if not points or item.mean.ci_low is None or item.mean.ci_high is None:
            continue
        low, high = min(points), max(points)
        middle = (low + high) / 2
        distance = (item.mean.ci_low - middle) if best else (middle - item.mean.ci_high)
        if distance > 0:
            placed.append((distance / (high - low), item, scale))
    for _, item, scale in sorted(placed, key=lambda each: -each[0])[:ITEMS]:
        yield Statement(
            key="item_strength" if best else "item_improve",
            params={
                "item": item.label,
                "scale": scale,
                "top2": item.top2,
                "mean": item.mean,
                "reversed": item.reversed,
            },
        )


def _smooth_steps(steps: Sequence[StepFinding]) -> Iterator[Statement]:
    smooth = [
        step for step in steps if not step.bottleneck and step.pain.ci_high is not None and step.pain.ci_high < MIDDLE
    ]
    for step in sorted(smooth, key=lambda each: each.pain.value or 0.0)[:SINGLED_OUT]:
        yield Statement(key="step_smooth", params={"step": step.label, "pain": step.pain})


def _above(estimate: Estimate) -> bool:
    return estimate.ci_low is not None and estimate.ci_low > MIDDLE


def _bottleneck(steps: Sequence[StepFinding]) -> Iterator[Statement]:
    for step in steps:
        if step.bottleneck:
            yield Statement(
                key="bottleneck",
                params={
                    "step": step.label,
                    "owner": step.owner,
                    "work": step.work,
                    "wait": step.wait,
                    "share": step.share_of_time,
                    **_bad(step),
                },
            )


def _bad(step: StepFinding) -> dict[str, Estimate]:
    """Of pain and errors what lies above the middle."""
    return {name: figure for name, figure in (("pain", step.pain), ("errors", step.errors)) if _above(figure)}


def _waiting(timeline: TimelineFinding | None) -> Iterator[Statement]:
    if timeline and timeline.efficiency is not None and timeline.wait > timeline.work:
        yield Statement(
            key="waiting",
            params={
                "work": timeline.work,
                "wait": timeline.wait,
                "efficiency": timeline.efficiency,
                "n": timeline.n,
            },
        )


def _bad_steps(steps: Sequence[StepFinding]) -> Iterator[Statement]:
    """Steps that hurt or go wrong, one statement each; the bottleneck has had its own."""
    bad = [(step, _bad(step)) for step in steps if not step.bottleneck]
    worst = sorted(
        ((step, figures) for step, figures in bad if figures),
        key=lambda each: ("pain" not in each[1], -(each[0].pain.value or 0.0), -(each[0].errors.value or 0.0)),
    )
    for step, figures in worst[:SINGLED_OUT]:
        key: StatementKey = "step_painful" if "pain" in figures else "step_errors"
        yield Statement(key=key, params={"step": step.label, "owner": step.owner, "wait": step.wait, **figures})


def _pains(pains: Sequence[PainFinding]) -> Iterator[Statement]:
    vital = [pain for pain in pains if pain.vital and pain.share_of_people.value is not None]
    if vital:
        yield Statement(
            key="pains_vital",
            params={
                "pains": tuple(pain.label for pain in vital),
                "of": len(pains),
                "share": vital[-1].cumulative,
                "n": vital[0].share_of_people.n_valid,
                "chosen": vital[0].share_of_people,
            },
        )


def _cause(fishbone: Sequence[Branch]) -> Iterator[Statement]:
    if fishbone and fishbone[0].share > 0:
        main = fishbone[0]
        yield Statement(key="cause", params={"category": main.category, "share": main.share, "weight": main.weight})


def _concentrate(priorities: PriorityFinding | None) -> Iterator[Statement]:
    """The scale that matters most of those that matter and are done badly, where that is not chance."""
    for point in priorities.points if priorities else ():
        if point.quadrant == "concentrate" and not point.uncertain:
            yield Statement(
                key="concentrate",
                params={
                    "scale": point.label,
                    "overall": priorities.overall if priorities else {},
                    "importance": point.importance,
                    "performance": point.performance,
                },
            )
            return


def _differences(segments: Sequence[SegmentFinding], scales: Sequence[ScaleFinding]) -> Iterator[Statement]:
    """The widest confirmed differences, each scale once, in the dimension that explains most of it."""
    labels = {scale.code: scale.label for scale in scales}
    found = [(segment, test) for segment in segments for test in segment.tests if test.different]
    said: set[str] = set()
    for segment, test in sorted(found, key=lambda each: -_size(each[1])):
        known = [
            (group.means[test.scale], group.label)
            for group in segment.groups
            if test.scale in group.means and group.means[test.scale].value is not None
        ]
        if test.scale in said or len(known) < 2 or len(said) == SINGLED_OUT:
            continue
        said.add(test.scale)
        lowest = min(known, key=lambda each: each[0].value or 0.0)
        highest = max(known, key=lambda each: each[0].value or 0.0)
        yield Statement(
            key="difference",
            params={
                "dimension": segment.label,
                "scale": labels[test.scale],
                "highest": highest[1],
                "highest_mean": highest[0],
                "lowest": lowest[1],
                "lowest_mean": lowest[0],
                "p_adjusted": test.p_adjusted,
                "effect": test.effect,
            },
        )


def _size(test: GroupTest) -> float:
    return test.effect.value or 0.0 if test.effect else 0.0


def _response_high(response: ResponseFinding) -> Iterator[Statement]:
    rate = response.rate.value if response.rate else None
    if rate is not None and rate >= HIGH_RATE and response.responded >= FEW:
        yield Statement(key="response_high", params={"rate": response.rate})


def _response_low(response: ResponseFinding) -> Iterator[Statement]:
    rate = response.rate.value if response.rate else None
    if rate is not None and rate < LOW_RATE:
        yield Statement(key="response_low", params={"rate": response.rate})
    if response.responded < FEW:
        yield Statement(key="too_few", params={"n": response.responded, "needed": FEW})
