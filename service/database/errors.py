"""What can go wrong in a database, in one vocabulary for both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg


class DatabaseError(Exception):
    """Anything the database refused."""


class Unavailable(DatabaseError):
    """The database is away, full or too slow. The shell answers 503 with ``Retry-After``."""

    retry_after = 2  # seconds


class Busy(Unavailable):
    """More writes wait than the service is willing to hold."""


class Conflict(DatabaseError):
    """A unique constraint: the row is there already."""


_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_NOMEM,
}
_SQLITE_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_POSTGRES_AWAY = (
    ConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
)


@contextmanager
def translated() -> Iterator[None]:
    """Raises ``Unavailable`` or ``Conflict`` for the engines' own errors; lets everything else through."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code in _SQLITE_UNIQUE:
            raise Conflict(str(error)) from error
        if code & 0xFF in _SQLITE_AWAY:
            raise Unavailable(str(error)) from error
        raise
    except asyncpg.UniqueViolationError as error:
        raise Conflict(str(error)) from error
    except _POSTGRES_AWAY as error:
        raise Unavailable(str(error)) from error
