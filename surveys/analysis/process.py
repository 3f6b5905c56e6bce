"""The process itself: its steps, where it waits, what hurts most and why."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.findings import Branch, PainFinding, StepFinding, TimelineFinding
from surveys.analysis.view import View
from surveys.definition import Step
from surveys.disclosure import suppressed
from surveys.questions import Choice, PainPoints, StepGrid
from surveys.questions.measures import CAUSES
from surveys.statistics.estimate import Counts, Estimate
from surveys.statistics.mean import mean_t
from surveys.statistics.pareto import pareto
from surveys.statistics.proportion import wilson
from surveys.statistics.quantile import median_order_statistic

HOUR = 60.0


def step_findings(view: View) -> tuple[tuple[StepFinding, ...], TimelineFinding | None]:
    """The steps in order of execution, and the whole process where every step's medians are known."""
    grids = [question for question in view.questions() if isinstance(question, StepGrid)]
    found = [_step(view, grids, step) for step in view.questionnaire.steps if _columns(view, grids, step, "work")]
    worst = _bottleneck(found)
    total = sum((step.work.value or 0) + (step.wait.value or 0) for step in found)
    steps = tuple(
        msgspec.structs.replace(step, share_of_time=_share(step, total), bottleneck=step.code == worst)
        for step in found
    )
    return steps, _timeline(steps)


def _step(view: View, grids: list[StepGrid], step: Step) -> StepFinding:
    def estimate(part: str) -> Estimate:
        names = _columns(view, grids, step, part)
        values = np.concatenate([view.values(name) for name in names])
        figure = (
            median_order_statistic(values * (HOUR if part == "wait" else 1.0))
            if part in ("work", "wait")
            else mean_t(values)
        )
        return view.policy.figure(figure.among(_pooled(view, names)))

    return StepFinding(
        code=step.code,
        label=step.label,
        owner=step.owner,
        work=estimate("work"),
        wait=estimate("wait"),
        errors=estimate("errors"),
        pain=estimate("pain"),
        share_of_time=None,
        bottleneck=False,
    )


def _columns(view: View, grids: list[StepGrid], step: Step, part: str) -> list[str]:
    """A step may be asked about in several grids, each put to other people: their answers are pooled."""
    names = (f"{grid.code}.{step.code}.{part}" for grid in grids)
    return [name for name in names if name in view.columns]


def _pooled(view: View, names: list[str]) -> Counts:
    counts = [view.counts[name] for name in names]
    if len(counts) == 1:
        return counts[0]
    valid, missing, na = (sum(each[place] for each in counts) for place in range(3))
    return Counts(valid, missing, na, max(0, view.n - valid - missing - na))


def _bottleneck(steps: list[StepFinding]) -> str | None:
    """The step with the longest median wait; of equal ones the most painful, then the first; None if none waits."""
    waiting = [step for step in steps if step.wait.value]
    if not waiting:
        return None
    return max(waiting, key=lambda step: (step.wait.value or 0, step.pain.value or 0)).code


def _share(step: StepFinding, total: float) -> float | None:
    if step.work.value is None or step.wait.value is None or not total:
        return None
    return (step.work.value + step.wait.value) / total


def _timeline(steps: tuple[StepFinding, ...]) -> TimelineFinding | None:
    """A sum over some of the steps would pass for the whole, so there is none unless every step is known."""
    work = [step.work.value for step in steps if step.work.value is not None]
    wait = [step.wait.value for step in steps if step.wait.value is not None]
    if not steps or len(work) < len(steps) or len(wait) < len(steps):
        return None
    total = sum(work) + sum(wait)
    n = min(min(step.work.n_valid, step.wait.n_valid) for step in steps)
    return TimelineFinding(work=sum(work), wait=sum(wait), efficiency=sum(work) / total if total else None, n=n)


def pain_findings(view: View) -> tuple[tuple[PainFinding, ...], tuple[Branch, ...]]:
    """The Pareto of pain points and the fishbone they form; nothing below n = k answers to the question."""
    pains: list[PainFinding] = []
    picks: list[pl.DataFrame] = []
    for question in view.questions():
        if isinstance(question, PainPoints) and view.counts[question.code].valid >= view.policy.minimum_group:
            for choice in question.choices:
                chosen = _picks(view, question, choice)
                picks.append(chosen)
                pains.append(_pain(view, question, choice, chosen))
    ordered = [
        msgspec.structs.replace(pains[row.position], share=row.share, cumulative=row.cumulative, vital=row.vital)
        for row in pareto([pain.weight for pain in pains])
    ]
    labels = {pain.code: pain.label for pain in pains}
    named = tuple(pain for pain in ordered if pain.chosen)
    return named, _branches(pl.concat(picks), labels, view.policy.minimum_group) if picks else ()


def _picks(view: View, question: PainPoints, choice: Choice) -> pl.DataFrame:
    """One row per person who chose it: pain, severity, frequency, weight (severity × frequency) and category."""
    stem = f"{question.code}.{choice.code}"
    own = pl.col(f"{stem}.category") if f"{stem}.category" in view.columns else pl.lit(None, dtype=pl.String)
    return view.frame.filter(pl.col(question.code).list.contains(choice.code)).select(
        pl.lit(choice.code).alias("pain"),
        pl.col(f"{stem}.severity").alias("severity"),
        pl.col(f"{stem}.frequency").alias("frequency"),
        (pl.col(f"{stem}.severity") * pl.col(f"{stem}.frequency")).fill_null(0).cast(pl.Float64).alias("weight"),
        pl.coalesce(own, pl.lit(choice.category)).alias("category"),
    )


def _pain(view: View, question: PainPoints, choice: Choice, picks: pl.DataFrame) -> PainFinding:
    asked = view.counts[question.code]
    chosen = picks.height

    def followed(part: str) -> Estimate:
        values: NDArray[np.float64] = picks[part].drop_nulls().to_numpy().astype(np.float64)
        counts = Counts(len(values), chosen - len(values), 0, view.n - chosen)
        return view.policy.figure(mean_t(values).among(counts))

    categories = dict(picks.group_by("category").len().iter_rows())
    return PainFinding(
        code=choice.code,
        label=choice.label,
        category=max(categories, key=lambda each: (categories[each], each == choice.category, each), default="")
        or choice.category,
        chosen=chosen,
        share_of_people=view.policy.figure(wilson(chosen, asked.valid).among(asked)),
        severity=followed("severity"),
        frequency=followed("frequency"),
        weight=float(picks["weight"].sum()),
        share=0.0,
        cumulative=0.0,
        vital=False,
    )


def _branches(picks: pl.DataFrame, labels: dict[str, dict[str, str]], minimum: int) -> tuple[Branch, ...]:
    """The six causes, heaviest first; a pick counts where its own answerer put it.

    The people who put one pain point to one cause are a group like any other: it has a name from ``minimum`` people on.
    """
    total = float(picks["weight"].sum())
    branches = []
    for place, category in enumerate(CAUSES):
        bone = picks.filter(pl.col("category") == category)
        if bone.is_empty():
            continue
        weight = float(bone["weight"].sum())
        pains = bone.group_by("pain").agg(pl.len().alias("people"), pl.col("weight").sum()).sort(
            ["weight", "people", "pain"], descending=[True, True, False]
        )  # fmt: skip
        people = dict(pains.select("pain", "people").iter_rows())
        hidden = suppressed(people, minimum)
        named = tuple((labels[pain], count) for pain, count in people.items() if pain not in hidden)
        share = weight / total if total else 0.0
        branch = Branch(category=category, weight=weight, share=share, pains=named, others=len(hidden))
        branches.append((-weight, place, branch))
    return tuple(branch for _, _, branch in sorted(branches, key=lambda each: each[:2]))
