"""The rows of one metric as the comparisons need them: groups, pairs, what is missing, what is linked."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.pilot_findings import Design, Kind

Values = NDArray[np.float64]
COLUMNS = {"arm": pl.String, "period": pl.String, "value": pl.Float64}
OPTIONAL = {"person": pl.String, "cluster": pl.String, "when": pl.Date}


class Cells(msgspec.Struct, frozen=True):
    """``rows`` holds the answers of both arms with all columns; the arrays are of the pilot arm unless named otherwise.

    Where the design is linked ``after`` and ``before`` are pairs, else all values; ``all_after`` and ``all_before``
    always are all values. ``linked`` of ``found`` people after the start have an answer before.
    """

    rows: pl.DataFrame
    after: Values
    before: Values
    all_after: Values
    all_before: Values
    comparison_after: Values
    comparison_before: Values
    missing: int
    linked: int
    found: int

    @property
    def smallest(self) -> int:
        return min(len(self.after), len(self.before))


def from_groups(frame: pl.DataFrame, started_on: date) -> pl.DataFrame:
    """Rows of ``group`` baseline, pilot or comparison as rows of arm and period.

    A baseline row belongs to the comparison arm where its person answers there later, else to the pilot's; a row of the
    comparison group is of before where ``when`` lies before the start.
    """
    if "person" in frame.columns:
        compared = frame.filter((pl.col("group") == "comparison") & pl.col("person").is_not_null())["person"].unique()
        elsewhere = pl.col("person").is_in(compared.implode()).fill_null(False)
    else:
        elsewhere = pl.lit(False)
    early = (pl.col("when") < started_on).fill_null(False) if "when" in frame.columns else pl.lit(False)
    baseline, comparison = pl.col("group") == "baseline", pl.col("group") == "comparison"
    return frame.with_columns(
        arm=pl.when(comparison | (baseline & elsewhere)).then(pl.lit("comparison")).otherwise(pl.lit("pilot")),
        period=pl.when(baseline | (comparison & early)).then(pl.lit("before")).otherwise(pl.lit("after")),
    )


def cells(frame: pl.DataFrame, design: Design) -> Cells:
    """The cells of ``frame``: columns arm (pilot, comparison), period (before, after), value (null: missing), and where
    there are any person, cluster and when. ValueError where a column or a word is not as said."""
    rows = _checked(frame, design)
    pilot = rows.filter(pl.col("arm") == "pilot")
    linked = _pairs(pilot, design.kind) if design.linked else None
    after, before = _values(pilot, "after"), _values(pilot, "before")
    comparison = rows.filter(pl.col("arm") == "comparison")
    people = pilot.filter((pl.col("period") == "after") & pl.col("value").is_not_null())["person"]
    return Cells(
        rows=rows,
        after=after if linked is None else linked["after"].to_numpy(),
        before=before if linked is None else linked["before"].to_numpy(),
        all_after=after,
        all_before=before,
        comparison_after=_values(comparison, "after"),
        comparison_before=_values(comparison, "before"),
        missing=pilot.filter((pl.col("period") == "after") & pl.col("value").is_null()).height,
        linked=0 if linked is None else linked.height,
        found=people.n_unique() if people.null_count() == 0 else people.drop_nulls().n_unique() + people.null_count(),
    )


def without_stragglers(frame: pl.DataFrame, design: Design, k: int) -> pl.DataFrame:
    """The frame of a linked design without the 1 to k − 1 pilot answers of a period that have no pair.

    Figures of the pairs and of all answers stand in one report: fewer than k people must not make the difference.
    """
    if not design.linked or "person" not in frame.columns:
        return frame
    known = pl.col("value").is_not_null() & (pl.col("arm") == "pilot")
    seen = [frame.filter(known & (pl.col("period") == each))["person"].drop_nulls() for each in ("before", "after")]
    both = seen[0].filter(seen[0].is_in(seen[1].implode())).unique()
    stray = known & ~pl.col("person").is_in(both.implode()).fill_null(False)
    for period in ("before", "after"):
        strayed = stray & (pl.col("period") == period)
        if 0 < frame.filter(strayed).height < k:
            frame = frame.filter(~strayed.fill_null(False))
    return frame


def carried_forward(data: Cells, kind: Kind) -> tuple[Values, Values]:
    """The pairs with everybody who was there before: who has no value after is taken to be as before."""
    pilot = data.rows.filter(pl.col("arm") == "pilot")
    before = _by_person(pilot, "before", kind)
    both = before.join(_by_person(pilot, "after", kind), on="person", how="left", suffix="_after").sort("person")
    return both["value_after"].fill_null(both["value"]).to_numpy(), both["value"].to_numpy()


def data_hash(frame: pl.DataFrame) -> str:
    """BLAKE2b of the rows in an order of their own."""
    names = sorted(set(frame.columns) & {*COLUMNS, *OPTIONAL})
    ordered = frame.select(names).sort(names, nulls_last=True)
    return hashlib.blake2b(ordered.write_csv().encode(), digest_size=32).hexdigest()


def _checked(frame: pl.DataFrame, design: Design) -> pl.DataFrame:
    for name in COLUMNS:
        if name not in frame.columns:
            raise ValueError(f"no column {name}")
    for name, words in (("arm", ("pilot", "comparison")), ("period", ("before", "after"))):
        unknown = set(frame[name].unique().to_list()) - set(words)
        if unknown:
            raise ValueError(f"{name} is {' or '.join(words)}, not {sorted(map(str, unknown))}")
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in OPTIONAL.items() if name not in frame.columns]
    rows = frame.with_columns(pl.col("value").cast(pl.Float64).fill_nan(None), *absent)
    if design.kind == "proportion" and not rows["value"].drop_nulls().is_in([0.0, 1.0]).all():
        raise ValueError("values of a proportion are 0 and 1")
    return rows


def _values(rows: pl.DataFrame, period: str) -> Values:
    return np.sort(rows.filter(pl.col("period") == period)["value"].drop_nulls().to_numpy()).astype(np.float64)


def _by_person(rows: pl.DataFrame, period: str, kind: Kind) -> pl.DataFrame:
    """One value a person: of several the mean, of several yes and no a yes from half of them on."""
    known = rows.filter((pl.col("period") == period) & pl.col("person").is_not_null() & pl.col("value").is_not_null())
    value = pl.col("value").mean()
    return known.group_by("person").agg((value >= 0.5).cast(pl.Float64) if kind == "proportion" else value)


def _pairs(rows: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    before, after = (_by_person(rows, period, kind) for period in ("before", "after"))
    both = before.join(after, on="person", suffix="_after").sort("person")
    return both.select(before="value", after="value_after")
