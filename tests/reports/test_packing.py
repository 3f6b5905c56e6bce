"""The lighter file holds the same document."""

from __future__ import annotations

import io

import pypdf
import pytest

from reports import document
from reports.diagnosis import render
from reports.packing import pack
from tests.reports.example import example


def test_a_packed_report_is_lighter_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = render(example(), "zh-CN")
    monkeypatch.setattr(document, "pack", lambda pdf: pdf)
    plain = render(example(), "zh-CN")
    assert len(packed) < 0.95 * len(plain)
    before, after = pypdf.PdfReader(io.BytesIO(plain)), pypdf.PdfReader(io.BytesIO(packed))
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]
    assert after.metadata == before.metadata
    assert after.trailer["/ID"] == before.trailer["/ID"]
    assert [entry["/Title"] for entry in flat(after.outline)] == [entry["/Title"] for entry in flat(before.outline)]


def flat(outline: list) -> list:
    return [each for entry in outline for each in (flat(entry) if isinstance(entry, list) else [entry])]


def test_what_reportlab_did_not_write_is_refused() -> None:
    with pytest.raises(ValueError, match="table"):
        pack(b"%PDF-1.5\nstartxref\n0\n%%EOF\n")
    with pytest.raises(ValueError, match="not where"):
        pack(b"xref\n0 2\n0000000000 65535 f \n0000000003 00000 n \ntrailer\n<< >>\nstartxref\n0\n%%EOF\n")
