"""The command line: what it answers, and how it says that something is wrong. On both databases."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from service import passwords, serving
from service.actions import authoring, waves
from service.cli import console, wenheng
from service.database import Database
from service.settings import PREFIX, Settings
from service.store import accounts, people, responses
from service.store import waves as wave_store
from surveys.formats.yaml import read as read_yaml
from tests.pages import makers
from tests.pages.makers import ROSTER

HERE = Path(__file__).parent
SCIENCE = HERE / "data" / "science.yaml"
LIBRARY = HERE.parent / "surveys" / "library"
NOBODY = 65534

Run = Callable[..., Result]


def invoke(*words: object, **environment: str) -> Result:
    """In this process; every failure must already be an exit code and one line."""
    done = CliRunner().invoke(wenheng, [str(word) for word in words], env={"LANG": "en_GB.UTF-8", **environment})
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done


def environment(settings: Settings) -> dict[str, str]:
    given = {name: str(getattr(settings, name)) for name in ("data", "database", "secret_key")}
    return {PREFIX + name.upper(): value for name, value in given.items()}


@pytest.fixture
def run(settings: Settings) -> Run:
    """``run("db", "verify")`` on the test's database."""
    return lambda *words, **more: invoke(*words, **{**environment(settings), **more})


def fault(done: Result, code: int = 1) -> str:
    """The one line on stderr."""
    assert done.exit_code == code, (done.exit_code, done.output)
    [line] = done.stderr.lstrip("\n").splitlines()  # after ^C click begins a new line
    assert line.startswith("wenheng: ")
    assert "Traceback" not in done.output
    return line


def usage(done: Result) -> str:
    return fault(done, 2)


def each(settings: Settings, look: Callable[[Database], Any]) -> Any:
    """What a coroutine over the database says."""

    async def looked() -> Any:
        async with Database.open(settings) as database:
            return await look(database)

    return asyncio.run(looked())


@pytest.fixture
def wave(settings: Settings) -> UUID:
    """An open wave of seven statements in a programme with a roster of sixty."""

    async def made(database: Database) -> UUID:
        _, version = await authoring.publish(database, SCIENCE.read_text("utf-8"))
        assert version is not None
        return (await makers.wave(database, settings, await makers.programme(database), version=version.id)).id

    return each(settings, made)


STATEMENTS = "comfort,environment,work,future,technology,industry,benefit"


def answers(tmp_path: Path, count: int = 12) -> Path:
    path = tmp_path / "answers.csv"
    rows = (",".join(str(1 + (number * 7 + place * place) % 4) for place in range(7)) for number in range(count))
    path.write_text("\n".join([STATEMENTS, *rows]))
    return path


# Every command, asked rightly


def test_help_and_version_are_no_faults() -> None:
    for words in (["--help"], ["--version"], ["db", "--help"], ["report", "diagnosis", "-h"]):
        done = invoke(*words)
        assert (done.exit_code, done.stderr) == (0, "")


def commands_of(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, (*path, name))
        else:
            yield (*path, name)


def test_every_command_says_what_it_does_and_refuses_what_it_does_not_know() -> None:
    every = list(commands_of(wenheng))
    assert {" ".join(words) for words in every} >= {
        "demo", "serve", "worker", "db migrate", "db backup", "db restore", "db verify", "admin create",
        "check", "import roster", "import responses", "export responses", "score", "report diagnosis", "doctor",
    }  # fmt: skip
    for words in every:
        assert invoke(*words, "--help").output.count("\n") > 4
        assert "--nonsense" in usage(invoke(*words, "--nonsense"))


def test_migrating_may_be_repeated(run: Run) -> None:
    assert [run("db", "migrate").output for _ in range(2)] == ["migrated\n"] * 2


def test_a_backup_moves_to_a_new_database_row_for_row(run: Run, wave: UUID, tmp_path: Path) -> None:
    assert run("import", "responses", wave, answers(tmp_path)).exit_code == 0
    file = tmp_path / "backup.zip"
    assert str(file) in run("db", "backup", file).output
    new = {"WENHENG_DATA": str(tmp_path / "new"), "WENHENG_DATABASE": ""}
    assert invoke("db", "restore", file, **new).output == "restored\n"
    old, restored = (
        json.loads(where("db", "verify", "--json").stdout) for where in (run, lambda *w: invoke(*w, **new))
    )
    assert old == restored
    assert restored["rows"]["response"] == 12
    assert restored["problems"] == []
    assert "not empty" in fault(invoke("db", "restore", file, **new))


def test_an_administrator_gets_a_random_password_that_opens_the_door(run: Run, settings: Settings) -> None:
    made = [run("admin", "create", address).stdout.strip() for address in ("a@example.com", "b@example.com")]
    assert len(set(made)) == 2
    assert min(map(len, made)) >= 16
    _, hashed = each(settings, lambda database: accounts.credentials(database, "a@example.com"))
    assert asyncio.run(passwords.verified(hashed, made[0]))
    assert not asyncio.run(passwords.verified(hashed, made[1]))
    assert "a@example.com" not in fault(run("admin", "create", "A@example.com"))
    assert "nobody is no e-mail address" in usage(run("admin", "create", "nobody"))


def test_checking_tells_the_size_of_a_questionnaire() -> None:
    done = invoke("check", SCIENCE, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, told["questions"], told["problems"]) == (0, "", 7, [])
    assert "questions 7" in invoke("check", SCIENCE).stdout


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("name: [", "yaml"),
        ("name: x\nkind: diagnosis\ntitle: {zh-CN: 甲}\npages: [{code: a, questions: [{type: hologram}]}]", "type"),
        (SCIENCE.read_text("utf-8").replace("type:", "type: nothing\n  oops:", 1), ""),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_a_bad_questionnaire_is_explained_on_stdout_and_summed_up_on_stderr(
    tmp_path: Path, source: str, code: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(source)
    done = invoke("check", path)
    assert "nothing was changed" in fault(done)
    assert code in done.stdout
    assert json.loads(invoke("check", path, "--json").stdout)[0]["message"]["zh-CN"]
    assert "没有做任何改动" in fault(invoke("check", path, LANG="zh_CN.UTF-8"))


def test_a_roster_is_imported_and_imported_again(run: Run, wave: UUID, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes((ROSTER + "2001,新人,质量部,专员,下游,,\n").encode("gbk"))
    told = json.loads(run("import", "roster", path, "--json").stdout)
    assert (told["new"], told["changed"], told["unchanged"]) == (1, 0, 60)
    assert "61 unchanged" in run("import", "roster", path).output


@pytest.mark.parametrize("content", ["姓名\n甲\n", "工号,姓名,部门\n1,甲,A\n1,乙,A\n", ""])
def test_a_bad_roster_changes_nothing(run: Run, wave: UUID, settings: Settings, tmp_path: Path, content: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(content)
    assert "nothing was changed" in fault(run("import", "roster", path))
    assert json.loads(run("import", "roster", path, "--json").stdout)
    programme = each(settings, lambda database: database.fetch("SELECT id FROM programme"))[0]["id"]
    assert len(each(settings, lambda database: people.every(database, programme))) == 60


async def closed(database: Database, wave: UUID) -> None:
    found = await wave_store.get(database, wave)
    assert found is not None
    await waves.close(database, found)


def test_responses_come_in_once_and_go_out_in_three_formats(
    run: Run, wave: UUID, settings: Settings, tmp_path: Path
) -> None:
    file = answers(tmp_path, 25)
    assert json.loads(run("import", "responses", wave, file, "--json").stdout)["stored"] == 25
    assert "nothing was changed" in fault(run("import", "responses", wave, file)), "the same file twice"
    assert each(settings, lambda database: responses.count(database, wave)) == 25
    assert len(run("export", "responses", wave).stdout.splitlines()) == 1, "of an open protected wave nobody's answers"
    each(settings, lambda database: closed(database, wave))
    shown = len(run("export", "responses", wave, "--format", "csv").stdout.splitlines()) - 1
    assert shown == 25
    assert len(json.loads(run("export", "responses", wave, "--format", "json").stdout)) == shown
    book = tmp_path / "answers.xlsx"
    assert run("export", "responses", wave, "--format", "xlsx", "--out", book).exit_code == 0
    assert load_workbook(book).active.max_row == shown + 1
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_answers_that_do_not_fit_are_named_by_row_and_none_is_stored(
    run: Run, wave: UUID, settings: Settings, tmp_path: Path
) -> None:
    file = answers(tmp_path)
    file.write_text(file.read_text() + "\n9,9,9,9,9,9,9\n")
    done = run("import", "responses", wave, file)
    assert "nothing was changed" in fault(done)
    assert "line 14: " in done.stdout
    assert each(settings, lambda database: responses.count(database, wave)) == 0


def test_a_report_is_the_same_bytes_whenever_it_is_made(
    run: Run, wave: UUID, settings: Settings, tmp_path: Path
) -> None:
    run("import", "responses", wave, answers(tmp_path, 30))
    slug = slug_of(settings)
    made = {}
    for lang in ("zh-CN", "en"):
        pair = [tmp_path / f"{lang}-{number}.pdf" for number in range(2)]
        for path in pair:
            done = run("report", "diagnosis", "--programme", slug, "--out", path, "--lang", lang)
            assert done.exit_code == 0, done.output
        made[lang] = pair[0].read_bytes()
        assert made[lang].startswith(b"%PDF-")
        assert made[lang] == pair[1].read_bytes()
    assert made["en"] != made["zh-CN"]
    again = run("report", "diagnosis", "--programme", slug, "--wave", wave, "--out", tmp_path / "w.pdf", "--lang", "en")
    assert again.exit_code == 0
    assert (tmp_path / "w.pdf").read_bytes() == made["en"]


def slug_of(settings: Settings) -> str:
    """The only programme's."""
    return each(settings, lambda database: database.fetch("SELECT slug FROM programme"))[0]["slug"]


def test_the_doctor_finds_a_healthy_house_and_a_sick_one(run: Run, tmp_path: Path) -> None:
    healthy = run("doctor", "--json")
    assert healthy.exit_code == 0, healthy.output
    assert all(check["ok"] for check in json.loads(healthy.stdout))
    sick = run("doctor", WENHENG_BASE_URL="https://survey.example.com")
    assert "one check failed" in fault(sick)
    assert "FAIL cookies" in sick.stdout
    away = invoke("doctor", WENHENG_DATA=str(tmp_path), WENHENG_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert fault(away)
    assert "FAIL database" in away.stdout


# Faults: one line each


def test_a_missing_file_is_named_once(run: Run, wave: UUID, tmp_path: Path) -> None:
    gone = tmp_path / "gone.yaml"
    for words in (
        ["check", gone],
        ["score", gone, gone],
        ["import", "roster", gone],
        ["import", "responses", wave, gone],
        ["db", "restore", gone],
        ["check", tmp_path],
        ["db", "backup", tmp_path / "no folder" / "backup.zip"],
    ):
        line = fault(run(*words))
        assert line.count(str(words[-1])) == 1 or str(tmp_path) in line


def test_what_may_not_be_read_or_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in [tmp_path, *tmp_path.parents][:3]:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    locked = tmp_path / "locked.yaml"
    locked.write_text(SCIENCE.read_text())
    locked.chmod(0)
    assert invoke("check", SCIENCE).exit_code == 0, "whatever it needs is imported now"
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        done = invoke("check", locked)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
    assert fault(done) == f"wenheng: {locked}: Permission denied"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WENHENG_SESSION_HOURS", "soon"), ("WENHENG_DEMO", "perhaps"), ("WENHENG_UPLOAD_LIMIT", "10 MB")],
)
@pytest.mark.parametrize("words", [("doctor",), ("db", "migrate"), ("serve", "--port", "1"), ("demo", "--no-serve")])
def test_a_broken_setting_is_named(words: tuple[str, ...], name: str, value: str) -> None:
    line = fault(invoke(*words, **{name: value}))
    assert f"{name}='{value}'" in line
    assert "设置无法使用" in fault(invoke(*words, **{name: value, "LC_ALL": "zh_CN.UTF-8"}))


def test_what_is_not_there_is_said_so(run: Run, wave: UUID, settings: Settings, tmp_path: Path) -> None:
    nowhere, out = "01890000-0000-7000-8000-000000000000", tmp_path / "out"
    assert nowhere in fault(run("export", "responses", nowhere))
    assert nowhere in fault(run("import", "responses", nowhere, SCIENCE))
    assert "there is no programme x" in fault(run("report", "diagnosis", "--programme", "x", "--out", out))
    assert "there is no programme x" in fault(run("import", "roster", SCIENCE, "--programme", "x"))
    named = ["report", "diagnosis", "--programme", slug_of(settings), "--out", out]
    assert "no wave with answers yet" in fault(run(*named))
    assert nowhere in fault(run(*named, "--wave", nowhere))
    other = each(settings, lambda database: makers.programme(database, roster=False)).slug
    named[3] = other
    assert str(wave) in fault(run(*named, "--wave", wave)), "a wave of another programme"
    assert "there are 2 programmes" in usage(run("import", "roster", SCIENCE))
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("db",), ("db", "nonsense"), ("check",), ("score", "one"), ("export", "responses"),
        ("export", "responses", "not-an-id"), ("export", "responses", "x", "--format", "exe"),
        ("report", "diagnosis"), ("report", "diagnosis", "--programme", "x"), ("serve", "--port", "0"),
        ("serve", "--port", "x"), ("serve", "--workers", "0"), ("check", "x", "--lang", "fr"), ("admin", "create"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_one_line_and_two(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert "--help" in usage(invoke(*words, WENHENG_DATA=str(tmp_path)))


@pytest.mark.parametrize("words", [("db", "migrate"), ("db", "verify"), ("admin", "create", "a@b.cn"), ("worker",)])
def test_a_database_that_is_away_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    away = {"WENHENG_DATA": str(tmp_path), "WENHENG_DATABASE": "postgresql://me:secret@127.0.0.1:1/none"}
    line = fault(invoke(*words, **away))
    assert "the database cannot be used now" in line
    assert "secret" not in line


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "empty zip"])
def test_what_is_no_backup_restores_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "backup.zip"
    file.write_bytes(content)
    assert "no whole backup" in fault(invoke("db", "restore", file, WENHENG_DATA=str(tmp_path / "data")))


def test_a_table_that_cannot_be_read_is_said_so(run: Run, wave: UUID, tmp_path: Path) -> None:
    for name, content in {
        "broken.xlsx": b"PK\x03\x04 not a workbook",
        "old.xls": b"\xd0\xcf\x11\xe0" + bytes(600),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        for words in (["import", "roster", path], ["import", "responses", wave, path], ["score", SCIENCE, path]):
            assert fault(run(*words))


def test_a_port_in_use_is_one_line_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for words in (["serve"], ["demo"]):
            line = fault(invoke(*words, "--port", port, WENHENG_DATA=str(tmp_path / "data")))
            assert f"cannot listen on 127.0.0.1:{port}" in line
    assert not (tmp_path / "data").exists()
    assert "cannot listen on 256.0.0.1" in fault(invoke("serve", "--host", "256.0.0.1", "--port", "8000"))


def test_ctrl_c_and_what_nobody_foresaw_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(error: BaseException) -> Result:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(console.Database, "open", fail)
        return invoke("db", "migrate")

    assert fault(failing(KeyboardInterrupt()), console.INTERRUPTED) == "wenheng: stopped"
    line = fault(failing(RuntimeError("an answer: 我的意见")))
    assert "RuntimeError (test_cli.py:" in line
    assert "WENHENG_TRACEBACK=1" in line
    assert "我的意见" not in line
    monkeypatch.setenv("WENHENG_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        wenheng.main(["db", "migrate"])


def test_a_server_that_does_not_start_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda self, sockets: None)
    done = invoke("serve", "--port", free_port(), WENHENG_DATA=str(tmp_path))
    assert "did not start" in fault(done)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_the_demo_loads_twice_and_keeps_what_is_there(tmp_path: Path) -> None:
    words = ("demo", "--no-serve", "--data", tmp_path)
    first, second = invoke(*words), invoke(*words)
    assert first.exit_code == second.exit_code == 0, first.output
    assert first.output == second.output
    assert "lead@example.com" in first.output
    assert all((tmp_path / "reports" / name).stat().st_size > 10_000 for name in os.listdir(tmp_path / "reports"))


@pytest.mark.parametrize("suffix", ["txt", "xlsx", "yml"])
def test_a_questionnaire_is_converted_there_and_back(tmp_path: Path, suffix: str):
    there, back = tmp_path / f"there.{suffix}", tmp_path / "back.yaml"
    assert invoke("convert", SCIENCE, there).exit_code == 0
    assert invoke("check", there).output == invoke("check", SCIENCE).output
    assert invoke("convert", there, back).exit_code == 0
    assert read_yaml(back.read_bytes()) == read_yaml(SCIENCE.read_bytes())


def test_what_cannot_be_converted_is_told(tmp_path: Path):
    text = tmp_path / "a.txt"
    text.write_text("# 题\n1. 问 [谜语]\n", "utf-8")
    refused = invoke("convert", text, tmp_path / "a.xlsx")
    fault(refused)
    assert "line 2:" in refused.stdout
    assert not (tmp_path / "a.xlsx").exists()
    assert "a.doc" in usage(invoke("convert", SCIENCE, tmp_path / "a.doc"))
    (tmp_path / "b.xlsx").write_bytes(b"PK no workbook")
    fault(invoke("check", tmp_path / "b.xlsx"))
