"""What changed between two versions of a questionnaire, and whether a running wave may move from one to the other.

A wave may move where every answer it holds means the same afterwards: wordings may be corrected, languages and options
added. Everything else is refused, named by its reason; what is not known to be harmless is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from surveys.definition import Column, Page, Questionnaire, RatingScale, Scale, fields
from surveys.editing_places import inside, keys
from surveys.expansion import expand
from surveys.questions import Choice, QuestionBase
from surveys.text import Text

Kind = Literal["added", "removed", "renamed", "moved", "retyped", "reworded", "changed"]
Reason = Literal["", "removed", "renamed", "retyped", "added", "order", "condition", "scoring", "consent", "setting"]

OPEN_ENDED = frozenset(("single", "multiple", "dropdown", "image_choice", "choice_comment", "pain_points", "five_whys"))
"""Types whose options are chosen each for itself: one more changes nothing about those chosen before. A 5-Why chain
begins at one of them. Where they are weighed against each other (ranking, constant sum, best–worst), it would."""

CONDITIONS = frozenset(
    ("visible_if", "required_if", "holds", "when", "to", "expression", "repeat_over", "jumps", "rules")
)
SCORING = frozenset(("items", "reversed", "weights", "scales"))
HARMLESS = frozenset(("minutes", "bank"))
MEANING = frozenset(("unit",))  # wordings that say what a figure is


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. ``thing`` is what it is about (page, question, choice, …), called ``label``; ``field`` which of
    its fields, empty for the whole; ``old`` and ``new`` are words or codes, empty where there is none. ``reason`` says
    why a running wave may not follow, empty where it may."""

    kind: Kind
    thing: str
    place: str
    label: Text
    field: str = ""
    language: str = ""
    old: str = ""
    new: str = ""
    reason: Reason = ""

    @property
    def safe(self) -> bool:
        return not self.reason


def changes(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """All differences in the order of the new version, questions after the pages that hold them."""
    found = (*_struct(old, new, _Here("", "questionnaire", new.title)), *_questions(old, new))
    told = {each.place.split(".")[1] for each in found if not each.safe and each.place.startswith("questions.")}
    return (*found, *_columns(old, new, told))


def refusals(found: Sequence[Change]) -> tuple[Change, ...]:
    """What keeps a running wave from moving; empty where it may."""
    return tuple(each for each in found if not each.safe)


class _Here(msgspec.Struct, frozen=True):
    """Where a walk is: the place, what stands there, what it is called, and the question around it."""

    place: str
    thing: str
    label: Text
    question: QuestionBase | None = None

    def change(self, kind: Kind, reason: Reason = "", **details: str) -> Change:
        place = inside(self.place, *filter(None, (details.get("field", ""), details.get("language", ""))))
        return Change(kind=kind, thing=self.thing, place=place, label=self.label, reason=reason, **details)

    def enter(self, field: str, key: str, entry: Any) -> _Here:
        place = inside(self.place, field)
        around = entry if isinstance(entry, QuestionBase) else self.question
        return _Here(f"{place}.{key}", thing_of(entry), _label(entry, key), around)


def thing_of(entry: Any) -> str:
    """What a Struct is called: ``question`` for every type of question, else the name of its class."""
    return "question" if isinstance(entry, QuestionBase) else type(entry).__name__.lower()


def _label(entry: Any, key: str) -> Text:
    for field in ("text", "label", "title"):
        wording = getattr(entry, field, None)
        if isinstance(wording, dict) and wording:
            return wording
    return {"zh-CN": key, "en": key}


def _struct(old: Any, new: Any, here: _Here) -> Iterator[Change]:
    """Two of the same type, field by field. A page's questions are told by ``_questions``."""
    kind: type[msgspec.Struct] = type(new)
    for field in fields(kind):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after or (isinstance(new, Page) and field.name == "questions"):
            continue
        if field.type == Text:
            yield from _text(field.name, before, after, here)
        elif isinstance(after, tuple) and _coded(before + after):
            yield from _entries(field.name, keys(before), before, keys(after), after, here)
        elif isinstance(after, dict):
            yield from _entries(field.name, list(before), [*before.values()], list(after), [*after.values()], here)
        elif isinstance(after, tuple) and len(before) == len(after) and _structs(before + after):
            for number, pair in enumerate(zip(before, after, strict=True)):
                yield from _struct(*pair, here.enter(field.name, str(number), pair[1]))
        elif isinstance(new, RatingScale) and field.name == "labels" and len(before) == len(after):
            for number, (label, other) in enumerate(zip(before, after, strict=True)):
                yield from _text(f"labels.{number}", label, other, here)
        else:
            reason = _why(field.name, before, after)
            yield here.change("changed", reason, field=field.name, old=_plain(before), new=_plain(after))


def _coded(entries: Sequence[Any]) -> bool:
    return bool(entries) and all(hasattr(each, "code") for each in entries)


def _structs(entries: Sequence[Any]) -> bool:
    return all(isinstance(each, msgspec.Struct) for each in entries)


def _why(field: str, before: Any, after: Any) -> Reason:
    if field in HARMLESS or (field == "languages" and set(before) <= set(after)):
        return ""
    if field in CONDITIONS:
        return "condition"
    return "scoring" if field in SCORING else "setting"


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value == () or value == {}:
        return ""
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return msgspec.json.encode(value).decode()


def _text(field: str, before: Mapping[str, str], after: Mapping[str, str], here: _Here) -> Iterator[Change]:
    consent = here.question is not None and here.question.type == "consent"
    reason: Reason = "consent" if consent else "setting" if field in MEANING else ""
    for language in dict.fromkeys((*after, *before)):
        old, new = before.get(language, ""), after.get(language, "")
        if old != new:
            yield here.change("reworded", reason, field=field, language=language, old=old, new=new)


def _entries(
    field: str, old_keys: list[str], before: Sequence[Any], new_keys: list[str], after: Sequence[Any], here: _Here
) -> Iterator[Change]:
    """Two lists whose entries are known by a key."""
    old, new = dict(zip(old_keys, before, strict=True)), dict(zip(new_keys, after, strict=True))
    gone, came = [key for key in old if key not in new], [key for key in new if key not in old]
    renamed = _renamed(gone, came, old, new)
    for key in gone:
        if key not in renamed:
            yield here.enter(field, key, old[key]).change("removed", _why_removed(old[key]))
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    for key, entry in new.items():
        inner = here.enter(field, key, entry)
        if key in renamed.values():
            former = next(name for name, other in renamed.items() if other == key)
            yield inner.change("renamed", "renamed", old=former, new=key)
        elif key in came:
            yield inner.change("added", _why_added(entry, here))
        else:
            if key in moved and not isinstance(entry, RatingScale | Scale):
                yield inner.change("moved", "order")
            yield from _pair(old[key], entry, inner)


def _pair(old: Any, new: Any, here: _Here) -> Iterator[Change]:
    if type(old) is type(new) and isinstance(new, msgspec.Struct):
        yield from _struct(old, new, here)
    elif isinstance(new, QuestionBase) and isinstance(old, QuestionBase):
        yield here.change("retyped", "retyped", old=old.type, new=new.type)
        yield from _text("text", old.text, new.text, here)
    elif isinstance(new, dict) and isinstance(old, dict):
        yield from _text("", old, new, here)
    elif old != new:
        yield here.change("changed", "setting", old=_plain(old), new=_plain(new))


def _why_removed(entry: Any) -> Reason:
    """An answer scale that is used nowhere may go: where it was used, the question that used it has changed."""
    return "" if isinstance(entry, RatingScale) else "scoring" if isinstance(entry, Scale) else "removed"


def _why_added(entry: Any, here: _Here) -> Reason:
    if isinstance(entry, RatingScale):
        return ""
    if isinstance(entry, Choice) and here.question is not None and here.question.type in OPEN_ENDED:
        return ""
    return "scoring" if isinstance(entry, Scale) else "added"


def _renamed(gone: list[str], came: list[str], old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Who went and came back under another code, with all else the same: old key to new key."""
    found: dict[str, str] = {}
    for key in gone:
        for other in came:
            if other not in found.values() and _same_but_code(old[key], new[other]):
                found[key] = other
                break
    return found


def _same_but_code(one: Any, other: Any) -> bool:
    if type(one) is not type(other) or not hasattr(one, "code"):
        return False
    return bool(msgspec.structs.replace(one, code=other.code) == other)


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest keys that explain the new order: all but a longest run that kept its order."""
    place = {key: number for number, key in enumerate(before)}
    tails: list[int] = []
    runs: list[list[str]] = []
    for key in after:
        at = bisect_left(tails, place[key])
        run = [*(runs[at - 1] if at else []), key]
        tails[at : at + 1], runs[at : at + 1] = [place[key]], [run]
    return set(after).difference(runs[-1] if runs else [])


def _questions(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    """Questions are known by their codes whichever page they stand on."""
    before, after = list(old.questions()), list(new.questions())
    yield from _entries("questions", keys(before), before, keys(after), after, _Here("", "questionnaire", new.title))
    pages = {question.code: page for page in old.pages for question in page.questions}
    for page in new.pages:
        for question in page.questions:
            was = pages.get(question.code)
            if was is not None and was.code != page.code:
                here = _Here(inside("questions", question.code), "question", question.text)
                yield here.change("moved", "order", field="page", old=was.code, new=page.code)


def _columns(old: Questionnaire, new: Questionnaire, told: set[str]) -> Iterator[Change]:
    """What no field by itself shows: columns lost or altered by blanks in a sentence, carried options, repeats."""
    now = {column.name: column for column in expand(new).columns()}
    types = {question.code: question.type for question in expand(new).questions()}
    lost: dict[str, Column] = {}
    for column in expand(old).columns():
        kept = now.get(column.name)
        if kept is None or not _holds(column, kept, types.get(column.question, "")):
            lost.setdefault(column.question, column)
    for question, column in lost.items():
        if question not in told and new.question(question) is not None:
            here = _Here(inside("questions", question), "question", column.label)
            yield here.change("changed", "removed", field="columns", old=column.name)


def _holds(old: Column, new: Column, type_: str) -> bool:
    """Whether every answer in the old column is an answer of the new one, and means the same."""
    if (old.kind, old.low, old.high, old.unit, old.free) != (new.kind, new.low, new.high, new.unit, new.free):
        return False
    return set(old.choices) == set(new.choices) or (set(old.choices) <= set(new.choices) and type_ in OPEN_ENDED)


__all__ = ["Change", "changes", "refusals", "thing_of"]
