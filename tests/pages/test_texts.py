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


@pytest.mark.parametrize("key", CATALOGUE.texts)
def test_a_text_is_there_in_every_language_with_the_same_blanks(key: str) -> None:
    wordings = CATALOGUE.texts[key]
    assert {language for language in wordings if not language.endswith(ONE)} == set(LANGUAGES)
    blanks = {language: _blanks(wording) for language, wording in wordings.items()}
    assert all(names == blanks["zh-CN"] for language, names in blanks.items() if not language.endswith(ONE))
    assert all(wording.strip() for wording in wordings.values())


def _blanks(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name}


@pytest.mark.parametrize("key", CATALOGUE.texts)
def test_a_text_is_used(key: str) -> None:
    assert key in LITERALS or key.startswith((*PREFIXES, *BUILT)), "no template or handler uses it"


@pytest.mark.parametrize("key", sorted(set(re.findall(r"""\bt\(["']([\w.-]+)["'][,)]""", SOURCES))))
def test_a_text_that_is_used_is_there(key: str) -> None:
    assert key in CATALOGUE.texts


def test_one_of_something_has_its_own_wording() -> None:
    catalogue = Catalogue()
    catalogue.texts["x"] = {"zh-CN": "{n} 份", "en": "{n} responses", "en-one": "one response"}
    assert [catalogue.translate("en", "x", n=n) for n in (1, 2)] == ["one response", "2 responses"]
    assert catalogue.translate("zh-CN", "x", n=1) == "1 份"
