"""A code that participants make of what only they know: their answers of several waves find each other, nobody them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Column, Form, QuestionBase, Reading, check_figure, first
from surveys.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from surveys.definition import Questionnaire

FAULT = "link_incomplete"
LONGEST = 8
_CODE = re.compile(r"[0-9a-f]{32}")


class LinkPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something that its person always answers alike and hardly anybody else knows, in ``length`` characters."""

    code: str
    label: Text
    length: int = 2
    visible_if: str = ""


class LinkCode(QuestionBase, frozen=True, kw_only=True, tag="link_code", tag_field="type"):
    """Column: ``q`` (text, 32 hex digits; identifying, so that no export and no figure ever holds it).

    The form's fields ``q.<part>`` are never stored. The service turns them into ``q`` before the form is read, by a
    secret of its own and of the programme, or into ``q.fault`` where they are not complete: the same parts give the
    same code in every wave of a programme and another one elsewhere. ``q`` alone keeps what is there.
    """

    blinded: ClassVar[bool] = True

    asks: tuple[LinkPart, ...]

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = [] if len(self.asks) > 1 else [problem("too_few_link_parts", "asks")]
        for index, part in enumerate(self.asks):
            found = check_figure("length", part.length, 1, LONGEST)
            problems += [msgspec.structs.replace(each, place=f"asks.{index}.{each.place}") for each in found]
        return problems

    def parts(self) -> tuple[LinkPart, ...]:
        return self.asks

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True, identifying=True),)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        code = first(form, self.code)
        wrong = [problem(FAULT, self.code)] if first(form, f"{self.code}.fault") else []
        answers: Answers = {self.code: code} if _CODE.fullmatch(code) and not wrong else {}
        return answers, [], wrong

    def typed(self, form: Form) -> tuple[str, ...] | None:
        """The parts as they are compared: without marks, spaces and case. None where nothing is typed; a part that is
        not of its length is empty."""
        texts = [(part, plain(first(form, f"{self.code}.{part.code}"))) for part in self.asks]
        if not any(text for _, text in texts):
            return None
        return tuple(text if len(text) == part.length else "" for part, text in texts)

    def fields(self) -> tuple[str, ...]:
        """What must not go any further than to the one who turns it into the code."""
        return tuple(f"{self.code}.{part.code}" for part in self.asks)

    def settled(self, form: Mapping[str, list[str]], code: str, *, fault: bool) -> dict[str, list[str]]:
        """The form without the parts, with ``code`` in their place, or the fault."""
        kept = {name: values for name, values in form.items() if name not in self.fields()}
        kept.pop(f"{self.code}.fault", None)
        if code:
            kept[self.code] = [code]
        if fault:
            kept[f"{self.code}.fault"] = ["1"]
        return kept

    def concealed(self, names: Iterable[str], hidden: frozenset[str]) -> frozenset[str]:
        """Parts have no columns of their own."""
        return frozenset()


def plain(text: str) -> str:
    """Letters and digits alone, in one width and case: ``Ｗ x`` and ``wx`` are the same."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())
