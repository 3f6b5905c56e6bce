"""What staff see: the demo with a few waves more, every page by its route, and how one signs in."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page

from service.actions import authoring, results, waves
from service.actions.waves import Draft
from service.database import Database
from service.demo import ACCOUNTS, SLUG, DemoLinks
from service.settings import Settings
from service.store import programmes
from tests.browser import staff_exams

HOME = f"/programmes/{SLUG}"
UNFINISHED = """name: unfinished
kind: pulse
title: {zh-CN: 没写完的问卷, en: Unfinished}
pages:
  - code: start
    questions:
      - {code: ease, type: likert, scale: nowhere, text: {zh-CN: 好办吗？, en: Is it easy?}}
"""
FAULTY = UNFINISHED + "      - {code: riddle, type: riddle, text: {zh-CN: 猜一猜, en: Guess}}\n"

# Every GET route that staff may use, and what to look at. {open}, {closed}, {draft}, {none} and {seven} are waves:
# running, closed with 190 responses, not open yet, closed without a response, closed with seven.
PAGES = {
    "/": (),  # leads whoever is signed in to the programmes; see PUBLIC
    "/sign-in": (),
    "/programmes": ("/programmes",),
    "/programmes/new": ("/programmes/new",),
    "/programmes/{slug}": (HOME,),
    "/programmes/{slug}/edit": (f"{HOME}/edit",),
    "/programmes/{slug}/members": (f"{HOME}/members",),
    "/programmes/{slug}/people": (f"{HOME}/people", f"{HOME}/people?text=nobody"),
    "/programmes/{slug}/people/import": (f"{HOME}/people/import",),
    "/programmes/{slug}/waves": (f"{HOME}/waves",),
    "/programmes/{slug}/waves/new": (f"{HOME}/waves/new",),
    "/programmes/{slug}/waves/{wave}": tuple(
        f"{HOME}/waves/{{{name}}}" for name in ("open", "closed", "draft", "none", "seven")
    ),
    "/programmes/{slug}/waves/{wave}/edit": (f"{HOME}/waves/{{draft}}/edit",),
    "/programmes/{slug}/waves/{wave}/import": (f"{HOME}/waves/{{open}}/import",),
    "/programmes/{slug}/waves/{wave}/results": tuple(
        f"{HOME}/waves/{{{name}}}/results" for name in ("closed", "none", "seven")
    ),
    "/programmes/{slug}/waves/{wave}/results/crosstab": (
        f"{HOME}/waves/{{closed}}/results/crosstab?rows=group.side&columns=group.department",
    ),
    "/programmes/{slug}/waves/{wave}/files": (f"{HOME}/waves/{{open}}/files",),
    "/programmes/{slug}/reports": (f"{HOME}/reports",),
    "/programmes/{slug}/metrics": (f"{HOME}/metrics", "/programmes/every-question-type/metrics"),
    "/programmes/{slug}/pilot": (f"{HOME}/pilot", "/programmes/every-question-type/pilot"),
    "/programmes/{slug}/pilot/plan": (f"{HOME}/pilot/plan", "/programmes/every-question-type/pilot/plan"),
    "/questionnaires": ("/questionnaires",),
    "/questionnaires/new": ("/questionnaires/new",),
    "/questionnaires/{name}": ("/questionnaires/complaint-diagnosis", "/questionnaires/unfinished"),
    "/questionnaires/new/source": ("/questionnaires/new/source",),
    "/questionnaires/{name}/source": (
        "/questionnaires/complaint-diagnosis/source",
        "/questionnaires/unfinished/source",
    ),
    "/questionnaires/{name}/edit": (
        "/questionnaires/complaint-diagnosis/edit",
        "/questionnaires/complaint-diagnosis/edit?at=settings",
        "/questionnaires/complaint-diagnosis/edit?at=pages.pain",
        "/questionnaires/complaint-diagnosis/edit?at=rating_scales",
        "/questionnaires/complaint-diagnosis/edit?gallery=1",
        "/questionnaires/complaint-quick-check/edit?at=questions.q8",
        "/questionnaires/unfinished/edit",
    ),
    "/questionnaires/{name}/draft/preview/{page}": (
        "/questionnaires/complaint-diagnosis/draft/preview/pain",
        "/questionnaires/unfinished/draft/preview/-",
    ),
    "/questionnaires/{name}/versions/{number}": ("/questionnaires/complaint-diagnosis/versions/1",),
    "/questionnaires/{name}/preview": (),  # leads to the first page
    "/questionnaires/{name}/preview/{page}": (
        "/questionnaires/complaint-diagnosis/preview/-?version=1",
        "/questionnaires/complaint-diagnosis/preview/pain",
    ),
    "/questionnaires/{name}/versions/{number}/changes": ("/questionnaires/complaint-diagnosis/versions/2/changes",),
    "/questionnaires/{name}/publish": (
        "/questionnaires/complaint-diagnosis/publish",
        "/questionnaires/satisfaction/publish",
        "/questionnaires/unfinished/publish",
    ),
    "/questionnaires/{name}/translate": (
        "/questionnaires/customer-visit/translate",
        "/questionnaires/customer-visit/translate?show=missing",
    ),
    "/questionnaires/{name}/duplicate": ("/questionnaires/satisfaction/duplicate",),
    "/questionnaires/{name}/bank": ("/questionnaires/customer-visit/bank",),
    "/questionnaires/templates": ("/questionnaires/templates",),
    "/questionnaires/bank": ("/questionnaires/bank", "/questionnaires/bank?text=nothing"),
    "/questionnaires/bank/{item}": ("/questionnaires/bank/overall",),
    "/programmes/{slug}/waves/{wave}/version": (f"{HOME}/waves/{{open}}/version",),
    **staff_exams.PAGES,
    "/account": ("/account",),
    "/admin": (),
    "/admin/accounts": ("/admin/accounts",),
    "/admin/audit": ("/admin/audit", "/admin/audit?action=nothing"),
}
PUBLIC = ("/", "/sign-in", "/receipt")
FILES = {
    *staff_exams.FILES,
    "/programmes/{slug}/people/template.xlsx",
    "/programmes/{slug}/metrics/template.xlsx",
    "/programmes/{slug}/waves/{wave}/links.xlsx",
    "/programmes/{slug}/waves/{wave}/qr.svg",
    "/programmes/{slug}/waves/{wave}/poster.pdf",
    "/programmes/{slug}/waves/{wave}/progress",  # a piece of the wave's page
    "/programmes/{slug}/waves/{wave}/export/{form}",
    "/programmes/{slug}/waves/{wave}/results/figures/{name}/{form}",
    "/programmes/{slug}/waves/{wave}/files/{file}",
    "/programmes/{slug}/waves/{wave}/files.zip",
    "/programmes/{slug}/reports/{document}",
    "/questionnaires/{name}/source.yaml",
    "/questionnaires/{name}/file/{suffix}",
}
"""GET routes that answer with no page of their own."""


def satisfaction(count: int) -> bytes:
    """Responses to the library's satisfaction survey, as a lead uploads them."""
    rows = ["side,overall,speed.total,speed.promise,staff.listen,recommend,_department"]
    rows += [f"operator,{1 + n % 5},{1 + n % 4},{2 + n % 4},{1 + n % 5},{n % 11},客服中心" for n in range(count)]
    return "\n".join(rows).encode()


async def furnish(database: Database, settings: Settings, links: DemoLinks) -> dict[str, str]:
    """Adds what the demo lacks; the waves by name."""
    programme = await programmes.by_slug(database, SLUG)
    assert programme is not None
    version = await authoring.publish_library(database, "satisfaction")
    await authoring.save(database, UNFINISHED)
    made = {"open": urlsplit(links.hr).path, "closed": urlsplit(links.lead).path.removesuffix("/results")}
    made = {name: path.rpartition("/")[2] for name, path in made.items()}
    for name, title, count in (("draft", "满意度调查（草稿）", 0), ("none", "空白轮次", 0), ("seven", "七份答卷", 7)):
        draft = Draft(version=version.id, title=title, role="pulse", anonymity="anonymous", public_link=True)
        wave = await waves.create(database, programme.id, "diagnosis", draft)
        made[name] = str(wave.id)
        if name == "draft":
            continue
        await waves.open_wave(database, settings, wave)
        if count:
            done = await results.import_responses(database, wave.id, "seven.csv", satisfaction(count))
            assert not done.problems, done.problems
        await waves.close(database, await waves.get(database, programme.id, wave.id))
    return made | await staff_exams.furnish(database, settings)


async def sign_in(context: BrowserContext, base: str, role: str) -> Page:
    """A page on which an account of the demo has just signed in."""
    account = next(each for each in ACCOUNTS if each.role == role)
    page = await context.new_page()
    await page.goto(f"{base}/sign-in")
    await page.fill("input[name=email]", account.email)
    await page.fill("input[name=password]", account.password)
    await page.click("main button[type=submit]")
    return page


async def refused_roster(page: Page, base: str) -> None:
    await page.goto(f"{base}{HOME}/people/import")
    rows = "工号,姓名,部门,流程角色\n1,,客服中心,上游\n1,李娜,,左边\n".encode()
    await page.set_input_files("input[type=file]", {"name": "名单.csv", "mimeType": "text/csv", "buffer": rows})
    await page.click("main button[type=submit]")


async def refused_questionnaire(page: Page, base: str) -> None:
    await page.goto(f"{base}/questionnaires/new/source")
    await page.fill("textarea[name=source]", FAULTY)
    await page.click("button[value=publish]")


async def refused_programme(page: Page, base: str) -> None:
    await page.goto(f"{base}/programmes/new")
    await page.fill('[name="target.0.baseline"]', "七十二")
    await page.locator("main form").evaluate("form => { form.noValidate = true }")
    await page.click("main button[type=submit]")


async def refused_wave(page: Page, base: str) -> None:
    await page.goto(f"{base}{HOME}/waves/new")
    await page.fill('[name="minimum_group"]', "2")
    await page.locator("main form").evaluate("form => { form.noValidate = true }")
    await page.click("main button[type=submit]")


REFUSED = (refused_roster, refused_questionnaire, refused_programme, refused_wave)
"""Forms sent with mistakes: the same page with what is wrong."""
