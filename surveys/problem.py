"""Errors as values: what the core says is wrong, where, in the reader's language."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from surveys.messages import MESSAGES
from surveys.text import Text, pick

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. ``place`` is a path such as ``pages.1.questions.3.visible_if`` or a form field name."""

    code: str
    place: str
    message: Text
    severity: Severity = "error"
    line: int | None = None

    def say(self, language: str) -> str:
        return pick(self.message, language)


def problem(
    code: str, place: str, /, *, severity: Severity = "error", line: int | None = None, **figures: Any
) -> Problem:
    """The problem ``code`` of ``surveys.messages``, its wording completed with ``figures``."""
    message = {language: wording.format(**figures) for language, wording in MESSAGES[code].items()}
    return Problem(code=code, place=place, message=message, severity=severity, line=line)


def has_errors(problems: list[Problem]) -> bool:
    return any(each.severity == "error" for each in problems)
