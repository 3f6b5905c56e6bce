"""Files as answers in an exam: taking an upload and handing it to those who mark it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from service import clock
from service.actions.files import INSPECTING, LEAST_FREE, MEGABYTE, clean_name
from service.actions.sitting import At
from service.identifiers import random_id
from service.inspection import MEDIA_TYPES, Refused, inspect
from service.store import attempt_files, files
from service.store.attempt_files import AttemptFile
from service.uploads import Upload
from surveys.exams import presentation
from surveys.exams.definition import PaperItem

MOST_FILES = 20  # of one attempt


async def upload(
    at: At, asked: PaperItem, form: dict[str, list[str]], uploads: Sequence[Upload]
) -> tuple[dict[str, list[str]], str]:
    """The form with the identifiers of what was uploaded in the fields' places, and what is wrong with an upload.

    A field that names another attempt's file names none. Raises Busy, Unavailable.
    """
    pool = await at.pool()
    shown = presentation.shown_item(asked, pool.items[asked.code].item, at.attempt.language)
    names = [each.name for part in (shown, *shown.questions) for each in part.fields if each.kind == "file"]
    if not names:
        return form, ""
    mine = await attempt_files.of_attempt(at.hall.database, at.attempt.id)
    result, fault = dict(form), ""
    for name in names:
        said = next(iter(form.get(name, ())), "")
        if f"{name}.remove" in form or all(each.id.hex != said for each in mine):
            result.pop(name, None)
        arrived = next((each for each in uploads if each.field == f"{name}.upload" and each.name), None)
        if arrived is not None:
            try:
                result[name] = [(await _take(at, asked, arrived, mine)).id.hex]
            except Refused as refused:
                fault = refused.code
    return result, fault


async def own(at: At, file: str) -> AttemptFile | None:
    """A file of this attempt by its identifier; None for anybody else's."""
    mine = await attempt_files.of_attempt(at.hall.database, at.attempt.id)
    return next((each for each in mine if each.id.hex == file), None)


async def names(at: At, mine: Sequence[str]) -> dict[str, str]:
    """Identifier → the file's own name, of those of ``mine`` that are there."""
    if not mine:
        return {}
    return {each.id.hex: each.name for each in await attempt_files.of_attempt(at.hall.database, at.attempt.id)}


async def _take(at: At, asked: PaperItem, upload: Upload, mine: list[AttemptFile]) -> AttemptFile:
    """Stores one upload. Raises Refused with the message and, after a space, its figure."""
    database, settings = at.hall.database, at.hall.database.settings
    if not upload.whole or upload.size > settings.upload_limit:
        raise Refused(f"file_too_big {settings.upload_limit // MEGABYTE}")
    if len(mine) >= MOST_FILES or sum(each.size for each in mine) + upload.size > settings.files_per_run:
        raise Refused(f"file_quota {settings.files_per_run // MEGABYTE}")
    if shutil.disk_usage(files.incoming(database)).free < LEAST_FREE + upload.size:
        raise Refused("file_full")
    async with INSPECTING:
        found = await asyncio.to_thread(inspect, upload.path)
    source = found.remade or upload.path
    try:
        day = clock.now().astimezone(ZoneInfo(settings.time_zone)).date()
        stored = AttemptFile(
            id=random_id(), attempt=at.attempt.id, item=asked.code, name=clean_name(upload.name, found.extension),
            media_type=MEDIA_TYPES[found.extension], size=source.stat().st_size,
            sha256=await asyncio.to_thread(files.digest, source), added_on=day,
        )  # fmt: skip
        await asyncio.to_thread(files.keep, source, files.path(database, stored.id), day)
        await attempt_files.add(database, stored)
    finally:
        source.unlink(missing_ok=True)
    mine.append(stored)
    return stored
