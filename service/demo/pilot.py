"""The demo's pilot: dealers asked before and after, complaints timed, a plan fixed before it began, the report."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import msgspec

from service.actions import authoring, linking, metrics, pilot_reporting, programmes, waves
from service.database import Database, NewResponse
from service.demo import dealers
from service.demo.dealers import Answer
from service.identifiers import new_token, token_hash
from service.settings import Settings
from service.store import documents, pilot_plans, questionnaires, responses
from service.store import waves as wave_store
from service.store.programmes import Programme
from service.store.waves import Role, Wave
from surveys.analysis.pilot_findings import Rule, Target
from surveys.analysis.pilot_plan import Measure, Plan
from surveys.answers import Record, finish
from surveys.compiled import compile_questionnaire

QUESTIONNAIRE = "dealer-satisfaction"
REPORTS = {"zh-CN": "试点评估报告.pdf", "en": "pilot-evaluation-report.pdf"}
ASKED = 36  # dealers who were sent the pilot wave's link
TITLES: dict[Role, str] = {
    "baseline": "经销商满意度 · 试点前", "pilot": "经销商满意度 · 试点区域", "comparison": "经销商满意度 · 其他区域",
}  # fmt: skip
OPENED: dict[Role, int] = {"baseline": -6, "pilot": 11, "comparison": 11}  # days from the start of the pilot
FIXED = -2
HOURS, SHARE = {"zh-CN": "小时", "en": "h"}, {"zh-CN": "%", "en": "%"}
OWN_CODE = "own_code"


async def load(database: Database, settings: Settings, programme: Programme, start: datetime) -> tuple[Path, ...]:
    """The pilot that began at the midnight ``start``; what is there stays. Returns the sample reports."""
    known = {wave.title: wave for wave in await wave_store.of_programme(database, programme.id)}
    fresh = not known.keys() & set(TITLES.values())
    rounds = {role: known.get(title) for role, title in TITLES.items()}
    for role in TITLES:
        wave = rounds[role] or await _created(database, programme, role, start)
        if wave.state != "closed":
            await _run(database, settings, wave, role, start)
        rounds[role] = wave
    if fresh:
        await programmes.change_stage(database, programme.id, "pilot")
    if not any(each.tallies for each in await metrics.listing(database, programme.id)):
        await _import(database, programme, start)
    if not await pilot_plans.of_programme(database, programme.id):
        await _fix(database, programme, {role: wave for role, wave in rounds.items() if wave}, start)
    return await _reports(database, settings, programme)


async def _created(database: Database, programme: Programme, role: Role, start: datetime) -> Wave:
    if await questionnaires.named(database, QUESTIONNAIRE) is None:
        await authoring.publish(database, (files(__package__) / f"{QUESTIONNAIRE}.yaml").read_text(encoding="utf-8"))
    version = (await authoring.versions(database, QUESTIONNAIRE))[-1]
    opened = start + timedelta(days=OPENED[role])
    draft = waves.Draft(
        version=version.id, title=TITLES[role], role=role, anonymity="anonymous", public_link=True,
        personal_links=False, opens_at=opened.astimezone(UTC), closes_at=(opened + timedelta(days=3)).astimezone(UTC),
    )  # fmt: skip
    return await waves.create(database, programme.id, "pilot", draft)


async def _run(database: Database, settings: Settings, wave: Wave, role: Role, start: datetime) -> None:
    """Opens, answers and closes; answers are stored all or none, so that stopping half-way does no harm."""
    if wave.state == "draft":
        await waves.open_wave(database, settings, wave)
    compiled = compile_questionnaire((await waves.version_of(database, wave)).definition)
    chance = random.Random(wave.title)  # noqa: S311 - identifiers of invented answers
    found = []
    for each in dealers.answers(role):
        code = linking.code_of(settings.secret(), wave.programme, each.parts)
        finished = finish(compiled, Record({OWN_CODE: code, **each.answers}, frozenset()), {})
        if finished.errors:
            raise ValueError(f"the demo's answers do not fit: {finished.errors}")
        response = _response(each, wave, finished.stored, UUID(int=chance.getrandbits(128), version=4), start, role)
        found.append(responses.packed(response, compiled, finished.stored))
    if await responses.count(database, wave.id) == 0:
        await responses.insert(database, found)
    opened = await wave_store.get(database, wave.id)
    assert opened is not None
    await waves.close(database, opened)


def _response(
    answer: Answer, wave: Wave, stored: dict[str, object], identifier: UUID, start: datetime, role: Role
) -> NewResponse:
    moment = start + timedelta(days=OPENED[role] + answer.day, hours=10)
    return NewResponse(
        id=identifier, wave=wave.id, invitation=None, person=None, receipt_hash=token_hash(new_token()),
        language="zh-CN", submitted_on=moment.astimezone(UTC).date(), submitted_at=None, seconds=answer.seconds,
        department="", side="customer", source="public", answers=msgspec.json.encode(stored).decode(),
    )  # fmt: skip


async def _import(database: Database, programme: Programme, start: datetime) -> None:
    given = {"name": "重复投诉率", "kind": "proportion", "unit": "%", "better": "lower"}
    await metrics.add(database, programme.id, given)
    done = await metrics.bring(database, programme.id, "complaints.csv", dealers.complaints(start.date()).encode())
    if done.problems:
        raise ValueError(f"the demo's complaints cannot be imported: {done.problems}")


async def _fix(database: Database, programme: Programme, rounds: dict[Role, Wave], start: datetime) -> None:
    """Drawn up through the form's own record, fixed two days before the start."""
    await pilot_plans.save_draft(database, programme.id, plan(rounds, start))
    [draft] = await pilot_plans.of_programme(database, programme.id)
    fixed = (start + timedelta(days=FIXED, hours=16)).astimezone(UTC)
    await pilot_plans.fix(database, programme.id, draft.number, draft.content_hash, None, at=fixed)


def plan(rounds: dict[Role, Wave], start: datetime) -> Plan:
    """Three targets of the charter, one metric that must not get worse, one scale that is merely looked at."""
    measures = (
        Measure(
            code="m1", label={"zh-CN": "投诉关闭时长", "en": "Time to close"}, kind="duration", better="lower",
            source="cases", of="投诉关闭时长", unit=HOURS, target=Target(value=48, direction="at_most"), assumed=72,
        ),
        Measure(
            code="m2", label={"zh-CN": "客户满意度", "en": "Satisfied dealers"}, kind="proportion", better="higher",
            source="answers", of="overall", yes_from=4, unit=SHARE, assumed=0.78,
            target=Target(value=0.9, direction="at_least"),
        ),
        Measure(
            code="m3", label={"zh-CN": "24 小时内分派率", "en": "Assigned within 24 h"}, kind="proportion",
            better="higher", source="cases", of="24 小时内分派率", unit=SHARE, assumed=0.55,
            target=Target(value=1.0, direction="at_least"),
        ),
        Measure(
            code="m4", label={"zh-CN": "重复投诉率", "en": "Repeat complaints"}, kind="proportion", better="lower",
            source="cases", of="重复投诉率", unit=SHARE, harm_margin=0.05,
        ),
        Measure(
            code="m5", label={"zh-CN": "进度告知", "en": "Being kept informed"}, kind="score", better="higher",
            source="answers", of="scale:informed", planned=False,
        ),
    )  # fmt: skip
    rule = Rule(fixed_on=start.date(), must=("m1",), no_harm=("m4",), least_response=0.5)
    waves_of = {role: str(wave.id) for role, wave in rounds.items()}
    return Plan(started_on=start.date(), linked=OWN_CODE, asked=ASKED, measures=measures, rule=rule, **waves_of)


async def _reports(database: Database, settings: Settings, programme: Programme) -> tuple[Path, ...]:
    """The evaluation as PDF in both languages under ``reports/`` of the data folder, made once."""
    folder = settings.data / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for language, name in REPORTS.items():
        path = folder / name
        if path.exists():
            continue
        document = await pilot_reporting.make(database, programme.id, language)
        found = await documents.content(database, programme.id, document.id)
        assert found is not None
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(found[1])
        unfinished.replace(path)
    return tuple(folder / name for name in REPORTS.values())
