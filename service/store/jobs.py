"""Background work as rows: claimed by one UPDATE, held by a lease, tried again after a failure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from service import tables
from service.clock import now
from service.database import Database
from service.identifiers import new_id

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
ERROR_LENGTH = 500
State = Literal["queued", "running", "done", "failed"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """``attempts`` counts the claims and tells a late worker from the one that holds the lease now."""

    id: UUID
    kind: str
    arguments: dict[str, Any]
    state: State
    attempts: int
    result: Any
    error: str
    created_at: datetime
    finished_at: datetime | None


def _job(row: dict[str, Any]) -> Job:
    values = {name: row[name] for name in Job.__struct_fields__}
    values["arguments"] = msgspec.json.decode(row["arguments"])
    values["result"] = msgspec.json.decode(row["result"]) if row["result"] else None
    return Job(**values)


async def add(database: Database, kind: str, arguments: dict[str, Any]) -> UUID:
    """Queues a job; inside ``writing()`` it exists exactly if the rest of the transaction does."""
    job = tables.Job(
        id=new_id(), kind=kind, arguments=msgspec.json.encode(arguments).decode(), state="queued", attempts=0,
        lease_until=None, result="", error="", created_at=now(), finished_at=None,
    )  # fmt: skip
    async with database.writing():
        await tables.Job.insert(job)
    return job.id


async def get(database: Database, job: UUID) -> Job | None:
    row = await tables.Job.select().where(tables.Job.id == job).first()
    return None if row is None else _job(row)


async def claim(database: Database, kinds: list[str]) -> Job | None:
    """The oldest job that is due: queued, or running with a lease that ended because its worker died.

    ``lease_until`` of a queued job is when it may be tried again.
    """
    moment = now()
    marks = ", ".join("?" for _ in kinds)
    lock = "FOR UPDATE SKIP LOCKED" if database.dialect == "postgres" else ""
    rows = await database.fetch(
        "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = ? WHERE id = ("  # noqa: S608 (marks)
        f" SELECT id FROM job WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until <= ?)"
        f" AND kind IN ({marks}) ORDER BY created_at, id LIMIT 1 {lock}) RETURNING *",
        moment + LEASE,
        moment,
        *kinds,
    )
    return _job(rows[0]) if rows else None


async def extend(database: Database, job: Job) -> bool:
    """Holds the job for another lease; False where another worker has it."""
    return await _change(database, job, {tables.Job.lease_until: now() + LEASE})


async def finish(database: Database, job: Job, result: Any = None) -> bool:
    """Done; False where another worker has taken it over."""
    j = tables.Job
    encoded = msgspec.json.encode(result).decode()
    return await _change(database, job, {j.state: "done", j.result: encoded, j.error: "", j.finished_at: now()})


async def fail(database: Database, job: Job, error: str, *, final: bool = False) -> bool:
    """Queued again after 2, 4, … seconds; failed for good after ``ATTEMPTS`` or where ``final``."""
    j = tables.Job
    values: dict[Any, Any] = {j.error: error[:ERROR_LENGTH]}
    if final or job.attempts >= ATTEMPTS:
        values |= {j.state: "failed", j.finished_at: now()}
    else:
        values |= {j.state: "queued", j.lease_until: now() + timedelta(seconds=2**job.attempts)}
    return await _change(database, job, values)


async def release(database: Database, job: Job) -> bool:
    """Queued again at once and as if never tried: its worker is stopping."""
    j = tables.Job
    return await _change(database, job, {j.state: "queued", j.lease_until: None, j.attempts: job.attempts - 1})


async def _change(database: Database, job: Job, values: dict[Any, Any]) -> bool:
    j = tables.Job
    mine = (j.id == job.id) & (j.state == "running") & (j.attempts == job.attempts)
    async with database.writing():
        return bool(await j.update(values).where(mine).returning(j.id))
