"""Identifiers and secrets: UUID v7 keys, unguessable tokens, their hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A UUID v7: keys rise with time, so that indexes stay compact."""
    return uuid_utils.compat.uuid7()


def random_id() -> uuid.UUID:
    """A UUID v4 for rows that must not tell when they were made (anonymous responses)."""
    return uuid.uuid4()


def new_token() -> str:
    """192 random bits, URL-safe, 32 characters."""
    return secrets.token_urlsafe(24)


def derived_token(secret_key: str, *parts: str) -> str:
    """A token that the server can make again from its secret key and is stored nowhere. 192 bits, 32 characters."""
    digest = hmac.new(secret_key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def token_hash(token: str) -> str:
    """What the database holds of a token: SHA-256, hex. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
