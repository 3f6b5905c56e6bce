"""Control charts: a row for each point, in order of time."""

from __future__ import annotations

from typing import Any

import click

from service.cli.statistics import Table, method

RULES = click.option(
    "--rules", type=click.Choice(["western_electric", "nelson"]), default="western_electric", show_default=True
)
BASELINE = click.option(
    "--baseline", type=click.IntRange(2), help="The first so many points make the limits; default: all."
)
COUNT = click.option("--count", required=True, help="The column of counts.")
SIZE = click.option("--size", required=True, help="The column of sample sizes.")


@method("xmr", click.option("--column", required=True), BASELINE, click.option("--median", is_flag=True), RULES)
def individuals(table: Table, column: str, baseline: int | None, median: bool, rules: Any) -> Any:
    """Individuals and moving ranges, limits from the mean or the median range."""
    from surveys.statistics.control_chart import xmr

    return xmr(table.numbers(column), baseline, by_median=median, rules=rules)


@method("p-chart", COUNT, SIZE, BASELINE, click.option("--kind", type=click.Choice(["p", "laney_p"])), RULES)
def proportions(table: Table, count: str, size: str, baseline: int | None, kind: Any, rules: Any) -> Any:
    """Shares; Laney's p' where they vary more than chance alone."""
    from surveys.statistics.control_chart import proportion_chart

    return proportion_chart(table.numbers(count), table.numbers(size), baseline, kind=kind, rules=rules)


@method("c-chart", COUNT, BASELINE, RULES)
def counts(table: Table, count: str, baseline: int | None, rules: Any) -> Any:
    """Counts over equal opportunities."""
    from surveys.statistics.control_chart import count_chart

    return count_chart(table.numbers(count), baseline, rules=rules)


@method("u-chart", COUNT, SIZE, BASELINE, RULES)
def rates(table: Table, count: str, size: str, baseline: int | None, rules: Any) -> Any:
    """Counts per unit of opportunity."""
    from surveys.statistics.control_chart import rate_chart

    return rate_chart(table.numbers(count), table.numbers(size), baseline, rules=rules)
