"""Settings: one frozen Struct from the environment (``WENHENG_*``). docs/operations.md explains each; a test says which lack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

PREFIX = "WENHENG_"


class SettingsError(ValueError):
    """A setting in the environment cannot be used."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    data: Path = Path("var")
    """Folder for the SQLite file, the columnar cache and the secret key."""
    database: str = ""
    """postgresql://… ; empty: SQLite in ``data``."""
    secret_key: str = ""
    """Derives personal links; empty: made once and kept in ``data``/secret-key."""
    base_url: str = "http://127.0.0.1:8000"
    """Where people reach the service; links, QR codes and the origin check use it."""
    secure_cookies: bool = False
    """Set behind HTTPS: cookies get Secure and the __Host- prefix."""
    default_language: str = "zh-CN"
    session_hours: int = 12
    upload_limit: int = 10_000_000
    """Bytes of an uploaded roster, questionnaire or response file."""
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-* headers are believed, separated by commas."""
    log_level: str = "info"
    log_format: str = "json"
    """json or console."""
    in_process_worker: bool = True
    """Run background jobs inside the server; False where `wenheng worker` runs beside it."""
    demo: bool = False
    """Shows the demo's sign-in hints on the front page. Never set it in production."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        source = os.environ if environment is None else environment
        hints = get_type_hints(cls)
        given: dict[str, Any] = {}
        for name in cls.__struct_fields__:
            raw = source.get(PREFIX + name.upper())
            if raw is None or raw == "":
                continue
            try:
                given[name] = Path(raw) if hints[name] is Path else msgspec.convert(raw, hints[name], strict=False)
            except msgspec.ValidationError as error:
                raise SettingsError(f"{PREFIX}{name.upper()}={raw!r}: {error}") from None
        return cls(**{**given, **overrides})
