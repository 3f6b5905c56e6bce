"""What candidates learn: nothing before the release, then what the settings say; in practice all of it at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from service import access
from service.actions import certificates, releasing
from service.database import Database
from service.store import appeals, attempts
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from surveys.exams.definition import Blueprint, Exam, FixedItem, Pass, Release, Section, Sitting
from surveys.exams.items import BankItem
from tests.pages import exam_gallery, marked, sittings
from tests.store import exam_makers
from tests.visitors import browser, new_account


async def account(database: Database) -> UUID:
    return (await new_account(database, "hr@example.com")).id


async def release(database: Database, exam: ExamRecord) -> ExamRecord:
    who = await account(database)
    await marked.mark_all(database, exam, who)
    await releasing.release(database, exam, "演示", account=who)
    return await marked.again(database, exam)


@asynccontextmanager
async def come(app: Litestar, exam: ExamRecord, candidate: Candidate) -> AsyncIterator[httpx.AsyncClient]:
    """The candidate's browser, let in by the personal link."""
    app.state.pop("hall", None)  # a process that has not looked at the exam within the last second
    async with browser(app) as client:
        await client.get(f"/e/token-{candidate.employee_number}-{exam.id}")
        yield client


async def words(client: httpx.AsyncClient, path: str) -> str:
    return unescape((await client.get(path)).text)


async def test_before_the_release_no_route_of_a_candidate_tells_anything(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(good, attempt)] = await marked.class_of(database, exam, 1)
    await marked.mark_all(database, exam, await account(database))
    async with come(app, exam, good) as client:
        base = f"/exam/{exam.id}"
        seen = ""
        for path in ("", "/result", "/mistakes", "/result/certificate.pdf", "/1-abcdef/1", "/1-abcdef/1/check"):
            answer = await client.get(base + path)
            assert answer.status_code in (200, 303, 404), path
            seen += answer.text.partition("<main")[2]
        posted = await client.post(f"{base}/result/appeal", data={"attempt": "1", "item": "1", "text": "给我看"})
        assert posted.status_code == 404
        seen += posted.text
        assert "成绩还没有发布" in seen
        for told in ("首问负责制", "客户服务部", "72 小时", "1000", "10 /", "合格", "正确"):
            assert told not in seen.replace(str(exam.id), ""), told
        assert str(attempt) not in await words(client, f"{base}/result")


async def test_no_route_of_a_candidate_holds_a_key_before_the_release_whatever_the_type(
    app: Litestar, database: Database
):
    """Every key, share, feedback and explanation of the gallery holds a word that occurs nowhere else."""
    exam = await sittings.opened(database, gallery_definition(), items=gallery())
    sitter = await sittings.sitter(app, database, exam)
    await (await sitter.come()).start()
    tab = sitter.base.rpartition("/")[2]
    tried = 0
    for submitted in (False, True):
        if submitted:
            await sitter.submit()
        for method, path, how in access.routes(app):
            if how != "participant" or "{exam}" not in path or path.endswith(("/submit", "/leave", "/take", "/start")):
                continue
            for number in range(1, len(exam_gallery.ITEMS) + 1) if "{number}" in path else (1,):
                values = {"exam": str(exam.id), "tab": tab, "number": str(number), "file": "0" * 32}
                answer = await sitter.client.request(
                    method, path.format(**values), data=DATA if method == "POST" else None
                )
                assert answer.status_code < 500, path
                assert exam_gallery.SECRET not in answer.text, path
                tried += 1
    assert tried > 60
    print(f"{tried} answers to a candidate before the release scanned for keys")


DATA = {"attempt": "1", "item": "1", "text": "给我看", "_revision": "1", "_check": "1"}


def gallery() -> list[BankItem]:
    return [
        BankItem(code=f"item{number}", item=item, state="reviewed", topic=exam_gallery.SECRET)
        for number, item in enumerate(exam_gallery.ITEMS)
    ]


def gallery_definition() -> Exam:
    asked = tuple(FixedItem(code=each.code, points=100) for each in gallery())
    blueprint = Blueprint(sections=(Section(items=asked),))
    return marked.definition(blueprint=blueprint, passing=Pass(by="percent", value=0))


async def test_after_the_release_score_pass_answers_and_explanations_are_there(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(good, _), (bad, _)] = await marked.class_of(database, exam, 2)
    exam = await release(database, exam)
    async with come(app, exam, good) as client:
        page = await words(client, f"/exam/{exam.id}/result")
        for told in ("合格", "<strong>10</strong> / 10", "客户服务部", "首问负责制", "下载证书", "对这道题有异议"):
            assert told in page
        assert "owner" not in page, "codes of the bank stay inside"
        certificate = await client.get(f"/exam/{exam.id}/result/certificate.pdf")
        assert certificate.content.startswith(b"%PDF")
        assert f'href="/exam/{exam.id}/result"' in await words(client, f"/exam/{exam.id}")
    async with come(app, exam, bad) as client:
        page = await words(client, f"/exam/{exam.id}/result")
        assert "未合格" in page
        assert "错误" in page
        assert "下载证书" not in page
        assert (await client.get(f"/exam/{exam.id}/result/certificate.pdf")).status_code == 404


@pytest.mark.parametrize(
    ("setting", "shown", "hidden"),
    [
        (
            Release(score=False, passed=False),
            ("不公布分数",),
            ("10", "合格", "客户服务部", "首问负责制", "证书", "异议"),
        ),
        (
            Release(score=True, passed=False),
            ("<strong>10</strong> / 10",),
            ("合格", "客户服务部", "首问负责制", "证书"),
        ),
        (Release(score=False, passed=True), ("合格", "下载证书"), ("<strong>10", "客户服务部", "首问负责制")),
        (Release(score=False, passed=True, answers=True), ("客户服务部", "正确", "异议"), ("<strong>10", "首问负责制")),
        (
            Release(score=True, passed=True, explanations=True),
            ("首问负责制", "72 小时"),
            ("您的回答", "24 小时内给您答复", "异议"),
        ),
    ],
)
async def test_what_the_settings_withhold_is_in_no_byte(
    app: Litestar, database: Database, setting: Release, shown: tuple[str, ...], hidden: tuple[str, ...]
):
    exam = await marked.exam(database, marked.definition(release=setting))
    [(good, _)] = await marked.class_of(database, exam, 1)
    exam = await release(database, exam)
    async with come(app, exam, good) as client:
        page = (await words(client, f"/exam/{exam.id}/result")).partition("<main")[2]
        page = page.replace(str(exam.id), "")
        for told in shown:
            assert told in page
        for told in hidden:
            assert told not in page


async def test_an_attempt_after_the_release_waits_for_the_next_one(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(person, _)] = await marked.class_of(database, exam, 1)
    exam = await release(database, exam)
    await marked.sat(database, exam, person, marked.WRONG, number=2, at=exam.released_at)
    async with come(app, exam, person) as client:
        page = await words(client, f"/exam/{exam.id}/result")
        assert "另有 1 次作答的成绩尚未发布" in page
        assert "知道了" not in page


async def test_one_candidate_never_sees_anothers(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [_, (bad, _)] = await marked.class_of(database, exam, 2)
    exam = await release(database, exam)
    async with browser(app) as stranger:
        for path in ("/result", "/mistakes", "/result/certificate.pdf"):
            assert (await stranger.get(f"/exam/{exam.id}{path}")).status_code == 303
        assert (await stranger.post(f"/exam/{exam.id}/result/appeal", data={"text": "x"})).status_code == 303
    async with come(app, exam, bad) as client:
        form = {"attempt": "2", "item": "1", "text": "别人的"}
        assert (await client.post(f"/exam/{exam.id}/result/appeal", data=form)).status_code == 404
        page = await words(client, f"/exam/{exam.id}/result")
        assert "知道了" in page
        assert "我们已受理" not in page


async def test_an_appeal_is_filed_once_and_its_answer_comes_back(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(good, attempt)] = await marked.class_of(database, exam, 1)
    exam = await release(database, exam)
    paper = (await attempts.load(database, attempt)).paper
    [place] = [each.number for each in paper.items if each.code == "limit"]
    base = f"/exam/{exam.id}/result"
    async with come(app, exam, good) as client:
        form = {"attempt": "1", "item": str(place), "text": "  "}
        empty = await client.post(f"{base}/appeal", data=form)
        assert empty.status_code == 422
        assert "请写下理由" in empty.text
        for _ in range(2):
            filed = await client.post(f"{base}/appeal", data={**form, "text": "制度里写的是 <b>72</b> 小时"})
            assert filed.status_code == 303
        page = (await client.get(base)).text
        assert "等待处理" in page
        assert "&lt;b&gt;72&lt;/b&gt;" in page
        assert len(await appeals.of_exam(database, exam.id)) == 1
        [appeal] = await appeals.of_exam(database, exam.id)
        assert appeal.item == "limit"
        await appeals.decide(database, appeal.id, "您的答案已按正确计分。", False, await account_again(database))
        assert "您的答案已按正确计分。" in await words(client, base)


async def account_again(database: Database) -> UUID:
    return (await new_account(database, "judge@example.com")).id


@pytest.mark.parametrize(
    ("rule", "points", "passed"), [("best", "10", True), ("last", "5", False), ("average", "7.5", True)]
)
async def test_several_attempts_count_by_the_exams_rule(
    app: Litestar, database: Database, rule: str, points: str, passed: bool
):
    given = marked.definition(sitting=Sitting(attempts=2, attempt_rule=rule))
    exam = await marked.exam(database, given)
    person = await exam_makers.candidate(database, exam, 7001)
    await marked.sat(database, exam, person, marked.RIGHT)
    await marked.sat(database, exam, person, marked.WRONG, number=2)
    exam = await release(database, exam)
    async with come(app, exam, person) as client:
        page = await words(client, f"/exam/{exam.id}/result")
    assert f"<strong>{points}</strong> / 10" in page
    assert (await certificates.of_candidate(database, person.id) is not None) == passed


async def test_every_type_of_item_can_be_shown_after_the_release(app: Litestar, database: Database):
    pool = gallery()
    exam = await marked.exam(database, gallery_definition(), pool)
    person = await exam_makers.candidate(database, exam, 7001)
    await marked.sat(database, exam, person, {})
    who = await account(database)
    await releasing.release(database, exam, "", account=who)
    async with come(app, exam, person) as client:
        answer = await client.get(f"/exam/{exam.id}/result")
        assert answer.status_code == 200
        assert answer.text.count('<article class="revealed"') == len(pool)
        assert exam_gallery.SECRET in answer.text, "keys and explanations are released"
        assert (await client.get(f"/exam/{exam.id}/result?lang=en")).status_code == 200


# Practice


async def practice(database: Database, app: Litestar) -> sittings.Sitter:
    given = msgspec.structs.replace(sittings.definition(2), purpose="practice", sitting=Sitting(minutes=30, attempts=9))
    exam = await sittings.opened(database, given, items=sittings.bank(2))
    sitter = await sittings.sitter(app, database, exam)
    await (await sitter.come()).start()
    return sitter


def right(sitter: sittings.Sitter) -> int:
    """Which of the options shown is the right one."""
    labels = re.findall(r'name="\w+" value="\w+"[^>]*><span>([^<]+)</span>', sitter.page.text)
    return labels.index("客户服务部")


async def test_practice_tells_right_or_wrong_after_each_answer(app: Litestar, database: Database):
    sitter = await practice(database, app)
    assert "核对答案" in sitter.page.text
    wrong = 1 - right(sitter)
    page = await sitter.answer(wrong, "check")
    assert str(page.url).endswith("/1/check")
    assert "错误" in page.text
    assert "客户服务部" in page.text
    await sitter.see(2)
    assert "正确" in (await sitter.answer(right(sitter), "check")).text


async def test_an_exam_that_is_no_practice_checks_nothing_on_the_way(app: Litestar, database: Database):
    exam = await sittings.opened(database)
    sitter = await sittings.sitter(app, database, exam)
    await (await sitter.come()).start()
    assert "核对答案" not in sitter.page.text
    await sitter.answer(0, "next")
    answer = await sitter.client.get(f"{sitter.base}/1/check")
    assert (answer.status_code, answer.text) == (303, "")


async def test_wrong_answers_of_practice_are_repeated_until_each_was_right(app: Litestar, database: Database):
    sitter = await practice(database, app)
    for number in (1, 2):
        await sitter.see(number)
        await sitter.answer(1 - right(sitter), "next")
    await sitter.submit()
    page = await sitter.follow(await sitter.client.get(f"{sitter.door}/result"))
    assert "错题本（2 题待巩固）" in page.text
    for left in (2, 1):
        await sitter.follow(await sitter.client.get(f"{sitter.door}/mistakes"))
        assert f"还有 {left} 题" in sitter.page.text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', sitter.page.text))
        [(name, values)] = sitter.fields().items()
        correct = right(sitter)
        wrong = await sitter.client.post(f"{sitter.door}/mistakes", data={**hidden, name: values[1 - correct]})
        assert "错误" in wrong.text
        assert "客户服务部" in wrong.text
        if left == 2:  # what was repeated least comes first
            await sitter.follow(await sitter.client.get(f"{sitter.door}/mistakes"))
            again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', sitter.page.text))
            assert again != hidden
        done = await sitter.client.post(f"{sitter.door}/mistakes", data={**hidden, name: values[correct]})
        assert "正确" in done.text
    assert "都掌握了" in (await sitter.client.get(f"{sitter.door}/mistakes")).text


async def test_the_book_of_wrong_answers_is_of_practice_only(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(good, _)] = await marked.class_of(database, exam, 1)
    async with come(app, exam, good) as client:
        assert (await client.get(f"/exam/{exam.id}/mistakes")).status_code == 404
        assert (await client.post(f"/exam/{exam.id}/mistakes", data={"item": "1"})).status_code == 404
