"""Logic that needs a device, a cookie and a database: what a link says, order by lot, screening out, quotas, answers
that only one may give, wordings that repeat answers."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from urllib.parse import quote

import httpx
import pytest
from litestar import Litestar

from service import clock
from service.actions.desk import WAVE_SECONDS
from service.database import Database
from service.store import questionnaires
from service.store.waves import Wave
from surveys.formats import yaml
from tests.pages.test_answer import entered, invited, opened, stored
from tests.visitors import browser

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}

SCREENING = """
name: screening
kind: satisfaction
title: 投诉处理满意度
screen_out: 这次只请处理过投诉的同事作答，谢谢您。
quotas:
  - {code: night, when: 'shift == "night"', limit: 2, message: 夜班同事的答卷已经收够了，谢谢您。}
pages:
  - code: who
    jumps: [{when: 'handles == "no"', to: screen_out}]
    questions:
      - code: handles
        type: single
        required: true
        text: 您处理过投诉吗？
        choices: [{code: "yes", label: 处理过}, {code: "no", label: 没有}]
      - code: shift
        type: single
        text: 您上什么班？
        choices: [{code: day, label: 白班}, {code: night, label: 夜班}]
  - code: more
    questions:
      - {code: opinion, type: short_text, text: 您的看法？}
"""

CHANCE = """
name: chance
kind: satisfaction
title: 次序
shuffled_pages: [first, second, third]
pages:
  - code: start
    shuffle: true
    questions:
      - {code: arm, type: assignment, text: 组别, arms: [{code: a, label: 甲}, {code: b, label: 乙}]}
      - {code: one, type: short_text, text: 一}
      - {code: two, type: short_text, text: 二}
      - {code: three, type: short_text, text: 三}
      - {code: four, type: short_text, text: 四}
      - code: pick
        type: single
        shuffle: true
        text: 选一个
        choices: [{code: c1, label: 壹}, {code: c2, label: 贰}, {code: c3, label: 叁}, {code: c4, label: 肆},
                  {code: c5, label: 以上都不是, fixed: true}]
      - {code: only_a, type: short_text, text: 甲组的问题, visible_if: arm == "a"}
  - {code: first, questions: [{code: p1, type: short_text, text: 甲页}]}
  - {code: second, questions: [{code: p2, type: short_text, text: 乙页}]}
  - {code: third, questions: [{code: p3, type: short_text, text: 丙页}]}
"""

LINKED = """
name: linked
kind: satisfaction
title: 工单回访
pages:
  - code: about
    questions:
      - {code: ticket, type: hidden, text: 工单号}
      - {code: channel, type: hidden, parameter: utm_source, default: 短信, text: 渠道}
      - {code: ease, type: rating, low_label: 不顺, high_label: 顺利, text: "工单 {{ticket}} 处理得顺利吗？"}
      - {code: vip, type: short_text, text: 专属问题, visible_if: channel == "vip"}
  - code: last
    questions:
      - {code: words, type: short_text, text: 还想说什么？}
"""

ONCE = """
name: once
kind: satisfaction
title: 登记
pages:
  - code: contact
    questions:
      - {code: badge, type: short_text, unique: true, required: true, text: 工号}
      - {code: note, type: short_text, text: 备注}
  - code: last
    questions:
      - {code: words, type: short_text, text: 还想说什么？}
"""

LIVE = """
name: live
kind: diagnosis
title: 时间
pages:
  - code: times
    groups:
      - {code: effort, title: 耗时, text: 请按最近一次估计}
    questions:
      - {code: hello, type: statement, text: 先说时间}
      - {code: work, type: number, group: effort, text: 动手几分钟？}
      - {code: wait, type: number, group: effort, text: 等待几分钟？}
      - {code: total, type: computed, expression: work + wait, text: 合计}
      - code: why
        type: short_text
        required_if: total > 60
        visible_if: total > 30
        text: "为什么要 {{total}} 分钟？"
        rules: [{holds: 'why != "x"', message: "请写清楚 {{total}} 分钟花在哪里。"}]
      - code: seen
        type: multiple
        text: 遇到过哪些问题？
        choices: [{code: slow, label: 太慢}, {code: lost, label: 丢单}, {code: rude, label: 态度差}]
      - {code: worst, type: single, text: 哪个最严重？, choices_from: seen, carry: chosen}
"""


async def ended(database: Database, wave: Wave) -> list[dict]:
    return await database.fetch("SELECT * FROM ended WHERE wave = ?", wave.id)


async def answered(client: httpx.AsyncClient, base: str, **pages: dict) -> httpx.Response:
    """Posts the pages in the order given; the last answer."""
    for name, data in pages.items():
        response = await client.post(f"{base}/{name}", data=data)
        assert response.status_code == 303, response.text
    return response


async def test_who_is_screened_out_is_told_so_and_is_in_no_results(app: Litestar, database: Database) -> None:
    wave = await opened(database, SCREENING)
    client, base = await entered(app, f"/w/{wave.public_token}")
    last = await answered(client, base, who={"handles": "no", "shift": "day"})
    assert last.headers["location"] == f"{base}/done"
    page = (await client.get(f"{base}/done")).text
    assert "这次只请处理过投诉的同事作答" in page
    assert 'id="code"' not in page
    assert (await client.get(base)).headers["location"] == f"{base}/done"
    assert await stored(database, wave) == []
    [row] = await ended(database, wave)
    assert (row["outcome"], row["version"], row["source"]) == ("screened_out", wave.version, "public")
    assert '"handles":"no"' in row["answers"]


async def test_a_screened_out_person_is_neither_chased_nor_counted(app: Litestar, database: Database) -> None:
    wave = await opened(database, SCREENING, public_link=False)
    token = await invited(database, wave)
    client, base = await entered(app, f"/a/{token}")
    await answered(client, base, who={"handles": "no"})
    other, _ = await entered(app, f"/a/{token}")
    assert "您已经提交过了" in (await other.get(base)).text
    [row] = await ended(database, wave)
    assert (row["department"], row["side"]) == ("客服部/一组", "operator")


async def test_who_comes_too_late_for_a_quota_sees_its_message(app: Litestar, database: Database) -> None:
    wave = await opened(database, SCREENING)
    devices = [await entered(app, f"/w/{wave.public_token}") for _ in range(5)]
    for client, base in devices:
        await answered(client, base, who={"handles": "yes", "shift": "night"})
    turned = await asyncio.gather(*(client.post(f"{base}/more", data={"opinion": "好"}) for client, base in devices))
    assert {each.headers["location"] for each in turned} == {f"{devices[0][1]}/done"}
    pages = [(await client.get(f"{base}/done")).text for client, base in devices]
    assert sum("夜班同事的答卷已经收够了" in page for page in pages) == 3
    assert sum('id="code"' in page for page in pages) == 2
    assert len(await stored(database, wave)) == 2
    assert [(row["outcome"], row["quota"]) for row in await ended(database, wave)] == [("over_quota", "night")] * 3
    day, base = await entered(app, f"/w/{wave.public_token}")
    await answered(day, base, who={"handles": "yes", "shift": "day"}, more={"opinion": "好"})
    assert len(await stored(database, wave)) == 3


def order_of(page: str) -> list[str]:
    return re.findall(r'<fieldset class="question" id="q-(\w+)"', page)


async def test_each_device_has_an_order_of_its_own_and_keeps_it(app: Litestar, database: Database) -> None:
    wave = await opened(database, CHANCE)
    orders, options, arms = set(), set(), Counter()
    for _ in range(24):
        client, base = await entered(app, f"/w/{wave.public_token}")
        fresh = (await client.get(f"{base}/start")).text
        assert order_of((await client.get(f"{base}/start")).text) == order_of(fresh)
        chosen = re.findall(r'name="pick" value="(c\d)"', fresh)
        assert chosen[-1] == "c5"
        orders.add(tuple(order_of(fresh)))
        options.add(tuple(chosen))
        response = await client.post(f"{base}/start", data={"one": "1"})
        again = (await client.get(f"{base}/start")).text
        assert order_of(again) == order_of(fresh)
        assert re.findall(r'name="pick" value="(c\d)"', again) == chosen
        pages = []
        while response.headers["location"] != f"{base}/done":
            pages.append(response.headers["location"].rpartition("/")[2])
            response = await client.post(response.headers["location"], data={"_": ""})
        assert sorted(pages) == ["first", "second", "third"]
        row = (await stored(database, wave))[-1]
        assert ("only_a" in fresh) == (row["answers"]["arm"] == "a")
        assert 0 <= row["answers"]["_seed"] < 2**32
        arms[row["answers"]["arm"]] += 1
    assert len(orders) > 12
    assert len(options) > 8
    assert set(arms) == {"a", "b"}


async def test_the_order_follows_a_person_to_another_device(app: Litestar, database: Database) -> None:
    wave = await opened(database, CHANCE, public_link=False)
    token = await invited(database, wave)
    phone, base = await entered(app, f"/a/{token}")
    first = order_of((await phone.get(f"{base}/start")).text)
    await phone.post(f"{base}/save", data={"one": "1"}, headers={**HTMX, "HX-Source": "fieldset#q-one"})
    for _ in range(3):
        computer, _ = await entered(app, f"/a/{token}")
        assert order_of((await computer.get(f"{base}/start")).text) == first
    [run] = await database.fetch("SELECT token_hash, seed FROM run")
    assert run["seed"] != int(run["token_hash"][:8], 16)


async def test_what_a_link_says_is_stored_and_may_be_repeated_but_is_never_markup(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, LINKED)
    hostile = '"><script>alert(1)</script>'
    link = f"/w/{wave.public_token}?ticket={quote(hostile)}&utm_source=vip&role=admin&ease=5"
    client, base = await entered(app, link)
    assert "?" not in base
    page = (await client.get(f"{base}/about")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'name="vip"' in page
    await answered(client, base, about={"ease": "4", "ticket": "forged", "vip": "有"}, last={"words": "无"})
    [row] = await stored(database, wave)
    assert row["answers"] == {"ticket": hostile, "channel": "vip", "ease": 4, "vip": "有", "words": "无"}


async def test_a_link_that_says_nothing_leaves_the_default_and_the_shared_page(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, LINKED)
    vip, base = await entered(app, f"/w/{wave.public_token}?utm_source=vip")
    plain, _ = await entered(app, f"/w/{wave.public_token}")
    for _ in range(2):  # in either order, so that neither is shown the other's
        assert 'name="vip"' not in (await plain.get(f"{base}/about")).text
        assert 'name="vip"' in (await vip.get(f"{base}/about")).text
    await answered(plain, base, about={"ease": "4"}, last={"words": "无"})
    assert (await stored(database, wave))[0]["answers"]["channel"] == "短信"


async def test_what_the_first_link_said_stays_on_every_device(app: Litestar, database: Database) -> None:
    wave = await opened(database, LINKED, public_link=False)
    token = await invited(database, wave)
    phone, base = await entered(app, f"/a/{token}?ticket=T-1")
    await answered(phone, base, about={"ease": "4"})
    computer, _ = await entered(app, f"/a/{token}?ticket=T-2")
    assert "工单 T-1" in (await computer.get(f"{base}/about")).text
    await answered(computer, base, last={"words": "无"})
    [row] = await stored(database, wave)
    assert row["answers"]["ticket"] == "T-1"


@pytest.mark.parametrize(
    "value", ["x" * 201, "a\0b", "a\nb", "%FF%FE"], ids=["too long", "NUL", "line break", "no UTF-8"]
)  # fmt: skip
async def test_a_link_cannot_put_just_anything_into_a_cookie(app: Litestar, database: Database, value: str) -> None:
    wave = await opened(database, LINKED)
    client, base = await entered(app, f"/w/{wave.public_token}?ticket={quote(value, safe='%')}")
    assert all(len(cookie) < 4_000 for cookie in client.cookies.jar.__str__().split("Cookie"))
    assert (await client.get(f"{base}/about")).status_code == 200
    await answered(client, base, about={"ease": "4"}, last={"words": "无"})
    answers = (await stored(database, wave))[0]["answers"]
    assert answers.get("ticket", "") in ("", "ab", "\ufffd\ufffd")


async def test_a_forged_cookie_says_nothing(app: Litestar, database: Database) -> None:
    wave = await opened(database, LINKED)
    client, base = await entered(app, f"/w/{wave.public_token}?ticket=T-1")
    cookie = client.cookies.get("run", path=base)
    assert cookie is not None
    for end in ("!!!!", "W10", "eyJhIjoxfQ", "e" * 5_000):
        forged = browser(app)
        forged.cookies.set("run", cookie.rpartition(".")[0] + "." + end)
        assert "工单 …" in (await forged.get(f"{base}/about")).text


async def test_an_answer_that_somebody_gave_before_is_refused_at_its_field(app: Litestar, database: Database) -> None:
    wave = await opened(database, ONCE)
    first, base = await entered(app, f"/w/{wave.public_token}")
    await answered(first, base, contact={"badge": "A-01", "note": "甲"}, last={"words": ""})
    second, _ = await entered(app, f"/w/{wave.public_token}")
    response = await second.post(f"{base}/contact", data={"badge": " ａ-01", "note": "手写的备注"})
    assert response.status_code == 422
    assert 'id="f-badge-error"' in response.text
    assert "已有人填过" in response.text
    assert 'value="手写的备注"' in response.text
    assert "ａ-01" in response.text
    last = await answered(second, base, contact={"badge": "A-02"}, last={"words": ""})
    assert last.headers["location"] == f"{base}/done"
    assert [row["answers"]["badge"] for row in await stored(database, wave)] == ["A-01", "A-02"]


async def test_of_those_who_submit_the_same_answer_at_once_one_is_stored_and_the_others_are_led_back(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, ONCE)
    devices = [await entered(app, f"/w/{wave.public_token}") for _ in range(8)]
    for client, base in devices:
        await answered(client, base, contact={"badge": "A-01", "note": "备注"})
    turned = await asyncio.gather(
        *(client.post(f"{base}/last", data={"words": "写了很多"}) for client, base in devices)
    )
    led = Counter(each.headers["location"].rpartition("/")[2] for each in turned)
    assert led == {"done": 1, "contact?due=1": 7}
    assert len(await stored(database, wave)) == 1
    late = next(at for at, each in enumerate(turned) if "due" in each.headers["location"])
    client, base = devices[late]
    page = await client.get(turned[late].headers["location"])
    assert page.status_code == 422
    assert "已有人填过" in page.text
    assert 'value="备注"' in page.text
    assert 'value="写了很多"' in (await client.get(f"{base}/last")).text
    last = await answered(client, base, contact={"badge": "A-09"}, last={"words": "写了很多"})
    assert last.headers["location"] == f"{base}/done"


async def test_wordings_visibility_and_options_follow_the_answers_on_the_page(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, LIVE)
    client, base = await entered(app, f"/w/{wave.public_token}")
    page = (await client.get(f"{base}/times")).text
    assert order_of(page) == ["hello", "work", "wait", "seen"]
    assert re.search(r"<h2>耗时</h2>.*?请按最近一次估计.*?id=\"q-work\"", page, re.S)
    numbers = dict(re.findall(r'<legend id="l-(\w+)">(?:<span class="no">(\d+)</span>)?', page))
    assert numbers == {"hello": "", "work": "1", "wait": "2", "seen": "3"}
    await client.post(f"{base}/save", data={"work": "20"}, headers={**HTMX, "HX-Source": "fieldset#q-work"})
    typed = {"work": "20", "wait": "50"}
    saved = await client.post(f"{base}/save", data=typed, headers={**HTMX, "HX-Source": "fieldset#q-wait"})
    assert "为什么要 70 分钟？" in saved.text
    more = {**typed, "wait": "80"}
    saved = await client.post(f"{base}/save", data=more, headers={**HTMX, "HX-Source": "fieldset#q-wait"})
    assert "为什么要 100 分钟？" in saved.text
    ticked = {**more, "seen": ["slow", "rude"]}
    saved = await client.post(f"{base}/save", data=ticked, headers={**HTMX, "HX-Source": "fieldset#q-seen"})
    assert re.findall(r'name="worst" value="(\w+)"', saved.text) == ["slow", "rude"]


async def test_without_javascript_the_page_is_asked_again_and_rules_and_conditions_hold(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, LIVE)
    client, base = await entered(app, f"/w/{wave.public_token}")
    again = await client.post(f"{base}/times", data={"work": "20", "wait": "50", "seen": ["slow"]})
    assert again.status_code == 200
    assert "为什么要 70 分钟？" in again.text
    assert re.findall(r'name="worst" value="(\w+)"', again.text) == ["slow"]
    typed = {"work": "20", "wait": "50", "seen": ["slow"], "worst": "slow"}
    missing = await client.post(f"{base}/times", data={**typed, "why": ""})
    assert missing.status_code == 422
    assert 'href="#f-why"' in missing.text
    broken = await client.post(f"{base}/times", data={**typed, "why": "x"})
    assert "请写清楚 70 分钟花在哪里" in broken.text
    last = await client.post(f"{base}/times", data={**typed, "why": "等签字", "worst": "lost"})
    assert last.headers["location"] == f"{base}/done"
    [row] = await stored(database, wave)
    assert row["answers"] == {"work": 20, "wait": 50, "total": 70, "why": "等签字", "seen": ["slow"]}


async def test_a_run_in_progress_follows_the_wave_to_a_new_version_within_a_second(
    app: Litestar, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = await opened(database, ONCE)
    early, base = await entered(app, f"/w/{wave.public_token}")
    await answered(early, base, contact={"badge": "A-01", "note": "甲"}, last={"words": ""})
    client, _ = await entered(app, f"/w/{wave.public_token}")
    await answered(client, base, contact={"badge": "A-02", "note": "乙"})
    definition, _ = yaml.read(ONCE.replace("还想说什么？", "您还想补充什么？"))
    assert definition is not None
    version, _ = await questionnaires.publish(database, definition, "")
    await database.fetch("UPDATE wave SET version = ? WHERE id = ?", version.id, wave.id)
    later = clock.now() + timedelta(seconds=WAVE_SECONDS)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "您还想补充什么？" in (await client.get(f"{base}/last")).text
    await answered(client, base, last={"words": "没有"})
    rows = await stored(database, wave)
    assert [row["version"] for row in rows] == [wave.version, version.id]
    assert rows[1]["answers"] == {"badge": "A-02", "note": "乙", "words": "没有"}


async def test_publishing_while_a_hundred_people_answer_disturbs_nobody(
    app: Litestar, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the while the wave moves to versions with other wordings; whoever answers goes on as if nothing were."""
    monkeypatch.setattr("service.actions.desk.WAVE_SECONDS", 0.02)
    source = SCREENING.replace("limit: 2", "limit: 1000")
    wave = await opened(database, source)
    finished, several = asyncio.Event(), asyncio.Event()

    versions = []
    for number in range(40):
        definition, _ = yaml.read(source.replace("您的看法？", f"您的第 {number} 个看法？"))
        assert definition is not None
        versions.append(definition)

    published = 0

    async def publish() -> None:
        nonlocal published
        for definition in versions:
            version, _ = await questionnaires.publish(database, definition, "")
            async with database.writing():
                await database.fetch("UPDATE wave SET version = ? WHERE id = ?", version.id, wave.id)
            published += 1
            if published == 5:
                several.set()
            if finished.is_set():
                break

    async def answer(number: int) -> tuple[str, str]:
        client, base = await entered(app, f"/w/{wave.public_token}")
        assert (await client.get(f"{base}/who")).status_code == 200
        await answered(client, base, who={"handles": "yes", "shift": ("day", "night")[number % 2]})
        if number % 2:  # half of them meet several versions on their way, the others as many as happen to come
            await several.wait()
        assert 'name="opinion"' in (await client.get(f"{base}/more")).text
        last = await answered(client, base, more={"opinion": f"{number}"})
        assert last.headers["location"] == f"{base}/done"
        done = (await client.get(f"{base}/done")).text
        return f"{number}", done.split('<output id="code">')[1].split("<")[0]

    publishing = asyncio.create_task(publish())
    receipts = await asyncio.gather(*(answer(number) for number in range(100)))
    finished.set()
    await publishing
    rows = await stored(database, wave)
    assert sorted(row["answers"]["opinion"] for row in rows) == sorted(number for number, _ in receipts)
    assert len({receipt for _, receipt in receipts}) == 100
    assert published >= 5
    known = {row["id"] for row in await database.fetch("SELECT id FROM version")}
    assert {row["version"] for row in rows} <= known
    assert all(earlier["sequence"] < later["sequence"] for earlier, later in pairwise(rows))
