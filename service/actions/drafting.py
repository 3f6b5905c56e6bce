"""The form of a wave that is being drafted: read, checked, filled in again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service.store.people import SIDES
from service.store.waves import ANONYMITIES, ROLES, Anonymity, Audience, Role, Wave

MINIMUM_GROUP = 5
MINIMUM_COMMENTS = 10

Errors = dict[str, str]
"""Form field to the key of what is wrong with it."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead chooses about a wave. Times are UTC."""

    version: UUID
    title: str
    role: Role
    anonymity: Anonymity
    audience: Audience = Audience()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    public_link: bool = False
    personal_links: bool = True
    minimum_group: int = MINIMUM_GROUP
    minimum_comments: int = MINIMUM_COMMENTS


def read_draft(form: Mapping[str, str], many: Mapping[str, Sequence[str]], zone: str) -> tuple[Draft | None, Errors]:
    """The fields of the form; ``many`` holds those that come several times (departments, sides)."""
    errors: Errors = {}
    title = str(form.get("title", "")).strip()
    if not 1 <= len(title) <= 200:
        errors["title"] = "waves.error.title"
    version = _uuid(str(form.get("version", "")))
    if version is None:
        errors["version"] = "waves.error.version"
    role, anonymity = form.get("role", ""), form.get("anonymity", "")
    if role not in ROLES:
        errors["role"] = "waves.error.choose"
    if anonymity not in ANONYMITIES:
        errors["anonymity"] = "waves.error.choose"
    opens_at, closes_at = (_utc(str(form.get(name, "")), zone, name, errors) for name in ("opens_at", "closes_at"))
    if opens_at and closes_at and closes_at <= opens_at:
        errors["closes_at"] = "waves.error.window"
    if not form.get("public_link") and not form.get("personal_links"):
        errors["links"] = "waves.error.links"
    group = _at_least(form.get("minimum_group", ""), MINIMUM_GROUP, "minimum_group", errors)
    comments = _at_least(form.get("minimum_comments", ""), MINIMUM_COMMENTS, "minimum_comments", errors)
    if errors or version is None:
        return None, errors
    return Draft(
        version=version, title=title, role=role, anonymity=anonymity, opens_at=opens_at, closes_at=closes_at,  # type: ignore[arg-type]
        public_link=bool(form.get("public_link")), personal_links=bool(form.get("personal_links")),
        minimum_group=group, minimum_comments=comments, audience=read_audience(form, many),
    ), {}  # fmt: skip


def read_audience(form: Mapping[str, str], many: Mapping[str, Sequence[str]]) -> Audience:
    return Audience(
        departments=tuple(many.get("departments", ())),
        sides=tuple(side for side in many.get("sides", ()) if side in SIDES),
        people=tuple(re.split(r"[\s,;，；、]+", str(form.get("people", "")).strip())) if form.get("people") else (),
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _utc(typed: str, zone: str, field: str, errors: Errors) -> datetime | None:
    """What a datetime-local field holds, said in ``zone``."""
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        errors[field] = "waves.error.time"
        return None


def _at_least(typed: str, lowest: int, field: str, errors: Errors) -> int:
    """Thresholds may be raised, never lowered below what the methods promise."""
    if not str(typed).strip():
        return lowest
    if not re.fullmatch(r"[0-9]{1,3}", str(typed).strip()) or int(typed) < lowest:
        errors[field] = "waves.error." + field
        return lowest
    return int(typed)


def as_form(wave: Wave, zone: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The form that ``read_draft`` reads, filled in."""

    def local(moment: datetime | None) -> str:
        return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"

    typed = {
        "title": wave.title, "version": str(wave.version), "role": wave.role, "anonymity": wave.anonymity,
        "minimum_group": str(wave.minimum_group), "minimum_comments": str(wave.minimum_comments),
        "opens_at": local(wave.opens_at), "closes_at": local(wave.closes_at),
        "people": ", ".join(wave.audience.people), "personal_links": "1" if wave.personal_links else "",
        "public_link": "1" if wave.public_token else "",
    }  # fmt: skip
    return typed, {"departments": list(wave.audience.departments), "sides": list(wave.audience.sides)}
