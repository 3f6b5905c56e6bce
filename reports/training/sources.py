"""The line under a figure: which exam, how many, by which method."""

from __future__ import annotations

from reports.wording import Words
from surveys.analysis.training_findings import TrainingFindings
from surveys.statistics.estimate import Estimate


def source(findings: TrainingFindings, say: Words, *shown: Estimate, method: str = "", note: str = "") -> str:
    """The n of the estimates ``shown``, as a range where they differ; ``method`` defaults to that of the first."""
    counts = [estimate.n_valid for estimate in shown if estimate.n_valid] or [findings.participation.sat]
    n = say.span(say.plain(min(counts)), say.plain(max(counts)))
    exam = " ".join(say.pick(findings.exam.title)[:80].split())
    parts = [say("training.source", exam=exam, n=n)]
    if how := method or (shown[0].method if shown else ""):
        parts.append(say("source.method", method=method_text(say, how, ".short")))
    return say("join").join([*parts, *([note] if note else [])])


def method_text(say: Words, method: str, suffix: str = "") -> str:
    """What exams say of a method, else what all reports say of it, else its name."""
    for key in (f"training.method.{method}{suffix}", f"method.{method}{suffix}"):
        if say.has(key):
            return say(key)
    return method


def between(estimate: Estimate, say: Words, form: str = "number", decimals: int = 2) -> str:
    """``low–high`` in figures for a table's column, an en dash where there is no interval."""
    if estimate.ci_low is None or estimate.ci_high is None:
        return "–"
    shape = say.percent if form == "percent" else say.number
    low, high = shape(estimate.ci_low, decimals), shape(estimate.ci_high, decimals)
    return f"{low} ~ {high}" if "−" in low + high else f"{low}–{high}"


def interval(estimate: Estimate, say: Words, form: str = "number", decimals: int = 2) -> str:
    """``95% CI a–b`` in a sentence; an en dash where there is none. A minus sign never follows a dash."""
    shape = say.percent if form == "percent" else say.number
    found = say.interval(estimate, lambda bound: shape(bound, decimals)) or "–"
    return found.replace("–−", say("training.to"))


def short(text: dict[str, str] | str, say: Words, longest: int = 40) -> str:
    """A stem or an option within a sentence."""
    wording = " ".join((text if isinstance(text, str) else say.pick(text)).split()).rstrip("。.？?")
    most = longest if say.language == "zh-CN" else 2 * longest
    return wording if len(wording) <= most else wording[: most - 1] + "…"
