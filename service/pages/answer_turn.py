"""A posted page, from its form to what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from service.actions import answering, files
from service.actions.answering import Sitting, Turn
from service.actions.desk import Desk, Seat
from service.database import Busy, Unavailable
from service.errors import TooManyAttempts
from service.i18n import known
from service.uploads import Upload
from surveys.answers import PageRead
from surveys.definition import Page


class Taken(msgspec.Struct, frozen=True):
    """What became of a posted page: where it leads, the page as read where it has to be shown again, or why it could
    not be taken now. ``switched``: the language that the sender chose on the page."""

    sitting: Sitting
    page: Page
    form: dict[str, list[str]]
    outcome: Turn | PageRead | Busy | Unavailable | TooManyAttempts
    switched: str | None = None


async def take(
    at: Desk,
    seat: Seat,
    page: Page,
    form: dict[str, list[str]],
    uploads: Sequence[Upload],
    *,
    language: str,
    network: str,
) -> Taken:
    """Reads and saves the page, and submits after the last one."""
    switched = known(form["_language"][0]) if "_language" in form else None
    leave = "stay" if switched else next((way for way in ("back", "more") if f"_{way}" in form), "")
    language = switched or language
    sitting = None
    outcome: Turn | PageRead | Busy | Unavailable | TooManyAttempts
    try:
        sitting = await answering.sit_to_post(at, seat, language)
        form = await files.settled(at, seat, page.questions, form, uploads)
        outcome = await answering.post(sitting, page, form, network=network, leave=leave)
    except (Busy, Unavailable, TooManyAttempts) as refusal:
        outcome = refusal
    sitting = sitting or answering.sitting(at, seat, language, answering.Draft())
    return Taken(sitting, page, form, outcome, switched)
