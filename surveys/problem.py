"""Errors as values: what the core says is wrong, where, in the reader's language."""

from __future__ import annotations

from typing import Literal

import msgspec

from surveys.text import Text, pick


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. ``place`` is a path such as ``pages.2.questions.a3.visible_if`` or a form field name."""

    code: str
    place: str
    message: Text
    severity: Literal["error", "warning"] = "error"
    line: int | None = None

    def say(self, language: str) -> str:
        return pick(self.message, language)
