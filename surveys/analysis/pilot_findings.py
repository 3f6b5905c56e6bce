"""What a pilot is asked and what it found: the design that chooses the methods, the rule, and the frozen findings."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from surveys.analysis.findings import Finding
from surveys.statistics.effect_size import Size
from surveys.statistics.estimate import Estimate
from surveys.statistics.target import Direction, Verdict
from surveys.text import Text

Kind = Literal["score", "proportion", "duration", "count"]
Better = Literal["higher", "lower"]
Outcome = Literal["go", "adjust", "stop"]


class Design(Finding, frozen=True, kw_only=True):
    """All that chooses a method: what is measured, whether answers of one person are linked, whether others compare.

    ``score``: means of an answer scale; ``proportion``: values 0 and 1; ``duration``: more than 0, skewed; ``count``:
    events per case. ``linked``: the same people before and after, told by ``person``.
    """

    kind: Kind
    linked: bool
    comparison: bool


class Target(Finding, frozen=True, kw_only=True):
    """``level``: of the pilot itself (mean of scores and counts, share, median duration). ``change``: against before,
    a difference of scores and shares, a ratio of durations and counts (at most 0.7 is 30 % less)."""

    value: float
    direction: Direction
    on: Literal["level", "change"] = "level"


class Metric(Finding, frozen=True, kw_only=True):
    """``planned`` metrics were named before the pilot (Holm), the others are exploratory (Benjamini–Hochberg).

    ``harm_margin``: how much worse its mean may get, in its own unit, before that counts as harm.
    """

    code: str
    label: Text
    design: Design
    better: Better
    target: Target | None = None
    unit: Text = msgspec.field(default_factory=dict)
    planned: bool = True
    harm_margin: float | None = None


class Rule(Finding, frozen=True, kw_only=True):
    """When to go, adjust or stop, fixed before the pilot. Shares are of all targets, 0–1.

    stop: harm shown in one of ``no_harm``, or ``stop_not_met`` or more of the targets not met. go: ``go_demonstrated``
    demonstrated, ``go_met`` met at least, each of ``must`` demonstrated, no harm shown for each of ``no_harm``,
    response at ``least_response``. Else adjust.
    """

    fixed_on: date
    go_demonstrated: float = 0.5
    go_met: float = 1.0
    stop_not_met: float = 0.5
    must: tuple[str, ...] = ()
    no_harm: tuple[str, ...] = ()
    least_response: float = 0.0


ReasonKey = Literal[
    "harmed",  # metrics: worse, and shown to be
    "not_met_share",  # figure of threshold
    "demonstrated_share",
    "met_share",
    "must_demonstrate",  # metrics whose target is not demonstrated
    "harm_not_excluded",  # metrics
    "response",  # figure of threshold; None: not known
    "no_target",
    "rule_late",  # the rule was fixed when the pilot was under way
]


class Reason(Finding, frozen=True, kw_only=True):
    """One clause of the rule as it turned out: ``holds`` speaks for a go, or of the stopping clauses for a stop."""

    key: ReasonKey
    holds: bool
    figure: float | None = None
    threshold: float | None = None
    metrics: tuple[str, ...] = ()


class Decision(Finding, frozen=True, kw_only=True):
    outcome: Outcome
    reasons: tuple[Reason, ...]
    rule: Rule


RiskKey = Literal[
    "no_comparison",  # what changed elsewhere at the same time is not known
    "comparison_after_only",  # the comparison group was not asked before
    "response_low",  # figure: rate
    "linkage_low",  # figure: share of people after who were found before
    "prior_trend",  # figure: slope per 30 days
    "small_n",  # figure: the smallest group
    "few_clusters",  # figure: teams or people that answers hang together in
    "missing",  # figure: share
    "sensitive",  # another way of computing says otherwise; detail: which
    "unverified",  # the pilot wave was open to whoever had its link
    "late_plan",  # figure: how many days after the start the plan was fixed
    "replaced_plan",  # figure: how many plans were fixed before and given up
]


class Risk(Finding, frozen=True, kw_only=True):
    """A risk to the conclusion; renderers word it. ``metric`` empty: of the whole pilot."""

    key: RiskKey
    metric: str = ""
    figure: float | None = None
    detail: tuple[str, ...] = ()


SensitivityKey = Literal["outliers", "missing", "unpaired", "ranks", "bootstrap", "single_events"]


class Sensitivity(Finding, frozen=True, kw_only=True):
    """The same question computed otherwise; ``agrees`` where its interval lies on the same side of no change."""

    key: SensitivityKey
    estimate: Estimate
    agrees: bool


class EffectSize(Finding, frozen=True, kw_only=True):
    """``superiority``: of a case after and a case before, the probability that the one after has the larger value.

    ``improved``: of linked people, the share whose own value got better.
    """

    size: Size
    measure: float
    by: Literal["hedges_g", "cohens_h", "cliffs_delta"]
    estimate: Estimate | None = None
    superiority: float | None = None
    improved: Estimate | None = None


class MetricFinding(Finding, frozen=True, kw_only=True):
    """``change`` is pilot after against before. ``effect`` is what is beyond the comparison group's change; without it
    nothing is called an effect. ``different`` by the unrounded adjusted p of what ``word`` names; ``better``: in the
    direction hoped for. ``before`` and ``after`` are of what ``change`` compares: of pairs where linked;
    ``all_before`` and ``all_after`` of all values of the pilot group."""

    metric: Metric
    before: Estimate
    after: Estimate
    all_before: Estimate
    all_after: Estimate
    comparison_before: Estimate | None
    comparison_after: Estimate | None
    change: Estimate
    effect: Estimate | None
    against_comparison: Estimate | None
    word: Literal["changed", "effect"]
    p: float | None
    p_adjusted: float | None
    family_size: int
    adjustment: Literal["holm", "benjamini_hochberg"]
    different: bool
    better: bool | None
    size: EffectSize | None
    verdict: Verdict | None
    verdict_estimate: Estimate | None
    no_harm: Estimate | None
    sensitivity: tuple[Sensitivity, ...]
    prior_trend: Estimate | None
    linkage: Estimate | None
    risks: tuple[Risk, ...]


class PilotFindings(Finding, frozen=True, kw_only=True):
    metrics: tuple[MetricFinding, ...]
    decision: Decision
    risks: tuple[Risk, ...]
    response: Estimate | None
    data_hash: str
    library_versions: dict[str, str]
