"""Loads the demo through the use cases that pages call; its answers go the way of everybody's, through the writer."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service import clock, passwords
from service.actions import authoring, programmes, reporting, waves
from service.database import Database, NewResponse, Submit
from service.demo import authors, exams, feedback, pilot
from service.demo.company import roster
from service.demo.participants import DAYS, Submission, record_of, submissions
from service.identifiers import new_token, token_hash
from service.settings import Settings, SettingsError
from service.store import accounts, people, questionnaires, responses
from service.store import programmes as programme_store
from service.store import waves as wave_store
from service.store.programmes import Charter, Programme, Target
from service.store.waves import Wave
from surveys import library
from surveys.answers import finish
from surveys.compiled import compile_questionnaire

SLUG = "complaint-handling"
QUESTIONNAIRE = "complaint-diagnosis"
DAYS_AGO = 35  # that the baseline opened
PILOT_AFTER = 20  # days, that the pilot began
REPORTS = {"zh-CN": "流程现状诊断报告.pdf", "en": "process-diagnosis-report.pdf"}
BASELINE, FOLLOW_UP = "投诉处理流程现状诊断（基线）", "投诉处理流程诊断 · 补充征集"


class SignIn(msgspec.Struct, frozen=True):
    """An account of the demo. The password is known to everybody: it exists in demo mode only."""

    role: str
    name: str
    email: str
    password: str


ACCOUNTS = (
    SignIn("lead", "演示 · 项目组长", "lead@example.com", "complaint-72h-to-48h"),
    SignIn("hr", "演示 · 人力支持", "hr@example.com", "roster-of-240-people"),
    SignIn("author", "演示 · 问卷编制", "author@example.com", "forty-good-questions"),
    SignIn("viewer", "演示 · 查看者", "viewer@example.com", "only-looking-around"),
    SignIn("administrator", "演示 · 系统管理员", "admin@example.com", "keeper-of-the-keys"),
)


class DemoLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Where to look. URLs are absolute; ``reports`` are the sample PDFs."""

    participant: str
    personal: str
    sign_in: str
    hr: str
    lead: str
    pilot: str
    gallery: str
    draft: str
    visit: str
    move: str
    exams: exams.ExamLinks
    accounts: tuple[SignIn, ...]
    baseline: UUID
    reports: tuple[Path, ...] = ()


async def load(database: Database, settings: Settings, today: date | None = None) -> DemoLinks:
    """The demo as of ``today`` (else the current day); a second call changes nothing and takes a moment.

    Raises ``SettingsError`` outside demo mode, since the accounts' passwords are public.
    """
    if not settings.demo:
        raise SettingsError("the demo's passwords are public: it loads only with WENHENG_DEMO=true")
    zone = ZoneInfo(settings.time_zone)
    first_day = (today or clock.now().astimezone(zone).date()) - timedelta(days=DAYS_AGO)
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone)
    programme = await _programme(database)
    members = await _accounts(database, programme)
    author = members["author"]
    await _questionnaires(database)
    known = {wave.title: wave for wave in await wave_store.of_programme(database, programme.id)}
    baseline = known.get(BASELINE) or await _create_baseline(database, programme, midnight)
    if baseline.state != "closed":
        await _run_baseline(database, settings, baseline, midnight)
    follow_up = known.get(FOLLOW_UP) or await _create_follow_up(database, programme)
    if follow_up.state == "draft":
        await waves.open_wave(database, settings, follow_up)
    gallery = await authors.gallery(database, settings, await authors.gallery_programme(database, members), author)
    await authors.draft(database, author)
    await authors.stock_bank(database, author)
    await authors.second_version(database, QUESTIONNAIRE, author)  # after the waves, which keep to the first
    piloted = await pilot.load(database, settings, programme, midnight + timedelta(days=PILOT_AFTER))
    today_begins = midnight + timedelta(days=DAYS_AGO)
    await feedback.load(database, settings, programme, today_begins)
    sat = await exams.load(database, settings, programme, today_begins, members["hr"])
    links = await _links(database, settings, baseline, follow_up, gallery, sat)
    return msgspec.structs.replace(links, reports=(*await _reports(database, settings, baseline), *piloted))


async def _programme(database: Database) -> Programme:
    """With its roster; the roster first, so that a programme that is there is whole."""
    found = await programme_store.by_slug(database, SLUG)
    if found is not None:
        return found
    everybody = roster()
    head = next(person for person in everybody if person.position == "客服中心经理")
    charter = Charter(
        name="客户投诉处理流程优化（V2.0）",
        process="客户投诉处理",
        scope="国内销售的厨房电器和净水产品，从客户投诉登记到结案归档；不含海外经销商的索赔。",
        owner=f"客服中心经理 {head.name}",
        sponsor="分管运营的副总经理",
        targets=(
            Target(metric="投诉关闭时长", unit="小时", baseline=72, target=48, direction="decrease"),
            Target(metric="客户满意度", unit="%", baseline=78, target=90, direction="increase"),
            Target(metric="24 小时内分派率", unit="%", baseline=55, target=100, direction="increase"),
        ),
    )
    async with database.writing():
        programme = await programmes.create(database, charter, slug=SLUG)
        await people.save(database, programme.id, everybody)
        await programmes.change_stage(database, programme.id, "diagnosis")
    return programme


async def _accounts(database: Database, programme: Programme) -> dict[str, UUID]:
    """The accounts by role. A role that somebody has taken away stays away."""
    known = {account.email: account.id for account in await accounts.every(database)}
    for each in ACCOUNTS:
        if each.email in known:
            continue
        hashed = await passwords.hashed(each.password)
        administrator = each.role == "administrator"
        async with database.writing():
            account = await accounts.create(
                database, email=each.email, name=each.name, password_hash=hashed, administrator=administrator
            )
            assert account is not None
            known[each.email] = account.id
            if not administrator:
                await accounts.give_role(database, programme.id, account.id, each.role)
    return {each.role: known[each.email] for each in ACCOUNTS}


async def _questionnaires(database: Database) -> None:
    """Publishes the whole library where it is not there; what an author has changed since stays."""
    known = {copy.name for copy in await questionnaires.every(database)}
    for name in library.names():
        if name not in known:
            await authoring.publish_library(database, name)


async def _version(database: Database) -> UUID:
    return next(version.id for version in await questionnaires.published(database) if version.name == QUESTIONNAIRE)


async def _create_baseline(database: Database, programme: Programme, midnight: datetime) -> Wave:
    draft = waves.Draft(
        version=await _version(database),
        title=BASELINE,
        role="baseline",
        anonymity="anonymous",
        opens_at=midnight.astimezone(UTC),
        closes_at=(midnight + timedelta(days=DAYS)).astimezone(UTC),
    )
    return await waves.create(database, programme.id, "diagnosis", draft)


async def _create_follow_up(database: Database, programme: Programme) -> Wave:
    """Where visitors of the demo answer; confidential, so that the list of those who have not can be seen."""
    draft = waves.Draft(
        version=await _version(database),
        title=FOLLOW_UP,
        role="pulse",
        anonymity="confidential",
        public_link=True,
    )
    return await waves.create(database, programme.id, "diagnosis", draft)


async def _run_baseline(database: Database, settings: Settings, wave: Wave, midnight: datetime) -> None:
    """Invites, answers and closes. Repeating it is safe: an invitation is answered once."""
    if wave.state == "draft":
        await waves.open_wave(database, settings, wave)
    definition = (await waves.version_of(database, wave)).definition
    compiled = compile_questionnaire(definition)
    person_of = {person.employee_number: person.id for person in await people.every(database, wave.programme)}
    chance = random.Random(str(wave.title))  # noqa: S311 - identifiers of invented answers
    writes = []
    for each in submissions(definition, roster()):
        person = {"side": each.person.side, "department": each.person.department, "position": each.person.position}
        finished = finish(compiled, record_of(each), person)
        if finished.errors:
            raise ValueError(f"the demo's answers of {each.person.employee_number} do not fit: {finished.errors}")
        token = waves.personal_url(settings, wave.id, person_of[each.person.employee_number]).rpartition("/")[2]
        identifier = UUID(int=chance.getrandbits(128), version=4)
        response = _response(each, wave, finished.stored, identifier, midnight)
        response = responses.packed(response, compiled, finished.stored)
        writes.append(Submit(token_hash=token_hash(token), response=response))
    await asyncio.gather(*(database.writer.write(write) for write in writes))
    reopened = await wave_store.get(database, wave.id)
    assert reopened is not None
    await waves.close(database, reopened)


def _response(
    submission: Submission, wave: Wave, stored: dict[str, object], identifier: UUID, midnight: datetime
) -> NewResponse:
    """Anonymous, as the wave promises: no person, no invitation, the day only, a receipt that nobody holds."""
    moment = midnight + timedelta(days=submission.day, minutes=submission.minute)
    return NewResponse(
        id=identifier,
        wave=wave.id,
        invitation=None,
        person=None,
        receipt_hash=token_hash(new_token()),
        language=submission.language,
        submitted_on=moment.astimezone(UTC).date(),
        submitted_at=None,
        seconds=submission.seconds,
        department=submission.person.department,
        side=submission.person.side,
        source="personal",
        answers=msgspec.json.encode(stored).decode(),
    )


async def _reports(database: Database, settings: Settings, baseline: Wave) -> tuple[Path, ...]:
    """The diagnosis as PDF in both languages under ``reports``/ of the data folder, made once."""
    folder = settings.data / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for language, name in REPORTS.items():
        path = folder / name
        if path.exists():
            continue
        document = await reporting.make(database, settings, baseline.id, language)
        _, content = await reporting.content(database, baseline.programme, document.id)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return tuple(folder / name for name in REPORTS.values())


async def _links(
    database: Database, settings: Settings, baseline: Wave, follow_up: Wave, gallery: Wave, sat: exams.ExamLinks
) -> DemoLinks:  # fmt: skip
    base = settings.base_url.rstrip("/")
    home = f"{base}/programmes/{SLUG}/waves"
    waiting = await wave_store.invitations(database, follow_up.id, waiting=True)
    specialists = [each.person for each in waiting if each.department.endswith("投诉组")]
    someone = (specialists or [each.person for each in waiting])[:1]
    current = await wave_store.get(database, follow_up.id)
    return DemoLinks(
        participant=waves.public_url(settings, current or follow_up),
        personal=waves.personal_url(settings, follow_up.id, someone[0]) if someone else "",
        sign_in=f"{base}/sign-in",
        hr=f"{home}/{follow_up.id}",
        lead=f"{home}/{baseline.id}/results",
        pilot=f"{base}/programmes/{SLUG}/pilot",
        gallery=waves.public_url(settings, gallery),
        draft=f"{base}/questionnaires/{authors.DRAFT}/edit",
        visit=f"{base}/questionnaires/{authors.VISIT}",
        move=f"{home}/{follow_up.id}/version",
        exams=sat,
        accounts=ACCOUNTS,
        baseline=baseline.id,
    )


def welcome(links: DemoLinks) -> str:
    """What is printed when the demo starts."""
    lines = [
        "",
        "问衡演示已就绪 · The Wenheng demo is ready",
        "",
        f"  答题 Answer (public link)        {links.participant}",
        f"  答题 Answer (a personal link)    {links.personal}" if links.personal else "",
        f"  题型 Every question type         {links.gallery}",
        f"  登录 Sign in                     {links.sign_in}",
        f"  人力 HR: the open wave           {links.hr}",
        f"  组长 Lead: the diagnosis         {links.lead}",
        f"  试点 Lead: the pilot, evaluated  {links.pilot}",
        f"  考试 Sit an exam yourself        {links.exams.sit}",
        f"  练习 Practise for it             {links.exams.practise}",
        f"  成绩 HR: results and report      {links.exams.results}",
        f"  阅卷 HR: the marking desk        {links.exams.marking}",
        f"  题库 Author: 60 exam items       {links.exams.bank}",
        f"  编制 Author: a draft in the editor, with a problem to mend     {links.draft}",
        f"  题库 Author: questions of the bank, one of them out of date    {links.visit}/bank",
        f"  翻译 Author: what is not in English yet                        {links.visit}/translate",
        f"  版本 Lead: the open wave may move to a newer version           {links.move}",
        "",
        *(f"  {each.role:<14} {each.email:<20} {each.password}" for each in links.accounts),
    ]
    if links.reports:
        lines += ["", *(f"  报告 Report  {path}" for path in links.reports)]
    return "\n".join([*lines, ""])
