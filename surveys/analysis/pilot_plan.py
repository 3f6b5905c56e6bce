"""What a pilot is judged by, written down before it starts: measures, targets, waves, and the rule."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

import msgspec

from surveys.analysis.findings import Finding
from surveys.analysis.pilot_findings import Better, Design, Kind, Metric, Rule, Target
from surveys.text import Text

BY_PERSON = "person"
"""``Plan.linked`` where responses are linked by whom they are from; else it names the column of a link code."""


class Measure(Finding, frozen=True, kw_only=True):
    """A metric of the plan and where its values come from.

    ``cases``: the imported metric ``of``. ``answers``: the column ``of``, or ``scale:<code>`` for a scale's score; with
    ``yes_from`` an answer counts as yes from that value on, without it as a score.
    """

    code: str
    label: Text
    kind: Kind
    better: Better
    source: Literal["cases", "answers"]
    of: str
    unit: Text = msgspec.field(default_factory=dict)
    yes_from: float | None = None
    target: Target | None = None
    planned: bool = True
    harm_margin: float | None = None
    assumed: float | None = None  # where the charter says it stands, for want of a baseline

    def metric(self, *, linked: bool, comparison: bool) -> Metric:
        """Cases are never linked: a complaint is closed once."""
        by_person = linked and self.source == "answers"
        return Metric(
            code=self.code,
            label=self.label,
            design=Design(kind=self.kind, linked=by_person, comparison=comparison),
            better=self.better,
            target=self.target,
            unit=self.unit,
            planned=self.planned,
            harm_margin=self.harm_margin,
        )


class Plan(Finding, frozen=True, kw_only=True):
    """``baseline``, ``pilot`` and ``comparison`` are waves, empty where there is none. ``asked``: how many got the
    pilot wave's public link, which nobody but the lead can count."""

    started_on: date
    pilot: str
    baseline: str = ""
    comparison: str = ""
    linked: str = ""
    asked: int | None = None
    measures: tuple[Measure, ...] = ()
    rule: Rule


class PlanRecord(Finding, frozen=True, kw_only=True):
    """A plan as it was fixed. ``fixed_on`` None: still a draft. ``earlier``: plans fixed before this one and given up.

    ``content_hash`` is that of ``fingerprint``.
    """

    plan: Plan
    number: int
    fixed_on: date | None
    content_hash: str
    earlier: int = 0


def portable(plan: Plan) -> Plan:
    """The plan without the identifiers of its waves, which another database gives otherwise."""
    return msgspec.structs.replace(
        plan, **{role: role if getattr(plan, role) else "" for role in ("baseline", "pilot", "comparison")}
    )


def fingerprint(plan: Plan) -> str:
    """What a report prints of the plan: the same wherever the same was fixed."""
    return hashlib.blake2b(msgspec.json.encode(portable(plan), order="deterministic"), digest_size=32).hexdigest()
