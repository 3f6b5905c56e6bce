"""The facade: pooled engines, one write lock, errors in one vocabulary."""

from __future__ import annotations

import asyncio

import pytest

from service.clock import now
from service.database import Conflict, Database
from service.identifiers import new_id
from service.settings import Settings
from service.tables import Account, Throttle


def account(email: str = "lead@example.com") -> Account:
    return Account(
        id=new_id(),
        email=email,
        name="组长",
        password_hash="-",
        administrator=False,
        language="zh-CN",
        created_at=now(),
    )


async def test_what_is_written_is_read_as_it_was(database: Database):
    row = account()
    async with database.writing():
        await row.save()
    found = await Account.select().first()
    assert found == row.to_dict()


async def test_fetch_speaks_question_marks_and_types_on_both_engines(database: Database):
    row = account()
    async with database.writing():
        await row.save()
    [found] = await database.fetch("SELECT id, administrator, created_at FROM account WHERE email = ?", row.email)
    assert found == {"id": row.id, "administrator": False, "created_at": row.created_at}


async def test_an_exception_undoes_the_whole_transaction(database: Database):
    async def fail() -> None:
        async with database.writing():
            await account().save()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await Account.count() == 0
    async with database.writing():
        await account().save()
    assert await Account.count() == 1


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database):
    async def slow() -> None:
        async with database.writing():
            await account().save()
            await asyncio.sleep(10)

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.writing():
        await account("hr@example.com").save()
    assert await Account.select(Account.email) == [{"email": "hr@example.com"}]


async def test_a_second_row_of_the_same_key_is_a_conflict(database: Database):
    async with database.writing():
        await account().save()
    with pytest.raises(Conflict):
        async with database.writing():
            await account().save()


async def test_fifty_read_then_write_transactions_at_once_lose_no_update(database: Database):
    await Throttle(subject="all", failures=0, window_started_at=now()).save()

    async def fail_once() -> None:
        async with database.writing():
            lock = " FOR UPDATE" if database.dialect == "postgres" else ""
            [row] = await database.fetch("SELECT failures FROM throttle WHERE subject = ?" + lock, "all")
            await Throttle.update({Throttle.failures: row["failures"] + 1}).where(Throttle.subject == "all")

    await asyncio.gather(*(fail_once() for _ in range(50)))
    assert (await Throttle.select().first())["failures"] == 50


async def test_writes_outside_a_transaction_wait_for_the_lock_too(database: Database):
    await asyncio.gather(*(account(f"{number}@example.com").save() for number in range(50)))
    assert await Account.count() == 50


async def test_foreign_keys_hold(database: Database):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.fetch("INSERT INTO membership VALUES (?, ?, ?, ?)", new_id(), new_id(), new_id(), "lead")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_an_acknowledged_commit_survives_a_power_cut(database: Database):
    async with database.writing():
        assert await database.fetch("PRAGMA synchronous") == [{"synchronous": 2}]
        assert await database.fetch("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
        assert await database.fetch("PRAGMA foreign_keys") == [{"foreign_keys": 1}]


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
async def test_postgres_answers_a_commit_only_when_it_is_on_disk(database: Database):
    assert await database.fetch("SHOW synchronous_commit") == [{"synchronous_commit": "on"}]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_two_processes_write_in_turn(settings: Settings, database: Database):
    other = Database(settings)
    await other.engine.start()
    try:
        await asyncio.gather(
            *(engine.run("INSERT INTO throttle VALUES (?, 1, ?)", (f"{number}", now()))
              for number in range(40) for engine in [(database if number % 2 else other).engine])
        )  # fmt: skip
    finally:
        await other.engine.stop()
    assert await Throttle.count() == 40
