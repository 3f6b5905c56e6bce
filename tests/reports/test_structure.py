"""Reports are tagged: every letter belongs to an element or is furniture, in an order that can be read aloud."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from reports import diagnosis, pilot
from reports.structure import Structure, artifact, content, element
from surveys.text import LANGUAGES
from tests.reports import example, pilot_example

FINDINGS, EVALUATION = example.example(), pilot_example.example()
ROLES = {"/H1", "/H2", "/H3", "/P", "/Note", "/Figure", "/Table", "/TR", "/TH", "/TD"}


@pytest.fixture(params=[(report, language) for report in ("diagnosis", "pilot") for language in LANGUAGES])
def reader(request: pytest.FixtureRequest) -> pypdf.PdfReader:
    report, language = request.param
    made = diagnosis.render(FINDINGS, language) if report == "diagnosis" else pilot.render(EVALUATION, language)
    return pypdf.PdfReader(io.BytesIO(made))


def kids(node: Any) -> list[Any]:
    found = node.get("/K", [])
    return [each.get_object() for each in (found if isinstance(found, list) else [found])]


def walk(node: Any) -> Iterator[Any]:
    for kid in kids(node):
        if not isinstance(kid, int):
            yield kid
            yield from walk(kid)


def elements(reader: pypdf.PdfReader) -> list[Any]:
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    return list(walk(root["/K"]))


def test_the_document_says_that_it_is_tagged_and_in_which_language(reader: pypdf.PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] in LANGUAGES
    assert root["/StructTreeRoot"]["/K"]["/S"] == "/Document"


def test_every_letter_stands_in_an_element_or_in_furniture(reader: pypdf.PdfReader) -> None:
    for number, page in enumerate(reader.pages):
        depth, drawn = 0, 0
        stream = page.get_contents()
        assert stream is not None
        for _, operator in ContentStream(stream, reader).operations:
            depth += (operator in (b"BDC", b"BMC")) - (operator == b"EMC")
            assert depth in (0, 1), "marked pieces do not nest"
            if operator in (b"Tj", b"TJ", b"f", b"S", b"B", b"f*", b"Do"):
                drawn += 1
                assert depth == 1, f"something is drawn outside on page {number + 1}"
        assert depth == 0
        assert drawn


def test_every_piece_is_found_again_from_its_page(reader: pypdf.PdfReader) -> None:
    numbers = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_page = {numbers[place]: numbers[place + 1].get_object() for place in range(0, len(numbers), 2)}
    assert sorted(by_page) == [page["/StructParents"] for page in reader.pages] == list(range(len(reader.pages)))
    for number, page in enumerate(reader.pages):
        pieces = [
            operands[1]["/MCID"]
            for operands, operator in ContentStream(page.get_contents(), reader).operations
            if operator == b"BDC"
        ]
        assert pieces == list(range(len(by_page[number])))
        for piece, parent in zip(pieces, by_page[number], strict=True):
            found = parent.get_object()
            assert piece in kids(found)
            assert found["/Pg"].get_object() == page.get_object()


def test_only_known_roles_are_used_and_tables_are_tables(reader: pypdf.PdfReader) -> None:
    for each in elements(reader):
        assert each["/S"] in ROLES
        inside = {kid["/S"] for kid in kids(each) if not isinstance(kid, int)}
        if each["/S"] == "/Table":
            assert inside == {"/TR"}
            heads = [kid["/S"] for kid in kids(kids(each)[0])]
            assert set(heads) == {"/TH"}
            assert all(len(kids(row)) == len(heads) for row in kids(each))
        elif each["/S"] == "/TR":
            assert inside <= {"/TH", "/TD"}
        else:
            assert inside == set()


def test_every_figure_is_told_in_words(reader: pypdf.PdfReader) -> None:
    figures = [each for each in elements(reader) if each["/S"] == "/Figure"]
    assert len(figures) >= 5
    assert all(len(each["/Alt"]) > 5 for each in figures)
    assert sum(len(each["/Alt"]) > 40 for each in figures) >= 4


def test_headings_step_down_one_level_at_a_time(reader: pypdf.PdfReader) -> None:
    levels = [int(each["/S"][2]) for each in elements(reader) if each["/S"].startswith("/H")]
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


class Paper:
    """As much of a canvas as marks need."""

    def __init__(self, structure: Structure | None = None) -> None:
        self._code: list[str] = []
        if structure is not None:
            self.structure = structure

    def getPageNumber(self) -> int:  # noqa: N802
        return 1


def test_without_a_structure_nothing_is_marked() -> None:
    paper = Paper()
    with element(paper, "Table"), content(paper, "TD"), artifact(paper):
        paper._code.append("drawn")
    assert paper._code == ["drawn"]


def test_marks_end_and_order_is_kept_even_when_drawing_fails() -> None:
    structure = Structure()
    paper = Paper(structure)
    with pytest.raises(ZeroDivisionError), element(paper, "TR"), content(paper, "TD"):
        raise ZeroDivisionError
    with content(paper, "P"), content(paper, "P"):
        pass
    assert paper._code == ["/TD <</MCID 0>> BDC", "EMC", "/P <</MCID 1>> BDC", "EMC"]
    assert structure.within is structure.root
    assert [each.role for each in structure.pages[0]] == ["TD", "P"]
