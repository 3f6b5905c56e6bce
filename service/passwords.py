"""Passwords: argon2id off the event loop, and what a new one must be."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_LENGTH = (12, 128)

_hasher = PasswordHasher()  # argon2id, RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes
_hashing = asyncio.Semaphore(2)  # each hash holds 64 MiB: a burst of sign-ins must not take the machine down


# Chosen most often by people who must have twelve characters.
_COMMON = ("password", "123456", "qwerty", "abcdef", "111111", "000000", "888888", "letmein", "iloveyou", "woaini")


def problem(password: str, email: str = "", name: str = "") -> str | None:
    """The key of what is wrong with a new password, or None. Length, no composition rules (ASVS 5.0, 6.2)."""
    shortest, longest = PASSWORD_LENGTH
    if len(password) < shortest:
        return "account.password_short"
    if len(password) > longest:
        return "account.password_long"
    plain = password.lower()
    own = {part for part in (*email.lower().split("@"), name.lower()) if len(part) > 3}
    rest = plain
    for word in (*_COMMON, *own):
        rest = rest.replace(word, "")
    if len(rest) < 6 or len(set(plain)) < 5:
        return "account.password_common"
    return None


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def random_password() -> str:
    """For accounts that somebody else makes: 96 bits in four groups, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


async def hashed(password: str) -> str:
    async with _hashing:
        return await asyncio.to_thread(_hasher.hash, _normal(password))


async def verified(stored: str, password: str) -> bool:
    """Off the event loop. ``stored`` may be empty (no such account): that takes as long and is never right."""
    async with _hashing:
        return await asyncio.to_thread(_verify, stored, _normal(password))


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


_nobodys_hash = ""


def _nobody() -> str:
    """The hash against which a password for an unknown address is verified, so that it takes as long."""
    global _nobodys_hash
    _nobodys_hash = _nobodys_hash or _hasher.hash("nobody")
    return _nobodys_hash
