"""What a candidate may learn of their attempts: after release as far as the settings say; in practice at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from service.actions import certificates, scoring
from service.actions.standings import Outcome, is_open, outcomes
from service.database import Database
from service.errors import NotFound
from service.store import appeals, attempts, exams, marks, practice
from service.store.appeals import Appeal
from service.store.attempts import Attempt
from service.store.certificates import Certificate
from service.store.exams import ExamRecord
from surveys.exams import moderation, presentation
from surveys.exams.definition import Paper, PaperItem, Pool, Release
from surveys.exams.items import Response
from surveys.exams.marking import Mark, Score, mark
from surveys.exams.presentation import RevealedItem
from surveys.exams.rescoring import treatment

EVERYTHING = Release(score=True, passed=True, answers=True, explanations=True)


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a released attempt. ``comments``: of its markers; ``treatment``: whether it was dropped or granted."""

    item: RevealedItem
    comments: tuple[str, ...]
    appeal: Appeal | None
    treatment: str


class OpenAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt whose results are open; what the settings withhold is None or empty."""

    number: int
    submitted_at: datetime
    points: int | None
    total: int
    passed: bool | None
    provisional: bool
    items: tuple[Disclosed, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a candidate may learn now. ``waiting``: attempts that are over and not released yet; ``outcome``
    by the exam's rule, where several attempts are open."""

    attempts: tuple[OpenAttempt, ...]
    waiting: int
    running: bool
    outcome: Outcome | None
    certificate: Certificate | None
    corrected: bool
    appealing: bool
    wrong: int


def release_of(exam: ExamRecord) -> Release:
    return EVERYTHING if exam.definition.purpose == "practice" else exam.definition.release


async def results(database: Database, exam: ExamRecord, candidate: UUID, language: str) -> Results:
    own = await attempts.of_candidate(database, candidate)
    released = [each for each in own if is_open(exam, each.submitted_at)]
    opened = [await _opened(database, exam, each, language) for each in released]
    numbers = {each.number for each in opened}
    rows = [each for each in await marks.results(database, exam.id, exam.scoring, candidate) if each.number in numbers]
    outcome = next(iter(outcomes(exam.definition, rows)), None)
    held = await certificates.of_candidate(database, candidate)
    practising = exam.definition.purpose == "practice"
    return Results(
        attempts=tuple(reversed(opened)),
        waiting=sum(each.submitted_at is not None for each in own) - len(opened),
        running=any(each.submitted_at is None for each in own),
        outcome=outcome if release_of(exam).score or release_of(exam).passed else None,
        certificate=held if opened and release_of(exam).passed else None,
        corrected=exam.scoring > 1,
        appealing=not practising and release_of(exam).answers,
        wrong=len(await wrong_items(database, exam, candidate)) if practising else 0,
    )


async def _opened(database: Database, exam: ExamRecord, attempt: Attempt, language: str) -> OpenAttempt:
    assert attempt.submitted_at is not None
    scored = (await marks.of_attempt(database, attempt.id)).get(exam.scoring)
    if scored is None:  # its server died between its end and its marks
        await scoring.score_attempt(database, attempt.id)
        scored = (await marks.of_attempt(database, attempt.id))[exam.scoring]
    release, pool = release_of(exam), await exams.pool(database, exam.id, exam.scoring)
    answers = {code: each.response for code, each in (await attempts.answers(database, attempt.id)).items()}
    score = Score(points=scored.points, total=scored.total, marks=scored.marks, provisional=scored.provisional)
    shown = presentation.revealed(attempt.paper, pool, score, release, language, answers)
    filed = await appeals.of_attempt(database, attempt.id)
    said = await _comments(database, attempt.id, pool) if release.answers else {}
    return OpenAttempt(
        number=attempt.number, submitted_at=attempt.submitted_at, points=scored.points if release.score else None,
        total=scored.total, passed=scored.passed if release.passed else None, provisional=scored.provisional,
        items=tuple(
            Disclosed(
                item=each, comments=tuple(said.get(asked.code, ())), appeal=filed.get(asked.code),
                treatment=treatment(pool, asked.code),
            )
            for asked, each in zip(attempt.paper.items, shown, strict=False)
        ),
    )  # fmt: skip


async def _comments(database: Database, attempt: UUID, pool: Pool) -> dict[str, list[str]]:
    """Item → what was said of the marks that count: the agreed one, else the first."""
    codes = {each.key: each.code for each in moderation.open_questions_of(pool).values()}
    counting = {
        each.item: each.comment
        for role in ("first", "agreed")
        for each in await marks.by_hand_of(database, [attempt])
        if each.role == role
    }
    found: dict[str, list[str]] = {}
    for key, comment in counting.items():
        if comment and key in codes:
            found.setdefault(codes[key], []).append(comment)
    return found


async def attempt_of(database: Database, exam: ExamRecord, candidate: UUID, number: int) -> Attempt:
    """A candidate's own attempt by its number. Raises NotFound."""
    found = await attempts.numbered(database, candidate, number)
    if found is None or found.exam != exam.id:
        raise NotFound
    return found


async def certificate_of(database: Database, exam: ExamRecord, candidate: UUID) -> Certificate:
    """Raises NotFound where the candidate has none, or may not know yet that they passed."""
    found = await certificates.of_candidate(database, candidate)
    if found is None or found.exam != exam.id or exam.released_at is None or not release_of(exam).passed:
        raise NotFound
    return found


# Practice: feedback at once, and the book of wrong answers


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was just answered in practice, with its mark and the key."""

    item: RevealedItem
    mark: Mark

    @property
    def right(self) -> bool:
        return self.mark.points >= self.mark.maximum


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the book of wrong answers, on the paper that the candidate had it on last."""

    code: str
    asked: PaperItem
    attempt: int
    times: int


def feedback(asked: PaperItem, pool: Pool, response: Response, language: str) -> Feedback:
    """Marks one answer and says all about it."""
    made = mark(pool.items[asked.code].item, response, asked.points, asked.marking)
    score = Score(points=made.points, total=asked.points, marks={asked.code: made})
    paper, given = Paper(seed=0, items=(asked,)), {asked.code: response}
    [item] = presentation.revealed(paper, pool, score, EVERYTHING, language, given)
    return Feedback(item=item, mark=made)


async def checked(database: Database, exam: ExamRecord, attempt: Attempt, number: int, language: str) -> Feedback:
    """Feedback on one item of a practice attempt as it was saved last. Raises NotFound in anything but practice."""
    asked = next((each for each in attempt.paper.items if each.number == number), None)
    if exam.definition.purpose != "practice" or asked is None or attempt.exam != exam.id:
        raise NotFound
    answer = (await attempts.answers(database, attempt.id)).get(asked.code)
    pool = await exams.pool(database, exam.id, exam.scoring)
    return feedback(asked, pool, answer.response if answer else {}, language)


async def wrong_items(database: Database, exam: ExamRecord, candidate: UUID) -> list[Wrong]:
    """Items that did not earn their full points the last time, those seldom repeated first. Open ones are not among
    them, since nobody marks practice. Raises NotFound in anything but practice."""
    if exam.definition.purpose != "practice":
        raise NotFound
    repeated = await practice.of_candidate(database, candidate)
    last: dict[str, tuple[datetime, Wrong | None]] = {}
    for attempt in await attempts.of_candidate(database, candidate):
        scored = (await marks.of_attempt(database, attempt.id)).get(exam.scoring) if attempt.submitted_at else None
        for asked in attempt.paper.items if scored and attempt.submitted_at else ():
            mark = scored.marks.get(asked.code) if scored else None
            if mark is None or mark.state == "pending":
                continue
            times = repeated[asked.code].times if asked.code in repeated else 0
            wrong = Wrong(code=asked.code, asked=asked, attempt=attempt.number, times=times)
            assert attempt.submitted_at is not None
            last[asked.code] = (attempt.submitted_at, wrong if mark.points < mark.maximum else None)
    found = []
    for code, (at, missed) in last.items():
        again = repeated.get(code)
        if missed is not None and not (again and again.mastered and again.at >= at):
            found.append(missed)
    return sorted(found, key=lambda each: (each.times, each.attempt, each.asked.number))


async def repeat(
    database: Database, exam: ExamRecord, candidate: UUID, wrong: Wrong, form: dict[str, list[str]], language: str
) -> Feedback:
    """Marks an item of the book that was answered again, and keeps whether it is mastered."""
    pool = await exams.pool(database, exam.id, exam.scoring)
    response = presentation.received(wrong.asked, pool.items[wrong.code].item, form)
    found = feedback(wrong.asked, pool, response, language)
    await practice.repeat(database, candidate, wrong.code, mastered=found.right)
    return found


async def pool_of(database: Database, exam: ExamRecord) -> Pool:
    """The items by the scoring that counts; for ``presentation``, never for a template."""
    return await exams.pool(database, exam.id, exam.scoring)
