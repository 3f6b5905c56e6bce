"""Metrics in and the pilot's report out, from the command line and by API."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from service.actions import pilot_plans
from service.app import create_app
from service.database import Database
from service.settings import Settings
from service.store import sessions
from tests.pages.test_pilot import METRIC, with_cases
from tests.test_cli import environment, fault, invoke
from tests.visitors import browser, new_account


async def planned(settings: Settings) -> str:
    """A programme with cases and the draft of a plan; its slug."""
    async with Database.open(settings) as database:
        found, _, typed = await with_cases(database, settings)
        await pilot_plans.save(database, found.id, typed)
        return found.slug


def test_the_report_is_made_from_the_command_line(settings: Settings, tmp_path: Path) -> None:
    slug = asyncio.run(planned(settings))
    sizes = []
    for paper in ("a4", "letter"):
        out = tmp_path / f"{paper}.pdf"
        given = ("report", "pilot", "--programme", slug, "--out", out, "--lang", "en", "--paper", paper)
        assert invoke(*given, **environment(settings)).exit_code == 0
        assert out.read_bytes().startswith(b"%PDF")
        sizes.append(out.stat().st_size)
    assert sizes[0] != sizes[1]


def test_cases_come_in_from_the_command_line_or_not_at_all(settings: Settings, tmp_path: Path) -> None:
    slug = asyncio.run(planned(settings))
    file = tmp_path / "cases.csv"
    file.write_text(f"单号,组别,{METRIC}\n0,基线,70\nnew,试点,40\n", encoding="utf-8")
    given = ("import", "metrics", file, "--programme", slug, "--json")
    assert json.loads(invoke(*given, **environment(settings)).stdout)["new"] == 1
    file.write_text(f"单号,组别,{METRIC}\n1,基线,many\n", encoding="utf-8")
    refused = invoke(*given[:-1], **environment(settings))
    assert "line 2" in refused.stdout
    assert fault(refused)


def test_without_a_plan_there_is_no_report(settings: Settings, tmp_path: Path) -> None:
    async def bare() -> str:
        async with Database.open(settings) as database:
            return (await with_cases(database, settings))[0].slug

    slug = asyncio.run(bare())
    done = invoke("report", "pilot", "--programme", slug, "--out", tmp_path / "x.pdf", **environment(settings))
    assert "no plan" in fault(done)
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("rows", [[{"metric": METRIC, "case": "x", "group": "nobody", "value": 1}], [{"metric": "?"}]])
async def test_the_api_takes_all_rows_or_tells_what_is_wrong(
    database: Database, settings: Settings, rows: list[dict[str, object]]
) -> None:
    found, _, _ = await with_cases(database, settings)
    account = await new_account(database, "api@example.com", administrator=True)
    key = await sessions.create_key(database, account.id, "test", None)
    async with browser(create_app(settings, database), Authorization=f"Bearer {key}") as client:
        url = f"/api/v1/programmes/{found.slug}/metrics"
        wrong = await client.post(url, json=rows)
        assert wrong.status_code in (400, 422)
        good = [{"metric": METRIC, "case": "api", "group": "pilot", "value": 33.5, "when": "2026-03-05"}]
        assert (await client.post(url, json=good)).json()["new"] == 1
        [standing] = (await client.get(url)).json()
        assert standing["tallies"]["pilot"]["cases"] == 31
