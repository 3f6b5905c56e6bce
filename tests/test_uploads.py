"""Hostile and odd uploads: a clear message, and nothing worse."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from service import spreadsheet
from service.spreadsheet import FAULTS, Unreadable, read_table

HEADER = "工号,姓名,部门\n"


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, changed.get(entry.filename, old.read(entry)))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_usual_encoding_and_separator(encoding, delimiter):
    text = "工号,姓名,部门\n007,李娜,客服部/一组\n".replace(",", delimiter)
    table = read_table(text.encode(encoding))
    assert table.header == ["工号", "姓名", "部门"]
    assert table.rows == [(2, ["007", "李娜", "客服部/一组"])]


def test_a_rare_character_beyond_gbk_survives_gb18030():
    assert read_table((HEADER + "1,𠮷野,客服部\n").encode("gb18030")).rows == [(2, ["1", "𠮷野", "客服部"])]


def test_blank_rows_are_passed_over_and_row_numbers_stay_those_of_the_sheet():
    table = read_table((HEADER + "\n1,甲,A\n,,\n2,乙,B\n").encode())
    assert table.rows == [(3, ["1", "甲", "A"]), (5, ["2", "乙", "B"])]


def test_numbers_in_a_workbook_come_without_decimals_and_with_their_leading_zeros():
    book = Workbook()
    book.active.append(["工号", "手机"])
    book.active.append([7, 13800138000.0])
    book.active["A2"].number_format = "00000"
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue()).rows == [(2, ["00007", "13800138000"])]


def test_a_cell_that_looks_like_a_formula_stays_the_text_it_is():
    book = Workbook()
    book.active.append(["姓名"])
    book.active.append(["x"])
    book.active["A2"].value = "=cmd|' /C calc'!A0"
    book.active["A2"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue()).rows == [(2, ["=cmd|' /C calc'!A0"])]


def fault(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_table(data)
    assert FAULTS[caught.value.code]["zh-CN"]
    return caught.value.code


SPACES = b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(workbook(["a"]), {"xl/worksheets/sheet1.xml": SPACES})
    assert len(bomb) < 100_000
    started = time.monotonic()
    assert fault(bomb) == "bomb"
    assert time.monotonic() - started < 5


def test_a_zip_that_lies_about_its_size_is_stopped():
    honest = repacked(workbook(["a"]), {"xl/worksheets/sheet1.xml": SPACES})
    size = len(SPACES).to_bytes(4, "little")
    assert size in honest
    assert fault(honest.replace(size, (2000).to_bytes(4, "little"))) in {"broken", "bomb", "gave_up"}


XXE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&d;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("evil", [XXE, LAUGHS])
def test_entities_are_refused_wherever_they_stand(part, evil):
    assert fault(repacked(workbook(["a"], ["b"]), {part: evil})) in {"forbidden", "broken"}


def test_a_small_file_that_claims_a_million_columns_and_rows_does_no_harm():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    hostile = repacked(workbook(["a"]), {"xl/worksheets/sheet1.xml": sheet})
    assert len(hostile) < 8000
    started = time.monotonic()
    assert fault(hostile) in {"too_many", "gave_up"}
    assert time.monotonic() - started < spreadsheet.WALL_SECONDS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old_format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (b"PK\x03\x04 not a zip at all", "broken"),
        (b"\xff\xfe\x00", "encoding"),
        (b"a,b\n" + b"x" * 30_000 + b",1\n", "too_many"),
    ],
)
def test_what_is_no_table_is_named(data, code):
    assert fault(data) == code
