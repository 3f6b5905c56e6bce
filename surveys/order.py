"""Order by chance: pages, questions, options and arms, from one integer seed per response.

Each place is drawn by hashing seed, scope and code, so that the order is the same on every machine and in every version
of Python, needs no state, and an option added later leaves the others in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from surveys.definition import Page, Question, Questionnaire
    from surveys.questions.structure import Assignment

T = TypeVar("T")


class Coded(Protocol):
    """What is told apart by its code: a question, an option, a row, a step."""

    @property
    def code(self) -> str: ...


P = TypeVar("P", bound="Coded")


def by_lot(questionnaire: Questionnaire) -> bool:
    """Whether anything that is shown or stored follows from the seed."""
    if questionnaire.shuffled_pages or any(shuffles(page) for page in questionnaire.pages):
        return True
    return any(each.type == "assignment" for each in questionnaire.questions())


def shuffles(page: Page) -> bool:
    """Whether the page itself looks different by the seed."""
    return page.shuffle or any(getattr(each, "shuffle", False) for each in (*page.groups, *page.questions))


def page_order(questionnaire: Questionnaire, pages: Sequence[Page], seed: int) -> tuple[str, ...]:
    """Codes of ``pages`` as presented: those in ``shuffled_pages`` change places among themselves."""
    codes = [page.code for page in pages]
    moving = [code for code in codes if code in questionnaire.shuffled_pages]
    if not moving:
        return tuple(codes)
    return tuple(_shuffled(codes, seed, "pages", lambda code: code, lambda code: code not in moving))


def question_order(page: Page, questions: Iterable[Question], seed: int) -> tuple[Question, ...]:
    """Those ``questions`` of a page in the order shown: groups stay together, statements in their places."""
    shuffled_groups = {group.code for group in page.groups if group.shuffle}
    units: list[tuple[str, list[Question]]] = []
    for _, run in groupby(questions, key=lambda each: each.group or f"{each.code}."):
        members = list(run)
        group = members[0].group
        if group in shuffled_groups:
            members = _shuffled(members, seed, group, _code, _stays)
        units.append((group or members[0].code, members))
    if page.shuffle:
        units = _shuffled(units, seed, page.code, lambda unit: unit[0], lambda unit: _stays(unit[1][0]))
    return tuple(question for _, members in units for question in members)


def part_order(question: Question, parts: Sequence[P], seed: int) -> tuple[P, ...]:
    """Options or rows in the order shown. Fixed ones, exclusive ones and the one with a text field stay."""
    if not getattr(question, "shuffle", False):
        return tuple(parts)
    return tuple(_shuffled(parts, seed, question.code, _code, _stays))


def arm(question: Assignment, seed: int) -> str:
    """The code of the arm that a response is put into: arms get shares as their weights say."""
    drawn = _draw(seed, question.code, "arm") % sum(each.weight for each in question.arms)
    for each in question.arms:
        drawn -= each.weight
        if drawn < 0:
            return each.code
    raise ValueError("an assignment without arms")


def _code(coded: Coded) -> str:
    return coded.code


def _stays(thing: object) -> bool:
    kept = any(getattr(thing, mark, False) for mark in ("fixed", "exclusive", "other"))
    return kept or getattr(thing, "type", "") == "statement"


def _shuffled(
    things: Sequence[T], seed: int, scope: str, code: Callable[[T], str], stays: Callable[[T], bool]
) -> list[T]:
    """Those that do not stay change places among themselves."""
    moving = iter(sorted((each for each in things if not stays(each)), key=lambda each: _draw(seed, scope, code(each))))
    return [each if stays(each) else next(moving) for each in things]


def _draw(seed: int, scope: str, code: str) -> int:
    return int.from_bytes(blake2b(f"{seed}/{scope}/{code}".encode(), digest_size=8).digest())
