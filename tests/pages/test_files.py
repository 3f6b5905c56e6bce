"""Files in answers, from the upload to whoever may see them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar
from PIL import Image

from service import inspection
from service.actions import files as use
from service.actions.files import clean_name
from service.database import Database
from service.settings import Settings
from service.store import backup, files
from tests.pages.test_answer import entered, opened, stored

MEDIA = (Path(__file__).parent / "media.yaml").read_text("utf-8")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(size: tuple[int, int] = (64, 48), form: str = "JPEG", *, secret: bytes = b"") -> bytes:
    """A picture with a GPS position in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", size, (30, 60, 120)).save(out, form, exif=exif)
    return out.getvalue() + secret


def office(*entries: str, fill: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *entries):
            archive.writestr(name, fill)
    return out.getvalue()


async def post(client: httpx.AsyncClient, base: str, uploads: dict, **fields: str) -> httpx.Response:
    return await client.post(f"{base}/media", data={"none": "", **fields}, files=uploads)


def on_disk(database: Database) -> list[Path]:
    return [each for each in files.folder(database).glob("*/*") if each.is_file()]


async def started(app: Litestar, database: Database, **settings) -> tuple:
    wave = await opened(database, MEDIA, **settings)
    client, base = await entered(app, f"/w/{wave.public_token}")
    return wave, client, base


async def test_a_photo_is_made_anew_and_belongs_to_its_response(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    for page in ("words", "dates"):
        await client.post(f"{base}/{page}", data={"parts.station": "三号"})
    sent = {"scene.upload": ("../../etc/\u202egpj.现场.exe", photo(secret=b"<script>alert(1)</script>"), "image/jpeg")}
    response = await post(client, base, sent, signed="王芳")
    assert response.status_code == 303, response.text
    assert response.headers["location"].endswith("/done")
    [row] = await stored(database, wave)
    [file] = await files.of_wave(database, wave.id)
    assert row["answers"]["scene"] == file.id.hex
    assert row["answers"]["scene.name"] == file.name == "gpj.现场.jpg"
    assert (file.response, file.token_hash) == (row["id"], "")
    content = files.path(database, file.id).read_bytes()
    assert not any(hidden in content for hidden in (b"SecretCamera", b"Exif", b"<script>"))
    assert on_disk(database) == [files.path(database, file.id)]


async def test_a_file_stays_when_the_page_comes_back_with_errors(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    response = await post(client, base, {"form.upload": ("表单.pdf", PDF, "application/pdf")})
    assert response.status_code == 422
    assert "请签名" in response.text
    assert "表单.pdf" in response.text
    [file] = await files._select(database, "wave = ?", wave.id)
    assert f'value="{file.id.hex}"' in response.text
    for page in ("words", "dates"):
        await client.post(f"{base}/{page}", data={"parts.station": "三号"})
    final = await client.post(f"{base}/media", data={"form": file.id.hex, "signed": "王芳"})
    assert final.headers["location"].endswith("/done")
    [row] = await stored(database, wave)
    assert row["answers"]["form"] == file.id.hex


HOSTILE = {
    "a page": ("x.pdf", b"<html><script>alert(1)</script>", "无法识别"),
    "a drawing with a script": (
        "x.png",
        b'<svg xmlns="x"><script>1</script></svg>',
        "无法识别",
    ),
    "a program": ("photo.jpg", b"MZ\x90\x00" + bytes(500), "无法识别"),
    "half a photo": ("a.jpg", photo()[:300], "已损坏"),
    "half a PDF": ("a.pdf", b"%PDF-1.4 cut", "已损坏"),
    "nothing": ("a.pdf", b"", "空的"),
    "slides": ("a.pptx", office("ppt/presentation.xml"), "不收这种格式"),
    "macros": ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "带有宏"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版"),
    "a zip bomb": ("a.docx", office("word/document.xml", fill=bytes(40_000_000)), "大得异常"),
    "three megabytes": ("a.pdf", PDF + bytes(3_000_000), "最大 2 MB"),
    "thirty megabytes": ("a.pdf", PDF + bytes(30_000_000), "最大 2 MB"),
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_hostile_upload_is_told_at_its_question_and_leaves_nothing(
    case: str, app: Litestar, database: Database
):
    wave, client, base = await started(app, database)
    name, content, words = HOSTILE[case]
    response = await post(
        client, base, {"form.upload": (name, content, "application/pdf")}, **{"where.place": "三号车间"}
    )
    assert response.status_code == 422
    assert words in response.text
    assert "三号车间" in response.text
    assert await files._select(database, "wave = ?", wave.id) == []
    assert on_disk(database) == []
    assert (await client.get(base)).status_code == 200


async def test_a_huge_picture_of_one_colour_is_refused_before_it_unpacks(tmp_path: Path):
    bomb = tmp_path / "bomb"
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert bomb.stat().st_size < 100_000
    with pytest.raises(inspection.Refused) as refused:
        inspection.inspect(bomb)
    assert refused.value.code == "file_bomb"
    assert list(tmp_path.iterdir()) == [bomb]


async def test_a_broken_multipart_body_is_malformed_and_leaves_nothing(app: Litestar, database: Database):
    _, client, base = await started(app, database)
    body = b'--x\r\nContent-Disposition: form-data; name="form.upload"; filename="a.pdf"\r\n\r\n' + PDF
    response = await client.post(
        f"{base}/media", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status_code == 400
    assert on_disk(database) == []


async def test_nobody_takes_another_persons_file_into_their_answers(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    await post(client, base, {"form.upload": ("a.pdf", PDF, "application/pdf")})
    [file] = await files._select(database, "wave = ?", wave.id)
    other, _ = await entered(app, f"/w/{wave.public_token}")
    response = await other.post(f"{base}/media", data={"form": file.id.hex, "signed": "x"})
    assert "已经不在了" in response.text
    assert (await client.get(f"{base}/file/{file.id.hex}")).status_code == 200
    assert (await other.get(f"{base}/file/{file.id.hex}")).status_code == 404


async def test_files_are_handed_out_to_be_saved_and_never_run(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    await post(client, base, {"form.upload": ('<b>"x".pdf', PDF, "text/html")})
    [file] = await files._select(database, "wave = ?", wave.id)
    response = await client.get(f"{base}/file/{file.id.hex}")
    assert response.content == PDF
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]


async def test_the_files_of_one_response_have_a_quota(app: Litestar, database: Database, monkeypatch):
    wave, client, base = await started(app, database)
    monkeypatch.setattr(database, "settings", msgspec.structs.replace(database.settings, files_per_run=1_000_000))
    noise = PDF.replace(b"%%EOF", bytes(900_000) + b"%%EOF")
    first = {"form.upload": ("a.pdf", noise, "x"), "scene.upload": ("b.jpg", photo(secret=bytes(500_000)), "x")}
    response = await post(client, base, first)
    assert "加起来最多 1 MB" in response.text
    assert [file.question for file in await files._select(database, "wave = ?", wave.id)] == ["form"]


async def test_removing_and_replacing_delete_what_was_there(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    await post(client, base, {"form.upload": ("a.pdf", PDF, "x")})
    [first] = await files._select(database, "wave = ?", wave.id)
    await post(client, base, {"form.upload": ("b.pdf", PDF, "x")}, form=first.id.hex)
    second = next(f for f in await files._select(database, "wave = ?", wave.id) if f.id != first.id)
    await client.post(f"{base}/media", data={"form": second.id.hex})
    assert [f.id for f in await files._select(database, "wave = ?", wave.id)] == [second.id]
    await client.post(f"{base}/media", data={"form": second.id.hex, "form.remove": "1"})
    await client.post(f"{base}/media", data={"none": ""})
    assert await files._select(database, "wave = ?", wave.id) == []
    assert on_disk(database) == []


async def test_housekeeping_keeps_what_a_response_names_and_forgets_the_rest(app: Litestar, database: Database):
    wave, client, base = await started(app, database)
    await post(client, base, {"form.upload": ("a.pdf", PDF, "x")})
    [file] = await files._select(database, "wave = ?", wave.id)
    day = file.added_on
    await files.tidy(database, day + timedelta(days=3))
    assert len(on_disk(database)) == 1, "its run is still being answered"
    await database.fetch("DELETE FROM run")
    await files.tidy(database, day)
    assert len(on_disk(database)) == 1, "an upload may come just before its run"
    await files.tidy(database, day + timedelta(days=3))
    assert on_disk(database) == []


async def test_staff_get_files_by_their_identifier_once_enough_people_sent_some(app: Litestar, database: Database):
    wave, client, base = await started(app, database, anonymity="identified")
    for page in ("words", "dates"):
        await client.post(f"{base}/{page}", data={"parts.station": "三号"})
    await post(client, base, {"form.upload": ("a.pdf", PDF, "x")}, signed="王芳")
    [file] = await files.of_wave(database, wave.id)
    await database.fetch("UPDATE wave SET anonymity = 'anonymous', minimum_comments = 2 WHERE id = ?", wave.id)
    assert await use.of_wave(database, wave.id) == []
    await database.fetch("UPDATE wave SET anonymity = 'identified' WHERE id = ?", wave.id)
    assert [each.id for each in await use.of_wave(database, wave.id)] == [file.id]
    bundle = await use.archive(database, wave.id, None)
    with zipfile.ZipFile(bundle) as archive:
        assert archive.namelist() == [f"form/{file.id.hex}-a.pdf"]
    bundle.unlink()
    await database.fetch("DELETE FROM response")
    await files.tidy(database, date.today())
    assert on_disk(database) == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("C:\\Users\\me\\报告.pdf", "报告.pdf"),
        ("../../../etc/passwd", "passwd.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf".replace(" x", ": x")),
        ("", "pdf.pdf"),
        ("...", "pdf.pdf"),
        ("长" * 500, "长" * 190 + ".pdf"),
    ],
)
def test_a_name_keeps_no_path_no_marks_and_the_extension_of_its_content(said: str, shown: str):
    assert clean_name(said, "pdf") == shown


async def test_an_anonymous_survey_says_where_an_answer_may_tell_who_it_was(app: Litestar, database: Database):
    _, client, base = await started(app, database)
    words = "可能让人知道您是谁"
    assert words in (await client.get(f"{base}/words")).text
    assert words not in (await client.get(f"{base}/dates")).text


async def test_a_backup_brings_the_files_back_and_verifying_misses_one(app: Litestar, database: Database, tmp_path):
    wave, client, base = await started(app, database)
    await post(client, base, {"form.upload": ("a.pdf", PDF, "x")})
    [file] = await files._select(database, "wave = ?", wave.id)
    await backup.backup(database, tmp_path / "backup.zip")
    files.path(database, file.id).unlink()
    assert any(str(file.id) in problem for problem in (await backup.verify(database)).problems)
    (tmp_path / "new").mkdir()
    async with Database.open(Settings(data=tmp_path / "new")) as other:
        await backup.restore(other, tmp_path / "backup.zip")
        assert files.path(other, file.id).read_bytes() == PDF
        assert (await backup.verify(other)).problems == []
