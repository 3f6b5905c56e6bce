"""Two variables together: crosstabs, orders, Kano, importance–performance, Pareto."""

from __future__ import annotations

from typing import Any

import click

from service.cli.statistics import Table, method

ROWS = click.option("--rows", required=True)
BY = click.option("--by", required=True)


@method("crosstab", ROWS, BY)
def crosstab(table: Table, rows: str, by: str) -> Any:
    """Chi-squared, Cramer's V, adjusted residuals; Fisher's exact test of two by two."""
    from surveys.statistics import crosstab as tables

    return tables.crosstab(table.column(rows), table.column(by))


@method("ordinal", ROWS, BY)
def ordinal(table: Table, rows: str, by: str) -> Any:
    """Gamma and Kendall's tau-b of two ordered variables given as numbers."""
    from surveys.statistics.crosstab import contingency
    from surveys.statistics.ordinal import gamma, tau_b

    counts = contingency(*(numeric(table, name) for name in (rows, by)))[2]
    return {"gamma": gamma(counts), "tau_b": tau_b(counts)}


def numeric(table: Table, name: str) -> Any:
    table.numbers(name)  # words have no order
    return table.column(name)


@method("correlation", click.option("--first", required=True), click.option("--second", required=True))
def correlation(table: Table, first: str, second: str) -> Any:
    """Pearson's r with Fisher's interval."""
    from surveys.statistics.correlation import pearson

    return pearson(table.numbers(first), table.numbers(second))


@method(
    "importance-performance",
    click.option("--importance", required=True, help="Columns separated by commas, an attribute each."),
    click.option("--performance", required=True, help="Columns of the same attributes in the same order."),
    click.option("--crosshair", type=(float, float), help="Importance and performance; default: the means."),
)
def importance(table: Table, importance: str, performance: str, crosshair: tuple[float, float] | None) -> Any:
    """Quadrants of importance against performance."""
    from surveys.statistics.importance import Ratings, importance_performance

    matters, done = table.names(importance), table.names(performance)
    if len(matters) != len(done):
        raise ValueError("importance and performance need the same number of columns")
    ratings = {
        second: Ratings(table.numbers(first), table.numbers(second))
        for first, second in zip(matters, done, strict=True)
    }
    return importance_performance(ratings, crosshair)


@method(
    "kano",
    click.option("--present", required=True, help="Feeling with the feature: like to dislike, or 1 to 5."),
    click.option("--absent", required=True, help="Feeling without it."),
    click.option("--feature", help="The column that names the feature."),
)
def kano_categories(table: Table, present: str, absent: str, feature: str | None) -> Any:
    """Kano categories, better and worse."""
    from surveys.statistics import kano

    feelings = {str(place): feeling for place, feeling in enumerate(kano.FEELINGS, start=1)}
    names = table.texts(feature).to_list() if feature else ["all"] * len(table.frame)
    counts: dict[str, dict[Any, int]] = {}
    for name, with_it, without in zip(names, table.texts(present), table.texts(absent), strict=True):
        if with_it is not None and without is not None:
            pair = feelings.get(with_it, with_it), feelings.get(without, without)
            if not set(pair) <= {*kano.FEELINGS}:
                raise ValueError(f"feelings are {', '.join(kano.FEELINGS)} or 1 to 5, not {with_it} and {without}")
            category = kano.category_of(*pair)
            own = counts.setdefault(name, dict.fromkeys(kano.CATEGORIES, 0))
            own[category] += 1
    return {
        name: {
            "counts": found,
            **kano.verdict(found)._asdict(),
            "distinct": kano.distinct(found),
            "category_strength": kano.category_strength(found),
            "total_strength": kano.total_strength(found),
            "better": kano.better(found),
            "worse": kano.worse(found),
        }
        for name, found in counts.items()
    }


@method("pareto", click.option("--label", required=True), click.option("--weight", required=True))
def pareto(table: Table, label: str, weight: str) -> Any:
    """Weights in order with cumulative shares and the vital few."""
    from surveys.statistics import pareto as vital_few

    labels = table.texts(label).to_list()
    rows = vital_few.pareto(table.numbers(weight).tolist())
    return [{"label": labels[row.position], **row._asdict()} for row in rows]


@method("welch-anova", click.option("--column", required=True), BY)
def anova(table: Table, column: str, by: str) -> Any:
    """Welch's test that the means of all groups are equal."""
    import numpy as np

    from surveys.statistics.comparison import GroupMoments, welch_anova

    values, groups = table.numbers(column), table.texts(by)
    moments = []
    for name in groups.drop_nulls().unique().sort():
        own = values[(groups == name).fill_null(False).to_numpy()]
        own = own[~np.isnan(own)]
        variance = float(own.var(ddof=1)) if len(own) > 1 else 0.0
        moments.append(GroupMoments(len(own), float(own.mean()) if len(own) else 0.0, variance))
    return welch_anova(moments)
