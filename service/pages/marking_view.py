"""What several pages of marking show alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request

from service.access import visitor_of
from service.actions.appeals import Case, Moment
from surveys.exams.items import AnyItem
from surveys.exams.wording import answer_in_words, key_in_words
from surveys.text import pick

KINDS = (
    "started", "saved", "late", "stale", "left", "returned", "reconnected", "taken_over", "submitted", "expired",
    "marked",
)  # fmt: skip
"""Events that have a wording of their own."""


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


def case_shown(request: Request, case: Case) -> dict[str, Any]:
    """What the page of an appeal says in words: answer, key, and of each moment what came with it."""
    language, translate = visitor_of(request).language, request.app.state.catalogue.translate
    item = case.item.item

    def detail(moment: Moment) -> str:
        said = [
            translate(language, f"marking.detail.{name}", value=moment.detail[name])
            for name in ("number", "seconds", "reason", "flagged")
            if moment.detail.get(name)
        ]
        if moment.kind == "marked":
            role = translate(language, f"marking.role.{moment.detail['role']}")
            return f"{role} {moment.detail['points'] / 100:g}"
        if moment.number == case.asked.number and isinstance(moment.detail.get("response"), dict):
            said.append(_in_a_line(item, moment.detail["response"], language) or translate(language, "marking.blank"))
        return " · ".join(said)

    return {
        "kinds": KINDS,
        "detail": detail,
        "answered": answer_in_words(item, case.answer.response if case.answer else {}, language),
        "right": key_in_words(item, language),
    }


def _in_a_line(item: AnyItem, response: dict[str, Any], language: str) -> str:
    return "；".join(f"{label} {words}".strip() for label, words in answer_in_words(item, response, language) if words)
