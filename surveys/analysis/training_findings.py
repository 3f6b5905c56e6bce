"""What an exam and the training before it showed: the frozen records that page, PDF and table all print.

Points are points (not hundredths), shares 0–1. ``Estimate.params["reason"]`` says why a figure is absent. Suppressed
figures are absent already.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from surveys.analysis.findings import Finding, ProgrammeFacts, ScaleFinding, TargetFact
from surveys.statistics.estimate import Estimate
from surveys.statistics.exam import OptionFlag
from surveys.statistics.item_analysis import Flag
from surveys.statistics.rasch import Refusal
from surveys.statistics.target import Verdict
from surveys.text import Text

Decision = Literal["passed", "failed", "undecided", "missing"]
"""``undecided``: open answers are not marked yet, and their points decide."""


class ExamFacts(Finding, frozen=True, kw_only=True):
    """What everybody may know of the exam. ``cut`` and ``total`` in points, days as ISO; ``scoring`` is the version."""

    title: Text
    code: str
    purpose: Literal["exam", "pre", "post", "practice"]
    opened_on: str
    closed_on: str | None
    minutes: int
    attempts: int
    attempt_rule: Literal["best", "last", "average"]
    total: float
    cut: float
    cut_by: Literal["points", "percent", "angoff"]
    items_per_paper: int
    pool: int  # items that papers draw from
    drawn: bool  # not everybody has the same items
    scoring: int
    released: bool
    over: bool = True  # while somebody may still sit it, a report names no key
    minimum_group: int = 1


class GroupOutcome(Finding, frozen=True, kw_only=True):
    """One department. Counts are None where the group is too small to be told; ``label`` is the department itself."""

    label: str
    candidates: int
    sat: int | None
    passed: int | None
    failed: int | None
    undecided: int | None
    pass_rate: Estimate  # of those decided


class Participation(Finding, frozen=True, kw_only=True):
    """Who was to sit the exam and who did; counts are of people, each by the attempt that counts."""

    candidates: int
    sat: int
    passed: int
    failed: int
    undecided: int
    rate: Estimate
    pass_rate: Estimate
    by_department: tuple[GroupOutcome, ...] = ()

    @property
    def missing(self) -> int:
        return self.candidates - self.sat


class Bin(Finding, frozen=True, kw_only=True):
    """Scores from ``low`` up to but not including ``high``; the last bin holds the total too."""

    low: float
    high: float
    count: int


class Scores(Finding, frozen=True, kw_only=True):
    """Completely marked first attempts. ``band_low`` to ``band_high``: what measurement error does not tell from the
    cut; ``uncertain``: the share of people within it."""

    bins: tuple[Bin, ...]
    mean: Estimate
    median: Estimate
    standard_deviation: float | None
    skewness: float | None
    unfinished: int  # attempts left out, since answers are not marked yet
    band_low: float | None = None
    band_high: float | None = None
    uncertain: Estimate | None = None


class ScoreReliability(Finding, frozen=True, kw_only=True):
    """How far the scores can be trusted. ``by``: alpha of the items that everybody had, KR-20 where all are right or
    wrong, or of the places of drawn papers (the differing difficulty of the items drawn counts as error)."""

    by: Literal["items", "kr20", "places"]
    alpha: Estimate
    standard_error: Estimate
    livingston: Estimate


class OptionResult(Finding, frozen=True, kw_only=True):
    """An option of a choice item with its wording; shares are of the people who were given the item."""

    code: str
    label: Text
    key: bool
    chosen: Estimate
    upper: float | None
    lower: float | None
    point_biserial: float | None
    flags: tuple[OptionFlag, ...] = ()


ItemFlag = Flag | OptionFlag | Literal["below_chance"]
"""``below_chance``: fewer are right than if all had guessed; the interval's upper end lies below that share."""
SERIOUS: tuple[ItemFlag, ...] = ("negative_discrimination", "key_chosen_by_the_weak", "below_chance", "too_hard")
"""Flags that call for somebody to look at the item before its marks are trusted."""


class ItemResult(Finding, frozen=True, kw_only=True):
    """One item. ``flags``: why it deserves a look, the gravest first; ``pending``: answers that are not marked yet."""

    code: str
    type: str
    text: Text
    category: str
    topic: str
    difficulty: str
    points: float
    exposure: Estimate  # share of attempts that had it
    facility: Estimate
    discrimination: Estimate  # index, −100 to 100
    efficiency: float | None
    upper_lower: Estimate
    pending: int = 0
    flags: tuple[ItemFlag, ...] = ()
    options: tuple[OptionResult, ...] = ()

    @property
    def misleading(self) -> bool:
        """Whether those who know more do worse, beyond chance: the whole interval lies below 0."""
        return self.discrimination.ci_high is not None and self.discrimination.ci_high < 0

    @property
    def serious(self) -> bool:
        """A negative index of a few dozen people may be chance, so it needs its interval or another grave flag."""
        return self.misleading or any(flag in SERIOUS[1:] for flag in self.flags)


class TopicResult(Finding, frozen=True, kw_only=True):
    """A training topic: the mean share of its points that people earned. ``verdict``: retrain where the whole interval
    lies below the share that passes, mastered where it lies above, mixed between, insufficient below n = 10."""

    topic: str
    items: int
    share: Estimate
    verdict: Literal["retrain", "mixed", "mastered", "insufficient"]
    weakest: tuple[str, ...] = ()  # departments that are furthest below, by name


class RaschItem(Finding, frozen=True, kw_only=True):
    code: str
    text: Text
    difficulty: Estimate  # logits


class RaschFinding(Finding, frozen=True, kw_only=True):
    """``refused`` says why there is none; ``cut``: the ability in logits at which the expected score is the cut."""

    n: int
    items: tuple[RaschItem, ...] = ()
    refused: Refusal | Literal["drawn", "not_dichotomous"] | None = None
    ability_low: float | None = None
    ability_high: float | None = None


class Resits(Finding, frozen=True, kw_only=True):
    """Those who did not pass at first: how many tried again, how many passed then, what they gained in points."""

    failed_first: int
    sat_again: int
    passed: Estimate
    gain: Estimate


class Gain(Finding, frozen=True, kw_only=True):
    """Pre- and post-test of the same people, in percent of the total. ``gain``: points of percent, paired."""

    pre_title: Text
    post_title: Text
    pre: Estimate
    post: Estimate
    gain: Estimate
    effect: Estimate  # Hedges g of paired differences


class WaveLevel(Finding, frozen=True, kw_only=True):
    """A questionnaire's part in Kirkpatrick's levels: reaction, or behaviour after so many days."""

    title: str
    questionnaire: Text
    responded: int
    rate: Estimate | None
    scales: tuple[ScaleFinding, ...]


class MetricLevel(Finding, frozen=True, kw_only=True):
    """A metric of the programme before and after, against its target where it has one of the same name."""

    name: str
    unit: str
    before: Estimate
    after: Estimate
    target: TargetFact | None = None
    verdict: Verdict | None = None


class Kirkpatrick(Finding, frozen=True, kw_only=True):
    """Levels 1–4 as far as the programme has them; what is empty was not measured."""

    reaction: tuple[WaveLevel, ...] = ()
    learning: tuple[Gain, ...] = ()
    behaviour: tuple[WaveLevel, ...] = ()
    results: tuple[MetricLevel, ...] = ()
    targets: tuple[TargetFact, ...] = ()  # of the programme, measured or not


class TrainingFindings(Finding, frozen=True, kw_only=True):
    programme: ProgrammeFacts
    exam: ExamFacts
    participation: Participation
    scores: Scores
    reliability: ScoreReliability
    items: tuple[ItemResult, ...]
    topics: tuple[TopicResult, ...]
    rasch: RaschFinding
    resits: Resits
    kirkpatrick: Kirkpatrick
    data_hash: str
    library_versions: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def flagged(self) -> tuple[ItemResult, ...]:
        """Items to look at: the serious ones first, then by how badly they tell the able from the weak."""
        found = [item for item in self.items if item.flags]
        return tuple(sorted(found, key=lambda item: (not item.serious, item.discrimination.value or 0.0, item.code)))
