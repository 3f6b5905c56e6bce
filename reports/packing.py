"""A lighter file of the same objects: reportlab writes every small object plainly and compresses at the default level.

Small objects move into one compressed object stream, the cross-reference becomes a stream (PDF 1.5, ISO 32000-1 §7.5.7
and §7.5.8), and every stream is compressed again at the highest level. An eighth of a report.
"""

from __future__ import annotations

import re
import zlib

_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|.)", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)")
_ROOT = (re.compile(rb"/Root \d+ 0 R"), re.compile(rb"/Info \d+ 0 R"), re.compile(rb"/ID\s*\[[^\]]*\]"))


def pack(pdf: bytes) -> bytes:
    """``pdf`` as reportlab wrote it (plain cross-reference table, no encryption) with the same objects in fewer bytes.

    Raises ``ValueError`` on anything else.
    """
    objects, trailer = _objects(pdf)
    out = bytearray(b"%PDF-1.5\n%\223\214\213\236\n")
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}  # kind, offset or object stream, place in it
    small = {number: body for number, body in objects.items() if b">>\nstream\n" not in body}
    for number, body in objects.items():
        if number not in small:
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, _denser(body))
    shelf, table = max(objects) + 1, max(objects) + 2
    places |= {number: (2, shelf, place) for place, number in enumerate(small)}
    places[shelf] = (1, len(out), 0)
    starts, bodies = _shelf(small)
    out += _stream(shelf, b"/Type /ObjStm /N %d /First %d" % (len(small), len(starts)), starts + bodies)
    places[table] = (1, len(out), 0)
    rows = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + place.to_bytes(2, "big")
        for kind, where, place in (places[number] for number in range(table + 1))
    )
    start = len(out)
    out += _stream(table, b"/Type /XRef /W [1 4 2] /Size %d " % (table + 1) + trailer, rows)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start


def _objects(pdf: bytes) -> tuple[dict[int, bytes], bytes]:
    """Every object's body by its number, and what the trailer says of the document."""
    start = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    table, _, trailer = pdf[start:].partition(b"trailer")
    lines = table.splitlines()
    if lines[0] != b"xref" or not trailer:
        raise ValueError("no plain cross-reference table")
    offsets = [(int(entry[:10]), number) for number, entry in enumerate(lines[2:]) if entry[17:18] == b"n"]
    ends = [offset for offset, _ in offsets[1:]] + [start]
    objects = {}
    for (offset, number), end in zip(offsets, ends, strict=True):
        head = b"%d 0 obj\n" % number
        if pdf[offset : offset + len(head)] != head:
            raise ValueError(f"object {number} is not where the table says")
        objects[number] = pdf[offset + len(head) : end].rstrip().removesuffix(b"endobj").rstrip(b"\n")
    found = [pattern.search(trailer) for pattern in _ROOT]
    return objects, b" ".join(match[0] for match in found if match)


def _denser(body: bytes) -> bytes:
    head, _, rest = body.partition(b">>\nstream\n")
    length = _LENGTH.search(head)
    if length is None or b"/FlateDecode" not in head:
        return body
    data = zlib.decompress(rest[: int(length[1])])
    if b"/Length1" not in head:  # a page and no font
        data = _ESCAPE.sub(_plain, data)
    data = zlib.compress(data, 9)
    return _LENGTH.sub(b"/Length %d" % len(data), head) + b">>\nstream\n" + data + b"\nendstream"


def _plain(escape: re.Match[bytes]) -> bytes:
    r"""The character that ``\ddd`` writes, where a string may hold it (§7.3.4.2)."""
    if escape[1] is None:
        return escape[0]
    character = bytes([int(escape[1], 8)])
    return escape[0] if character in b"()\\\r" else character


def _shelf(small: dict[int, bytes]) -> tuple[bytes, bytes]:
    """Numbers with their places, and the bodies one after the other."""
    starts, bodies = [], bytearray()
    for number, body in small.items():
        starts.append(b"%d %d" % (number, len(bodies)))
        bodies += body + b"\n"
    return b" ".join(starts) + b"\n", bytes(bodies)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    data = zlib.compress(content, 9)
    head = b"%d 0 obj\n<< %b /Filter /FlateDecode /Length %d >>\nstream\n" % (number, entries, len(data))
    return head + data + b"\nendstream\nendobj\n"
