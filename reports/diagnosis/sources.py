"""The line under every figure: where it comes from, how many answered, by which method."""

from __future__ import annotations

from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings
from surveys.statistics.estimate import Estimate


def source(findings: DiagnosisFindings, say: Words, *shown: Estimate | None, method: str = "", note: str = "") -> str:
    """The line of a figure of the estimates ``shown``: their n, as a range where they differ, else all who responded.

    ``method`` defaults to that of the first estimate; ``note`` is a further sentence.
    """
    estimates = [estimate for estimate in shown if estimate]
    counts = [estimate.n_valid for estimate in estimates] or [findings.response.responded]
    method = method or (estimates[0].method if estimates else "")
    n = say.span(say.plain(min(counts)), say.plain(max(counts)))
    parts = [say("source", wave=" ".join(findings.wave.title[:80].split()), n=n)]
    if method:
        parts.append(say("source.method", method=say(f"method.{method}.short")))
    return say("join").join([*parts, *([note] if note else [])])
