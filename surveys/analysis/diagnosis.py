"""What a diagnosis wave found: responses → findings, the same findings for the same responses, byte for byte."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import numpy as np

from surveys.analysis.findings import (
    Audience,
    DiagnosisFindings,
    Finding,
    ProgrammeFacts,
    ResponseFinding,
    WaveFacts,
)
from surveys.analysis.levels import items
from surveys.analysis.process import pain_findings, step_findings
from surveys.analysis.questions import question_findings
from surveys.analysis.scales import scale_findings, single_items
from surveys.analysis.segments import Dimension, department_audience, dimensions, group_rates, segment_findings
from surveys.analysis.statements import improvements, strengths
from surveys.analysis.view import View, library_versions, view
from surveys.analysis.words import comment_findings, why_groups
from surveys.disclosure import FEW, Policy
from surveys.frame import Dataset, answered_columns
from surveys.impersonal import impersonal
from surveys.statistics.careless import long_string, straight_lining, too_fast
from surveys.statistics.estimate import Estimate
from surveys.statistics.proportion import response_rate


def diagnose(
    dataset: Dataset, programme: ProgrammeFacts, wave: WaveFacts, audience: Audience | None = None
) -> DiagnosisFindings:
    """Everything a diagnosis report prints of ``dataset``, from no responses up.

    Fewer than k people's figures are absent, below n = 10 there are counts only. 100,000 responses take seconds.
    """
    dataset = Dataset(impersonal(dataset.questionnaire), dataset.frame)
    seen = view(dataset, Policy.of(wave.anonymity, wave.minimum_group, wave.minimum_comments))
    split = dimensions(seen)
    response = _response(seen, split, audience or Audience())
    scales = scale_findings(seen)
    steps, timeline = step_findings(seen)
    pains, fishbone = pain_findings(seen)
    blocked = frozenset(scale.code for scale in scales if scale.verdict == "blocked")
    segments = segment_findings(seen, split, blocked)
    findings = DiagnosisFindings(
        programme=programme,
        wave=wave,
        response=response,
        scales=scales,
        items=single_items(seen),
        questions=question_findings(seen),
        steps=steps,
        timeline=timeline,
        pains=pains,
        fishbone=fishbone,
        whys=why_groups(seen),
        segments=segments,
        comments=comment_findings(seen),
        strengths=strengths(response, scales, steps),
        improvements=improvements(response, scales, steps, timeline, pains, fishbone, segments),
        data_hash=seen.data_hash,
        library_versions=library_versions(),
    )
    return stamped(findings, seen.data_hash, findings.library_versions)


def _response(seen: View, split: tuple[Dimension, ...], audience: Audience) -> ResponseFinding:
    by_name = {dimension.name: dimension for dimension in split}
    seconds = seen.values("_seconds")
    return ResponseFinding(
        invited=audience.invited,
        responded=seen.n,
        rate=response_rate(seen.n, audience.invited) if audience.invited is not None else None,
        by_department=group_rates(seen, by_name["department"], department_audience(audience)),
        by_side=group_rates(seen, by_name["side"], audience.by_side),
        median_seconds=float(np.median(seconds)) if len(seconds) >= FEW else None,
        flagged=_flagged(seen) if seen.n >= FEW else {},
    )


def _flagged(seen: View) -> dict[str, int]:
    """How many responses look careless; they stay in every figure."""
    answers = seen.matrix(tuple(column.name for column in items(seen)))
    answered = answered_columns(seen.frame, list(seen.columns.values()))
    return {
        "straight_lining": int(straight_lining(answers).sum()),
        "long_string": int(long_string(answers).sum()),
        "too_fast": int(too_fast(seen.matrix(("_seconds",))[:, 0], answered).sum()),
    }


T = TypeVar("T")


def stamped(record: T, data_hash: str, versions: dict[str, str]) -> T:
    """The findings with every Estimate in them telling what data and which libraries it comes from."""
    told: Any = record
    if isinstance(record, Estimate):
        told = msgspec.structs.replace(record, data_hash=data_hash, library_versions=versions)
    elif isinstance(record, Finding):
        fields = {name: stamped(getattr(record, name), data_hash, versions) for name in record.__struct_fields__}
        told = type(record)(**fields)
    elif isinstance(record, tuple | list) and not (record and isinstance(record[0], str)):
        told = type(record)(stamped(each, data_hash, versions) for each in record)
    elif isinstance(record, dict):
        told = {key: stamped(value, data_hash, versions) for key, value in record.items()}
    return told  # type: ignore[no-any-return]
