"""Who answered, and where groups differ."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from reports.diagnosis.sources import source
from reports.document import Column, Document
from reports.figures import rates_by_department, rates_by_side
from reports.figures.segments import segment_dots
from reports.style import CONTENT_WIDTH
from reports.wording import NONE, Words
from surveys.analysis.findings import (
    DiagnosisFindings,
    GroupMean,
    GroupRate,
    ScaleFinding,
    SegmentFinding,
    WithoutFlagged,
)

MEANS_WIDE = 8
"""Scales beside each other in one table; more go into further tables."""


def add_response(document: Document, findings: DiagnosisFindings) -> None:
    say, response, language = document.say, findings.response, document.language
    rate = response.rate.value if response.rate else None
    if response.responded == 0:
        finding = say("response.finding.zero")
    elif rate is None:
        finding = say("response.finding.open", n=response.responded)
    else:
        finding = say("response.finding", invited=response.invited, n=response.responded, rate=say.percent(rate))
    document.section(say("response.topic"), finding, new_page=True)
    document.caption(_who(findings, say))
    for scene in (rates_by_department(findings, language), rates_by_side(findings, language)):
        document.figure(
            scene,
            source(
                findings,
                say,
                response.rate,
                note=say("suppression", k=findings.wave.minimum_group),
            ),
        )
    if make_up := _make_up(response.by_side, say):
        document.prose(make_up)
    if response.flagged and any(response.flagged.values()):
        flags = "；" if language == "zh-CN" else "; "
        counts = flags.join(say(f"flag.{name}", n=count) for name, count in response.flagged.items() if count)
        document.prose(say("response.flagged", flags=counts) + _without(findings, say))


def _without(findings: DiagnosisFindings, say: Words) -> str:
    """By how much the scales would differ without the answers that look careless."""
    told = findings.response.without_flagged
    if not told:
        return ""
    most = max(told, key=lambda each: abs(_change(each)))
    return ("" if say.language == "zh-CN" else " ") + say(
        "careless.finding", change=say.number(abs(_change(most))), scale=say.pick(most.label),
        everybody=say.number(most.everybody.value), without=say.number(most.without.value),
    )  # fmt: skip


def _change(each: WithoutFlagged) -> float:
    return (each.without.value or 0.0) - (each.everybody.value or 0.0)


def _who(findings: DiagnosisFindings, say: Words) -> str:
    response, wave = findings.response, findings.wave
    parts = [say("response.anonymity", mode=say(f"anonymity.{wave.anonymity}"))]
    if response.median_seconds is not None:
        parts.append(say("response.time", minutes=say.number(response.median_seconds / 60, 1)))
    if not wave.verified:
        parts.append(say("response.unverified"))
    return say("join").join(parts)


def _make_up(groups: Sequence[GroupRate], say: Words) -> str:
    """How the answers divide among the groups beside how the invitations did; nothing where a group is withheld."""
    known = [(group.label, group.responded, group.invited) for group in groups if group.responded and group.invited]
    if len(known) < 2 or len(known) < len(groups):
        return ""
    answered, invited = (sum(count or 0 for count in counts) for counts in list(zip(*known, strict=True))[1:])
    parts = [
        say(
            "response.make_up.group",
            group=say.pick(label),
            share=say.percent(some / answered),
            invited=say.percent(of / invited),
        )
        for label, some, of in known
        if some and of
    ]
    return say("response.make_up", groups=say.list(parts))


def add_segments(document: Document, findings: DiagnosisFindings) -> None:
    for segment in findings.segments:
        say = document.say
        scene = segment_dots(findings, segment, document.language)
        if scene is None:
            continue
        document.section(say("segments.topic", dimension=say.pick(segment.label)), _difference(segment, findings, say))
        document.caption(say("segments.caption"))
        tests = [test for test in segment.tests if test.p_adjusted is not None]
        note = say("segments.family", n=tests[0].family_size) if tests else ""
        document.figure(scene, source(findings, say, method="welch_anova", note=note))
        _means(document, segment, findings)


def _difference(segment: SegmentFinding, findings: DiagnosisFindings, say: Words) -> str:
    """The widest of the differences that the tests confirm."""
    dimension = say.within(segment.label)
    labels = {scale.code: scale.label for scale in findings.scales}
    found = []
    for test in segment.tests:
        known = [(group.means[test.scale].value or 0.0, group) for group in segment.groups if _has(group, test.scale)]
        if test.different and test.scale in labels and len(known) > 1:
            low, high = min(known, key=itemgetter(0)), max(known, key=itemgetter(0))
            found.append((high[0] - low[0], labels[test.scale], high, low))
    if not found:
        return say("segments.finding.none", dimension=dimension)
    _, scale, high, low = max(found, key=itemgetter(0))
    return say(
        "segments.finding", dimension=dimension, scale=say.pick(scale), highest=say.pick(high[1].label),
        highest_mean=say.number(high[0]), lowest=say.pick(low[1].label), lowest_mean=say.number(low[0]),
    )  # fmt: skip


def _has(group: GroupMean, scale: str) -> bool:
    return scale in group.means and group.means[scale].value is not None


def _means(document: Document, segment: SegmentFinding, findings: DiagnosisFindings) -> None:
    say = document.say
    scales = [scale for scale in findings.scales if any(scale.code in group.means for group in segment.groups)]
    hidden = any(group.suppressed for group in segment.groups)
    note = say("suppression", k=findings.wave.minimum_group) if hidden else ""
    for start in range(0, len(scales), MEANS_WIDE):
        document.table(*_means_table(segment, scales[start : start + MEANS_WIDE], say), note)


def _means_table(
    segment: SegmentFinding, scales: list[ScaleFinding], say: Words
) -> tuple[list[Column], list[list[str]]]:
    first, count = 92.0, 34.0
    each = (CONTENT_WIDTH - first - count) / max(1, len(scales))
    columns = [
        Column(say.pick(segment.label), first), Column("n", count, "right"),
        *(Column(say.pick(scale.label), each, "right") for scale in scales),
    ]  # fmt: skip
    rows = [
        [
            say.pick(group.label), NONE if group.n is None else str(group.n),
            *(say.number(group.means[scale.code].value if scale.code in group.means else None) for scale in scales),
        ]
        for group in segment.groups
    ]  # fmt: skip
    return columns, rows
