"""Lines and paragraphs: a line breaker for Chinese mixed with Latin, and the flowable that prints its lines.

Rules of Chinese setting (GB/T 15834 and the W3C's clreq): no line begins with a closing mark or ends with an opening
one, no Latin word or number is broken unless it is longer than the line, a closing mark at the end of a line may hang
by the half of it that is empty. Text is never parsed as markup: it arrives as runs and is drawn as runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise, starmap
from typing import Any, NamedTuple

from reportlab.platypus import Flowable

from reports import fonts
from reports.characters import printable
from reports.structure import content
from reports.style import BODY, INKS, LEADING, Role

NEVER_FIRST = "，。、；：？！）》〉」』】〕］｝”’…—～·‥〟,.;:?!)]}%％‰°℃"
NEVER_LAST = "（《〈「『【〔［｛“‘([{￥¥$#"
_HANGING = frozenset("，。、；：？！）》〉」』】〕］｝")
_OPENING = frozenset("（《〈「『【〔［｛“‘")  # their left half is empty: it hangs in the margin
_MAXIMUM_STRETCH = 0.06  # em per character; a line that needs more stays ragged

_FIRST, _LAST = re.escape(NEVER_FIRST), re.escape(NEVER_LAST)
_WIDE = r"\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WORD = rf"[^\s{_WIDE}{_FIRST}{_LAST}]|\xa0"
_WITHIN = r"[,.;:?!)\]}%]"  # marks that belong to a word where letters follow: 3.14, e.g. http://x
_ATOM = re.compile(rf"[{_LAST}]*(?:(?:{_WORD})(?:{_WITHIN}*(?:{_WORD}))*|[^\s{_FIRST}{_LAST}]|)[{_FIRST}]*|[ \u3000]+")


class Run(NamedTuple):
    """A stretch of text in one weight and colour."""

    text: str
    bold: bool = False
    colour: Role = "ink"


class Piece(NamedTuple):
    """Something that must not be broken, its run's look and its width in em."""

    text: str
    bold: bool
    colour: Role
    width: float


Line = list[Piece]


def _pieces(runs: Iterable[Run]) -> Iterable[Piece | None]:
    """The atoms of ``runs``; None where a line must end."""
    for text, bold, colour in runs:
        for number, line in enumerate(text.split("\n")):
            if number:
                yield None
            for match in _ATOM.finditer(line):
                if match[0]:
                    yield Piece(match[0], bold, colour, fonts.em(match[0]))


def _slices(piece: Piece, width: float) -> Iterable[Piece]:
    """A piece longer than a line, cut anywhere."""
    start, used = 0, 0.0
    for position, character in enumerate(piece.text):
        advance = fonts.advance(character)
        if used + advance > width and position > start:
            yield Piece(piece.text[start:position], piece.bold, piece.colour, used)
            start, used = position, 0.0
        used += advance
    yield Piece(piece.text[start:], piece.bold, piece.colour, used)


def break_runs(runs: Iterable[Run], width: float, size: float) -> list[Line]:
    """Lines of at most ``width`` points (closing marks may hang by half an em) at ``size`` points."""
    limit = width / size
    lines: list[Line] = [[]]
    used = 0.0
    for piece in _pieces(runs):
        if piece is None:
            _strip(lines[-1])
            lines.append([])
            used = 0.0
            continue
        if piece.text.isspace():
            if lines[-1]:  # a space at the end of a line hangs and is stripped
                lines[-1].append(piece)
                used += piece.width
            continue
        hang = 0.5 if piece.text[-1] in _HANGING else 0.0
        if lines[-1] and used + piece.width - hang > limit:
            lines.append(_carried(lines[-1], piece))
            used = _natural(lines[-1])
        if used + piece.width - hang > limit:
            *full, piece = _slices(piece, limit)
            for part in full:
                lines[-1].append(part)
                lines.append([])
            used = 0.0
        used += piece.width - (_overlap(lines[-1][-1], piece) if lines[-1] else 0.0)
        lines[-1].append(piece)
    _strip(lines[-1])
    return lines


def _overlap(before: Piece, after: Piece) -> float:
    """By how much two marks that meet are set closer, in em."""
    return 0.5 if fonts.TIGHT.match(before.text[-1] + after.text[0]) else 0.0


def _natural(line: Line) -> float:
    """Width of a line in em."""
    return sum(piece.width for piece in line) - sum(starmap(_overlap, pairwise(line)))


def _carried(line: Line, following: Piece) -> Line:
    """Take from the end of ``line`` what must stay with ``following``: nothing where a line may end here."""
    end, after = len(line), following
    while end and _inseparable(line[end - 1], after):
        end -= 1
        after = line[end]
    carried = line[end:] if end else []
    del line[len(line) - len(carried) :]
    _strip(line)
    return carried


def _inseparable(before: Piece, after: Piece) -> bool:
    return after.text[0] in NEVER_FIRST or after.text.isspace() or before.text[-1] in NEVER_LAST


def _strip(line: Line) -> None:
    while line and line[-1].text.isspace():
        line.pop()


def break_lines(text: str, width: float, size: float) -> list[str]:
    """``text`` in lines of at most ``width`` points."""
    return ["".join(piece.text for piece in line) for line in break_runs([Run(text)], width, size)]


def fit(text: str, width: float, size: float, lines: int = 1) -> list[str]:
    """At most so many lines of ``text``; what does not fit ends in an ellipsis. Line breaks within become spaces."""
    flat = " ".join(text[:2000].split())
    broken = break_lines(flat, width, size)
    if len(broken) <= lines:
        return broken
    last = broken[lines - 1]
    while last and fonts.width(last + "…", size) > width:
        last = last[:-1]
    return [*broken[: lines - 1], last + "…"]


def balanced(text: str, width: float, size: float, lines: int) -> list[str]:
    """As ``fit``, with lines as even as can be: a heading leaves no single character on its last line.

    Where a width makes every line end with a mark of the sentence, that one is taken.
    """
    best = fit(text, width, size, lines)
    if len(best) < 2 or best[-1].endswith("…"):
        return best
    for share in range(98, 45, -2):
        tried = fit(text, width * share / 100, size, lines + 1)
        if len(tried) > len(best):
            break
        best = tried
        if all(line[-1] in "，；：。,;:." for line in tried[:-1]):
            break
    return best


class Prose(Flowable):  # type: ignore[misc]
    """A paragraph; ``marker`` stands in the margin that ``indent`` leaves.

    It splits between lines over any number of pages, and leaves no line alone where it can help it.
    """

    def __init__(
        self,
        content: str | Sequence[Run],
        *,
        language: str,
        size: float = BODY,
        leading: float = LEADING,
        bold: bool = False,
        colour: Role = "ink",
        indent: float = 0.0,
        space_before: float = 0.0,
        space_after: float = 0.0,
        keep_with_next: bool = False,
        marker: str = "",
        lines: list[Line] | None = None,
        first: bool = True,
        ragged: bool = False,
    ) -> None:
        super().__init__()
        runs = [Run(content, bold, colour)] if isinstance(content, str) else content
        self.runs = [Run(printable(run.text, language), run.bold, run.colour) for run in runs]
        self.language, self.size, self.leading, self.indent = language, size, leading, indent
        self.spaceBefore = space_before if first else 0.0
        self.spaceAfter = space_after
        self.keepWithNext = keep_with_next
        self.marker = marker
        self.ragged = ragged  # lines end where they end: headings are not stretched
        self.lines = lines
        self.broken_for: float | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        if self.lines is None or (self.broken_for is not None and self.broken_for != width):
            self.lines = break_runs(self.runs, width - self.indent, self.size)
            self.broken_for = width
        self.width, self.height = width, len(self.lines) * self.size * self.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        assert self.lines is not None
        room = int((height + 1e-6) // (self.size * self.leading))
        total = len(self.lines)
        if total - room == 1 and room > 2:
            room -= 1
        if room < 1 or (room < 2 and total > 2):
            return []
        return [self._part(self.lines[:room], True), self._part(self.lines[room:], False)]

    def _part(self, lines: list[Line], first: bool) -> Prose:
        return Prose(
            [], language=self.language, size=self.size, leading=self.leading, indent=self.indent,
            space_before=self.spaceBefore, space_after=0.0 if first else self.spaceAfter,
            marker=self.marker if first else "", lines=lines, first=first, ragged=self.ragged,
        )  # fmt: skip

    def draw(self) -> None:
        assert self.lines is not None
        with content(self.canv, "P"):
            self._draw(self.lines)

    def _draw(self, lines: list[Line]) -> None:
        y = self.height - self.size * (self.leading / 2 + 0.38)
        if self.marker:
            draw_line(self.canv, [Piece(self.marker, False, "muted", 0.0)], 0, y, self.size * 0.85)
        for number, line in enumerate(lines):
            hang = self.size / 2 if line and line[0].text[0] in _OPENING else 0.0
            draw_line(self.canv, line, self.indent - hang, y, self.size, self._stretch(number))
            y -= self.size * self.leading

    def _stretch(self, number: int) -> float:
        """Points to add after each character so that a full line ends at the margin."""
        assert self.lines is not None
        line = self.lines[number]
        if self.ragged or number + 1 == len(self.lines) or not line or not self.lines[number + 1]:
            return 0.0
        hang = 0.5 * (line[-1].text[-1] in _HANGING) + 0.5 * (line[0].text[0] in _OPENING)
        slack = (self.width - self.indent) / self.size - _natural(line) + hang
        each = slack / max(1, sum(len(piece.text) for piece in line) - 1)
        return each * self.size if abs(each) <= _MAXIMUM_STRETCH else 0.0


def draw_line(canvas: Any, line: Line, x: float, y: float, size: float, stretch: float = 0.0) -> None:
    """Draw one line with its baseline at ``y``, neighbouring pieces of one look together."""
    bold = False
    text = canvas.beginText(round(x, 2), round(y, 2))
    text.setFont(fonts.FACE, size)
    if stretch:
        text.setCharSpace(round(stretch, 3))
    for (bold, colour), pieces in groupby(line, lambda piece: (piece.bold, piece.colour)):
        _look(text, bold, colour, size)
        _set(text, "".join(piece.text for piece in pieces), size, stretch)
    if bold:
        text.setTextRenderMode(0)
    if stretch:
        text.setCharSpace(0)
    canvas.drawText(text)


def _set(text: Any, characters: str, size: float, stretch: float) -> None:
    """Set ``characters``, pairs of marks half an em closer."""
    start = 0
    for match in fonts.TIGHT.finditer(characters):
        if match.start() > start:
            text.textOut(characters[start : match.start()])
        text.setCharSpace(round(stretch - size / 2, 3))
        text.textOut(match[0])
        text.setCharSpace(round(stretch, 3))
        start = match.end()
    text.textOut(characters[start:])


def write(canvas: Any, x: float, y: float, text: str, size: float, colour: Role = "ink", bold: bool = False) -> None:
    """Draw printable ``text`` with its baseline at ``y``."""
    draw_line(canvas, [Piece(text, bold, colour, 0.0)], x, y, size)


def _look(text: Any, bold: bool, colour: Role, size: float) -> None:
    text.setFillColor(INKS[colour])
    text.setTextRenderMode(2 if bold else 0)
    if bold:
        text.setStrokeColor(INKS[colour])
        text._code.append(f"{size * fonts.BOLD_STROKE:.2f} w 1 j")  # line width and round joins
