"""The example grown to an unusual questionnaire: more of everything than one page holds."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import msgspec

from surveys.analysis.findings import DiagnosisFindings, GroupMean, GroupRate, ScaleFinding, StepFinding
from tests.reports.example import estimate, example, item, text


@dataclass(frozen=True)
class Size:
    scales: int = 40
    departments: int = 30
    steps: int = 15
    pains: int = 60
    options: int = 45


def big(size: Size = Size()) -> DiagnosisFindings:
    rng = random.Random(7)
    small = example()
    scales = tuple(_scale(small.scales[number % len(small.scales)], number) for number in range(size.scales))
    return msgspec.structs.replace(
        small,
        scales=scales,
        items=tuple(item(rng, f"single{number}", text(f"单题 {number}", f"Single {number}"), 3.2, 190 - number, False)
                    for number in range(30)),
        steps=tuple(_step(small.steps[number % len(small.steps)], number) for number in range(size.steps)),
        pains=tuple(
            msgspec.structs.replace(
                small.pains[0], code=f"p{number}", label=text(f"第 {number} 个痛点", f"Pain point {number}"),
                share=1 / size.pains, cumulative=(number + 1) / size.pains, vital=number < size.pains * 0.8,
            )
            for number in range(size.pains)
        ),
        questions=(*small.questions, _question(small, size.options)),
        segments=tuple(
            msgspec.structs.replace(
                segment,
                groups=tuple(_group(rng, scales, number) for number in range(size.departments)),
                tests=tuple(msgspec.structs.replace(segment.tests[0], scale=scale.code) for scale in scales),
            )
            for segment in small.segments
        ),
        response=msgspec.structs.replace(
            small.response,
            by_department=tuple(
                GroupRate(label=_department(number), invited=20, responded=number % 20 + 1,
                          rate=estimate((number % 20 + 1) / 20, 20, "response_rate"))
                for number in range(size.departments)
            ),
        ),
    )  # fmt: skip


def _department(number: int) -> dict[str, str]:
    return text(f"第 {number} 事业部", f"Division {number}")


def _scale(scale: ScaleFinding, number: int) -> ScaleFinding:
    label = text(f"第 {number} 个维度", f"Scale {number}")
    return msgspec.structs.replace(scale, code=f"s{number}", label=label, rank=number + 1)


def _step(step: StepFinding, number: int) -> StepFinding:
    label = text(f"第 {number} 步", f"Step {number}")
    return msgspec.structs.replace(step, code=f"t{number}", label=label, bottleneck=number == 12)


def _group(rng: random.Random, scales: tuple[ScaleFinding, ...], number: int) -> GroupMean:
    means = {scale.code: estimate(round(rng.uniform(1.5, 4.5), 2), 20, "mean_t", 0.3) for scale in scales}
    return GroupMean(label=_department(number), n=20 + number, means=means)


def _question(small: DiagnosisFindings, options: int) -> Any:
    found = small.questions[0]
    levels = tuple(
        msgspec.structs.replace(found.levels[0], label=text(f"选项 {number}", f"Option {number}"), value=f"o{number}")
        for number in range(options)
    )
    return msgspec.structs.replace(found, question="many", levels=levels)
