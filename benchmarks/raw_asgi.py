"""The least that a durable survey page could cost: constant bytes out, form bytes into the same group-commit writer.

No framework, no parsing, no validation; the process, its server and its database settings are the service's own.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from service.database import Database
from service.database.operations import NewResponse, Submit
from service.identifiers import new_id, new_token, token_hash
from service.settings import Settings

PAGE = b"x" * int(os.environ.get("BENCH_PAGE_BYTES", "24000"))
WAVE = UUID(os.environ.get("BENCH_WAVE", "00000000-0000-0000-0000-000000000000"))
database = Database(Settings.from_environment())


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await database.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await database.stop()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["method"] == "GET":
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(PAGE)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE})
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    now = datetime.now(UTC)
    token = new_token()
    response = NewResponse(
        id=new_id(), wave=WAVE, invitation=None, person=None, receipt_hash=token_hash(token), language="zh-CN",
        submitted_on=now.date(), submitted_at=now, seconds=60, department="", side="", source="public",
        answers=body.decode(),
    )  # fmt: skip
    await database.writer.write(Submit(token_hash=token_hash(token + "run"), response=response))
    await send(
        {"type": "http.response.start", "status": 303, "headers": [(b"location", b"/done"), (b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})
