"""What people type, compared with what a key accepts: texts after normalisation, numbers within a tolerance.

Full width is folded by NFKC (Unicode Standard Annex 15). Numbers are compared as decimals, so that 0.1 + 0.2 is 0.3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from surveys.exams.items import Accepted, Match, Unit
from surveys.exams.script import simplified
from surveys.text import Text

TEXT_LIMIT = 2_000
"""Characters of a typed answer that are compared; nothing that a key accepts is that long."""

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,30})?(?:\.\d{1,30})?(?:e[+-]?\d{1,2})?)(.*)", re.DOTALL)
_MEANINGFUL = frozenset("#%&@*/\\")  # marks without which C# is C and 1/2 is 12
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-"})
_SLACK = Decimal("1e-9")  # for figures such as 0.333333333 and for factors of units


def same_text(typed: str, accepted: str, match: Match) -> bool:
    """Whether two texts are the same to ``match``."""
    return normal(typed, match) == _normal_key(accepted, match) != ""


def normal(text: str, match: Match) -> str:
    """A text as it is compared. Decimal points and the minus sign of a number are no punctuation."""
    text = text[:TEXT_LIMIT].strip()
    if match.width:
        text = unicodedata.normalize("NFKC", text)
    if match.script:
        text = simplified(text)
    if match.case:
        text = text.casefold()
    if match.punctuation:
        text = "".join(each for at, each in enumerate(text) if not _is_mark(text, at))
    return re.sub(r"\s+", "", text) if match.spaces else text.strip()


_normal_key = lru_cache(4096)(lambda text, match: normal(text, match))


def _is_mark(text: str, at: int) -> bool:
    character = text[at]
    if character in _MEANINGFUL or not unicodedata.category(character).startswith("P"):
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if character == "." and before.isdigit() and after.isdigit():
        return False
    return not (character == "-" and after.isdigit() and not before.isalnum())


def number(text: str) -> tuple[Decimal, str] | None:
    """The number that a text begins with and what follows: ``"1,200 分钟"`` is 1200 and ``分钟``; None without one."""
    text = unicodedata.normalize("NFKC", text[:TEXT_LIMIT]).translate(_MINUS).strip().casefold()
    found = _NUMBER.match(text)
    if found is None or not any(each.isdigit() for each in found[1]):
        return None
    return Decimal(found[1].replace(",", "")), found[2].strip()


def is_near(value: Decimal, accepted: Accepted) -> bool:
    """Whether a number is within the tolerance, both ends included."""
    if accepted.number is None:
        return False
    wanted = Decimal(str(accepted.number))
    return abs(value - wanted) <= Decimal(str(accepted.tolerance)) + abs(wanted) * _SLACK


def share_of_text(typed: str, accepted: Iterable[Accepted], match: Match, unit: Text | None = None) -> Fraction:
    """The best share among the texts and numbers that a typed answer equals; 0 where it equals none."""
    return max((fraction(each.share) for each in _accepting(typed, accepted, match, unit)), default=Fraction(0))


def said_by(typed: object, accepted: Iterable[Accepted], match: Match | None, unit: Text | None = None) -> list[Text]:
    """The feedback of what a typed answer equals. ``match`` None: of numbers only."""
    return [each.feedback for each in _accepting(typed, accepted, match, unit)] if isinstance(typed, str) else []


def _accepting(typed: str, accepted: Iterable[Accepted], match: Match | None, unit: Text | None) -> Iterator[Accepted]:
    found = number(typed)
    figure = found[0] if found is not None and (not found[1] or says_unit(found[1], unit or {})) else None
    for each in accepted:
        if each.number is not None:
            if figure is not None and is_near(figure, each):
                yield each
        elif match is not None and same_text(typed, each.text, match):
            yield each


def in_unit(typed: str, chosen: str | None, unit: Text, units: Collection[Unit], base: str) -> Decimal | None:
    """A typed number in the item's own unit; None where there is no number or its unit is none of the item's.

    ``chosen``: code of the unit that was chosen, where there is a choice. A unit written behind the number counts
    before it.
    """
    found = number(typed)
    if found is None:
        return None
    value, written = found
    if written:
        if says_unit(written, unit):
            return value
        other = next((each for each in units if says_unit(written, each.label)), None)
    elif not units or chosen == base:
        return value
    else:
        other = next((each for each in units if each.code == chosen), None)
    return None if other is None else value * Decimal(str(other.factor))


def says_unit(written: str, unit: Mapping[str, str]) -> bool:
    wanted = written.casefold()
    return any(unicodedata.normalize("NFKC", each).strip().casefold() == wanted for each in unit.values())


@lru_cache(4096)
def fraction(share: float) -> Fraction:
    """A share as people mean it: 0.33333 is a third."""
    return Fraction(share).limit_denominator(10_000)
