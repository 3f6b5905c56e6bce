"""Who may come into the room of an exam: a personal link, or employee number with password and seat code.

Whoever is let in is known by a ``Ticket``, which their browser keeps in a cookie, signed with the server's secret: it
needs no row and no look-up, and any replica understands it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from typing import Literal
from uuid import UUID

import msgspec

from service import clock, passwords
from service.database import Database, Unavailable
from service.identifiers import derived_token, new_token, token_hash
from service.limits import Limit
from service.store import candidates, exams
from service.store.exams import ExamRecord as ExamRecord
from surveys.exams.definition import Pool

EXAM_SECONDS = 1.0  # how long a change of an exam's window may go unnoticed
EXAMS_KEPT = 256
DEVICE_LENGTH = 16
TRIES = 10  # of one employee number in ten minutes
TRIES_OF_A_NETWORK = 900  # a factory of 300 behind one address, each with two slips of the finger
TRY_SECONDS = 600.0

Mistake = Literal["credentials", "password", "seat", "often"]


class Ticket(msgspec.Struct, frozen=True):
    """What the cookie says. ``device`` is random for each browser. ``admitted``: all that the exam asks for at its
    door was given; False where a link only tells who somebody is, and a password or seat code is still due."""

    exam: UUID
    candidate: UUID
    device: str
    admitted: bool

    def written(self, secret_key: str) -> str:
        return f"{self._said}.{self._signature(secret_key)}"

    @property
    def _said(self) -> str:
        return f"{self.candidate.hex}.{self.device}.{'i' if self.admitted else 'k'}"

    def _signature(self, secret_key: str) -> str:
        return derived_token(secret_key, "sitting", str(self.exam), self._said)


def read_ticket(exam: UUID, cookie: str, secret_key: str) -> Ticket | None:
    """The ticket of a cookie; None where there is none, or one that this server has not signed for this exam."""
    parts = cookie.split(".")
    if len(parts) != 4 or len(parts[0]) != 32 or parts[2] not in ("i", "k"):
        return None
    try:
        ticket = Ticket(exam, UUID(parts[0]), parts[1], parts[2] == "i")
    except ValueError:
        return None
    return ticket if hmac.compare_digest(ticket.written(secret_key).encode(), cookie.encode()) else None


class Hall:
    """One in each process: exams as they were at most a second ago, and how often somebody tried to come in."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._exams: OrderedDict[UUID, tuple[float, ExamRecord | None]] = OrderedDict()
        self._numbers = Limit(TRIES, seconds=TRY_SECONDS)
        self._networks = Limit(TRIES_OF_A_NETWORK, seconds=TRY_SECONDS)
        self._verified: dict[UUID, tuple[str, bytes]] = {}

    async def exam(self, exam: UUID) -> ExamRecord | None:
        """The exam once it is published; while the database is away, as it was last."""
        moment = clock.now().timestamp()
        known = self._exams.get(exam)
        if known is None or not 0 <= moment - known[0] < EXAM_SECONDS:
            if known is not None:
                self._exams[exam] = (moment, known[1])  # one request looks again, the others go on
            try:
                known = (moment, await exams.load(self.database, exam))
            except Unavailable:
                if known is None:
                    raise
            self._exams[exam] = known
            while len(self._exams) > EXAMS_KEPT:
                self._exams.popitem(last=False)
        record = known[1]
        return None if record is None or record.state == "draft" else record

    async def pool(self, exam: ExamRecord) -> Pool:
        return await exams.pool(self.database, exam.id, exam.scoring)

    async def by_link(self, token: str) -> tuple[Ticket, ExamRecord] | None:
        """Behind a personal link; None where nobody has it."""
        candidate = await candidates.by_token_hash(self.database, token_hash(token))
        exam = await self.exam(candidate.exam) if candidate else None
        if candidate is None or exam is None:
            return None
        return Ticket(exam.id, candidate.id, new_token()[:DEVICE_LENGTH], not asks(exam)), exam

    async def by_form(
        self, exam: ExamRecord, known: Ticket | None, number: str, password: str, seat: str, network: str
    ) -> Ticket | Mistake:
        """At the common door, or after a link that says who somebody is. Raises Busy where too many try at once.

        A number that is not on the list and a wrong password are the same mistake, and take the same time.
        """
        subject = str(known.candidate) if known else number.casefold()
        if not self._networks.admits(network) or not self._numbers.admits(f"{exam.id} {subject}"):
            return "often"
        sitting = exam.definition.sitting
        if known is None and not asks(exam):
            return "credentials"  # a number alone is no proof
        right = not sitting.password or await self._verify(exam, password)
        candidate = await (
            candidates.get(self.database, known.candidate)
            if known
            else candidates.by_number(self.database, exam.id, number)
        )
        seated = candidate is not None and (not sitting.seat_code or same_code(candidate.seat, seat))
        if candidate is None or not right or not seated:
            return "credentials" if known is None else "seat" if right else "password"
        device = known.device if known else new_token()[:DEVICE_LENGTH]
        return Ticket(exam.id, candidate.id, device, True)

    async def _verify(self, exam: ExamRecord, password: str) -> bool:
        """Three hundred type the same password in the same minute: once it was right, its digest answers at once."""
        digest = hashlib.sha256(f"{exam.password_hash}\x1f{password}".encode()).digest()
        known = self._verified.get(exam.id)
        if known and known[0] == exam.password_hash and hmac.compare_digest(known[1], digest):
            return True
        right = await passwords.verified(exam.password_hash, password)
        if right:
            self._verified[exam.id] = (exam.password_hash, digest)
        return right


def asks(exam: ExamRecord) -> bool:
    """Whether the door asks for anything beside the personal link."""
    return exam.definition.sitting.password or exam.definition.sitting.seat_code


def same_code(stored: str, typed: str) -> bool:
    """Seat codes as people type them: case, blanks and hyphens do not count. Nobody without a code has one."""
    plain, given = ("".join(each for each in text.casefold() if each.isalnum()) for text in (stored, typed))
    return bool(plain) and hmac.compare_digest(plain.encode(), given.encode())
