"""Traditional characters as simplified ones, so that 客戶投訴 equals 客户投诉."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


def simplified(text: str) -> str:
    """The text in simplified characters, by the tables of OpenCC."""
    return _converter().convert(text) if not text.isascii() else text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")  # reads its tables, so only where somebody asked for them
