"""Pages of an exam's outcome: figures, pass list, items, workbook, report; who may see which."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import msgspec
import openpyxl
import pytest
from litestar import Litestar

from service.actions import outcomes, training_reporting
from service.actions.standings import outcomes as standings
from service.database import Database
from service.demo import exams as story
from service.demo.company import roster
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from service.store import audit, exams, marks, people
from service.store.exams import ExamRecord
from service.store.programmes import Programme
from tests.pages import makers
from tests.visitors import member, new_account

SAT = 110


@pytest.fixture
async def programme(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Programme:
    """The demo's exams, sat by fewer people; some of them before the training, too."""
    monkeypatch.setattr(story, "SAT", SAT)
    monkeypatch.setattr(story, "SAT_BEFORE", 30)
    found = await makers.programme(database, roster=False)
    await people.save(database, found.id, roster())
    account = await new_account(database, "story@example.com")
    await story.load(database, settings, found, datetime(2026, 3, 20, 16, tzinfo=UTC), account.id)
    return found


async def exam_of(database: Database, programme: Programme, code: str = story.MAIN) -> ExamRecord:
    return next(each for each in await exams.of_programme(database, programme.id) if each.code == code)


async def test_an_exam_is_told_in_figures_names_items_and_a_report(
    app: Litestar, database: Database, programme: Programme
) -> None:
    exam = await exam_of(database, programme)
    url = f"/programmes/{programme.slug}/exams/{exam.id}/results"
    async with await member(app, programme.id, "hr") as browser:
        page = (await browser.get(url)).text
        assert f"{SAT} / 240" in page
        assert page.count("<svg") >= 6, "three figures, each for a wide and a narrow page"
        assert "成绩为暂定" in page
        items = (await browser.get(f"{url}/items")).text
        assert "own08" in items
        one = (await browser.get(f"{url}/items/own08")).text
        assert "〔参考答案〕95%" in one
        assert "更正答案并重新计分" in one
        assert (await browser.get(f"{url}/items/nothing")).status_code == 404
        made = await browser.post(f"{url}/reports", data={"language": "en"})
        assert made.status_code == 303
        await Worker(database, HANDLERS).run_one()
        after = (await browser.get(made.headers["Location"])).text
        [link] = re.findall(r'href="(/programmes/[^"]*/reports/[0-9a-f-]+)"', after)
        first = await browser.get(link)
        assert first.content.startswith(b"%PDF")
        assert {"report.make", "report.download"} <= {event.action for event in (await audit.events(database))[0]}
        await browser.post(f"{url}/reports", data={"language": "en"})
        await Worker(database, HANDLERS).run_one()
        assert (await browser.get(url)).text.count("/reports/") == after.count("/reports/"), "the same data, no second"
        assert (await browser.post(f"{url}/reports", data={"language": "fr"})).status_code == 404
    assert (await outcomes.findings(database, programme.id, exam.id)).exam.over
    await exams.change_state(database, exam.id, ["closed"], "published")
    await exams.change_window(database, exam.id, exam.opens_at, None)
    again = await outcomes.findings(database, programme.id, exam.id)
    assert not again.exam.over, "and while it is open its report names no key"


async def test_pass_list_and_workbook_agree_with_what_candidates_are_told(
    app: Litestar, database: Database, programme: Programme
) -> None:
    exam = await exam_of(database, programme)
    told = standings(exam.definition, await marks.results(database, exam.id, exam.scoring))
    _, everybody = await outcomes.people(database, programme.id, exam.id)
    assert {each.candidate for each in told if each.passed} == {
        each.candidate for each in everybody if each.decision == "passed"
    }
    settled = {each.candidate: each.points / 100 for each in told}
    assert {each.candidate: each.points for each in everybody if each.points is not None} == settled
    url = f"/programmes/{programme.slug}/exams/{exam.id}/results/people"
    async with await member(app, programme.id, "hr") as browser:
        first = (await browser.get(url)).text
        assert all(each.name in first for each in everybody[:5])
        missing = (await browser.get(f"{url}?decision=missing&department=客服中心")).text
        shown = [each for each in everybody if each.employee_number in missing]
        assert shown
        assert all(each.decision == "missing" and each.department.startswith("客服中心") for each in shown)
    await _workbook_holds_texts_and_numbers_and_no_formula(app, database, programme, exam)


async def _workbook_holds_texts_and_numbers_and_no_formula(
    app: Litestar, database: Database, programme: Programme, exam: ExamRecord
) -> None:
    renamed = next(each for each in roster() if each.employee_number == "CY0001")
    await people.save(database, programme.id, [msgspec.structs.replace(renamed, name="=HYPERLINK(1)")])
    async with await member(app, programme.id, "lead") as browser:
        reply = await browser.get(f"/programmes/{programme.slug}/exams/{exam.id}/results/people.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    assert [len(list(sheet.rows)) for sheet in book.worksheets][:2] == [241, 1 + await _attempts(database, exam)]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}


async def _attempts(database: Database, exam: ExamRecord) -> int:
    return len(await marks.results(database, exam.id, exam.scoring))


async def test_viewers_see_figures_but_neither_names_nor_keys(
    app: Litestar, database: Database, programme: Programme
) -> None:
    exam = await exam_of(database, programme)
    url = f"/programmes/{programme.slug}/exams/{exam.id}/results"
    async with await member(app, programme.id, "viewer") as browser:
        page = await browser.get(url)
        assert page.status_code == 200
        assert "/results/people" not in page.text
        assert "/results/items" not in page.text
        for hidden in ("people", "people.xlsx", "items", "items/own08"):
            assert (await browser.get(f"{url}/{hidden}")).status_code == 404
        made = await training_reporting.make(database, programme.id, exam.id, "zh-CN")
        everywhere = [f"{url}/reports/{made.id}", f"/programmes/{programme.slug}/reports/{made.id}"]
        for page in everywhere:
            assert (await browser.get(page)).status_code == 404, "the report tells keys"
        assert (await browser.post(f"{url}/reports", data={"language": "en"})).status_code == 404
        await exams.change_released(database, exam.id, datetime(2026, 3, 21, tzinfo=UTC))
        for page in everywhere:
            assert (await browser.get(page)).status_code == 200
    async with await member(app, programme.id, "author") as browser:
        assert (await browser.get(f"{url}/items/own08")).status_code == 200
        assert (await browser.get(f"{url}/people")).status_code == 404
    waiting = await exam_of(database, programme, story.OPEN)
    url = f"/programmes/{programme.slug}/exams/{waiting.id}/results"
    async with await member(app, programme.id, "hr") as browser:
        for page in (url, f"{url}/people", f"{url}/items"):
            assert (await browser.get(page)).status_code == 200
        assert "还没有人交卷" in (await browser.get(url)).text, "what comes next where nobody has sat it"
