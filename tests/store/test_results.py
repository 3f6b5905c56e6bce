"""Answers in and out: import, findings, export."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from openpyxl import load_workbook

from service.actions import authoring, programmes, reporting, results, waves
from service.actions.programmes import Charter
from service.actions.waves import Draft
from service.database import Database
from service.settings import Settings
from surveys.formats.table import neutral, plain

DATA = Path(__file__).resolve().parent.parent / "data"
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "c04_top2box_science"

COMMENTS = """
name: comments
kind: pulse
title: {zh-CN: 意见, en: Comments}
languages: [zh-CN, en]
pages:
  - code: p1
    questions:
      - {code: nps, type: nps, not_applicable: true, text: {zh-CN: 推荐吗？, en: Recommend?}}
      - code: pick
        type: multiple
        text: {zh-CN: 选择, en: Choose}
        choices: [{code: a, label: {zh-CN: 甲, en: A}}, {code: b, label: {zh-CN: 乙, en: B}}]
      - {code: words, type: long_text, text: {zh-CN: 意见, en: Comments}}
"""


async def wave_of(database: Database, source: str, **chosen):
    _, version = await authoring.publish(database, source)
    assert version is not None
    programme = await programmes.create(database, Charter(name="x", process="x"))
    given = {"version": version.id, "title": "轮次", "role": "pulse", "anonymity": "identified", **chosen}
    return await waves.create(database, programme.id, "diagnosis", Draft(**given))


async def closed(database: Database, settings: Settings, source: str, **chosen):
    wave = await wave_of(database, source, **chosen)
    await waves.open_wave(database, settings, wave)
    await waves.close(database, await waves.get(database, wave.programme, wave.id))
    return wave


@pytest.mark.skipif(not REFERENCE.exists(), reason="THE REFERENCE DATA ARE NOT HERE: the real-input check did not run")
async def test_392_real_answers_give_the_published_figures(database: Database, settings: Settings):
    wave = await closed(database, settings, (DATA / "science.yaml").read_text(), anonymity="anonymous")
    data = (REFERENCE / "science.csv").read_bytes()
    result = await results.import_responses(database, wave.id, "science.csv", data)
    assert (result.stored, result.problems) == (392, ())
    found = await results.findings(database, wave.id)
    items = {item.column: item for item in found.items}
    expected = json.loads((REFERENCE / "expected.json").read_text())["expected"]
    for name, figures in expected.items():
        item = items[name.lower()]
        assert item.mean.n_valid == figures["n"]
        assert {str(level.value): level.count for level in item.levels} == figures["counts"]
        assert item.top2.value == pytest.approx(figures["top2"], abs=1e-9)
        assert [item.top2.ci_low, item.top2.ci_high] == pytest.approx(figures["top2_wilson"], abs=1e-9)
        assert item.mean.value == pytest.approx(figures["mean"], abs=1e-9)
        assert [item.mean.ci_low, item.mean.ci_high] == pytest.approx(figures["mean_ci95"], abs=1e-9)
        assert item.sd == pytest.approx(figures["sd"], abs=1e-9)
        assert item.median.value == pytest.approx(figures["median"], abs=1e-9)
    pdf = await reporting.diagnosis_pdf(database, settings, wave.id, "zh-CN")
    assert pdf.startswith(b"%PDF-")
    assert pdf == await reporting.diagnosis_pdf(database, settings, wave.id, "zh-CN")


async def test_the_same_file_is_not_imported_twice(database: Database):
    wave = await wave_of(database, COMMENTS)
    file = "NPS,pick,words,_department\n9,a;b,很好,客服部/一组\nNA,,,\n".encode()
    assert (await results.import_responses(database, wave.id, "x.csv", file)).stored == 2
    again = await results.import_responses(database, wave.id, "x.csv", file)
    assert [problem.code for problem in again.problems] == ["twice"]
    found = await results.findings(database, wave.id)
    assert found.response.responded == 2


async def test_one_bad_answer_imports_none_and_is_told_with_its_row(database: Database):
    wave = await wave_of(database, COMMENTS)
    result = await results.import_responses(database, wave.id, "x.csv", b"nps,pick\n9,a\n11,a\n3,z\n")
    assert result.stored == 0
    assert [problem.line for problem in result.problems] == [3, 4]
    assert (await results.findings(database, wave.id)).response.responded == 0


async def test_a_strange_heading_is_told(database: Database):
    wave = await wave_of(database, COMMENTS)
    result = await results.import_responses(database, wave.id, "x.csv", "nps,心情\n9,好\n".encode())
    assert "心情" in result.problems[0].say("zh-CN")


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "<b>x</b>", "好,坏", '"', "\u202etxt", "😀", "x" * 15_000]


async def exported(database: Database, wave: UUID, form: str) -> bytes:
    return b"".join(await results.export(database, wave, form))


def imported(rows: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["nps", "words", "_department", "_side"])
    writer.writerows([["5", neutral(text), "客服部", "operator"] for text in rows])
    return out.getvalue().encode()


async def test_what_is_exported_is_imported_again_and_no_cell_is_a_formula(database: Database):
    wave = await wave_of(database, COMMENTS)
    assert (await results.import_responses(database, wave.id, "x", imported(HOSTILE))).stored == len(HOSTILE)
    table = await exported(database, wave.id, "csv")
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert all(not row["words"].startswith(("=", "+", "-", "@")) for row in rows)
    kept = [text.strip() for text in HOSTILE]
    assert sorted(plain(row["words"]).strip() for row in rows) == sorted(kept)
    sheet = load_workbook(io.BytesIO(await exported(database, wave.id, "xlsx"))).active
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    assert len(msgspec.json.decode(await exported(database, wave.id, "json"))) == len(HOSTILE)


async def test_an_anonymous_export_has_no_person_no_time_and_no_small_department(
    database: Database, settings: Settings
):
    wave = await closed(database, settings, COMMENTS, anonymity="anonymous")
    rows = ["nps,words,_department,_side"]
    rows += [f"5,意见{number},客服部/一组,operator" for number in range(8)]
    rows += [f"{number},,物流部,downstream" for number in range(6)] + ["0,,法务部,manager"]
    result = await results.import_responses(database, wave.id, "x", "\n".join(rows).encode())
    assert result.stored == 15
    told = msgspec.json.decode(await exported(database, wave.id, "json"))
    assert not {"_name", "_employee_number", "_submitted_at", "_seconds", "_language"} & set().union(*told)
    assert {row.get("_department", "") for row in told} == {"客服部", ""}
    assert all("words" not in row for row in told), "eight comments are fewer than ten"
    assert [row["nps"] for row in told if "_department" not in row] != [0, 1, 2, 3, 4, 5, 0]


async def test_while_an_anonymous_wave_is_open_answers_are_released_in_groups_of_k(
    database: Database, settings: Settings
):
    wave = await wave_of(database, COMMENTS, anonymity="anonymous")
    await waves.open_wave(database, settings, wave)
    seen = []
    for number in range(14):
        await results.import_responses(database, wave.id, "x", f"nps,words\n{number % 10},{number}\n".encode())
        seen.append((await results.findings(database, wave.id)).response.responded)
    assert set(seen) <= {0, 5}
    await waves.close(database, await waves.get(database, wave.programme, wave.id))
    last = (await results.findings(database, wave.id)).response.responded
    assert last - seen[-1] >= 5
