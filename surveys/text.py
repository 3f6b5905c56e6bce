"""Texts in several languages, as questionnaires and findings carry them."""

from __future__ import annotations

from collections.abc import Mapping

Text = dict[str, str]
"""Language tag to wording, e.g. ``{"zh-CN": "处理投诉", "en": "Handle complaints"}``. Plain strings in YAML: zh-CN."""

LANGUAGES = ("zh-CN", "en")
DEFAULT_LANGUAGE = "zh-CN"
LANGUAGE_ALIASES = {"zh": "zh-CN"}  # what authors may write for short


def pick(text: Mapping[str, str], language: str) -> str:
    """The wording in ``language``, else in the default language, else whatever there is, else the empty string."""
    return text.get(language) or text.get(DEFAULT_LANGUAGE) or next(iter(text.values()), "")
