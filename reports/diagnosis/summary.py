"""One page that answers "so what?": the lead sentence, five figures, strengths and points to improve."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable

from reports.document import Block, Document, Space
from reports.figure import NOTE, Label, Mark, Scene, line, to_drawing
from reports.figures.fishbone import cause_name
from reports.paragraph import Prose, fit
from reports.style import BODY, CONTENT_WIDTH, LEAD, SMALL, span
from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings, Statement
from surveys.statistics.estimate import Estimate

MOST = 9
"""Statements in one column at most; fewer where the page ends first."""
LABEL = 36
"""Characters of a label within a sentence."""


def add(document: Document, findings: DiagnosisFindings) -> None:
    say = document.say
    document.section(say("summary.topic"), lead(findings, say))
    above = [Space(8), to_drawing(_figures(findings, say)), Space(16)]
    below = _cannot(findings, say)
    taken = document.height(document.story[-1:]) + document.height(above) + document.height(below)
    room = document.content_height - taken - 12
    columns = [
        (x, width, _column(title, statements, say, width, room))
        for x, width, title, statements in (
            (0.0, span(5), "summary.strengths", findings.strengths),
            (CONTENT_WIDTH - span(7) + 8, span(7) - 8, "summary.improvements", findings.improvements),
        )
    ]
    for flowable in (*above, Block(columns, space_after=6), *below):
        document.add(flowable)


def _cannot(findings: DiagnosisFindings, say: Words) -> list[Flowable]:
    """What nobody should read out of this report; only what holds for this wave is said."""
    response = findings.response
    parts = [say("summary.cannot.judgement", n=response.responded)] if response.responded else []
    if findings.timeline:
        parts.append(say("summary.cannot.time"))
    if response.rate and response.rate.value is not None and response.rate.value < 1:
        parts.append(say("summary.cannot.silent", share=say.percent(1 - response.rate.value)))
    if not findings.wave.verified:
        parts.append(say("summary.cannot.unverified"))
    if findings.pains or findings.whys:
        parts.append(say("summary.cannot.cause"))
    parts.append(say("summary.cannot.effect"))
    language = say.language
    title = Prose(say("summary.cannot"), language=language, size=BODY, bold=True, space_after=2)
    return [
        title,
        *(Prose(part, language=language, size=8, leading=1.5, colour="muted", indent=10, marker="·") for part in parts),
    ]


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
    if not findings.scales and not findings.steps:
        return say("summary.lead.plain", n=findings.response.responded)
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
    told = say.list([f"{name} {figure}" for figure, name in figures])
    return Scene(CONTENT_WIDTH, 53, say("summary.topic"), told, tuple(marks))


def _column(title: str, statements: tuple[Statement, ...], say: Words, width: float, room: float) -> list[Flowable]:
    """A heading and as many statements as ``room`` holds, the most important first; what is left out is counted."""
    language = say.language
    column: list[Flowable] = [Prose(say(title), language=language, size=LEAD, bold=True, space_after=6)]
    used, printed = column[0].wrap(width, room)[1] + 6 + 14, 0  # the last line of all may have to count the rest
    for statement in statements[:MOST]:
        claim, figures = sentence(statement, say)
        pair = [
            Prose(claim, language=language, size=BODY, leading=1.5, bold=True),
            Prose(figures, language=language, size=8, leading=1.5, colour="muted", space_after=7),
        ]
        used += sum(part.wrap(width, room)[1] + part.getSpaceAfter() for part in pair)
        if used > room:
            break
        column += pair
        printed += 1
    if not statements:
        column.append(Prose(say(f"{title}.none"), language=language, colour="muted"))
    if len(statements) > printed:
        more = say("summary.more", n=len(statements) - printed)
        column.append(Prose(more, language=language, size=SMALL, colour="muted"))
    return column


def sentence(statement: Statement, say: Words) -> tuple[str, str]:
    """A statement's claim and the figures that carry it. Raises ``KeyError`` on a key that text.toml does not word."""
    key, given = statement.key, statement.params
    params = _worded(given, say)
    if key == "cause":
        params["category"] = cause_name(given["category"], say, ".name")
    if key in ("item_strength", "item_improve") and given.get("reversed"):
        params["item"] += say("summary.reversed")
    if key == "difference":
        params["dimension"] = say.within(given["dimension"])
    if key in ("scale_strength", "scale_improve"):
        params["item_note"] = say(f"statement.{key}.item", **params) if "item" in given else ""
    rated = [name for name in ("pain", "errors") if name in given]
    also = f"statement.{key}.{'_'.join(rated)}"
    params["also"] = say(also) if say.has(also) else ""
    params["rated"] = "".join(say(f"statement.rated.{name}", **params) for name in rated)
    return say(f"statement.{key}", **params), say(f"statement.{key}.figures", **params)


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
    if name in ("share", "rate", "top2", "item_top2", "efficiency", "chosen"):
        return say.percent(value)
    if name in ("work", "wait"):
        return say.duration(value)
    if name == "p_adjusted":
        return say.p(value)
    return say.plain(value) if name in ("n", "of", "needed", "high", "middle") else say.number(value)


def _label(text: dict[str, str], say: Words) -> str:
    wording = " ".join(say.pick(text).split()).rstrip("。.")
    longest = LABEL if say.language == "zh-CN" else 2 * LABEL
    return wording if len(wording) <= longest else wording[: longest - 1] + "…"
