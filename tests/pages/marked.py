"""An exam that has been sat: candidates with their answers, for tests of marking, release, results and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from service import tables
from service.actions import scoring
from service.database import Database
from service.identifiers import new_id
from service.store import exams, marks
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from surveys.exams.definition import Blueprint, Exam, FixedItem, Pass, Pool, Release, Section, Sitting
from surveys.exams.drawing import draw
from surveys.exams.items import (
    Accepted,
    BankItem,
    Criterion,
    EssayItem,
    Level,
    NumericItem,
    Option,
    Response,
    SingleItem,
)
from tests.store import exam_makers

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLOSED = OPENED + timedelta(hours=2)


def _level(points: float, words: str) -> Level:
    return Level(points=points, label={"zh-CN": words, "en": words})


def items() -> list[BankItem]:
    owner = SingleItem(
        text={"zh-CN": "谁首先负责投诉？", "en": "Who is responsible first?"},
        options=(
            Option(code="service", label={"zh-CN": "客户服务部", "en": "Customer service"}, correct=True),
            Option(code="finance", label={"zh-CN": "财务部", "en": "Finance"}),
            Option(code="quality", label={"zh-CN": "质量部", "en": "Quality"}),
        ),
        explanation={"zh-CN": "首问负责制", "en": "First responsible department"},
    )
    limit = NumericItem(
        text={"zh-CN": "几小时内闭环？", "en": "Closed within how many hours?"}, accepted=(Accepted(number=72),),
        unit={"zh-CN": "小时", "en": "h"},
    )  # fmt: skip
    reply = EssayItem(
        text={"zh-CN": "请写一段给客户的回复。", "en": "Write a reply to the customer."},
        rubric=(
            Criterion(
                code="content", label={"zh-CN": "内容完整", "en": "Content"},
                levels=(_level(0, "没有"), _level(2, "部分"), _level(4, "完整")),
            ),
            Criterion(
                code="tone", label={"zh-CN": "语气得体", "en": "Tone"}, levels=(_level(0, "生硬"), _level(1, "得体"))
            ),
        ),
    )  # fmt: skip
    return [
        BankItem(code=code, item=item, state="reviewed", topic="首问负责")
        for code, item in (("owner", owner), ("limit", limit), ("reply", reply))
    ]


def definition(**changed) -> Exam:
    given = {
        "title": {"zh-CN": "投诉新流程考核", "en": "The new complaint process"},
        "blueprint": Blueprint(
            sections=(
                Section(
                    items=(
                        FixedItem(code="owner", points=300),
                        FixedItem(code="limit", points=200),
                        FixedItem(code="reply", points=500),
                    )
                ),
            )
        ),
        "passing": Pass(by="percent", value=60),
        "sitting": Sitting(attempts=2),
        "release": Release(answers=True, explanations=True),
        "valid_months": 12,
        **changed,
    }
    return Exam(**given)


RIGHT: dict[str, Response] = {
    "owner": {"choice": "service"},
    "limit": {"number": "72"},
    "reply": {"text": "您好，我们已受理，24 小时内给您答复。"},
}
WRONG: dict[str, Response] = {
    "owner": {"choice": "finance"}, "limit": {"number": "48"}, "reply": {"text": "知道了。"},
}  # fmt: skip


async def exam(database: Database, given: Exam | None = None, pool: Sequence[BankItem] = ()) -> ExamRecord:
    """A published exam whose window is over."""
    owner = await exam_makers.programme(database)
    source = await exam_makers.bank(database, owner)
    made = await exams.create(database, owner, source.id, "complaints-v2", given or definition())
    assert made is not None
    assert await exams.publish(database, made, Pool(items={each.code: each for each in pool or items()}), None)
    await exams.change_window(database, made.id, OPENED, CLOSED)
    return await again(database, made)


async def again(database: Database, exam: ExamRecord) -> ExamRecord:
    """The exam as it is now."""
    found = await exams.load(database, exam.id)
    assert found is not None
    return found


async def sat(
    database: Database, exam: ExamRecord, candidate: Candidate, responses: dict[str, Response],
    *, number: int = 1, at: datetime | None = None, score: bool = True,
) -> UUID:  # fmt: skip
    """An attempt that ended, with its answers and events; its identifier."""
    attempt, started = new_id(), at or OPENED + timedelta(minutes=5)
    paper = draw(exam.definition, await exams.pool(database, exam.id, exam.scoring), number)
    async with database.writing():
        await tables.Attempt(
            id=attempt, exam=exam.id, candidate=candidate.id, number=number, language="zh-CN", device_hash="",
            position=1, paper=msgspec.json.encode(paper).decode(), started_at=started, ended_by="candidate",
            deadline_at=started + timedelta(minutes=30), submitted_at=started + timedelta(minutes=10),
        ).save()  # fmt: skip
        for place, (item, response) in enumerate(responses.items(), 1):
            written, moment = msgspec.json.encode(response).decode(), started + timedelta(minutes=place)
            await tables.AttemptAnswer.insert(
                tables.AttemptAnswer(attempt=attempt, item=item, revision=2, response=written, flagged=False, at=moment)
            )
            await tables.AttemptEvent(
                id=new_id(), attempt=attempt, at=moment, kind="saved", item=item, revision=2,
                detail=msgspec.json.encode({"response": response}).decode(),
            ).save()  # fmt: skip
    if score:
        await scoring.score_attempt(database, attempt)
    return attempt


async def class_of(database: Database, exam: ExamRecord, count: int) -> list[tuple[Candidate, UUID]]:
    """``count`` candidates who have sat, every other one with all right."""
    found = []
    for number in range(7001, 7001 + count):
        person = await exam_makers.candidate(database, exam, number)
        answers = dict(RIGHT if number % 2 else WRONG)
        answers["reply"] = {"text": f"{answers['reply']['text']}（{'甲乙丙丁'[number % 4]}）"}
        found.append((person, await sat(database, exam, person, answers)))
    return found


async def mark_all(database: Database, exam: ExamRecord, account: UUID, points: int = 500) -> None:
    """A first mark of so many hundredths for every open answer."""
    for each in await marks.sat(database, exam.id):
        await marks.give(
            database,
            each.attempt,
            "reply",
            "first",
            account,
            points=points,
            rubric={"content": 4, "tone": 1},
            comment="",
        )
    await scoring.score_exam(database, exam.id)
