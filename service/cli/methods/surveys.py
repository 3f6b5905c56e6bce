"""Scales, shares, scores, rates, weights."""

from __future__ import annotations

from typing import Any

import click

from service.cli.statistics import COLUMNS, Table, method


def present(values: Any) -> Any:
    """The answers there are."""
    import numpy as np

    return values[~np.isnan(values)]


def counted(estimate: Any, values: Any) -> Any:
    """The estimate with the number of those who gave none."""
    from surveys.statistics.estimate import Counts

    return estimate.among(Counts(estimate.n_valid, missing=len(values) - estimate.n_valid))


@method("mean", COLUMNS)
def mean(table: Table, columns: str | None) -> Any:
    """Means with Student's interval."""
    from surveys.statistics.mean import mean_t

    found = {name: table.numbers(name) for name in table.names(columns)}
    return {name: counted(mean_t(present(values)), values) for name, values in found.items()}


@method("median", COLUMNS)
def median(table: Table, columns: str | None) -> Any:
    """Medians with the interval of order statistics."""
    from surveys.statistics.quantile import median_order_statistic

    found = {name: table.numbers(name) for name in table.names(columns)}
    return {name: counted(median_order_statistic(present(values)), values) for name, values in found.items()}


@method("top2", COLUMNS, click.option("--high", type=int, required=True, help="Where the answer scale ends."))
def top2(table: Table, columns: str | None, high: int) -> Any:
    """Shares of the two highest options with Wilson's interval."""
    from surveys.statistics.proportion import top_two_box

    found = {name: table.numbers(name) for name in table.names(columns)}
    return {name: counted(top_two_box(present(values), high), values) for name, values in found.items()}


@method("share", click.option("--column", required=True), click.option("--value", required=True))
def share(table: Table, column: str, value: str) -> Any:
    """Share of the answers that equal a value, with Wilson's interval."""
    from surveys.statistics.proportion import wilson

    answers = table.texts(column)
    given = answers.drop_nulls()
    return counted(wilson(int((given == value).sum()), len(given)), answers)


@method("nps", click.option("--column", required=True))
def nps(table: Table, column: str) -> Any:
    """Net promoter score of whole numbers 0 to 10, adjusted Wald interval."""
    from surveys.statistics.nps import net_promoter_score

    values = table.numbers(column)
    return counted(net_promoter_score(present(values)), values)


@method("reliability", COLUMNS)
def reliability_table(table: Table, columns: str | None) -> Any:
    """Alpha with Feldt's interval, omega, item-rest correlations, alpha if deleted; listwise."""
    from surveys.statistics.reliability import reliability

    return {"items": table.names(columns), **as_dict(reliability(table.matrix(columns)))}


@method(
    "icc", COLUMNS, click.option("--form", type=click.Choice(["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]), default="2,1")
)
def icc(table: Table, columns: str | None, form: Any) -> Any:
    """Intraclass correlation; a row for each subject, a column for each rater."""
    from surveys.statistics.agreement import intraclass_correlation

    return intraclass_correlation(table.matrix(columns), form)


@method(
    "kappa",
    click.option("--first", required=True),
    click.option("--second", required=True),
    click.option("--weights", type=click.Choice(["none", "linear", "quadratic"]), default="linear"),
)
def kappa(table: Table, first: str, second: str, weights: Any) -> Any:
    """Weighted kappa of two raters' numbers."""
    from surveys.statistics.agreement import rating_table, weighted_kappa

    return weighted_kappa(rating_table(table.numbers(first), table.numbers(second))[1], weights)


@method("careless", COLUMNS, click.option("--seconds", help="The column with the time each person took."))
def careless(table: Table, columns: str | None, seconds: str | None) -> Any:
    """How many people straight-line, repeat one answer, answer too fast."""
    import numpy as np

    from surveys.statistics.careless import long_string, straight_lining, too_fast

    names = [name for name in table.names(columns) if name != seconds]
    items = table.matrix(",".join(names))
    found = {
        "n": len(items),
        "straight_lining": int(straight_lining(items).sum()),
        "long_string": int(long_string(items).sum()),
    }
    if seconds:
        answered = np.count_nonzero(~np.isnan(items), axis=1)
        found["too_fast"] = int(too_fast(table.numbers(seconds), answered).sum())
    return found


@method("sus", COLUMNS)
def sus(table: Table, columns: str | None) -> Any:
    """Mean score of the System Usability Scale; its ten items as answered, 1 to 5."""
    from surveys.statistics.mean import mean_t
    from surveys.statistics.sus import usability_scores

    items = table.matrix(columns)
    return counted(mean_t(usability_scores(items)), items)


@method(
    "response-rates",
    click.option("--audience", help="The column that names the audience."),
    click.option(
        "--disposition", required=True, help="complete, partial, refused, not_reached, other, unknown, not_eligible"
    ),
    click.option("--count", help="The column of how many; default: a row for each person."),
    click.option("-e", "eligible", type=click.FloatRange(0, 1), help="Share of the unknown that is eligible."),
)
def response_rates(
    table: Table, audience: str | None, disposition: str, count: str | None, eligible: float | None
) -> Any:
    """AAPOR's RR1 to RR6 and COOP1, by audience and together."""
    from surveys.statistics.response import Dispositions, response_rates_by_audience

    kinds = table.texts(disposition).to_list()
    names = table.texts(audience).to_list() if audience else ["all"] * len(kinds)
    counts = table.numbers(count).tolist() if count else [1] * len(kinds)
    found: dict[str, Dispositions] = {}
    for name, kind, number in zip(names, kinds, counts, strict=True):
        if kind not in Dispositions.__struct_fields__:
            raise ValueError(f"unknown disposition {kind!r}")
        found[name] = found.get(name, Dispositions()) + Dispositions(**{kind: int(number)})
    audiences, together = response_rates_by_audience(found, eligible)
    return {"audiences": audiences, "total": together}


@method(
    "rake",
    click.option(
        "--target", "targets", multiple=True, required=True, help="column:value=share,value=share; repeatable."
    ),
    click.option("--base", help="The column of base weights."),
    click.option("--total", type=float, help="What the weights add up to; default: the people."),
    click.option("--tolerance", type=float, default=1e-12, show_default=True),
)
def rake(table: Table, targets: tuple[str, ...], base: str | None, total: float | None, tolerance: float) -> Any:
    """Weights by iterative proportional fitting, with Kish's design effect."""
    from surveys.statistics import weighting

    wanted = dict(map(target_of, targets))
    people = table.frame.select([table.column(name).name for name in wanted])
    return weighting.rake(people, wanted, table.numbers(base) if base else None, total, tolerance)


def target_of(written: str) -> tuple[str, dict[str, float]]:
    """``shift:day=0.6,night=0.4`` as a column and its shares. Raises click.BadParameter."""
    column, _, shares = written.partition(":")
    try:
        pairs = [each.rsplit("=", 1) for each in shares.split(",")]
        return column.strip(), {value.strip(): float(share) for value, share in pairs}
    except ValueError:
        raise click.BadParameter(f"{written!r}: column:value=share,value=share") from None


@method("design-effect", click.option("--weights", required=True))
def design_effect(table: Table, weights: str) -> Any:
    """Kish's design effect of a column of weights."""
    from surveys.statistics.weighting import kish_design_effect

    return kish_design_effect(present(table.numbers(weights)))


@method("weighted-mean", click.option("--column", required=True), click.option("--weights", required=True))
def weighted(table: Table, column: str, weights: str) -> Any:
    """A weighted mean with its linearised interval."""
    from surveys.statistics.weighting import weighted_mean

    return weighted_mean(table.numbers(column), table.numbers(weights))


def as_dict(struct: Any) -> dict[str, Any]:
    import msgspec

    return msgspec.structs.asdict(struct)
