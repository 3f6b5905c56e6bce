"""What people write in a form of its own: e-mail addresses, phone numbers, ID card numbers, links.

Each function takes what was typed (trimmed, full-width characters made narrow) and gives the one way in which it is
stored, so that equal things are equal; None where it is no such thing. Python's ``re`` serves, as none of these
patterns can be tried in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1
URL_LENGTH = 2_000

_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_DOMAIN_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_MAINLAND = re.compile(r"1[3-9][0-9]{9}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: at most 15 digits
_URL = re.compile(r"https?://([^/?#:@\\]+)(?::([0-9]{1,5}))?(?:[/?#][^\\]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")  # 91: permanent residents from abroad
EARLIEST_BIRTH = date(1900, 1, 1)


def narrow(typed: str) -> str:
    """Trimmed, with full-width letters, digits and marks as people of a Chinese keyboard type them made narrow."""
    return (typed if typed.isascii() else unicodedata.normalize("NFKC", typed)).strip()


def email(text: str) -> str | None:
    """Lower-case, so that one address is one. A Chinese full stop in the domain is understood as a dot."""
    local, at, domain = text.rpartition("@")
    domain = domain.replace("。", ".").lower()
    labels = domain.split(".")
    if not at or len(text) > EMAIL_LENGTH or len(labels) < 2 or local[:1] == "." or local[-1:] == "." or ".." in local:
        return None
    if not _LOCAL.fullmatch(local) or not all(map(_DOMAIN_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        return None
    return f"{local.lower()}@{domain}"


def mobile(text: str, international: bool) -> str | None:
    """``+8613800138000``. Numbers without a country are of mainland China. Numbers of other countries are held to the
    shape of E.164 only: which of them exist changes monthly and is no matter of ours."""
    digits = re.sub(r"[\s()./‐-―-]", "", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("86") and len(digits) == 13:
        digits = f"+{digits}"
    if not digits.startswith("+"):
        digits = f"+86{digits}"
    if digits.startswith("+86"):
        return digits if _MAINLAND.fullmatch(digits[3:]) else None
    return digits if international and _INTERNATIONAL.fullmatch(digits) else None


def id_card(text: str, old: bool, today: date | None) -> str | None:
    """18 characters of GB 11643-1999: region, date of birth, order, and the check character of ISO 7064 MOD 11-2.

    With ``old``, a number of 15 digits is taken as well, and completed to 18. Born after ``today`` is no birth date.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    if not (number[:-1].isdecimal() and number.isascii()):
        return None
    if len(number) == 15 and old and number.isdecimal():
        number = f"{number[:6]}19{number[6:]}"
        number += _check_character(number)
    if len(number) != 18 or not _REGION.match(number) or number[17] != _check_character(number[:17]):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return number if born >= EARLIEST_BIRTH and (today is None or born <= today) else None


def _check_character(first_17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def url(text: str) -> str | None:
    """http and https alone, with a host and without credentials; ``example.com/page`` gets https."""
    if any(each.isspace() or not each.isprintable() for each in text) or len(text) > URL_LENGTH:
        return None
    if not text.lower().startswith(("http://", "https://")):
        if _SCHEME.match(text) and not re.match(r"[^/:]+\.[^/:]+:[0-9]+(?:/|$)", text):
            return None
        text = f"https://{text}"
    found = _URL.fullmatch(text)
    if found is None:
        return None
    labels = found[1].rstrip(".").split(".")
    named = len(labels) > 1 and all(map(_DOMAIN_LABEL.fullmatch, labels))
    return text if named and 0 < int(found[2] or 80) < 65_536 else None
