"""Answering a wave, page by page, as browsers without JavaScript do it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
import structlog
from litestar import Litestar

from service import clock, forms
from service.actions.desk import WAVE_SECONDS
from service.actions.receipts import SYMBOLS, new_receipt, read_receipt
from service.database import Database
from service.errors import Malformed
from service.identifiers import derived_token, token_hash
from service.store import people, programmes, questionnaires, waves
from service.store.people import Entry
from service.store.programmes import Charter
from service.store.waves import Wave
from surveys.formats import yaml
from surveys.packed import KNOWN, Packing
from tests.visitors import browser

ALL_TYPES = (Path(__file__).parent / "all_types.yaml").read_text("utf-8")
ABOUT = {"role": "operator", "tools": "paper", "clear": "4", "ease": "5"}
HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}\u202e=cmd|"&amp;😀\' onfocus=alert(1) x="'


async def opened(database: Database, source: str = ALL_TYPES, **settings) -> Wave:
    """An open wave with a public link, of a new programme."""
    definition, problems = yaml.read(source)
    assert definition is not None, problems
    programme = await programmes.create(
        database, f"p-{token_hash(source)[:8]}", Charter(name="采购", process="采购审批")
    )
    version, _ = await questionnaires.publish(database, definition, source)
    given = {"stage": "diagnosis", "role": "baseline", "anonymity": "anonymous", "public_link": True, **settings}
    wave = await waves.create(database, programme=programme.id, version=version.id, title="基线", **given)
    await waves.change_state(database, wave.id, ["draft"], "open")
    found = await waves.get(database, wave.id)
    assert found is not None
    return found


async def invited(database: Database, wave: Wave, *, side: str = "operator") -> str:
    """The token of a personal link for somebody new."""
    entry = Entry(employee_number="A01", name="王芳", department="客服部/一组", position="专员", side=side)
    await people.save(database, wave.programme, [entry])
    [person] = await people.every(database, wave.programme)
    token = derived_token("secret", str(wave.id), str(person.id))
    await waves.invite(database, wave.id, [(person.id, token_hash(token))])
    return token


async def entered(app: Litestar, link: str) -> tuple[httpx.AsyncClient, str]:
    """A device that has opened a link, and the path of its wave."""
    client = browser(app)
    response = await client.get(link)
    assert response.status_code == 303, response.text
    return client, response.headers["location"]


async def stored(database: Database, wave: Wave) -> list[dict]:
    rows = await database.fetch("SELECT * FROM response WHERE wave = ? ORDER BY sequence", wave.id)
    return [{**row, "answers": msgspec.json.decode(row["answers"])} for row in rows]


async def through(client: httpx.AsyncClient, base: str, **pages: dict) -> httpx.Response:
    """Posts every page of the questionnaire in turn, empty where nothing is given; the last answer."""
    target = f"{base}/about"
    for _ in range(8):
        response = await client.post(target, data=pages.get(target.rpartition("/")[2], {"none": ""}))
        assert response.status_code == 303, response.text
        target = response.headers["location"]
        if target in (base, f"{base}/done"):
            return response
    raise AssertionError(target)


async def test_a_link_is_exchanged_for_a_cookie_and_a_clean_address(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    assert base == f"/answer/{wave.id}"
    page = await client.get(base)
    assert page.status_code == 200
    assert wave.public_token not in page.text
    assert "不足 5 人的分组不出统计结果" in page.text
    assert "不足 10 人" in page.text
    assert "匿名填写" in page.text


async def test_a_whole_questionnaire_is_answered_and_stored_once(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    last = await through(
        client,
        base,
        about={"role": "manager", "limit": "２０", "tools": ["system", "chat"], "clear.na": "1", "ease": "3"},
        scales={"info.complete": "2", "info.status.na": "1", "info.limits": "5", "recommend": "0",
                "lead_time": "1.5", "lead_time.unit": "day", "order.online": "1", "order.faster": "2"},
        process={"step.apply.work": "30", "step.apply.wait": "4", "step.apply.errors": "2", "step.apply.pain": "5",
                 "step.approve.na": "1", "pains": ["late", "own"], "pains.own.rank": "1", "pains.own.severity": "5",
                 "pains.own.frequency": "4", "pains.other": "附件总丢", "nickname": "过五关", "more": "要过五个人"},
        causes={"why.problem": "own", "why.why1": "没有统一入口"},
    )  # fmt: skip
    assert last.headers["location"] == f"{base}/done"
    [row] = await stored(database, wave)
    assert row["answers"] == {
        "role": "manager", "limit": 20, "tools": ["system", "chat"], "ease": 3,
        "info.complete": 2, "info.limits": 5, "recommend": 0, "lead_time": 2160, "order": ["online", "faster"],
        "step.apply.work": 30, "step.apply.wait": 4, "step.apply.errors": 2, "step.apply.pain": 5,
        "pains": ["own", "late"], "pains.own.severity": 5, "pains.own.frequency": 4, "pains.late.category": "material",
        "pains.other": "附件总丢", "nickname": "过五关", "more": "要过五个人",
        "why.problem": "own", "why.why1": "没有统一入口",
        "_not_applicable": ["clear", "info.status", "step.approve.work", "step.approve.wait", "step.approve.errors",
                            "step.approve.pain"],
    }  # fmt: skip
    version = await questionnaires.version(database, wave.version)
    known = [row[name[1:]] for name in KNOWN]
    assert row["packed"] == Packing(version.definition).pack(row["answers"], known) != ""
    assert (row["side"], row["source"]) == ("manager", "public")
    done = await client.get(f"{base}/done")
    assert read_receipt(done.text.split('<output id="code">')[1].split("<")[0]) is not None


async def test_mistakes_come_back_at_their_fields_with_what_was_typed(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    typed = {"role": "manager", "limit": "二十", "tools": ["paper", "none"], "ease": "4"}
    response = await client.post(f"{base}/about", data=typed)
    assert response.status_code == 422
    page = response.text
    assert 'value="二十"' in page
    assert 'aria-invalid="true" aria-describedby="f-limit-error"' in page
    assert 'id="f-limit-error"' in page
    assert 'href="#f-tools"' in page
    assert 'name="ease" value="4" checked' in page
    assert 'name="tools" value="none" checked' in page


async def test_a_required_question_is_asked_for(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    response = await client.post(f"{base}/about", data={"ease": "4"})
    assert response.status_code == 422
    assert "还有 1 处需要看一下" in response.text
    assert 'href="#f-role"' in response.text


async def test_a_question_that_an_answer_reveals_is_shown_before_going_on(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    assert 'name="limit"' not in (await client.get(f"{base}/about")).text
    again = await client.post(f"{base}/about", data={**ABOUT, "role": "manager"})
    assert again.status_code == 200
    assert 'name="limit"' in again.text
    assert "本页又多了几道题" in again.text
    assert 'name="role" value="manager" checked' in again.text


async def test_answers_to_questions_that_are_hidden_in_the_end_are_dropped(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data={**ABOUT, "role": "manager", "limit": "20"})
    await through(client, base, about={**ABOUT, "limit": "20"}, process={"more": "smuggled in"})
    [row] = await stored(database, wave)
    assert "limit" not in row["answers"]
    assert "more" not in row["answers"]
    assert {"limit", "more", "why", "info.limits"} <= set(row["answers"]["_not_shown"])


async def test_the_last_page_does_not_submit_while_an_earlier_one_lacks_an_answer(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    response = await client.post(f"{base}/process", data={"nickname": ""})
    assert response.headers["location"] == f"{base}/about?due=1"
    page = await client.get(response.headers["location"])
    assert page.status_code == 422
    assert 'href="#f-role"' in page.text
    assert await stored(database, wave) == []


async def test_submitting_twice_stores_one_response_with_the_same_receipt(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    clicks = await asyncio.gather(*(client.post(f"{base}/process", data={"nickname": ""}) for _ in range(20)))
    clicks.append(await client.post(f"{base}/process", data={"nickname": ""}))
    assert {each.status_code for each in clicks} == {303}
    assert {each.headers["location"] for each in clicks} <= {base, f"{base}/done"}
    assert (await client.get(base)).headers["location"] == f"{base}/done"
    assert len(await stored(database, wave)) == 1


async def test_a_second_tab_that_comes_late_is_told_that_all_is_submitted(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    await client.post(f"{base}/process", data={"step.apply.work": "1"})
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Source": "fieldset#q-step"}
    autosave = await client.post(f"{base}/save", data={"step.apply.work": "2"}, headers=htmx)
    assert autosave.headers["hx-redirect"] == base
    assert (await client.post(f"{base}/about", data=ABOUT)).headers["location"] == base
    assert (await client.post(f"{base}/process", data={"step.apply.work": "2"})).status_code == 303
    assert (await client.get(base)).headers["location"] == f"{base}/done"
    [row] = await stored(database, wave)
    assert row["answers"]["step.apply.work"] == 1
    for table in ("run", "draft_answer"):
        assert await database.fetch(f"SELECT * FROM {table}") == []


async def test_the_day_of_a_response_is_the_company_s(app: Litestar, database: Database, monkeypatch) -> None:
    late = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)  # half past one in the morning in Shanghai
    wave = await opened(database)
    monkeypatch.setattr(clock, "now", lambda: late)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await through(client, base, about=ABOUT)
    [row] = await stored(database, wave)
    assert str(row["submitted_on"]) == "2026-04-01"


async def test_opening_the_public_link_again_goes_on_with_the_same_run(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    assert (await client.get(f"/w/{wave.public_token}")).status_code == 303
    assert "接着填写" in (await client.get(base)).text
    assert 'name="ease" value="5" checked' in (await client.get(f"{base}/about")).text
    await through(client, base, about=ABOUT)
    assert (await client.get(f"/w/{wave.public_token}")).status_code == 303
    assert (await client.get(base)).headers["location"] == f"{base}/done"
    assert len(await stored(database, wave)) == 1


async def test_a_personal_link_resumes_on_another_device_and_submits_once(app: Litestar, database: Database) -> None:
    wave = await opened(database, anonymity="identified", public_link=False)
    token = await invited(database, wave, side="manager")
    phone, base = await entered(app, f"/a/{token}")
    await phone.post(f"{base}/about", data={**ABOUT, "role": "manager", "limit": "7"})
    computer, _ = await entered(app, f"/a/{token}")
    assert 'value="7"' in (await computer.get(f"{base}/about")).text
    await through(computer, base, about={**ABOUT, "role": "manager", "limit": "8"})
    page = await phone.get(base)
    assert "您已经提交过了" in page.text
    assert "您已经提交过了" in (await phone.post(f"{base}/about", data=ABOUT)).text
    [row] = await stored(database, wave)
    assert (row["answers"]["limit"], row["department"], row["side"], row["source"]) == (
        8, "客服部/一组", "manager", "personal",
    )  # fmt: skip
    assert row["person"] is not None
    assert row["invitation"] is not None


async def test_a_personal_link_knows_the_position_for_conditions(app: Litestar, database: Database) -> None:
    source = ALL_TYPES.replace('visible_if: role == "manager"', 'visible_if: person.position == "专员"', 1)
    assert source != ALL_TYPES
    wave = await opened(database, source, public_link=False)
    client, base = await entered(app, f"/a/{await invited(database, wave)}")
    assert 'name="limit"' in (await client.get(f"{base}/about")).text


async def test_a_phone_that_loses_its_network_while_sending_is_no_fault_of_ours(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    sent = [{"type": "http.request", "body": b"role=man", "more_body": True}, {"type": "http.disconnect"}]
    answered = []
    headers = {"host": "test", "origin": "http://test", "cookie": f"run={client.cookies.get('run', path=base)}",
               "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": f"{base}/about", "raw_path": f"{base}/about".encode(), "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80), "state": {},
    }  # fmt: skip

    async def receive():
        return sent.pop(0)

    async def send(message):
        answered.append(message)

    with structlog.testing.capture_logs() as logged:
        await app(scope, receive, send)
    assert answered[0]["status"] == 400
    assert logged == []
    assert await database.fetch("SELECT * FROM draft_answer") == []


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"", {}),
        (b"a=1&a=2&b.c=", {"a": ["1", "2"], "b.c": [""]}),
        (b"a=%E7%AD%89+%2B%26%3D&%61=x=y", {"a": ["等 +&=", "x=y"]}),
        (b"flag&=&a=%FF%zz", {"": [""], "a": ["\ufffd%zz"]}),
    ],
)
def test_a_form_is_read_as_browsers_write_it(body: bytes, form: dict[str, list[str]]) -> None:
    assert forms.read(body) == form


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(Malformed):
        forms.read(b"&" * 1_000_000)


async def test_an_anonymous_response_leaves_nothing_to_join_it_by(app: Litestar, database: Database) -> None:
    wave = await opened(database, public_link=False)
    token = await invited(database, wave)
    client, base = await entered(app, f"/a/{token}")
    await through(client, base, about=ABOUT)
    [row] = await stored(database, wave)
    [invitation] = await database.fetch("SELECT * FROM invitation WHERE wave = ?", wave.id)
    assert invitation["submitted"]
    assert row["person"] is None
    assert row["invitation"] is None
    assert row["submitted_at"] is None
    assert UUID(str(row["id"])).version == 4
    keys = {str(value) for value in invitation.values()}
    assert not keys & {str(value) for name, value in row.items() if name not in ("wave", "answers")} - {str(wave.id)}
    for table in ("run", "draft_answer"):
        assert await database.fetch(f"SELECT * FROM {table}") == []
    assert token_hash(token) != row["receipt_hash"]


async def test_the_back_button_saves_without_asking_for_anything(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    response = await client.post(f"{base}/scales", data={"recommend": "9", "lead_time": "soon", "_back": "1"})
    assert response.headers["location"] == f"{base}/about"
    assert 'name="recommend" value="9" checked' in (await client.get(f"{base}/scales")).text


@pytest.mark.parametrize("way", [{"_back": "1"}, {"_language": "en"}, {}], ids=["back", "language", "mistake"])
async def test_what_cannot_be_read_is_there_again_when_the_page_is(
    app: Litestar, database: Database, way: dict[str, str]
) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    typed = {"recommend": "9", "lead_time": "一个多礼拜", "lead_time.unit": "day"}
    await client.post(f"{base}/scales", data={**typed, **way})
    again = await client.get(f"{base}/scales")
    assert 'value="一个多礼拜"' in again.text
    assert 'name="lead_time.unit" value="day" checked' in again.text
    assert 'name="recommend" value="9" checked' in again.text
    await client.post(f"{base}/scales", data={**typed, "lead_time": "8"})
    assert 'value="8"' in (await client.get(f"{base}/scales")).text
    await through(client, base, about=ABOUT, scales={**typed, "lead_time": "8"})
    [row] = await stored(database, wave)
    assert row["answers"]["lead_time"] == 8 * 24 * 60
    assert "_typed" not in row["answers"]


async def test_pain_points_are_still_ticked_when_the_page_is_there_again(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    await client.post(f"{base}/process", data={"pains": ["late", "own"], "pains.own.rank": "1", "_back": "1"})
    page = (await client.get(f"{base}/process")).text
    assert page.count('name="pains" value="late" checked') + page.count('name="pains" value="own" checked') == 2
    assert 'name="pains.late.rank" value="2" checked' in page


async def test_the_language_is_switched_with_the_page_saved_and_kept(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    response = await client.post(f"{base}/about", data={"ease": "2", "_language": "en"})
    assert response.headers["location"] == f"{base}/about"
    page = await client.get(f"{base}/about")
    assert "What is your part in purchase approval?" in page.text
    assert '<html lang="en">' in page.text
    assert 'name="ease" value="2" checked' in page.text
    await through(client, base, about=ABOUT)
    assert "Receipt code" in (await client.get(f"{base}/done")).text
    assert (await stored(database, wave))[0]["language"] == "en"


async def test_hostile_text_comes_back_as_text(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.post(f"{base}/about", data=ABOUT)
    form = {"nickname": HOSTILE[:40], "pains": "own", "pains.other": HOSTILE, "step.apply.work": HOSTILE}
    page = (await client.post(f"{base}/process", data=form)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert " onfocus=alert(1) x=" not in page.replace("&#39; onfocus=alert(1) x=&#34;", "")
    assert "49" not in page.split('name="pains.other"')[1].split(">")[0]


async def test_a_closed_wave_takes_nothing_within_a_second(app: Litestar, database: Database, monkeypatch) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    assert (await client.get(f"{base}/about")).status_code == 200
    await waves.change_state(database, wave.id, ["open"], "closed")
    later = clock.now() + timedelta(seconds=WAVE_SECONDS)
    monkeypatch.setattr(clock, "now", lambda: later)
    response = await client.post(f"{base}/about", data=ABOUT)
    assert response.status_code == 410
    assert "调查已经结束" in response.text
    assert await database.fetch("SELECT * FROM draft_answer") == []


@pytest.mark.parametrize(("opens", "closes", "words"), [(1, None, "调查还没有开始"), (None, -1, "调查已经结束")])
async def test_the_window_is_kept(app: Litestar, database: Database, opens, closes, words) -> None:
    moments = [None if days is None else clock.now() + timedelta(days=days) for days in (opens, closes)]
    wave = await opened(database, opens_at=moments[0], closes_at=moments[1])
    client, base = await entered(app, f"/w/{wave.public_token}")
    assert words in (await client.get(base)).text
    assert words in (await client.post(f"{base}/about", data=ABOUT)).text


async def test_unknown_links_and_missing_cookies_say_what_to_do(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    for link in ("/w/nothing", "/a/nothing", f"/answer/{UUID(int=1)}"):
        response = await browser(app).get(link)
        assert response.status_code == 404
        assert "链接无法识别" in response.text
    response = await browser(app).get(f"/answer/{wave.id}/about")
    assert response.status_code == 403
    assert "请用链接重新打开" in response.text


async def test_a_pass_for_one_wave_opens_no_other(app: Litestar, database: Database) -> None:
    wave = await opened(database, anonymity="identified", public_link=False)
    token = await invited(database, wave)
    other = await opened(database, ALL_TYPES.replace("name: all-types", "name: other"), public_link=False)
    client = browser(app)
    client.cookies.set("run", f"a.{token}.{new_receipt()}")
    assert (await client.get(f"/answer/{other.id}/about")).status_code == 404
    client.cookies.set("run", f"w.{token}.{new_receipt()}")
    assert (await client.get(f"/answer/{other.id}/about")).status_code == 404


async def test_a_receipt_proves_that_the_answer_is_stored_and_tells_nothing_else(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await through(client, base, about=ABOUT)
    receipt = (await client.get(f"{base}/done")).text.split('<output id="code">')[1].split("<")[0]
    anybody = browser(app)
    found = await anybody.post("/receipt", data={"code": receipt.lower().replace("-", " ")})
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{today.year}年{today.month}月{today.day}日" in found.text
    assert "采购" not in found.text
    assert "没有找到" in (await anybody.post("/receipt", data={"code": new_receipt()})).text
    assert "格式不对" in (await anybody.post("/receipt", data={"code": "ABCD"})).text


def test_every_slip_of_the_pen_in_a_receipt_is_noticed() -> None:
    code = new_receipt().replace("-", "")
    slips = 0
    for place in range(len(code)):
        for symbol in SYMBOLS:
            if symbol != code[place]:
                assert read_receipt(code[:place] + symbol + code[place + 1 :]) is None
                slips += 1
    for place in range(len(code) - 2):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or read_receipt(swapped) is None
    assert slips == 12 * 30


async def test_autosave_stores_one_question_and_shows_what_it_reveals(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    source = {**htmx, "HX-Source": "fieldset#q-role"}
    response = await client.post(f"{base}/save", data={"role": "manager", "ease": "2"}, headers=source)
    assert "已保存" in response.text
    assert 'name="limit"' in response.text
    assert 'name="ease" value="2" checked' in response.text
    quiet = await client.post(f"{base}/save", data={"ease": "3"}, headers={**htmx, "HX-Source": "fieldset#q-ease"})
    assert "fieldset" not in quiet.text
    rows = await database.fetch("SELECT question, value FROM draft_answer ORDER BY question")
    assert [(row["question"], row["value"]) for row in rows] == [("ease", '{"ease":3}'), ("role", '{"role":"manager"}')]
    page = (await client.get(f"{base}/about")).text
    assert 'name="ease" value="3" checked' in page
    assert 'name="limit"' in page


async def test_the_first_page_of_a_fresh_run_costs_no_query_and_is_compressed_once(
    app: Litestar, database: Database, monkeypatch
) -> None:
    wave = await opened(database)
    client, base = await entered(app, f"/w/{wave.public_token}")
    await client.get(f"{base}/about")
    run, queries = type(database.engine).run, []

    async def counted(self, sql, *args, **kwargs):
        queries.append(sql)
        return await run(self, sql, *args, **kwargs)

    monkeypatch.setattr(type(database.engine), "run", counted)
    first = await client.get(f"{base}/about", headers={"Accept-Encoding": "br"})
    assert first.headers["content-encoding"] == "br"
    assert queries == []
    assert "no-store" in first.headers["cache-control"]
