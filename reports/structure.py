"""Tagged PDF: what each piece of a page is, in reading order, for screen readers (ISO 32000-1 §14.7 and §14.8).

reportlab writes none of it. Flowables say what they draw: ``with content(canvas, "P"):`` around what is read as a
paragraph, ``with element(canvas, "Table"):`` around rows of cells, ``with artifact(canvas):`` around rules and page
furniture, which nobody wants read aloud. ``Structure.build`` adds the tree to the document before it is saved. On a
canvas without a structure (posters) all of them do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

Role = Literal["Document", "H1", "H2", "H3", "P", "Note", "Figure", "Table", "TR", "TH", "TD"]


class Element:
    """A node of the tree: its children are elements, or pieces of pages by (page, number)."""

    def __init__(self, role: Role, parent: Element | None, alt: str = "") -> None:
        self.role, self.parent, self.alt = role, parent, alt
        self.children: list[Element | tuple[int, int]] = []
        if parent is not None:
            parent.children.append(self)


class Structure:
    """The elements of one document as they are drawn."""

    def __init__(self) -> None:
        self.root = Element("Document", None)
        self.within = self.root
        self.drawing = False  # marked pieces do not nest
        self.pages: dict[int, list[Element]] = {}

    def mark(self, page: int) -> int:
        """The number of the next piece on a page, which is the open element's."""
        known = self.pages.setdefault(page, [])
        known.append(self.within)
        self.within.children.append((page, len(known) - 1))
        return len(known) - 1

    def build(self, canvas: Any) -> None:
        """Adds the tree to the document of ``canvas``, whose pages are all shown but not saved yet."""
        document = canvas._doc
        pages = document.Pages.pages
        tree = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        parent = document.Reference(tree)
        made: dict[Element, Any] = {}
        tree.dict["K"] = self._made(self.root, parent, document, made)
        numbers: list[Any] = []
        for page, elements in sorted(self.pages.items()):
            numbers += [page, PDFArray([made[element] for element in elements])]
            shown = pages[page]
            shown.__NoDefault__ = [*shown.__NoDefault__, "StructParents", "Tabs"]
            shown.StructParents, shown.Tabs = page, PDFName("S")
        tree.dict["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
        tree.dict["ParentTreeNextKey"] = len(pages)
        head = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        tree.dict["ClassMap"] = PDFDictionary({"head": head})
        document.Catalog.StructTreeRoot = tree
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _made(self, element: Element, parent: Any, document: Any, made: dict[Element, Any]) -> Any:
        body = PDFDictionary({"S": PDFName(element.role), "P": parent})
        entries: dict[str, Any] = body.dict
        reference = made[element] = document.Reference(body)
        kids: list[Any] = []
        for child in element.children:
            if isinstance(child, Element):
                kids.append(self._made(child, reference, document, made))
            else:
                entries["Pg"] = document.Reference(document.Pages.pages[child[0]])
                kids.append(child[1])
        entries["K"] = kids[0] if len(kids) == 1 else PDFArray(kids)
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
        if element.role == "TH":
            entries["C"] = PDFName("head")
        return reference


def _of(canvas: Any) -> Structure | None:
    found = getattr(canvas, "structure", None)
    return found if isinstance(found, Structure) else None


@contextmanager
def element(canvas: Any, role: Role) -> Iterator[None]:
    """What is drawn within belongs to a new element that has no content of its own."""
    structure = _of(canvas)
    if structure is None or structure.drawing:
        yield
        return
    before = structure.within
    structure.within = Element(role, before)
    try:
        yield
    finally:
        structure.within = before


@contextmanager
def content(canvas: Any, role: Role, alt: str = "") -> Iterator[None]:
    """What is drawn within is one element; within another one it is part of that."""
    structure = _of(canvas)
    if structure is None or structure.drawing:
        yield
        return
    before = structure.within
    structure.within = Element(role, before, alt)
    number = structure.mark(canvas.getPageNumber() - 1)
    structure.drawing = True
    canvas._code.append(f"/{role} <</MCID {number}>> BDC")
    try:
        yield
    finally:
        canvas._code.append("EMC")
        structure.drawing = False
        structure.within = before


@contextmanager
def artifact(canvas: Any) -> Iterator[None]:
    """What is drawn within is no part of the text: rules, running heads, page numbers."""
    structure = _of(canvas)
    if structure is None or structure.drawing:
        yield
        return
    structure.drawing = True
    canvas._code.append("/Artifact BMC")
    try:
        yield
    finally:
        canvas._code.append("EMC")
        structure.drawing = False
