"""What several pages of marking show alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request

from service.access import visitor_of
from surveys.text import pick


def shown(request: Request) -> dict[str, Any]:
    """``say`` picks the wording in the reader's language, ``local`` shows a time in the service's zone to the second,
    ``points`` writes hundredths as people do."""
    language, zone = visitor_of(request).language, ZoneInfo(request.app.state.settings.time_zone)

    def say(text: Mapping[str, str]) -> str:
        return pick(text, language)

    return {
        "say": say,
        "local": lambda moment: f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        "points": lambda hundredths: f"{hundredths / 100:g}",
    }
