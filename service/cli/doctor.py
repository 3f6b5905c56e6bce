"""``wenheng doctor``: what commonly goes wrong."""

from __future__ import annotations

import platform
import sys

import click
import msgspec

from service.cli.console import Fault, answer, asynchronous, opened, settings


class Check(msgspec.Struct):
    """One thing that ``doctor`` looked at."""

    name: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True)
@asynchronous
async def doctor(as_json: bool) -> None:
    """Look at what commonly goes wrong: assets, fonts, database, migrations, secret key, disk."""
    checks = [*machine(), await storage()]
    answer(checks, as_json, "\n".join(f"{'ok  ' if each.ok else 'FAIL'} {each.name}: {each.detail}" for each in checks))
    if failed := sum(not each.ok for each in checks):
        raise Fault("cli.doctor", n=failed)


def machine() -> list[Check]:
    import shutil

    from reports.fonts import FACE, FOLDER
    from service.assets import VENDOR

    chosen = settings()
    chosen.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(chosen.data).free
    face = FOLDER / f"{FACE}.ttf"
    return [
        Check("python", sys.version_info >= (3, 11), platform.python_version()),
        Check("assets", (VENDOR / "manifest.json").exists(), str(VENDOR)),
        Check("fonts", face.exists(), str(face) if face.exists() else "none: run make setup"),
        Check("disk", free > 200_000_000, f"{free // 1_000_000} MB free in {chosen.data}"),
        Check(
            "cookies",
            chosen.secure_cookies or not chosen.base_url.startswith("https"),
            "WENHENG_SECURE_COOKIES is " + ("on" if chosen.secure_cookies else "off"),
        ),
    ]


async def storage() -> Check:
    from service.store import backup

    try:
        async with opened() as database:
            result = await backup.verify(database)
    except Exception as error:
        return Check("database", False, f"{type(error).__name__}: {error}")
    return Check("database", not result.problems, "; ".join(result.problems) or f"{database.dialect}, verified")
