"""The line under every figure: where it comes from, how many answered, by which method."""

from __future__ import annotations

from reports.wording import Words
from surveys.analysis.findings import DiagnosisFindings
from surveys.statistics.estimate import Estimate


def source(
    findings: DiagnosisFindings, say: Words, estimate: Estimate | None = None, *, method: str = "", note: str = ""
) -> str:
    """``method`` defaults to the estimate's; ``note`` is a further sentence."""
    n = estimate.n_valid if estimate else findings.response.responded
    method = method or (estimate.method if estimate else "")
    parts = [say("source", wave=" ".join(findings.wave.title[:80].split()), n=n)]
    if method:
        parts.append(say("source.method", method=say(f"method.{method}.short")))
    return say("join").join([*parts, *([note] if note else [])])
