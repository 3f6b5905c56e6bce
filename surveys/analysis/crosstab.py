"""Two variables of a wave against each other, without telling of anybody: the table that a lead builds.

A variable is a dimension of groups (side, department, a segment) or a question of which one option is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.diagnosis import NotShown
from surveys.analysis.findings import Finding
from surveys.analysis.groups import Dimension, Filter, Groups, dimensions
from surveys.analysis.view import by_content, library_versions
from surveys.definition import Questionnaire
from surveys.disclosure import FEW, Policy
from surveys.frame import Dataset, columns
from surveys.impersonal import impersonal
from surveys.questions import Column
from surveys.statistics.crosstab import Table, crosstab_of
from surveys.statistics.estimate import Estimate
from surveys.text import Text

MOST_OPTIONS = 12  # of a variable; a wider table is no longer read

Cells = NDArray[np.bool_]


class Variable(Finding, frozen=True, kw_only=True):
    """What a table can be made of: values in their order with labels."""

    name: str
    label: Text
    values: tuple[tuple[str, Text], ...]


class CrosstabFinding(Finding, frozen=True, kw_only=True):
    """Counts, None where they are hidden; ``standing_out``: 1 or −1 where a cell has far more or fewer people than it
    would have if the variables had nothing to do with each other (adjusted residual beyond ±2).

    Test and association are only given where no cell is hidden, since they would tell of those that are.
    """

    rows: Variable
    columns: Variable
    counts: tuple[tuple[int | None, ...], ...]
    standing_out: tuple[tuple[int, ...], ...]
    n: int
    n_missing: int
    hidden: int
    test: str | None
    p: float | None
    sparse: bool
    association: Estimate | None  # Cramér's V


def variables(dataset: Dataset) -> list[Variable]:
    """Dimensions first, then questions in the order asked."""
    found = [
        Variable(name=f"group.{each.name}", label=each.label, values=tuple(each.labels.items()))
        for each in dimensions(dataset)
        if 1 < len(each.groups) <= MOST_OPTIONS * 5
    ]
    asked = impersonal(dataset.questionnaire)
    return found + [variable for column in columns(asked).values() if (variable := _of_column(column, asked))]


def _of_column(column: Column, asked: Questionnaire) -> Variable | None:
    if column.kind == "code":
        values = [(code, column.labels.get(code, {"zh-CN": code, "en": code})) for code in column.choices]
    elif column.kind == "integer" and column.low is not None and column.high is not None:
        points = range(int(column.low), int(column.high) + 1) if column.high - column.low < MOST_OPTIONS else ()
        values = [
            (str(point), column.labels.get(str(point), {"zh-CN": str(point), "en": str(point)})) for point in points
        ]
    else:
        return None
    if not 1 < len(values) <= MOST_OPTIONS:
        return None
    return Variable(name=column.name, label=column.label, values=tuple(values))


def cross(dataset: Dataset, policy: Policy, row: str, column: str, conditions: Filter = ()) -> CrosstabFinding:
    """The table of two variables among those who fulfil ``conditions``.

    Raises KeyError where there is no such variable, NotShown where nothing may be said of these people.
    """
    known = {each.name: each for each in variables(dataset)}
    across, down = known[column], known[row]
    dataset = by_content(Dataset(impersonal(dataset.questionnaire), dataset.frame))
    split = dimensions(dataset)
    groups = Groups(split, dataset.frame["_sequence"].fill_null(0).to_numpy(), policy)
    people = _people(groups, conditions, policy)
    places = [_places(dataset, split, each) for each in (down, across)]
    counts = _table(places, people, down, across)
    around = [_table(places, mask, down, across) for mask in groups.containing(conditions)] if conditions else []
    hidden = hidden_cells(counts, around, policy.minimum_group) if policy.protects else np.zeros(counts.shape, bool)
    keep = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    counts, hidden = counts[np.ix_(*keep)], hidden[np.ix_(*keep)]
    down, across = _kept(down, keep[0]), _kept(across, keep[1])
    n = int(counts.sum())
    told = crosstab_of(counts, [v for v, _ in down.values], [v for v, _ in across.values], int(people.sum()) - n)
    whole = not hidden.any() and n >= FEW and told.test is not None
    return CrosstabFinding(
        rows=down,
        columns=across,
        counts=tuple(
            tuple(None if secret else int(count) for count, secret in zip(line, secrets, strict=True))
            for line, secrets in zip(counts, hidden, strict=True)
        ),
        standing_out=tuple(tuple(_sign(each) if whole else 0 for each in line) for line in told.adjusted_residuals),
        n=n,
        n_missing=told.n_missing,
        hidden=int(hidden.sum()),
        test=told.test if whole else None,
        p=told.p if whole else None,
        sparse=told.sparse and whole,
        association=_stamped(told.cramers_v) if whole else None,
    )


def _people(groups: Groups, conditions: Filter, policy: Policy) -> Cells:
    try:
        people = groups.settled(groups.ordered(conditions))
    except ValueError:
        raise NotShown from None
    if people is None or (policy.protects and people.sum() < policy.minimum_group):
        raise NotShown
    return people


def hidden_cells(counts: Table, around: Sequence[Table], k: int) -> Cells:
    """The cells of a table that must not be told: 1 to k − 1 people; all but 1 to k − 1 of a row, a column or the same
    cell of a larger group; a whole row or column in one cell. Then the next smallest, until what is hidden in any row
    or column is nobody, or two cells and k people and more."""
    down, across = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    hidden = _few(counts, k)
    for larger in (down, across, *around):
        hidden |= _few(larger - counts, k) & (counts > 0)
    hidden |= (counts > 0) & ((counts == down) | (counts == across))
    while True:
        further = hidden | _complement(counts, hidden, k) | _complement(counts.T, hidden.T, k).T
        if (further == hidden).all():
            return hidden
        hidden = further


def _few(counts: Table, k: int) -> Cells:
    return (counts > 0) & (counts < k)


def _complement(counts: Table, hidden: Cells, k: int) -> Cells:
    """One more cell of each row in which too little is hidden: the smallest that somebody is in, else an empty one."""
    found = np.zeros_like(hidden)
    for place, (line, secret) in enumerate(zip(counts, hidden, strict=True)):
        enough = secret.sum() > 1 and line[secret].sum() >= k
        if not secret.any() or enough or secret.all():
            continue
        open_cells = np.flatnonzero(~secret)
        people = line[open_cells]
        found[place, open_cells[np.argmin(np.where(people > 0, people, people.max() + 1))]] = True
    return found


def _places(dataset: Dataset, split: Sequence[Dimension], variable: Variable) -> NDArray[np.int64]:
    """For each response the number of its value, −1 for none."""
    codes = {code: place for place, (code, _) in enumerate(variable.values)}
    kind, _, name = variable.name.partition(".")
    dimension = next((each for each in split if kind == "group" and each.name == name), None)
    if dimension is None:
        values = dataset.frame[variable.name].cast(pl.String)
        return values.replace_strict(codes, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()
    places = np.full(dataset.frame.height, -1, dtype=np.int64)
    for code, mask in dimension.groups.items():
        places[mask] = codes[code]
    return places


def _table(places: Sequence[NDArray[np.int64]], people: Cells, rows: Variable, columns: Variable) -> Table:
    counts = np.zeros((len(rows.values), len(columns.values)), dtype=np.int64)
    both = people & (places[0] >= 0) & (places[1] >= 0)
    np.add.at(counts, (places[0][both], places[1][both]), 1)
    return counts


def _kept(variable: Variable, keep: Cells) -> Variable:
    values = tuple(value for value, kept in zip(variable.values, keep, strict=True) if kept)
    return msgspec.structs.replace(variable, values=values)


def _sign(residual: float | None) -> int:
    return 0 if residual is None or abs(residual) < 2 else (1 if residual > 0 else -1)


def _stamped(estimate: Estimate) -> Estimate:
    return msgspec.structs.replace(estimate, library_versions=library_versions())
