"""Link codes: what a participant types becomes a code by a secret that the database does not hold."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from surveys.questions import LinkCode, Question


def blinded(
    secret: str, programme: UUID, questions: Iterable[Question], form: dict[str, list[str]], *, half: bool = False
) -> dict[str, list[str]]:
    """The form with the code of every ``link_code`` question in the place of its parts, which go no further.

    What is typed wins over a code that is there already; half of it makes none, and is a fault unless it is saved
    while somebody types (``half``). A programme's codes fit
    no other programme's, so that nobody can be followed from one to the next.
    """
    for question in questions:
        if not isinstance(question, LinkCode):
            continue
        typed = question.typed(form)
        if typed is None:
            form = question.settled(form, "", fault=False)
        elif all(typed):
            form = question.settled(form, code_of(secret, programme, typed), fault=False)
        else:
            form = question.settled({**form, question.code: []}, "", fault=not half)
    return form


def code_of(secret: str, programme: UUID, parts: Iterable[str]) -> str:
    """32 hex digits: HMAC-SHA256 by the service's secret key, of the programme and the parts."""
    told = "\x1f".join(["link code", str(programme), *parts])
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()[:32]
