"""The figures of a diagnosis: findings to scenes, the same for page and paper.

Each function takes the findings, a language and a width in points (the page's column by default; a phone asks for about
300) and returns a scene, or None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Callable

from reports.figure import Scene
from reports.figures.careless import careless
from reports.figures.fishbone import fishbone
from reports.figures.pareto import pareto
from reports.figures.priorities import candidates, priorities
from reports.figures.questions import question
from reports.figures.rates import rates_by_department, rates_by_side
from reports.figures.scales import distribution, reach, scales
from reports.figures.segments import segments_by_department, segments_by_side
from reports.figures.steps import heat_map, timeline
from surveys.analysis.findings import DiagnosisFindings

FIGURES: dict[str, Callable[[DiagnosisFindings, str, float], Scene | None]] = {
    "rates_by_department": rates_by_department,
    "rates_by_side": rates_by_side,
    "careless": careless,
    "scales": scales,
    "priorities": priorities,
    "heat_map": heat_map,
    "timeline": timeline,
    "pareto": pareto,
    "fishbone": fishbone,
    "candidates": candidates,
    "segments_by_side": segments_by_side,
    "segments_by_department": segments_by_department,
}
"""Name to figure, in the order of the report."""

__all__ = [
    "FIGURES", "distribution", "fishbone", "heat_map", "pareto", "question", "rates_by_department", "rates_by_side",
    "reach", "scales", "segments_by_department", "segments_by_side", "timeline",
]  # fmt: skip
