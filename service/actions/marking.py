"""The marking desk: open questions, one answer after the other, without a name.

An answer is known to markers by a token that the secret key derives and that says neither whose it is nor when it was
given. Every marker has an order of their own, so that two of them rarely look at the same answer. A sample is marked by
a second marker, who does not see the first marks; where the two differ, they agree on points that count.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import get_args
from uuid import UUID

import msgspec

from service.actions import scoring
from service.actions.standings import is_open
from service.database import Database
from service.errors import Conflict, NotFound
from service.identifiers import derived_token
from service.settings import Settings
from service.store import attempt_files, audit, exams, files, marks
from service.store.exams import ExamRecord
from service.store.marks import HandMark, Role
from surveys.exams import moderation
from surveys.exams.items import Response
from surveys.exams.moderation import OVERALL, OpenQuestion
from surveys.statistics.estimate import Estimate

ROLES: tuple[Role, ...] = get_args(Role)
LONGEST_COMMENT = 2_000
FEWEST_PAIRS = 10  # below that no agreement is computed


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """An open question with its answers and marks in force. ``sample``: answers that a second marker marks;
    ``released``: those whose results are open, whose marks only an appeal changes."""

    question: OpenQuestion
    answers: dict[UUID, Response]
    sample: frozenset[UUID]
    released: frozenset[UUID]
    given: dict[Role, dict[UUID, HandMark]]

    @property
    def differing(self) -> list[UUID]:
        """Answers whose two marks differ and have not been settled."""
        first, second, agreed = (self.given[role] for role in ROLES)
        return [
            each
            for each in second
            if each in first and each not in agreed and first[each].points != second[each].points
        ]

    @property
    def unmarked(self) -> list[UUID]:
        return [each for each in self.answers if each not in self.given["first"] and each not in self.given["agreed"]]

    @property
    def unsampled(self) -> list[UUID]:
        """Answers of the sample that a second marker has not marked, and still may."""
        return [each for each in self.sample - self.released if each not in self.given["second"]]

    @property
    def complete(self) -> bool:
        return not self.unmarked and not self.differing

    @property
    def marked(self) -> int:
        return len(self.answers) - len(self.unmarked)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        first, second = self.given["first"], self.given["second"]
        return [(first[each].points, second[each].points) for each in sorted(second) if each in first]

    @property
    def agreement(self) -> Estimate | None:
        """Weighted kappa of the two markers; None where too few answers were marked twice."""
        return moderation.agreement(self.pairs) if len(self.pairs) >= FEWEST_PAIRS else None

    def waiting_for(self, account: UUID, role: Role) -> list[UUID]:
        """What this marker may mark next in that role, in the order in which they see it."""
        first = self.given["first"]
        if role == "first":
            waiting: Iterable[UUID] = self.unmarked
        elif role == "second":
            waiting = (each for each in self.unsampled if each in first and first[each].account != account)
        else:
            waiting = self.differing
        return [UUID(each) for each in moderation.shuffled(map(str, waiting), f"{self.question.key} {account}")]

    def open_to(self, account: UUID, role: Role, attempt: UUID) -> bool:
        """Whether this marker may mark the answer in that role, now or once more."""
        if attempt in self.released:
            return False
        own = self.given[role].get(attempt)
        if own is not None:
            return own.account == account or role == "agreed"
        return attempt in self.waiting_for(account, role)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer before a marker. ``mark`` is their own earlier one; ``others`` what the two markers gave where they
    are to agree; ``previous`` the token of the answer that they marked before this one."""

    token: str
    role: Role
    question: OpenQuestion
    response: Response
    worth: int
    mark: HandMark | None
    others: tuple[HandMark, ...]
    previous: str
    done: int
    total: int


async def queues(database: Database, exam: ExamRecord) -> list[Queue]:
    """Every open question of an exam, in the order of their codes."""
    if not exam.scoring:
        return []
    found = moderation.open_questions_of(await exams.pool(database, exam.id, exam.scoring))
    given = await marks.by_hand(database, exam.id) if found else []
    return [await _queue(database, exam, found[key], given) for key in sorted(found)]


async def queue(database: Database, exam: ExamRecord, key: str) -> Queue:
    """Raises NotFound where the exam has no such open question."""
    pool = await exams.pool(database, exam.id, exam.scoring) if exam.scoring else None
    question = moderation.open_questions_of(pool).get(key) if pool else None
    if question is None:
        raise NotFound
    return await _queue(database, exam, question, await marks.by_hand(database, exam.id))


async def _queue(database: Database, exam: ExamRecord, question: OpenQuestion, given: Iterable[HandMark]) -> Queue:
    found = await marks.answers_to(database, exam.id, question.code)
    answers = {
        attempt: question.response(response) for attempt, (response, _) in found.items() if question.answered(response)
    }
    released = frozenset(attempt for attempt in answers if is_open(exam, found[attempt][1]))
    by_role: dict[Role, dict[UUID, HandMark]] = {role: {} for role in ROLES}
    for each in given:
        if each.item == question.key and each.attempt in answers:
            by_role[each.role][each.attempt] = each
    sample = moderation.sample([str(attempt) for attempt in answers], f"{exam.id} {question.key}")
    return Queue(
        question=question, answers=answers, sample=frozenset(map(UUID, sample)), released=released, given=by_role
    )


def read_role(text: str) -> Role:
    """Raises NotFound for a word that names none."""
    if text not in ROLES:
        raise NotFound
    return text


def token(settings: Settings, exam: UUID, key: str, attempt: UUID) -> str:
    return derived_token(settings.secret(), "marking", str(exam), key, str(attempt))[:16]


def following(settings: Settings, exam: ExamRecord, queue: Queue, role: Role, account: UUID) -> str:
    """The token of the answer to mark next; empty where nothing is left to this marker."""
    waiting = queue.waiting_for(account, role)
    return token(settings, exam.id, queue.question.key, waiting[0]) if waiting else ""


async def answer(
    database: Database, settings: Settings, exam: ExamRecord, queue: Queue, role: Role, wanted: str, account: UUID
) -> Answer:
    """An answer by its token. Raises NotFound where it is not this marker's to mark."""
    attempt = _attempt(settings, exam, queue, role, wanted, account)
    [sat] = await marks.sat(database, exam.id, [attempt])
    asked = next(each for each in sat.paper.items if each.code == queue.question.code)
    others = tuple(queue.given[each][attempt] for each in ROLES[:2] if attempt in queue.given[each])
    total = {"first": len(queue.answers), "second": len(queue.sample), "agreed": len(queue.differing)}[role]
    left = {"first": len(queue.unmarked), "second": len(queue.unsampled), "agreed": len(queue.differing)}[role]
    return Answer(
        token=wanted, role=role, question=queue.question, response=queue.answers[attempt],
        worth=queue.question.worth(asked.points), mark=queue.given[role].get(attempt),
        others=others if role == "agreed" else (), previous=_previous(settings, exam, queue, role, attempt, account),
        done=total - left, total=total,
    )  # fmt: skip


def _attempt(
    settings: Settings, exam: ExamRecord, queue: Queue, role: Role, wanted: str, account: UUID
) -> UUID:  # fmt: skip
    for attempt in queue.answers:
        if token(settings, exam.id, queue.question.key, attempt) == wanted:
            if queue.open_to(account, role, attempt):
                return attempt
            break
    raise NotFound


def _previous(
    settings: Settings, exam: ExamRecord, queue: Queue, role: Role, attempt: UUID, account: UUID
) -> str:  # fmt: skip
    """Whoever goes back sees what they marked last, then what they marked before that."""
    own = sorted((each for each in queue.given[role].values() if each.account == account), key=lambda each: each.id)
    here = next((place for place, each in enumerate(own) if each.attempt == attempt), len(own))
    return token(settings, exam.id, queue.question.key, own[here - 1].attempt) if here else ""


class UploadedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was uploaded as an answer. ``suffix``: of its name, with the dot."""

    media_type: str
    suffix: str
    content: bytes


async def upload(
    database: Database, settings: Settings, exam: ExamRecord, queue: Queue, answer: Answer, account: UUID
) -> UploadedAnswer:
    """Raises NotFound where the answer has no file, or it is gone."""
    attempt = _attempt(settings, exam, queue, answer.role, answer.token, account)
    named = answer.response.get("file")
    row = next((each for each in await attempt_files.of_attempt(database, attempt) if each.id.hex == named), None)
    path = files.path(database, row.id) if row else None
    if row is None or path is None or not path.is_file():
        raise NotFound
    content = await asyncio.to_thread(path.read_bytes)
    return UploadedAnswer(media_type=row.media_type, suffix=PurePath(row.name).suffix, content=content)


def as_form(answer: Answer) -> dict[str, str]:
    """The form of a mark that was given before; empty for a new one."""
    if answer.mark is None:
        return {}
    given, form = answer.mark.rubric, {"comment": answer.mark.comment}
    for criterion in answer.question.question.rubric:
        points = [level.points for level in criterion.levels]
        if given.get(criterion.code) in points:
            form[criterion.code] = str(points.index(given[criterion.code]))
    if OVERALL in given:
        form[OVERALL] = f"{given[OVERALL] / 100:g}"
    return form


def read(question: OpenQuestion, worth: int, form: Mapping[str, str]) -> tuple[dict[str, float], dict[str, str]]:
    """Points by criterion, and the key of what is wrong by field. Levels come by their place, from 0."""
    chosen, errors = dict[str, float](), dict[str, str]()
    for criterion in question.question.rubric:
        place = form.get(criterion.code, "")
        if place.isdecimal() and int(place) < len(criterion.levels):
            chosen[criterion.code] = criterion.levels[int(place)].points
        else:
            errors[criterion.code] = "marking.error.level"
    if not question.question.rubric:
        points = _hundredths(form.get(OVERALL, ""))
        if points is None or not 0 <= points <= worth:
            errors[OVERALL] = "marking.error.points"
        else:
            chosen[OVERALL] = points
    if len(form.get("comment", "")) > LONGEST_COMMENT:
        errors["comment"] = "marking.error.comment"
    return chosen, errors


def _hundredths(typed: str) -> int | None:
    try:
        return round(float(typed) * 100)
    except (ValueError, OverflowError):
        return None


async def give(
    database: Database, settings: Settings, exam: ExamRecord, queue: Queue, before: Answer,
    chosen: Mapping[str, float], comment: str, *, account: UUID,
) -> None:  # fmt: skip
    """Stores a mark and marks the attempt anew. Raises Conflict where somebody else was faster."""
    attempt = _attempt(settings, exam, queue, before.role, before.token, account)
    points = moderation.earned(queue.question.question, chosen, before.worth)
    async with database.writing():
        held = [each for each in await marks.by_hand_of(database, [attempt]) if each.item == queue.question.key]
        if any(each.role == before.role and each.account != account for each in held) and before.role != "agreed":
            raise Conflict
        await marks.give(
            database, attempt, queue.question.key, before.role, account,
            points=points, rubric=dict(chosen), comment=comment.strip(),
        )  # fmt: skip
        await audit.record(
            database, account=account, programme=exam.programme, action="mark.give", subject=exam.code,
            detail={"item": queue.question.key, "role": before.role, "attempt": str(attempt)},
        )  # fmt: skip
    await scoring.score_attempt(database, attempt)
