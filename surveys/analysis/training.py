"""What an exam showed of a training: attempts → findings, the same findings for the same attempts, byte for byte.

Whole-test figures (scores, reliability, the band round the cut) are over completely marked first attempts, item figures
over all first attempts, pass or fail over everybody by the attempt that counts.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.analysis.diagnosis import stamped
from surveys.analysis.findings import ProgrammeFacts
from surveys.analysis.groups import top_level
from surveys.analysis.training_data import Sittings, places
from surveys.analysis.training_findings import (
    Bin,
    ExamFacts,
    GroupOutcome,
    ItemResult,
    Kirkpatrick,
    Participation,
    Resits,
    ScoreReliability,
    Scores,
    TopicResult,
    TrainingFindings,
)
from surveys.analysis.training_items import item_results, rasch_finding
from surveys.analysis.view import library_versions
from surveys.disclosure import FEW, suppressed
from surveys.exams.definition import Pool
from surveys.statistics.estimate import Estimate
from surveys.statistics.exam import CutBand, cut_band, livingston_k2
from surveys.statistics.mean import mean_t
from surveys.statistics.means import paired_t
from surveys.statistics.moments import listwise
from surveys.statistics.proportion import response_rate, wilson
from surveys.statistics.quantile import median_order_statistic
from surveys.statistics.reliability import cronbach_alpha, kr20

BINS = 20
WEAKEST = 3
_EXACT = 1e-9  # points by which floating point may miss a cut


def training(
    data: Sittings,
    pool: Pool,
    programme: ProgrammeFacts,
    exam: ExamFacts,
    kirkpatrick: Kirkpatrick | None = None,
) -> TrainingFindings:
    """Everything a training report prints, from no attempts up. 100,000 attempts × 50 items take seconds."""
    items = item_results(data, pool)
    levels = kirkpatrick or Kirkpatrick()
    data_hash = data.digest(pool, programme, exam, levels)
    scores, reliability = score_findings(data, exam)
    findings = TrainingFindings(
        programme=programme,
        exam=exam,
        participation=participation(data, exam),
        scores=scores,
        reliability=reliability,
        items=items,
        topics=topic_results(data, pool, exam, items),
        rasch=rasch_finding(data, pool),
        resits=resits(data, exam),
        kirkpatrick=Kirkpatrick(),
        data_hash=data_hash,
        library_versions=library_versions(),
    )
    own = stamped(findings, data_hash, findings.library_versions)
    return msgspec.structs.replace(own, kirkpatrick=levels)  # whose records tell of their own data


def decided(data: Sittings, exam: ExamFacts) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Of each candidate passed, failed, undecided or missing, and their points (NaN where missing)."""
    people, points, reach = data.counting(exam.attempt_rule)
    states = np.full(len(data.departments), "missing", dtype="<U9")
    states[people] = np.where(
        points >= exam.cut - _EXACT, "passed", np.where(reach >= exam.cut - _EXACT, "undecided", "failed")
    )
    scores = np.full(len(data.departments), np.nan)
    scores[people] = points
    return states, scores


def participation(data: Sittings, exam: ExamFacts) -> Participation:
    """Who sat the exam, and with what result, in all and by top-level department."""
    states, _ = decided(data, exam)
    departments = np.array([top_level(each) for each in data.departments], dtype=object)
    groups = {name: departments == name for name in sorted({*departments} - {""})}
    sat = {name: int((states[group] != "missing").sum()) for name, group in groups.items()}
    everybody = _count(states)
    hidden = suppressed(sat, exam.minimum_group, everybody["sat"])
    return Participation(
        candidates=len(states),
        **everybody,
        rate=response_rate(everybody["sat"], len(states)),
        pass_rate=_rate(everybody),
        by_department=tuple(_outcome(name, states[group], name in hidden) for name, group in groups.items()),
    )


def _count(states: NDArray[np.str_]) -> dict[str, int]:
    counts = {name: int((states == name).sum()) for name in ("passed", "failed", "undecided")}
    return {"sat": sum(counts.values()), **counts}


def _rate(counts: dict[str, int]) -> Estimate:
    """Of those decided; the undecided are missing from it, and told."""
    n = counts["passed"] + counts["failed"]
    found = msgspec.structs.replace(wilson(counts["passed"], n), n_missing=counts["undecided"])
    return found if n >= FEW or n == 0 else found.without_value("few")


def _outcome(name: str, states: NDArray[np.str_], hidden: bool) -> GroupOutcome:
    if hidden:
        nothing = Estimate(value=None, method="wilson", n_valid=0).without_value("small_group", suppressed=True)
        return GroupOutcome(
            label=name, candidates=len(states), sat=None, passed=None, failed=None, undecided=None, pass_rate=nothing
        )
    counts = _count(states)
    return GroupOutcome(label=name, candidates=len(states), **counts, pass_rate=_rate(counts))


def score_findings(data: Sittings, exam: ExamFacts) -> tuple[Scores, ScoreReliability]:
    """Distribution and reliability of the first attempts that are completely marked."""
    first = data.first
    whole = first.rows(first.complete)
    points, enough = whole.points, len(whole.points) >= FEW
    reliability, band = _reliability(whole, exam)
    mean, median = mean_t(points), median_order_statistic(points)
    scores = Scores(
        bins=_bins(points, exam.total) if enough else (),
        mean=mean if enough else mean.without_value("few"),
        median=median if enough else median.without_value("few"),
        standard_deviation=float(points.std(ddof=1)) if enough else None,
        skewness=_skewness(points) if enough else None,
        unfinished=len(first.points) - len(points),
        band_low=band.low if band else None,
        band_high=band.high if band else None,
        uncertain=wilson(band.uncertain, band.n) if band else None,
    )
    return scores, reliability


def _bins(points: NDArray[np.float64], total: float) -> tuple[Bin, ...]:
    edges = np.linspace(0.0, max(total, _EXACT), BINS + 1)
    places_of = np.clip(np.floor((points + _EXACT) / edges[-1] * BINS), 0, BINS - 1).astype(np.int64)
    counts = np.bincount(places_of, minlength=BINS)
    return tuple(
        Bin(low=float(edges[i]), high=float(edges[i + 1]), count=int(counts[i])) for i in range(BINS)
    )  # fmt: skip


def _skewness(points: NDArray[np.float64]) -> float | None:
    """Fisher's k-statistics, as Moodle has it."""
    n, apart = len(points), points - points.mean()
    m2, m3 = float(np.mean(apart**2)), float(np.mean(apart**3))
    if n < 3 or m2 <= _EXACT:
        return None
    return float(n * n * m3 / ((n - 1) * (n - 2)) / (n * m2 / (n - 1)) ** 1.5)


def _reliability(whole: Sittings, exam: ExamFacts) -> tuple[ScoreReliability, CutBand | None]:
    marks, maxima = places(whole) if whole.drawn else (whole.marks, whole.maximum)
    marks = listwise(marks[:, maxima > 0])
    right_or_wrong = bool(np.all((marks == 0) | (marks == maxima[maxima > 0])))
    alpha, by = cronbach_alpha(marks), "places" if whole.drawn else "items"
    if right_or_wrong and not whole.drawn and len(set(maxima)) == 1 and len(marks):
        alpha, by = kr20(marks / maxima[0]), "kr20"
    if len(marks) < FEW:
        alpha = alpha.without_value("few")
    usable = alpha.value is not None and len(whole.points) >= FEW
    band = cut_band(whole.points, exam.cut, alpha.value) if usable and alpha.value is not None else None
    error = Estimate(
        value=band.standard_error if band else None,
        method="standard_error_of_measurement",
        n_valid=len(whole.points),
        params={"reliability": alpha.value},
    )
    reliability = ScoreReliability(
        by=by,  # type: ignore[arg-type]
        alpha=alpha,
        standard_error=error,
        livingston=livingston_k2(whole.points, exam.cut, alpha.value),
    )
    return reliability, band


def topic_results(
    data: Sittings, pool: Pool, exam: ExamFacts, items: tuple[ItemResult, ...]
) -> tuple[TopicResult, ...]:
    """By training topic, lowest share first. An item that the able get wrong says nothing of the topic: left out."""
    first = data.first
    misleading = {item.code for item in items if item.misleading}
    topics: dict[str, list[int]] = {}
    for column, code in enumerate(first.items):
        item = pool.items.get(code)
        if item is not None and item.topic and code not in misleading and first.presented[:, column].any():
            topics.setdefault(item.topic, []).append(column)
    threshold = exam.cut / exam.total if exam.total else 0.0
    departments = np.array([top_level(data.departments[i]) for i in first.person], dtype=object)
    found = [_topic(name, first, columns, departments, threshold, exam) for name, columns in topics.items()]
    return tuple(sorted(found, key=lambda topic: (topic.share.value is None, topic.share.value or 0.0, topic.topic)))


def _topic(
    name: str,
    first: Sittings,
    columns: list[int],
    departments: NDArray[np.object_],
    threshold: float,
    exam: ExamFacts,
) -> TopicResult:
    marks = first.marks[:, columns]
    possible = np.where(np.isnan(marks), 0.0, first.maximum[columns]).sum(axis=1)
    asked = possible > 0
    shares = np.nansum(marks, axis=1)[asked] / possible[asked]
    share = mean_t(shares)
    if len(shares) < FEW:
        return TopicResult(
            topic=name, items=len(columns), share=share.without_value("few"), verdict="insufficient"
        )  # fmt: skip
    verdict = "mixed"
    if share.ci_high is not None and share.ci_high < threshold:
        verdict = "retrain"
    elif share.ci_low is not None and share.ci_low >= threshold:
        verdict = "mastered"
    return TopicResult(
        topic=name,
        items=len(columns),
        share=share,
        verdict=verdict,  # type: ignore[arg-type]
        weakest=_weakest(shares, departments[asked], threshold, exam.minimum_group),
    )


def _weakest(
    shares: NDArray[np.float64], departments: NDArray[np.object_], threshold: float, least: int
) -> tuple[str, ...]:
    """Departments whose whole interval lies below the threshold, the lowest first."""
    found = []
    for name in sorted({*departments} - {""}):
        own = mean_t(shares[departments == name])
        if own.n_valid >= max(FEW, least) and own.ci_high is not None and own.ci_high < threshold:
            found.append((own.value or 0.0, name))
    return tuple(name for _, name in sorted(found)[:WEAKEST])


def resits(data: Sittings, exam: ExamFacts) -> Resits:
    """First and last attempt of those whose first one, completely marked, did not reach the cut."""
    starts = np.flatnonzero(np.diff(data.person, prepend=-1) != 0)
    ends = np.append(starts[1:], len(data.person))
    failed = (data.points + data.waiting)[starts] < exam.cut - _EXACT
    again = failed & (ends - starts > 1)
    final = ends[again] - 1
    before, after = data.points[starts[again]], data.points[final]
    settled = data.complete[final]
    passed = int((after[settled] >= exam.cut - _EXACT).sum())
    gain, rate = paired_t(after, before) if len(after) else mean_t(after), wilson(passed, int(settled.sum()))
    return Resits(
        failed_first=int(failed.sum()),
        sat_again=int(again.sum()),
        passed=rate if rate.n_valid >= FEW else rate.without_value("few"),
        gain=gain if gain.n_valid >= FEW else gain.without_value("few"),
    )
