"""Cards to be cut: who sits where, the seat code, and the QR code of the personal link. Ten on an A4 sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import msgspec
from reportlab.pdfgen.canvas import Canvas

from reports import fonts
from reports.characters import printable
from reports.document import MAKER
from reports.paragraph import fit, write
from reports.poster import code
from reports.style import BODY, HEADING, INKS, LEAD, PAGE_HEIGHT, PAGE_WIDTH, SMALL
from reports.wording import words

COLUMNS, ROWS = 2, 5
MARGIN = 28.0
WIDTH, HEIGHT = (PAGE_WIDTH - 2 * MARGIN) / COLUMNS, (PAGE_HEIGHT - 2 * MARGIN) / ROWS
QR_SIDE, INSET = 104.0, 14.0


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate. ``seat`` is empty where no seat code is asked for; ``matrix`` as in ``reports.poster``."""

    name: str
    number: str
    department: str
    seat: str
    matrix: Sequence[Sequence[bool]]


def render(title: str, cards: Sequence[Card], language: str) -> bytes:
    """The sheets as PDF, in the order of ``cards``; without any, one empty sheet."""
    say = words(language)
    buffer = io.BytesIO()
    with fonts.in_use:
        fonts.load()
        canvas = Canvas(buffer, (PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang=say.language)
        canvas.setTitle(printable(title[:400], say.language))
        canvas.setAuthor(MAKER)
        canvas.setCreator(MAKER)
        for at, card in enumerate(cards):
            place = at % (COLUMNS * ROWS)
            if at and not place:
                canvas.showPage()
            x = MARGIN + place % COLUMNS * WIDTH
            y = PAGE_HEIGHT - MARGIN - (place // COLUMNS + 1) * HEIGHT
            _card(canvas, x, y, title, card, say)
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()


def _card(canvas: Any, x: float, y: float, title: str, card: Card, say: Any) -> None:
    """``x`` and ``y`` are its lower left corner."""
    canvas.setStrokeColor(INKS["rule"])
    canvas.setDash(3, 3)
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, WIDTH, HEIGHT, stroke=1, fill=0)
    canvas.setDash()
    left, room = x + INSET, WIDTH - QR_SIDE - 3 * INSET
    line = y + HEIGHT - INSET - 12

    def put(text: str, size: float, lines: int, gap: float, bold: bool = False, muted: bool = False) -> None:
        nonlocal line
        for each in fit(printable(text[:200], say.language), room, size, lines):
            write(canvas, left, line, each, size, "muted" if muted else "ink", bold)
            line -= size * 1.4
        line -= gap

    put(title, BODY, 2, 6, muted=True)
    put(card.name, HEADING, 1, 0, bold=True)
    put(f"{card.number} · {card.department.rpartition('/')[2]}", BODY, 2, 6)
    if card.seat:
        write(canvas, left, y + INSET + 20, say("seat_cards.seat"), SMALL, "muted")
        write(canvas, left, y + INSET, printable(card.seat, say.language), LEAD + 3, "accent", bold=True)
    side = x + WIDTH - INSET - QR_SIDE
    code(canvas, card.matrix, side, y + (HEIGHT - QR_SIDE) / 2 + 6, QR_SIDE)
    scan = fit(say("seat_cards.scan"), QR_SIDE, SMALL, 1)[0]
    write(canvas, side + (QR_SIDE - fonts.width(scan, SMALL)) / 2, y + (HEIGHT - QR_SIDE) / 2 - 8, scan, SMALL, "muted")
