"""What can be turned into plain questions before anybody answers: conditions of groups, repeats, carried options.

Whatever answers, scores or exports sees the expanded questionnaire; editors and files hold the written one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from surveys.definition import Group, Page, Question, Questionnaire, fields
from surveys.grammar import PIPE, rename
from surveys.questions import Choice, Column
from surveys.text import Text

STEPS = "steps"
EXPRESSIONS = frozenset(("visible_if", "required_if", "holds", "when", "expression"))
REFERENCES = frozenset(("choices_from", "problem_from", "repeat_over"))


class Placed(msgspec.Struct, frozen=True):
    """A question after expansion. ``place`` is where it was written, ``given`` the conditions that its group and
    repetition add to its own: place and text of each."""

    question: Question
    place: str
    given: tuple[tuple[str, str], ...] = ()
    copy: bool = False  # one of several repetitions

    def whole(self) -> Question:
        """The question with all its conditions in one."""
        if not self.given:
            return self.question
        own = (self.question.visible_if,) if self.question.visible_if else ()
        return msgspec.structs.replace(self.question, visible_if=all_of(*(text for _, text in self.given), *own))


class Item(msgspec.Struct, frozen=True):
    """What one repetition is about. ``condition`` is empty where it is asked of everybody."""

    code: str
    label: Text
    condition: str = ""


def expand(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire without groups' conditions, repeats and ``choices_from``. Never raises: what cannot be expanded
    stays as it is, for ``surveys.check`` to tell."""
    if not _expandable(questionnaire):
        return questionnaire
    pages = tuple(
        msgspec.structs.replace(
            page, groups=tuple(group for group, _ in groups), questions=tuple(each.whole() for each in placed)
        )
        for page, groups, placed in placed_pages(questionnaire)
    )
    return msgspec.structs.replace(questionnaire, pages=pages)


def _expandable(questionnaire: Questionnaire) -> bool:
    grouped = any(group.visible_if or group.repeat_over for page in questionnaire.pages for group in page.groups)
    return grouped or any(getattr(each, "choices_from", "") for each in questionnaire.questions())


PlacedPage = tuple[Page, list[tuple[Group, str]], list[Placed]]
"""A page as written; its groups, each with its place, and its questions as expanded."""


def placed_pages(questionnaire: Questionnaire) -> Iterator[PlacedPage]:
    """The pages, expanded, with the places where everything was written."""
    known: dict[str, Question] = {}
    for number, page in enumerate(questionnaire.pages):
        groups: dict[str, tuple[Group, str]] = {}
        placed: list[Placed] = []
        written = {group.code: (group, f"pages.{number}.groups.{at}") for at, group in enumerate(page.groups)}
        for code, run in groupby(enumerate(page.questions), key=lambda entry: entry[1].group):
            members = [Placed(each, f"pages.{number}.questions.{index}") for index, each in run]
            if code in written:
                group, place = written[code]
                made, members = _grouped(group, place, members, questionnaire, known)
                groups.update((each.code, (each, place)) for each in made)
            for each in members:
                carried = msgspec.structs.replace(each, question=_carry(each.question, questionnaire, known))
                known[carried.question.code] = carried.question
                placed.append(carried)
        yield page, list(groups.values()), placed


def _grouped(
    group: Group, place: str, members: list[Placed], questionnaire: Questionnaire, known: dict[str, Question]
) -> tuple[list[Group], list[Placed]]:
    """The group as one group or one of each repetition, and its questions, with the group's condition."""
    given = ((f"{place}.visible_if", group.visible_if),) if group.visible_if else ()
    plain = msgspec.structs.replace(group, visible_if="", repeat_over="")
    if not group.repeat_over:
        return [plain], [msgspec.structs.replace(each, given=given) for each in members]
    groups, placed = [], []
    for item in repetitions(group.repeat_over, questionnaire, known):
        names = {each.question.code: f"{each.question.code}_{item.code}" for each in members}
        copy = _Copy(item, names)
        groups.append(msgspec.structs.replace(copy.of(plain), code=f"{group.code}_{item.code}"))
        own = (*given, (f"{place}.repeat_over", item.condition)) if item.condition else given
        for each in members:
            code, inside = names[each.question.code], f"{group.code}_{item.code}"
            question = msgspec.structs.replace(copy.of(each.question), code=code, group=inside)
            placed.append(Placed(question, each.place, own, True))
    return groups, placed


def repetitions(
    source: str, questionnaire: Questionnaire, known: dict[str, Question] | None = None
) -> tuple[Item, ...]:
    """What ``repeat_over: source`` repeats over: the steps, the options of a choice but for exclusive ones, or the
    blanks or rows of a question with several columns. Empty where there is no such thing before."""
    if source == STEPS:
        return tuple(Item(step.code, step.label) for step in questionnaire.steps)
    question = (known or {}).get(source)
    if question is None:
        return ()
    columns = question.columns(questionnaire)
    main = next((column for column in columns if column.name == source), None)
    if main is not None:
        return tuple(_options(question, main))
    first: dict[str, Column] = {}
    for column in columns:
        first.setdefault(column.name.split(".")[1], column)
    return tuple(
        Item(part, dict.fromkeys(questionnaire.languages, f"{{{{{column.name}}}}}"), f"answered({source}.{part})")
        for part, column in first.items()
    )


def _options(question: Question, column: Column) -> Iterator[Item]:
    sign = "contains" if column.kind == "codes" else "=="
    parts = {part.code: part for part in question.parts()}
    for code in column.choices:
        part = parts.get(code)
        if getattr(part, "exclusive", False):
            continue
        label = column.labels.get(code, {})
        if getattr(part, "other", False):
            label = dict.fromkeys(label, f"{{{{{question.code}.other}}}}")
        yield Item(code, label, f'{question.code} {sign} "{code}"')


def _carry(question: Question, questionnaire: Questionnaire, known: dict[str, Question]) -> Question:
    """The question with the options that it takes from an earlier one, each with the condition that it was chosen
    there, or was not; its own follow."""
    source = known.get(getattr(question, "choices_from", ""))
    items = repetitions(source.code, questionnaire, known) if source else ()
    if source is None or not items:
        return question
    chosen = question.carry == "chosen"  # type: ignore[union-attr]
    parts = {part.code: part for part in source.parts()}
    carried = []
    for item in items:
        part = parts.get(item.code)
        if not chosen and getattr(part, "other", False):
            continue
        shown_there = part.visible_if if part and not chosen else ""
        condition = item.condition if chosen else f"not {item.condition}"
        carried.append(
            Choice(
                code=item.code,
                label=item.label,
                visible_if=all_of(*filter(None, (shown_there, condition))),
                category=getattr(part, "category", ""),
            )
        )
    return msgspec.structs.replace(question, choices=(*carried, *question.choices), choices_from="")  # type: ignore[union-attr]


class _Copy:
    """Copies Structs for one repetition: ``item`` stands for what it is about, names of questions inside for those of
    the same repetition."""

    def __init__(self, item: Item, names: dict[str, str]) -> None:
        self.item, self.names = item, names
        self.words = {**names, "item": f'"{item.code}"'}

    def of(self, thing: Any) -> Any:
        changes = {}
        kind: Any = type(thing)
        for field in fields(kind):
            value = getattr(thing, field.name)
            changed = self.changed(field.name, field.type, value) if value else value
            if changed is not value:
                changes[field.name] = changed
        return msgspec.structs.replace(thing, **changes) if changes else thing

    def changed(self, name: str, kind: Any, value: Any) -> Any:
        if kind == Text:
            return {language: self.wording(text, language) for language, text in value.items()}
        if name in EXPRESSIONS:
            return rename(value, self.words)
        if name in REFERENCES:
            return self.names.get(value, value)
        if isinstance(value, tuple) and isinstance(value[0], msgspec.Struct):
            return tuple(self.of(each) for each in value)
        return value

    def wording(self, text: str, language: str) -> str:
        label = self.item.label.get(language) or next(iter(self.item.label.values()), self.item.code)
        return PIPE.sub(
            lambda match: label if match[1].strip() == "item" else f"{{{{{rename(match[1], self.words)}}}}}", text
        )


def all_of(*conditions: str) -> str:
    """One condition that holds where all of these do."""
    return conditions[0] if len(conditions) == 1 else " and ".join(f"({each})" for each in conditions)
