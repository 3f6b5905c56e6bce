"""One page that answers "so what?": the lead sentence, five figures, strengths and points to improve."""

from __future__ import annotations

from typing import Any

from reports.document import Block, Document, Space
from reports.figure import NOTE, Label, Mark, Scene, line, to_drawing
from reports.figures.fishbone import cause_name
from reports.paragraph import Prose, Run, fit
from reports.style import BODY, CONTENT_WIDTH, LEAD, SMALL, span
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings, Statement
from surveys.statistics.estimate import Estimate

MOST = 6
"""Statements in one column: what fits one page."""
LABEL = 36
"""Characters of a label within a sentence."""


def add(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    document.section(say("summary.topic"), lead(findings, say))
    document.add(Space(8))
    document.add(to_drawing(_figures(findings, say)))
    document.add(Space(16))
    width = span(6) - 6
    right = CONTENT_WIDTH - width
    document.add(
        Block(
            [
                (0.0, width, _column("summary.strengths", findings.strengths, say)),
                (right, width, _column("summary.improvements", findings.improvements, say)),
            ]
        )
    )
    document.add(Space(6))
    document.note(say("summary.caution", hash=findings.data_hash[:12]))


def lead(findings: DiagnosisFindings, say: Words) -> str:
    """The one sentence, from the strongest statement that the figures support."""
    said = {statement.key: statement.params for statement in reversed(findings.improvements)}
    if "too_few" in said or findings.response.responded == 0:
        return say("summary.lead.few", n=findings.response.responded)
    if "bottleneck" in said and findings.timeline and findings.timeline.efficiency is not None:
        return say(
            "summary.lead.time",
            efficiency=say.percent(findings.timeline.efficiency),
            step=_label(said["bottleneck"]["step"], say),
            share=say.percent(said["bottleneck"]["share"]),
        )
    if "scale_improve" in said:
        return say("summary.lead.scale", scale=_label(said["scale_improve"]["scale"], say))
    return say("summary.lead.none")


def _figures(findings: DiagnosisFindings, say: Words) -> Scene:
    """The row of key figures; those that the data do not have are left out."""
    response, timeline = findings.response, findings.timeline
    low = sum(scale.verdict == "improve" for scale in findings.scales)
    figures = [(str(response.responded), say("summary.figure.responses"))]
    if response.rate and response.rate.value is not None:
        figures.append((say.percent(response.rate.value), say("summary.figure.rate")))
    if timeline and timeline.efficiency is not None:
        figures.append((say.duration(timeline.work + timeline.wait), say("summary.figure.total")))
        figures.append((say.percent(timeline.efficiency), say("summary.figure.efficiency")))
    if any(scale.verdict != "insufficient" for scale in findings.scales):
        figures.append((f"{low} / {len(findings.scales)}", say("summary.figure.low")))
    step = CONTENT_WIDTH / 5
    marks: list[Mark] = [line(0, 0, CONTENT_WIDTH, 0, "ink", 0.8), line(0, 52, CONTENT_WIDTH, 52, "rule")]
    for number, (figure, name) in enumerate(figures):
        marks.append(Label(number * step, 27, figure, 17, "accent", bold=True))
        marks.append(Label(number * step, 43, fit(name, step - 6, NOTE)[0], NOTE, "muted"))
    return Scene(CONTENT_WIDTH, 53, "", "", tuple(marks))


def _column(title: str, statements: tuple[Statement, ...], say: Words) -> list[Prose]:
    language = say.language
    column = [Prose(say(title), language=language, size=LEAD, bold=True, space_after=6)]
    for statement in statements[:MOST]:
        claim, figures = sentence(statement, say)
        column.append(Prose(claim, language=language, size=BODY, leading=1.5, bold=True))
        column.append(Prose([Run(figures, colour="muted")], language=language, size=8, leading=1.5, space_after=8))
    if not statements:
        column.append(Prose(say(f"{title}.none"), language=language, colour="muted"))
    if len(statements) > MOST:
        more = say("summary.more", n=len(statements) - MOST)
        column.append(Prose(more, language=language, size=SMALL, colour="muted"))
    return column


def sentence(statement: Statement, say: Words) -> tuple[str, str]:
    """A statement's claim and the figures that carry it. Raises ``KeyError`` on a key that text.toml does not word."""
    params = _worded(statement.params, say)
    if statement.key == "cause":
        params["category"] = cause_name(statement.params["category"], say, ".name")
    if statement.key in ("item_strength", "item_improve") and statement.params.get("reversed"):
        params["item"] += say("summary.reversed")
    return say(f"statement.{statement.key}", **params), say(f"statement.{statement.key}.figures", **params)


def _worded(params: dict[str, Any], say: Words) -> dict[str, str]:
    """Every param as it is printed; an Estimate yields itself, ``<name>_n`` and ``<name>_interval``."""
    worded: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, Estimate):
            worded[name] = _form(name, value.value, say)
            worded[f"{name}_n"] = str(value.n_valid)
            worded[f"{name}_interval"] = say.interval(value, lambda bound, name=name: _form(name, bound, say))  # type: ignore[misc]
        elif isinstance(value, dict):
            worded[name] = _label(value, say)
        elif isinstance(value, tuple | list):
            worded[name] = say.list([say.quoted(_label(each, say)) for each in value[:3]])
            worded[f"{name}_count"] = str(len(value))
        elif isinstance(value, float | int) and not isinstance(value, bool):
            worded[name] = _form(name, value, say)
        else:
            worded[name] = str(value)
    return worded


def _form(name: str, value: float | None, say: Words) -> str:
    if name in ("share", "rate", "top2", "efficiency"):
        return say.percent(value)
    if name in ("work", "wait"):
        return say.duration(value)
    if name == "p_adjusted":
        return say.p(value)
    return say.plain(value) if name in ("n", "of", "needed", "high", "middle") else say.number(value)


def _label(text: dict[str, str], say: Words) -> str:
    wording = " ".join(say.pick(text).split()).rstrip("。.")
    return wording if len(wording) <= LABEL * (1 if say.language == "zh-CN" else 2) else wording[: LABEL - 1] + "…"
