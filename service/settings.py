"""Settings: one frozen Struct from the environment (``WENHENG_*``), each explained in docs/operations.md."""

from __future__ import annotations

import contextlib
import os
import secrets
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
    time_zone: str = "Asia/Shanghai"
    """IANA name of the zone in which windows of waves are typed and shown; everything is stored in UTC."""
    session_hours: int = 12
    upload_limit: int = 10_000_000
    """Bytes of an uploaded roster, questionnaire or response file, and of a participant's file."""
    files_per_run: int = 50_000_000
    """Bytes that the files of one response may have together."""
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-* headers are believed, separated by commas."""
    log_level: str = "info"
    log_format: str = "json"
    """json or console."""
    submissions_per_network: int = 2_000
    """Submissions an hour that a public link takes from one network: a factory passes, a script does not."""
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

    def secret(self) -> str:
        """``secret_key``, else the one in ``data``/secret-key, made at first use for its owner's eyes only."""
        if self.secret_key:
            return self.secret_key
        path = self.data / "secret-key"
        self.data.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another process was first: take what it made
            made = path.with_name(f"secret-key.{os.getpid()}")
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(32))
            try:
                os.link(made, path)
            finally:
                made.unlink()
        return path.read_text()
