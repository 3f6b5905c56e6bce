"""Certificates: serial numbers with a check digit, how long they hold, and what anybody may learn of whom."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Literal

Standing = Literal["valid", "expired", "revoked"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read as something else
_LENGTH = 12
_MISREAD = str.maketrans("OIL", "011")
_GROUPS = re.compile(r"(.{4})(.{4})(.{4})(.)")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")


def new_serial(choose: Callable[[str], str]) -> str:
    """``7K3M-9QRT-2F4H-T``: 60 random bits, so that nobody finds others by counting, and a check digit.

    ``choose`` picks one character of a text, as ``secrets.choice`` does.
    """
    while True:
        body = "".join(choose(_DIGITS) for _ in range(_LENGTH))
        if check_digit(body) in _DIGITS:
            return _written(body)


def _written(body: str) -> str:
    return "-".join(_GROUPS.fullmatch(body + check_digit(body)).groups())  # type: ignore[union-attr]


def check_digit(body: str) -> str:
    """ISO/IEC 7064 MOD 37,36: finds every single wrong character and nearly every transposition of two neighbours."""
    product = 36
    for character in body:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def normal_serial(typed: str) -> str | None:
    """The serial number as it is stored, of one typed by somebody: any case, with or without hyphens and spaces, O for
    0, I and L for 1. None where it cannot be one."""
    bare = re.sub(r"[\s\-–—－]", "", typed[:60]).upper()
    if len(bare) != _LENGTH + 1 or not bare.isascii() or not bare.isalnum():
        return None
    body = bare[:_LENGTH].translate(_MISREAD)
    if any(character not in _DIGITS for character in body):
        return None
    written = _written(body)
    return written if written[-1] == bare[-1].translate(_MISREAD) else None


def initials(name: str) -> str:
    """As much of a name as a stranger may confirm: ``王小明`` → ``王＊＊``, ``Anna Weber`` → ``A. W.``."""
    name = " ".join(name.split())
    if not name:
        return "＊"
    if _CHINESE.match(name):
        return name[0] + "＊" * max(1, min(len(name.replace(" ", "")) - 1, 3))
    return " ".join(f"{part[0].upper()}." for part in name.split()[:4])


def valid_until(issued_on: date, months: int) -> date | None:
    """The last day on which it holds: so many months later, at most the month's last day; None for ever."""
    if months <= 0:
        return None
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def standing(valid_until: date | None, revoked: bool, today: date) -> Standing:
    if revoked:
        return "revoked"
    return "expired" if valid_until is not None and today > valid_until else "valid"
