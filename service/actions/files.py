"""Files in answers: taking an upload, saying what is wrong with it, handing it to those who may see it.

``settled`` puts the identifier of what was stored into the form in the place of the upload (or ``q.fault``), before the
pure readers see it: see ``surveys.questions.media``.
"""

from __future__ import annotations

import asyncio
import shutil
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from uuid import UUID
from zoneinfo import ZoneInfo

from service import clock
from service.actions import linking
from service.actions.desk import Desk, Seat
from service.database import Database
from service.errors import NotFound
from service.identifiers import new_token, random_id
from service.inspection import MEDIA_TYPES, Refused, inspect
from service.store import audit, files, waves
from service.store.files import StoredFile as StoredFile
from service.uploads import Upload
from surveys.questions import Question
from surveys.questions.base import Form
from surveys.questions.media import NAME_LENGTH, File, Photo

MEGABYTE = 1_000_000
LEAST_FREE = 200 * MEGABYTE  # of the disk, which holds the database as well
INSPECTING = asyncio.Semaphore(2)


async def settled(
    desk: Desk,
    seat: Seat,
    questions: Iterable[Question],
    form: dict[str, list[str]],
    uploads: Sequence[Upload],
    *,
    half: bool = False,
) -> dict[str, list[str]]:
    """The form with what its questions' uploads and link codes have become. Files are stored before anything that stood
    in their place goes; a file of another run is none. Raises Busy, Unavailable."""
    if not seat.survey.compiled.uploads:
        return form
    form = linking.blinded(desk.database.settings.secret(), seat.survey.wave.programme, questions, form, half=half)
    asked = [each for each in questions if isinstance(each, File | Photo)]
    if not asked:
        return form
    database, token = desk.database, seat.holder.token_hash
    mine = await files.of_run(database, token)
    result: dict[str, list[str]] = dict(form)
    for question in asked:
        own = [file for file in mine if file.question == question.code]
        others = sum(file.size for file in mine if file.question != question.code)
        arrived = next((each for each in uploads if each.field == f"{question.code}.upload" and each.name), None)
        kept, fault = _kept(question.code, form, own)
        if arrived is not None:
            try:
                kept, fault = await _take(desk, seat, question, arrived, others), ""
                mine.append(kept)
            except Refused as refused:
                fault = refused.code
        _put(result, question.code, kept, fault)
        unused = [file.id for file in own if _posted(form, question.code) != file.id.hex]
        if unused:
            await files.forget(database, unused)
    return result


def _posted(form: Form, code: str) -> str:
    return next(iter(form.get(code, ())), "")


def _kept(code: str, form: Form, own: Sequence[StoredFile]) -> tuple[StoredFile | None, str]:
    """The file that the form says is there already, and what is wrong where it is not."""
    said = _posted(form, code)
    if not said or f"{code}.remove" in form:
        return None, ""
    found = next((file for file in own if file.id.hex == said), None)
    return found, "" if found else "file_away"


def _put(form: dict[str, list[str]], code: str, file: StoredFile | None, fault: str) -> None:
    for field in (code, f"{code}.name", f"{code}.fault", f"{code}.upload", f"{code}.remove"):
        form.pop(field, None)
    if file is not None:
        form[code], form[f"{code}.name"] = [file.id.hex], [file.name]
    if fault:
        form[f"{code}.fault"] = [fault]


async def _take(desk: Desk, seat: Seat, question: File | Photo, upload: Upload, others: int) -> StoredFile:
    """Stores one upload. Raises Refused with the message and, after a space, its figure."""
    database, settings = desk.database, desk.database.settings
    most = min(question.megabytes * MEGABYTE, settings.upload_limit)
    if not upload.whole or upload.size > most:
        raise Refused(f"file_too_big {most // MEGABYTE}")
    if others + upload.size > settings.files_per_run:
        raise Refused(f"file_quota {settings.files_per_run // MEGABYTE}")
    if shutil.disk_usage(files.incoming(database)).free < LEAST_FREE + upload.size:
        raise Refused("file_full")
    async with INSPECTING:
        found = await asyncio.to_thread(inspect, upload.path)
    source = found.remade or upload.path
    try:
        if found.kind not in question.accepted():
            raise Refused("file_not_allowed")
        day = clock.now().astimezone(ZoneInfo(settings.time_zone)).date()
        stored = StoredFile(
            id=random_id(),
            wave=seat.survey.wave.id,
            token_hash=seat.holder.token_hash,
            response=None,
            question=question.code,
            name=clean_name(upload.name, found.extension),
            media_type=MEDIA_TYPES[found.extension],
            size=source.stat().st_size,
            sha256=await asyncio.to_thread(files.digest, source),
            added_on=day,
        )
        target = files.path(database, stored.id)
        await asyncio.to_thread(files.keep, source, target, day)
        try:
            await files.add(database, stored)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    finally:
        source.unlink(missing_ok=True)
    return stored


def clean_name(said: str, extension: str) -> str:
    """A name to show and to save under: no path, no control or direction marks, the extension that its content has."""
    last = PureWindowsPath(PurePosixPath(said).name).name
    known = (
        each for each in unicodedata.normalize("NFC", last) if each == " " or unicodedata.category(each)[0] not in "CZ"
    )
    stem = "".join(known).strip(" .")
    stem = stem[: stem.rfind(".")] if "." in stem[-6:] else stem
    stem = stem.strip(" .")[: NAME_LENGTH - 10] or extension
    return f"{stem}.{extension}"


async def belong(database: Database, token_hash: str, response: UUID, stored: dict[str, object]) -> None:
    """After a submission: files that its answers name stay with it."""
    named = {each for each in stored.values() if isinstance(each, str) and len(each) == 32}
    mine = await files.of_run(database, token_hash)
    await files.belong(database, token_hash, response, [file.id for file in mine if file.id.hex in named])


async def of_participant(desk: Desk, seat: Seat, file: UUID) -> tuple[StoredFile, bytes]:
    """What this run has uploaded itself. Raises NotFound for all else."""
    found = await files.get(desk.database, seat.survey.wave.id, file)
    if found is None or found.token_hash != seat.holder.token_hash:
        raise NotFound
    return found, await _bytes(desk.database, found)


async def of_wave(database: Database, wave_id: UUID) -> list[StoredFile]:
    """Files of the wave's responses. Unless people answered by name, those of a question stay back below the threshold
    of comments: what one person photographed may tell who it was."""
    wave = await waves.get(database, wave_id)
    if wave is None:
        raise NotFound
    found = await files.of_wave(database, wave_id)
    least = 1 if wave.anonymity == "identified" else wave.minimum_comments
    number = Counter(file.question for file in found)
    return [file for file in found if number[file.question] >= least]


async def of_staff(database: Database, wave: UUID, file: UUID, account: UUID | None) -> tuple[StoredFile, bytes]:
    found = next((each for each in await of_wave(database, wave) if each.id == file), None)
    if found is None:
        raise NotFound
    content = await _bytes(database, found)
    await audit.record(database, account=account, action="file.download", subject=str(wave), detail={"file": file.hex})
    return found, content


async def archive(database: Database, wave: UUID, account: UUID | None) -> Path:
    """All of them as a ZIP, by question, each name beginning with the identifier that exports give. The caller deletes
    it when it is sent."""
    found = await of_wave(database, wave)
    content = await asyncio.to_thread(_zipped, database, found)
    await audit.record(
        database, account=account, action="file.download", subject=str(wave), detail={"files": len(found)}
    )
    return content


def _zipped(database: Database, found: Sequence[StoredFile]) -> Path:
    files.incoming(database).mkdir(mode=0o700, parents=True, exist_ok=True)
    bundle = files.incoming(database) / new_token()
    with zipfile.ZipFile(bundle, "w") as archive:
        for file in found:
            source = files.path(database, file.id)
            if source.exists():
                archive.write(source, f"{file.question}/{file.id.hex}-{file.name}")
    return bundle


async def _bytes(database: Database, file: StoredFile) -> bytes:
    try:
        return await asyncio.to_thread(files.path(database, file.id).read_bytes)
    except FileNotFoundError:
        raise NotFound from None
