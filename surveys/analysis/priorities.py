"""What to do first: scales that matter and are done badly, and the changes that would save most time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from surveys.analysis.findings import (
    CandidateFinding,
    PriorityFinding,
    PriorityPoint,
    QuestionFinding,
    ScaleFinding,
    StepFinding,
)
from surveys.analysis.flow import promise
from surveys.analysis.together import overall_column, overall_rating
from surveys.analysis.view import View
from surveys.definition import Scale
from surveys.statistics.estimate import Estimate
from surveys.statistics.importance import crossing, derived_importance, quadrant_of

LEAST_POINTS = 3  # of which lines at the means say anything
ORDER = ("concentrate", "keep_up", "low_priority", "possible_overkill", "")


def priority_findings(view: View, scales: Sequence[ScaleFinding]) -> PriorityFinding | None:
    """Importance–performance of the scales; None where nothing rates the whole.

    Means are compared, so only scales of one answer scale take part: that of most, of equal numbers the first.
    """
    overall = overall_rating(view.questionnaire)
    told = [scale for scale in scales if scale.verdict != "blocked"]
    ranges = Counter((scale.low, scale.high) for scale in told)
    if overall is None or not ranges:
        return None
    low, high = ranges.most_common(1)[0][0]
    written = {scale.code: scale for scale in view.questionnaire.scales}
    alike = [scale for scale in told if (scale.low, scale.high) == (low, high)]
    points = [(scale, _importance(view, written[scale.code])) for scale in alike]
    known = [
        (importance, scale.mean) for scale, importance in points if None not in (importance.value, scale.mean.value)
    ]
    lines = crossing(known) if len(known) >= LEAST_POINTS else None
    found = [_point(scale, importance, lines) for scale, importance in points]
    found.sort(key=lambda each: (ORDER.index(each.quadrant), -(each.importance.value or 0.0)))
    return PriorityFinding(overall=overall.label, low=low, high=high, points=tuple(found), crosshair=lines)


def _importance(view: View, scale: Scale) -> Estimate:
    together = overall_column(scale)
    answers = view.together(together)
    return view.figure(derived_importance(answers[:, 0], answers[:, 1]), together)


def _point(scale: ScaleFinding, importance: Estimate, lines: tuple[float, float] | None) -> PriorityPoint:
    quadrant, uncertain = quadrant_of(importance, scale.mean, lines)
    return PriorityPoint(
        code=scale.code, label=scale.label, importance=importance, performance=scale.mean, quadrant=quadrant or "",
        uncertain=uncertain,
    )  # fmt: skip


def candidates(steps: Sequence[StepFinding], questions: Sequence[QuestionFinding]) -> tuple[CandidateFinding, ...]:
    """What people suggest to change, else the steps as measured, by minutes × how often; none that promises nothing."""
    found = [*_suggested(steps, questions)] or [*_measured(steps)]
    return tuple(sorted((each for each in found if each.promise > 0), key=lambda each: -each.promise))


def _suggested(steps: Sequence[StepFinding], questions: Sequence[QuestionFinding]) -> Iterator[CandidateFinding]:
    today = {step.code: _today(step) for step in steps}
    for question in questions:
        for part in question.parts if question.type == "ecrs" else ():
            if part.estimate is not None and promise(part) > 0:
                yield CandidateFinding(
                    code=part.code, label=part.label, by="suggested", minutes=part.estimate,
                    frequency=part.estimates["share"], promise=promise(part), today=today.get(part.code.split(".")[0]),
                )  # fmt: skip


def _measured(steps: Sequence[StepFinding]) -> Iterator[CandidateFinding]:
    for step in steps:
        if step.wait.value is not None and step.errors.value is not None:
            yield CandidateFinding(
                code=step.code, label=step.label, by="measured", minutes=step.wait, frequency=step.errors,
                promise=step.wait.value * (step.errors.value - 1) / 4, today=_today(step),
            )  # fmt: skip


def _today(step: StepFinding) -> float | None:
    if step.work.value is None or step.wait.value is None:
        return None
    return step.work.value + step.wait.value
