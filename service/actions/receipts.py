"""Receipt codes: short enough to copy by hand, and a slip of the pen is noticed.

Crockford's base 32 without Z, which handwriting turns into 2: 31 symbols, a prime number, so that one check symbol
after eleven random ones (54 bits) tells every single slip and every swap of neighbours. Written ``XXXX-XXXX-XXXX``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXY"  # no I, L, O, U, Z
RECEIPT_LENGTH = 14
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2"})


def new_receipt() -> str:
    body = "".join(secrets.choice(SYMBOLS) for _ in range(11))
    return _written(body + _check(body))


def derived_receipt(secret_key: str, subject: str) -> str:
    """The code that the server can make again of a subject: nothing has to be stored for it."""
    number = int.from_bytes(hmac.new(secret_key.encode(), subject.encode(), hashlib.sha256).digest(), "big")
    body = ""
    for _ in range(11):
        number, symbol = divmod(number, len(SYMBOLS))
        body += SYMBOLS[symbol]
    return _written(body + _check(body))


def read_receipt(text: str) -> str | None:
    """The code as typed by a person, in its one spelling; None where it cannot be a code."""
    symbols = "".join(character for character in text.upper() if character.isascii() and character.isalnum())
    symbols = symbols.translate(_LOOKALIKES)
    if len(symbols) != 12 or any(symbol not in SYMBOLS for symbol in symbols) or _check(symbols[:11]) != symbols[11]:
        return None
    return _written(symbols)


def _check(body: str) -> str:
    return SYMBOLS[sum(place * SYMBOLS.index(symbol) for place, symbol in enumerate(body, start=1)) % len(SYMBOLS)]


def _written(symbols: str) -> str:
    return "-".join(symbols[start : start + 4] for start in (0, 4, 8))
