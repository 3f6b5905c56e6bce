"""The summary: what the figures allow to be said, strengths and points to improve. Renderers word the keys.

Every key and its params stand at ``findings.StatementKey``; the rules are in docs/statistics.md, "Statements".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from surveys.analysis.findings import (
    Branch,
    ItemFinding,
    PainFinding,
    ResponseFinding,
    ScaleFinding,
    SegmentFinding,
    Statement,
    StepFinding,
    TimelineFinding,
)
from surveys.disclosure import FEW

SINGLED_OUT = 3  # items and steps named on their own
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
        *_items(scales, best=True),
        *_smooth_steps(steps),
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
) -> tuple[Statement, ...]:
    """What to improve, the process before opinions, and what weakens the survey itself last."""
    return (
        *_bottleneck(steps),
        *_waiting(timeline),
        *_bad_steps(steps),
        *_pains(pains, fishbone),
        *_scales(scales, "improve"),
        *_items(scales, best=False),
        *_differences(segments, scales),
        *(Statement(key="scale_blocked", params={"scale": each.label}) for each in scales if each.verdict == "blocked"),
        *_response_low(response),
    )


def _scales(scales: Sequence[ScaleFinding], verdict: Literal["strength", "improve"]) -> Iterator[Statement]:
    chosen = [scale for scale in scales if scale.verdict == verdict]
    for scale in sorted(chosen, key=lambda each: each.mean.value or 0.0, reverse=verdict == "strength"):
        yield Statement(
            key="scale_strength" if verdict == "strength" else "scale_improve",
            params={"scale": scale.label, "mean": scale.mean, "middle": scale.middle, "high": scale.high},
        )


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

    Only of items in scales is it known whether agreeing is good.
    """
    placed: list[tuple[float, ItemFinding, dict[str, str]]] = []
    inside = [(item, each.label) for each in scales if each.verdict != "blocked" for item in each.items]
    for item, scale in inside:
        points = [level.value for level in item.levels if isinstance(level.value, int)]
        if not points or item.mean.ci_low is None or item.mean.ci_high is None:
            continue
        low, high = min(points), max(points)
        middle = (low + high) / 2
        distance = (item.mean.ci_low - middle) if best else (middle - item.mean.ci_high)
        if distance > 0:
            placed.append((distance / (high - low), item, scale))
    for _, item, scale in sorted(placed, key=lambda each: -each[0])[:SINGLED_OUT]:
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
                },
            )


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
    painful = [step for step in steps if step.pain.ci_low is not None and step.pain.ci_low > MIDDLE]
    for step in sorted(painful, key=lambda each: -(each.pain.value or 0.0))[:SINGLED_OUT]:
        yield Statement(key="step_painful", params={"step": step.label, "pain": step.pain})
    faulty = [step for step in steps if step.errors.ci_low is not None and step.errors.ci_low > MIDDLE]
    for step in sorted(faulty, key=lambda each: -(each.errors.value or 0.0))[:SINGLED_OUT]:
        yield Statement(key="step_errors", params={"step": step.label, "errors": step.errors})


def _pains(pains: Sequence[PainFinding], fishbone: Sequence[Branch]) -> Iterator[Statement]:
    vital = [pain for pain in pains if pain.vital and pain.share_of_people.value is not None]
    if not vital:
        return
    yield Statement(
        key="pains_vital",
        params={
            "pains": tuple(pain.label for pain in vital),
            "of": len(pains),
            "share": vital[-1].cumulative,
            "n": vital[0].share_of_people.n_valid,
        },
    )
    if fishbone and fishbone[0].share > 0:
        main = fishbone[0]
        yield Statement(key="cause", params={"category": main.category, "share": main.share, "weight": main.weight})


def _differences(segments: Sequence[SegmentFinding], scales: Sequence[ScaleFinding]) -> Iterator[Statement]:
    labels = {scale.code: scale.label for scale in scales}
    for segment in segments:
        for test in segment.tests:
            known = [
                (group.means[test.scale], group.label)
                for group in segment.groups
                if test.scale in group.means and group.means[test.scale].value is not None
            ]
            if not test.different or len(known) < 2:
                continue
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
