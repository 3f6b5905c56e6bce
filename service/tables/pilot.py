"""Tables of pilots: metrics of cases, and plans fixed before the start."""

from __future__ import annotations

from piccolo.columns import UUID, Date, DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from service.tables.surveys import Programme


class Metric(Table, tablename="metric"):
    """Something counted or timed case by case, by no survey; unique per programme and name."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    name = Varchar(200)
    kind = Varchar(12)  # duration, proportion, count, score
    unit = Varchar(40)
    better = Varchar(8)  # lower, higher


class MetricValue(Table, tablename="metric_value"):
    """The metric of one case; unique per metric and case number."""

    id = UUID(primary_key=True)
    metric = ForeignKey(Metric, on_delete=OnDelete.cascade, null=False)
    case_number = Varchar(120)
    happened_on = Date(null=True, default=None)
    case_group = Varchar(12)  # baseline, pilot, comparison
    team = Varchar(300)
    value = DoublePrecision(null=True, default=None)  # null: this case has none


class PilotPlan(Table, tablename="pilot_plan"):
    """What a pilot is judged by; unique per programme and number. Once ``fixed_at`` is set it never changes."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    content = Text()  # JSON of surveys.analysis.pilot_plan.Plan
    changed_at = Timestamptz()
    fixed_at = Timestamptz(null=True, default=None)
    fixed_by = UUID(null=True, default=None)
    content_hash = Varchar(64)
