"""A wave's submitted answers as typed columns: Arrow files beside the database, brought up to date on reading.

The database is the truth; the folder may be deleted at any time. Layout:

    cache/<wave>/<revision>-<schema>/<first sequence>-<last sequence>-<rows>.arrow

Only rows beyond the last sequence are read (sequences rise in commit order, so nothing appears behind it). Whatever was
edited or erased raises the wave's revision, and a newer program may read other columns: either way the folder has
another name and the old one goes. Points of scales take a byte each in the files, so that little is written.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
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
from surveys.packed import Packing

ROWS = 50_000  # read at a time; a file of so many is left alone, a smaller last one is rewritten with the new rows
ABREAST = 2  # batches at a time: some rows are fetched while others are parsed and written
FOREVER = 2**63 - 1

END = "SELECT sequence FROM response WHERE wave = ? AND sequence > ? ORDER BY sequence LIMIT 1 OFFSET ?"
WITHIN = "FROM response WHERE wave = ? AND sequence > ? AND sequence <= ?"
LINES = f"SELECT answers {WITHIN} ORDER BY sequence"
JOINED = {
    "sqlite": "CAST(group_concat({column}, x'{between}') AS BLOB)",
    "postgres": "convert_to(string_agg({column}, convert_from('\\x{between}', 'UTF8') ORDER BY sequence), 'UTF8')",
}
ARRAY = {"sqlite": "json_group_array({column})", "postgres": "json_agg({column} ORDER BY sequence)::text"}
BETWEEN = {"sqlite": '","', "postgres": '", "'}  # what stands between the texts of an array
PACKED = {
    dialect: f"SELECT count(*) AS height, max(sequence) AS last, {array.format(column='sequence')} AS _sequence,"
    f" {JOINED[dialect].format(column='packed', between='1e')} AS packed {WITHIN}"
    for dialect, array in ARRAY.items()
}
STORED = {
    dialect: f"SELECT {', '.join(f'{array.format(column=name[1:])} AS {name}' for name in frame.META)},"
    f" {JOINED[dialect].format(column='answers', between='0a')} AS answers {WITHIN}"
    for dialect, array in ARRAY.items()
}
"""Rows as one text per column, since the database joins them faster than Python makes objects of them; as bytes, since
a text of 100 MB would be decoded to 200 and encoded again. The columns of a query come from one scan, so that they
agree in whatever order it takes."""


async def dataset(database: Database, wave: UUID, questionnaire: Questionnaire) -> frame.Dataset:
    """All responses of ``wave`` in the order of their commits, with the META columns of ``surveys.frame``."""
    cache = Cache(database.settings.data / "cache" / str(wave), questionnaire)
    cache.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with unhurried():
        async with file_lock(cache.folder / "lock"):
            [found] = await database.fetch("SELECT revision FROM wave WHERE id = ?", wave)
            await asyncio.to_thread(cache.open, found["revision"])
            await _Reading(database, wave, questionnaire).refresh(cache)
            return frame.Dataset(questionnaire, await asyncio.to_thread(cache.read))


class _Reading:
    """From rows of the database to columns."""

    def __init__(self, database: Database, wave: UUID, questionnaire: Questionnaire) -> None:
        self._database, self._wave, self._questionnaire = database, wave, questionnaire
        self._packing = Packing(questionnaire)
        self._taking, self._taken = asyncio.Lock(), 0  # up to which sequence somebody is reading

    async def refresh(self, cache: Cache) -> None:
        [stored] = await self._database.fetch(
            "SELECT count(*) AS responses FROM response WHERE wave = ? AND sequence <= ?", self._wave, cache.watermark
        )
        if stored["responses"] != cache.height:  # rows went without a new revision: somebody used SQL
            await asyncio.to_thread(cache.clear)
        self._taken = cache.watermark
        # all are waited for, also where one fails: the folder's lock must not go while a thread writes there
        done = await asyncio.gather(*(self._work(cache) for _ in range(ABREAST)), return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure
        cache.add(sorted(part for parts in done if isinstance(parts, list) for part in parts))

    async def _work(self, cache: Cache) -> list[Part]:
        """Takes batch after batch that nobody has taken; returns the files made of them."""
        written: list[Part] = []
        while True:
            async with self._taking:
                after = self._taken
                if after == FOREVER:
                    return written
                end = await self._database.fetch(END, self._wave, after, ROWS - 1)
                last = self._taken = end[0]["sequence"] if end else FOREVER
            fresh = await self._columns(after, last)
            if fresh is not None:
                written.append(await asyncio.to_thread(cache.write, fresh, after))

    async def _columns(self, after: int, last: int) -> pl.DataFrame | None:
        """The responses beyond the sequence ``after`` up to ``last``, with META; None where there are none."""
        [batch] = await self._database.fetch(PACKED[self._database.dialect], self._wave, after, last)
        height = batch["height"]
        if not height:
            return None
        fresh = await asyncio.to_thread(self._packing.read, batch["packed"], height)
        if fresh is None:
            fresh = await self._from_json(after, batch["last"], height)
        else:
            fresh = fresh.with_columns(_integers("_sequence", batch["_sequence"]))
        assert fresh.height == height
        return fresh if fresh["_sequence"].is_sorted() else fresh.sort("_sequence")

    async def _from_json(self, after: int, last: int, height: int) -> pl.DataFrame:
        """The same, for what was stored before responses were packed, or holds what cannot be."""
        dialect = self._database.dialect
        [stored] = await self._database.fetch(STORED[dialect], self._wave, after, last)
        lines: bytes | list[str] = stored["answers"]
        if stored["answers"].count(b"\n") + 1 != height:  # written by hand, with line breaks between its tokens
            rows = await self._database.fetch(LINES, self._wave, after, last)
            lines = [row["answers"].replace("\n", " ") for row in rows]
        answers = await asyncio.to_thread(frame.read, lines, self._questionnaire)
        known = await asyncio.to_thread(_known, stored, BETWEEN[dialect])
        return answers.cast(pl.Schema(frame.narrow(self._questionnaire))).hstack(known.get_columns())


def _known(batch: Mapping[str, Any], between: str) -> pl.DataFrame:
    """META from its JSON arrays."""
    known = [
        _integers(name, batch[name]) if kind == pl.Int64() else _texts(batch[name], between).alias(name)
        for name, kind in frame.META.items()
    ]
    return pl.DataFrame(known).with_columns(pl.col("_submitted_on").str.to_date("%Y-%m-%d"))


def _integers(name: str, array: str) -> pl.Series:
    return pl.Series(name, msgspec.json.decode(array, type=list[int | None]), dtype=pl.Int64)


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
        self._schema = frame.schema(questionnaire) | frame.META
        self._narrow = frame.narrow(questionnaire) | frame.META
        self._parts: list[Part] = []

    @property
    def watermark(self) -> int:
        return self._parts[-1].last if self._parts else 0

    @property
    def height(self) -> int:
        return sum(part.rows for part in self._parts)

    def open(self, revision: int) -> None:
        """Takes stock, and removes what other revisions, other programs and dead processes left."""
        schema = hashlib.sha256(repr(self._narrow).encode()).hexdigest()[:16]
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

    def write(self, fresh: pl.DataFrame, after: int) -> Part:
        """A file of the rows beyond the sequence ``after``, and of those in a short last file which they follow."""
        fresh = fresh.select(list(self._narrow))
        if self._short and after == self.watermark:
            fresh = pl.concat([pl.read_ipc(self._files / self._parts[-1].name), fresh])
        part = Part(fresh["_sequence"][0], fresh["_sequence"][-1], fresh.height)
        unfinished = self._files / f"unfinished.{os.getpid()}.{part.first}"
        fresh.write_ipc(unfinished)
        unfinished.rename(self._files / part.name)
        return part

    def add(self, written: Sequence[Part]) -> None:
        """Takes in what ``write`` wrote, in order."""
        if written and self._short:
            (self._files / self._parts.pop().name).unlink()
        self._parts += written

    @property
    def _short(self) -> bool:
        return bool(self._parts) and self._parts[-1].rows < ROWS

    def read(self) -> pl.DataFrame:
        """The frame stays valid when the files are removed."""
        kept = [pl.read_ipc(self._files / part.name) for part in self._parts]
        return pl.concat([pl.DataFrame(schema=self._narrow), *kept]).cast(pl.Schema(self._schema))
