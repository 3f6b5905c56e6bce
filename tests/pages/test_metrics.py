"""Metrics of cases: in by page, command line and API, all or nothing, with numbered errors."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from litestar import Litestar

from service.actions import metrics
from service.actions.metric_rows import number, read
from service.actions.metrics import Row
from service.database import Database
from service.identifiers import new_id
from service.spreadsheet import Table
from service.store import metrics as store
from service.store.metrics import Metric
from tests.pages import makers
from tests.visitors import member

HOURS = Metric(id=new_id(), name="关闭时长", kind="duration", unit="小时", better="lower")
IN_TIME = Metric(id=new_id(), name="24小时内分派", kind="proportion", unit="%", better="higher")
CASES = "单号,组别,登记日期,客户投诉闭环时长\nA-1,基线,2026-01-05,72.5\nA-2,试点,2026/3/1,40\nA-3,对照,,\n"


def table(text: str) -> Table:
    header, *rows = [line.split(",") for line in text.splitlines()]
    return Table(header, list(enumerate(rows, 2)))


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(each.code, each.line) for each in read(table(text), [HOURS, IN_TIME]).problems]


def test_a_row_for_each_case_has_a_column_for_each_metric() -> None:
    found = read(table("单号,组别,关闭时长,24小时内分派\n1,基线,72,否\n2,after,48.5,1"), [HOURS, IN_TIME])
    assert found.problems == []
    assert [(each.case_number, each.case_group, each.value) for each in found.values["关闭时长"]] == [
        ("1", "baseline", 72.0), ("2", "pilot", 48.5),
    ]  # fmt: skip
    assert [each.value for each in found.values["24小时内分派"]] == [0.0, 1.0]


def test_a_row_for_each_value_names_its_metric() -> None:
    found = read(table("case,group,date,metric,value\n1,before,2026年3月5日,关闭时长,72"), [HOURS])
    assert found.values["关闭时长"][0].happened_on == datetime.date(2026, 3, 5)


def test_a_case_without_a_value_is_missing_and_not_zero() -> None:
    assert read(table("单号,组别,关闭时长\n1,基线,\n2,基线,0"), [HOURS]).values["关闭时长"][0].value is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("组别,关闭时长\n基线,1", [("missing_column", 1)]),
        ("单号,组别,时长\n1,基线,1", [("no_metric", 1)]),
        ("单号,组别,关闭时长,关闭时长\n1,基线,1,2", [("column_twice", 1)]),
        ("单号,组别,关闭时长", [("no_rows", None)]),
        ("单号,组别,关闭时长\n,基线,1\n2,丙,1", [("empty_case", 2), ("unknown_group", 3)]),
        (
            "单号,组别,关闭时长\n1,基线,-1\n2,基线,很久\n1,试点,3",
            [("negative", 2), ("bad_number", 3), ("case_twice", 4)],
        ),
        ("单号,组别,24小时内分派\n1,基线,0.5", [("bad_yes_no", 2)]),
        ("单号,组别,日期,关闭时长\n1,基线,2026-02-30,1", [("bad_date", 2)]),
        ("单号,组别,指标,值\n1,基线,别的,1", [("unknown_metric", 2)]),
        ("单号,组别,关闭时长\n1,基线,1e300", [("bad_number", 2)]),
    ],
)
def test_what_is_wrong_is_told_with_its_row(text: str, wrong: list[tuple[str, int | None]]) -> None:
    assert codes(text) == wrong


def test_many_faults_are_counted() -> None:
    lines = "".join(f"{row},基线,x\n" for row in range(80))
    found = read(table(f"单号,组别,关闭时长\n{lines}"), [HOURS]).problems
    assert len(found) == 51
    assert found[-1].message["en"].startswith("30 more")


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("1,200.5", "duration", 1200.5),
        ("3.5", "count", "not_whole"),
        ("-2", "score", -2.0),
        ("N/A", "count", None),
        ("1.0", "proportion", 1.0),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, kind: store.Kind, value: object) -> None:
    assert number(typed, kind) == value


async def test_a_file_is_taken_whole_or_not_at_all(app: Litestar, database: Database) -> None:
    found = await makers.programme(database, roster=False)
    url = f"/programmes/{found.slug}/metrics"
    async with await member(app, found.id, "hr") as browser:
        assert "客户投诉闭环时长" in (await browser.get(url)).text
        refused = await browser.post(f"{url}/import", files={"file": ("x.csv", (CASES + "A-1,基线,,3\n").encode())})
        assert refused.status_code == 422
        assert "第 5 行" in refused.text
        assert await store.of_programme(database, found.id) == []
        done = await browser.post(f"{url}/import", files={"file": ("x.csv", CASES.encode("gbk"))})
        assert "新增 3 个值" in done.text
        again = await browser.post(f"{url}/import", files={"file": ("x.csv", CASES.replace("40", "44").encode())})
        assert "更新 3 个" in again.text
        [metric] = await store.of_programme(database, found.id)
        assert (metric.kind, metric.better) == ("duration", "lower")
        assert [each.value for each in await store.values(database, metric.id)] == [72.5, 44.0, None]
        page = (await browser.get(url)).text
        assert "2026-01-05" in page
        assert "缺 1" in page


async def test_a_metric_is_added_and_removed(app: Litestar, database: Database) -> None:
    found = await makers.programme(database, roster=False)
    url = f"/programmes/{found.slug}/metrics"
    async with await member(app, found.id, "lead") as browser:
        wrong = await browser.post(url, data={"name": "单号", "kind": "count", "better": "lower"})
        assert wrong.status_code == 422
        assert "重名" in wrong.text
        given = {"name": "重复投诉", "kind": "proportion", "unit": "%", "better": "lower"}
        assert (await browser.post(url, data=given)).status_code == 303
        assert "已经有这个指标" in (await browser.post(url, data=given)).text
        [metric] = await store.of_programme(database, found.id)
        assert (await browser.post(f"{url}/{metric.id}/remove")).status_code == 303
        assert (await browser.post(f"{url}/{metric.id}/remove")).status_code == 404
    async with await member(app, found.id, "viewer") as browser:
        assert (await browser.post(url, data=given)).status_code == 404


async def test_the_template_is_headed_with_the_metrics(app: Litestar, database: Database) -> None:
    found = await makers.programme(database, roster=False)
    async with await member(app, found.id, "hr") as browser:
        content = (await browser.get(f"/programmes/{found.slug}/metrics/template.xlsx")).content
        done = await browser.post(f"/programmes/{found.slug}/metrics/import", files={"file": ("t.xlsx", content)})
    assert openpyxl.load_workbook(io.BytesIO(content)).active["E1"].value == "客户投诉闭环时长"
    assert "新增 2 个值" in done.text


async def test_programs_send_rows(database: Database) -> None:
    found = await makers.programme(database, roster=False)
    rows = [
        Row(metric="客户投诉闭环时长", case=str(number), group="baseline", value=number * 0.1) for number in range(9)
    ]
    assert (await metrics.bring_rows(database, found.id, rows)).new == 9
    bad = [*rows, Row(metric="客户投诉闭环时长", case="9", group="nobody", value="x")]
    result = await metrics.bring_rows(database, found.id, bad)
    assert [(each.code, each.line) for each in result.problems] == [("unknown_group", 10), ("bad_number", 10)]
    [standing] = await metrics.listing(database, found.id)
    assert standing.tallies["baseline"].cases == 9


async def test_thirty_thousand_cases_are_taken_in_seconds(database: Database) -> None:
    found = await makers.programme(database, roster=False)
    rows = [Row(metric="客户投诉闭环时长", case=str(number), group="pilot", value=1.5) for number in range(30_000)]
    assert (await metrics.bring_rows(database, found.id, rows)).new == 30_000
