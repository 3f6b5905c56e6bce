"""Pages of a questionnaire as participants get them: what a template asks for, and bytes made once for everybody.

A page on which nothing is filled in looks the same for all who see the same questions in the same language, so it is
rendered and compressed once: no SQL, no template. Pages with answers or errors are rendered for the one who sees them.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import brotli
import msgspec
from litestar import Request, Response

from service.delivery import encoding_for
from surveys.answers import Errors, Record
from surveys.columns import worded
from surveys.compiled import Compiled, Shown
from surveys.context import Context
from surveys.definition import Group, Page, Step
from surveys.logic import Situation
from surveys.order import part_order, shuffles
from surveys.piping import pipe
from surveys.questions import Choice, Ecrs, FiveWhys, FlowOrder, PainPoints, Question, Ranking, StepGrid
from surveys.questions.base import Form, Part
from surveys.text import Text, pick

KEPT = 2_000  # compiled pages; a page takes about 30 KB


class Sheet:
    """What the templates in ``answer/question/`` ask about the page being shown."""

    def __init__(
        self,
        compiled: Compiled,
        language: str,
        record: Record,
        seen: Shown,
        form: Form,
        errors: Errors | None = None,
        *,
        names: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        """``names``: what wordings may repeat (``Situation.names``). ``seed``: the response's, for what is shuffled."""
        self.compiled, self.language, self.record, self.seen, self.form = compiled, language, record, seen, form
        self.names, self.seed = record.answers if names is None else names, seed
        self.errors = {field: each.say(language) for field, each in (errors or {}).items()}

    def say(self, text: Text) -> str:
        return pipe(pick(text, self.language), self.names, self.compiled, self.language)

    def value(self, field: str) -> str:
        values = self.form.get(field)
        return values[0] if values else ""

    def chosen(self, field: str, code: str) -> bool:
        return code in self.form.get(field, ())

    def error(self, field: str) -> str:
        return self.errors.get(field, "")

    @staticmethod
    def id(field: str) -> str:
        return "f-" + field.replace(".", "-")

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Field, what it asks, what is wrong: for the summary above the form."""
        return [(field, self._label(field), sentence) for field, sentence in self.errors.items()]

    def _label(self, field: str) -> str:
        question = self.compiled.question_of(field)
        if question is None:
            return ""
        column = self.compiled.columns.get(field)
        part = field.split(".")[1] if "." in field else ""
        steps = self.steps(question) if isinstance(question, FlowOrder) else ()
        parts: tuple[Part | Step, ...] = (*question.parts(), *steps)
        label = next((each.label for each in parts if each.code == part), question.text)
        label = column.label if column else label
        return self.say(label).rstrip("。.？?：:")

    @staticmethod
    def group(page: Page, question: Question) -> Group | None:
        return next((group for group in page.groups if group.code == question.group), None)

    def parts(self, question: Question) -> list[Part]:
        hidden = self.seen.hidden(question.code)
        return list(part_order(question, [part for part in question.parts() if part.code not in hidden], self.seed))

    def points(self, field: str) -> list[tuple[int | str, str]]:
        """What the column ``field`` can hold, with its words: options, or the points of a short scale."""
        return [(value, self.say(label)) for value, label in worded(self.compiled.columns[field])]

    def scale(self, name: str) -> list[tuple[int, str]]:
        scale = self.compiled.questionnaire.rating_scales[name]
        return [(scale.low + place, self.say(label)) for place, label in enumerate(scale.labels)]

    def options(self, choices: Iterable[Choice]) -> list[tuple[str, str]]:
        return [(choice.code, self.say(choice.label)) for choice in choices]

    @staticmethod
    def numbers(low: int, high: int) -> list[tuple[int, int]]:
        return [(number, number) for number in range(low, high + 1)]

    def steps(self, question: StepGrid | Ecrs | FlowOrder) -> tuple[Step, ...]:
        return question.asked(self.compiled.questionnaire)

    def ordered(self, question: FlowOrder | Ranking) -> list[Step | Part]:
        """Its steps or options, those that have a place by their places, the others behind them as they come."""
        parts: list[Step | Part] = (
            [*part_order(question, self.steps(question), self.seed)]
            if isinstance(question, FlowOrder)
            else [*self.parts(question)]
        )
        taken = [str(place) for place in range(1, len(parts) + 1)]
        places = {part.code: self.value(f"{question.code}.{part.code}") for part in parts}
        return sorted(
            parts, key=lambda part: taken.index(places[part.code]) if places[part.code] in taken else len(taken)
        )

    def offered(self, question: FiveWhys) -> list[Part]:
        """The problems to choose from: the pain points named before, the worst first, or all where none was."""
        source = self.compiled.questions.get(question.problem_from)
        if not isinstance(source, PainPoints):
            return []
        offered = {part.code: part for part in self.parts(source)}
        named = self.record.answers.get(source.code, [])
        chosen = [offered[code] for code in named if code in offered] if isinstance(named, list) else []
        return chosen or list(offered.values())


class Body(msgspec.Struct, frozen=True):
    """One page in the three forms in which browsers take it."""

    plain: bytes
    gzip: bytes
    brotli: bytes

    @classmethod
    def of(cls, html: bytes) -> Body:
        return cls(html, gzip.compress(html, 6, mtime=0), brotli.compress(html, quality=6))

    def response(self, request: Request) -> Response[bytes]:
        encoding = encoding_for(request.scope)
        body, headers = self.plain, {"Vary": "Accept-Encoding, HX-Request, HX-Request-Type"}
        if encoding:
            body, headers["Content-Encoding"] = self.brotli if encoding == "br" else self.gzip, encoding
        return Response(body, media_type="text/html; charset=utf-8", headers=headers)


class CompiledPages:
    """Pages without answers, by version, page, day, language and what is shown."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()
        self._owned: dict[tuple[Hashable, str], str] = {}

    def get(self, key: Hashable, make: Callable[[], bytes]) -> Body:
        body = self._bodies.get(key)
        if body is None:
            body = self._bodies[key] = Body.of(make())
            if len(self._bodies) > KEPT:
                self._bodies.popitem(last=False)
        return body

    def key(
        self, version: Hashable, compiled: Compiled, page: Page, now: Situation, record: Record, context: Context
    ) -> Hashable | None:
        """What the empty page depends on; None where it is one participant's own: shuffled, or repeating what is known
        of them."""
        own = self._own(version, compiled, page)
        if own == "shuffled" or (own == "repeats" and (record.answers or context.person or context.link)):
            return None
        said = tuple(sorted((name, str(value)) for name, value in now.names.items())) if own else ()
        if compiled.everything is not None:
            return version, page.code, context.language, context.today, said
        seen = now.shown
        hidden = tuple(sorted((code, tuple(sorted(parts))) for code, parts in seen.hidden_parts.items()))
        return version, page.code, context.language, context.today, said, seen.pages, seen.questions, hidden

    def _own(self, version: Hashable, compiled: Compiled, page: Page) -> str:
        own = self._owned.get((version, page.code))
        if own is None:
            own = "shuffled" if shuffles(page) else "repeats" if self.repeats_answers(compiled, page) else ""
            self._owned[version, page.code] = own
        return own

    @staticmethod
    def repeats_answers(compiled: Compiled, page: Page) -> bool:
        """Whether wordings of the page, or options of its questions, come from answers."""
        questionnaire = compiled.questionnaire
        wordings = msgspec.json.encode((page, questionnaire.rating_scales, questionnaire.steps))
        if b"{{" in wordings.replace(b"{{process}}", b"").replace(b"{{ process }}", b""):
            return True
        return any(isinstance(each, FiveWhys) and each.problem_from for each in page.questions)
