"""Answers that only one response of a wave may give: a number on a form, an e-mail address.

The constraint in the submit's transaction decides; looking before tells people on the page where they typed it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from service.database import Database
from service.store import responses
from surveys.answers import Errors, Record
from surveys.definition import Question
from surveys.problem import problem


def hashes(questions: Iterable[Question], record: Record) -> dict[str, str]:
    """Question to the hash of its answer, for those that are to be unique and are answered. Case, width and blanks make
    no other answer."""
    return {
        question.code: _hash(str(record.answers[question.code]))
        for question in questions
        if getattr(question, "unique", False) and question.code in record.answers
    }


async def taken(database: Database, wave: UUID, questions: Iterable[Question], record: Record) -> Errors:
    """An error at each field whose answer some response has given before. No query where nothing is to be unique."""
    found = await responses.taken(database, wave, hashes(questions, record))
    return {code: problem("taken", code) for code in sorted(found)}


def _hash(answer: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", answer).casefold().split())
    return sha256(plain.encode()).hexdigest()
