"""What the text form leaves unsaid: names, languages and codes that both sides work out alike."""

from __future__ import annotations

from hashlib import sha256

from surveys.text import DEFAULT_LANGUAGE, LANGUAGES, Text


def languages_in(title: Text) -> tuple[str, ...]:
    """The languages meant where none are named: Chinese, and English where the title has it."""
    return LANGUAGES if "en" in title else (DEFAULT_LANGUAGE,)


def default_name(title: Text) -> str:
    """A name for a questionnaire that has none: its English title, else a fingerprint of its title."""
    words = "".join(each if each.isascii() and each.isalnum() else " " for each in title.get("en", "").lower()).split()
    name = "-".join(words)[:60].strip("-")
    if name and name[0].isalpha():
        return name
    return "survey-" + sha256(repr(sorted(title.items())).encode("utf-8", "replace")).hexdigest()[:8]


def letter(index: int) -> str:
    """The code of the option at a place: a … z, aa, ab …"""
    text = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        text = chr(ord("a") + rest) + text
        index -= 1
    return text
