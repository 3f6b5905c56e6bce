"""The demo's exams: a bank, a pre-test, the qualifying exam that everybody sat, one to sit oneself, and practice.

Attempts go through the writer like everybody's, at the times of the story; a second load changes nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from uuid import UUID

import msgspec
import yaml

from service.actions import candidates as candidate_actions
from service.actions import exams as exam_actions
from service.actions import scoring
from service.database import Database
from service.database.exam_operations import Answered, ExamOperation, SaveAttempt, StartAttempt, SubmitAttempt
from service.demo import exam_people
from service.demo.company import roster
from service.settings import Settings
from service.store import candidates, exams, items, marks
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.people import Entry
from service.store.programmes import Programme
from service.store.waves import Audience
from surveys.exams import moderation, sitting
from surveys.exams.definition import Exam, Paper, Pool
from surveys.exams.drawing import draw
from surveys.exams.items import EssayItem

BANK, BANK_TITLE = "complaint-v2", "客户投诉处理流程 V2.0 题库"
PRE, MAIN, OPEN, PRACTICE = "pre", "v2-qualifying", "v2-open", "v2-practice"
SAT, SAT_BEFORE, RESIT = 210, 150, 0.6
DAYS_AGO = {PRE: (15, 14), MAIN: (7, 2)}  # before today: first and last day
RESIT_DAY = 3
MARKED = 0.5  # of the open answers
TOGETHER = 40  # people whose answers are written at once
GRACE = timedelta(seconds=5)


class ExamLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where visitors sit, practise, mark, and see what came of it; absolute URLs."""

    sit: str
    practise: str
    results: str
    marking: str
    bank: str


async def load(
    database: Database, settings: Settings, programme: Programme, midnight: datetime, account: UUID
) -> ExamLinks:
    """``midnight``: of today, local time. ``account``: whoever runs the exams and marks."""
    bank = await items.bank(database, programme.id, BANK)
    if bank is None:
        async with database.writing():
            bank = await items.create_bank(database, programme.id, BANK, BANK_TITLE)
            assert bank is not None
            await items.add(database, bank.id, exam_people.flawed(exam_people.bank()), account)
    made = {
        code: await _published(database, settings, programme, bank.id, code, midnight, account)
        for code in (PRE, MAIN, OPEN, PRACTICE)
    }
    for code in (PRE, MAIN):
        if made[code].state != "closed":
            await _sit(database, settings, made[code], midnight, account)
            await exam_actions.close(database, settings, made[code], account)
    return await _links(database, settings, programme, made)


async def _published(
    database: Database,
    settings: Settings,
    programme: Programme,
    bank: UUID,
    code: str,
    midnight: datetime,
    account: UUID,
) -> ExamRecord:
    """The exam, with everybody of the roster as its candidate."""
    known = {each.code: each for each in await exams.of_programme(database, programme.id)}
    exam = known.get(code) or await exams.create(database, programme.id, bank, code, _definition(code))
    assert exam is not None
    if exam.state == "draft":
        opens_at, closes_at = _window(code, midnight)
        async with database.writing():
            await exams.change_window(database, exam.id, opens_at, closes_at)
        await candidate_actions.add(database, settings, exam, Audience(), account=account)
        await exam_actions.publish(database, settings, exam, account)
    found = await exams.load(database, exam.id)
    assert found is not None
    return found


def _definition(code: str) -> Exam:
    source = (files(__package__) / "exams.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(source)[code], Exam)


def _window(code: str, midnight: datetime) -> tuple[datetime, datetime | None]:
    if code not in DAYS_AGO:
        return midnight - timedelta(days=1), None
    first, last = DAYS_AGO[code]
    return midnight - timedelta(days=first) + timedelta(hours=8), midnight - timedelta(days=last) + timedelta(hours=18)


# Sitting


class _Room:
    """One exam while it is sat: its pool, its candidates, and one stream of chance."""

    def __init__(self, exam: ExamRecord, pool: Pool, people: Sequence[Candidate], midnight: datetime) -> None:
        self.exam, self.pool, self.midnight = exam, pool, midnight
        self.chance = random.Random(exam.code)  # noqa: S311 - a story, not a secret
        self.texts, self.truth = exam_people.words(), {each.code: each for each in exam_people.bank()}
        self.entries = {each.employee_number: each for each in roster()}
        level = random.Random("abilities")  # noqa: S311 - the same people in every exam
        self.levels = {number: exam_people.ability(entry, level) for number, entry in self.entries.items()}
        self.people = [each for each in people if each.employee_number in self.entries]
        self.written: dict[UUID, dict[str, exam_people.Written]] = {}
        self.papers: dict[UUID, Paper] = {}

    def entry(self, candidate: Candidate) -> Entry:
        return self.entries[candidate.employee_number]

    def attempt(self, candidate: Candidate, number: int, day: int, gain: float) -> list[ExamOperation]:
        """Everything that one person's device sends, from the start to handing in."""
        chance = self.chance
        identifier = UUID(int=chance.getrandbits(128), version=4)
        seen = [[item.code for item in self.papers[candidate.id].items]] if candidate.id in self.papers else []
        paper = draw(self.exam.definition, self.pool, chance.getrandbits(63), seen)
        self.papers[candidate.id] = paper
        moment = self.midnight - timedelta(days=day) + timedelta(hours=8.5 + 8 * chance.random())
        device = f"{chance.getrandbits(128):032x}"
        language = "en" if chance.random() < 0.03 else "zh-CN"
        operations: list[ExamOperation] = [
            StartAttempt(
                attempt=identifier, exam=self.exam.id, candidate=candidate.id, number=number,
                paper=msgspec.json.encode(paper).decode(), language=language, device_hash=device, now=moment,
                deadline=sitting.deadline(self.exam.definition, moment, self.exam.closes_at, 0),
            )
        ]  # fmt: skip
        person = exam_people.Candidate(self.levels[candidate.employee_number] + gain, self.truth, chance, self.texts)
        for asked in paper.items:
            moment += timedelta(seconds=chance.lognormvariate(3.6, 0.5))
            response = person.answers(asked.code)
            if response:
                text = msgspec.json.encode(response).decode()
                answer = Answered(item=asked.code, place=asked.number, revision=1, response=text)
                operations.append(
                    SaveAttempt(attempt=identifier, device_hash=device, now=moment, grace=GRACE, answers=(answer,))
                )
        self.written[identifier] = person.written
        moment += timedelta(seconds=chance.uniform(5, 60))
        return [*operations, SubmitAttempt(attempt=identifier, now=moment, grace=GRACE, device_hash=device)]

    def first_attempts(self) -> Iterable[list[ExamOperation]]:
        first, _ = DAYS_AGO[self.exam.code]
        if self.exam.code == PRE:
            sat = self.chance.sample(self.people, min(SAT_BEFORE, len(self.people)))
            return [self.attempt(each, 1, first, exam_people.UNTRAINED) for each in sat]
        sat = self.chance.sample(self.people, min(SAT, len(self.people)))
        return [self.attempt(each, 1, self.chance.randint(RESIT_DAY + 2, first), 0.0) for each in sat]


async def _sit(database: Database, settings: Settings, exam: ExamRecord, midnight: datetime, account: UUID) -> None:
    people = await candidates.of_exam(database, exam.id)
    pool = await exams.pool(database, exam.id, exam.scoring)
    room = _Room(exam, pool, sorted(people, key=lambda each: each.employee_number), midnight)
    await _write(database, room.first_attempts())
    await scoring.score_exam(database, exam.id)
    if exam.code != MAIN:
        return
    failed = await _failed(database, room)
    again = [each for each in failed if room.chance.random() < RESIT]
    await candidates.open_attempts(database, {each.id: 1 for each in failed})
    await _write(database, [room.attempt(each, 2, RESIT_DAY, exam_people.RETRAINED) for each in again])
    marked = await _mark(database, room, account)
    second = await marks.unscored(database, exam.id, exam.scoring)
    await scoring.score_attempts(database, {*marked, *second})


async def _write(database: Database, attempts: Iterable[list[ExamOperation]]) -> None:
    waiting = list(attempts)
    for start in range(0, len(waiting), TOGETHER):
        together = [operation for own in waiting[start : start + TOGETHER] for operation in own]
        await asyncio.gather(*(database.writer.write(operation) for operation in together))


async def _failed(database: Database, room: _Room) -> list[Candidate]:
    """Whoever cannot pass any more, whatever the open answer earns."""
    results = await marks.results(database, room.exam.id, room.exam.scoring)
    open_points = sum(
        each.points
        for section in room.exam.definition.blueprint.sections
        for each in section.items
        if isinstance(room.pool.items[each.code].item, EssayItem)
    )
    lost = {each.candidate for each in results if not each.passed and each.points + open_points < each.total * 0.6}
    return [each for each in room.people if each.id in lost]


async def _mark(database: Database, room: _Room, account: UUID) -> list[UUID]:
    """One marker has come half-way through the open answers; the attempts that have a mark now."""
    chosen = sorted(attempt for attempt, own in room.written.items() if own)
    chosen = chosen[: round(MARKED * len(chosen))]
    given = {(each.attempt, each.item) for each in await marks.by_hand(database, room.exam.id)}
    comments = room.texts["comments"]
    async with database.writing():
        for attempt in chosen:
            for code, written in room.written[attempt].items():
                question = room.pool.items[code].item
                if (attempt, code) in given or not isinstance(question, EssayItem):
                    continue
                worth = next(each.points for section in room.exam.definition.blueprint.sections
                             for each in section.items if each.code == code)  # fmt: skip
                share = sum(written.points.values()) / 6
                words = comments["good" if share > 0.8 else "fair" if share > 0.4 else "poor"]
                await marks.give(
                    database, attempt, code, "first", account,
                    points=moderation.earned(question, written.points, worth), rubric=written.points,
                    comment=room.chance.choice(words),
                )  # fmt: skip
    return chosen


async def _links(
    database: Database, settings: Settings, programme: Programme, made: dict[str, ExamRecord]
) -> ExamLinks:
    base = f"{settings.base_url.rstrip('/')}/programmes/{programme.slug}"
    trainer = next(each for each in roster() if each.position == "培训专员")
    visitors = {
        code: next(
            each for each in await candidates.of_exam(database, made[code].id)
            if each.employee_number == trainer.employee_number
        )
        for code in (OPEN, PRACTICE)
    }  # fmt: skip
    return ExamLinks(
        sit=exam_actions.personal_url(settings, made[OPEN].id, visitors[OPEN].person),
        practise=exam_actions.personal_url(settings, made[PRACTICE].id, visitors[PRACTICE].person),
        results=f"{base}/exams/{made[MAIN].id}/results",
        marking=f"{base}/exams/{made[MAIN].id}/marking",
        bank=f"{base}/items/{BANK}",
    )
