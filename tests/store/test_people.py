"""The roster: import, re-import, look up."""

from __future__ import annotations

import pytest

from service.actions import people, programmes
from service.actions.people import ImportResult
from service.actions.programmes import Charter
from service.database import Database

HEADER = "工号,姓名,部门,岗位,流程角色,邮箱,手机\n"


@pytest.fixture
async def programme(database: Database):
    made = await programmes.create(database, Charter(name="客户投诉处理流程", process="客户投诉处理"))
    return made.id


async def test_a_chinese_roster_in_gbk_is_imported(database: Database, programme):
    file = (
        HEADER + "0071,李娜,客服部＞一组,客服专员,经办,lina@example.com,138 0000 0001\n1002,王强,物流部,主管,下游,,\n"
    )
    result = await people.import_roster(database, programme, "名单.csv", file.encode("gbk"))
    assert result == ImportResult(new=2, changed=0, unchanged=0, absent=0, deactivated=0, ignored_columns=())
    (first, second), total = await people.search(database, programme)
    assert total == 2
    assert (first.employee_number, first.department, first.side) == ("0071", "客服部/一组", "operator")
    assert (second.side, second.email) == ("downstream", "")


async def test_english_headings_in_any_order_and_strange_columns_are_taken(database: Database, programme):
    file = "Department,Shoe size,Full Name,Employee No\nSales,42,Ann,7\n"
    result = await people.import_roster(database, programme, "roster.csv", file.encode())
    assert not result.problems
    assert result.ignored_columns == ("Shoe size",)


async def test_importing_again_updates_and_keeps_the_absent_unless_told(database: Database, programme):
    await people.import_roster(database, programme, "a", (HEADER + "1,甲,A,,,,\n2,乙,A,,,,\n3,丙,A,,,,\n").encode())
    again = (HEADER + "1,甲,A,,,,\n2,乙,B,,,,\n4,丁,A,,,,\n").encode()
    result = await people.import_roster(database, programme, "b", again)
    assert result == ImportResult(new=1, changed=1, unchanged=1, absent=1, deactivated=0, ignored_columns=())
    result = await people.import_roster(database, programme, "b", again, deactivate_absent=True)
    assert result == ImportResult(new=0, changed=0, unchanged=3, absent=1, deactivated=1, ignored_columns=())
    everybody, _ = await people.search(database, programme)
    assert {person.name: person.active for person in everybody} == {"甲": True, "乙": True, "丙": False, "丁": True}


async def test_one_bad_row_imports_nothing_and_every_fault_is_told_with_its_row(database: Database, programme):
    file = HEADER + (
        "1,甲,A,,,,\n"
        ",乙,A,,,,\n"
        "1,丙,A,,,,\n"
        "4,丁,,,裁判,nobody,12\n"
    )  # fmt: skip
    result = await people.import_roster(database, programme, "名单.csv", file.encode())
    problems = result.problems
    assert [(p.line, p.place) for p in problems] == [
        (3, "employee_number"), (4, "employee_number"), (5, "department"), (5, "side"), (5, "email"), (5, "mobile"),
    ]  # fmt: skip
    assert problems[1].say("zh-CN") == "工号“1”与第 2 行重复。"
    assert problems[1].say("en") == "The employee number “1” is already in row 2."
    assert (await people.search(database, programme))[1] == 0


async def test_a_thousand_faults_are_counted_and_not_all_listed(database: Database, programme):
    file = HEADER + "".join(f"{number},,A,,,,\n" for number in range(1000))
    result = await people.import_roster(database, programme, "名单.csv", file.encode())
    problems = result.problems
    assert len(problems) == 51
    assert problems[-1].say("en") == "950 more faults are not listed."


@pytest.mark.parametrize(
    ("file", "code"),
    [("姓名,部门\n甲,A\n", "missing_column"), ("工号,姓名,部门,工号\n1,甲,A,2\n", "column_twice"), (HEADER, "no_rows")],
)
async def test_a_roster_with_wrong_columns_says_which(database: Database, programme, file, code):
    result = await people.import_roster(database, programme, "名单.csv", file.encode())
    assert [problem.code for problem in result.problems] == [code]


async def test_a_name_like_a_formula_stays_text(database: Database, programme):
    await people.import_roster(database, programme, "x", (HEADER + "1,=1+1,A,@SUM(A1),,,\n").encode())
    [person], _ = await people.search(database, programme)
    assert (person.name, person.position) == ("=1+1", "@SUM(A1)")


async def test_people_are_found_by_name_department_and_side(database: Database, programme):
    rows = "1,李娜,客服部/一组,,经办,,\n2,王强,客服部/二组,,管理,,\n3,Anna,物流部,,下游,anna@example.com,\n"
    await people.import_roster(database, programme, "x", (HEADER + rows).encode())

    async def names(**filters):
        return [person.name for person in (await people.search(database, programme, **filters))[0]]

    assert await names(text="李") == ["李娜"]
    assert await names(text="ANNA@") == ["Anna"]
    assert await names(text="%") == await names()
    assert await names(department="客服部") == ["李娜", "王强"]
    assert await names(side="downstream") == ["Anna"]
    assert await people.departments(database, programme) == ["客服部", "客服部/一组", "客服部/二组", "物流部"]


async def test_the_template_is_a_roster_itself(database: Database, programme):
    result = await people.import_roster(database, programme, "template.xlsx", people.template())
    assert not result.problems
    assert (result.new, result.ignored_columns) == (2, ())


async def test_another_programmes_people_are_not_seen(database: Database, programme):
    other = await programmes.create(database, Charter(name="Purchase approval", process="Purchase"))
    await people.import_roster(database, other.id, "x", (HEADER + "1,甲,A,,,,\n").encode())
    assert (await people.search(database, programme))[1] == 0
