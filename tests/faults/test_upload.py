"""Large bodies against a real server: taken up to the limit, refused in words beyond, and its memory stays bounded."""

from __future__ import annotations

from datetime import timedelta

import httpx
import msgspec
import pytest

from service import security
from service.database import Database
from service.settings import Settings
from service.store import accounts, people, sessions
from tests.faults.processes import Running, serving
from tests.pages import makers
from tests.visitors import new_account

LIMIT = 3_000_000
GROWTH = 120_000_000  # bytes that 30 MB refused five times, and 2.5 MB read, may add to the server
HEADER = "工号,姓名,部门,岗位,流程角色,邮箱,手机\n"


def roster(size: int) -> bytes:
    """A CSV of at least ``size`` bytes, few people with long positions."""
    row = "{0},员工{0},质量部," + "专" * 60 + ",经办,,\n"
    count = size // len(row.format(10_000).encode()) + 1
    return (HEADER + "".join(row.format(10_000 + number) for number in range(count))).encode()


def resident(running: Running) -> int:
    """Bytes of memory that the server holds."""
    with open(f"/proc/{running.process.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


async def sent(client: httpx.AsyncClient, address: str, content: bytes) -> httpx.Response:
    return await client.post(address, files={"file": ("名单.csv", content, "text/csv")})


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # nothing here depends on the database
async def test_uploads_are_taken_up_to_the_limit_and_refused_in_words_beyond(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, upload_limit=LIMIT)
    async with Database.open(settings) as database:
        programme = await makers.programme(database, roster=False)
        account = await new_account(database, "hr@example.com")
        await accounts.give_role(database, programme.id, account.id, "hr")
        token = await sessions.begin(database, account.id, timedelta(hours=1))
    address = f"/programmes/{programme.slug}/people/import"
    async with serving(settings) as running, running.client() as client:
        client.cookies.set(security.session_cookie(settings), token)
        taken = await sent(client, address, roster(2_500_000))
        assert taken.status_code == 200, taken.text[:500]
        before = resident(running)
        for content in [bytes(30_000_000)] * 5 + [roster(LIMIT + 200_000)]:
            try:
                refused = await sent(client, address, content)
            except (httpx.WriteError, httpx.ReadError):
                continue  # the server hung up while we were still sending
            assert refused.status_code == 413
            assert "提交的内容太大了" in refused.text
        small = await sent(client, address, roster(LIMIT + 200_000))
        assert small.status_code == 413
        form = await client.post("/sign-in", data={"email": "x" * 1_100_000})
        assert form.status_code == 413, "a form that uploads nothing ends at 1 MB"
        assert (await client.get("/health/ready")).status_code == 200
        grown = resident(running) - before
    assert grown < GROWTH
    async with Database.open(settings) as database:
        imported = len(await people.every(database, programme.id))
    print(f"{imported} people of 2.5 MB imported; refusing 150 MB grew the server by {grown / 1e6:.0f} MB")
    assert imported > 5_000
