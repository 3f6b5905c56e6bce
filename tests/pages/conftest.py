from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.types import ASGIApp

from service.app import furnish
from service.database import Database
from service.settings import Settings


@pytest.fixture
async def app(bare: tuple[Litestar, ASGIApp], settings: Settings, database: Database) -> Litestar:
    """The application over the test's database, with its own state. One at a time: ``create_app`` makes others."""
    made, made.asgi_handler = bare
    furnish(made, settings, database)
    return made
