"""Everything the shell refuses: one tree of exceptions. ``service/pages/error.py`` turns them into pages in one place.

Raise these from actions and handlers; ``key`` names the text in ``web/locale/error.toml``. A form's mistakes are no
exceptions: they are values that the page shows again at their fields.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ServiceError(Exception):
    """``status`` of the answer; ``key`` of its text, filled with ``parameters``; ``retry_after`` in seconds or None."""

    status: ClassVar[int] = 500
    key: ClassVar[str] = "error.fault"

    def __init__(self, *, key: str | None = None, retry_after: int | None = None, **parameters: Any) -> None:
        self.text_key = key or self.key
        self.retry_after = retry_after
        self.parameters = parameters
        super().__init__(self.text_key)


class Malformed(ServiceError):
    """The request cannot be read: not a mistake that a form could show."""

    status = 400
    key = "error.malformed"


class SignInNeeded(ServiceError):
    status = 401
    key = "error.sign_in_needed"


class CrossSite(ServiceError):
    """An unsafe request that did not come from our own pages."""

    status = 403
    key = "error.cross_site"


class NotFound(ServiceError):
    """Neither there nor to be told apart from what one may not see."""

    status = 404
    key = "error.not_found"


class Conflict(ServiceError):
    """Somebody else changed it first, or its state no longer allows this."""

    status = 409
    key = "error.conflict"


class TooLarge(ServiceError):
    status = 413
    key = "error.too_large"


class Unusable(ServiceError):
    """Understood, but the values cannot be used (JSON API; pages show the form again)."""

    status = 422
    key = "error.unusable"


class TooManyAttempts(ServiceError):
    status = 429
    key = "error.too_many_attempts"


class Busy(ServiceError):
    """The database is away or the queue of the writer is full; asking again helps."""

    status = 503
    key = "error.busy"

    def __init__(self, *, key: str | None = None, retry_after: int | None = 5, **parameters: Any) -> None:
        super().__init__(key=key, retry_after=retry_after, **parameters)
