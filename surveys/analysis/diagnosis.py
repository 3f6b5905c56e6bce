"""What a diagnosis wave found: responses → findings, the same findings for the same responses, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.analysis.careless import careless_flags, without_flagged
from surveys.analysis.findings import (
    Audience,
    Choices,
    DiagnosisFindings,
    Finding,
    GroupRate,
    ProgrammeFacts,
    ResponseFinding,
    WaveFacts,
)
from surveys.analysis.groups import Filter, Groups, dimensions
from surveys.analysis.priorities import candidates, priority_findings
from surveys.analysis.process import pain_findings, step_findings
from surveys.analysis.questions import question_findings
from surveys.analysis.scales import scale_findings, single_items
from surveys.analysis.segments import department_audience, group_rates, segment_findings
from surveys.analysis.statements import improvements, strengths
from surveys.analysis.together import joint_columns, scored
from surveys.analysis.view import View, by_content, library_versions, view
from surveys.analysis.words import comment_findings, why_groups
from surveys.disclosure import FEW
from surveys.frame import Dataset, columns
from surveys.impersonal import impersonal
from surveys.scoring import score_column
from surveys.statistics.estimate import Estimate
from surveys.statistics.proportion import response_rate


class NotShown(Exception):
    """The people who fulfil the conditions are too few, or would be told apart by them."""


def diagnose(
    dataset: Dataset,
    programme: ProgrammeFacts,
    wave: WaveFacts,
    audience: Audience | None = None,
    conditions: Filter = (),
) -> DiagnosisFindings:
    """Everything a diagnosis report prints of ``dataset``, from no responses up; of those who fulfil ``conditions``.

    Fewer than k people's figures are absent, below n = 10 there are counts only. 100,000 responses take seconds.
    Raises NotShown where the conditions leave people of whom nothing may be said.
    """
    policy = wave.policy
    dataset = by_content(Dataset(impersonal(dataset.questionnaire), dataset.frame))
    groups = Groups(dimensions(dataset), dataset.frame["_sequence"].fill_null(0).to_numpy(), policy)
    try:
        conditions = groups.ordered(conditions)
    except ValueError:
        raise NotShown from None
    people = groups.people(conditions)
    if people is None:
        raise NotShown
    asked = dataset if people.all() else Dataset(dataset.questionnaire, dataset.frame.filter(people))
    silent = _silent(dataset, groups, conditions)
    seen = view(asked, policy, silent, {} if conditions else _kept(dataset, groups), ordered=True)
    scales = scale_findings(seen)
    flags = careless_flags(seen) if seen.n >= FEW else {}
    response = msgspec.structs.replace(
        _response(seen, groups, conditions, audience or Audience()),
        flagged={name: int(each.sum()) for name, each in flags.items()},
        without_flagged=without_flagged(seen, groups, conditions, scales, flags),
    )
    steps, timeline = step_findings(seen)
    pains, fishbone = pain_findings(seen)
    blocked = frozenset(scale.code for scale in scales if scale.verdict == "blocked")
    segments = segment_findings(dataset, groups, policy, conditions, blocked)
    priorities = priority_findings(seen, scales)
    questions = question_findings(seen)
    findings = DiagnosisFindings(
        programme=programme,
        wave=wave,
        response=response,
        scales=scales,
        items=single_items(seen),
        questions=questions,
        steps=steps,
        timeline=timeline,
        pains=pains,
        fishbone=fishbone,
        whys=why_groups(seen),
        segments=segments,
        comments=comment_findings(seen),
        strengths=strengths(response, scales, steps),
        improvements=improvements(response, scales, steps, timeline, pains, fishbone, segments, priorities),
        priorities=priorities,
        candidates=candidates(steps, questions),
        data_hash=_hash(seen, groups, conditions),
        library_versions=library_versions(),
        conditions=conditions,
        choices=_choices(groups, conditions),
    )
    return stamped(findings, findings.data_hash, findings.library_versions)


def _silent(dataset: Dataset, groups: Groups, conditions: Filter) -> frozenset[str]:
    """Columns of which nothing is said for this group: a larger one, or everybody on some day, answered them 1 to k − 1
    times more often."""
    if not conditions or not groups.protects:
        return frozenset()
    own = groups.people(conditions)
    assert own is not None
    around = groups.containing(conditions)
    return frozenset(
        name
        for name, there in _answered(dataset).items()
        if any(0 < int((mask & there).sum()) - int((own & there).sum()) < groups.least for mask in around)
        or groups.nearly_a_day(own, there)
    )


def _kept(dataset: Dataset, groups: Groups) -> dict[str, NDArray[np.bool_]]:
    """While a wave goes on: whose answers of each column, and whose scores, are told already, among everybody."""
    if not groups.moving:
        return {}
    everybody = groups.everybody()
    return {name: groups.kept(there)[everybody] for name, there in _answered(dataset).items()}


def _answered(dataset: Dataset) -> dict[str, NDArray[np.bool_]]:
    """Who has an answer of each column, a score of each scale, and all of several columns that figures are made of."""
    asked = dataset.questionnaire
    names = [*columns(asked), *map(score_column, asked.scales), *joint_columns(asked)]
    found = scored(dataset.frame.lazy(), asked).select(names).collect()
    return {name: found[name].is_not_null().to_numpy() for name in names}


def _hash(seen: View, groups: Groups, conditions: Filter) -> str:
    """Of what is shown: the responses, and how many of each group."""
    sizes = [
        (groups.size(child), child)
        for each in groups.dimensions
        for code in each.groups
        if groups.people(child := groups.within(conditions, each.name, code)) is not None
    ]
    told = msgspec.json.encode((seen.data_hash, sorted(seen.silent), sizes, conditions))
    return hashlib.blake2b(told, digest_size=32).hexdigest()


def _choices(groups: Groups, conditions: Filter) -> tuple[Choices, ...]:
    """Of each dimension the groups that fulfil the other conditions and may be shown."""
    found = []
    for each in groups.dimensions:
        others = tuple(condition for condition in conditions if condition.dimension != each.name)
        if len(others) >= groups.depth:
            continue
        children = {code: groups.within(others, each.name, code) for code in each.groups}
        values = tuple(
            (code, each.labels[code], groups.size(child))
            for code, child in children.items()
            if groups.size(child) and groups.people(child) is not None
        )
        if values:
            found.append(Choices(dimension=each.name, label=each.label, values=values))
    return tuple(found)


def _response(seen: View, groups: Groups, conditions: Filter, audience: Audience) -> ResponseFinding:
    """Rates are those of the whole audience: nobody was invited by conditions."""
    by_name = {dimension.name: dimension for dimension in groups.dimensions}
    seconds = seen.values("_seconds")
    whole = not conditions
    invited = audience.invited if whole else None

    def rates(name: str, of: Mapping[str, int]) -> tuple[GroupRate, ...]:
        return group_rates(seen.policy, seen.n, by_name[name], groups.everybody(), of) if whole else ()

    return ResponseFinding(
        invited=invited,
        responded=seen.n,
        rate=response_rate(seen.n, invited) if invited is not None else None,
        by_department=rates("department", department_audience(audience)),
        by_side=rates("side", audience.by_side),
        median_seconds=float(np.median(seconds)) if len(seconds) >= FEW else None,
    )


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
