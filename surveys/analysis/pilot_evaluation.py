"""The whole evaluation of a pilot: its plan, what its metrics show, what people said, and what follows.

Page, PDF and API print this one record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

import msgspec
import numpy as np
import polars as pl

from surveys.analysis.findings import DiagnosisFindings, Finding, ProgrammeFacts, WaveFacts
from surveys.analysis.pilot import CASES, evaluate
from surveys.analysis.pilot_adjustments import Adjustment, adjustments
from surveys.analysis.pilot_findings import Metric, MetricFinding, PilotFindings, Risk
from surveys.analysis.pilot_plan import Measure, PlanRecord, portable
from surveys.analysis.pilot_rows import Answers, Role, of_answers, of_cases
from surveys.disclosure import FEW, Policy

POINTS = 200
"""Of a curve at most: quantiles of equal distance, both ends among them."""


class Curve(Finding, frozen=True, kw_only=True):
    """Share of a group's cases that took at most so long: (value, share) by rising value. ``n`` cases."""

    group: Literal["before", "after", "comparison_before", "comparison_after"]
    n: int
    points: tuple[tuple[float, float], ...]


class Evaluation(Finding, frozen=True, kw_only=True):
    """``waves`` by role, of those that the plan names. ``curves``: per code of a duration of cases; answers of people
    are never drawn one by one. ``voices``: what the pilot wave's answers say beside the metrics."""

    programme: ProgrammeFacts
    record: PlanRecord
    waves: dict[Role, WaveFacts]
    pilot: PilotFindings
    curves: dict[str, tuple[Curve, ...]]
    voices: DiagnosisFindings | None
    adjustments: tuple[Adjustment, ...]
    risks: tuple[Risk, ...]
    data_hash: str
    library_versions: dict[str, str]


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What an evaluation is made of. ``cases``: by name of metric, as ``pilot_rows.of_cases`` wants them."""

    programme: ProgrammeFacts
    record: PlanRecord
    waves: dict[Role, WaveFacts]
    answers: dict[Role, Answers]
    cases: dict[str, pl.DataFrame]
    voices: DiagnosisFindings | None = None
    invited: int | None = None  # to the pilot wave in person; None where it had a public link


def evaluation(material: Material) -> Evaluation:
    """The same material gives the same record, byte for byte."""
    record, plan = material.record, material.record.plan
    rows = {measure.code: rows_of(measure, material) for measure in plan.measures}
    metrics = [metric_of(measure, material, rows[measure.code]) for measure in plan.measures]
    pilot = evaluate(
        metrics,
        rows,
        msgspec.structs.replace(plan.rule, fixed_on=record.fixed_on or plan.started_on + timedelta(days=1)),
        plan.started_on,
        invited=material.invited if material.invited is not None else plan.asked,
        responded=material.answers["pilot"].dataset.frame.height if "pilot" in material.answers else None,
        policies={measure.code: _policy(measure, material) for measure in plan.measures},
    )
    voices = material.voices
    return Evaluation(
        programme=material.programme,
        record=record,
        waves=material.waves,
        pilot=pilot,
        curves={
            measure.code: curves
            for measure in plan.measures
            if measure.kind == "duration" and measure.source == "cases" and (curves := _curves(rows[measure.code]))
        },
        voices=voices,
        adjustments=adjustments(pilot, voices),
        risks=(*_own_risks(material), *pilot.risks, *(risk for found in pilot.metrics for risk in found.risks)),
        data_hash=_whole_hash(pilot, material),
        library_versions=pilot.library_versions,
    )


def rows_of(measure: Measure, material: Material) -> pl.DataFrame:
    """The measure's rows of both arms and periods."""
    if measure.source == "cases":
        return of_cases(measure, material.cases, material.record.plan)
    return of_answers(measure, material.answers, material.record.plan)


def metric_of(measure: Measure, material: Material, rows: pl.DataFrame) -> Metric:
    """A comparison is part of the design where the plan names its wave, or its cases were imported."""
    compared = "comparison" in rows["arm"] if measure.source == "cases" else bool(material.record.plan.comparison)
    return measure.metric(linked=bool(material.record.plan.linked), comparison=compared)


def _policy(measure: Measure, material: Material) -> Policy:
    """Of answers the strictest of the waves' promises."""
    if measure.source == "cases":
        return CASES
    policies = [each.policy for each in material.answers.values()]
    return Policy(
        minimum_group=max((each.minimum_group for each in policies), default=1),
        minimum_comments=max((each.minimum_comments for each in policies), default=1),
        protects=any(each.protects for each in policies),
    )


def _curves(rows: pl.DataFrame) -> tuple[Curve, ...]:
    found = []
    for arm, period, group in (
        ("pilot", "before", "before"), ("pilot", "after", "after"),
        ("comparison", "before", "comparison_before"), ("comparison", "after", "comparison_after"),
    ):  # fmt: skip
        values = rows.filter((pl.col("arm") == arm) & (pl.col("period") == period))["value"].drop_nulls().sort()
        if len(values) >= FEW:
            found.append(Curve(group=group, n=len(values), points=_points(values.to_numpy())))  # type: ignore[arg-type]
    return tuple(found)


def _points(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[tuple[float, float], ...]:
    n = len(values)
    places = np.unique(np.linspace(0, n - 1, min(n, POINTS)).round().astype(int))
    return tuple((float(values[place]), (int(place) + 1) / n) for place in places)


def _own_risks(material: Material) -> tuple[Risk, ...]:
    """Risks of how the pilot was set up, which no metric shows."""
    record, risks = material.record, []
    late = _days_late(record.fixed_on, record.plan.started_on)
    if late:
        risks.append(Risk(key="late_plan", figure=late))
    if record.earlier:
        risks.append(Risk(key="replaced_plan", figure=record.earlier))
    if "pilot" in material.waves and not material.waves["pilot"].verified:
        risks.append(Risk(key="unverified"))
    return tuple(risks)


def _days_late(fixed_on: date | None, started_on: date) -> int:
    return 0 if fixed_on is None else max(0, (fixed_on - started_on).days)


def _whole_hash(pilot: PilotFindings, material: Material) -> str:
    """Of everything that the report prints: rows, plan, charter, waves and what people said."""
    said = "" if material.voices is None else material.voices.data_hash
    record = msgspec.structs.replace(material.record, plan=portable(material.record.plan))
    # sequences are the database's own
    waves = {role: msgspec.structs.replace(wave, settled=None) for role, wave in material.waves.items()}
    parts: tuple[Any, ...] = (pilot.data_hash, said, record, material.programme, waves, material.invited)
    return hashlib.blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=32).hexdigest()


def finding_of(evaluation: Evaluation, code: str) -> MetricFinding:
    """The finding of the measure of that code. Raises KeyError."""
    by_code: Mapping[str, MetricFinding] = {found.metric.code: found for found in evaluation.pilot.metrics}
    return by_code[code]
