"""Whatever staff change is in the audit log: every unsafe route of the programme rooms, by an example that succeeds.

``tests/pages/test_admin.py`` holds the same for the account and administration pages.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar

from service import access
from service.actions import authoring, results, waves
from service.actions.waves import Draft
from service.database import Database
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from service.store import accounts, audit, sessions
from service.store.waves import Wave
from surveys import library
from tests.pages import makers
from tests.visitors import browser, new_account, signed_in

QUICK = """
name: quick
kind: pulse
title: {zh-CN: 快速调查, en: Quick survey}
pages: [{code: p1, questions: [{code: nps, type: nps, text: {zh-CN: 推荐吗？, en: Recommend?}}]}]
"""
PROGRAMME, WAVE, API = "/programmes/{slug}", "/programmes/{slug}/waves/{wave}", "/api/v1/programmes"
EXAM, ITEMS = "/programmes/{slug}/exams/{exam}", "/programmes/{slug}/items/{bank}"
CHARTER = {"name": "采购审批优化", "process": "采购审批"}
DRAFT = {
    "title": "改过的", "version": "{version}", "role": "pulse", "anonymity": "confidential", "personal_links": "1",
}  # fmt: skip


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A request that succeeds on a wave in ``state``, and the action that it leaves in the log."""

    path: str
    action: str
    state: str = "draft"
    form: dict[str, str] = {}
    file: bytes = b""
    json: dict[str, Any] = {}
    parameters: dict[str, str] = {}


def deed(path: str, word: str, state: str) -> Example:
    return Example(path=path, action=f"wave.{word}", state=state, parameters={"deed": word})


EXAMPLES = [
    Example(path="/programmes/new", action="programme.create", form=CHARTER),
    Example(path=f"{PROGRAMME}/edit", action="programme.change", form=CHARTER),
    Example(path=f"{PROGRAMME}/stage", action="programme.stage", form={"stage": "pilot"}),
    Example(path=f"{PROGRAMME}/members", action="member.add", form={"email": "other@example.com", "role": "hr"}),
    Example(path=f"{PROGRAMME}/members/{{member}}/remove", action="member.remove"),
    Example(path=f"{PROGRAMME}/people/import", action="roster.import", file="工号,姓名,部门\n1,李娜,客服部\n".encode()),
    Example(path=f"{PROGRAMME}/waves/new", action="wave.create", form=DRAFT),
    Example(path=f"{WAVE}/edit", action="wave.change", form=DRAFT),
    deed(f"{WAVE}/{{deed}}", "open", "draft"),
    deed(f"{WAVE}/{{deed}}", "invite", "open"),
    deed(f"{WAVE}/{{deed}}", "close", "open"),
    deed(f"{WAVE}/{{deed}}", "reopen", "closed"),
    deed(f"{WAVE}/{{deed}}", "discard", "draft"),
    Example(path=f"{WAVE}/import", action="responses.import", state="open", file=b"nps\n9\n"),
    Example(path=f"{WAVE}/reports", action="report.make", state="closed", form={"language": "en"}),
    Example(
        path="/questionnaires/new",
        action="questionnaire.create",
        form={"deed": "empty", "title": "季度脉搏", "kind": "pulse"},
    ),
    Example(path="/questionnaires/edit", action="questionnaire.save", form={"deed": "save", "source": QUICK}),
    Example(
        path="/questionnaires/edit",
        action="questionnaire.publish",
        form={"deed": "publish", "source": QUICK.replace("快速", "另一份快速")},
    ),
    Example(
        path="/questionnaires/{name}/copy", action="questionnaire.publish", parameters={"name": library.names()[0]}
    ),
    Example(path=API, action="programme.create", json=CHARTER),
    deed(f"/api/v1{WAVE}/{{deed}}", "close", "open"),
    Example(
        path=f"/api/v1{WAVE}/reports/{{language}}", action="report.make", state="closed", parameters={"language": "en"}
    ),
]
QUIET = {
    f"{PROGRAMME}/waves/audience",  # counts whom a draft would invite, and changes nothing
    f"{EXAM}/blueprint/state",  # counts what a blueprint would find
    f"{EXAM}/candidates/count",
    "/questionnaires/{name}/edit",  # a draft: every state of it is kept with its author, and publishing is logged
}
TOLD_ELSEWHERE = {
    f"{WAVE}/version", "/questionnaires/{name}/publish", "/questionnaires/{name}/duplicate",
    "/questionnaires/{name}/template", "/questionnaires/{name}/translate", "/questionnaires/{name}/bank/{deed}",
    "/questionnaires/bank/{item}",
    f"{EXAM}/marking/{{question}}/{{role}}/{{token}}", f"{EXAM}/scoring/{{item}}", f"{EXAM}/release/{{deed}}",
    f"{EXAM}/appeals/{{appeal}}", f"{EXAM}/certificates/{{serial}}/{{deed}}",
    f"{PROGRAMME}/exams/new", f"{EXAM}/settings", f"{EXAM}/blueprint", f"{EXAM}/standard", f"{EXAM}/standard/apply",
    f"{EXAM}/candidates", f"{EXAM}/candidates/resit", f"{EXAM}/candidates/{{candidate}}",
    f"{EXAM}/candidates/{{candidate}}/remove", f"{EXAM}/{{deed}}", f"/api/v1{EXAM}/{{deed}}",
    f"{EXAM}/results/reports",
    f"{PROGRAMME}/items", f"{ITEMS}/import", f"{ITEMS}/item/{{code}}", f"{ITEMS}/item/{{code}}/{{deed}}",
    f"{ITEMS}/new/{{kind}}",
    f"{PROGRAMME}/metrics", f"{PROGRAMME}/metrics/import", f"{PROGRAMME}/metrics/{{metric}}/remove",
    f"/api/v1{PROGRAMME}/metrics", f"{PROGRAMME}/pilot/plan", f"{PROGRAMME}/pilot/discard", f"{PROGRAMME}/pilot/fix",
    f"{PROGRAMME}/pilot/reports", f"/api/v1{PROGRAMME}/pilot/reports/{{language}}",
}  # fmt: skip
"""In test_publishing.py and test_bank.py, where there is something to move, translate or take; in test_marking.py,
test_outcomes.py and test_audit_exams.py."""
ELSEWHERE = ("/admin", "/account", "/sign", "/answer", "/receipt", "/exam")
"""test_admin.py; participants leave no trace, and candidates the events of their attempts."""


async def wave_in(state: str, database: Database, settings: Settings, programme: UUID) -> Wave:
    """A wave with responses enough for a report."""
    _, version = await authoring.publish(database, QUICK)
    assert version is not None
    draft = Draft(version=version.id, title="快速", role="pulse", anonymity="confidential")
    wave = await waves.create(database, programme, "diagnosis", draft)
    if state == "draft":
        return wave
    await waves.open_wave(database, settings, wave)
    await results.import_responses(database, wave.id, "before.csv", b"nps\n" + b"7\n" * 20)
    if state == "closed":
        await waves.close(database, await waves.get(database, programme, wave.id))
    return await waves.get(database, programme, wave.id)


async def test_every_unsafe_route_of_staff_has_an_example(app: Litestar) -> None:
    unsafe = {path for method, path, _ in access.routes(app) if method != "GET" and not path.startswith(ELSEWHERE)}
    assert unsafe - QUIET - TOLD_ELSEWHERE == {example.path for example in EXAMPLES}


async def test_every_deed_on_a_wave_has_an_example() -> None:
    assert set(waves.DEEDS) == {example.parameters["deed"] for example in EXAMPLES if "deed" in example.parameters}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.path} {each.action}")
async def test_whatever_changes_something_is_in_the_audit_log(
    app: Litestar, database: Database, settings: Settings, example: Example
) -> None:
    lead, other = await new_account(database, "lead@example.com"), await new_account(database, "other@example.com")
    found = await makers.programme(database)
    for account in (lead, other):
        await accounts.give_role(database, found.id, account.id, "lead")
    wave = await wave_in(example.state, database, settings, found.id)
    places = {
        "slug": found.slug, "wave": str(wave.id), "version": str(wave.version), "member": str(other.id),
        **example.parameters,
    }  # fmt: skip
    before = {event.id for event in (await audit.events(database))[0]}
    key = await sessions.create_key(database, lead.id, "test", None)
    by_key = example.path.startswith("/api")
    client = browser(app, Authorization=f"Bearer {key}") if by_key else await signed_in(app, lead)
    form = {name: value.format(**places) if name == "version" else value for name, value in example.form.items()}
    body = {"json": example.json} if example.json else {"data": form}
    files = {"files": {"file": ("given.csv", example.file)}} if example.file else {}
    response = await client.post(example.path.format(**places), **body, **files)
    assert response.status_code in (200, 201, 303), response.text
    if example.action == "report.make":
        await Worker(database, HANDLERS).run_one()  # a page queues it, the API has made it
    new = [event for event in (await audit.events(database))[0] if event.id not in before]
    assert [(event.action, event.account) for event in new] == [(example.action, lead.id)]
    assert new[0].subject
    assert new[0].programme in (found.id, None) or example.action == "programme.create"
