"""Interface texts: ``web/locale/<area>.toml`` holds both languages, pages use them as ``t(key, n=3)``.

A text is written for ``str.format``; ``en-one`` beside ``en`` is the wording where ``n`` is 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.text import DEFAULT_LANGUAGE, LANGUAGES

LOCALE = Path(__file__).resolve().parent.parent / "web" / "locale"
ONE = "-one"

Translate = Callable[..., str]


def _leaves(prefix: str, table: dict[str, Any]) -> Iterable[tuple[str, dict[str, str]]]:
    if wordings := {key: value for key, value in table.items() if isinstance(value, str)}:
        yield prefix, wordings
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(f"{prefix}.{key}", value)


class Catalogue:
    """All interface texts: ``texts[key][language]``."""

    def __init__(self, folder: Path = LOCALE) -> None:
        self.texts: dict[str, dict[str, str]] = {}
        for path in sorted(folder.glob("*.toml")):
            self.texts.update(_leaves(path.stem, tomllib.loads(path.read_text("utf-8"))))

    def translate(self, language: str, key: str, /, **parameters: Any) -> str:
        """The wording of ``key``. Raises KeyError for a key that no file holds."""
        wordings = self.texts[key]
        wording = wordings.get(language + ONE) if parameters.get("n") == 1 else None
        wording = wording or wordings.get(language) or wordings[DEFAULT_LANGUAGE]
        return wording.format(**parameters) if parameters else wording

    def bound(self, language: str) -> Translate:
        """``t`` for one language."""

        def t(key: str, /, **parameters: Any) -> str:
            return self.translate(language, key, **parameters)

        return t


def known(language: str | None) -> str | None:
    """The language of ours that a tag means: ``zh-Hans-CN`` and ``zh`` are zh-CN, ``en-GB`` is en; else None."""
    primary = (language or "").strip().lower().partition("-")[0]
    return next((ours for ours in LANGUAGES if ours.lower().partition("-")[0] == primary), None) if primary else None


@lru_cache(maxsize=512)
def accepted(header: str) -> str | None:
    """The first of our languages in an Accept-Language header, by its q values."""
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, parameter = part.partition(";")
        quality = parameter.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if weight > 0 and (language := known(tag)):
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else None
