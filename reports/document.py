"""A document: pages with running header and footer, headings in the outline, figures with their source, tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate

from reports import fonts
from reports.characters import printable
from reports.figure import Scene, draw_marks, to_drawing
from reports.packing import pack
from reports.paging import parts
from reports.paragraph import Prose, Run, balanced, fit, write
from reports.structure import Structure, artifact, content
from reports.style import (
    BODY,
    CONTENT_HEIGHT,
    CONTENT_WIDTH,
    HEADING,
    INKS,
    MARGIN_BOTTOM,
    MARGIN_TOP,
    MARGIN_X,
    PAGE_WIDTH,
    PAPERS,
    SMALL,
    TIGHT,
    Paper,
)  # fmt: skip
from reports.table import Column as Column
from reports.table import Table
from reports.wording import Words

rl_config.useA85 = 0  # streams as bytes: a quarter smaller
MAKER = "问衡 Wenheng"
FIGURE_HEIGHT = 440.0
"""Of one figure at most, so that heading, caption, subheading and source line fit on its page: 17–20 rows."""


class Heading(Flowable):  # type: ignore[misc]
    """A numbered section: what it is about in small, what was found in large; also its outline entry."""

    def __init__(self, number: str, topic: str, finding: str, language: str) -> None:
        super().__init__()
        self.number, self.topic = number, printable(topic, language)
        lines = balanced(printable(finding[:2000], language), CONTENT_WIDTH, HEADING, 4)
        self.prose = Prose("\n".join(lines), language=language, size=HEADING, leading=TIGHT, bold=True, ragged=True)
        self.keepWithNext = True
        self.spaceBefore, self.spaceAfter = 26.0, 6.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        _, self.height = self.prose.wrap(width, height)
        self.height += 23
        return width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.bookmarkPage(f"section-{self.number}")
        canvas.addOutlineEntry(f"{self.number}  {self.topic}", f"section-{self.number}", 0, closed=1)
        with artifact(canvas):
            canvas.setFillColor(INKS["accent"])
            canvas.rect(0, self.height - 3, 22, 2, stroke=0, fill=1)
        with content(canvas, "H2"):
            write(canvas, 0, self.height - 14, f"{self.number}  {self.topic}", SMALL, "accent", bold=True)
            self.prose.drawOn(canvas, 0, 0)


class Subheading(Prose):
    """What a figure or a list is about; an entry below its section in the outline."""

    def __init__(self, text: str, key: str, language: str) -> None:
        self.text, self.key = printable(text[:200], language), key
        lines = fit(printable(text[:2000], language), CONTENT_WIDTH, 11, 3)
        super().__init__(
            "\n".join(lines), language=language, size=11, leading=1.5, bold=True, space_before=14, space_after=4,
            keep_with_next=True, ragged=True,
        )  # fmt: skip

    def draw(self) -> None:
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.text, self.key, 1, closed=1)
        with content(self.canv, "H3"):
            super().draw()


class Block(Flowable):  # type: ignore[misc]
    """Flowables side by side or one below the other that are drawn as one, never split.

    ``columns`` are (x, width, flowables). What is taller than the page is cut at its foot: callers bound their texts.
    """

    def __init__(self, columns: Sequence[tuple[float, float, Sequence[Flowable]]], *, space_after: float = 0.0) -> None:
        super().__init__()
        self.columns = columns
        self.spaceBefore, self.spaceAfter = 0.0, space_after
        self.most = CONTENT_HEIGHT  # what the page bears

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.height = max(
            sum(flowable.wrap(wide, CONTENT_HEIGHT)[1] + flowable.getSpaceAfter() for flowable in flowables)
            for _, wide, flowables in self.columns
        )
        self.height = min(self.height, self.most)
        return width, self.height

    def draw(self) -> None:
        for x, _, flowables in self.columns:
            y = self.height
            for flowable in flowables:
                y -= flowable.height
                if y < -1:
                    break
                flowable.drawOn(self.canv, x, y)
                y -= flowable.getSpaceAfter()


class Space(Flowable):  # type: ignore[misc]
    def __init__(self, height: float) -> None:
        super().__init__()
        self.width, self.height, self.spaceBefore, self.spaceAfter = 1.0, height, 0.0, 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 1.0, self.height

    def draw(self) -> None:
        """Nothing."""


class Document:
    """Collects a story and builds it once. ``cover`` draws on the first page, whose text is none of the story.

    The column of text is as wide on every ``paper``; what differs are the margins, and how much a page holds.
    """

    def __init__(self, say: Words, title: str, running: str, cover: Callable[[Any], None], paper: Paper = "a4") -> None:
        self.paper = PAPERS[paper]
        self.content_height = self.paper[1] - MARGIN_TOP - MARGIN_BOTTOM
        self.say, self.language = say, say.language
        self.title, self.running = printable(title, say.language), printable(running, say.language)
        self.cover = cover
        self.story: list[Flowable] = [NextPageTemplate("page"), PageBreak()]
        self.sections = 0

    def section(self, topic: str, finding: str, *, new_page: bool = False) -> None:
        if new_page and not isinstance(self.story[-1], PageBreak):
            self.story.append(PageBreak())
        self.sections += 1
        self.story.append(Heading(str(self.sections), topic, finding, self.language))

    def caption(self, text: str) -> None:
        self.add(Prose(text, language=self.language, colour="muted", space_after=12, keep_with_next=True))

    def subheading(self, text: str) -> None:
        self.add(Subheading(text, f"part-{len(self.story)}", self.language))

    def prose(self, content: str | Sequence[Run], *, after: float = 8.0) -> None:
        self.add(Prose(content, language=self.language, space_after=after))

    def note(self, text: str, *, after: float = 14.0) -> None:
        self.add(Prose(text, language=self.language, size=SMALL, leading=1.5, colour="muted", space_after=after))

    def figure(self, scene: Scene | None, source: str) -> bool:
        """A figure and its source line, kept together; False where there was nothing to draw.

        A figure too tall to stand below its heading on one page is drawn in parts, each with its own source line.
        """
        if scene is None:
            return False
        drawn = parts(scene, FIGURE_HEIGHT)
        for number, part in enumerate(drawn, 1):
            place = self.say("figure.part", part=number, of=len(drawn)) if len(drawn) > 1 else ""
            note = Prose(source + place, language=self.language, size=SMALL, leading=1.5, colour="muted")
            self.add(Block([(0, CONTENT_WIDTH, [to_drawing(part), Space(7), note])], space_after=14))
        return True

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], source: str = "") -> None:
        self.add(Table(columns, rows, self.language))
        if source:
            self.note(source)
        else:
            self.add(Space(10))

    def height(self, flowables: Sequence[Flowable]) -> float:
        """Room that ``flowables`` take one below the other in the page's column."""
        return float(sum(each.wrap(CONTENT_WIDTH, CONTENT_HEIGHT)[1] + each.getSpaceAfter() for each in flowables))

    def page_break(self) -> None:
        self.add(PageBreak())

    def add(self, flowable: Flowable) -> None:
        if isinstance(flowable, Block):
            flowable.most = self.content_height
        self.story.append(flowable)

    def build(self) -> bytes:
        """The PDF. The same story gives the same bytes (no clock, no random identifiers)."""
        buffer = io.BytesIO()
        with fonts.in_use:
            fonts.load()
            template = _Template(
                buffer, pagesize=self.paper, title=self.title, author=MAKER, creator=MAKER,
                subject=self.running, lang=self.language, invariant=1, pageCompression=1, initialFontName=fonts.FACE,
                initialFontSize=BODY,
            )  # fmt: skip
            left = MARGIN_X + self._beside
            frame = Frame(left, MARGIN_BOTTOM, CONTENT_WIDTH, self.content_height, 0, 0, 0, 0)
            template.addPageTemplates(
                [
                    PageTemplate("cover", [frame], onPage=lambda canvas, _: self._first(canvas)),
                    PageTemplate("page", [frame], onPage=lambda canvas, _: self._furniture(canvas)),
                ]
            )
            template.build(self.story)
        return pack(buffer.getvalue())

    def _first(self, canvas: Any) -> None:
        canvas.bookmarkPage("cover")
        canvas.addOutlineEntry(self.title, "cover", 0)
        canvas.showOutline()
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.saveState()
        canvas.translate(self._beside, 0)
        self.cover(canvas)
        canvas.restoreState()

    @property
    def _beside(self) -> float:
        """By how much wider than A4 a margin is."""
        return (self.paper[0] - PAGE_WIDTH) / 2

    def _furniture(self, canvas: Any) -> None:
        canvas.saveState()
        canvas.translate(self._beside, 0)
        with artifact(canvas):
            top, foot, right = self.paper[1] - 44, 34.0, PAGE_WIDTH - MARGIN_X
            title = fit(self.title, CONTENT_WIDTH * 0.35, SMALL)[0]
            write(canvas, MARGIN_X, top, fit(self.running, CONTENT_WIDTH * 0.62, SMALL)[0], SMALL, "muted")
            write(canvas, right - fonts.width(title, SMALL), top, title, SMALL, "muted")
            canvas.setStrokeColor(INKS["rule"])
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN_X, top - 8, right, top - 8)
            write(canvas, MARGIN_X, foot, MAKER, SMALL, "muted")
            number = f"{canvas.getPageNumber()} / "
            write(canvas, right - 10 - fonts.width(number, SMALL), foot, number, SMALL, "muted")
            canvas.saveState()
            canvas.translate(right - 10, foot)
            canvas.doForm("pages")  # the number of pages, known when the last one is drawn
            canvas.restoreState()
        canvas.restoreState()


class _Template(BaseDocTemplate):  # type: ignore[misc]
    def beforeDocument(self) -> None:  # noqa: N802
        self.canv.structure = Structure()

    def _endBuild(self) -> None:  # noqa: N802
        canvas = self.canv
        canvas.beginForm("pages", 0, -4, 20, 12)
        write(canvas, 0, 0, str(self.page), SMALL, "muted")
        canvas.endForm()
        self._doSave = False  # the last page is shown first
        super()._endBuild()
        canvas.structure.build(canvas)
        canvas.save()


def marks_on(canvas: Any, scene: Scene, x: float, y: float) -> None:
    """Draw a scene with its foot at (x, y)."""
    canvas.saveState()
    canvas.translate(x, y)
    draw_marks(canvas, scene.marks, scene.height)
    canvas.restoreState()
