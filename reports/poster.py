"""An A4 poster with a QR code, for the notice board beside the people who are asked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from reports import fonts
from reports.characters import printable
from reports.document import MAKER
from reports.paragraph import fit, write
from reports.style import BODY, CONTENT_WIDTH, DISPLAY, INKS, LEAD, MARGIN_X, PAGE_HEIGHT, PAGE_WIDTH, Role
from reports.wording import words

QR_SIDE = 300.0  # points, 106 mm: read from two metres


def render(
    title: str, url: str, qr_matrix: Sequence[Sequence[bool]], until: str, promise: str, language: str,
    invitation: str = "",
) -> bytes:  # fmt: skip
    """The poster as PDF. ``invitation`` is the line below the title, by default that of a survey.

    ``qr_matrix`` are the rows of the code without quiet zone, True where dark; ``until`` is the last day as it is to be
    read, or empty; ``promise`` is the promise of anonymity in one or two sentences. Raises ``ValueError`` on a matrix
    that is not square.
    """
    if not qr_matrix or any(len(row) != len(qr_matrix) for row in qr_matrix):
        raise ValueError("a QR matrix is square")
    say = words(language)
    buffer = io.BytesIO()
    with fonts.in_use:
        fonts.load()
        name = printable(title[:400], say.language)
        canvas = Canvas(buffer, (PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang=say.language)
        canvas.setTitle(name)
        canvas.setAuthor(MAKER)
        canvas.setCreator(MAKER)
        canvas.setFillColor(INKS["accent"])
        canvas.rect(MARGIN_X, PAGE_HEIGHT - 84, 44, 5, stroke=0, fill=1)
        y = _lines(canvas, fit(name, CONTENT_WIDTH, DISPLAY, 3), PAGE_HEIGHT - 136, DISPLAY, "ink", bold=True)
        said = printable(invitation, say.language) or say("poster.invitation")
        _lines(canvas, fit(said, CONTENT_WIDTH, 15, 2), y - 4, 15, "muted")
        code(canvas, qr_matrix, (PAGE_WIDTH - QR_SIDE) / 2, 236, QR_SIDE)
        _centred(canvas, say("poster.scan"), 206, 15, "accent", bold=True)
        address = fit(printable(url[:400], say.language), CONTENT_WIDTH, BODY, 1)[0]
        _centred(canvas, address, 186, BODY, "muted")
        _foot(
            canvas,
            say("poster.until", until=printable(until, say.language)) if until else "",
            printable(promise, say.language),
        )
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()


def _lines(canvas: Any, lines: list[str], y: float, size: float, colour: Role, bold: bool = False) -> float:
    for line in lines:
        write(canvas, MARGIN_X, y, line, size, colour, bold)
        y -= size * 1.4
    return y


def _centred(canvas: Any, text: str, y: float, size: float, colour: Role, bold: bool = False) -> None:
    write(canvas, (PAGE_WIDTH - fonts.width(text, size)) / 2, y, text, size, colour, bold)


def code(canvas: Any, matrix: Sequence[Sequence[bool]], x: float, y: float, width: float) -> None:
    """Dark modules as one path of horizontal runs: no hairlines between them, whatever the printer."""
    side = width / len(matrix)
    path = canvas.beginPath()
    for number, row in enumerate(matrix):
        top = y + width - (number + 1) * side
        start = None
        for place, dark in enumerate([*row, False]):
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                path.rect(x + start * side, top, (place - start) * side, side)
                start = None
    canvas.setFillColor("#000000")  # full contrast for cameras
    canvas.drawPath(path, stroke=0, fill=1)


def _foot(canvas: Any, until: str, promise: str) -> None:
    canvas.setStrokeColor(INKS["rule"])
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN_X, 148, PAGE_WIDTH - MARGIN_X, 148)
    y = 124.0
    if until:
        write(canvas, MARGIN_X, y, fit(until, CONTENT_WIDTH, LEAD, 1)[0], LEAD, "ink", bold=True)
        y -= 22
    _lines(canvas, fit(promise, CONTENT_WIDTH, BODY + 1, 3), y, BODY + 1, "muted")
    write(canvas, MARGIN_X, 34, MAKER, 7.5, "muted")
