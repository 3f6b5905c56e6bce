"""What nobody needs any more goes: abandoned drafts and sessions that are over. Run by every worker, now and then."""

from __future__ import annotations

from datetime import timedelta

from service import clock
from service.database import Database
from service.jobs import HANDLERS
from service.store import files, runs, sessions

DRAFTS_KEPT = timedelta(days=90)
"""Untouched for so long, a draft is personal data without a purpose."""


@HANDLERS.every(hours=1)
async def tidy(database: Database) -> None:
    """May run on several workers at once: deleting what is gone does nothing."""
    await runs.forget(database, clock.now() - DRAFTS_KEPT)
    await files.tidy(database, clock.now().date())
    await sessions.forget_ended(database)
