"""Whether conditions, computed values, rules, jumps and piped answers can work: known names, nothing later, no cycles,
nothing that can never hold. All is looked at as expanded, and told at the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from surveys.check_kinds import Kinds
from surveys.compiled import questions_named
from surveys.definition import Column, Page, Question, Questionnaire, texts
from surveys.expansion import Placed, PlacedPage, placed_pages
from surveys.expression import AllOf, Expression, Spread, references, spread, walk
from surveys.grammar import PIPE, parse, parse_value
from surveys.problem import Problem, problem
from surveys.questions import Assignment, Computed, Hidden
from surveys.questions.choice import SEGMENTS

SIDES = ("upstream", "downstream", "operator", "manager", "customer")
"""The sides of a process that a roster knows."""

ROLES = ("baseline", "pilot", "comparison", "rollout", "pulse")
WAVE = ("title", "stage", "role", "language", "today")


class Look(msgspec.Struct, frozen=True):
    """An expression, its place, the questions that follow from it, and the first question that it must not look at.

    ``kind``: ``page``, ``question`` and ``part`` are conditions of visibility, ``value`` is a computed one.
    """

    place: str
    text: str
    questions: tuple[str, ...]
    before: int
    kind: str = ""


def check_conditions(questionnaire: Questionnaire) -> list[Problem]:
    """All problems of expressions and of ``{{…}}``; each is told once, however often it was repeated."""
    told = {(each.code, each.place, each.say("en")): each for each in _Conditions(questionnaire).problems()}
    return list(told.values())


class _Conditions:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.pages: list[PlacedPage] = list(placed_pages(questionnaire))
        self.placed = [each for _, _, placed in self.pages for each in placed]
        questions = [each.question for each in self.placed]
        self.order = {code: index for index, code in reversed(list(enumerate(each.code for each in questions)))}
        self.by_code = {each.code: each for each in questions}
        self.columns = {column.name: column for each in questions for column in each.columns(questionnaire)}
        self.segments = {each.code: segment for each in questions if (segment := getattr(each, "segment", ""))}
        self.kinds = Kinds({**self.columns, **self.people(), **_wave()})
        self.dead: set[str] = set()  # codes of questions that are never shown
        self.dead_pages: set[str] = set()
        self.depends: dict[str, set[str]] = {}
        self.later: list[tuple[Look, str]] = []

    def people(self) -> dict[str, Column]:
        found = {}
        for segment in SEGMENTS:
            asking = [self.by_code[code] for code, each in self.segments.items() if each == segment]
            choices = [code for each in asking for part in each.parts() for code in (part.code,)]
            known = (*SIDES, *choices) if segment == "side" else ()
            kind: Any = "code" if known else "text"
            name = f"person.{segment}"
            found[name] = Column(name=name, question="person", kind=kind, label={}, choices=known)
        return found

    def problems(self) -> Iterator[Problem]:
        first = 0
        for number, (page, _, placed) in enumerate(self.pages):
            yield from self.page(number, page, placed, first)
            first += len(placed)
        for index, quota in enumerate(self.questionnaire.quotas):
            yield from self.look(Look(f"quotas.{index}.when", quota.when, (), first, "quota"))
        yield from self.orders()
        yield from self.unreachable()
        yield from self.pipes()

    def page(self, number: int, page: Page, placed: list[Placed], first: int) -> Iterator[Problem]:
        codes, last = tuple(each.question.code for each in placed), first + len(placed)
        if page.visible_if:
            look = Look(f"pages.{number}.visible_if", page.visible_if, codes, first, "page")
            yield from self.look(look)
            if self.dies([page.visible_if]):
                self.dead_pages.add(page.code)
        for index, each in enumerate(placed, start=first):
            screen = index + 1 if self.questionnaire.presentation == "question" else last
            for look in self.looks(each, index, screen):
                yield from self.look(look)
            conditions = [text for _, text in each.given] + [each.question.visible_if]
            if self.dies([page.visible_if, *conditions]):
                self.dead.add(each.question.code)
                if not any(self.dies([text]) for text in (page.visible_if, *conditions)):  # else it is told already
                    yield problem("dead_condition", f"{each.place}.visible_if")
        for at, jump in enumerate(page.jumps):
            yield from self.look(Look(f"pages.{number}.jumps.{at}.when", jump.when, (), last, "jump"))

    def looks(self, placed: Placed, index: int, screen: int) -> Iterator[Look]:
        """All expressions of one question. ``screen``: the first question after those asked at the same time."""
        question, own = placed.question, (placed.question.code,)
        for place, text in placed.given:
            yield Look(place, text, own, index, "question")
        if question.visible_if:
            yield Look(f"{placed.place}.visible_if", question.visible_if, own, index, "question")
        for place, text in self.part_conditions(placed):
            yield Look(place, text, own, index, "part")
        if isinstance(question, Computed):
            yield Look(f"{placed.place}.expression", question.expression, own, index, "value")
        if question.required_if:
            yield Look(f"{placed.place}.required_if", question.required_if, (), screen, "rule")
        for at, rule in enumerate(question.rules):
            yield Look(f"{placed.place}.rules.{at}.holds", rule.holds, (), screen, "rule")

    def part_conditions(self, placed: Placed) -> Iterator[tuple[str, str]]:
        """Conditions of options and rows; those of carried options belong to ``choices_from``."""
        parts = placed.question.parts()
        field = "rows" if hasattr(placed.question, "rows") else "choices"
        written = self.written(placed)
        carried = len(parts) - len(written.parts()) if getattr(written, "choices_from", "") else 0
        for at, part in enumerate(parts):
            if part.visible_if:
                own = f"{placed.place}.{field}.{at - carried}.visible_if"
                yield (f"{placed.place}.choices_from" if at < carried else own), part.visible_if

    def written(self, placed: Placed) -> Question:
        _, page, _, index = placed.place.split(".")
        return self.questionnaire.pages[int(page)].questions[int(index)]

    def look(self, look: Look) -> Iterator[Problem]:
        expression = parse_value(look.text) if look.kind == "value" else parse(look.text)
        if isinstance(expression, Problem):
            yield msgspec.structs.replace(expression, place=look.place)
            return
        for name in sorted(references(expression)):
            if not self.known(name, expression):
                yield problem("unknown_reference", look.place, name=name)
                continue
            for question in questions_named([name], self.order, {}):
                for each in look.questions:
                    self.depends.setdefault(each, set()).add(question)
                if self.order[question] >= look.before:
                    self.later.append((look, question if "*" in name else name))
        wrong = list(self.kinds.problems(expression, look.place))
        yield from wrong
        if look.kind == "value":
            yield from self.fits(look, expression)
        elif not wrong and look.kind != "rule" and self.kinds.never(expression):
            yield problem("dead_condition", look.place)

    def known(self, name: str, expression: Expression) -> bool:
        if name in self.kinds.columns or name in self.order:
            return True
        spreads = {each.name for each in walk(expression) if isinstance(each, Spread)}
        return name in spreads and any(True for _ in spread(name, self.columns))

    def fits(self, look: Look, expression: Expression) -> Iterator[Problem]:
        question = self.by_code[look.questions[0]]
        kind = self.kinds.kind(expression)
        wanted = question.kind if isinstance(question, Computed) else "any"
        if kind == "truth" or (wanted == "number" and kind not in ("number", "any")):
            yield problem("computed_kind", look.place)

    def dies(self, conditions: list[str]) -> bool:
        """Whether these conditions can be seen never to hold together."""
        found = [parse(text) for text in conditions if text]
        inner = tuple(each for each in found if not isinstance(each, Problem))
        return bool(inner) and self.kinds.never(inner[0] if len(inner) == 1 else AllOf(inner))

    def orders(self) -> Iterator[Problem]:
        told: set[frozenset[str]] = set()
        for look, name in self.later:
            target = name.partition(".")[0]
            chains = (_path(self.depends, target, own) for own in look.questions)
            chain = next((found for found in chains if found), None)
            if chain is None:
                yield problem("forward_reference", look.place, name=name)
            elif frozenset(chain) not in told:
                told.add(frozenset(chain))
                yield problem("cycle", look.place, chain=" → ".join([chain[-1], *chain]))

    def unreachable(self) -> Iterator[Problem]:
        """Pages that are never shown, or that every way jumps over."""
        reached = self.reached()
        for number, (page, _, placed) in enumerate(self.pages):
            empty = bool(placed) and all(each.question.code in self.dead for each in placed)
            if page.code in self.dead_pages or empty or number not in reached:
                yield problem("unreachable_page", f"pages.{number}", name=page.code)

    def reached(self) -> set[int]:
        numbers = {page.code: number for number, (page, _, _) in enumerate(self.pages)}
        found: set[int] = set()
        waiting = [0]
        while waiting:
            number = waiting.pop()
            if number in found or number >= len(self.pages):
                continue
            found.add(number)
            page = self.pages[number][0]
            visited = page.code not in self.dead_pages
            sure = False  # whether some jump is taken in any case
            for jump in page.jumps if visited else ():
                when = parse(jump.when)
                if isinstance(when, Problem) or self.kinds.never(when):
                    continue
                waiting.extend([numbers[jump.to]] if numbers.get(jump.to, -1) > number else [])
                sure = self.kinds.always(when)
                if sure:
                    break
            if not sure or page.visible_if:
                waiting.append(number + 1)
        return found

    def pipes(self) -> Iterator[Problem]:
        first = 0
        head = msgspec.structs.replace(self.questionnaire, pages=())
        for place, _, text in texts(head):
            yield from self.piped(place, text, 0)
        for number, (page, groups, placed) in enumerate(self.pages):
            bare = msgspec.structs.replace(page, questions=(), groups=())
            for place, _, text in texts(bare, f"pages.{number}"):
                yield from self.piped(place, text, first)
            for group, where in groups:
                for place, _, text in texts(group, where):
                    yield from self.piped(place, text, first)
            for index, each in enumerate(placed, start=first):
                before = index if self.questionnaire.presentation == "question" else first
                screen = index + 1 if self.questionnaire.presentation == "question" else first + len(placed)
                for place, owner, text in texts(each.question, each.place):
                    carried = owner == "Choice" and bool(getattr(self.written(each), "choices_from", ""))
                    yield from self.piped(place, text, screen if carried or owner == "Rule" else before)
            first += len(placed)

    def piped(self, place: str, text: dict[str, str], before: int) -> Iterator[Problem]:
        for inner in sorted({match[1].strip() for wording in text.values() for match in PIPE.finditer(wording)}):
            if inner == "process":
                continue
            expression = parse_value(inner)
            if isinstance(expression, Problem):
                yield msgspec.structs.replace(expression, place=place)
                continue
            for name in sorted(references(expression)):
                plain = name in self.order and not isinstance(expression, Spread) and inner == name
                if not self.known(name, expression) or (plain and name not in self.columns):
                    yield problem("unknown_pipe", place, name=name)
                elif any(self.order[code] >= before for code in self.waited_for(name)):
                    yield problem("forward_pipe", place, name=name)
            yield from self.kinds.problems(expression, place)

    def waited_for(self, name: str) -> list[str]:
        """The questions behind a name that are answered only in time: links and lots are known from the start."""
        found = questions_named([name], self.order, {})
        return [code for code in found if not isinstance(self.by_code[code], Hidden | Assignment)]


def _wave() -> dict[str, Column]:
    known = {"role": ROLES}
    return {
        f"wave.{name}": Column(
            name=f"wave.{name}", question="wave", kind="code" if name in known else "text", label={},
            choices=known.get(name, ()),
        )
        for name in WAVE
    }  # fmt: skip


def _path(depends: dict[str, set[str]], start: str, goal: str) -> list[str] | None:
    """A way from ``start`` to ``goal`` along dependencies, both included."""
    queue, seen = [[start]], {start}
    for path in queue:
        if path[-1] == goal:
            return path
        for following in sorted(depends.get(path[-1], ())):
            if following not in seen:
                seen.add(following)
                queue.append([*path, following])
    return None
