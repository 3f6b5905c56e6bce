"""A seeded model of the people who answer the demo's diagnosis: same seed, same answers, to the letter."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from service.demo import story
from service.store.people import Entry
from surveys.answers import Record
from surveys.definition import Questionnaire
from surveys.questions import Answers, PainPoints
from surveys.questions.measures import CAUSES

RESPONSES = 190
DAYS = 14  # that the wave is open
STRAIGHT_LINERS, HASTY, ENGLISH = 4, 5, 4
DEALS_ABROAD = "渠道支持组"

# Chances for one person or item
SKIPPED_ITEM, NOT_APPLICABLE_ITEM, SKIPPED_STEPS, KNOWS_OTHER_STEP = 0.015, 0.03, 0.07, 0.4
WRITES_KEEP, WRITES_IDEAS, WRITES_CAUSE = 0.3, 0.5, 0.7
HOURS_OF_DAY = (6, 7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20)  # hours people answer at

# What people write when they estimate: round figures, rounder the larger they are
MINUTES = (2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 960)
HOURS = (0, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 18, 20, 24, 30, 36, 48, 60, 72, 96, 120, 144, 168)
LEAD_HOURS = (24, 30, 36, 48, 60, 72, 80, 84, 96, 120, 144, 168, 192, 240, 288, 336)


class Submission(msgspec.Struct, frozen=True):
    """One person's answers. ``day`` and ``minute`` count from the wave's first midnight, local time."""

    person: Entry
    day: int
    minute: int
    seconds: int
    language: str
    answers: Answers
    not_applicable: tuple[str, ...]


def record_of(submission: Submission) -> Record:
    """As the server reads it from a form."""
    return Record(submission.answers, frozenset(submission.not_applicable))


def _yaml(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


class _Words:
    """Texts not yet used, shuffled once; nobody repeats what another wrote."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments = _yaml("comments.yaml")
        self.causes = {problem: self._shuffled(chains) for problem, chains in _yaml("causes.yaml").items()}
        self.other = self._shuffled(self.comments.pop("other_pains"))
        for question, groups in self.comments.items():
            self.comments[question] = {group: self._shuffled(texts) for group, texts in groups.items()}

    def _shuffled(self, texts: Sequence[Any]) -> list[Any]:
        return self.chance.sample(list(texts), len(texts))

    def comment(self, question: str, group: str) -> str | None:
        """A text of the person's own group, sometimes or at last one that anybody might have written."""
        own, anyone = self.comments[question].get(group, []), self.comments[question]["anyone"]
        if group == "english":
            return own.pop() if own else None
        first, second = (anyone, own) if self.chance.random() < 0.25 else (own, anyone)
        left = first or second
        return left.pop() if left else None

    def chain(self, problem: str) -> list[str] | None:
        left = self.causes.get(problem)
        return left.pop() if left else None


def submissions(questionnaire: Questionnaire, people: Sequence[Entry], seed: int = 48) -> list[Submission]:
    """``RESPONSES`` of the people's answers to the complaint diagnosis, in the order of submission."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    answering = _who_answers(people, chance)
    words = _Words(chance)
    numbers = range(len(answering))
    special = chance.sample(numbers, STRAIGHT_LINERS + HASTY)
    manner = dict.fromkeys(numbers, "careful")
    manner |= dict.fromkeys(special, "hasty") | dict.fromkeys(special[:STRAIGHT_LINERS], "straight")
    abroad = [number for number in numbers if answering[number].department.endswith(DEALS_ABROAD)]
    english = [number for number in abroad if manner[number] == "careful"][:ENGLISH]
    moods = {department: chance.gauss(0, 0.12) for department in sorted({each.department for each in people})}
    found = []
    for number, person in enumerate(answering):
        language = "en" if number in english else "zh-CN"
        mood = moods[person.department]
        found.append(_Participant(questionnaire, person, mood, manner[number], language, words, chance).answer())
    return sorted(found, key=lambda each: (each.day, each.minute, each.person.employee_number))


def _who_answers(people: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Weighted by willingness, without replacement (Efraimidis and Spirakis 2006), in the roster's order."""
    keys = {
        each.employee_number: chance.random() ** (1 / (story.WILLINGNESS[each.department.split("/")[0]] ** 3))
        for each in people
    }
    chosen = set(sorted(keys, key=keys.__getitem__, reverse=True)[:RESPONSES])
    return [each for each in people if each.employee_number in chosen]


def _nearest(value: float, figures: Sequence[float]) -> float:
    return min(figures, key=lambda figure: abs(figure - value))


class _Participant:
    """One person while answering: leanings that all answers share, and the answers so far."""

    def __init__(
        self, questionnaire: Questionnaire, person: Entry, mood: float, manner: str, language: str, words: _Words,
        chance: random.Random,
    ) -> None:  # fmt: skip
        self.questionnaire, self.person, self.words, self.chance = questionnaire, person, words, chance
        self.manner, self.language = manner, language
        self.mood = mood + chance.gauss(0, 0.42)
        self.leaning = {scale: chance.gauss(0, 0.68) for scale in story.AGREEMENT}
        self.pace = chance.gauss(0, 0.3)  # how long this person's cases take, on the log scale
        self.straight = chance.choice((2, 3, 3, 4))
        self.answers: Answers = {}
        self.not_applicable: list[str] = []

    def answer(self) -> Submission:
        self._about()
        self._items()
        if self.manner == "careful":
            self._steps()
            self._pains()
            self._comments()
        self.answers["overall"] = self._overall()
        day, minute, seconds = self._moment()
        marked = tuple(self.not_applicable)
        return Submission(self.person, day, minute, seconds, self.language, self.answers, marked)

    @property
    def team(self) -> str:
        return self.person.department.split("/")[1]

    def involved(self) -> list[str]:
        known = story.INVOLVED.get(self.team, ())
        if self.person.side == "manager":
            known = (*known, "handover", "approve")
        return [step for step in story.STEPS if step in known]

    def _about(self) -> None:
        chance = self.chance
        years = {"manager": (0, 2, 3, 5)}.get(self.person.side, (3, 5, 3, 3))
        codes = ("under_1", "from_1_to_3", "from_3_to_5", "from_5")
        self.answers["tenure"] = chance.choices(codes, years)[0]
        if chance.random() > 0.05:
            self.answers["cases"] = float(round(chance.gammavariate(2.2, story.CASES_PER_WEEK[self.person.side] / 2.2)))
        self.answers["involved"] = list(self.involved()) or ["none"]

    def _items(self) -> None:
        """All rows of all matrices that this person is asked."""
        side = self.person.side
        reversed_items = {item for scale in self.questionnaire.scales for item in scale.reversed}
        for column in self._rows():
            question = column.split(".")[0]
            if column in story.SOME_ASKED:
                mean, leaning = story.SOME_ASKED[column], 0.0
            else:
                mean = story.AGREEMENT[question] + story.SIDE_SHIFT[side].get(question, 0.0)
                mean, leaning = mean + story.ITEM_SHIFT.get(column, 0.0), self.leaning[question] + self.mood
            self._item(column, mean + leaning, column in reversed_items)

    def _rows(self) -> Iterator[str]:
        side = self.person.side
        asked = {"upstream": side == "upstream", "downstream": side == "downstream"}
        asked["approvals"] = side == "manager" or "approve" in self.involved()
        for page in self.questionnaire.pages:
            for question in page.questions:
                if question.type == "matrix" and asked.get(question.code, True):
                    yield from (f"{question.code}.{row.code}" for row in question.parts())

    def _item(self, column: str, expected: float, turned: bool) -> None:
        chance = self.chance
        if self.manner == "straight":
            self.answers[column] = self.straight
        elif self.manner == "hasty":
            self.answers[column] = chance.choices((1, 2, 3, 4, 5), (1, 3, 5, 4, 1))[0]
        elif column.split(".")[0] != "clarity" and chance.random() < self._irrelevance(column):
            self.not_applicable.append(column)
        elif chance.random() > SKIPPED_ITEM:
            score = min(5, max(1, round(expected + chance.gauss(0, 0.72))))
            self.answers[column] = 6 - score if turned else score

    def _irrelevance(self, column: str) -> float:
        away = column.startswith("customer.") and self.person.side == "downstream"
        return 0.14 if away else NOT_APPLICABLE_ITEM

    def _overall(self) -> int:
        if self.manner == "straight":
            return self.straight
        return min(5, max(1, round(2.7 + 1.1 * self.mood + self.chance.gauss(0, 0.6))))

    def _steps(self) -> None:
        chance = self.chance
        if chance.random() < SKIPPED_STEPS:
            return
        for step, typical in story.STEPS.items():
            stem = f"step.{step}"
            nearby = 0.75 if step in ("handover", "approve") else KNOWS_OTHER_STEP
            if step not in self.involved() and chance.random() > nearby:
                self.not_applicable += [f"{stem}.{part}" for part in ("work", "wait", "errors", "pain")]
                continue
            work = typical.work * chance.lognormvariate(self.pace / 2, 0.5)
            wait = typical.wait * chance.lognormvariate(self.pace, 0.55)
            self.answers[f"{stem}.work"] = float(_nearest(work, MINUTES))
            self.answers[f"{stem}.wait"] = float(_nearest(wait, HOURS))
            gloom = -0.4 * self.mood
            self.answers[f"{stem}.errors"] = min(5, max(1, round(typical.errors + gloom + chance.gauss(0, 0.7))))
            self.answers[f"{stem}.pain"] = min(5, max(1, round(typical.pain + gloom + chance.gauss(0, 0.75))))
        if chance.random() < 0.25:
            self.not_applicable.append("lead_time")
        else:
            hours = story.LEAD_TIME_HOURS * chance.lognormvariate(self.pace, 0.35)
            self.answers["lead_time"] = 60.0 * _nearest(hours, LEAD_HOURS)

    def _pains(self) -> None:
        chance, side = self.chance, self.person.side
        extra = story.SIDE_PAINS[side]
        weights = {code: weight + extra.get(code, 0.0) for code, weight in story.PAINS.items()}
        if not self.words.other:
            weights.pop("other")
        count = chance.choices((0, 1, 2, 3), (1, 2, 4, 9))[0]
        ranked = sorted(weights, key=lambda code: chance.random() ** (1 / weights[code]), reverse=True)[:count]
        if not ranked:
            return
        self.answers["pains"] = list(ranked)
        for place, code in enumerate(ranked):
            base = 3.5 + 0.35 * weights[code] - 0.35 * place - 0.3 * self.mood
            for part, shift in (("severity", 0.0), ("frequency", -0.2)):
                self.answers[f"pains.{code}.{part}"] = min(5, max(1, round(base + shift + chance.gauss(0, 0.7))))
            self.answers[f"pains.{code}.category"] = self._category(code)
        if "other" in ranked:
            self.answers["pains.other"] = self.words.other.pop()
        if self.language == "zh-CN" and chance.random() < WRITES_CAUSE and (chain := self.words.chain(ranked[0])):
            self.answers["cause.problem"] = ranked[0]
            self.answers.update({f"cause.why{number}": why for number, why in enumerate(chain, start=1)})

    def _category(self, code: str) -> str:
        """Nearly always the one that is offered; the free text has none to offer."""
        pains = self.questionnaire.question("pains")
        assert isinstance(pains, PainPoints)
        offered = next(choice.category for choice in pains.choices if choice.code == code)
        return offered if offered and self.chance.random() < 0.93 else self.chance.choice(CAUSES)

    def _comments(self) -> None:
        group = "english" if self.language == "en" else self.person.side
        for question, share in (("keep", WRITES_KEEP), ("ideas", WRITES_IDEAS)):
            if (group == "english" or self.chance.random() < share) and (text := self.words.comment(question, group)):
                self.answers[question] = text

    def _moment(self) -> tuple[int, int, int]:
        """Day and minute of submission and seconds taken: most at once, some after the reminder a week later."""
        chance = self.chance
        day = min(DAYS - 1, int(chance.expovariate(1 / 2.2)) + (7 if chance.random() < 0.35 else 0))
        minute = chance.choice(HOURS_OF_DAY) * 60 + chance.randrange(60)
        typical = {"careful": 560, "straight": 105, "hasty": 58}[self.manner]
        spread = 0.38 if self.manner == "careful" else 0.12
        return day, minute, round(typical * chance.lognormvariate(0, spread))
