from __future__ import annotations

import pytest
from litestar import Litestar

from service.app import create_app
from service.database import Database
from service.settings import Settings


@pytest.fixture
async def app(settings: Settings, database: Database) -> Litestar:
    """The application over the test's database."""
    return create_app(settings, database)
