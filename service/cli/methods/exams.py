"""Items and exams: marks with a row for each attempt and a column for each item."""

from __future__ import annotations

from typing import Any

import click

from service.cli.statistics import COLUMNS, Table, method

MAXIMUM = click.option(
    "--maximum", default="1", show_default=True, help="Of every item, or of each, separated by commas."
)
TOTAL = click.option("--total", help="The column of whole totals; default: the sums of the items.")


@method("items", COLUMNS, MAXIMUM, TOTAL)
def items(table: Table, columns: str | None, maximum: str, total: str | None) -> Any:
    """Moodle's item and quiz statistics, upper-lower discrimination. Empty: not presented."""
    from surveys.statistics.exam import upper_lower_discrimination
    from surveys.statistics.item_analysis import item_analysis

    names, most, totals = marked(table, columns, maximum, total)
    marks = table.matrix(",".join(names))
    return {
        "columns": names,
        "exam": item_analysis(marks, most, totals),
        "upper_lower": upper_lower_discrimination(marks, most, totals),
    }


@method("cut", COLUMNS, MAXIMUM, TOTAL, click.option("--cut", type=float, required=True, help="Points to pass."))
def cut(table: Table, columns: str | None, maximum: str, total: str | None, cut: float) -> Any:
    """The band of error round the cut and Livingston's K squared."""
    import numpy as np

    from surveys.statistics.exam import cut_band, livingston_k2
    from surveys.statistics.item_analysis import item_analysis

    names, most, totals = marked(table, columns, maximum, total)
    marks = table.matrix(",".join(names))
    points = np.nansum(marks, axis=1) if totals is None else totals
    consistency = item_analysis(marks, most, totals).internal_consistency
    reliability = None if consistency.value is None else consistency.value / 100
    return {
        "internal_consistency": consistency,
        "band": None if reliability is None else cut_band(points, cut, reliability),
        "livingston": livingston_k2(points, cut, reliability),
    }


def marked(table: Table, columns: str | None, maximum: str, total: str | None) -> tuple[list[str], list[float], Any]:
    """Names of the items, their maximum marks, and totals where they are given."""
    names = [name for name in table.names(columns) if name != total]
    try:
        given = [float(each) for each in maximum.split(",")]
    except ValueError:
        raise click.BadParameter(f"{maximum!r}: numbers separated by commas") from None
    most = given * len(names) if len(given) == 1 else given
    return names, most, table.numbers(total) if total else None


@method("kr20", COLUMNS)
def kuder_richardson(table: Table, columns: str | None) -> Any:
    """KR-20 with Feldt's interval, and KR-21, of items marked 0 or 1."""
    from surveys.statistics.reliability import kr20, kr21

    marks = table.matrix(columns)
    return {"kr20": kr20(marks), "kr21": kr21(marks)}


@method(
    "distractors",
    click.option("--column", required=True, help="The option that each person chose."),
    click.option("--key", required=True, help="Right options, separated by commas."),
    click.option("--rest", required=True, help="The column of points in the other items."),
    click.option("--options", help="All options, separated by commas; default: those chosen."),
)
def distractors(table: Table, column: str, key: str, rest: str, options: str | None) -> Any:
    """How each option of an item worked."""
    from surveys.statistics import exam

    chosen = [set() if each is None else {each} for each in table.texts(column)]
    every = options.split(",") if options else sorted(set().union(*chosen))
    return exam.distractors(chosen, every, set(key.split(",")), table.numbers(rest))


@method("rasch", COLUMNS)
def rasch_model(table: Table, columns: str | None) -> Any:
    """Rasch difficulties by conditional maximum likelihood, and abilities by score."""
    from surveys.statistics.rasch import rasch

    return {"items": table.names(columns), "model": rasch(table.matrix(columns))}
