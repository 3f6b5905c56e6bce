"""What a diagnosis found: the frozen records that page, PDF, export and API all print.

Labels are ``Text`` (every language); renderers pick one. Suppressed figures are already absent here: no renderer
has to know a threshold.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from surveys.disclosure import EVERYTHING, Policy
from surveys.statistics.estimate import Estimate
from surveys.text import Text


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all records here."""


class TargetFact(Finding, frozen=True, kw_only=True):
    metric: str
    unit: str
    baseline: float | None
    target: float
    direction: Literal["decrease", "increase"]


class ProgrammeFacts(Finding, frozen=True, kw_only=True):
    """What the report says of the programme itself (typed by the lead, printed as typed)."""

    name: str
    process: str
    scope: str
    owner: str
    sponsor: str
    stage: str
    targets: tuple[TargetFact, ...] = ()


class Condition(Finding, frozen=True, kw_only=True, order=True):
    """One dimension's value that people must have: ``side`` is ``operator``."""

    dimension: str
    value: str


class WaveFacts(Finding, frozen=True, kw_only=True):
    title: str
    role: str
    anonymity: Literal["anonymous", "confidential", "identified"]
    minimum_group: int
    minimum_comments: int
    opened_on: str  # ISO dates
    closed_on: str | None
    questionnaire: Text
    questionnaire_name: str
    version: int
    content_hash: str
    verified: bool  # False where answers came by a public link
    settled: int | None = EVERYTHING  # the last sequence when it was first closed
    erasures: int = 0

    @property
    def policy(self) -> Policy:
        return Policy.of(self.anonymity, self.minimum_group, self.minimum_comments, self.settled, self.erasures)


class GroupRate(Finding, frozen=True, kw_only=True):
    """Response of one audience group; ``invited`` None where the audience is open."""

    label: Text
    invited: int | None
    responded: int | None  # None where suppressed
    rate: Estimate | None


class WithoutFlagged(Finding, frozen=True, kw_only=True):
    """A scale's mean of everybody beside that of those whose answers do not look careless."""

    code: str
    label: Text
    low: int
    high: int
    everybody: Estimate
    without: Estimate


class ResponseFinding(Finding, frozen=True, kw_only=True):
    invited: int | None
    responded: int
    rate: Estimate | None
    by_department: tuple[GroupRate, ...] = ()
    by_side: tuple[GroupRate, ...] = ()
    median_seconds: float | None = None
    flagged: dict[str, int] = msgspec.field(default_factory=dict)  # straight_lining, too_fast: n
    without_flagged: tuple[WithoutFlagged, ...] = ()  # where that tells of nobody


class Level(Finding, frozen=True, kw_only=True):
    """One answer option of an item: label, count, share (0–1) of the valid answers.

    ``share`` is None below n = 10, where only counts are shown. Where everybody gave the same answer the level is
    ``masked``: ``count`` is None and ``share`` is the bound to print (at_least 0.9, the other levels at_most 0.1).
    """

    label: Text
    value: int | str
    count: int | None
    share: float | None
    masked: Literal["", "at_least", "at_most"] = ""


class ItemFinding(Finding, frozen=True, kw_only=True):
    """An item of a scale or a single scaled question.

    ``levels`` run from the lowest answer to the highest, of a ``reversed`` item from the highest to the lowest, so that
    the favourable end comes last; they are empty where fewer than k answered. The labels are as answered, while the
    median, mean and top-2-box of a reversed item are turned round like the scale. Of an item outside every scale
    nobody has said which end is favourable.
    """

    column: str
    label: Text
    reversed: bool
    levels: tuple[Level, ...]
    median: Estimate
    mean: Estimate
    sd: float | None
    top2: Estimate
    item_rest_correlation: float | None = None
    alpha_if_deleted: float | None = None


class ScaleFinding(Finding, frozen=True, kw_only=True):
    """A scale against the middle of its answer scale.

    ``verdict``: strength where the interval lies above the middle, improve where it lies below, mixed where it covers
    it, insufficient where n < 10, blocked where a negative item–rest correlation says the key is wrong.
    """

    code: str
    label: Text
    description: Text
    low: int
    high: int
    middle: float
    mean: Estimate
    sd: float | None
    top2: Estimate
    alpha: Estimate | None  # of those who answered every item, like ``omega`` and the items' correlations
    items: tuple[ItemFinding, ...]
    verdict: Literal["strength", "improve", "mixed", "insufficient", "blocked"]
    rank: int | None = None
    warnings: tuple[str, ...] = ()
    omega: Estimate | None = None  # of three items and more


class StepFinding(Finding, frozen=True, kw_only=True):
    """One step: medians of work and waiting (minutes both), means of error frequency and pain (1–5)."""

    code: str
    label: Text
    owner: Text
    work: Estimate
    wait: Estimate
    errors: Estimate
    pain: Estimate
    share_of_time: float | None  # of the sum of medians
    bottleneck: bool


class TimelineFinding(Finding, frozen=True, kw_only=True):
    """The whole process as the sum of its steps' medians, minutes. ``efficiency`` = work / (work + wait)."""

    work: float
    wait: float
    efficiency: float | None
    n: int


class PainFinding(Finding, frozen=True, kw_only=True):
    """One pain point of the Pareto. ``weight`` = sum over people of severity × frequency; vital: in the first 80 %."""

    code: str
    label: Text
    category: str
    chosen: int
    share_of_people: Estimate
    severity: Estimate
    frequency: Estimate
    weight: float
    share: float
    cumulative: float
    vital: bool


class Branch(Finding, frozen=True, kw_only=True):
    """One bone of the fishbone: a cause category and its pain points (label, people who put it here), heaviest first.

    ``others`` counts those not named, since fewer than k people put them here.
    """

    category: str
    weight: float
    share: float
    pains: tuple[tuple[Text, int], ...]
    others: int = 0


class WhyChain(Finding, frozen=True, kw_only=True):
    whys: tuple[str, ...]


class WhyGroup(Finding, frozen=True, kw_only=True):
    """5-Why chains below one problem; ``chains`` empty and ``withheld`` true below the comment threshold."""

    problem: Text
    n: int
    chains: tuple[WhyChain, ...]
    withheld: bool = False


class GroupMean(Finding, frozen=True, kw_only=True):
    label: Text
    n: int | None  # None where suppressed
    means: dict[str, Estimate]  # scale code -> mean; empty where suppressed
    suppressed: bool = False


class GroupTest(Finding, frozen=True, kw_only=True):
    """Welch ANOVA over the groups of one dimension for one scale; ``p_adjusted`` by Holm over ``family_size`` tests."""

    scale: str
    statistic: float | None
    p: float | None
    p_adjusted: float | None
    effect: Estimate | None  # omega squared
    family_size: int
    different: bool


class SegmentFinding(Finding, frozen=True, kw_only=True):
    """Differences between the groups of one dimension (side, department)."""

    dimension: str
    label: Text
    groups: tuple[GroupMean, ...]
    tests: tuple[GroupTest, ...]


class CommentFinding(Finding, frozen=True, kw_only=True):
    question: str
    label: Text
    n: int
    texts: tuple[str, ...]
    withheld: bool = False


class PartFinding(Finding, frozen=True, kw_only=True):
    """One part of a question that is answered in several: a row, a feature, a criterion, an item of a budget.

    Either ``levels``, the distribution of its answers, or ``estimate``, its figure, or both. ``category``: what a Kano
    feature is taken for (M, O, A, I, R, Q), empty below n = 10.
    """

    code: str
    label: Text
    levels: tuple[Level, ...] = ()
    estimate: Estimate | None = None
    estimates: dict[str, Estimate] = msgspec.field(default_factory=dict)  # further ones: better, worse
    category: str = ""


class QuestionFinding(Finding, frozen=True, kw_only=True):
    """What was answered to a question outside the scales: a distribution, figures, or both for each of its parts.

    ``kind`` says how parts are told: ``table`` (the levels of each) or ``figures`` (an estimate of each, on one axis
    from ``low`` to ``high``; None where the answers decide).
    """

    question: str
    type: str
    label: Text
    levels: tuple[Level, ...] = ()
    estimates: dict[str, Estimate] = msgspec.field(default_factory=dict)  # e.g. median, mean, nps
    unit: Text = msgspec.field(default_factory=dict)  # of a number; durations are minutes
    multiple: bool = False  # shares are of people and need not sum to 100
    parts: tuple[PartFinding, ...] = ()
    kind: Literal["", "table", "figures"] = ""
    low: float | None = None
    high: float | None = None
    percent: bool = False  # the estimates of parts are shares 0–1


class PriorityPoint(Finding, frozen=True, kw_only=True):
    """A scale: how closely it goes with the overall rating (Pearson's r), and its mean. ``uncertain``: an interval
    reaches over a line of the crosshair."""

    code: str
    label: Text
    importance: Estimate
    performance: Estimate
    quadrant: Literal["", "concentrate", "keep_up", "low_priority", "possible_overkill"] = ""
    uncertain: bool = False


class PriorityFinding(Finding, frozen=True, kw_only=True):
    """Importance–performance of the scales with one answer scale, what to improve first first.

    ``overall``: the question that importance is derived from. ``crosshair``: the means of importance and performance,
    where at least three scales have both.
    """

    overall: Text
    low: int
    high: int
    points: tuple[PriorityPoint, ...]
    crosshair: tuple[float, float] | None = None


class CandidateFinding(Finding, frozen=True, kw_only=True):
    """What to look at first by ECRS. ``promise`` = minutes × how often, which the candidates are ranked by.

    ``suggested``: ``minutes`` are what people say a suggestion saves each time, ``frequency`` is the share of those who
    judged the step and suggest it. ``measured``, where nobody was asked for suggestions: ``minutes`` is how long the
    step waits, ``frequency`` how often it goes wrong (mean, 1 never to 5 almost always, counted as 0 to 1).
    ``today``: median work and waiting of the step, minutes.
    """

    code: str
    label: Text
    by: Literal["suggested", "measured"]
    minutes: Estimate
    frequency: Estimate
    promise: float
    today: float | None = None


StatementKey = Literal[
    # strengths
    "scale_strength",  # scale: Text, mean: Estimate, middle, high: float; best item: Text, item_top2: Estimate
    "scale_highest",  # scale: Text, mean: Estimate, middle, high: float (the best, where no scale is a strength)
    "step_smooth",  # step: Text, pain: Estimate (its interval lies below the middle of 3)
    "item_strength",  # item, scale: Text, top2: Estimate (of a scale that is no strength as a whole)
    "response_high",  # rate: Estimate (70 % or more)
    # points to improve
    "bottleneck",  # step: Text, work, wait: Estimate, share: float (of all time); pain, errors where above the middle
    "scale_improve",  # as scale_strength
    "pains_vital",  # pains: tuple[Text, ...], of: int (how many were offered), share: float (of the weight), n: int
    "difference",  # dimension, scale, highest, lowest: Text, highest_mean, lowest_mean: Estimate, p_adjusted
    "step_painful",  # step: Text, wait, pain: Estimate, errors where above the middle too
    "step_errors",  # step: Text, wait, errors: Estimate
    "waiting",  # work, wait (minutes), efficiency: float, n: int
    "cause",  # category: str, share: float, weight: float
    "concentrate",  # scale, overall: Text, importance, performance: Estimate (certainly of that quadrant)
    "item_improve",  # item, scale: Text, top2: Estimate (of a scale that is not low as a whole)
    "scale_blocked",  # scale: Text (a negative item–rest correlation says that a reverse key is wrong)
    "response_low",  # rate: Estimate (under 50 %)
    "too_few",  # n: int, needed: int
]
"""What the summary can say, with the params of each; ``reports/text.toml`` words every key as ``statement.<key>``."""


class Statement(Finding, frozen=True, kw_only=True):
    """A sentence of the summary as a key and its figures; the renderer words it. Nothing is said without a record."""

    key: StatementKey
    params: dict[str, Any]


class Choices(Finding, frozen=True, kw_only=True):
    """A dimension and its groups that may be shown, with how many people each has."""

    dimension: str
    label: Text
    values: tuple[tuple[str, Text, int], ...]


class DiagnosisFindings(Finding, frozen=True, kw_only=True):
    programme: ProgrammeFacts
    wave: WaveFacts
    response: ResponseFinding
    scales: tuple[ScaleFinding, ...]
    questions: tuple[QuestionFinding, ...]
    steps: tuple[StepFinding, ...]
    timeline: TimelineFinding | None
    pains: tuple[PainFinding, ...]
    fishbone: tuple[Branch, ...]
    whys: tuple[WhyGroup, ...]
    segments: tuple[SegmentFinding, ...]
    comments: tuple[CommentFinding, ...]
    strengths: tuple[Statement, ...]
    improvements: tuple[Statement, ...]
    data_hash: str
    library_versions: dict[str, str]
    items: tuple[ItemFinding, ...] = ()  # scaled questions that belong to no scale
    priorities: PriorityFinding | None = None
    candidates: tuple[CandidateFinding, ...] = ()
    conditions: tuple[Condition, ...] = ()  # of whom the figures are; everybody where empty
    choices: tuple[Choices, ...] = ()  # by what the figures can be narrowed down


class Audience(Finding, frozen=True, kw_only=True):
    """Whom the wave was sent to: people invited in all, and by top-level department and side (label → people).

    ``invited`` None: an open audience, of which no response rate can be said.
    """

    invited: int | None = None
    by_department: dict[str, int] = msgspec.field(default_factory=dict)
    by_side: dict[str, int] = msgspec.field(default_factory=dict)
