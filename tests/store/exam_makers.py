"""A bank with a few items, and an exam with candidates, for tests of the store and of pages."""

from __future__ import annotations

from uuid import UUID

from service.clock import now
from service.database import Database
from service.identifiers import new_id, token_hash
from service.store import candidates, exams, items
from service.store.exams import ExamRecord
from service.tables import Person, Programme
from surveys.exams.definition import Blueprint, Draw, Exam, FixedItem, Pool, Section
from surveys.exams.items import BankItem, Option, SingleItem, TrueFalseItem


def single(code: str, stem: str = "谁首先受理投诉？", **known) -> BankItem:
    options = (
        Option(code="a", label={"zh-CN": "客户服务部", "en": "Customer service"}, correct=True),
        Option(code="b", label={"zh-CN": "财务部", "en": "Finance"}),
    )
    given = {"category": "受理", "state": "reviewed", "tags": ("首问负责",), **known}
    return BankItem(code=code, item=SingleItem(text={"zh-CN": stem, "en": "Who?"}, options=options), **given)


def true_false(code: str, **known) -> BankItem:
    item = TrueFalseItem(text={"zh-CN": "投诉须在 24 小时内指派。", "en": "Within 24 hours."}, correct=True)
    return BankItem(code=code, item=item, **{"category": "受理/指派", "state": "reviewed", **known})


BANK = (single("i1"), single("i2", "谁闭环？", difficulty="hard"), true_false("i3"), true_false("i4", state="draft"))
DEFINITION = Exam(
    title={"zh-CN": "投诉新流程考试", "en": "New complaint process"},
    blueprint=Blueprint(
        sections=(
            Section(
                items=(FixedItem(code="i1", points=500),), draws=(Draw(count=1, points=500, category="受理/指派"),)
            ),
        )
    ),
)


async def programme(database: Database) -> UUID:
    found = new_id()
    async with database.writing():
        await Programme(id=found, slug=str(found)[:60], name="投诉", stage="rollout", created_at=now()).save()
    return found


async def bank(database: Database, programme: UUID, code: str = "complaints") -> items.Bank:
    made = await items.create_bank(database, programme, code, "投诉处理题库")
    assert made is not None
    assert not await items.add(database, made.id, BANK, None)
    return made


async def exam(database: Database, definition: Exam = DEFINITION) -> ExamRecord:
    """A published exam of a new programme: its pool is the bank's reviewed items."""
    owner = await programme(database)
    source = await bank(database, owner)
    made = await exams.create(database, owner, source.id, "complaints-v2", definition)
    assert made is not None
    pool = Pool(items={each.code: each.item for each in await items.every(database, source.id, reviewed=True)})
    assert await exams.publish(database, made, pool, None)
    found = await exams.load(database, made.id)
    assert found is not None
    return found


async def candidate(
    database: Database, exam: ExamRecord, number: int, department: str = "客服部"
) -> candidates.Candidate:
    """A new person who may sit ``exam`` by the token ``token-<number>``."""
    person = new_id()
    async with database.writing():
        await Person(
            id=person, programme=exam.programme, employee_number=str(number), name=f"员工{number}", active=True,
            department=department, position="", side="operator", email="", mobile="",
        ).save()  # fmt: skip
    hashed = token_hash(f"token-{number}-{exam.id}")
    await candidates.add(database, exam.id, [(person, hashed, "")])
    found = await candidates.by_token_hash(database, hashed)
    assert found is not None
    return found
