"""A questionnaire as data: Questionnaire > Page > Question, all frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from surveys.questions import Column, Question, RatingScale, Rule
from surveys.text import Text

Kind = Literal["diagnosis", "satisfaction", "exam", "review", "pulse"]


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step of the process asked about, in order of execution."""

    code: str
    label: Text
    owner: Text = msgspec.field(default_factory=dict)


class Scale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A set of items that measures one thing.

    ``items`` are integer columns (``clarity.owner``, ``q7``); those in ``reversed`` are turned round once, at scoring.
    """

    code: str
    label: Text
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    description: Text = msgspec.field(default_factory=dict)


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Neighbouring questions of a page under one heading, with a condition in common; questions name it by ``group``.

    ``repeat_over`` asks the whole group once for each option chosen in a multiple choice, each answered blank of a
    question with several blanks, or each step (``steps``); ``{{item}}`` in its wordings names the one asked about.
    """

    code: str
    title: Text = msgspec.field(default_factory=dict)
    text: Text = msgspec.field(default_factory=dict)
    visible_if: str = ""
    repeat_over: str = ""
    shuffle: bool = False  # its questions


class Jump(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """After the page, where ``when`` holds, on to ``to``: a later page's code, ``end``, or ``screen_out``.

    What is jumped over is not shown: its answers are dropped. The first jump that holds is taken."""

    when: str
    to: str


class Quota(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """At most ``limit`` complete responses of a wave for which ``when`` holds; the database counts, so none is too
    many. Who comes too late is told ``message`` and stored as over quota, outside of every figure."""

    code: str
    when: str
    limit: int
    message: Text = msgspec.field(default_factory=dict)


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Questions shown together."""

    code: str
    title: Text = msgspec.field(default_factory=dict)
    text: Text = msgspec.field(default_factory=dict)
    visible_if: str = ""
    groups: tuple[Group, ...] = ()
    shuffle: bool = False  # its questions, groups as one
    questions: tuple[Question, ...]
    jumps: tuple[Jump, ...] = ()


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A whole questionnaire. Published versions of it never change and are named by ``content_hash``."""

    name: str  # ^[a-z][a-z0-9-]{0,62}$
    kind: Kind
    title: Text
    languages: tuple[str, ...] = ("zh-CN", "en")
    introduction: Text = msgspec.field(default_factory=dict)
    thanks: Text = msgspec.field(default_factory=dict)
    rationale: Text = msgspec.field(default_factory=dict)  # why these questions, and after whom; for authors only
    minutes: int | None = None  # how long it takes, told to participants
    presentation: Literal["page", "question"] = "page"
    process: Text = msgspec.field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    rating_scales: dict[str, RatingScale] = msgspec.field(default_factory=dict)
    scales: tuple[Scale, ...] = ()
    shuffled_pages: tuple[str, ...] = ()  # codes of pages that change places among themselves
    quotas: tuple[Quota, ...] = ()
    screen_out: Text = msgspec.field(default_factory=dict)  # what those are told whom a jump screens out
    pages: tuple[Page, ...]

    def questions(self) -> Iterator[Question]:
        """All questions in order."""
        for page in self.pages:
            yield from page.questions

    def question(self, code: str) -> Question | None:
        return next((each for each in self.questions() if each.code == code), None)

    def columns(self) -> tuple[Column, ...]:
        """All columns in order: what an export, a frame and a scoring rule can name."""
        return tuple(column for question in self.questions() for column in question.columns(self))


def fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """A Struct's fields with their types, kept: working them out takes far longer than using them."""
    return _fields(kind)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def texts(thing: msgspec.Struct, place: str = "") -> Iterator[tuple[str, str, Text]]:
    """Every text inside a Struct: its place, the Struct that holds it, the text."""
    for field in fields(type(thing)):
        value = getattr(thing, field.name)
        inner = f"{place}.{field.name}".lstrip(".")
        if field.type == Text:
            yield inner, type(thing).__name__, value
            continue
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
        for key, each in entries:
            if isinstance(each, msgspec.Struct):
                yield from texts(each, f"{inner}.{key}")
            elif isinstance(each, dict):
                yield f"{inner}.{key}", type(thing).__name__, each


_decoder = msgspec.json.Decoder(Questionnaire)


def to_json(questionnaire: Questionnaire) -> bytes:
    """Canonical JSON: sorted keys, defaults left out. Equal questionnaires give equal bytes."""
    return msgspec.json.encode(questionnaire, order="sorted")


def from_json(data: bytes | str) -> Questionnaire:
    """The questionnaire that ``to_json`` wrote. Raises ``msgspec.ValidationError`` on anything else."""
    return _decoder.decode(data)


def content_hash(questionnaire: Questionnaire) -> str:
    """Names a published version: SHA-256 of the canonical JSON, hex."""
    return hashlib.sha256(to_json(questionnaire)).hexdigest()


__all__ = [
    "Column", "Group", "Jump", "Kind", "Page", "Question", "Questionnaire", "Quota", "RatingScale", "Rule", "Scale",
    "Step", "content_hash", "from_json", "texts", "to_json",
]  # fmt: skip
