"""Settings come from the environment, are explained, and are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import PREFIX, Settings, SettingsError

OPERATIONS = (Path(__file__).parent.parent / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{PREFIX}{name.upper()}` |" in OPERATIONS


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_a_documented_default_is_the_default(name: str) -> None:
    line = next(line for line in OPERATIONS.splitlines() if line.startswith(f"| `{PREFIX}{name.upper()}` |"))
    said = line.split("|")[2].strip().strip("`")
    default = getattr(Settings(), name)
    shown = {True: "true", False: "false", "": "empty"}.get(default, str(default))
    assert said == shown


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment({"WENHENG_SESSION_HOURS": "3", "WENHENG_SECURE_COOKIES": "true"})
    assert (settings.session_hours, settings.secure_cookies) == (3, True)


def test_a_setting_that_cannot_be_used_is_named() -> None:
    with pytest.raises(SettingsError, match="WENHENG_SESSION_HOURS='soon'"):
        Settings.from_environment({"WENHENG_SESSION_HOURS": "soon"})
