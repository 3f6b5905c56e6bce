"""The poster for the notice board."""

from __future__ import annotations

import io

import pypdf
import pypdfium2
import pytest
import segno

from reports.poster import render
from surveys.text import LANGUAGES
from tests.reports.hostile import strings

URL = "https://survey.example.com/w/3Fh8Kq2LmZx7Rt5Vb9Nc"


def matrix() -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make(URL, error="m").matrix]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poster_is_one_light_page_that_says_what_it_is_for(language: str) -> None:
    pdf = render("投诉处理现状调研", URL, matrix(), "2026-03-13", "匿名作答。", language)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    assert URL in reader.pages[0].extract_text()
    assert len(pdf) < 60_000
    assert pdf == render("投诉处理现状调研", URL, matrix(), "2026-03-13", "匿名作答。", language)


def test_every_module_of_the_code_is_where_it_belongs() -> None:
    modules = matrix()
    page = pypdfium2.PdfDocument(render("问", URL, modules, "", "", "zh-CN"))[0]
    picture = page.render(scale=4).to_pil().convert("L")
    side, left, top = 300.0 / len(modules), (595.28 - 300) / 2, 841.89 - 236 - 300
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            pixel = picture.getpixel((round((left + (x + 0.5) * side) * 4), round((top + (y + 0.5) * side) * 4)))
            assert (pixel < 128) is dark


def test_a_matrix_that_is_not_square_is_refused() -> None:
    with pytest.raises(ValueError, match="square"):
        render("t", URL, [[True, False]], "", "", "en")


def test_hostile_titles_make_a_poster() -> None:
    for hostile in strings()[::5]:
        render(hostile, hostile, matrix(), hostile, hostile, "zh-CN")
