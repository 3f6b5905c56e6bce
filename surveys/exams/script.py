"""Traditional characters as simplified ones, so that 客戶投訴 equals 客户投诉."""

from __future__ import annotations

from functools import cache


def simplified(text: str) -> str:
    """The text in simplified characters, word by word as OpenCC (Apache-2.0) knows them."""
    return str(_converter().convert(text)) if not text.isascii() else text


@cache
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC  # its tables are read once, and only where somebody asked for them

    return OpenCC("t2s")
