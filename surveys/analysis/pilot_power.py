"""Before a pilot starts: how many answers and cases would show the change hoped for."""

from __future__ import annotations

import numpy as np
import polars as pl

from surveys.analysis.findings import Finding
from surveys.analysis.pilot import answers_needed
from surveys.analysis.pilot_evaluation import Material, metric_of, rows_of
from surveys.analysis.pilot_findings import Metric
from surveys.analysis.pilot_plan import Measure
from surveys.disclosure import FEW
from surveys.statistics.estimate import Estimate
from surveys.text import Text


class Need(Finding, frozen=True, kw_only=True):
    """``needed`` values per group (pairs where linked) show ``hoped`` with power 0.8, ``have`` are there from before.

    ``hoped``: a difference of scores and shares, a ratio of durations and counts. ``needed`` None: ``why``, since there
    is no baseline to tell the spread, or the target is no improvement.
    """

    code: str
    label: Text
    metric: Metric
    have: int
    hoped: float | None = None
    needed: Estimate | None = None
    why: str = ""  # no_baseline, no_change


def needs(material: Material) -> tuple[Need, ...]:
    """For each measure with a target."""
    return tuple(_need(measure, material) for measure in material.record.plan.measures if measure.target is not None)


def _need(measure: Measure, material: Material) -> Need:
    rows = rows_of(measure, material)
    metric = metric_of(measure, material, rows)
    before = rows.filter((pl.col("arm") == "pilot") & (pl.col("period") == "before"))["value"].drop_nulls().sort()
    need = Need(code=measure.code, label=measure.label, metric=metric, have=len(before))
    values = before.to_list()
    if len(values) < FEW:
        if measure.kind != "proportion" or measure.assumed is None:
            return _because(need, "no_baseline")
        values = [measure.assumed]
    if measure.kind == "duration" and min(values) <= 0:
        return _because(need, "no_baseline")
    hoped = _hoped(measure, values)
    null = 1.0 if measure.kind in ("duration", "count") else 0.0
    if hoped is None or hoped == null or (hoped > null) is not (measure.better == "higher"):
        return _because(need, "no_change")
    needed, _ = answers_needed(metric.design, values, hoped)
    return Need(code=need.code, label=need.label, metric=metric, have=need.have, hoped=hoped, needed=needed)


def _because(need: Need, why: str) -> Need:
    return Need(code=need.code, label=need.label, metric=need.metric, have=need.have, why=why)


def _hoped(measure: Measure, before: list[float]) -> float | None:
    """The change that would just reach the target."""
    target = measure.target
    assert target is not None
    if target.on == "change":
        return target.value
    stands = float(np.median(before) if measure.kind == "duration" else np.mean(before))
    if measure.kind in ("duration", "count"):
        return target.value / stands if stands > 0 and target.value > 0 else None
    return target.value - stands
