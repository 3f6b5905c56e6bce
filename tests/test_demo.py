"""Loading the demo on both engines: once, twice, after a stop half-way, and never outside demo mode."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from service import passwords
from service.actions import bank, copies, editor, piloting, publishing
from service.actions import waves as wave_actions
from service.database import Database, Unavailable
from service.demo import ACCOUNTS, SLUG, load, loader, pilot, welcome
from service.demo.participants import RESPONSES
from service.settings import Settings, SettingsError
from service.store import accounts, people, programmes, questionnaires, responses, waves
from service.store.waves import Wave
from service.tables import TABLES
from surveys import library
from surveys.definition import to_json
from surveys.formats import text

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 3, 20)


@pytest.fixture
def demo(settings: Settings) -> Settings:
    """Demo mode; the sample reports are there already, since making them takes most of a load."""
    folder = settings.data / "reports"
    folder.mkdir()
    for name in (*loader.REPORTS.values(), *pilot.REPORTS.values()):
        (folder / name).write_bytes(b"made before")
    return msgspec.structs.replace(settings, demo=True)


async def rows(database: Database) -> dict[str, int]:
    return {table._meta.tablename: await table.count() for table in TABLES}


async def baseline(database: Database) -> Wave:
    programme = await programmes.by_slug(database, SLUG)
    assert programme is not None
    return next(wave for wave in await waves.of_programme(database, programme.id) if wave.title == loader.BASELINE)


async def test_it_loads_the_whole_programme(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    programme = await programmes.by_slug(database, SLUG)
    assert programme is not None
    assert programme.stage == "pilot"
    assert [(target.baseline, target.target) for target in programme.targets] == [(72, 48), (78, 90), (55, 100)]
    assert len(await people.every(database, programme.id)) == 240
    published = {each.name for each in await questionnaires.published(database)}
    assert published == {*library.names(), "gallery", pilot.QUESTIONNAIRE}
    assert {each.role for each in await accounts.members(database, programme.id)} == {"lead", "hr", "author", "viewer"}
    assert all(each.password in welcome(links) for each in ACCOUNTS)


async def test_the_baseline_is_closed_anonymous_and_full(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    wave = await baseline(database)
    assert (wave.id, wave.state, wave.anonymity) == (links.baseline, "closed", "anonymous")
    stored = [each async for each in responses.each(database, wave.id)]
    assert len(stored) == RESPONSES
    assert {(each.person, each.invitation, each.submitted_at) for each in stored} == {(None, None, None)}
    assert wave.opens_at is not None
    assert wave.closes_at is not None
    assert all(wave.opens_at.date() <= each.submitted_on <= wave.closes_at.date() < TODAY for each in stored)
    progress = await waves.progress(database, wave.id)
    assert (sum(each.invited for each in progress), sum(each.submitted for each in progress)) == (240, RESPONSES)


async def test_the_order_of_answers_does_not_follow_the_roster(database: Database, demo: Settings) -> None:
    await load(database, demo, TODAY)
    departments = [each.department async for each in responses.each(database, (await baseline(database)).id)]
    assert departments != sorted(departments)
    assert len(set(departments[:12])) > 4


async def test_a_second_start_changes_nothing(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    before = await rows(database)
    assert await load(database, demo, TODAY) == links
    assert await rows(database) == before


async def test_what_a_visitor_changed_stays(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    lead, _ = await accounts.credentials(database, "lead@example.com")
    assert lead is not None
    await accounts.change(database, lead.id, password_hash=await passwords.hashed("a password of my own"))
    await questionnaires.save(database, "satisfaction", "satisfaction", "# mine")
    await load(database, demo, TODAY)
    _, stored = await accounts.credentials(database, "lead@example.com")
    assert await passwords.verified(stored, "a password of my own")
    copy = await questionnaires.named(database, "satisfaction")
    assert copy is not None
    assert copy.source == "# mine"
    assert links.participant


async def test_a_load_that_was_stopped_half_way_is_finished_by_the_next(
    database: Database, demo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = loader.submissions

    with monkeypatch.context() as patched:
        patched.setattr(loader, "submissions", lambda *given: whole(*given)[:50])
        patched.setattr(wave_actions, "close", _killed)
        with pytest.raises(ConnectionResetError):
            await load(database, demo, TODAY)
    assert await responses.count(database, (await baseline(database)).id) == 50
    await load(database, demo, TODAY)
    assert await responses.count(database, (await baseline(database)).id) == RESPONSES
    assert (await baseline(database)).state == "closed"


async def _killed(*_: object, **__: object) -> None:
    raise ConnectionResetError


async def test_the_sample_reports_are_made_once_in_both_languages(database: Database, demo: Settings) -> None:
    for name in (*loader.REPORTS.values(), *pilot.REPORTS.values()):
        (demo.data / "reports" / name).unlink()
    links = await load(database, demo, TODAY)
    assert [path.parent for path in links.reports] == [demo.data / "reports"] * 4
    first = [path.read_bytes() for path in links.reports]
    assert all(content.startswith(b"%PDF-") for content in first)
    assert len(set(first)) == 4
    links.reports[0].write_bytes(b"mine")
    await load(database, demo, TODAY)
    assert [path.read_bytes() for path in links.reports] == [b"mine", *first[1:]]


async def test_the_open_wave_takes_answers_by_public_and_personal_link(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    token = links.participant.rpartition("/")[2]
    wave = await waves.by_public_token(database, token)
    assert wave is not None
    assert wave.state == "open"
    assert len(await waves.invitations(database, wave.id, waiting=True)) == 240
    assert "/a/" in links.personal


async def test_every_question_type_is_answered_by_a_public_link(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    wave = await waves.by_public_token(database, links.gallery.rpartition("/")[2])
    assert wave is not None
    assert (wave.state, wave.personal_links) == ("open", False)
    assert len(await people.every(database, wave.programme)) == 240  # to choose departments and people from
    assert {each.role for each in await accounts.members(database, wave.programme)} == {
        "lead",
        "hr",
        "author",
        "viewer",
    }


async def test_the_draft_is_the_ten_question_example_with_one_problem_to_mend(
    database: Database, demo: Settings
) -> None:
    links = await load(database, demo, TODAY)
    assert links.draft.endswith("/questionnaires/complaint-quick-check/edit")
    draft = await editor.opened(database, "complaint-quick-check")
    assert [(each.code, each.place) for each in draft.problems] == [("dead_code", "pages.1.questions.2.visible_if")]
    example, _ = text.read(
        re.findall(r"```text\n(.*?)```", (ROOT / "docs" / "text-form.md").read_text("utf-8"), re.S)[1]
    )
    assert example is not None
    mended = to_json(draft.definition).replace(rb"role == \"handler\"", rb"role == \"upstream\"")
    assert mended.replace(b"complaint-quick-check", b"complaint-check") == to_json(example)


async def test_the_open_wave_may_move_to_the_newer_version_of_its_questionnaire(
    database: Database, demo: Settings
) -> None:
    links = await load(database, demo, TODAY)
    wave = await waves.get(database, UUID(links.move.split("/")[-2]))
    assert wave is not None
    step = await publishing.newer(database, wave)
    assert step is not None
    assert (step.old.number, step.new.number, step.refused) == (1, 2, ())
    assert [each.kind for each in step.changes] == ["reworded", "added"]
    await publishing.move(database, wave, step.new.id)
    await load(database, demo, TODAY)
    assert (await waves.get(database, wave.id)).version == step.new.id  # type: ignore[union-attr]


async def test_the_bank_has_tags_a_newer_version_and_a_template(database: Database, demo: Settings) -> None:
    await load(database, demo, TODAY)
    desk = await bank.desk(database, "customer-visit", "", "")
    assert [(each.code, each.number, each.newest) for each in desk.references] == [
        ("overall", 1, 2), ("promise", 1, 1), ("recommend", 1, 1),
    ]  # fmt: skip
    assert ("客户", 3) in desk.tags
    assert await copies.is_template(database, "complaint-pulse")
    assert not (await editor.opened(database, "complaint-pulse")).problems


async def test_some_of_a_questionnaire_is_not_translated_yet(database: Database, demo: Settings) -> None:
    await load(database, demo, TODAY)
    visit = await editor.opened(database, "customer-visit")
    assert {each.code for each in visit.problems} == {"missing_language"}


async def test_a_load_stopped_while_the_bank_was_filled_is_finished_by_the_next(
    database: Database, demo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(copies, "mark", _killed)
        with pytest.raises(Unavailable):
            await load(database, demo, TODAY)
    assert await questionnaires.named(database, "customer-visit") is not None
    assert await questionnaires.named(database, "complaint-pulse") is None
    await load(database, demo, TODAY)
    assert await copies.is_template(database, "complaint-pulse")
    overall = await bank.detail(database, "overall")
    assert [each.number for each in overall.versions] == [2, 1]


async def test_passwords_known_to_everybody_never_reach_a_real_service(database: Database, settings: Settings) -> None:
    with pytest.raises(SettingsError):
        await load(database, settings, TODAY)
    assert set((await rows(database)).values()) == {0}


@pytest.mark.parametrize("sign_in", ACCOUNTS, ids=lambda sign_in: sign_in.role)
def test_the_demo_keeps_the_rules_for_passwords(sign_in: loader.SignIn) -> None:
    assert passwords.problem(sign_in.password, sign_in.email, sign_in.name) is None


async def test_the_pilot_has_a_target_of_each_grade(database: Database, demo: Settings) -> None:
    links = await load(database, demo, TODAY)
    assert links.pilot in welcome(links)
    programme = await programmes.by_slug(database, SLUG)
    assert programme is not None
    found = await piloting.evaluated(database, programme.id)
    assert [each.verdict for each in found.pilot.metrics[:3]] == ["demonstrated", "met_not_demonstrated", "not_met"]
    assert found.pilot.decision.outcome == "adjust"
    times, satisfied, *_ = found.pilot.metrics
    assert (times.all_before.n_valid, times.all_after.n_valid) == (300, 120)
    assert (satisfied.all_after.n_valid, satisfied.before.n_valid) == (30, 20)
    assert satisfied.linkage is not None
    assert satisfied.linkage.value == pytest.approx(2 / 3)
    assert satisfied.comparison_after is not None
    assert satisfied.comparison_after.n_valid == 60
    removed = [each.estimate.params["removed"] for each in times.sensitivity if each.key == "outliers"]
    assert removed == [2]
    assert found.record.fixed_on is not None
    assert found.record.fixed_on < found.record.plan.started_on < TODAY
