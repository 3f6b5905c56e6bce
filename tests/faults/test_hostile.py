"""Hostile texts all the way: typed into the form, stored, and out again by every door. They stay the text they are."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

import pypdf
import pytest
import structlog
from litestar import Litestar
from openpyxl import load_workbook

from service import logging
from service.actions import authoring, reporting, results, waves
from service.app import create_app
from service.database import Database
from service.settings import Settings
from service.store import accounts, responses, sessions
from service.store.waves import Wave
from surveys.formats.table import FORMULA, neutral
from surveys.questions.base import clean
from tests.pages import makers
from tests.reports.hostile import strings
from tests.visitors import browser, member, new_account

QUESTIONNAIRE = """
name: comments
kind: pulse
title: {zh-CN: 意见, en: Comments}
pages:
  - code: one
    questions:
      - {code: nps, type: nps, text: {zh-CN: 推荐吗？, en: Recommend?}}
      - {code: words, type: long_text, text: {zh-CN: 意见, en: Comments}}
"""
TEXTS = [*strings(520), "=" + "很长，" * 6_666]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
XLSX_CELL = 32_767
SHOWN = 200  # comments of a question on the page


def stored_as(text: str) -> str:
    """The declared rule: what is no Unicode becomes U+FFFD on the way; NUL goes, line ends are LF."""
    return clean(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


SENT = [text for text in map(stored_as, TEXTS) if text and not text.isspace()]


@pytest.fixture
def log(settings: Settings) -> Iterator[io.StringIO]:
    import logging as machine

    out, handlers = io.StringIO(), machine.getLogger().handlers
    logging.configure(settings, out)
    yield out
    structlog.reset_defaults()
    machine.getLogger().handlers = handlers


@pytest.fixture
async def app(settings: Settings, database: Database) -> Litestar:
    return create_app(settings, database)


async def submitted(app: Litestar, database: Database, settings: Settings) -> Wave:
    """A closed, identified wave that holds every text, typed in by as many devices."""
    _, version = await authoring.publish(database, QUESTIONNAIRE)
    assert version is not None
    programme = await makers.programme(database, roster=False)
    wave = await makers.wave(database, settings, programme, version=version.id, anonymity="identified")
    devices = asyncio.Semaphore(32)

    async def one(number: int, text: str) -> None:
        async with devices, browser(app) as client:
            base = (await client.get(f"/w/{wave.public_token}")).headers["location"]
            body = f"nps={number % 11}&words=" + quote_from_bytes(text.encode("utf-8", "surrogatepass"))
            answered = await client.post(f"{base}/one", content=body, headers=FORM)
            assert answered.status_code == 303, (text, answered.text[:300])

    await asyncio.gather(*(one(number, text) for number, text in enumerate(TEXTS)))
    await waves.close(database, await waves.get(database, programme.id, wave.id))
    return await waves.get(database, programme.id, wave.id)


class Page(HTMLParser):
    """What a browser would make of a page: elements, attributes, text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.parts: list[str] = []
        self.feed(source)
        self.text = squeezed("".join(self.parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def harmless(page: Page) -> None:
    """Nothing in it came from an answer: every script is a file of ours, every address a path of ours."""
    assert not page.tags.keys() & {"b", "img", "para", "iframe", "object", "embed", "style", "base"}
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style", tag
        if name in ("src", "href", "action", "formaction", "hx-get", "hx-post"):
            assert value.startswith(("/", "?", "#")), (tag, name, value[:80])
            assert not value.startswith("//")
    assert page.tags["script"] == sum(1 for tag, name, _ in page.attributes if (tag, name) == ("script", "src"))


def xlsx_text(cell: str) -> str:
    """XML cannot hold control characters: OOXML writes them as _xHHHH_."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell)


async def test_hostile_texts_come_out_by_every_door_as_they_went_in(
    app: Litestar, database: Database, settings: Settings, log: io.StringIO
) -> None:
    wave = await submitted(app, database, settings)
    [row] = await database.fetch("SELECT slug FROM programme WHERE id = ?", wave.programme)
    base = f"/programmes/{row['slug']}/waves/{wave.id}"
    lead = await member(app, wave.programme, "lead")
    kept = Counter(
        [str(each.answers["words"]) async for each in responses.each(database, wave.id) if "words" in each.answers]
    )
    assert kept == Counter(SENT), "the database"

    exported = {form: (await lead.get(f"{base}/export/{form}")).content for form in ("csv", "xlsx", "json")}
    records = json.loads(exported["json"])
    assert Counter(record["words"] for record in records if "words" in record) == kept, "JSON"
    rows = list(csv.reader(io.StringIO(exported["csv"].decode("utf-8-sig"), newline="")))
    place = rows[0].index("words")
    cells = [line[place] for line in rows[1:] if line[place]]
    assert Counter(cells) == Counter(neutral(text) for text in SENT), "CSV"
    assert not [cell for line in rows for cell in line if cell.startswith(FORMULA)]
    sheet = load_workbook(io.BytesIO(exported["xlsx"])).active
    column = [cell for cell in next(sheet.iter_cols(place + 1, place + 1, 2)) if cell.value]
    assert Counter(xlsx_text(cell.value) for cell in column) == Counter(text[:XLSX_CELL] for text in SENT), "XLSX"
    assert {cell.data_type for cell in column} == {"s"}
    assert not any(cell.hyperlink for line in sheet.iter_rows() for cell in line)

    account = await new_account(database, "program@example.com")
    await accounts.give_role(database, wave.programme, account.id, "lead")
    program = browser(app, Authorization=f"Bearer {await sessions.create_key(database, account.id, 'test', None)}")
    assert (await program.get(f"/api/v1{base}/responses")).json() == records, "API"

    findings = await results.findings(database, wave.id)
    voices = [text for comments in findings.comments for text in comments.texts]
    assert set(voices) <= set(SENT)
    for language in ("zh-CN", "en"):
        answered = await lead.get(f"{base}/results?lang={language}")
        assert answered.status_code == 200
        page = Page(answered.text)
        harmless(page)
        assert [text for text in voices[:SHOWN] if squeezed(text) not in page.text] == []
        inert(await reporting.diagnosis_pdf(database, settings, wave.id, language))
    said = log.getvalue()
    leaks = [text for text in SENT if len(text) > 8 and text.strip() in said]
    assert leaks == []
    print(f"{len(TEXTS)} texts typed, {len(SENT)} stored, {len(voices)} of them comments of the report; 7 doors each")


def inert(pdf: bytes) -> None:
    """A whole PDF that runs nothing, fetches nothing and leads nowhere but to its own pages."""
    read = pypdf.PdfReader(io.BytesIO(pdf))
    assert not {"/OpenAction", "/AA", "/AcroForm"} & read.trailer["/Root"].keys()
    assert "/JavaScript" not in str(read.trailer["/Root"].get("/Names", ""))
    for page in read.pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get_object().get("/A", {})
            assert action.get("/S") in (None, "/GoTo"), action
