"""What a request uploads, between the one who reads requests and the use cases."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Upload(msgspec.Struct, weakref=True):
    """A file as it arrived. ``name`` is what the sender says. What came beyond the limit was not kept: ``whole`` is
    false. The file at ``path`` goes when nobody holds on to this any more; who wants to keep it moves it."""

    field: str
    name: str
    path: Path
    size: int = 0
    whole: bool = True
