"""A further scoring of an exam: correcting keys, granting or dropping items, and whose result it changes.

Nothing here overwrites: a scoring is a whole ``Pool``, and a correction makes another one. An item's stem, options and
wordings stay as the candidates saw them; only what counts as right can change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from surveys.exams.definition import Pool
from surveys.exams.items import (
    Accepted,
    AnyItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    ShortAnswerItem,
    SingleItem,
    TrueFalseItem,
)
from surveys.text import Text

Treatment = Literal["keyed", "granted", "dropped"]
Fault = Literal["nothing_right", "not_a_number", "twice"]
Form = Mapping[str, Sequence[str]]

_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_TOLERATED = re.compile(rf"=?\s*({_NUMBER})\s*(?:(?:±|\+/?-)\s*({_NUMBER}))?")
_TRUE_FALSE = (
    Option(code="true", label={"zh-CN": "正确", "en": "True"}),
    Option(code="false", label={"zh-CN": "错误", "en": "False"}),
)


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of an item's key. ``several`` and ``one`` choose among ``options`` by code; ``lines`` are accepted
    answers, one each: text, or ``= 72 ± 0.5``. ``label`` is empty where the item has one key only."""

    name: str
    kind: Literal["several", "one", "lines"]
    label: Text
    options: tuple[Option, ...] = ()
    value: tuple[str, ...]


def keys(item: AnyItem) -> tuple[Key, ...]:
    """What of an item can be corrected; empty where it is marked by hand. Names equal those of the response's parts,
    but for an ordering, which has one key for each place."""
    match item:
        case SingleItem() | MultipleItem():
            right = tuple(each.code for each in item.options if each.correct)
            return (Key(name="choice", kind="several", label={}, options=item.options, value=right),)
        case TrueFalseItem():
            value = ("true" if item.correct else "false",)
            return (Key(name="choice", kind="one", label={}, options=_TRUE_FALSE, value=value),)
        case BlanksItem() | ClozeItem():
            return tuple(_lines(gap.code, gap.label or {"und": gap.code}, gap.accepted) for gap in item.gaps)
        case NumericItem():
            return (_lines("number", {}, item.accepted),)
        case ShortAnswerItem():
            return (_lines("text", {}, item.accepted),)
        case MatchingItem():
            return tuple(
                Key(name=each.code, kind="one", label=each.label, options=item.options, value=(each.option,))
                for each in item.pairs
            )
        case OrderingItem():
            return tuple(
                Key(name=f"place{number}", kind="one", label={"und": str(number)}, options=item.options,
                    value=(each.code,))
                for number, each in enumerate(item.options, 1)
            )  # fmt: skip
        case CaseItem():
            return tuple(
                replace(key, name=f"{each.code}.{key.name}", label=key.label or each.item.text)
                for each in item.questions
                for key in keys(each.item)
            )
    return ()


def _lines(name: str, label: Text, accepted: Iterable[Accepted]) -> Key:
    return Key(name=name, kind="lines", label=label, value=tuple(map(line, accepted)))


def line(accepted: Accepted) -> str:
    """An accepted answer as it is read and typed: ``72 小时``, ``= 72``, ``= 72 ± 0.5``."""
    if accepted.number is None:
        return accepted.text
    return f"= {accepted.number:g}" + (f" ± {accepted.tolerance:g}" if accepted.tolerance else "")


class _Faulty(Exception):
    def __init__(self, name: str, fault: Fault) -> None:
        self.name, self.fault = name, fault
        super().__init__(name)


def rekeyed(item: AnyItem, form: Form) -> tuple[AnyItem, dict[str, Fault]]:
    """The item with the key that ``form`` has (names of ``keys``), or the item as it was and what is wrong where.

    What stays accepted keeps its share and feedback; an option that becomes right or wrong loses a share of its own.
    """
    try:
        return _rekeyed(item, "", form), {}
    except _Faulty as found:
        return item, {found.name: found.fault}


def _rekeyed(item: AnyItem, prefix: str, form: Form) -> AnyItem:
    def accepted(name: str, before: tuple[Accepted, ...], numeric: bool = False) -> tuple[Accepted, ...]:
        return _accepted(prefix + name, before, form, numeric)

    def one(name: str, options: Sequence[Option]) -> str:
        return _one(prefix + name, options, form)

    match item:
        case SingleItem() | MultipleItem():
            right = set(form.get(prefix + "choice", ())) & {each.code for each in item.options}
            if not right:
                raise _Faulty(prefix + "choice", "nothing_right")
            return replace(item, options=tuple(_judged(each, each.code in right) for each in item.options))
        case TrueFalseItem():
            return replace(item, correct=one("choice", _TRUE_FALSE) == "true")
        case BlanksItem() | ClozeItem():
            return replace(
                item, gaps=tuple(replace(gap, accepted=accepted(gap.code, gap.accepted)) for gap in item.gaps)
            )
        case NumericItem():
            return replace(item, accepted=accepted("number", item.accepted, numeric=True))
        case ShortAnswerItem():
            return replace(item, accepted=accepted("text", item.accepted))
        case MatchingItem():
            return replace(item, pairs=tuple(replace(each, option=one(each.code, item.options)) for each in item.pairs))
        case OrderingItem():
            return _reordered(
                item, [one(f"place{place}", item.options) for place, _ in enumerate(item.options, 1)], prefix
            )
        case CaseItem():
            questions = (
                replace(each, item=_rekeyed(each.item, f"{prefix}{each.code}.", form)) for each in item.questions
            )
            return replace(item, questions=tuple(questions))
    return item


def _judged(option: Option, right: bool) -> Option:
    return option if option.correct == right else replace(option, correct=right, share=None)


def _one(name: str, options: Sequence[Option], form: Form) -> str:
    chosen = next(iter(form.get(name, ())), "")
    if chosen not in {each.code for each in options}:
        raise _Faulty(name, "nothing_right")
    return chosen


def _reordered(item: OrderingItem, codes: list[str], prefix: str) -> OrderingItem:
    for place, code in enumerate(codes, 1):
        if code in codes[: place - 1]:
            raise _Faulty(f"{prefix}place{place}", "twice")
    by_code = {each.code: each for each in item.options}
    return replace(item, options=tuple(by_code[code] for code in codes))


def _accepted(name: str, before: tuple[Accepted, ...], form: Form, numeric: bool) -> tuple[Accepted, ...]:
    known = {line(each): each for each in before}
    typed = [each.strip() for text in form.get(name, ()) for each in text.splitlines() if each.strip()]
    if not typed:
        raise _Faulty(name, "nothing_right")
    return tuple(known.get(each) or _read(name, each, numeric) for each in dict.fromkeys(typed))


def _read(name: str, typed: str, numeric: bool) -> Accepted:
    number = _TOLERATED.fullmatch(typed)
    if number and (numeric or typed.startswith("=")):
        return Accepted(number=float(number[1]), tolerance=abs(float(number[2] or 0)))
    if numeric or typed.startswith("="):
        raise _Faulty(name, "not_a_number")
    return Accepted(text=typed)


# Pools


def corrected(pool: Pool, code: str, treatment: Treatment, item: AnyItem) -> Pool:
    """The pool in which ``code`` has ``item``'s key, or is granted or dropped. Raises KeyError for a strange code."""
    kept = replace(pool.items[code], item=item)
    granted = {*pool.granted} - {code} | ({code} if treatment == "granted" else set())
    dropped = {*pool.dropped} - {code} | ({code} if treatment == "dropped" else set())
    return Pool(items={**pool.items, code: kept}, granted=tuple(sorted(granted)), dropped=tuple(sorted(dropped)))


def treatment(pool: Pool, code: str) -> Treatment:
    return "granted" if code in pool.granted else "dropped" if code in pool.dropped else "keyed"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """How an item differs between two scorings. ``before`` and ``after`` are its keys, equal where only the treatment
    changed."""

    code: str
    treatment_before: Treatment
    treatment: Treatment
    before: tuple[Key, ...]
    after: tuple[Key, ...]


def corrections(before: Pool, after: Pool) -> list[Correction]:
    """Every item that two scorings treat differently, by code."""
    return [
        Correction(
            code=code, treatment_before=treatment(before, code), treatment=treatment(after, code),
            before=keys(before.items[code].item), after=keys(after.items[code].item),
        )
        for code in sorted(before.items.keys() & after.items.keys())
        if before.items[code] != after.items[code] or treatment(before, code) != treatment(after, code)
    ]  # fmt: skip


# Results


class Result(msgspec.Struct, frozen=True):
    """What an attempt comes to by one scoring. Points are hundredths."""

    points: int
    total: int
    passed: bool


class Difference(msgspec.Struct, frozen=True):
    """An attempt whose result two scorings do not agree on."""

    attempt: str
    before: Result
    after: Result

    @property
    def verdict(self) -> Literal["passes", "fails", "same"]:
        """Whether the correction makes it pass, makes it fail, or only changes points."""
        if self.before.passed == self.after.passed:
            return "same"
        return "passes" if self.after.passed else "fails"


def differences(before: Mapping[str, Result], after: Mapping[str, Result]) -> list[Difference]:
    """Whose result changes: those who no longer pass first, then who now do, then by the change of their points."""
    order: Callable[[Difference], tuple[int, int, str]] = lambda each: (  # noqa: E731 (named for the reader)
        ("fails", "passes", "same").index(each.verdict), each.after.points - each.before.points, each.attempt,
    )  # fmt: skip
    changed = (
        Difference(attempt, before[attempt], after[attempt])
        for attempt in before.keys() & after.keys()
        if before[attempt] != after[attempt]
    )
    return sorted(changed, key=order)
