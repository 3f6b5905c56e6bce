"""Whether an exam can be published: its blueprint, its pool, its rules. Places are paths of ``definition.Exam``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from surveys.exams.check_items import check_item
from surveys.exams.definition import Draw, Exam, Marking, Pool
from surveys.exams.drawing import fits, fixed_items, matched
from surveys.exams.items import BankItem, Item
from surveys.exams.marking import open_questions
from surveys.exams.messages import problem
from surveys.problem import Problem, has_errors
from surveys.text import Text

COUNT_LIMIT = 200
POINTS_LIMIT = 100_000
MINUTES_LIMIT = 24 * 60
ATTEMPTS_LIMIT = 20
GRACE_LIMIT = 60

_LANGUAGE_NAMES = {"zh-CN": {"zh-CN": "中文", "en": "Chinese"}, "en": {"zh-CN": "英文", "en": "English"}}


def problems(exam: Exam, pool: Pool) -> list[Problem]:
    """Everything that is wrong with an exam and the pool it draws from; errors forbid publishing it."""
    return [
        *_head(exam),
        *_places(exam, pool),
        *_markings(exam),
        *_passing(exam),
        *_sitting(exam),
        *_items(exam, pool),
    ]


def total(exam: Exam) -> int:
    """The points of every paper of the blueprint, in hundredths."""
    sections = exam.blueprint.sections
    fixed = sum(each.points for each in fixed_items(sections))
    return fixed + sum(each.count * each.points for section in sections for each in section.draws)


def draws_of(exam: Exam) -> list[tuple[str, Draw]]:
    """Every draw with its place."""
    return [
        (f"blueprint.sections.{number}.draws.{index}", each)
        for number, section in enumerate(exam.blueprint.sections)
        for index, each in enumerate(section.draws)
    ]


def askable(exam: Exam, pool: Pool) -> list[BankItem]:
    """The items that any paper may hold, in the pool's order."""
    fixed = {each.code for each in fixed_items(exam.blueprint.sections)}
    draws = [each for _, each in draws_of(exam)]
    return [each for code, each in pool.items.items() if code in fixed or any(fits(each, draw) for draw in draws)]


def _head(exam: Exam) -> Iterator[Problem]:
    if not any(each.strip() for each in exam.title.values()):
        yield problem("exam_title", "title")
    if not any(section.items or section.draws for section in exam.blueprint.sections):
        yield problem("no_items", "blueprint.sections")


def _places(exam: Exam, pool: Pool) -> Iterator[Problem]:
    """Fixed items are there once and reviewed; what is drawn suffices, for resits too."""
    seen: set[str] = set()
    for number, section in enumerate(exam.blueprint.sections):
        for index, fixed in enumerate(section.items):
            place = f"blueprint.sections.{number}.items.{index}"
            known = pool.items.get(fixed.code)
            if known is None:
                yield problem("fixed_unknown", f"{place}.code", code=fixed.code)
            elif known.state != "reviewed":
                yield problem("fixed_state", f"{place}.code", code=fixed.code)
            if fixed.code in seen:
                yield problem("fixed_twice", f"{place}.code", code=fixed.code)
            seen.add(fixed.code)
            if not 0 < fixed.points <= POINTS_LIMIT:
                yield problem("bad_points", f"{place}.points", limit=POINTS_LIMIT // 100)
    yield from _draws(exam, pool, seen)


def _draws(exam: Exam, pool: Pool, taken: set[str]) -> Iterator[Problem]:
    found, wrong = draws_of(exam), False
    for place, each in found:
        if not 0 < each.count <= COUNT_LIMIT:
            wrong = True
            yield problem("bad_count", f"{place}.count", limit=COUNT_LIMIT)
        if not 0 < each.points <= POINTS_LIMIT:
            yield problem("bad_points", f"{place}.points", limit=POINTS_LIMIT // 100)
    if wrong:
        return
    draws = [each for _, each in found]
    free = [each for code, each in pool.items.items() if code not in taken]
    candidates = [[item.code for item in free if fits(item, each)] for each in draws]
    filled = matched(candidates, draws, Counter())
    short = [
        (place, each, codes) for (place, each), codes in zip(found, filled, strict=True) if len(codes) < each.count
    ]
    for place, each, codes in short:
        yield problem("pool_small", f"{place}.count", needed=each.count, found=len(codes))
    attempts = exam.sitting.attempts
    if draws and not short and 1 < attempts <= ATTEMPTS_LIMIT:
        often = [msgspec.structs.replace(each, count=each.count * attempts) for each in draws]
        if any(
            len(codes) < each.count for codes, each in zip(matched(candidates, often, Counter()), often, strict=True)
        ):
            yield problem("pool_repeats", "sitting.attempts", severity="warning", attempts=attempts)


def _markings(exam: Exam) -> Iterator[Problem]:
    yield from _marking(exam.blueprint.marking, "blueprint.marking")
    for number, section in enumerate(exam.blueprint.sections):
        own = {f"items.{index}": each.marking for index, each in enumerate(section.items)}
        own |= {f"draws.{index}": each.marking for index, each in enumerate(section.draws)}
        for name, marking in own.items():
            if marking is not None:
                yield from _marking(marking, f"blueprint.sections.{number}.{name}.marking")
    if exam.blueprint.marking.floor > total(exam):
        yield problem("floor_high", "blueprint.marking.floor", total=f"{total(exam) / 100:g}")


def _marking(marking: Marking, place: str) -> Iterator[Problem]:
    if not 0 <= marking.penalty <= 1:
        yield problem("bad_penalty", f"{place}.penalty")
    if marking.unanswered > 0:
        yield problem("bad_unanswered", f"{place}.unanswered")


def _passing(exam: Exam) -> Iterator[Problem]:
    passing = exam.passing
    high = total(exam) if passing.by == "points" else 100
    if passing.by == "angoff" and not passing.value > 0:
        yield problem("no_angoff", "passing.value")
    elif not 0 <= passing.value <= high:
        shown = f"{high / 100:g}" if passing.by == "points" else high
        yield problem("bad_pass", "passing.value", low=0, high=shown)


def _sitting(exam: Exam) -> Iterator[Problem]:
    sitting = exam.sitting
    if not 1 <= sitting.minutes <= MINUTES_LIMIT:
        yield problem("bad_minutes", "sitting.minutes", limit=MINUTES_LIMIT)
    if not 1 <= sitting.attempts <= ATTEMPTS_LIMIT:
        yield problem("bad_attempts", "sitting.attempts", limit=ATTEMPTS_LIMIT)
    if not 0 <= sitting.grace_seconds <= GRACE_LIMIT:
        yield problem("bad_grace", "sitting.grace_seconds", limit=GRACE_LIMIT)
    if sitting.late_minutes is not None and sitting.late_minutes < 0:
        yield problem("bad_late", "sitting.late_minutes")


def _items(exam: Exam, pool: Pool) -> Iterator[Problem]:
    for each in askable(exam, pool):
        wrong = check_item(each)
        if has_errors(wrong):
            first = next(found for found in wrong if found.severity == "error")
            yield problem("item_wrong", f"pool.{each.code}", code=each.code, reason=first.message)
        for language in missing_languages(each.item, exam.languages):
            name = _LANGUAGE_NAMES.get(language, {"zh-CN": language, "en": language})
            yield problem("text_missing", f"pool.{each.code}", severity="warning", code=each.code, language=name)
        if exam.purpose == "practice" and open_questions(each.item):
            yield problem("practice_open", f"pool.{each.code}", severity="warning", code=each.code)


def missing_languages(item: Item, languages: tuple[str, ...]) -> list[str]:
    """The languages in which a candidate would miss words of an item."""
    texts = [each for each in _texts(item) if any(each.values())]
    return [language for language in languages if any(not each.get(language) for each in texts)]


def _texts(value: object) -> Iterator[Text]:
    """Every wording within, feedback and explanations included."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
