"""Two groups, or the same people twice: as two columns, or as a column of values beside one of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from service.cli.methods.surveys import present
from service.cli.statistics import Option, Table, method

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

FIRST = click.option("--first", help="The column of the first group; differences are first minus second.")
SECOND = click.option("--second", help="The column of the second group.")
COLUMN = click.option("--column", help="Instead of two columns: one of all values,")
BY = click.option("--by", help="and one of the groups,")
GROUPS = click.option("--groups", help="of which these two, first and second, separated by a comma.")
INDEPENDENT: tuple[Option, ...] = (FIRST, SECOND, COLUMN, BY, GROUPS)
PAIRS: tuple[Option, ...] = (
    click.option("--first", required=True, help="Differences are first minus second, row by row."),
    click.option("--second", required=True),
)


def groups_of(
    table: Table, first: str | None, second: str | None, column: str | None, by: str | None, groups: str | None
) -> tuple[Values, Values]:
    """The values of both groups. Raises click.UsageError where the options do not name them."""
    if first and second:
        return present(table.numbers(first)), present(table.numbers(second))
    if not column or not by:
        raise click.UsageError("--first and --second, or --column and --by")
    labels, values = table.texts(by), table.numbers(column)
    wanted = groups.split(",") if groups else labels.drop_nulls().unique().sort().to_list()
    if len(wanted) != 2:
        raise ValueError(f"two groups are needed, not {', '.join(wanted)}")
    one, other = (present(values[(labels == each).fill_null(False).to_numpy()]) for each in wanted)
    return one, other


def pairs_of(table: Table, first: str, second: str) -> tuple[Values, Values]:
    """The values of the rows that have both."""
    import numpy as np

    one, other = table.numbers(first), table.numbers(second)
    both = ~(np.isnan(one) | np.isnan(other))
    return one[both], other[both]


@method("welch-t", *INDEPENDENT)
def welch(table: Table, **groups: Any) -> Any:
    """Difference of means by Welch's t, with Hedges' g."""
    from surveys.statistics.means import hedges_g, welch_t

    first, second = groups_of(table, **groups)
    return {"difference": welch_t(first, second), "hedges_g": hedges_g(first, second)}


@method("paired-t", *PAIRS)
def paired(table: Table, first: str, second: str) -> Any:
    """Mean change of the same people, with Hedges' g."""
    from surveys.statistics.means import hedges_g_paired, paired_t

    before, after = pairs_of(table, first, second)
    return {"difference": paired_t(before, after), "hedges_g": hedges_g_paired(before, after)}


@method("mann-whitney", *INDEPENDENT)
def ranks(table: Table, **groups: Any) -> Any:
    """Hodges-Lehmann shift with Mann and Whitney's test, and Cliff's delta."""
    from surveys.statistics.ranks import cliffs_delta, mann_whitney

    first, second = groups_of(table, **groups)
    return {"shift": mann_whitney(first, second), "cliffs_delta": cliffs_delta(first, second)}


@method("wilcoxon", *PAIRS)
def signed_ranks(table: Table, first: str, second: str) -> Any:
    """Pseudomedian of the changes with Wilcoxon's signed-rank test."""
    from surveys.statistics.ranks import wilcoxon_signed_rank

    return wilcoxon_signed_rank(*pairs_of(table, first, second))


@method("geometric-mean-ratio", *INDEPENDENT, click.option("--paired", is_flag=True))
def ratio(table: Table, paired: bool, **groups: Any) -> Any:
    """Ratio of geometric means, for durations."""
    from surveys.statistics.ratios import geometric_mean_ratio

    chosen = pairs_of(table, groups["first"], groups["second"]) if paired else groups_of(table, **groups)
    return geometric_mean_ratio(*chosen, paired=paired)


@method(
    "equivalence",
    *INDEPENDENT,
    click.option("--paired", is_flag=True),
    click.option("--low", type=float, help="The lower margin; none: only the upper one counts."),
    click.option("--high", type=float),
    click.option("--alpha", type=click.FloatRange(0, 0.5, min_open=True), default=0.05, show_default=True),
)
def tost(table: Table, paired: bool, low: float | None, high: float | None, alpha: float, **groups: Any) -> Any:
    """Two one-sided t tests: does the difference of means lie within the margins?"""
    from surveys.statistics.means import equivalence

    chosen = pairs_of(table, groups["first"], groups["second"]) if paired else groups_of(table, **groups)
    return equivalence(*chosen, low, high, paired=paired, alpha=alpha)


@method(
    "bootstrap",
    *INDEPENDENT,
    click.option("--statistic", type=click.Choice(["mean", "median"]), default="mean", show_default=True),
    click.option("--resamples", type=click.IntRange(10_000), default=10_000, show_default=True),
    click.option("--seed", type=int, default=1, show_default=True),
)
def bootstrap(table: Table, statistic: Any, resamples: int, seed: int, **groups: Any) -> Any:
    """Mean, median or their difference with Efron's BCa interval; one group where only --first is given."""
    from surveys.statistics.bootstrap import bca_bootstrap

    alone = groups["first"] and not groups["second"]
    chosen = (present(table.numbers(groups["first"])),) if alone else groups_of(table, **groups)
    return bca_bootstrap(*chosen, statistic=statistic, seed=seed, resamples=resamples)


@method("newcombe", *INDEPENDENT)
def shares(table: Table, **groups: Any) -> Any:
    """Difference of two shares (values 0 and 1) by Newcombe's method 10."""
    from surveys.statistics.proportion_differences import newcombe_difference

    first, second = (yes_or_no(values) for values in groups_of(table, **groups))
    return newcombe_difference((int(first.sum()), len(first)), (int(second.sum()), len(second)))


@method("mcnemar", *PAIRS)
def changed(table: Table, first: str, second: str) -> Any:
    """Shares of the same people twice (0 and 1): Newcombe's difference and McNemar's test."""
    from surveys.statistics.proportion_differences import mcnemar, newcombe_paired

    before, after = (yes_or_no(values) == 1 for values in pairs_of(table, first, second))
    cells = [before & after, before & ~after, ~before & after, ~before & ~after]
    both, only_first, only_second, neither = (int(each.sum()) for each in cells)
    return {
        "difference": newcombe_paired(both, only_first, only_second, neither),
        "mcnemar": mcnemar(only_first, only_second, len(before)),
    }


def yes_or_no(values: Values) -> Values:
    if not all(each in (0, 1) for each in values.tolist()):
        raise ValueError("shares need values of 0 and 1")
    return values


@method(
    "did",
    click.option("--column", required=True),
    click.option("--treated", required=True, help="A column of 1 (pilot) and 0 (comparison)."),
    click.option("--after", required=True, help="A column of 1 (after) and 0 (before)."),
    click.option("--cluster", help="Rows of one cluster may hang together: people seen twice, teams."),
)
def did(table: Table, column: str, treated: str, after: str, cluster: str | None) -> Any:
    """Difference in differences with cluster-robust CR2 errors."""
    import numpy as np

    from surveys.statistics.difference_in_differences import difference_in_differences

    values, pilot, later = table.numbers(column), table.numbers(treated), table.numbers(after)
    there = ~(np.isnan(values) | np.isnan(pilot) | np.isnan(later))
    clusters = None
    if cluster:
        names = table.texts(cluster).fill_null("").to_numpy()[there]
        clusters = np.unique(names.astype(str), return_inverse=True)[1]
    in_pilot, afterwards = (yes_or_no(each[there]) == 1 for each in (pilot, later))
    return difference_in_differences(values[there], in_pilot, afterwards, clusters)


@method(
    "trend", click.option("--when", required=True, help="A column of numbers."), click.option("--column", required=True)
)
def trend(table: Table, when: str, column: str) -> Any:
    """Slope per unit of time by least squares."""
    from surveys.statistics.trend import linear_trend

    return linear_trend(*pairs_of(table, when, column))


@method("adjust", click.option("--column", required=True, help="A column of p values."))
def adjust(table: Table, column: str) -> Any:
    """p values adjusted by Holm (planned) and Benjamini-Hochberg (exploratory)."""
    from surveys.statistics.comparison import benjamini_hochberg, holm

    p_values = table.texts(column).cast(float).to_list()
    return {"holm": holm(p_values), "benjamini_hochberg": benjamini_hochberg(p_values)}


@method(
    "power",
    click.option("--difference", type=float, help="Of means, with --sd;"),
    click.option(
        "--sd", type=click.FloatRange(0, min_open=True), help="of one group's values, or of changes if --paired;"
    ),
    click.option("--shares", type=(float, float), help="or before and hoped for, 0 to 1."),
    click.option("--paired", is_flag=True),
    click.option("--power", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8, show_default=True),
    click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05, show_default=True),
    data=False,
)
def needed(
    difference: float | None,
    sd: float | None,
    shares: tuple[float, float] | None,
    paired: bool,
    power: float,
    alpha: float,
) -> Any:
    """Answers per group, or pairs, that are needed to see a change; without any data."""
    from surveys.statistics.power import needed_for_means, needed_for_proportions

    if shares and not paired:
        return needed_for_proportions(*shares, power, alpha)
    if difference is None or sd is None:
        raise click.UsageError("--difference and --sd, or --shares")
    return needed_for_means(difference, sd, "paired" if paired else "independent", power, alpha)
