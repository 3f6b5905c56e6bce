"""Interface texts: both languages, used, and there when used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from service.i18n import ONE, Catalogue
from surveys.text import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = Catalogue()
SOURCES = "\n".join(
    path.read_text("utf-8")
    for folder, pattern in (("service", "*.py"), ("web/templates", "*.html"))
    for path in sorted((ROOT / folder).rglob(pattern))
)
AREAS = sorted({key.partition(".")[0] for key in CATALOGUE.texts})
LITERALS = set(re.findall(rf"""["']((?:{"|".join(AREAS)})\.[\w.-]*)["']""", SOURCES))
PREFIXES = tuple(literal for literal in LITERALS if literal.endswith("."))
BUILT = set(re.findall(rf"""f["']((?:{"|".join(AREAS)})\.[\w.-]*)\{{""", SOURCES))


def texts(area: str) -> dict[str, dict[str, str]]:
    """Those of an area by key. A test for each of several thousand texts would cost more than it tests."""
    return {key: wordings for key, wordings in CATALOGUE.texts.items() if key.partition(".")[0] == area}


@pytest.mark.parametrize("area", AREAS)
def test_a_text_is_there_in_every_language_with_the_same_blanks(area: str) -> None:
    for key, wordings in texts(area).items():
        assert {language for language in wordings if not language.endswith(ONE)} == set(LANGUAGES), key
        blanks = {language: _blanks(wording) for language, wording in wordings.items()}
        assert all(names == blanks["zh-CN"] for language, names in blanks.items() if not language.endswith(ONE)), key
        assert all(wording.strip() for wording in wordings.values()), key


def _blanks(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name}


@pytest.mark.parametrize("area", AREAS)
def test_a_text_is_used(area: str) -> None:
    unused = [key for key in texts(area) if key not in LITERALS and not key.startswith((*PREFIXES, *BUILT))]
    assert unused == [], "no template or handler uses them"


def test_a_text_that_is_used_is_there() -> None:
    assert set(re.findall(r"""\bt\(["']([\w.-]+)["'][,)]""", SOURCES)) - CATALOGUE.texts.keys() == set()


def test_one_of_something_has_its_own_wording() -> None:
    catalogue = Catalogue()
    catalogue.texts["x"] = {"zh-CN": "{n} 份", "en": "{n} responses", "en-one": "one response"}
    assert [catalogue.translate("en", "x", n=n) for n in (1, 2)] == ["one response", "2 responses"]
    assert catalogue.translate("zh-CN", "x", n=1) == "1 份"
