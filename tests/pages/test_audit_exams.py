"""What staff do with items, exams, metrics and pilots is in the audit log, each step of a way through these rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Litestar

from service.database import Database
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from service.store import audit, exams, metrics, sessions
from service.store import candidates as candidate_store
from tests.pages import makers
from tests.pages.test_exams import BLUEPRINT, SETTINGS, drafted, sat
from tests.pages.test_items import TEXT, form_of
from tests.pages.test_metrics import CASES
from tests.pages.test_pilot import METRIC, fixed, with_cases
from tests.store import exam_makers
from tests.visitors import browser as anybody
from tests.visitors import member, new_account


class Logged:
    """A browser whose every post must leave one line of the log, and the lines so far."""

    def __init__(self, database: Database, client: Any) -> None:
        self.database, self.client = database, client

    async def post(self, url: str, action: str, **given: Any) -> Any:
        before = {event.id for event in (await audit.events(self.database))[0]}
        response = await self.client.post(url, **given)
        assert response.status_code in (200, 201, 303), response.text
        if action == "report.make":
            await Worker(self.database, HANDLERS).run_one()
        new = [event for event in (await audit.events(self.database))[0] if event.id not in before]
        assert [event.action for event in new] == [action], url
        assert all((new[0].subject, new[0].programme, new[0].account))
        return response


async def test_a_way_through_the_items_is_logged(app: Litestar, database: Database) -> None:
    found = await makers.programme(database, roster=False)
    rooms = f"/programmes/{found.slug}/items"
    async with await member(app, found.id, "author") as client:
        step = Logged(database, client)
        await step.post(rooms, "item_bank.create", data={"title": "投诉题库", "code": "empty"})
        bank = await exam_makers.bank(database, found.id)
        url = f"{rooms}/{bank.code}"
        form = form_of((await client.get(f"{url}/new/true_false")).text)
        form |= {"code": ["fresh"], "item.text.zh-CN": ["对吗？"], "item.text.en": ["True?"]}
        await step.post(f"{url}/new/true_false", "item.create", data=form)
        form = form_of((await client.get(f"{url}/item/i1")).text)
        await step.post(f"{url}/item/i1", "item.change", data={**form, "item.text.zh-CN": ["换一种问法？"]})
        await step.post(f"{url}/item/i1/review", "item.review", data={"number": "2"})
        await step.post(f"{url}/import", "item.import", data={"source": TEXT, "deed": "import"})


async def test_a_way_through_an_exam_is_logged(app: Litestar, database: Database, settings: Settings) -> None:
    found, url, exam = await drafted(database)
    async with await member(app, found.id, "hr") as client:
        step = Logged(database, client)
        bank = (await exams.load(database, exam)).bank  # type: ignore[union-attr]
        [row] = await database.fetch("SELECT code FROM item_bank WHERE id = ?", bank)
        new = {"title.zh-CN": "又一场", "code": "another", "bank": row["code"], "purpose": "exam"}
        await step.post(f"/programmes/{found.slug}/exams/new", "exam.create", data=new)
        await step.post(f"{url}/settings", "exam.change", data=SETTINGS)
        await step.post(f"{url}/blueprint", "exam.change", data={**BLUEPRINT, "sections.0.items.0.points": "8"})
        for judge in ("张敏", "王强"):
            said = {"judge": judge, "item.i1": "60", "item.i3": "80"}
            await step.post(f"{url}/standard", "exam.judge", data=said)
        await step.post(f"{url}/standard/apply", "exam.pass_mark", data={})
        await step.post(f"{url}/candidates", "exam.candidates", data={"departments": ["质量部"]})
        one, other = (await candidate_store.of_exam(database, exam))[:2]
        extra = {"extra_minutes": "10", "extra_attempts": "0", "seat": "A-01"}
        await step.post(f"{url}/candidates/{one.id}", "exam.allow", data=extra)
        await step.post(f"{url}/candidates/{other.id}/remove", "exam.remove", data={})
        await step.post(f"{url}/publish", "exam.publish", data={})
        record = await exams.load(database, exam)
        assert record is not None
        await sat(database, record, one.id, 10)
        await step.post(f"{url}/candidates/resit", "exam.resit", data={})
        await step.post(f"{url}/close", "exam.close", data={})
        await step.post(f"{url}/reopen", "exam.reopen", data={})
    await by_key(app, database, found.id, f"/api/v1{url}/close", "exam.close")


async def by_key(app: Litestar, database: Database, programme: UUID, url: str, action: str, **given: Any) -> None:
    from service.store import accounts

    account = await new_account(database, f"{action}@example.com")
    await accounts.give_role(database, programme, account.id, "lead")
    key = await sessions.create_key(database, account.id, "test", None)
    async with anybody(app, Authorization=f"Bearer {key}") as client:
        await Logged(database, client).post(url, action, **given)


async def test_a_way_through_metrics_and_a_pilot_is_logged(
    app: Litestar, database: Database, settings: Settings
) -> None:
    found, _, typed = await with_cases(database, settings)
    rooms = f"/programmes/{found.slug}"
    async with await member(app, found.id, "lead") as client:
        step = Logged(database, client)
        new = {"name": "退回次数", "kind": "count", "better": "lower"}
        await step.post(f"{rooms}/metrics", "metric.create", data=new)
        metric = next(each for each in await metrics.of_programme(database, found.id) if each.name == "退回次数")
        await step.post(f"{rooms}/metrics/{metric.id}/remove", "metric.remove", data={})
        await step.post(f"{rooms}/metrics/import", "metric.import", files={"file": ("x.csv", CASES.encode())})
        await step.post(f"{rooms}/pilot/plan", "pilot.plan", data=typed)
        await step.post(f"{rooms}/pilot/discard", "pilot.discard", data={})
        await step.post(f"{rooms}/pilot/plan", "pilot.plan", data=typed)
        before = len((await audit.events(database))[0])
        await fixed(client, f"{rooms}/pilot")
        assert (await audit.events(database))[0][0].action == "pilot.fix"
        assert len((await audit.events(database))[0]) == before + 1
        await step.post(f"{rooms}/pilot/reports", "report.make", data={"language": "zh-CN"})
    value = [{"metric": METRIC, "case": "9", "group": "pilot", "value": 3}]
    await by_key(app, database, found.id, f"/api/v1{rooms}/metrics", "metric.import", json=value)
