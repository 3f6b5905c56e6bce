"""The form of a pilot's plan: where values may come from, read, checked, filled in again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from service.store.metrics import Metric
from service.store.programmes import Target as Goal
from surveys.analysis.pilot_findings import Kind, Rule, Target
from surveys.analysis.pilot_plan import BY_PERSON, Measure, Plan
from surveys.analysis.pilot_rows import ROLES
from surveys.definition import Questionnaire
from surveys.frame import columns
from surveys.statistics.target import Direction
from surveys.text import Text

MEASURES = 10  # rows of the form
SHARES = ("go_demonstrated", "go_met", "stop_not_met", "least_response")
DEFAULTS = {"go_demonstrated": "50", "go_met": "100", "stop_not_met": "50", "least_response": "50"}
Errors = dict[str, str]
"""Form field to the key of what is wrong with it."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a measure may be. ``value`` is what the form sends; ``best`` words what counts as yes."""

    value: str
    form: Literal["cases", "share", "mean"]
    label: Text
    kind: Kind
    of: str
    unit: Text = {}
    better: Literal["higher", "lower"] = "higher"
    yes_from: float | None = None
    best: Text = {}


def sources(metrics: Sequence[Metric], questionnaire: Questionnaire | None) -> list[Source]:
    """Imported metrics; then of the pilot wave's questionnaire the scales, and of every scaled question by itself the
    share of its two best answers, and its mean."""
    found = [
        Source(
            value=f"cases:{metric.name}", form="cases", label={"zh-CN": metric.name, "en": metric.name},
            kind=metric.kind, of=metric.name, unit={"zh-CN": metric.unit, "en": metric.unit} if metric.unit else {},
            better=metric.better,
        )
        for metric in metrics
    ]  # fmt: skip
    if questionnaire is None:
        return found
    for scale in questionnaire.scales:
        of = f"scale:{scale.code}"
        found.append(Source(value=f"mean:{of}", form="mean", label=scale.label, kind="score", of=of))
    within = {item for scale in questionnaire.scales for item in scale.items}
    for column in columns(questionnaire).values():
        if column.kind != "integer" or column.low is None or column.high is None or column.name in within:
            continue
        best = column.high - 1
        wording = column.labels.get(f"{best:.0f}", {"zh-CN": f"{best:.0f}", "en": f"{best:.0f}"})
        given: dict[str, Any] = {"label": column.label, "of": column.name}
        found.append(
            Source(
                value=f"share:{column.name}", form="share", kind="proportion", yes_from=best, best=wording,
                unit={"zh-CN": "%", "en": "%"}, **given,
            )
        )  # fmt: skip
        found.append(Source(value=f"mean:{column.name}", form="mean", kind="score", **given))
    return found


def links(questionnaire: Questionnaire | None) -> list[tuple[str, Text]]:
    """The questions by whose answers the responses of one person can be linked."""
    questions = [] if questionnaire is None else questionnaire.questions()
    return [(question.code, question.text) for question in questions if question.type == "link_code"]


def begun(goals: Sequence[Goal], metrics: Sequence[Metric], day: date) -> dict[str, str]:
    """The form of a new plan: a row for each target of the programme, its metric chosen where it has cases."""
    known = {metric.name for metric in metrics}
    form = {"started_on": day.isoformat(), **DEFAULTS}
    for row, goal in enumerate(goals[:MEASURES]):
        form |= {
            f"m.{row}.label": goal.metric,
            f"m.{row}.target": f"{goal.target:.12g}",
            f"m.{row}.direction": "at_least" if goal.direction == "increase" else "at_most",
            f"m.{row}.on": "level",
            f"m.{row}.source": f"cases:{goal.metric}" if goal.metric in known else "",
            f"m.{row}.assumed": "" if goal.baseline is None else f"{goal.baseline:.12g}",
        }
    return form


def rows(form: Mapping[str, str]) -> int:
    """How many rows the form shows: those that are filled in, and one more."""
    filled = [row for row in range(MEASURES) if form.get(f"m.{row}.source") or form.get(f"m.{row}.label")]
    return min(MEASURES, max(filled, default=0) + 2)


def as_form(plan: Plan) -> dict[str, str]:
    """The form that ``read`` reads, filled in."""
    rule = plan.rule
    form = {
        "started_on": plan.started_on.isoformat(),
        "linked": plan.linked,
        "asked": "" if plan.asked is None else str(plan.asked),
        **{role: getattr(plan, role) for role in ROLES},
        **{name: f"{getattr(rule, name) * 100:.6g}" for name in SHARES},
    }
    for row, measure in enumerate(plan.measures):
        times = 100.0 if measure.kind == "proportion" else 1.0
        form |= {f"m.{row}.label": measure.label.get("zh-CN", ""), f"m.{row}.source": _value(measure)}
        form |= {
            f"m.{row}.{name}": f"{value * times:.12g}"
            for name, value in (("margin", measure.harm_margin), ("assumed", measure.assumed))
            if value is not None
        }
        form |= {f"m.{row}.must": "1"} if measure.code in rule.must else {}
        if measure.target is not None:
            typed = measure.target.value * times
            if measure.target.on == "change" and measure.kind in ("duration", "count"):
                typed = (measure.target.value - 1) * 100
            form |= {f"m.{row}.target": f"{typed:.12g}", f"m.{row}.direction": measure.target.direction}
            form |= {f"m.{row}.on": measure.target.on}
    return form


def _value(measure: Measure) -> str:
    if measure.source == "cases":
        return f"cases:{measure.of}"
    return f"{'mean' if measure.yes_from is None else 'share'}:{measure.of}"


def read(
    form: Mapping[str, str], known: Sequence[Source], waves: Mapping[str, str], linkable: Sequence[str]
) -> tuple[Plan | None, Errors]:
    """``waves``: those that may be chosen, id to role. Rows without a source are passed over."""
    errors: Errors = {}
    started_on = _day(form.get("started_on", ""), errors)
    chosen = {role: form.get(role, "") for role in ROLES}
    for role, wave in chosen.items():
        if wave and wave not in waves:
            errors[role] = "pilot.error.wave"
    if not chosen["pilot"]:
        errors["pilot"] = "pilot.error.pilot"
    named = [wave for wave in chosen.values() if wave]
    if len(set(named)) < len(named):
        errors["baseline"] = "pilot.error.same"
    linked = form.get("linked", "")
    if linked not in ("", BY_PERSON, *linkable):
        errors["linked"] = "pilot.error.choose"
    asked = _number(form.get("asked", ""), "asked", errors, least=1, most=10_000_000)
    shares = {name: _number(form.get(name, ""), name, errors, least=0, most=100) for name in SHARES}
    by_value = {source.value: source for source in known}
    measures = [each for row in range(MEASURES) if (each := _measure(form, row, by_value, errors)) is not None]
    if not errors and not measures:
        errors["m.0.source"] = "pilot.error.measures"
    if errors or started_on is None:
        return None, errors
    rule = Rule(
        fixed_on=started_on,
        **{name: (value if value is not None else float(DEFAULTS[name])) / 100 for name, value in shares.items()},
        must=tuple(measure.code for row, measure in measures if form.get(f"m.{row}.must") and measure.target),
        no_harm=tuple(measure.code for _, measure in measures if measure.harm_margin is not None),
    )
    return Plan(
        started_on=started_on, **chosen, linked=linked, asked=None if asked is None else int(asked),
        measures=tuple(measure for _, measure in measures), rule=rule,
    ), {}  # fmt: skip


def _measure(
    form: Mapping[str, str], row: int, known: Mapping[str, Source], errors: Errors
) -> tuple[int, Measure] | None:
    def typed(name: str) -> str:
        return form.get(f"m.{row}.{name}", "").strip()

    if not typed("source"):
        return None
    source = known.get(typed("source"))
    if source is None:
        errors[f"m.{row}.source"] = "pilot.error.source"
        return None
    times = 100.0 if source.kind == "proportion" else 1.0
    found = {
        name: _number(typed(name), f"m.{row}.{name}", errors, least=-1e12, most=1e12)
        for name in ("target", "margin", "assumed")
    }
    if len(typed("label")) > 200:
        errors[f"m.{row}.label"] = "pilot.error.long"
    if found["margin"] is not None and found["margin"] <= 0:
        errors[f"m.{row}.margin"] = "pilot.error.margin"
    if source.kind == "proportion" and typed("on") != "change" and not 0 <= (found["target"] or 0) <= 100:
        errors[f"m.{row}.target"] = "pilot.error.share"
    own = typed("label") not in ("", *source.label.values())
    label = {"zh-CN": typed("label"), "en": typed("label")} if own else source.label
    return row, Measure(
        code=f"m{row + 1}", label=label, kind=source.kind, better=_better(typed("direction"), source),
        source="cases" if source.form == "cases" else "answers", of=source.of, unit=source.unit,
        yes_from=source.yes_from, target=_target(found["target"], typed("on"), typed("direction"), source.kind),
        planned=found["target"] is not None or found["margin"] is not None,
        harm_margin=None if found["margin"] is None else found["margin"] / times,
        assumed=None if found["assumed"] is None else found["assumed"] / times,
    )  # fmt: skip


def _better(direction: str, source: Source) -> Literal["higher", "lower"]:
    """Imported metrics say it themselves; answers do by the direction of their target."""
    return "lower" if source.form != "cases" and direction == "at_most" else source.better


def _target(typed: float | None, on: str, direction: str, kind: Kind) -> Target | None:
    """What is typed in percent or points, as the evaluation wants it: ratios of durations and counts, shares."""
    if typed is None:
        return None
    wanted: Direction = "at_most" if direction == "at_most" else "at_least"
    if on == "change":
        value = 1 + typed / 100 if kind in ("duration", "count") else typed / 100 if kind == "proportion" else typed
        return Target(value=value, direction=wanted, on="change")
    return Target(value=typed / 100 if kind == "proportion" else typed, direction=wanted)


def _day(typed: str, errors: Errors) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        errors["started_on"] = "pilot.error.day"
        return None


_PLAIN = re.compile(r"[-+−]?[0-9]{1,13}(\.[0-9]{1,9})?")


def _number(typed: str, field: str, errors: Errors, *, least: float, most: float) -> float | None:
    plain = typed.replace(",", "").replace("，", "").strip().rstrip("%％")
    if not plain:
        return None
    if not _PLAIN.fullmatch(plain) or not least <= float(plain.replace("−", "-")) <= most:
        errors[field] = "pilot.error.number"
        return None
    return float(plain.replace("−", "-"))
