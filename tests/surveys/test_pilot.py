"""A pilot is judged by its design and by a rule made before it, and never by the smaller p-value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
import polars as pl
import pytest

from surveys.analysis.pilot import answers_needed, evaluate
from surveys.analysis.pilot_data import cells, from_groups
from surveys.analysis.pilot_decision import decide
from surveys.analysis.pilot_findings import Design, Kind, Metric, MetricFinding, PilotFindings, Rule, Target
from surveys.disclosure import Policy
from surveys.statistics.means import paired_t, welch_t

START = date(2025, 3, 1)
RULE = Rule(fixed_on=date(2025, 2, 1))


def rows(*cells: tuple[str, str, Any], **columns: Any) -> pl.DataFrame:
    """Rows of (arm, period, values); further columns by name over all of them."""
    arm = [name for name, _, values in cells for _ in values]
    period = [name for _, name, values in cells for _ in values]
    value = [None if each is None else float(each) for _, _, values in cells for each in values]
    return pl.DataFrame({"arm": arm, "period": period, "value": value, **columns})


def metric(kind: Kind = "score", *, linked: bool = False, comparison: bool = False, **more: Any) -> Metric:
    better = more.pop("better", "lower" if kind in ("duration", "count") else "higher")
    code = more.pop("code", kind)
    design = Design(kind=kind, linked=linked, comparison=comparison)
    return Metric(code=code, label={"zh-CN": "指标", "en": "Metric"}, design=design, better=better, **more)


def found(one: Metric, frame: pl.DataFrame, **more: Any) -> MetricFinding:
    return evaluate([one], {one.code: frame}, RULE, START, **more).metrics[0]


def scores(n: int, mean: float, seed: int, sd: float = 0.8) -> list[float]:
    return list(np.random.default_rng(seed).normal(mean, sd, n))


def linked_scores(n: int = 40, rise: float = 0.4) -> pl.DataFrame:
    before = np.array(scores(n, 3.2, 1))
    after = before + np.array(scores(n, rise, 2, 0.5))
    people = [f"p{place}" for place in range(n)]
    return rows(("pilot", "before", before), ("pilot", "after", after), person=people + people)


@pytest.mark.parametrize(
    ("kind", "linked", "method"),
    [
        ("score", False, "welch_t"),
        ("score", True, "paired_t"),
        ("proportion", False, "newcombe_difference"),
        ("proportion", True, "newcombe_paired"),
        ("duration", False, "geometric_mean_ratio"),
        ("duration", True, "geometric_mean_ratio"),
        ("count", False, "mean_count_ratio"),
        ("count", True, "mean_count_ratio"),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_design_alone_chooses_the_method(kind: Kind, linked: bool, method: str, seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = {
        "score": lambda: draw.normal(3, 1, 25),
        "proportion": lambda: draw.integers(0, 2, 25),
        "duration": lambda: draw.lognormal(4, 1.5, 25),
        "count": lambda: draw.poisson(3, 25),
    }[kind]
    people = [f"p{place}" for place in range(25)]
    frame = rows(("pilot", "before", values()), ("pilot", "after", values()), person=people + people)
    result = found(metric(kind, linked=linked), frame)
    assert result.change.method == method
    assert result.change.params.get("paired", linked) is linked
    assert result.word == "changed"


def test_linked_answers_are_paired_by_person_whatever_the_order() -> None:
    frame = linked_scores()
    after, before = (frame.filter(pl.col("period") == each)["value"].to_numpy() for each in ("after", "before"))
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=4)
    known, result = paired_t(after, before), found(metric(linked=True), shuffled)
    assert (result.change.value, result.change.ci_low) == pytest.approx((known.value, known.ci_low))
    assert result == found(metric(linked=True), frame)
    unpaired = next(each for each in result.sensitivity if each.key == "unpaired")
    assert unpaired.estimate.value == pytest.approx(welch_t(after, before).value)


def test_the_rate_of_linkage_is_told_and_a_low_one_is_a_risk() -> None:
    frame = linked_scores()
    person = pl.col("person")
    stray = frame.with_columns(
        person=pl.when((pl.col("period") == "after") & person.is_in([f"p{n}" for n in range(20)]))
        .then(pl.format("new{}", person))
        .otherwise(person)
    )
    result = found(metric(linked=True), stray)
    assert result.linkage is not None
    assert (result.linkage.value, result.linkage.n_valid) == (0.5, 40)
    assert result.change.n_valid == 20
    assert {risk.key for risk in result.risks} >= {"linkage_low", "small_n", "no_comparison"}


def test_only_a_comparison_asked_before_and_after_earns_the_word_effect() -> None:
    cells = (
        ("pilot", "before", scores(40, 3.0, 1)),
        ("pilot", "after", scores(40, 4.2, 2)),
        ("comparison", "before", scores(50, 3.0, 3)),
        ("comparison", "after", scores(50, 3.3, 4)),
    )
    whole = found(metric(comparison=True), rows(*cells))
    assert whole.word == "effect"
    assert whole.effect is not None
    assert whole.effect.method == "difference_in_differences"
    means = [np.mean(values) for _, _, values in cells]
    assert whole.effect.value == pytest.approx((means[1] - means[0]) - (means[3] - means[2]))
    assert whole.different
    later = found(metric(comparison=True), rows(cells[0], cells[1], cells[3]))
    assert (later.word, later.effect) == ("changed", None)
    assert later.against_comparison is not None
    assert "comparison_after_only" in {risk.key for risk in later.risks}


def test_what_improved_everywhere_is_a_change_and_no_effect() -> None:
    frame = rows(
        ("pilot", "before", scores(60, 3.0, 1)),
        ("pilot", "after", scores(60, 3.8, 2)),
        ("comparison", "before", scores(60, 3.0, 3)),
        ("comparison", "after", scores(60, 3.8, 4)),
    )
    result = found(metric(comparison=True), frame)
    assert (result.change.ci_low or 0) > 0
    assert not result.different


def test_a_duration_with_a_comparison_has_a_ratio_of_ratios() -> None:
    draw = np.random.default_rng(5)
    logs = [draw.normal(mean, 0.5, 80) for mean in (4.0, 3.5, 4.1, 4.0)]
    names = [("pilot", "before"), ("pilot", "after"), ("comparison", "before"), ("comparison", "after")]
    frame = rows(*((arm, period, np.exp(each)) for (arm, period), each in zip(names, logs, strict=True)))
    result = found(metric("duration", comparison=True), frame)
    means = [each.mean() for each in logs]
    assert result.effect is not None
    assert result.effect.value == pytest.approx(np.exp((means[1] - means[0]) - (means[3] - means[2])))
    assert result.better is True


def complaints() -> pl.DataFrame:
    """300 handling times before and 120 after, in hours: skewed, with two far outliers after."""
    draw = np.random.default_rng(7)
    before, after = draw.lognormal(np.log(66), 0.5, 300), draw.lognormal(np.log(43), 0.5, 118)
    days = [date(2025, 1, 1) + timedelta(days=place % 59) for place in range(300)]
    return rows(
        ("pilot", "before", before),
        ("pilot", "after", [*after, 2500.0, 3100.0]),
        when=days + [START + timedelta(days=place % 30) for place in range(120)],
    )


def test_two_outliers_do_not_turn_what_is_said_of_durations() -> None:
    result = found(metric("duration", target=Target(value=48, direction="at_most")), complaints())
    assert result.verdict == "demonstrated"
    assert (result.change.ci_high or 1) < 0.9
    outliers = next(each for each in result.sensitivity if each.key == "outliers")
    assert outliers.estimate.params["removed"] == 2
    assert outliers.estimate.n_valid == result.change.n_valid - 2  # and only there: the change keeps them
    assert {each.key for each in result.sensitivity} == {"outliers", "ranks", "bootstrap"}
    assert all(each.agrees for each in result.sensitivity)
    assert result.size is not None
    assert (result.size.superiority or 1) < 0.35


def test_a_duration_of_nothing_is_compared_by_ranks() -> None:
    frame = rows(("pilot", "before", [0, *range(1, 30)]), ("pilot", "after", range(1, 25)))
    assert found(metric("duration"), frame).change.method == "mann_whitney"


@pytest.mark.parametrize(("yes", "verdict"), [(285, "demonstrated"), (275, "met_not_demonstrated"), (269, "not_met")])
def test_a_target_has_three_verdicts(yes: int, verdict: str) -> None:
    # of 300, against 90 %: the cases of 275 and 285 are those of the reference
    frame = rows(("pilot", "before", [1] * 60 + [0] * 40), ("pilot", "after", [1] * yes + [0] * (300 - yes)))
    result = found(metric("proportion", target=Target(value=0.9, direction="at_least")), frame)
    assert result.verdict == verdict
    assert result.verdict_estimate is not None
    assert result.verdict_estimate.confidence == pytest.approx(0.9)


@pytest.mark.parametrize(("most", "verdict"), [(0.9, "demonstrated"), (0.76, "met_not_demonstrated"), (0.7, "not_met")])
def test_a_target_on_change_is_judged_by_the_change(most: float, verdict: str) -> None:
    target = Target(value=most, direction="at_most", on="change")
    result = found(metric("duration", target=target), complaints())
    assert result.verdict == verdict
    assert result.verdict_estimate is not None
    assert result.verdict_estimate.value == result.change.value
    assert (result.verdict_estimate.ci_high or 0) < (result.change.ci_high or 0)  # one side of it


@pytest.mark.parametrize("n", [0, 1, 3, 9])
def test_below_ten_there_are_no_figures_and_nothing_fails(n: int) -> None:
    for kind in ("score", "proportion", "duration", "count"):
        for linked in (False, True):
            one = metric(kind, linked=linked, comparison=True, target=Target(value=1, direction="at_least"))
            people = [f"p{place}" for place in range(40)]
            values = [1 + place % 2 if kind != "proportion" else place % 2 for place in range(40)]
            frame = rows(
                ("pilot", "before", values),
                ("pilot", "after", values[:n]),
                ("comparison", "after", values[:n]),
                person=people + people[:n] + [f"c{place}" for place in range(n)],
            )
            result = found(one, frame, policies={one.code: Policy()})
            assert result.change.value is None
            assert result.change.params["reason"] == ("small_group" if 0 < n < 5 else "few")
            assert (result.verdict, result.sensitivity, result.size) == ("insufficient", (), None)
            assert result.after.value is None
            assert not result.different


def test_a_group_of_one_mind_is_not_given_away_by_a_difference() -> None:
    frame = rows(("pilot", "before", [1, 0] * 20), ("pilot", "after", [1] * 30))
    protected = found(metric("proportion"), frame, policies={"proportion": Policy()})
    assert (protected.after.value, protected.after.params) == (0.9, {"masked": "at_least"})
    assert (protected.change.value, protected.change.params) == (None, {"reason": "unanimous"})
    cases = found(metric("proportion"), frame)
    assert (cases.after.value, cases.change.value) == (1.0, pytest.approx(0.5))


def test_a_mean_without_spread_decides_a_target_unseen() -> None:
    frame = rows(("pilot", "before", [3, 4] * 10), ("pilot", "after", [5] * 20))
    one = metric(target=Target(value=4, direction="at_least"))
    result = found(one, frame, policies={"score": Policy()})
    assert result.verdict in ("demonstrated", "met_not_demonstrated")
    assert result.verdict_estimate is not None
    assert (result.verdict_estimate.value, result.after.value, result.change.value) == (None, None, None)


@pytest.mark.parametrize(("strays", "counted"), [(3, 30), (6, 36)])
def test_a_few_without_a_pair_do_not_make_a_difference_between_figures(strays: int, counted: int) -> None:
    extra = rows(("pilot", "after", scores(strays, 4, 9)), person=[f"new{place}" for place in range(strays)])
    frame = pl.concat([linked_scores(30), extra])
    one = metric(linked=True, target=Target(value=3, direction="at_least"))
    result = found(one, frame, policies={"score": Policy()})
    assert result.verdict_estimate is not None
    assert (result.change.n_valid, result.verdict_estimate.n_valid) == (30, counted)


def test_what_two_outliers_change_is_told_without_their_figure_in_a_protected_wave() -> None:
    result = found(metric("duration"), complaints(), policies={"duration": Policy()})
    outliers = next(each for each in result.sensitivity if each.key == "outliers")
    assert outliers.agrees
    assert (outliers.estimate.value, outliers.estimate.suppressed) == (None, True)


def test_missing_answers_are_counted_and_taken_for_the_worse() -> None:
    frame = rows(("pilot", "before", [1, 0] * 25), ("pilot", "after", [1] * 30 + [0] * 5 + [None] * 15))
    result = found(metric("proportion"), frame)
    assert (result.change.n_valid, result.change.n_missing) == (85, 15)
    missing = next(each for each in result.sensitivity if each.key == "missing")
    assert missing.estimate.value == pytest.approx(30 / 50 - 0.5)
    assert not missing.agrees
    assert {risk.key for risk in result.risks} >= {"missing", "sensitive"}


def test_who_is_not_there_after_is_taken_to_be_as_before() -> None:
    frame = linked_scores().filter((pl.col("period") == "before") | (pl.col("person").str.slice(1).cast(pl.Int32) < 20))
    result = found(metric(linked=True), frame)
    missing = next(each for each in result.sensitivity if each.key == "missing")
    assert missing.estimate.value == pytest.approx((result.change.value or 0) / 2)


def test_a_trend_before_the_pilot_is_shown_as_a_risk() -> None:
    days = [date(2024, 12, 1) + timedelta(days=place) for place in range(90)]
    falling = 80 - 0.3 * np.arange(90) + np.array(scores(90, 0, 3, 4))
    frame = rows(("pilot", "before", falling), ("pilot", "after", scores(40, 45, 4, 5)), when=days + [START] * 40)
    result = found(metric("score", better="lower"), frame)
    assert result.prior_trend is not None
    assert result.prior_trend.value == pytest.approx(-9, abs=1.5)  # per 30 days
    assert "prior_trend" in {risk.key for risk in result.risks}


def test_planned_metrics_are_one_family_and_the_others_another() -> None:
    frame = rows(("pilot", "before", scores(40, 3, 1)), ("pilot", "after", scores(40, 3.4, 2)))
    metrics = [metric(code=code, planned=code < "c") for code in "abcd"]
    result = evaluate(metrics, dict.fromkeys("abcd", frame), RULE, START).metrics
    assert [each.adjustment for each in result] == ["holm", "holm", "benjamini_hochberg", "benjamini_hochberg"]
    assert {each.family_size for each in result} == {2}
    assert result[0].p_adjusted == pytest.approx(2 * (result[0].p or 0))
    assert result[2].p_adjusted == pytest.approx(result[2].p)


def judged(**verdicts: str) -> list[MetricFinding]:
    frame = rows(("pilot", "before", scores(40, 3, 1)), ("pilot", "after", scores(40, 3.1, 2)))
    base = found(metric(target=Target(value=3, direction="at_least")), frame)
    return [
        msgspec.structs.replace(base, metric=msgspec.structs.replace(base.metric, code=code), verdict=verdict)
        for code, verdict in verdicts.items()
    ]


def outcome(rule: Rule, found: list[MetricFinding]) -> str:
    return decide(rule, found, None, START).outcome


def test_the_rule_says_go_adjust_or_stop() -> None:
    good, point, bad = "demonstrated", "met_not_demonstrated", "not_met"
    assert outcome(RULE, judged(a=good, b=point)) == "go"
    assert outcome(RULE, judged(a=good, b=point, c=bad)) == "adjust"
    assert outcome(RULE, judged(a=good, b=bad)) == "stop"
    assert outcome(RULE, judged(a=good, b="insufficient")) == "adjust"
    strict = msgspec.structs.replace(RULE, must=("b",))
    assert outcome(strict, judged(a=good, b=point)) == "adjust"
    assert outcome(msgspec.structs.replace(RULE, least_response=0.6), judged(a=good)) == "adjust"
    assert outcome(RULE, []) == "adjust"


def test_a_rule_made_after_the_start_never_says_go() -> None:
    late = msgspec.structs.replace(RULE, fixed_on=START + timedelta(days=1))
    decision = decide(late, judged(a="demonstrated"), None, START)
    assert decision.outcome == "adjust"
    assert [reason.key for reason in decision.reasons if not reason.holds] == ["not_met_share", "rule_late"]


def test_harm_stops_a_pilot_and_doubt_about_harm_keeps_it_from_going() -> None:
    rule = msgspec.structs.replace(RULE, no_harm=("errors",))
    speed = metric("duration", code="speed", target=Target(value=60, direction="at_most"))

    def with_errors(share: float, n: int) -> PilotFindings:
        errors = metric("proportion", code="errors", better="lower", harm_margin=0.05)
        yes = round(share * n)
        frame = rows(
            ("pilot", "before", [1] * (n // 10) + [0] * (n - n // 10)),
            ("pilot", "after", [1] * yes + [0] * (n - yes)),
        )
        return evaluate([speed, errors], {"speed": complaints(), "errors": frame}, rule, START)

    assert with_errors(0.1, 1000).decision.outcome == "go"
    assert with_errors(0.1, 40).decision.outcome == "adjust"
    assert with_errors(0.3, 1000).decision.outcome == "stop"


def test_groups_of_a_file_become_arms_and_periods() -> None:
    frame = pl.DataFrame(
        {
            "group": ["baseline", "baseline", "pilot", "comparison", "comparison"],
            "person": ["a", "b", "a", "b", None],
            "when": [date(2025, 1, 5), date(2025, 1, 5), date(2025, 4, 1), date(2025, 4, 1), date(2025, 1, 9)],
            "value": [1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    assert from_groups(frame, START).select("arm", "period").rows() == [
        ("pilot", "before"),
        ("comparison", "before"),
        ("pilot", "after"),
        ("comparison", "after"),
        ("comparison", "before"),
    ]
    assert from_groups(frame.select("group", "value"), START)["period"].to_list()[0] == "before"


def test_rows_that_are_not_as_said_are_refused() -> None:
    design = Design(kind="proportion", linked=False, comparison=False)
    with pytest.raises(ValueError, match="0 and 1"):
        cells(rows(("pilot", "after", [0, 1, 2])), design)
    with pytest.raises(ValueError, match="elsewhere"):
        cells(rows(("elsewhere", "after", [0, 1])), design)
    with pytest.raises(ValueError, match="no column value"):
        cells(pl.DataFrame({"arm": ["pilot"], "period": ["after"]}), design)


def test_the_same_rows_make_the_same_findings_byte_for_byte() -> None:
    one = metric("duration", target=Target(value=48, direction="at_most"))
    frame = complaints()
    turned = frame.reverse()
    first, second = (
        msgspec.json.encode(evaluate([one], {"duration": each}, RULE, START, invited=50, responded=20))
        for each in (frame, turned)
    )
    assert first == second


def test_every_figure_says_where_it_comes_from() -> None:
    result = evaluate([metric(linked=True)], {"score": linked_scores()}, RULE, START, invited=90, responded=40)
    one = result.metrics[0]
    estimates = [one.before, one.after, one.change, *(each.estimate for each in one.sensitivity), result.response]
    assert all(each is not None and each.data_hash and each.library_versions for each in estimates)
    assert next(each.estimate.seed for each in one.sensitivity if each.key == "bootstrap") is not None
    assert [risk.key for risk in result.risks] == ["response_low"]


def test_before_launch_the_answers_needed_are_told() -> None:
    before = np.array([2.2, 4.2] * 100) * np.sqrt(199 / 200)  # sd 1
    apart = answers_needed(Design(kind="score", linked=False, comparison=False), before, 0.5, response=0.5)
    paired = answers_needed(Design(kind="score", linked=True, comparison=False), before, 0.5, correlation=0.6)
    assert apart[0].value == 64  # Cohen's medium effect
    assert apart[1] == 2 * (apart[0].value or 0)
    assert paired[0].value == 28  # 27.10 pairs, their changes having sd √0.8
    durations = np.random.default_rng(2).lognormal(4, 0.6, 300)
    needed, _ = answers_needed(Design(kind="duration", linked=False, comparison=False), durations, 0.7)
    assert needed.params["difference"] == pytest.approx(np.log(0.7))
    share, _ = answers_needed(Design(kind="proportion", linked=False, comparison=False), [1.0, 0.0] * 50, 0.25)
    assert share.params["exact"] == pytest.approx(57.7, abs=0.7)
