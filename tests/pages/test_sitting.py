"""Sitting an exam without scripts and as the script does: door, waiting room, one clock, one active tab, receipt."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from litestar import Litestar

from service.actions.sitting import expire
from service.database import Database, Unavailable
from service.passwords import hashed
from service.store import attempts, candidates, exams, marks
from service.store.exams import ExamRecord
from tests.pages import exam_gallery
from tests.pages.sittings import START, FakeClock, Sitter, definition, opened, sitter
from tests.store import exam_makers
from tests.visitors import browser


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


async def started(app: Litestar, database: Database, exam: ExamRecord, number: int = 1) -> Sitter:
    return await (await (await sitter(app, database, exam, number)).come()).start()


async def kinds(database: Database, attempt: UUID) -> list[str]:
    return [each.kind for each in await attempts.events(database, attempt)]


# From the first page to the receipt


async def test_somebody_sits_an_exam_page_by_page_without_scripts(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await (await sitter(app, database, exam)).come()
    assert "员工1" in candidate.text()
    await candidate.start()
    for number in range(1, 5):
        assert f"第 {number} / 4 题" in candidate.text()
        assert "09:30:00" in candidate.text()  # the deadline is printed, in the company's time
        time.on(seconds=20)
        await candidate.answer(0)
    assert "4 题全部作答完毕" in candidate.text()
    await candidate.submit()
    assert "您已交卷" in candidate.text()
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.ended_by == "candidate"
    answers = await attempts.answers(database, attempt.id)
    assert {each.code for each in attempt.paper.items} == set(answers)
    assert all(each.response["choice"] in ("a", "b") for each in answers.values())
    assert await kinds(database, attempt.id) == ["started", "saved", "saved", "saved", "saved", "submitted"]


async def test_every_type_of_item_can_be_answered_and_comes_back_as_it_was(
    app: Litestar, database: Database, time: FakeClock
):
    count = len(exam_gallery.ITEMS)
    exam = await opened(database, definition(count), exam_gallery.bank())
    candidate = await started(app, database, exam)
    for number in range(1, count + 1):
        names = re.findall(r'<(?:input type="text"|textarea|select) [^>]*?name="(\w+)"', candidate.page.text)
        names += re.findall(r'<input [^>]*?type="text" name="(\w+)"', candidate.page.text)
        options = r'<select [^>]*?name="(\w+)"[^>]*><option value="">[^<]*</option><option value="(\w+)"'
        lists = dict(re.findall(options, candidate.page.text))
        chosen = {name: lists.get(name, "48") for name in names}
        chosen |= {name: values[0] for name, values in candidate.fields().items()}
        await candidate.press("next", chosen)
        await candidate.see(number)
        for name, value in chosen.items():
            shown = rf'name="{name}"[^>]*value="{value}"|value="{value}" (checked|selected)|>\n?{value}</textarea>'
            assert re.search(shown, candidate.page.text), (number, name)
        await candidate.see(number + 1 if number < count else "overview")
    [attempt] = await attempts.of_exam(database, exam.id)
    by_code = {each.code: each.item.__struct_config__.tag for each in exam_gallery.bank()}
    answered = {by_code[code] for code in await attempts.answers(database, attempt.id)}
    assert answered == set(by_code.values()) - {"file"}


async def test_the_overview_names_what_is_blank_and_what_is_flagged(app: Litestar, database: Database, time: FakeClock):
    candidate = await started(app, database, await opened(database))
    await candidate.answer()
    await candidate.press("next", _flagged="1")
    await candidate.see("overview")
    assert "还有 3 题没有作答" in candidate.text()
    assert re.search(r"您标记了以下题目： \s*第 2 题 ", candidate.text())


async def test_a_receipt_is_the_same_however_often_it_is_opened(app: Litestar, database: Database, time: FakeClock):
    candidate = await started(app, database, await opened(database))
    await candidate.submit()
    first = re.search(r"\w{4}-\w{4}-\w{4}", candidate.text())[0]
    time.on(hours=3)
    await candidate.submit()
    assert first in (await candidate.client.get(candidate.door)).text


async def test_the_language_can_be_changed_and_what_was_chosen_stays(
    app: Litestar, database: Database, time: FakeClock
):
    candidate = await started(app, database, await opened(database))
    [(name, values)] = candidate.fields().items()
    number = candidate.base
    form = {"_revision": (None, "1"), name: (None, values[1]), "_language": (None, "en")}
    await candidate.follow(await candidate.client.post(f"{number}/1", files=form))
    assert "Question 1 of 4" in candidate.text()
    assert candidate.checked() == [values[1]]


async def test_an_uploaded_file_is_the_answer_and_nobody_elses_is(app: Litestar, database: Database, time: FakeClock):
    items = [each for each in exam_gallery.bank() if each.item.__struct_config__.tag == "file"]
    exam = await opened(database, definition(1), items)
    candidate, other = await started(app, database, exam), await started(app, database, exam, 2)
    for one in (candidate, other):
        [name] = re.findall(r'name="(\w+)\.upload"', one.page.text)
        form = {"_revision": (None, "1"), "_to": (None, "1"), f"{name}.upload": ("登记表.txt", "客户：甲".encode())}
        await one.follow(await one.client.post(f"{one.base}/1", files=form))
        assert "登记表.txt" in one.text()
    theirs = re.search(r'type="hidden" name="(\w+)" value="(\w{32})"', other.page.text)
    [mine] = re.findall(r'type="hidden" name="(\w+)" value="\w{32}"', candidate.page.text)
    await candidate.press("to", {mine: theirs[2]})
    assert "登记表.txt" not in candidate.text()


# The door


async def test_an_exam_opens_in_the_second_that_was_told_and_not_before(
    app: Litestar, database: Database, time: FakeClock
):
    exam = await opened(database)
    await exams.change_window(database, exam.id, START + timedelta(minutes=10), None)
    candidate = await (await sitter(app, database, exam)).come()
    assert '<meta http-equiv="refresh" content="300">' in candidate.page.text
    await candidate.start()
    assert candidate.base == ""
    time.on(minutes=9, seconds=59.9)
    await candidate.start()
    assert candidate.base == ""
    assert '<meta http-equiv="refresh" content="1">' in candidate.page.text
    said = (await candidate.client.get(f"{candidate.door}/clock")).json()
    assert said["opens"] - said["now"] == 100
    time.on(seconds=0.1)
    await candidate.start()
    assert "第 1 / 4 题" in candidate.text()


async def test_who_has_no_link_comes_in_by_number_password_and_seat(app: Litestar, database: Database, time: FakeClock):
    exam = await guarded(database)
    candidate = Sitter(app, exam, 1)
    typed = {"number": "1", "password": "guessed", "seat": "A-7"}
    response = await candidate.follow(await candidate.client.post(f"{candidate.door}/enter", data=typed))
    assert response.status_code == 422
    assert 'value="1"' in response.text
    wrong = candidate.text()
    unknown = {"number": "999", "password": "open sesame 2026", "seat": "A-7"}
    response = await candidate.follow(await candidate.client.post(f"{candidate.door}/enter", data=unknown))
    assert candidate.text() == wrong  # who is on the list is nobody's business
    right = {"number": "1", "password": "open sesame 2026", "seat": "a7"}
    await candidate.follow(await candidate.client.post(f"{candidate.door}/enter", data=right))
    await candidate.start()
    assert "第 1 / 4 题" in candidate.text()


async def guarded(database: Database) -> ExamRecord:
    exam = await opened(database, definition(password=True, seat_code=True))
    await exams.change_password(database, exam.id, await hashed("open sesame 2026"))
    candidate = await exam_makers.candidate(database, exam, 1)
    await candidates.seats(database, {candidate.id: "A-7"})
    found = await exams.load(database, exam.id)
    assert found is not None
    return found


async def test_a_link_alone_does_not_open_an_exam_with_a_password(app: Litestar, database: Database, time: FakeClock):
    candidate = await Sitter(app, await guarded(database), 1).come()
    assert "员工1" in candidate.text()
    assert "工号" not in candidate.page.text.replace("（工号 1）", "")
    await candidate.start()
    await candidate.take()
    assert candidate.base == ""
    assert await attempts.of_exam(database, candidate.exam.id) == []
    given = {"password": "open sesame 2026", "seat": "A7"}
    await candidate.follow(await candidate.client.post(f"{candidate.door}/enter", data=given))
    await candidate.start()
    assert candidate.base


async def test_an_employee_number_alone_opens_nothing(app: Litestar, database: Database, time: FakeClock):
    candidate = await sitter(app, database, await opened(database))
    await candidate.follow(await candidate.client.post(f"{candidate.door}/enter", data={"number": "1"}))
    assert candidate.page.status_code == 422
    await candidate.start()
    assert candidate.base == ""


async def test_whoever_guesses_at_the_door_has_to_wait(app: Litestar, database: Database, time: FakeClock):
    candidate = Sitter(app, await guarded(database), 1)
    given = {"number": "1", "password": "wrong", "seat": ""}
    codes = [(await candidate.client.post(f"{candidate.door}/enter", data=given)).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


async def test_a_ticket_that_was_changed_opens_nothing(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    other = await exam_makers.candidate(database, exam, 2)
    kept = candidate.client.cookies.get("sitting", path=candidate.door)
    forged = ".".join([other.id.hex, *kept.split(".")[1:]])
    for cookie in (forged, kept[:-1], kept.replace(".i.", ".k."), "", "a.b.i.c"):
        thief = browser(app)
        thief.cookies.set("sitting", cookie, path=candidate.door)
        assert "不是我" not in (await thief.get(candidate.door)).text


async def test_nobody_gets_to_anothers_page(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate, other = await started(app, database, exam), await started(app, database, exam, 2)
    before, other.base = other.base, candidate.base
    response = await other.client.get(f"{candidate.base}/1")
    assert response.status_code in (303, 409)
    assert 'name="_revision"' not in response.text
    assert (await other.save(1, 1, {}))["status"] in (404, 409)
    assert (await browser(app).get(f"{candidate.base}/1")).status_code == 303
    assert (await browser(app).post(f"{candidate.base}/submit")).status_code == 303
    other.base = before
    assert (await other.save(1, 1, {}))["status"] == 200
    assert all(each.submitted_at is None for each in await attempts.of_exam(database, exam.id))


# The clock


async def test_a_start_that_is_repeated_starts_no_other_clock(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database, definition(attempts=2))
    candidate = await started(app, database, exam)
    time.on(minutes=5)
    await candidate.start()
    await candidate.start(2)
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.started_at == START
    assert attempt.deadline_at == START + timedelta(minutes=30)
    await candidate.take()
    await candidate.submit()
    await candidate.start(1)  # a form of before, sent again
    assert len(await attempts.of_exam(database, exam.id)) == 1
    await candidate.start(2)
    first, second = await attempts.of_exam(database, exam.id)
    assert second.number == 2
    assert {item.code for item in first.paper.items}.isdisjoint(item.code for item in second.paper.items)
    await candidate.submit()
    await candidate.start(3)
    assert len(await attempts.of_exam(database, exam.id)) == 2


async def test_extra_time_lengthens_the_attempt_and_the_window(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database, window=timedelta(minutes=20))
    person = await exam_makers.candidate(database, exam, 1)
    await candidates.allow(database, person.id, extra_minutes=15, extra_attempts=0)
    await (await Sitter(app, exam, 1).come()).start()
    await started(app, database, exam, 2)
    deadlines = {each.candidate == person.id: each.deadline_at for each in await attempts.of_exam(database, exam.id)}
    assert deadlines == {True: START + timedelta(minutes=35), False: START + timedelta(minutes=20)}


async def test_an_answer_in_flight_counts_and_one_after_the_grace_is_evidence(
    app: Litestar, database: Database, time: FakeClock
):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    [(name, values)] = candidate.fields().items()
    time.on(minutes=30, seconds=5)
    assert (await candidate.save(1, 1, {name: [values[0]]}))["ruling"] == "stored"
    time.on(seconds=0.1)
    assert (await candidate.save(1, 2, {name: [values[1]]}))["ruling"] == "late"
    await candidate.press("next", {name: values[1]})
    assert "没有计入" in candidate.text()
    [attempt] = await attempts.of_exam(database, exam.id)
    [answer] = (await attempts.answers(database, attempt.id)).values()
    assert answer.revision == 1
    late = [each for each in await attempts.events(database, attempt.id) if each.kind == "late"]
    assert late[0].revision == 2
    assert late[0].detail["response"] != answer.response


async def test_the_server_hands_in_for_those_who_never_come_back(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    await candidate.answer()
    time.on(minutes=30, seconds=5)
    await expire(database)
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.submitted_at is None  # answers may still be on their way
    time.on(seconds=0.1)
    await expire(database)
    await expire(database)
    [attempt] = await attempts.of_exam(database, exam.id)
    assert (attempt.submitted_at, attempt.ended_by) == (START + timedelta(minutes=30), "deadline")
    assert (await kinds(database, attempt.id)).count("expired") == 1
    assert [each.total for each in (await marks.of_exam(database, exam.id, 1)).values()] == [2000]
    await candidate.follow(await candidate.client.get(f"{candidate.base}/1"))
    assert "系统已为您交卷" in candidate.text()


async def test_whoever_comes_back_too_late_is_handed_in_by_looking(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    time.on(days=1)
    await candidate.see(1)
    assert "系统已为您交卷" in candidate.text()
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.submitted_at == START + timedelta(minutes=30)


# One tab, one way


async def test_a_second_tab_can_take_over_and_the_first_is_told(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    first = await started(app, database, exam)
    second = await Sitter(app, exam, 1, first.client).come()
    assert "您的考试正在进行" in second.text()
    await second.take()
    [(name, values)] = second.fields().items()
    await second.press("to", {name: values[0]})
    await first.press("next", {name: values[1]})
    assert first.page.status_code == 409
    assert "这个页面已停用" in first.text()
    assert (await first.save(1, 9, {name: [values[1]]}))["ruling"] == "elsewhere"
    await second.see(1)
    assert second.checked() == [values[0]]
    [attempt] = await attempts.of_exam(database, exam.id)
    stale = [each for each in await attempts.events(database, attempt.id) if each.kind == "stale"]
    assert [each.detail["reason"] for each in stale] == ["device", "device"]
    assert "taken_over" in await kinds(database, attempt.id)
    await first.take()
    await first.answer()
    assert (await second.save(1, 9, {}))["ruling"] == "elsewhere"


async def test_what_somebody_wrote_in_the_wrong_tab_stays_on_the_page(
    app: Litestar, database: Database, time: FakeClock
):
    essays = [each for each in exam_gallery.bank() if each.item.__struct_config__.tag == "essay"]
    first = await started(app, database, await opened(database, definition(1), essays))
    await Sitter(app, first.exam, 1, first.client).take()
    [name] = re.findall(r'<textarea [^>]*name="(\w+)"', first.page.text)
    await first.press("next", {name: "先道歉，再按标准赔付。"})
    assert "先道歉，再按标准赔付。" in first.text()


async def test_a_lower_revision_never_replaces_a_higher_one(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    [(name, values)] = candidate.fields().items()
    assert (await candidate.save(1, 5, {name: [values[0]]}))["stale"] == {}
    assert (await candidate.save(1, 4, {name: [values[1]]}))["stale"] == {"1": 5}
    assert (await candidate.save(1, 5, {name: [values[1]]}))["stale"] == {"1": 5}
    assert (await candidate.save(1, 5, {name: [values[0]]}))["stale"] == {}  # the same again
    await candidate.press("next", {name: values[1]})  # a page that was opened before
    assert candidate.page.status_code == 409
    assert candidate.checked() == [values[1]]
    await candidate.press("next", {name: values[1]})
    [attempt] = await attempts.of_exam(database, exam.id)
    [answer] = (await attempts.answers(database, attempt.id)).values()
    assert answer.revision == 6


async def test_there_is_no_way_back_where_the_exam_has_none(app: Litestar, database: Database, time: FakeClock):
    exam = await opened(database, definition(free_navigation=False))
    candidate = await started(app, database, exam)
    [(first, values)] = candidate.fields().items()
    await candidate.answer(0)
    assert "第 2 / 4 题" in candidate.text()
    assert "_back" not in candidate.page.text
    await candidate.see(1)
    assert "第 2 / 4 题" in candidate.text()
    await candidate.see(4)
    assert "第 2 / 4 题" in candidate.text()
    assert (await candidate.client.get(f"{candidate.base}/all")).status_code == 204
    assert (await candidate.save(1, 9, {first: [values[1]]}))["stale"] == {"1": 1}
    await candidate.save(4, 9, {}, position=4)
    [attempt] = await attempts.of_exam(database, exam.id)
    assert attempt.position == 2
    assert (await attempts.answers(database, attempt.id))[attempt.paper.items[0].code].revision == 1


# What is noted, and what is not taken


async def test_leaving_and_coming_back_are_evidence_and_change_nothing(
    app: Litestar, database: Database, time: FakeClock
):
    exam = await opened(database)
    candidate = await started(app, database, exam)
    noted = [{"kind": "left"}, {"kind": "returned", "seconds": 12.34}, {"kind": "reconnected", "seconds": 3}]
    response = await candidate.client.post(f"{candidate.base}/save", content=json.dumps({"noted": noted}))
    assert response.json()["ruling"] == "stored"
    [attempt] = await attempts.of_exam(database, exam.id)
    events = await attempts.events(database, attempt.id)
    assert [(each.kind, each.detail.get("seconds")) for each in events[1:]] == [
        ("left", 0.0), ("returned", 12.3), ("reconnected", 3.0),
    ]  # fmt: skip
    assert attempt.deadline_at == START + timedelta(minutes=30)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"answers":1}', b'{"noted":[{"kind":"passed"}]}', b'{"deadline":1}'])
async def test_what_is_no_save_is_refused(app: Litestar, database: Database, time: FakeClock, body: bytes):
    candidate = await started(app, database, await opened(database))
    assert (await candidate.client.post(f"{candidate.base}/save", content=body)).status_code == 400


async def test_while_the_database_is_away_what_was_typed_stays_on_the_page(
    app: Litestar, database: Database, time: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    candidate = await started(app, database, await opened(database))
    [(name, values)] = candidate.fields().items()

    async def away(_: object) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(database.writer, "write", away)
    await candidate.press("next", {name: values[1]})
    assert candidate.page.status_code == 503
    assert "没有保存成功" in candidate.text()
    assert candidate.checked() == [values[1]]
    monkeypatch.undo()
    FakeClock(monkeypatch)
    await candidate.press("next", {name: values[1]})
    assert "第 2 / 4 题" in candidate.text()


async def test_a_form_of_another_site_starts_nothing(app: Litestar, database: Database, time: FakeClock):
    candidate = await (await sitter(app, database, await opened(database))).come()
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = await candidate.client.post(f"{candidate.door}/start", data={"attempt": "1"}, headers=headers)
    assert response.status_code == 403


# Keys


@pytest.mark.parametrize("papers", [100])
async def test_no_byte_before_release_holds_a_key(app: Litestar, database: Database, time: FakeClock, papers: int):
    """A hundred papers on each engine: every answer to a candidate, headers included, held against what only markers
    may see; and no option tells by its name, place or anything else around it that it is the right one."""
    count = len(exam_gallery.ITEMS)
    exam = await opened(database, definition(count), exam_gallery.bank())
    forbidden = [exam_gallery.SECRET, "987654", "correct", "share", "accepted", "rubric", "feedback", "explanation"]
    codes = re.compile(r'"(?:service|finance|register|assign|g\d+|choice|p1|depth)"|value="(?:true|false)"')
    read = 0
    right: list[str] = []
    for number in range(1, papers + 1):
        candidate = await started(app, database, exam, number)
        paths = [*(str(each) for each in range(1, count + 1)), "all", "overview"]
        pages = [await candidate.see(path) for path in paths]
        pages.append(await candidate.client.post(f"{candidate.base}/save", content=b"{}"))
        right += re.findall(r'value="(\w+)"><span>客户服务部<', pages[count].text)
        pages.append(await candidate.submit())
        for page in pages:
            text = f"{page.text}{dict(page.headers)}"
            read += len(text)
            assert not any(word in text for word in forbidden)
            assert not codes.search(text)
    assert len(set(right)) > 0.9 * len(right)  # a key's name is another one each time
    print(f"{papers} papers, {read} characters, no key")
