"""Questions answered in words."""

from __future__ import annotations

from surveys.questions.base import QuestionBase


class ShortText(QuestionBase, frozen=True, kw_only=True, tag="short_text", tag_field="type"):
    """One line. Column: ``q`` (text)."""

    max_length: int = 200


class LongText(QuestionBase, frozen=True, kw_only=True, tag="long_text", tag_field="type"):
    """A paragraph. Column: ``q`` (text)."""

    max_length: int = 20_000
