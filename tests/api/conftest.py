from tests.pages.conftest import app

__all__ = ["app"]
