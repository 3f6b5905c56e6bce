"""Marking by hand, corrected keys, release and appeals, as HR and markers do it in their browsers."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from service.actions import appeals, corrections, marking, releasing, scoring
from service.database import Database
from service.errors import Conflict
from service.store import attempts, audit, certificates, exams, marks
from service.store.exams import ExamRecord
from tests.pages import marked
from tests.store import exam_makers
from tests.visitors import member, new_account


async def slug(database: Database, exam: ExamRecord) -> str:
    [row] = await database.fetch("SELECT slug FROM programme WHERE id = ?", exam.programme)
    return row["slug"]


async def path(database: Database, exam: ExamRecord) -> str:
    return f"/programmes/{await slug(database, exam)}/exams/{exam.id}"


async def somebody(database: Database, email: str = "hr@example.com") -> UUID:
    return (await new_account(database, email)).id


async def point_of(database: Database, exam: ExamRecord) -> dict[UUID, int]:
    number = (await marked.again(database, exam)).scoring
    return {each.attempt: each.points for each in await marks.results(database, exam.id, number)}


# At once


async def test_an_attempt_is_marked_at_once_and_twice_alike(database: Database):
    exam = await marked.exam(database)
    [(_, good), (_, bad)] = await marked.class_of(database, exam, 2)
    before = await marks.of_exam(database, exam.id, 1)
    assert (before[good].points, before[bad].points, before[good].total) == (500, 0, 1000)
    assert before[good].provisional, "the open answer has not been marked"
    assert before[good].marks["reply"].state == "pending"
    await scoring.score_attempt(database, good)
    await scoring.score_exam(database, exam.id)
    after = await marks.of_exam(database, exam.id, 1)
    assert {key: msgspec.structs.replace(each, at=before[key].at) for key, each in after.items()} == before


async def test_attempts_that_end_at_the_same_moment_are_marked_together_and_each_waits_for_its_own(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    exam = await marked.exam(database)
    people = [await exam_makers.candidate(database, exam, 7001 + number) for number in range(20)]
    ended = [await marked.sat(database, exam, person, marked.RIGHT, score=False) for person in people]
    batches, together = [], scoring.score_attempts

    async def counted(database: Database, attempts: set[UUID]) -> None:
        batches.append(len(attempts))
        if len(batches) == 2:
            raise ConnectionError  # its own caller is told, the others try again
        await together(database, attempts)

    monkeypatch.setattr(scoring, "score_attempts", counted)
    done = await asyncio.gather(*(scoring.score_attempt(database, each) for each in ended), return_exceptions=True)
    assert [each for each in done if each is not None and not isinstance(each, ConnectionError)] == []
    assert sum(isinstance(each, ConnectionError) for each in done) == 1
    assert len(batches) == 3
    assert len(await marks.of_exam(database, exam.id, 1)) == 20


async def test_an_attempt_that_still_runs_has_no_marks(database: Database):
    exam = await marked.exam(database)
    person = await exam_makers.candidate(database, exam, 1)
    attempt = await marked.sat(database, exam, person, marked.RIGHT, score=False)
    await database.fetch("UPDATE attempt SET submitted_at = NULL WHERE id = ?", attempt)
    await scoring.score_attempt(database, attempt)
    assert await marks.of_exam(database, exam.id, 1) == {}


async def test_marks_that_a_crash_left_out_are_made_before_anybody_looks(database: Database):
    exam = await marked.exam(database)
    person = await exam_makers.candidate(database, exam, 1)
    await marked.sat(database, exam, person, marked.RIGHT, score=False)
    assert (await releasing.readiness(database, exam)).attempts == 1


# The desk


def answer_text(page: httpx.Response) -> str:
    return unescape(re.search(r'id="given">.*?class="words-of">(.*?)</div>', page.text, re.S)[1])


async def test_a_marker_sees_one_answer_after_the_other_and_never_whose_it_is(app: Litestar, database: Database):
    exam = await marked.exam(database)
    people = await marked.class_of(database, exam, 3)
    desk = f"{await path(database, exam)}/marking"
    async with await member(app, exam.programme, "author") as browser:
        overview = (await browser.get(desk)).text
        assert "已评 0 / 3 份" in overview
        seen = []
        for left in (3, 2, 1):
            turn = await browser.get(f"{desk}/reply/first")
            page = await browser.get(turn.headers["location"])
            for person, attempt in people:
                for told in (person.name, person.employee_number, person.department, str(attempt), str(person.id)):
                    assert told not in page.text
            assert f"已评 {3 - left} / 3 份" in page.text
            seen.append(answer_text(page))
            saved = await browser.post(turn.headers["location"], data={"content": "1", "tone": "1", "comment": "不错"})
            assert saved.headers["location"] == f"{desk}/reply/first"
        assert len(set(seen)) == 3
        done = await browser.get(f"{desk}/reply/first")
        assert done.headers["location"] == f"{desk}?done=reply"
    points = await point_of(database, exam)
    assert sorted(points.values()) == [300, 800, 800], "two of four, one of one: three fifths of 500"
    assert not any(each.provisional for each in (await marks.of_exam(database, exam.id, 1)).values())


async def test_a_mark_needs_a_level_for_every_criterion_and_keeps_what_was_chosen(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 1)
    async with await member(app, exam.programme, "hr") as browser:
        turn = (await browser.get(f"{await path(database, exam)}/marking/reply/first")).headers["location"]
        page = await browser.post(turn, data={"content": "2", "tone": "7", "comment": "差一项"})
        assert page.status_code == 422
        assert "请选一个档次" in page.text
        assert re.search(r'name="content" value="2" checked', page.text)
        assert "差一项" in page.text
    assert await marks.by_hand(database, exam.id) == []


async def test_going_back_changes_a_mark_and_the_old_one_stays_on_record(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 2)
    desk = f"{await path(database, exam)}/marking/reply/first"
    async with await member(app, exam.programme, "hr") as browser:
        first = (await browser.get(desk)).headers["location"]
        await browser.post(first, data={"content": "0", "tone": "0"})
        second = await browser.get((await browser.get(desk)).headers["location"])
        assert first in second.text, "the way back to the one before"
        assert re.search(r'name="content" value="0" checked', (await browser.get(first)).text)
        await browser.post(first, data={"content": "2", "tone": "1"})
    [now] = await marks.by_hand(database, exam.id)
    history = await marks.history(database, now.attempt)
    assert [(each.points, each.replaced_at is None) for each in history] == [(0, False), (500, True)]


async def test_another_marker_cannot_take_over_a_first_mark(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 1)
    desk = f"{await path(database, exam)}/marking/reply/first"
    one, two = await member(app, exam.programme, "hr"), await member(app, exam.programme, "author")
    async with one, two:
        turn = (await one.get(desk)).headers["location"]
        await one.post(turn, data={"content": "2", "tone": "1"})
        assert (await two.get(turn)).status_code == 404
        assert (await two.post(turn, data={"content": "0", "tone": "0"})).status_code == 404
        assert (await two.get(f"{desk}/not-a-token")).status_code == 404


async def test_a_second_marker_is_blind_to_the_first_and_somebody_else(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 2)
    desk = f"{await path(database, exam)}/marking"
    one, two = await member(app, exam.programme, "hr"), await member(app, exam.programme, "author")
    async with one, two:
        for _ in range(2):
            turn = (await one.get(f"{desk}/reply/first")).headers["location"]
            await one.post(turn, data={"content": "2", "tone": "1", "comment": "初评意见"})
        assert (await one.get(f"{desk}/reply/second")).headers["location"].endswith("done=reply")
        assert "复评须由另一位阅卷人完成" in (await one.get(desk)).text
        turn = (await two.get(f"{desk}/reply/second")).headers["location"]
        page = (await two.get(turn)).text
        assert "初评意见" not in page
        assert "checked" not in page
        await two.post(turn, data={"content": "1", "tone": "1"})
        assert "1 份两评不一致" in (await two.get(desk)).text
        provisional = [each for each in (await marks.of_exam(database, exam.id, 1)).values() if each.provisional]
        assert len(provisional) == 1, "until the two agree"
        turn = (await one.get(f"{desk}/reply/agreed")).headers["location"]
        page = (await one.get(turn)).text
        assert "初评意见" in page
        await one.post(turn, data={"content": "1", "tone": "1", "comment": "商定"})
    scored = (await marks.of_exam(database, exam.id, 1)).values()
    assert not any(each.provisional for each in scored)
    assert sorted(each.marks["reply"].points for each in scored) == [300, 500]


async def test_agreement_of_the_two_markers_is_shown_from_ten_answers_on(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 10)
    one, two = await somebody(database, "one@example.com"), await somebody(database, "two@example.com")
    for place, each in enumerate(await marks.sat(database, exam.id)):
        first, second = (500, 500) if place < 5 else (100, 200 if place == 9 else 100)
        for role, account, points in (("first", one, first), ("second", two, second)):
            await marks.give(database, each.attempt, "reply", role, account, points=points, rubric={}, comment="")
    queue = await marking.queue(database, exam, "reply")
    assert len(queue.differing) == 1
    assert queue.agreement is not None
    assert 0.9 < queue.agreement.value < 1
    async with await member(app, exam.programme, "hr") as browser:
        assert "加权 kappa 0.9" in (await browser.get(f"{await path(database, exam)}/marking")).text


# Corrected keys


async def test_a_dry_run_lists_whose_result_changes_and_changes_nothing(app: Litestar, database: Database):
    exam = await marked.exam(database, marked.definition(passing=marked.Pass(by="points", value=300)))
    people = await marked.class_of(database, exam, 4)
    before = await point_of(database, exam)
    page = f"{await path(database, exam)}/scoring/owner"
    async with await member(app, exam.programme, "hr") as browser:
        assert re.search(r'value="service" checked', (await browser.get(page)).text)
        run = await browser.post(page, data={"treatment": "keyed", "choice": ["finance"]})
    assert run.status_code == 200
    assert "4 份答卷中，4 份成绩会变：2 份变为合格，2 份变为不合格" in run.text
    for person, _ in people:
        assert person.name in run.text
    assert await point_of(database, exam) == before
    assert (await marked.again(database, exam)).scoring == 1


async def test_a_correction_is_a_new_scoring_with_a_reason_and_overwrites_nothing(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(_, good), (_, bad)] = await marked.class_of(database, exam, 2)
    base = await path(database, exam)
    wider = {"treatment": "keyed", "choice": ["service", "finance"], "number": "1", "apply": "1"}
    async with await member(app, exam.programme, "hr") as browser:
        refused = await browser.post(f"{base}/scoring/owner", data={**wider, "reason": " "})
        assert refused.status_code == 422
        assert "请写明更正原因" in refused.text
        done = await browser.post(f"{base}/scoring/owner", data={**wider, "reason": "两个部门都算对"})
        assert done.headers["location"] == f"{base}/scoring?done=2"
        history = (await browser.get(f"{base}/scoring")).text
        assert "两个部门都算对" in history
        assert "1 份成绩有变化" in history
        late = await browser.post(f"{base}/scoring/owner", data={**wider, "choice": "quality", "reason": "旧页面"})
        assert late.status_code == 409, "another scoring counts meanwhile"
    both = await marks.of_attempt(database, bad)
    assert (both[1].points, both[2].points) == (0, 300)
    assert (await marks.of_attempt(database, good))[2].points == 500
    assert (await exams.pool(database, exam.id, 1)).items["owner"] != (await exams.pool(database, exam.id, 2)).items[
        "owner"
    ]
    events, _ = await audit.events(database, action="exam.rescore")
    assert events[0].detail["reason"] == "两个部门都算对"
    assert events[0].detail["changed"] == 1


@pytest.mark.parametrize(("treatment", "points", "total"), [("granted", {200}, 1000), ("dropped", {0}, 800)])
async def test_an_item_is_granted_to_all_or_dropped(database: Database, treatment: str, points: set[int], total: int):
    exam = await marked.exam(database)
    person = await exam_makers.candidate(database, exam, 1)
    attempt = await marked.sat(database, exam, person, marked.WRONG)
    account = await somebody(database)
    await corrections.apply(database, exam, "limit", treatment, {}, "题干有歧义", number=1, account=account)
    scored = (await marks.of_attempt(database, attempt))[2]
    assert ({scored.points}, scored.total) == (points, total)
    assert ("limit" in scored.marks) == (treatment == "granted")


async def test_a_further_answer_is_accepted_and_nonsense_is_refused_at_its_field(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 2)
    page = f"{await path(database, exam)}/scoring/limit"
    async with await member(app, exam.programme, "hr") as browser:
        wrong = await browser.post(page, data={"treatment": "keyed", "number": "= 72\nviele"})
        assert wrong.status_code == 422
        assert "请写成数" in wrong.text
        assert "viele" in wrong.text
        same = await browser.post(page, data={"treatment": "keyed", "number": "= 72"})
        assert "没有需要更正的" in same.text
        run = await browser.post(page, data={"treatment": "keyed", "number": "= 72\n= 48 ± 0.5"})
        assert "1 份成绩会变" in run.text


async def test_keys_are_no_business_of_authors_and_viewers(app: Litestar, database: Database):
    exam = await marked.exam(database)
    base = await path(database, exam)
    async with await member(app, exam.programme, "author") as browser:
        for page in ("scoring", "scoring/owner", "release", "appeals", "certificates"):
            assert (await browser.get(f"{base}/{page}")).status_code == 404
        assert (await browser.get(f"{base}/marking")).status_code == 200


# Release


async def test_nothing_is_released_before_every_open_answer_is_marked(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 2)
    base = await path(database, exam)
    account = await somebody(database)
    async with await member(app, exam.programme, "lead") as browser:
        assert "disabled" in (await browser.get(f"{base}/release")).text
        assert (await browser.post(f"{base}/release/publish", data={"reason": ""})).status_code == 422
        assert (await marked.again(database, exam)).released_at is None
        await marked.mark_all(database, exam, account)
        refused = await browser.post(f"{base}/release/publish", data={"reason": ""})
        assert refused.status_code == 422, "the second marks are missing and no reason was given"
        assert "请写明理由" in refused.text
        done = await browser.post(f"{base}/release/publish", data={"reason": "只有一位阅卷人"})
        assert done.headers["location"] == f"{base}/release?done=publish"
    assert (await marked.again(database, exam)).released_at is not None
    events, _ = await audit.events(database, action="exam.release")
    assert events[0].detail["reason"] == "只有一位阅卷人"
    assert [each.name for each in await certificates.of_exam(database, exam.id)] == ["员工7001"]


async def test_nothing_is_released_while_somebody_may_still_sit(database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 1)
    account = await somebody(database)
    await marked.mark_all(database, exam, account)
    await exams.change_window(database, exam.id, marked.OPENED, None)
    with pytest.raises(Conflict):
        await releasing.release(database, await marked.again(database, exam), "急", account=account)


async def test_a_withdrawal_needs_a_reason_is_audited_and_keeps_certificates(app: Litestar, database: Database):
    exam = await released(database)
    base = await path(database, exam)
    async with await member(app, exam.programme, "lead") as browser:
        assert (await browser.post(f"{base}/release/withdraw", data={"reason": ""})).status_code == 422
        done = await browser.post(f"{base}/release/withdraw", data={"reason": "发现漏评"})
        assert done.status_code == 303
    assert (await marked.again(database, exam)).released_at is None
    events, _ = await audit.events(database, action="exam.withdraw")
    assert events[0].detail["reason"] == "发现漏评"
    assert len(await certificates.of_exam(database, exam.id)) == 2


async def released(database: Database, **changed) -> ExamRecord:
    """Two candidates who have passed and may know it; the third has not passed."""
    exam = await marked.exam(database, marked.definition(**changed))
    account = await somebody(database, "marker@example.com")
    await marked.class_of(database, exam, 3)
    await marked.mark_all(database, exam, account)
    await releasing.release(database, exam, "演示", account=account)
    return await marked.again(database, exam)


async def test_a_key_corrected_after_release_gives_certificates_and_takes_none(database: Database):
    exam = await released(database)
    [late] = [each for each in await marks.results(database, exam.id, 1) if not each.passed]
    account = await somebody(database)
    keys = {"choice": ["finance"]}
    await corrections.apply(database, exam, "owner", "keyed", keys, "答案印反了", number=1, account=account)
    held = {each.candidate: each for each in await certificates.of_exam(database, exam.id)}
    assert late.candidate in held
    assert len(held) == 3
    assert not any(each.revoked_at for each in held.values())


# Appeals


async def test_an_appeal_is_decided_once_with_words_before_the_whole_timeline(app: Litestar, database: Database):
    exam = await released(database)
    [late] = [each for each in await marks.results(database, exam.id, 1) if not each.passed]
    attempt = await attempts.load(database, late.attempt)
    assert await appeals.file(database, exam, attempt, "reply", "我写了处理时限")
    assert not await appeals.file(database, exam, attempt, "reply", "再说一次"), "one for each item"
    base = await path(database, exam)
    [entry] = await appeals.of_exam(database, exam)
    page = f"{base}/appeals/{entry.appeal.id}"
    async with await member(app, exam.programme, "hr", "judge@example.com") as browser:
        assert "我写了处理时限" in (await browser.get(f"{base}/appeals")).text
        shown = (await browser.get(page)).text
        for told in ("答案已保存", "知道了", "人工评分", "第 3 题"):
            assert told in shown
        empty = await browser.post(page, data={"upheld": "yes", "decision": " "})
        assert empty.status_code == 422
        assert "请写明答复" in empty.text
        form = {
            "upheld": "yes",
            "decision": "时限确有写明，补分。",
            "remark": "1",
            "reply.content": "2",
            "reply.tone": "9",
        }
        assert (await browser.post(page, data=form)).status_code == 422
        done = await browser.post(page, data={**form, "reply.content": "1", "reply.tone": "0"})
        assert done.status_code == 303
        again = await browser.post(page, data={"upheld": "no", "decision": "不"})
        assert again.status_code == 409
    assert (await marks.of_attempt(database, late.attempt))[1].marks["reply"].points == 200
    [entry] = await appeals.of_exam(database, exam)
    assert (entry.appeal.upheld, entry.appeal.decision) == (True, "时限确有写明，补分。")
    history = await marks.history(database, late.attempt)
    assert [each.role for each in history] == ["first", "agreed"]


async def test_what_was_not_on_the_paper_or_is_not_released_cannot_be_appealed(database: Database):
    exam = await marked.exam(database)
    [(_, one)] = await marked.class_of(database, exam, 1)
    attempt = await attempts.load(database, one)
    with pytest.raises(Exception, match="not_found"):
        await appeals.file(database, exam, attempt, "reply", "早了")
    found = await released_alone(database, exam)
    with pytest.raises(Exception, match="not_found"):
        await appeals.file(database, found, attempt, "elsewhere", "没有这道题")
    with pytest.raises(Conflict):
        await appeals.file(database, found, attempt, "reply", "  ")


async def released_alone(database: Database, exam: ExamRecord) -> ExamRecord:
    account = await somebody(database, "marker@example.com")
    await marked.mark_all(database, exam, account)
    await releasing.release(database, exam, "演示", account=account)
    return await marked.again(database, exam)


async def test_after_the_release_only_an_appeal_changes_a_mark(app: Litestar, database: Database):
    exam = await marked.exam(database)
    await marked.class_of(database, exam, 2)
    desk = f"{await path(database, exam)}/marking/reply"
    account = await somebody(database, "boss@example.com")
    async with await member(app, exam.programme, "hr") as one, await member(app, exam.programme, "author") as two:
        turns = []
        for _ in range(2):
            turns.append((await one.get(f"{desk}/first")).headers["location"])
            await one.post(turns[-1], data={"content": "2", "tone": "1"})
        second = (await two.get(f"{desk}/second")).headers["location"]
        await releasing.release(database, exam, "只有一位阅卷人", account=account)
        assert (await one.post(turns[0], data={"content": "0", "tone": "0"})).status_code == 404
        assert (await two.post(second, data={"content": "0", "tone": "0"})).status_code == 404
        assert (await two.get(f"{desk}/second")).headers["location"].endswith("done=reply")
    assert not any(each.provisional for each in (await marks.of_exam(database, exam.id, 1)).values())


async def test_an_exam_that_nobody_has_sat_has_empty_pages_with_the_next_step(app: Litestar, database: Database):
    published = await marked.exam(database)
    draft = await exams.create(database, published.programme, published.bank, "draft", marked.definition())
    async with await member(app, published.programme, "lead") as browser:
        for exam in (published, draft):
            for page in ("marking", "scoring", "release", "appeals", "certificates"):
                answer = await browser.get(f"{await path(database, exam)}/{page}")
                assert answer.status_code == 200, page
        assert (await browser.get(f"{await path(database, draft)}/scoring/owner")).status_code == 404
        assert (await browser.get(f"{await path(database, published)}/marking/owner/first")).status_code == 404
        assert (await browser.get(f"{await path(database, published)}/marking/reply/third")).status_code == 404


async def test_whatever_is_done_after_an_exam_is_in_the_audit_log(app: Litestar, database: Database):
    exam = await marked.exam(database)
    [(_, one)] = await marked.class_of(database, exam, 1)
    base = await path(database, exam)
    keys = {"treatment": "granted", "number": "1", "apply": "1", "reason": "题干有歧义"}
    async with await member(app, exam.programme, "lead") as browser:
        turn = (await browser.get(f"{base}/marking/reply/first")).headers["location"]
        await browser.post(turn, data={"content": "2", "tone": "1"})
        await browser.post(f"{base}/release/publish", data={"reason": "只有一位阅卷人"})
        await browser.post(f"{base}/scoring/owner", data=keys)
        exam = await marked.again(database, exam)
        await appeals.file(database, exam, await attempts.load(database, one), "limit", "请复核")
        [entry] = await appeals.of_exam(database, exam)
        await browser.post(f"{base}/appeals/{entry.appeal.id}", data={"upheld": "no", "decision": "答案无误。"})
        [held] = await certificates.of_exam(database, exam.id)
        await browser.get(f"{base}/certificates.zip")
        for deed in ("revoke", "restore"):
            await browser.post(f"{base}/certificates/{held.serial}/{deed}", data={"reason": "核查"})
        await browser.post(f"{base}/release/withdraw", data={"reason": "重新核分"})
    events, _ = await audit.events(database, programme=exam.programme)
    assert [each.action for each in reversed(events)] == [
        "mark.give", "exam.release", "exam.rescore", "appeal.decide", "certificate.folder", "certificate.revoke",
        "certificate.restore", "exam.withdraw",
    ]  # fmt: skip
    assert all(each.account_email == "lead@example.com" and each.subject for each in events)
    assert "您好" not in str([each.detail for each in events]), "no answers in the log"
