"""For load balancers and ``wenheng doctor``: is the process alive, may it be sent requests."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.database import Database

PUBLIC = {"access": "public"}


@get("/health/live", opt=PUBLIC, sync_to_thread=False)
def live() -> Response[str]:
    return Response("ok\n", media_type="text/plain")


@get("/health/ready", opt=PUBLIC)
async def ready(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    """503 while the database is away or not migrated, and from the moment that the process was told to stop."""
    if request.app.state.draining:
        return Response("draining\n", status_code=503, media_type="text/plain")
    try:
        await database.fetch("SELECT id FROM account LIMIT 1")
    except Exception:  # away, not migrated, full: whatever it is, send nobody here
        return Response("not ready\n", status_code=503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


controllers = [live, ready]
