"""Waves: audience, opening, who is missing, closing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.actions import people, programmes, waves
from service.actions.programmes import Charter
from service.actions.waves import Draft, Group, groups, invited_among, read_draft
from service.database import Database
from service.errors import Conflict, NotFound
from service.identifiers import token_hash
from service.settings import Settings
from service.store import questionnaires
from service.store import waves as store
from service.store.people import every
from service.store.waves import Audience, Progress
from surveys import library

ROSTER = "工号,姓名,部门,流程角色\n" + "".join(
    f"{number},员工{number},{'客服部/一组' if number < 7 else '物流部'},{'经办' if number % 2 else '管理'}\n"
    for number in range(1, 11)
)


async def published(database: Database, name: str = "satisfaction"):
    return (await questionnaires.publish(database, library.load(name), library.source(name)))[0]


@pytest.fixture
async def programme(database: Database):
    made = await programmes.create(database, Charter(name="客户投诉处理流程", process="客户投诉处理"))
    await people.import_roster(database, made.id, "名单.csv", ROSTER.encode())
    return made.id


async def draft(database: Database, programme, **chosen):
    version = await published(database)
    given = {"version": version.id, "title": "基线", "role": "baseline", "anonymity": "anonymous", **chosen}
    return await waves.create(database, programme, "diagnosis", Draft(**given))


async def test_what_is_drafted_is_read_back_with_its_version(database: Database, programme):
    made = await draft(
        database, programme, audience=Audience(departments=("客服部",), sides=("operator",)), public_link=True,
        closes_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )  # fmt: skip
    assert await store.get(database, made.id) == made
    found, version = await store.with_version(database, made.id)
    assert (found, version.definition.name) == (made, "satisfaction")
    assert await store.by_public_token(database, made.public_token) == made


async def test_the_audience_is_department_and_side_or_the_list(database: Database, programme):
    everybody = await every(database, programme)

    def numbers(**audience):
        return [person.employee_number for person in invited_among(everybody, Audience(**audience))]

    assert len(numbers()) == 10
    assert len(numbers(departments=("客服部",))) == 6
    assert numbers(departments=("客服部/一组",), sides=("manager",)) == ["2", "4", "6"]
    assert numbers(people=("3", "99")) == ["3"]
    assert len(numbers(departments=("物流部",), people=("1",))) == 5
    assert await waves.count_audience(database, programme, Audience(people=("3", "99"))) == (1, ["99"])


async def test_opening_invites_and_the_link_in_the_workbook_is_the_one_stored(
    database: Database, settings: Settings, programme
):
    made = await draft(database, programme)
    await waves.open_wave(database, settings, made)
    assert (await store.get(database, made.id)).accepts(datetime.now(UTC))
    invitations = await store.invitations(database, made.id)
    assert len(invitations) == 10
    link = waves.personal_url(settings, made.id, invitations[3].person)
    found = await store.invitation_by_token_hash(database, token_hash(link.rpartition("/")[2]))
    assert found == invitations[3]
    with pytest.raises(Conflict):
        await waves.open_wave(database, settings, made)


async def test_whoever_joins_later_is_invited_without_changing_the_others_links(
    database: Database, settings: Settings, programme
):
    made = await draft(database, programme)
    await waves.open_wave(database, settings, made)
    before = {each.person for each in await store.invitations(database, made.id)}
    await people.import_roster(database, programme, "x", (ROSTER + "11,新人,物流部,经办\n").encode())
    await waves.invite(database, settings, made)
    after = {each.person for each in await store.invitations(database, made.id)}
    assert before < after
    assert len(after) == 11


async def test_closing_stops_answers_and_reopening_takes_them_again(database: Database, settings: Settings, programme):
    made = await draft(database, programme)
    await waves.open_wave(database, settings, made)
    await waves.close(database, made)
    assert not (await store.get(database, made.id)).accepts(datetime.now(UTC))
    await waves.reopen(database, made)
    assert (await store.get(database, made.id)).accepts(datetime.now(UTC))


async def test_only_a_draft_can_be_discarded(database: Database, settings: Settings, programme):
    kept, gone = await draft(database, programme), await draft(database, programme)
    await waves.open_wave(database, settings, kept)
    await waves.discard(database, gone)
    with pytest.raises(Conflict):
        await waves.discard(database, kept)
    assert [each.wave.id for each in await waves.of_programme(database, programme)] == [kept.id]


async def test_another_programmes_wave_is_not_found(database: Database, programme):
    made = await draft(database, programme)
    other = await programmes.create(database, Charter(name="Purchase", process="x"))
    with pytest.raises(NotFound):
        await waves.get(database, other.id, made.id)


async def test_an_anonymous_wave_names_nobody_as_missing(database: Database, settings: Settings, programme):
    for anonymity, missing in (("anonymous", 0), ("confidential", 10), ("identified", 10)):
        made = await draft(database, programme, anonymity=anonymity)
        await waves.open_wave(database, settings, made)
        assert len(await waves.waiting(database, await store.get(database, made.id))) == missing


def progress(**departments: tuple[int, int]) -> list[Progress]:
    return [
        Progress(department=name, side="", invited=invited, submitted=submitted)
        for name, (invited, submitted) in departments.items()
    ]


def test_a_department_too_small_to_hide_in_is_counted_together_with_the_next_smallest():
    counted = groups(progress(客服部=(40, 30), 法务部=(2, 1), 物流部=(12, 9)), 5)
    assert counted == (
        Group(label="客服部", departments=1, invited=40, submitted=30),
        Group(label="", departments=2, invited=14, submitted=10),
    )


def test_where_all_are_too_few_nothing_is_told():
    assert groups(progress(法务部=(2, 1)), 5) == (Group(label="", departments=1, invited=2, submitted=None),)


def test_without_a_promise_every_department_stands_alone():
    assert [group.departments for group in groups(progress(法务部=(2, 1), 物流部=(12, 9)), 1)] == [1, 1]


FORM = {
    "title": "基线调查",
    "version": "01a20405-0445-70df-bb19-3fba496301a3", "role": "baseline", "anonymity": "anonymous",
    "personal_links": "1",
}  # fmt: skip


def test_a_window_is_typed_in_the_zone_of_the_service_and_kept_in_utc():
    form = {**FORM, "opens_at": "2026-03-02T09:00", "closes_at": "2026-03-09T18:00"}
    found, errors = read_draft(form, {}, "Asia/Shanghai")
    assert errors == {}
    assert (found.opens_at, found.closes_at) == (
        datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"version": "x"}, "version"),
        ({"role": "boss"}, "role"),
        ({"anonymity": ""}, "anonymity"),
        ({"personal_links": ""}, "links"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"opens_at": "2026-03-09T18:00", "closes_at": "2026-03-09T18:00"}, "closes_at"),
        ({"minimum_group": "4"}, "minimum_group"),
        ({"minimum_comments": "9"}, "minimum_comments"),
    ],
)
def test_a_drafts_fault_is_told_at_its_field(changed, field):
    found, errors = read_draft({**FORM, **changed}, {}, "Asia/Shanghai")
    assert found is None
    assert set(errors) == {field}
