"""A bare Litestar handler that returns constant bytes: the most that a page of this framework can be."""

from __future__ import annotations

import os
from pathlib import Path

from litestar import Litestar, Response, get

PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes()


@get("/page", sync_to_thread=False)
def page() -> Response[bytes]:
    return Response(PAGE, media_type="text/html; charset=utf-8")


application = Litestar([page], openapi_config=None)
