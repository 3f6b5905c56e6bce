"""What authors find in the demo: drafts, a bank, a template, a second version, and the gallery of question types."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from uuid import UUID

from service.actions import authoring, bank, copies, editor, programmes, waves
from service.database import Database
from service.demo.company import roster
from service.settings import Settings
from service.store import accounts, people, questionnaires
from service.store import programmes as programme_store
from service.store import waves as wave_store
from service.store.programmes import Charter, Programme
from service.store.waves import Wave
from surveys import library
from surveys.editing import Set

DRAFT, VISIT, TEMPLATE, GALLERY = "complaint-quick-check", "customer-visit", "complaint-pulse", "gallery"
GALLERY_SLUG = "every-question-type"
GALLERY_TITLE = "题型样例 · Every question type"
CORRECTIONS = {
    "大概的数就行；没有就填 0。": "估个大概就行；没有就填 0。",
    "- {code: no_owner, category: method,": "- {code: called_again, category: method, "
    "label: {zh-CN: 客户要反复来电催问, en: Customers have to call again and again}}\n"
    "          - {code: no_owner, category: method,",
}
"""What the second version of the diagnosis changes: a wording and one more option, which a running wave may follow."""


def written(name: str) -> str:
    """A questionnaire in text form beside this module."""
    return (files(__package__) / f"{name}.txt").read_text(encoding="utf-8")


async def draft(database: Database, account: UUID) -> None:
    """Ten questions as they were typed; a condition names an option that is not there."""
    if await questionnaires.named(database, DRAFT) is None:
        async with database.writing():
            await authoring.save(database, written(DRAFT), account=account)
            await editor.open_draft(database, DRAFT, account)


async def stock_bank(database: Database, account: UUID) -> None:
    """Three items with tags; a template refers to the newest wording of one, a draft still to the one before.

    The template is made last, so that a load that was stopped goes on where it was.
    """
    if await questionnaires.named(database, TEMPLATE) is not None:
        return
    if await questionnaires.named(database, VISIT) is None:
        async with database.writing():
            await authoring.save(database, written(VISIT), account=account)
            await bank.keep(database, VISIT, ["overall"], "满意度 客户", link=True, account=account)
            await bank.keep(database, VISIT, ["promise"], "时效 客户", link=True, account=account)
            await bank.keep(database, VISIT, ["recommend"], "推荐 客户", link=True, account=account)
    async with database.writing():
        typed = {
            "name": TEMPLATE,
            "title.zh-CN": "投诉处理季度脉搏",
            "title.en": "Quarterly pulse of complaint handling",
        }
        await copies.copy(database, "quarterly-pulse", typed, account=account)
        await bank.insert(database, TEMPLATE, "overall", "pulse", refer=True, account=account)
        definition = (await editor.open_draft(database, TEMPLATE, account)).definition
        taken = next(each for each in definition.questions() if each.bank.startswith("overall@"))
        wording = {
            "zh-CN": "总体来说，您对最近一次投诉的处理满意吗？",
            "en": "Overall, how satisfied are you with how your latest complaint was handled?",
        }
        edit = Set(place=f"questions.{taken.code}.text", value=wording)
        await editor.edit(database, TEMPLATE, (edit,), account)
        await bank.keep(database, TEMPLATE, [taken.code], "", link=True, account=account)
        await copies.mark(database, TEMPLATE, template=True, account=account)


async def second_version(database: Database, name: str, account: UUID) -> None:
    """A corrected version, where an author of the demo has not published one already."""
    if len(await authoring.versions(database, name)) > 1:
        return
    source = library.source(name)
    for before, after in CORRECTIONS.items():
        source = source.replace(before, after)
    await authoring.publish(database, source, account=account)


async def gallery_programme(database: Database, members: Mapping[str, UUID]) -> Programme:
    """With the roster from which departments and people are chosen, and ``members`` by role."""
    found = await programme_store.by_slug(database, GALLERY_SLUG)
    if found is not None:
        return found
    charter = Charter(name=GALLERY_TITLE, process="采购审批", scope="每种题型一道示例，供编制问卷时参考。")
    async with database.writing():
        programme = await programmes.create(database, charter, slug=GALLERY_SLUG)
        await people.save(database, programme.id, roster())
        for role, account in members.items():
            if role != "administrator":
                await accounts.give_role(database, programme.id, account, role)
    return programme


async def gallery(database: Database, settings: Settings, programme: Programme, account: UUID) -> Wave:
    """A wave that anybody with its link may answer."""
    if await questionnaires.named(database, GALLERY) is None:
        source = (files("surveys") / "gallery.yaml").read_text(encoding="utf-8")
        await authoring.publish(database, source, account=account)
    known = await wave_store.of_programme(database, programme.id)
    found = next((each for each in known if each.title == GALLERY_TITLE), None)
    if found is None:
        version = (await authoring.versions(database, GALLERY))[0]
        chosen = waves.Draft(
            version=version.id, title=GALLERY_TITLE, role="pulse", anonymity="anonymous",
            public_link=True, personal_links=False,
        )  # fmt: skip
        found = await waves.create(database, programme.id, programme.stage, chosen, account=account)
    if found.state == "draft":
        await waves.open_wave(database, settings, found)
    return await wave_store.get(database, found.id) or found
