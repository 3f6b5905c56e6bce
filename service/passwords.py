"""Passwords: argon2id off the event loop, and what a new one must be."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import Busy

PASSWORD_LENGTH = (12, 128)

# argon2id, more than OWASP's minimum (46 MiB, 1 pass). One lane and one at a time: whoever floods the sign-in gets one
# core, and participants keep the other.
_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
_hashing = ThreadPoolExecutor(1, "argon2")
_LONGEST_QUEUE = 100


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
    mailbox, _, domain = email.lower().partition("@")
    rest = plain
    for word in (*_COMMON, mailbox, domain.partition(".")[0], name.lower()):
        rest = rest.replace(word, "") if len(word) > 3 else rest
    if len(rest) < 6 or len(set(plain)) < 5:
        return "account.password_common"
    return None


def random_password() -> str:
    """For accounts that somebody else makes: 99 bits in four groups, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


async def hashed(password: str) -> str:
    """Raises Busy where too many wait."""
    return await _in_turn(partial(_hasher.hash, _normal(password)))


async def verified(stored: str, password: str) -> bool:
    """Whether it is the password. ``stored`` may be empty (no such account): that takes as long and is never right.

    Raises Busy where too many wait.
    """
    return await _in_turn(partial(_verify, stored, _normal(password)))


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


T = TypeVar("T")


async def _in_turn(work: Callable[[], T]) -> T:
    if _hashing._work_queue.qsize() >= _LONGEST_QUEUE:
        raise Busy
    return await asyncio.get_running_loop().run_in_executor(_hashing, work)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _verify(stored: str, password: str) -> bool:
    somebody = _nobody()
    try:
        return _hasher.verify(stored or somebody, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """The hash against which a password for an unknown address is verified."""
    return _hasher.hash("nobody")
