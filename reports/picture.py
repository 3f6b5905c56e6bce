"""A figure as a picture of its own, to be put on a slide: the scene that page and report draw, with its title."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas

from reports import fonts
from reports.characters import printable
from reports.figure import Scene, draw_marks, to_svg
from reports.paragraph import fit, write
from reports.style import SMALL

MARGIN, TITLE, NOTE = 16.0, 12.0, SMALL  # points
SHARPNESS = 3  # pixels for each point: a figure of 580 points fills a slide


def svg(scene: Scene) -> bytes:
    """A file that stands alone; its texts stay texts, in the reader's faces."""
    size = f'width="{scene.width:.0f}" height="{scene.height:.0f}"'
    drawn = to_svg(scene).replace('width="100%"', size, 1)
    drawn = drawn.replace("inherit", "Noto Sans SC, PingFang SC, sans-serif", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'.encode()


def png(scene: Scene, note: str, language: str) -> bytes:
    """The figure on white under its title, over the ``note`` that says where it comes from."""
    import pypdfium2  # loads PDFium: only where a picture is made

    page = pypdfium2.PdfDocument(_pdf(scene, note, language))[0]
    buffer = io.BytesIO()
    page.render(scale=SHARPNESS).to_pil().save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pdf(scene: Scene, note: str, language: str) -> bytes:
    buffer = io.BytesIO()
    with fonts.in_use:
        fonts.load()
        title = fit(printable(scene.title, language), scene.width, TITLE, 3)
        said = fit(printable(note, language), scene.width, NOTE, 3)
        above, below = len(title) * TITLE * 1.4 + 8, len(said) * NOTE * 1.6 + 6
        width, height = scene.width + 2 * MARGIN, scene.height + above + below + 2 * MARGIN
        canvas = Canvas(buffer, (width, height), invariant=1)
        canvas.translate(MARGIN, MARGIN)
        for number, line in enumerate(title):
            write(canvas, 0, height - 2 * MARGIN - TITLE - number * TITLE * 1.4, line, TITLE, bold=True)
        for number, line in enumerate(said):
            write(canvas, 0, below - 6 - NOTE - number * NOTE * 1.6, line, NOTE, "muted")
        canvas.translate(0, below)
        draw_marks(canvas, scene.marks, scene.height)
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()
