"""A target of the programme in words."""

from __future__ import annotations

from reports.wording import Words
from surveys.analysis.findings import TargetFact


def target_text(target: TargetFact, say: Words) -> str:
    parts = {"metric": target.metric, "unit": target.unit, "target": say.plain(target.target)}
    if target.baseline is None:
        return say("cover.target", **parts)
    return say("cover.target.from", baseline=say.plain(target.baseline), **parts)
