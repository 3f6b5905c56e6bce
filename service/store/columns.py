"""A wave's submitted answers as typed columns: Arrow files beside the database, brought up to date on reading.

The database is the truth; the folder may be deleted at any time. Layout:

    cache/<wave>/<revision>-<schema>/<first sequence>-<last sequence>-<rows>.arrow

Only rows beyond the last sequence are read (sequences rise in commit order, so nothing appears behind it). Whatever was
edited or erased raises the wave's revision, and a newer program may read other columns: either way the folder has
another name and the old one goes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import polars as pl

from service.database import Database
from service.database.locks import file_lock
from service.database.postgres import unhurried
from surveys import frame
from surveys.definition import Questionnaire

ROWS = 50_000  # read at a time; a file of so many is left alone, a smaller last one is rewritten with the new rows
TEXTS = [name for name, kind in frame.META.items() if kind != pl.Int64()]
BATCH = """
SELECT count(*) AS height, min(sequence) AS first, max(sequence) AS last, {columns}
FROM response WHERE wave = ? AND sequence > ? AND sequence <= (
    SELECT max(sequence)
    FROM (SELECT sequence FROM response WHERE wave = ? AND sequence > ? ORDER BY sequence LIMIT ?) AS batch
)
"""
"""Rows as one text per column, since the database joins them faster than Python makes objects of them: the answers as
lines, the others as JSON arrays. All come from one scan, so that they agree in whatever order it takes.
As bytes where they are long: a text of 100 MB would be decoded to 200 and encoded again."""
SQL = {
    "sqlite": BATCH.format(
        columns=", ".join(
            ["CAST(group_concat(answers, x'0a') AS BLOB) AS answers"]
            + [f"json_group_array({name[1:]}) AS {name}" for name in frame.META]
        )
    ),
    "postgres": BATCH.format(
        columns=", ".join(
            ["convert_to(string_agg(answers, chr(10) ORDER BY sequence), 'UTF8') AS answers"]
            + [f"json_agg({name[1:]} ORDER BY sequence)::text AS {name}" for name in frame.META]
        )
    ),
}
LINES = "SELECT answers FROM response WHERE wave = ? AND sequence > ? AND sequence <= ? ORDER BY sequence"
BETWEEN = {"sqlite": '","', "postgres": '", "'}  # what stands between the texts of an array


async def dataset(database: Database, wave: UUID, questionnaire: Questionnaire) -> frame.Dataset:
    """All responses of ``wave`` in the order of their commits, with the META columns of ``surveys.frame``."""
    cache = Cache(database.settings.data / "cache" / str(wave), questionnaire)
    cache.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with unhurried():
        async with file_lock(cache.folder / "lock"):
            [found] = await database.fetch("SELECT revision FROM wave WHERE id = ?", wave)
            await asyncio.to_thread(cache.open, found["revision"])
            await _refresh(database, wave, cache)
            return frame.Dataset(questionnaire, await asyncio.to_thread(cache.read))


async def _refresh(database: Database, wave: UUID, cache: Cache) -> None:
    [stored] = await database.fetch(
        "SELECT count(*) AS responses FROM response WHERE wave = ? AND sequence <= ?", wave, cache.watermark
    )
    if stored["responses"] != cache.height:  # rows went without a new revision: somebody used SQL
        await asyncio.to_thread(cache.clear)
    batch = await _batch(database, wave, cache.watermark)
    while batch["height"]:
        # the next rows are read while these are parsed
        following = asyncio.create_task(_batch(database, wave, batch["last"]))
        try:
            await asyncio.to_thread(cache.append, batch)
        finally:
            batch = await following


async def _batch(database: Database, wave: UUID, after: int) -> dict[str, Any]:
    [batch] = await database.fetch(SQL[database.dialect], wave, after, wave, after, ROWS)
    if batch["height"]:
        if batch["answers"].count(b"\n") + 1 != batch["height"]:  # written by hand, with line breaks between its tokens
            rows = await database.fetch(LINES, wave, after, batch["last"])
            batch["answers"] = [row["answers"].replace("\n", " ") for row in rows]
        batch |= {name: _texts(batch[name], BETWEEN[database.dialect]) for name in TEXTS}
    return batch


def _texts(array: str, between: str) -> pl.Series:
    """A JSON array of texts. Without an escape in it, quotes stand only where texts begin and end."""
    if "\\" in array:
        return pl.Series(msgspec.json.decode(array, type=list[str]), dtype=pl.String)
    return pl.Series([array.strip()[2:-2]]).str.split(between).explode()


class Part(NamedTuple):
    first: int
    last: int
    rows: int

    @property
    def name(self) -> str:
        return f"{self.first:019d}-{self.last:019d}-{self.rows}.arrow"


class Cache:
    """The files of one wave; whoever calls holds the folder's lock."""

    def __init__(self, folder: Path, questionnaire: Questionnaire) -> None:
        self.folder = folder
        self._questionnaire = questionnaire
        self._schema = frame.schema(questionnaire) | frame.META
        self._parts: list[Part] = []

    @property
    def watermark(self) -> int:
        return self._parts[-1].last if self._parts else 0

    @property
    def height(self) -> int:
        return sum(part.rows for part in self._parts)

    def open(self, revision: int) -> None:
        """Takes stock, and removes what other revisions, other programs and dead processes left."""
        schema = hashlib.sha256(repr(self._schema).encode()).hexdigest()[:16]
        self._files = self.folder / f"{revision}-{schema}"
        for other in self.folder.iterdir():
            if other.is_dir() and other != self._files:
                shutil.rmtree(other)
        self._files.mkdir(exist_ok=True)
        found = sorted(Part(*map(int, file.stem.split("-"))) for file in self._files.glob("*.arrow"))
        longest = {part.first: part for part in found}  # of two that begin alike the later was rewritten from the other
        self._parts = list(longest.values())
        for file in self._files.iterdir():
            if file.name not in {part.name for part in self._parts}:
                file.unlink()

    def clear(self) -> None:
        shutil.rmtree(self._files)
        self._files.mkdir()
        self._parts = []

    def append(self, batch: dict[str, Any]) -> None:
        """Adds the rows of ``_batch``: one new file, or the last one rewritten."""
        fresh = _columns(self._questionnaire, batch)
        first = batch["first"]
        replaced = self._parts.pop() if self._parts and self._parts[-1].rows < ROWS else None
        if replaced is not None:
            fresh = pl.concat([pl.read_ipc(self._files / replaced.name), fresh])
            first = replaced.first
        part = Part(first, batch["last"], fresh.height)
        unfinished = self._files / f"unfinished.{os.getpid()}"
        fresh.write_ipc(unfinished)
        unfinished.rename(self._files / part.name)
        if replaced is not None:
            (self._files / replaced.name).unlink()
        self._parts.append(part)

    def read(self) -> pl.DataFrame:
        """The files' memory is mapped, not copied: it stays valid when they are removed."""
        if not self._parts:
            return pl.DataFrame(schema=self._schema)
        return pl.concat([pl.read_ipc(self._files / part.name) for part in self._parts])


def _columns(questionnaire: Questionnaire, batch: dict[str, Any]) -> pl.DataFrame:
    answers = frame.read(batch["answers"], questionnaire)
    known = pl.DataFrame([_known(name, batch[name]) for name in frame.META])
    assert answers.height == known.height == batch["height"]
    known = known.with_columns(pl.col("_submitted_on").str.to_date("%Y-%m-%d"))
    whole = frame.with_meta(questionnaire, answers, known).frame
    return whole if whole["_sequence"].is_sorted() else whole.sort("_sequence")


def _known(name: str, values: pl.Series | str) -> pl.Series:
    if isinstance(values, pl.Series):
        return values.alias(name)
    return pl.Series(name, msgspec.json.decode(values, type=list[int | None]), dtype=pl.Int64)
