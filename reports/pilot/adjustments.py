"""What should be changed before the rollout, and what could make the conclusion wrong."""

from __future__ import annotations

from typing import Any

from reports.document import Block, Document
from reports.paragraph import Prose
from reports.pilot.wording import change, label, level
from reports.style import CONTENT_WIDTH, SMALL
from reports.wording import Words
from surveys.analysis.pilot_adjustments import Adjustment
from surveys.analysis.pilot_evaluation import Evaluation, finding_of
from surveys.analysis.pilot_findings import Risk
from surveys.questions.measures import CAUSES
from surveys.statistics.estimate import Estimate


def add(document: Document, evaluation: Evaluation) -> None:
    say, found = document.say, evaluation.adjustments
    finding = say("pilot.adjustments.finding", n=len(found)) if found else say("pilot.adjustments.none")
    document.section(say("pilot.adjustments.topic"), finding, new_page=True)
    if found:
        document.caption(say("pilot.adjustments.caption"))
    for number, each in enumerate(found, 1):
        action, figures = sentences(each, evaluation, say)
        _point(document, str(number), action, figures)


def _point(document: Document, marker: str, claim: str, detail: str) -> None:
    language = document.language
    pair = [
        Prose(claim, language=language, bold=True, indent=18, marker=marker, leading=1.5, space_after=1),
        Prose(detail, language=language, size=8.5, leading=1.5, colour="muted", indent=18),
    ]
    document.add(Block([(0, CONTENT_WIDTH, pair)], space_after=9))


def sentences(adjustment: Adjustment, evaluation: Evaluation, say: Words) -> tuple[str, str]:
    """What to do, and the figures it follows from."""
    key, given = adjustment.key, adjustment.params
    params = _worded(given, evaluation, say)
    if key == "problem":
        category = given["category"] if given["category"] in CAUSES else "other"
        action = say(f"pilot.adjust.problem.{category}", **params)
    elif key == "target_not_shown" and given.get("needed") is None:
        action = say("pilot.adjust.target_not_shown.close", **params)
    else:
        action = say(f"pilot.adjust.{key}", **params)
    return action, say(f"pilot.adjust.{key}.figures", **params)


def _worded(given: dict[str, Any], evaluation: Evaluation, say: Words) -> dict[str, str]:
    metric = finding_of(evaluation, given["code"]).metric if "code" in given else None
    worded: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, dict):
            worded[name] = label(value, say)
        elif isinstance(value, Estimate):
            worded["n"] = str(value.n_valid)
            if metric is None:
                worded[name] = say.number(value.value)
            else:
                worded[name] = change(metric, value, say) if name == "change" else level(metric, value.value, say)
        elif (metric is not None and name == "target") or (metric is not None and name == "margin"):
            worded[name] = level(metric, value, say)
        elif name == "share":
            worded[name] = say.percent(value)
        elif name == "p_adjusted":
            worded[name] = say.p(value)
        else:
            worded[name] = say.plain(value) if isinstance(value, int | float) else str(value)
    return worded


def add_risks(document: Document, evaluation: Evaluation) -> None:
    say = document.say
    grouped: dict[str, list[Risk]] = {}
    for risk in evaluation.risks:
        grouped.setdefault(risk.key, []).append(risk)
    finding = say("pilot.risks.finding", n=len(grouped)) if grouped else say("pilot.risks.none")
    document.section(say("pilot.risks.topic"), finding)
    if grouped:
        document.caption(say("pilot.risks.caption"))
    for key, risks in grouped.items():
        _point(document, "·", say(f"pilot.risk.{key}"), risk_detail(risks, evaluation, say))
    document.add(Prose(say("pilot.risks.always"), language=document.language, size=SMALL, colour="muted"))


def risk_detail(risks: list[Risk], evaluation: Evaluation, say: Words) -> str:
    """What the risk rests on, metric by metric, and why it matters."""
    key = risks[0].key
    told = []
    for risk in risks:
        name = label(finding_of(evaluation, risk.metric).metric.label, say) if risk.metric else ""
        form = say.percent if key in ("response_low", "linkage_low", "missing") else say.short
        figure = "" if risk.figure is None else form(risk.figure)
        detail = say.list([say(f"pilot.check.{each}") for each in risk.detail])
        told.append(say(f"pilot.risk.{key}.each", metric=name, figure=figure, detail=detail))
    return say(f"pilot.risk.{key}.why", each=say.list(told))
