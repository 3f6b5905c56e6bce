"""Questions answered with a file, a photo, a signature or a place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Literal

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Column,
    Form,
    QuestionBase,
    Reading,
    check_figure,
    first,
    read_text,
    write_value,
)
from surveys.questions.number import plain, read_number

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

FileKind = Literal["image", "pdf", "word", "excel", "powerpoint", "text"]

FILE_KINDS: tuple[FileKind, ...] = ("image", "pdf", "word", "excel", "powerpoint", "text")
ACCEPTS: dict[FileKind, str] = {
    "image": "image/jpeg,image/png,image/webp",  # not image/*: so that iPhones hand over JPEG instead of HEIC
    "pdf": ".pdf,application/pdf",
    "word": ".docx",
    "excel": ".xlsx",
    "powerpoint": ".pptx",
    "text": ".txt,.csv,text/plain,text/csv",
}
"""What a browser's file dialogue offers; the service looks at the content alone."""
LARGEST_FILE = 100  # megabytes that a question may allow; the service's own limit may be lower
NAME_LENGTH = 200
FAULTS = (
    "file_empty",
    "file_too_big",
    "file_kind",
    "file_not_allowed",
    "file_old_office",
    "file_macros",
    "file_broken",
    "file_bomb",
    "file_quota",
    "file_full",
    "file_away",
)
"""What can be wrong with an upload: messages, which the service hands in as the field ``q.fault``."""

_IDENTIFIER = re.compile(r"[0-9a-f]{32}")
_STROKES = re.compile(r"(?:M[0-9]{1,4} [0-9]{1,4}(?:L[0-9]{1,4} [0-9]{1,4})*)+")
STROKES_LENGTH = 20_000


class _Uploaded(QuestionBase, frozen=True, kw_only=True):
    """Columns: ``q`` (text, the file's identifier: 32 hex digits) and ``q.name`` (text, what it was called).

    The form's field ``q.upload`` carries the file. The service stores it before the form is read and puts ``q`` and
    ``q.name`` in its place, or ``q.fault``: one of ``FAULTS`` and a figure where the message has one.
    """

    uploads: ClassVar[bool] = True

    megabytes: int = 10

    def accepted(self) -> tuple[FileKind, ...]:
        """The kinds of files that may be uploaded."""
        raise NotImplementedError

    def accept(self) -> str:
        """The ``accept`` attribute of the file field."""
        return ",".join(ACCEPTS[kind] for kind in self.accepted())

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("megabytes", self.megabytes, 1, LARGEST_FILE)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q, name = self.code, {"zh-CN": "文件名", "en": "File name"}
        return (
            Column(name=q, question=q, kind="text", label=self.text, identifying=True),
            Column(name=f"{q}.name", question=q, kind="text", label=name, free=True, identifying=True),
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        answers: Answers = {}
        identifier = first(form, self.code)
        if _IDENTIFIER.fullmatch(identifier):
            answers[self.code] = identifier
            name, _ = read_text(form, f"{self.code}.name", NAME_LENGTH)
            answers |= {f"{self.code}.name": name} if name else {}
        fault, _, figure = first(form, f"{self.code}.fault").partition(" ")
        wrong = [problem(fault, self.code, limit=figure)] if fault in FAULTS else []
        return answers, [], wrong

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = (self.code, f"{self.code}.name")
        return self._with_box({name: [write_value(answers[name])] for name in names if name in answers}, not_applicable)


class File(_Uploaded, frozen=True, kw_only=True, tag="file", tag_field="type"):
    """A file of one of ``kinds``, known by its content. Columns: ``q`` (identifier) and ``q.name`` (identifying)."""

    kinds: tuple[FileKind, ...] = ("image", "pdf", "word", "excel")

    def accepted(self) -> tuple[FileKind, ...]:
        return self.kinds

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        kinds = [] if self.kinds else [problem("no_file_kinds", "kinds")]
        return kinds + super().check(questionnaire)


class Photo(_Uploaded, frozen=True, kw_only=True, tag="photo", tag_field="type"):
    """A picture from the camera or the album; where and when it was taken is removed from it.

    Columns: ``q`` (identifier) and ``q.name`` (identifying).
    """

    def accepted(self) -> tuple[FileKind, ...]:
        return ("image",)


class Signature(QuestionBase, frozen=True, kw_only=True, tag="signature", tag_field="type"):
    """Signing by typing one's name or, where scripts run, by hand; either will do.

    Columns: ``q`` (text, the name) and ``q.drawn`` (text: SVG path data in a box of 1000 × 400), both identifying.
    """

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q, drawn = self.code, {"zh-CN": "手写签名", "en": "Drawn signature"}
        return (
            Column(name=q, question=q, kind="text", label=self.text, free=True, identifying=True),
            Column(name=f"{q}.drawn", question=q, kind="text", label=drawn, free=True, identifying=True),
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        name, wrong = read_text(form, self.code, NAME_LENGTH)
        answers: Answers = {self.code: name} if name else {}
        drawn = first(form, f"{self.code}.drawn")
        problems = [wrong] if wrong else []
        if drawn and len(drawn) <= STROKES_LENGTH and _STROKES.fullmatch(drawn):
            answers[f"{self.code}.drawn"] = drawn
        elif drawn:
            problems.append(problem("not_drawn", self.code))
        return answers, [], problems

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        signed = self.code in answers or f"{self.code}.drawn" in answers
        return (
            [problem("unsigned", self.code)] if self.required and not signed and self.code not in not_applicable else []
        )

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = (self.code, f"{self.code}.drawn")
        return self._with_box({name: [write_value(answers[name])] for name in names if name in answers}, not_applicable)


class Location(QuestionBase, frozen=True, kw_only=True, tag="location", tag_field="type"):
    """Where somebody is: asked of the browser at the press of a button, or written as a place; never forced.

    Columns: ``q.latitude`` and ``q.longitude`` (number, degrees, rounded to ``decimals``), ``q.accuracy`` (number,
    metres), ``q.place`` (text). Three decimals are about 100 metres, two a kilometre. All identifying.
    """

    decimals: int = 3

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("decimals", self.decimals, 0, 5)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q = self.code
        measured = (
            ("latitude", {"zh-CN": "纬度", "en": "Latitude"}, -90, 90, "degree"),
            ("longitude", {"zh-CN": "经度", "en": "Longitude"}, -180, 180, "degree"),
            ("accuracy", {"zh-CN": "误差", "en": "Accuracy"}, 0, None, "metre"),
        )
        figures = (
            Column(
                name=f"{q}.{part}", question=q, kind="number", label=label, low=low, high=high, unit=unit,
                identifying=True,
            )
            for part, label, low, high, unit in measured
        )  # fmt: skip
        return (
            *figures,
            Column(name=f"{q}.place", question=q, kind="text", label=self.text, free=True, identifying=True),
        )

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        names = [column.name for column in self.columns(questionnaire)]
        if self._box(form):
            return {}, names, []
        latitude, longitude, accuracy, place = names
        text, wrong = read_text(form, place, NAME_LENGTH)
        answers: Answers = {place: text} if text else {}
        north, _ = read_number(form, latitude, -90, 90, 15)
        east, _ = read_number(form, longitude, -180, 180, 15)
        if north is not None and east is not None:  # what a device says wrongly is not the participant's to mend
            answers |= {latitude: round(north, self.decimals) + 0.0, longitude: round(east, self.decimals) + 0.0}
            metres, _ = read_number(form, accuracy, 0, None, 15)
            answers |= {} if metres is None else {accuracy: float(round(metres))}
        return answers, [], [wrong] if wrong else []

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        place = f"{self.code}.place"
        told = place in answers or f"{self.code}.latitude" in answers or place in not_applicable
        return [problem("place_due", place)] if self.required and not told else []

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = [column.name for column in self.columns(questionnaire)]
        form = {name: [plain(answers[name])] for name in names if name in answers}
        if not_applicable.issuperset(names):
            form[f"{self.code}.na"] = ["1"]
        return form
