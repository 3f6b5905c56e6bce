"""For load balancers and ``wenheng doctor``: is the process alive, may it be sent requests."""

from __future__ import annotations

from litestar import Request, Response, get

from service.database import migrate

PUBLIC = {"access": "public"}
RETRY = "5"  # seconds


@get("/health/live", opt=PUBLIC, sync_to_thread=False)
def live() -> Response[str]:
    return Response("ok\n", media_type="text/plain")


@get("/health/ready", opt=PUBLIC)
async def ready(request: Request) -> Response[str]:
    """503 while the database is away or lacks a migration, and from the moment that the process was told to stop."""
    if request.app.state.draining:
        return _answer("draining", 503)
    try:
        missing = await migrate.pending()
    except Exception:  # away, empty, too slow: whatever it is, send nobody here
        return _answer("database away", 503)
    return _answer("migrations pending", 503) if missing else _answer("ready", 200)


def _answer(said: str, status: int) -> Response[str]:
    headers = {"Retry-After": RETRY} if status == 503 else None
    return Response(said + "\n", status_code=status, media_type="text/plain", headers=headers)


controllers = [live, ready]
