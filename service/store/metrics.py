"""Metrics of cases: what they are, and a value for each case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from service import tables
from service.database import Database
from service.identifiers import new_id

Kind = Literal["duration", "proportion", "count", "score"]
Group = Literal["baseline", "pilot", "comparison"]
KINDS: tuple[Kind, ...] = ("duration", "proportion", "count", "score")
GROUPS: tuple[Group, ...] = ("baseline", "pilot", "comparison")
BATCH = 5_000


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """``name`` is what files call it, unique in its programme. A proportion's values are 0 and 1."""

    id: UUID
    name: str
    kind: Kind
    unit: str
    better: Literal["lower", "higher"]


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """The metric of one case. ``value`` None: the case has none, which is counted as missing."""

    case_number: str
    happened_on: date | None
    case_group: Group
    team: str
    value: float | None


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases of a group have a value, and how many have none."""

    cases: int
    missing: int
    first: date | None
    last: date | None


async def of_programme(database: Database, programme: UUID) -> list[Metric]:
    """In the order in which they were made."""
    m = tables.Metric
    rows = await m.objects().where(m.programme == programme).order_by(m.id)
    return [Metric(**{name: getattr(row, name) for name in Metric.__struct_fields__}) for row in rows]


async def create(database: Database, programme: UUID, *, name: str, kind: Kind, unit: str, better: str) -> Metric:
    """Raises ``Conflict`` where the programme has one of that name."""
    metric = Metric(id=new_id(), name=name, kind=kind, unit=unit, better=better)  # type: ignore[arg-type]
    async with database.writing():
        await tables.Metric.insert(tables.Metric(programme=programme, **msgspec.structs.asdict(metric)))
    return metric


async def remove(database: Database, programme: UUID, metric: UUID) -> bool:
    """With all its values. False where the programme has no such metric."""
    m = tables.Metric
    async with database.writing():
        gone = await m.delete().where((m.id == metric) & (m.programme == programme)).returning(m.id)
    return bool(gone)


UPSERT = """
INSERT INTO metric_value (id, metric, case_number, happened_on, case_group, team, value) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (metric, case_number) DO UPDATE SET
    happened_on = excluded.happened_on, case_group = excluded.case_group, team = excluded.team, value = excluded.value
"""


async def save(database: Database, metric: UUID, values: Sequence[Value]) -> None:
    """Inserts or replaces by case number."""
    async with database.writing():
        for start in range(0, len(values), BATCH):
            await database.executemany(
                UPSERT,
                [
                    (new_id(), metric, each.case_number, each.happened_on, each.case_group, each.team, each.value)
                    for each in values[start : start + BATCH]
                ],
            )


async def known_cases(database: Database, metric: UUID) -> set[str]:
    rows = await database.fetch("SELECT case_number FROM metric_value WHERE metric = ?", metric)
    return {row["case_number"] for row in rows}


async def values(database: Database, metric: UUID) -> list[Value]:
    """By case number."""
    rows = await database.fetch(
        "SELECT case_number, happened_on, case_group, team, value FROM metric_value WHERE metric = ?"
        " ORDER BY case_number",
        metric,
    )
    return [Value(**row) for row in rows]


async def tallies(database: Database, metric: UUID) -> dict[str, Tally]:
    """By group; groups without cases are absent."""
    rows = await database.fetch(
        "SELECT case_group, count(value) AS cases, count(*) AS every, min(happened_on) AS first,"
        " max(happened_on) AS last FROM metric_value WHERE metric = ? GROUP BY case_group",
        metric,
    )
    return {
        row["case_group"]: Tally(
            cases=row["cases"], missing=row["every"] - row["cases"], first=_day(row["first"]), last=_day(row["last"])
        )
        for row in rows
    }


def _day(value: date | str | None) -> date | None:
    """SQLite tells a computed column as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
