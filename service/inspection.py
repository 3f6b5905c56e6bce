"""What an uploaded file really is, told by its content in a child process with limits on memory, time and output.

This file is both sides: ``inspect`` starts it again as a script, which imports nothing of the project. Pictures are
made anew: pixels only, the right way up, without EXIF, comments or whatever else was hidden behind them.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import NamedTuple

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 30
LARGEST_OUTPUT = 60_000_000
JPEG_PIXELS = 120_000_000  # decoded at a fraction of their size
PIXELS = 50_000_000
LONGEST_SIDE = 3_000
ZIP_ENTRIES = 10_000
ZIP_BYTES = 500_000_000
ZIP_RATIO = 200
TEXT_HEAD = 4_096
MARKUP = ("<!doctype", "<html", "<svg", "<script", "<?xml", "<?php")

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
}
OFFICE = {"word/document.xml": "word", "xl/workbook.xml": "excel", "ppt/presentation.xml": "powerpoint"}
EXTENSIONS = {"word": "docx", "excel": "xlsx", "powerpoint": "pptx", "pdf": "pdf", "text": "txt"}


class Inspected(NamedTuple):
    """``kind`` as questions name it, ``extension`` a key of ``MEDIA_TYPES``, ``remade`` where a picture was written."""

    kind: str
    extension: str
    remade: Path | None


class Refused(Exception):
    """The file is not taken. ``code``: a message of ``surveys.messages`` (``file_…``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect(path: Path) -> Inspected:
    """What ``path`` is. Blocks for as long as the child runs. Raises ``Refused``."""
    remade = path.with_name(f"{path.name}.remade")
    try:
        child = subprocess.run(  # noqa: S603 - our own file; the upload is named by a path that we made
            [sys.executable, "-I", __file__, str(path), str(remade)],
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        remade.unlink(missing_ok=True)
        raise Refused("file_bomb") from None
    if "fault" in answer:
        remade.unlink(missing_ok=True)
        raise Refused(answer["fault"])
    return Inspected(answer["kind"], answer["extension"], remade if remade.exists() else None)


# The child from here on.


def _limit() -> None:
    with contextlib.suppress(ImportError):  # Windows has none of this
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _look(path: Path, remade: Path) -> dict[str, str]:
    data = path.read_bytes()
    if not data:
        return {"fault": "file_empty"}
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(data, remade)
    if data.startswith(b"%PDF-"):
        return _known("pdf") if b"%%EOF" in data[-2048:] else {"fault": "file_broken"}
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return {"fault": "file_old_office"}
    return _known("text") if _is_text(data) else {"fault": "file_kind"}


def _known(kind: str) -> dict[str, str]:
    return {"kind": kind, "extension": EXTENSIONS[kind]}


def _picture(data: bytes, remade: Path) -> dict[str, str]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            jpeg = image.format == "JPEG"
            if image.width * image.height > (JPEG_PIXELS if jpeg else PIXELS):
                return {"fault": "file_bomb"}
            lossless = image.format == "PNG"
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return {"fault": "file_bomb"}
    except Exception:  # Pillow raises whatever a damaged picture makes it stumble over
        return {"fault": "file_broken"}
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    see_through = lossless and (upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info)
    mode = "RGBA" if see_through else "RGB"
    pixels = upright.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)  # a picture of its own: nothing of the old one's information comes along
    clean.save(remade, "PNG" if lossless else "JPEG", **({"optimize": True} if lossless else {"quality": 85}))
    return {"kind": "image", "extension": "png" if lossless else "jpg"}


def _office(data: bytes) -> dict[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return {"fault": "file_broken"}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ZIP_ENTRIES or unpacked > ZIP_BYTES or unpacked > ZIP_RATIO * len(data):
        return {"fault": "file_bomb"}
    names = {entry.filename for entry in entries}
    kind = next((kind for name, kind in OFFICE.items() if name in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        return {"fault": "file_kind"}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return {"fault": "file_macros"}
    return _known(kind)


def _is_text(data: bytes) -> bool:
    """UTF-8, GB 18030 or UTF-16 with a mark, without control characters, and no page that a browser would run."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:TEXT_HEAD].lower()
        control = any(ord(each) < 32 and each not in "\t\r\n\f" for each in text)
        return not control and not any(mark in head for mark in MARKUP)
    return False


def main() -> None:
    _limit()
    path, remade = map(Path, sys.argv[1:3])
    try:
        answer = _look(path, remade)
    except MemoryError:
        answer = {"fault": "file_bomb"}
    except OSError:
        answer = {"fault": "file_broken"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
