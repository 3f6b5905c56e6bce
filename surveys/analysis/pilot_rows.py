"""The rows of a measure, from imported cases or from answers to the pilot's waves, as ``pilot.evaluate`` wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import polars as pl

from surveys.analysis.pilot_data import from_groups
from surveys.analysis.pilot_plan import BY_PERSON, Measure, Plan
from surveys.disclosure import Policy
from surveys.frame import Dataset
from surveys.scoring import score

Role = Literal["baseline", "pilot", "comparison"]
ROLES: tuple[Role, ...] = ("baseline", "pilot", "comparison")
CASES = {"group": pl.String, "when": pl.Date, "cluster": pl.String, "value": pl.Float64}
EMPTY = pl.DataFrame(schema=dict.fromkeys(("arm", "period", "person", "cluster"), pl.String) | {"value": pl.Float64})


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The released answers of one wave. ``people``: who gave each, in the order of the rows, where that is known."""

    dataset: Dataset
    policy: Policy
    people: tuple[str | None, ...] = ()


def of_cases(measure: Measure, cases: Mapping[str, pl.DataFrame], plan: Plan) -> pl.DataFrame:
    """Rows of the imported metric. ``cases``: by name of metric, columns as in ``CASES``; a team is a cluster."""
    frame = cases.get(measure.of)
    if frame is None or frame.is_empty():
        return EMPTY
    named = frame.with_columns(cluster=pl.when(pl.col("cluster") != "").then(pl.col("cluster")))
    return from_groups(named, plan.started_on).drop("group")


def of_answers(measure: Measure, answers: Mapping[Role, Answers], plan: Plan) -> pl.DataFrame:
    """Rows of a column or scale that the waves share; a wave that lacks it has none."""
    frames = [
        values.with_columns(group=pl.lit(role))
        for role in ROLES
        if role in answers and (values := _values(measure, answers[role], plan)) is not None
    ]
    if not frames:
        return EMPTY
    frame = pl.concat(frames)
    baseline, compared = pl.col("group") == "baseline", pl.col("group") == "comparison"
    elsewhere = pl.lit(False)
    if "comparison" in answers:
        frame, elsewhere = _told_apart(frame, answers, linked=bool(plan.linked))
    return frame.select(
        "value",
        "person",
        "cluster",
        arm=pl.when(compared | (baseline & elsewhere)).then(pl.lit("comparison")).otherwise(pl.lit("pilot")),
        period=pl.when(baseline).then(pl.lit("before")).otherwise(pl.lit("after")),
    )


def _values(measure: Measure, given: Answers, plan: Plan) -> pl.DataFrame | None:
    """value, person, department and cluster of every response of a wave."""
    questionnaire, frame = given.dataset.questionnaire, given.dataset.frame
    if measure.of.startswith("scale:"):
        if measure.of.removeprefix("scale:") not in {scale.code for scale in questionnaire.scales}:
            return None
        frame = score(frame.lazy(), questionnaire).collect()
    if measure.of not in frame.columns or not frame[measure.of].dtype.is_numeric():
        return None
    value = pl.col(measure.of).cast(pl.Float64)
    if measure.yes_from is not None:
        value = (value >= measure.yes_from).cast(pl.Float64)
    known = frame.select(
        value=value,
        person=_person(frame, given, plan),
        department=pl.col("_department").fill_null(""),
        cluster=pl.lit(None, dtype=pl.String),
    )
    return known.sort("value", "person", "department", nulls_last=True)


def _person(frame: pl.DataFrame, given: Answers, plan: Plan) -> pl.Series | pl.Expr:
    if plan.linked == BY_PERSON and len(given.people) == frame.height:
        return pl.Series(given.people, dtype=pl.String)
    if plan.linked in frame.columns and frame[plan.linked].dtype == pl.String:
        known = frame[plan.linked]
        # a code that two people of a wave derived tells neither from the other
        return pl.when(known.is_unique()).then(known)
    return pl.lit(None, dtype=pl.String)


def _told_apart(frame: pl.DataFrame, answers: Mapping[Role, Answers], *, linked: bool) -> tuple[pl.DataFrame, pl.Expr]:
    """The rows without baseline answers of unknown group, and which of the baseline belong to the comparison group.

    Linked: by who answers later; who does not is left out. Else by department, where departments are known and belong
    to one group only; 1 to k − 1 people are not left out, since subtraction would tell of them.
    """
    by = "person" if linked else "department"
    baseline = pl.col("group") == "baseline"
    pilot, compared = (
        frame.filter((pl.col("group") == role) & (pl.col(by) != ""))[by].unique() for role in ("pilot", "comparison")
    )
    elsewhere = pl.col(by).is_in(compared.implode()).fill_null(False)
    if not linked and (pilot.is_empty() or compared.is_empty() or pilot.is_in(compared.implode()).any()):
        return frame, pl.lit(False)
    kept = frame.filter(~baseline | elsewhere | pl.col(by).is_in(pilot.implode()).fill_null(False))
    k = max(each.policy.minimum_group for each in answers.values())
    return (frame if not linked and 0 < frame.height - kept.height < k else kept), elsewhere
