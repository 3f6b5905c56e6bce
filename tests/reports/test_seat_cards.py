"""Cards with seat codes, to be cut."""

from __future__ import annotations

import io

import pypdf
import pytest

from reports.seat_cards import COLUMNS, ROWS, Card, render
from surveys.text import LANGUAGES
from tests.reports.hostile import strings
from tests.reports.test_poster import matrix


def card(place: int, **given: str) -> Card:
    known = {"name": f"员工{place}", "number": str(place), "department": "客服部/投诉组", "seat": f"ABC-{place:03}"}
    return Card(**{**known, **given}, matrix=matrix())


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_has_a_card_with_name_number_and_seat_code(language: str) -> None:
    cards = [card(number) for number in range(COLUMNS * ROWS + 1)]
    reader = pypdf.PdfReader(io.BytesIO(render("投诉新流程考试", cards, language)))
    assert len(reader.pages) == 2
    text = "".join(page.extract_text() for page in reader.pages)
    for each in cards:
        assert each.name in text
        assert each.seat in text


def test_no_seat_code_is_printed_where_none_is_asked_for() -> None:
    pdf = render("考试", [card(1, seat="")], "zh-CN")
    assert "座位码" not in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_hostile_names_make_cards() -> None:
    for hostile in strings()[::5]:
        render(hostile, [card(1, name=hostile, number=hostile, department=hostile, seat=hostile)], "en")
