"""Answers as files: what may leave, and that every form holds the same."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyreadstat
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from surveys.disclosure import Policy
from surveys.expansion import expand
from surveys.exports import FORMS, Release
from surveys.exports.protection import blanked, release
from surveys.formats.table import neutral, plain
from surveys.frame import Dataset, dataset
from surveys.library import load
from tests.surveys.answers_at_random import answers, meta
from tests.surveys.test_frame import questionnaire

OPEN = Policy(minimum_group=1, minimum_comments=1, protects=False)
PROMISE = Policy()


def some(n: int = 60, text: str | None = None, seed: int = 1) -> Dataset:
    asked = expand(load("complaint-diagnosis") if text is None else questionnaire(text))
    known = meta(n, seed) | {"_submitted_on": [date(2026, 3, 1) + timedelta(days=i % 3) for i in range(n)]}
    return dataset(asked, answers(asked, n, seed), known)


def written(form: str, of: Release, language: str = "zh-CN") -> bytes:
    return b"".join(FORMS[form].write(of, language))


def as_csv(content: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_answers_give_the_same_file(form: str):
    of = release(some(), PROMISE)
    once = written(form, of)
    if form == "sav":  # would hold the second it was made in
        time.sleep(1.1)
    assert once == written(form, release(some(), PROMISE))


def test_every_form_holds_every_answer():
    of = release(some(), PROMISE)
    rows = as_csv(written("csv", of))
    assert rows == as_csv(written("csv-plain", of), "utf-8") == as_csv(written("csv-gb18030", of), "gb18030")
    records = json.loads(written("json", of))
    typed = pl.read_parquet(io.BytesIO(written("parquet", of)))
    book = load_workbook(io.BytesIO(written("xlsx", of)), read_only=True)
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == len(records) == typed.height == len(cells) - 1 == 60
    assert cells[0] == tuple(rows[0])
    for row, record, line in zip(rows, records, cells[1:], strict=True):
        for name, cell in zip(cells[0], line, strict=True):
            value = record.get(name, "")
            if name in record.get("_not_applicable", ()):
                value = "NA"
            text = ";".join(value) if isinstance(value, list) else str(value)
            assert plain(row[name]) == text, name
            assert str("" if cell is None else cell).removesuffix(".0") == text.removesuffix(".0"), name


def test_spss_reads_labels_and_what_is_missing(tmp_path: Path):
    of = release(some(), PROMISE)
    (tmp_path / "a.sav").write_bytes(written("sav", of))
    found, about = pyreadstat.read_sav(tmp_path / "a.sav", output_format="polars", user_missing=True)
    records = json.loads(written("json", of))
    assert found.height == 60
    name = next(name for name, column in of.columns.items() if column.kind == "integer" and column.labels)
    assert about.column_names_to_labels[name] == of.columns[name].label["zh-CN"]
    assert set(about.variable_value_labels[name].values()) >= {t["zh-CN"] for t in of.columns[name].labels.values()}
    missing = {value for value, label in about.variable_value_labels[name].items() if label in ("不适用", "未显示")}
    for record, value in zip(records, found[name], strict=True):
        assert value == record[name] if name in record else value is None or value in missing
    coded = next(name for name, column in of.columns.items() if column.kind == "code")
    for record, value in zip(records, found[coded], strict=True):
        if coded in record:
            assert of.columns[coded].choices[int(value) - 1] == record[coded]


def test_the_code_book_words_every_value_and_the_labels_are_on_a_sheet_of_their_own():
    book = load_workbook(io.BytesIO(written("xlsx", release(some(), PROMISE), "en")), read_only=True)
    assert book.sheetnames == ["Data (codes)", "Data (labels)", "Code book", "Figures"]
    codes, labels, worded, _ = ([*sheet.iter_rows(values_only=True)] for sheet in book.worksheets)
    said = {(row[0], str(row[3])): row[4] for row in worded[1:] if row[3] is not None}
    assert said
    for code_row, label_row in zip(codes[1:], labels[1:], strict=True):
        for name, code, label in zip(codes[0], code_row, label_row, strict=True):
            wanted = said.get((name, str(code)))
            assert wanted is None or label == wanted


HOSTILE = (
    "=1+1", "''=1", "'+1", "@SUM(A1)", "\t=1", "<b>&amp;</b>", "a;b", 'say "so"', "一\n二", "😀", "\x07bell", "_x0041_",
    "a\r\nb", "x" * 40_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text(text: str):
    asked = questionnaire()
    lines = [json.dumps({"idea": text, "recommend": 5})] * 12
    of = release(dataset(asked, lines, {"_sequence": list(range(12))}), PROMISE)
    assert plain(neutral(text)) == text
    assert plain(as_csv(written("csv", of))[0]["idea"]) == text
    assert json.loads(written("json", of))[0]["idea"] == text
    book = load_workbook(io.BytesIO(written("xlsx", of)))
    column = [cell.value for cell in book.worksheets[0][1]].index("idea") + 1
    cell = book.worksheets[0].cell(2, column)
    assert cell.data_type == "s"
    assert unescape(cell.value) == text[:32_767]
    assert all(each.hyperlink is None for each in book.worksheets[0][2])


def test_a_protected_export_has_no_person_no_time_and_no_small_group():
    of = release(some(40), PROMISE)
    assert of.about == ("_submitted_on", "_department", "_side")
    assert not {"_sequence", "_seconds", "_language", "_source", "_name"} & set(of.frame.columns)
    for size in (1, 2, 3):
        for names in combinations(of.about, size):
            groups = of.frame.group_by(*names).len()["len"].to_list()
            assert min(groups) >= PROMISE.minimum_group, names


def test_fewer_than_k_responses_leave_no_row():
    assert release(some(4), PROMISE).frame.height == 0
    assert release(some(5), PROMISE).frame.height == 5


@pytest.mark.parametrize("seed", range(40))
def test_blanking_leaves_no_combination_to_fewer_than_k(seed: int):
    draw = Random(seed)
    n, k = draw.randint(5, 120), draw.choice([2, 3, 5, 10])
    frame = pl.DataFrame({name: [draw.choice("abcdef"[: draw.randint(1, 6)]) for _ in range(n)] for name in "xyz"})
    kept = blanked(frame, ["x", "y", "z"], k)
    for name in "xyz":
        assert all(new in (None, old) for new, old in zip(kept[name], frame[name], strict=True)), "only ever blanked"
    for size in (1, 2, 3):
        for names in combinations("xyz", size):
            smallest = min(kept.group_by(*names).len()["len"].to_list())
            assert smallest >= min(k, n), (names, kept.group_by(*names).len())


def test_free_texts_stay_in_where_fewer_than_the_threshold_wrote_any():
    asked = questionnaire()

    def exported(comments: int) -> dict[str, Any]:
        lines = [json.dumps({"recommend": 3} | ({"idea": f"意见{i}"} if i < comments else {})) for i in range(30)]
        return dict(release(dataset(asked, lines, {"_sequence": list(range(30))}), PROMISE).columns)

    assert "idea" not in exported(9)
    assert "idea" in exported(10)


def test_an_identified_wave_names_its_people():
    people = pl.DataFrame(
        {"_sequence": [0, 1], "_employee_number": ["E1", "E2"], "_name": ["甲", "乙"], "_submitted_at": ["a", "b"]}
    )
    of = release(some(2), OPEN, people)
    assert of.frame["_name"].to_list() == ["甲", "乙"]
    assert as_csv(written("csv", of))[1]["_employee_number"] == "E2"
