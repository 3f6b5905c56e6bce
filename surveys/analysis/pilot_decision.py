"""Go, adjust or stop, by the rule that was fixed before the pilot and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from surveys.analysis.pilot_findings import Decision, MetricFinding, Outcome, Reason, Rule
from surveys.statistics.estimate import Estimate


def decide(rule: Rule, metrics: Sequence[MetricFinding], response: Estimate | None, started_on: date) -> Decision:
    """The outcome with every clause of the rule and how it turned out.

    A rule made when the pilot was already under way can stop it or ask for changes, but never says go: it could have
    been made to fit. Targets without enough answers are neither met nor not met.
    """
    stopping = _stopping(rule, metrics)
    going = _going(rule, metrics, response)
    if rule.fixed_on > started_on:
        going = (*going, Reason(key="rule_late", holds=False))
    outcome: Outcome = "adjust"
    if any(reason.holds for reason in stopping):
        outcome = "stop"
    elif all(reason.holds for reason in going):
        outcome = "go"
    return Decision(outcome=outcome, reasons=(*stopping, *going), rule=rule)


def _stopping(rule: Rule, metrics: Sequence[MetricFinding]) -> tuple[Reason, ...]:
    harmed = tuple(
        found.metric.code
        for found in metrics
        if found.metric.code in rule.no_harm and found.different and found.better is False
    )
    reasons = [Reason(key="harmed", holds=True, metrics=harmed)] if harmed else []
    not_met = _share(metrics, "not_met")
    if not_met is not None:
        holds = not_met >= rule.stop_not_met
        reasons.append(Reason(key="not_met_share", holds=holds, figure=not_met, threshold=rule.stop_not_met))
    return tuple(reasons)


def _going(rule: Rule, metrics: Sequence[MetricFinding], response: Estimate | None) -> tuple[Reason, ...]:
    demonstrated, met = _share(metrics, "demonstrated"), _share(metrics, "demonstrated", "met_not_demonstrated")
    if demonstrated is None or met is None:
        return (Reason(key="no_target", holds=False),)
    by_code = {found.metric.code: found for found in metrics}
    lacking = tuple(code for code in rule.must if code not in by_code or by_code[code].verdict != "demonstrated")
    unsafe = tuple(code for code in rule.no_harm if code not in by_code or not _harmless(by_code[code]))
    reasons = [
        Reason(
            key="demonstrated_share",
            holds=demonstrated >= rule.go_demonstrated,
            figure=demonstrated,
            threshold=rule.go_demonstrated,
        ),
        Reason(key="met_share", holds=met >= rule.go_met, figure=met, threshold=rule.go_met),
    ]
    if rule.must:
        reasons.append(Reason(key="must_demonstrate", holds=not lacking, metrics=lacking))
    if rule.no_harm:
        reasons.append(Reason(key="harm_not_excluded", holds=not unsafe, metrics=unsafe))
    if rule.least_response > 0:
        rate = None if response is None else response.value
        holds = rate is not None and rate >= rule.least_response
        reasons.append(Reason(key="response", holds=holds, figure=rate, threshold=rule.least_response))
    return tuple(reasons)


def _harmless(found: MetricFinding) -> bool:
    return found.no_harm is not None and bool(found.no_harm.params.get("within"))


def _share(metrics: Sequence[MetricFinding], *verdicts: str) -> float | None:
    """The share of targets with one of ``verdicts``; None without targets."""
    given = [found.verdict for found in metrics if found.verdict is not None]
    return sum(verdict in verdicts for verdict in given) / len(given) if given else None
