"""Programmes: charter, slug, members, where they stand."""

from __future__ import annotations

import pytest

from service.actions import programmes
from service.actions.programmes import Charter, Target, read_charter
from service.database import Conflict, Database
from service.store import accounts


async def account(database: Database, email: str):
    return await accounts.create(database, email=email, name=email, password_hash="-")


async def test_what_the_lead_typed_is_what_is_kept(database: Database):
    charter, errors = read_charter(
        {
            "name": "客户投诉处理流程 V2.0", "process": "客户投诉处理", "owner": "客服部", "sponsor": "运营副总",
            "target.0.metric": "客户投诉闭环时长", "target.0.unit": "h", "target.0.baseline": "72",
            "target.0.target": "48", "target.1.metric": "客户满意度", "target.1.unit": "%", "target.1.target": "90",
            "target.1.direction": "increase",
        }
    )  # fmt: skip
    assert errors == {}
    lead = await account(database, "lead@example.com")
    made = await programmes.create(database, charter, account=lead.id)
    found = await programmes.get(database, made.id)
    assert found == made
    assert found.targets == (
        Target(metric="客户投诉闭环时长", unit="h", baseline=72, target=48, direction="decrease"),
        Target(metric="客户满意度", unit="%", baseline=None, target=90, direction="increase"),
    )
    assert [(member.email, member.role) for member in await programmes.members(database, made.id)] == [
        ("lead@example.com", "lead")
    ]


def test_a_targets_faults_are_told_at_its_fields():
    charter, errors = read_charter(
        {"process": "x", "target.0.metric": "时长", "target.0.baseline": "三天", "target.1.target": "48"}
    )
    assert charter is None
    assert set(errors) == {"name", "target.0.baseline", "target.0.target", "target.1.metric"}


async def test_a_chinese_name_gets_a_neutral_slug_and_latin_ones_their_own(database: Database):
    chinese = await programmes.create(database, Charter(name="入职流程", process="入职"))
    latin = await programmes.create(database, Charter(name="Purchase approval V2", process="x"))
    again = await programmes.create(database, Charter(name="Purchase approval V2", process="x"))
    assert chinese.slug.startswith("p-")
    assert latin.slug == "purchase-approval-v2"
    assert again.slug.startswith("purchase-approval-v2-")
    with pytest.raises(Conflict):
        await programmes.create(database, Charter(name="x", process="x"), slug=latin.slug)


async def test_the_last_lead_cannot_leave(database: Database):
    lead, other = await account(database, "a@example.com"), await account(database, "b@example.com")
    made = await programmes.create(database, Charter(name="x", process="x"), account=lead.id)
    assert await programmes.add_member(database, made.id, "B@example.com ", "hr") == {}
    assert await programmes.add_member(database, made.id, "c@example.com", "hr") == {
        "email": "programmes.error.no_account"
    }
    assert await programmes.remove_member(database, made.id, lead.id) == {"": "programmes.error.last_lead"}
    assert await programmes.remove_member(database, made.id, other.id) == {}
    assert len(await programmes.members(database, made.id)) == 1


async def test_one_sees_the_programmes_one_is_a_member_of(database: Database):
    lead, other = await account(database, "a@example.com"), await account(database, "b@example.com")
    made = await programmes.create(database, Charter(name="x", process="x"), account=lead.id)
    assert await programmes.visible(database, lead, {made.id}) == [made]
    assert await programmes.visible(database, other, set()) == []


async def test_a_new_programme_is_told_to_bring_its_people(database: Database):
    made = await programmes.create(database, Charter(name="x", process="x"))
    overview = await programmes.overview(database, made.id)
    assert (overview.next_step, overview.people, overview.waves) == ("roster", 0, [])
