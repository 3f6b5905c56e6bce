"""Staff's pages of item banks and exams: every route, and exams in the states that look different."""

from __future__ import annotations

from service.actions import candidates, exams, items
from service.database import Database
from service.demo import SLUG
from service.demo.exams import MAIN
from service.settings import Settings
from service.store import exams as exam_store
from service.store import programmes

HOME = f"/programmes/{SLUG}"
BANK = f"{HOME}/items/complaint-v2"
EXAM, DRAFT = f"{HOME}/exams/{{exam}}", f"{HOME}/exams/{{exam_draft}}"

PAGES = {
    "/programmes/{slug}/items": (f"{HOME}/items",),
    "/programmes/{slug}/items/{bank}": (BANK, f"{BANK}?text=nothing"),
    "/programmes/{slug}/items/{bank}/new": (f"{BANK}/new",),
    "/programmes/{slug}/items/{bank}/new/{kind}": (f"{BANK}/new/single", f"{BANK}/new/essay"),
    "/programmes/{slug}/items/{bank}/item/{code}": tuple(
        f"{BANK}/item/{code}" for code in ("path01", "cls03", "prac03", "own07")
    ),
    "/programmes/{slug}/items/{bank}/item/{code}/versions": (f"{BANK}/item/path01/versions",),
    "/programmes/{slug}/items/{bank}/item/{code}/preview": (f"{BANK}/item/prac03/preview",),
    "/programmes/{slug}/items/{bank}/item/{code}/preview/sheet": (),  # in the frame of the preview
    "/programmes/{slug}/items/{bank}/import": (f"{BANK}/import",),
    "/programmes/{slug}/exams": (f"{HOME}/exams",),
    "/programmes/{slug}/exams/new": (f"{HOME}/exams/new",),
    "/programmes/{slug}/exams/{exam}": (EXAM, DRAFT),
    "/programmes/{slug}/exams/{exam}/settings": (f"{EXAM}/settings", f"{DRAFT}/settings"),
    "/programmes/{slug}/exams/{exam}/blueprint": (f"{EXAM}/blueprint", f"{DRAFT}/blueprint"),
    "/programmes/{slug}/exams/{exam}/standard": (f"{DRAFT}/standard",),
    "/programmes/{slug}/exams/{exam}/candidates": (f"{EXAM}/candidates", f"{DRAFT}/candidates"),
    "/programmes/{slug}/exams/{exam}/candidates/{candidate}": (f"{EXAM}/candidates/{{candidate}}",),
    "/programmes/{slug}/exams/{exam}/monitor": (f"{EXAM}/monitor",),
    "/programmes/{slug}/exams/{exam}/marking": (f"{EXAM}/marking",),
    "/programmes/{slug}/exams/{exam}/marking/{question}/{role}": (),  # leads to the next answer
    "/programmes/{slug}/exams/{exam}/marking/{question}/{role}/{token}": (),  # see test_marking.py
    "/programmes/{slug}/exams/{exam}/scoring": (f"{EXAM}/scoring",),
    "/programmes/{slug}/exams/{exam}/scoring/{item}": (f"{EXAM}/scoring/own08",),
    "/programmes/{slug}/exams/{exam}/release": (f"{EXAM}/release",),
    "/programmes/{slug}/exams/{exam}/appeals": (f"{EXAM}/appeals",),
    "/programmes/{slug}/exams/{exam}/appeals/{appeal}": (),  # see test_marking.py
    "/programmes/{slug}/exams/{exam}/certificates": (f"{EXAM}/certificates",),
    "/programmes/{slug}/exams/{exam}/results": (f"{EXAM}/results",),
    "/programmes/{slug}/exams/{exam}/results/items": (f"{EXAM}/results/items",),
    "/programmes/{slug}/exams/{exam}/results/items/{code}": (f"{EXAM}/results/items/own08",),
    "/programmes/{slug}/exams/{exam}/results/people": (f"{EXAM}/results/people",),
    "/certificate": (),  # anybody's; see test_marking.py
    "/certificate/{serial}": (),
}
FILES = {
    "/programmes/{slug}/items/{bank}/file/{suffix}",
    "/programmes/{slug}/exams/{exam}/candidates/links.xlsx",
    "/programmes/{slug}/exams/{exam}/candidates/cards.pdf",
    "/programmes/{slug}/exams/{exam}/poster.pdf",
    "/programmes/{slug}/exams/{exam}/qr.svg",
    "/programmes/{slug}/exams/{exam}/certificates.zip",
    "/programmes/{slug}/exams/{exam}/certificates/{serial}",
    "/programmes/{slug}/exams/{exam}/marking/{question}/{role}/{token}/file",
    "/programmes/{slug}/exams/{exam}/results/people.xlsx",
    "/programmes/{slug}/exams/{exam}/results/reports/{document}",
    "/programmes/{slug}/exams/{exam}/monitor/room",  # a piece of the monitor
}


async def furnish(database: Database, settings: Settings) -> dict[str, str]:
    """An exam with candidates, and a draft with a draw that its bank cannot fill and two judges; ids by name."""
    programme = await programmes.by_slug(database, SLUG)
    assert programme is not None
    held = [each for each in await exam_store.of_programme(database, programme.id) if each.state != "draft"]
    exam = next(each for each in held if each.code == MAIN)
    people = await candidates.of_exam(database, exam)
    [bank] = await items.banks(database, programme.id)
    form = {"title.zh-CN": "下一期上岗考核", "title.en": "The next round", "code": "next", "bank": bank.code}
    draft, errors = await exams.create(database, programme.id, {**form, "purpose": "exam"})
    assert draft is not None, errors
    lines = {"sections.0.draws.0.count": ["40"], "sections.0.draws.0.points": ["2.5"]}
    lines |= {"sections.0.draws.0.category": ["受理"], "sections.0.items.0.code": ["path01"]}
    blueprint, _ = await exams.blueprint(database, draft, lines)
    await exams.save_blueprint(database, draft, blueprint)
    draft = await exams.get(database, programme.id, draft.id)
    for judge, said in (("张敏", 0.6), ("王强", 0.7)):
        await exam_store.judge(database, draft.id, judge, {"path01": said, "reg01": said + 0.1})
    return {"exam": str(exam.id), "exam_draft": str(draft.id), "candidate": str(people[0].id)}
