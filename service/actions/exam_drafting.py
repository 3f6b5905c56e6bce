"""The forms of an exam that is being drafted: settings and blueprint, read, checked, filled in again. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from surveys.exams.definition import (
    AttemptRule,
    Blueprint,
    Exam,
    Marking,
    MarkingMode,
    Pass,
    Purpose,
    Release,
    Section,
    Sitting,
)
from surveys.questions.base import clean
from surveys.text import LANGUAGES, Text

Form = Mapping[str, Sequence[str]]
Errors = dict[str, str]
"""Form field to the key of what is wrong with it."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
MODES: tuple[MarkingMode, ...] = get_args(MarkingMode)
RULES: tuple[AttemptRule, ...] = get_args(AttemptRule)
PASSING = ("percent", "points", "angoff")
TITLE_LIMIT, TEXT_LIMIT = 200, 2000
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_FIGURE = re.compile(r"-?[0-9]{1,7}([.][0-9]{1,2})?")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of settings says: the exam but for its sections, its window (UTC), a new password or none."""

    definition: Exam
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    password: str = ""


class Reader:
    """One posted form; mistakes are gathered by field."""

    def __init__(self, form: Form) -> None:
        self.form, self.errors = form, Errors()

    def line(self, name: str) -> str:
        return clean((self.form.get(name) or ("",))[-1]).strip()

    def tick(self, name: str) -> bool:
        return self.line(name) == "1"

    def text(self, name: str, limit: int) -> Text:
        said = {language: self.line(f"{name}.{language}") for language in LANGUAGES}
        for language, wording in said.items():
            if len(wording) > limit:
                self.errors[f"{name}.{language}"] = "exams.error.long"
        return {language: wording for language, wording in said.items() if wording}

    def choice(self, name: str, options: Sequence[str]) -> Any:
        value = self.line(name)
        if value not in options:
            self.errors[name] = "exams.error.choose"
            return options[0]
        return value

    def figure(self, name: str, default: float = 0, *, low: float = 0, high: float = 100_000) -> float:
        """A number with at most two decimals."""
        typed = self.line(name).translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
        if not typed:
            return default
        if not _FIGURE.fullmatch(typed) or not low <= float(typed) <= high:
            self.errors[name] = "exams.error.figure"
            return default
        return float(typed)

    def whole(self, name: str, default: int = 0, *, low: int = 0, high: int = 100_000) -> int:
        value = self.figure(name, default, low=low, high=high)
        if value != int(value):
            self.errors[name] = "exams.error.whole"
        return int(value)

    def points(self, name: str, default: int = 0, *, low: float = 0) -> int:
        """Hundredths."""
        return round(100 * self.figure(name, default / 100, low=low, high=1000))

    def time(self, name: str, zone: str) -> datetime | None:
        """What a datetime-local field holds, said in ``zone``."""
        typed = self.line(name)
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except ValueError:
            self.errors[name] = "exams.error.time"
            return None


def read_settings(form: Form, before: Exam, zone: str, *, has_password: bool = False) -> tuple[Settings | None, Errors]:
    """The settings, or what is wrong; ``before`` is the draft that keeps its sections."""
    read = Reader(form)
    title = read.text("title", TITLE_LIMIT)
    if not title:
        read.errors["title.zh-CN"] = "exams.error.title"
    languages = tuple(language for language in LANGUAGES if read.tick(f"language.{language}"))
    if not languages:
        read.errors["languages"] = "exams.error.choose"
    definition = msgspec.structs.replace(
        before, title=title, languages=languages, introduction=read.text("introduction", TEXT_LIMIT),
        purpose=read.choice("purpose", PURPOSES),
        blueprint=_marking(read, before.blueprint), passing=_passing(read, before.passing), sitting=_sitting(read),
        release=Release(**{name: read.tick(f"release.{name}") for name in Release.__struct_fields__}),
        certificate=read.tick("certificate"), valid_months=read.whole("valid_months", high=600),
        minimum_group=read.whole("minimum_group", 5, low=1, high=1000),
    )  # fmt: skip
    opens_at, closes_at = read_window(read, zone)
    password = read.line("new_password")
    if definition.sitting.password and not (password or has_password):
        read.errors["new_password"] = "exams.error.password"  # noqa: S105 (a text's key)
    if read.errors:
        return None, read.errors
    return Settings(definition=definition, opens_at=opens_at, closes_at=closes_at, password=password), {}


def read_window(read: Reader, zone: str) -> tuple[datetime | None, datetime | None]:
    opens_at, closes_at = read.time("opens_at", zone), read.time("closes_at", zone)
    if opens_at and closes_at and closes_at <= opens_at:
        read.errors["closes_at"] = "exams.error.window"
    return opens_at, closes_at


def _marking(read: Reader, before: Blueprint) -> Blueprint:
    marking = Marking(
        mode=read.choice("mode", MODES), penalty=read.figure("penalty", high=100) / 100,
        unanswered=-abs(read.points("unanswered", low=-1000)), floor=read.points("floor", low=-1000),
    )  # fmt: skip
    return msgspec.structs.replace(
        before, marking=marking, shuffle_items=read.tick("shuffle_items"), shuffle_options=read.tick("shuffle_options")
    )


def _passing(read: Reader, before: Pass) -> Pass:
    """The value of Angoff's method is set on its own page."""
    by = read.choice("pass_by", PASSING)
    if by == "angoff":
        return Pass(by="angoff", value=before.value if before.by == "angoff" else 0)
    if by == "points":
        return Pass(by="points", value=read.points("pass_value"))
    return Pass(by="percent", value=read.figure("pass_value", 60, high=100))


def _sitting(read: Reader) -> Sitting:
    return Sitting(
        minutes=read.whole("minutes", 30, low=1, high=1440),
        late_minutes=read.whole("late_minutes", high=100_000) if read.line("late_minutes") else None,
        ends_with_window=read.tick("ends_with_window"), attempts=read.whole("attempts", 1, low=1, high=20),
        attempt_rule=read.choice("attempt_rule", RULES), grace_seconds=read.whole("grace_seconds", 5, high=60),
        free_navigation=read.tick("free_navigation"), password=read.tick("password"), seat_code=read.tick("seat_code"),
    )  # fmt: skip


def settings_form(exam: Exam, opens_at: datetime | None, closes_at: datetime | None, zone: str) -> dict[str, str]:
    """The form that ``read_settings`` reads, filled in."""
    sitting, marking = exam.sitting, exam.blueprint.marking
    value = exam.passing.value / 100 if exam.passing.by == "points" else exam.passing.value
    figures = {
        "valid_months": exam.valid_months, "minimum_group": exam.minimum_group, "minutes": sitting.minutes,
        "late_minutes": sitting.late_minutes, "attempts": sitting.attempts, "grace_seconds": sitting.grace_seconds,
        "penalty": 100 * marking.penalty, "unanswered": marking.unanswered / 100, "floor": marking.floor / 100,
        "pass_value": value if exam.passing.by != "angoff" else None,
    }  # fmt: skip
    ticks = {
        "certificate": exam.certificate, "ends_with_window": sitting.ends_with_window,
        "free_navigation": sitting.free_navigation, "password": sitting.password, "seat_code": sitting.seat_code,
        "shuffle_items": exam.blueprint.shuffle_items, "shuffle_options": exam.blueprint.shuffle_options,
        **{f"language.{each}": each in exam.languages for each in LANGUAGES},
        **{f"release.{name}": getattr(exam.release, name) for name in Release.__struct_fields__},
    }  # fmt: skip
    return {
        "purpose": exam.purpose, "mode": marking.mode, "attempt_rule": sitting.attempt_rule, "pass_by": exam.passing.by,
        "opens_at": local(opens_at, zone), "closes_at": local(closes_at, zone),
        **{name: "" if figure is None else f"{figure:g}" for name, figure in figures.items()},
        **{name: "1" if on else "" for name, on in ticks.items()},
        **{f"title.{language}": wording for language, wording in exam.title.items()},
        **{f"introduction.{language}": wording for language, wording in exam.introduction.items()},
    }  # fmt: skip


def local(moment: datetime | None, zone: str) -> str:
    """As a datetime-local field holds it."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


NEW = Exam(title={}, blueprint=Blueprint(sections=(Section(),)), sitting=Sitting(), release=Release(answers=False))
"""What a new exam begins with."""


def template(purpose: Purpose) -> Exam:
    """Settings that suit a purpose: practice shows everything at once and may be repeated, a pre-test certifies
    nothing."""
    changes: dict[Purpose, Callable[[], Exam]] = {
        "practice": lambda: msgspec.structs.replace(
            NEW, purpose="practice", certificate=False, release=Release(answers=True, explanations=True),
            sitting=Sitting(attempts=20, ends_with_window=False),
        ),
        "pre": lambda: msgspec.structs.replace(NEW, purpose="pre", certificate=False),
        "post": lambda: msgspec.structs.replace(NEW, purpose="post"),
        "exam": lambda: NEW,
    }  # fmt: skip
    return changes[purpose]()
