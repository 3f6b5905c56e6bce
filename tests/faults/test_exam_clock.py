"""Scripted attempts against the clock of an exam: whatever they do, nobody gains a second, and nothing fair is lost.

Each script is random deeds at random moments, past the deadline, too: saves of old, same and fresh revisions, pages
posted, a start sent again, a second tab, a second phone, somebody else's page, an attempt opened again after its end,
devices whose clock is up to a day off. A model of a few lines says what must count. Half of them sit through a night in
which the clocks change. ``make campaign`` plays two thousand.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar

from service.actions.sitting import expire
from service.app import create_app
from service.database import Database
from service.settings import Settings
from service.store import attempts
from service.store.attempts import Attempt
from service.store.exams import ExamRecord
from tests.pages.sittings import FakeClock, Sitter, bank, definition, opened
from tests.store import exam_makers

COUNT, MINUTES, GRACE = 5, 30, 5
NIGHTS = (
    datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 45, tzinfo=UTC),  # in Berlin 01:45, and at 02:00 it is 03:00
    datetime(2026, 6, 1, 23, 50, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 45, tzinfo=UTC),  # in Berlin 02:45, and at 03:00 it is 02:00
)


class Script:
    """One candidate's deeds, and what must become of them."""

    def __init__(self, app: Litestar, exam: ExamRecord, number: int, clock: FakeClock) -> None:
        self.app, self.exam, self.number, self.clock = app, exam, number, clock
        self.chance = random.Random(number)
        self.tabs = [Sitter(app, exam, number)]
        self.active = self.tabs[0]
        self.began = clock.now
        self.counted: dict[int, tuple[int, str]] = {}  # number of an item → revision and value
        self.fields: dict[int, tuple[str, list[str]]] = {}
        self.submitted: datetime | None = None
        self.done: Counter[str] = Counter()

    @property
    def deadline(self) -> datetime:
        return self.began + timedelta(minutes=MINUTES)

    @property
    def over(self) -> bool:
        return self.submitted is not None or self.clock.now > self.deadline + timedelta(seconds=GRACE)

    async def begin(self) -> None:
        first = self.tabs[0]
        self.off_by()
        await first.come()
        await first.start()
        for number in range(1, COUNT + 1):
            await first.see(number)
            [self.fields[number]] = first.fields().items()

    def off_by(self) -> None:
        """The devices' own clocks, said in every way that a request can say a time."""
        wrong = self.clock.now + timedelta(hours=self.chance.uniform(-24, 24))
        for tab in self.tabs:
            tab.client.headers.update({"Date": f"{wrong:%a, %d %b %Y %H:%M:%S GMT}", "X-Now": wrong.isoformat()})

    async def play(self, other: Script) -> None:
        often = (self.save, self.save, self.save, self.post, self.start_again, self.second_tab)
        deeds = (*often, self.save, self.save, self.post, self.look, self.hand_in, partial(self.anothers_page, other))
        for _ in range(self.chance.randint(8, 16)):
            self.clock.on(seconds=self.chance.choice((0.2, 20, 200, 600)) * self.chance.random())
            if self.chance.random() < 0.15:  # right at the edge
                self.clock.now = max(
                    self.clock.now, self.deadline + timedelta(seconds=self.chance.choice((-0.1, 0, 4.9, 5.1)))
                )
            self.off_by()
            deed = self.chance.choice(deeds)
            self.done[getattr(deed, "func", deed).__name__] += 1
            await deed()

    async def save(self) -> None:
        tab, number = self.chance.choice(self.tabs), self.chance.randint(1, COUNT)
        name, values = self.fields[number]
        known = self.counted.get(number, (0, ""))[0]
        revision, value = max(1, known + self.chance.choice((-1, 0, 1, 1, 1, 2))), self.chance.choice(values)
        said = await tab.save(number, revision, {name: [value]})
        if tab is self.active and not self.over:
            assert said["ruling"] == "stored"
            if revision > known and value != self.counted.get(number, (0, ""))[1]:
                self.counted[number] = (revision, value)
        else:
            assert said["ruling"] in ("late", "ended", "elsewhere")
        assert said["deadline"] == int(self.deadline.timestamp() * 1000)

    async def post(self) -> None:
        """As a page without scripts is posted, from a page that was opened now or long ago."""
        tab, number = self.chance.choice(self.tabs), self.chance.randint(1, COUNT)
        name, values = self.fields[number]
        known, before = self.counted.get(number, (0, ""))
        revision, value = max(1, known + self.chance.choice((0, 1))), self.chance.choice(values)
        form = {"_revision": (None, str(revision)), name: (None, value), "_next": (None, "1")}
        response = await tab.client.post(f"{tab.base}/{number}", files=form)
        if tab is self.active and not self.over and revision > known:
            assert response.status_code == 303
            if value != before:
                self.counted[number] = (revision, value)

    async def start_again(self) -> None:
        tab = self.chance.choice(self.tabs)
        await tab.client.post(f"{tab.door}/start", data={"attempt": str(self.chance.choice((1, 1, 2)))})
        self.seen_to()

    async def second_tab(self) -> None:
        """Of the same browser or of another phone; half of them take over."""
        same = self.chance.random() < 0.5
        tab = Sitter(self.app, self.exam, self.number, self.tabs[0].client if same else None)
        await tab.come()
        self.seen_to()
        if self.submitted is None and self.chance.random() < 0.5:
            await tab.take()
            self.tabs.append(tab)
            self.active = tab

    async def look(self) -> None:
        """Back, forward, the overview: whatever is opened shows the same end."""
        tab = self.chance.choice(self.tabs)
        response = await tab.client.get(f"{tab.base}/{self.chance.choice((1, COUNT, 'overview'))}")
        self.seen_to()
        if response.status_code == 200:
            assert f'data-deadline="{int(self.deadline.timestamp() * 1000)}"' in response.text

    async def hand_in(self) -> None:
        if self.chance.random() < 0.6:
            return
        tab = self.chance.choice(self.tabs)
        await tab.client.post(f"{tab.base}/submit")
        self.seen_to()
        if tab is self.active and self.submitted is None:
            self.submitted = min(self.clock.now, self.deadline)

    async def anothers_page(self, other: Script) -> None:
        tab = self.chance.choice(self.tabs)
        own, tab.base = tab.base, other.tabs[0].base
        name, values = other.fields[1]
        assert (await tab.save(1, 99, {name: [values[0]]}))["ruling"] in ("elsewhere", "late", "ended")
        assert 'name="_revision"' not in (await tab.client.get(f"{tab.base}/1")).text
        self.seen_to()
        tab.base = own

    def seen_to(self) -> None:
        """The server ends what it finds over."""
        if self.submitted is None and self.over:
            self.submitted = self.deadline


async def judge(database: Database, script: Script, attempt: Attempt) -> None:
    assert attempt.number == 1
    assert attempt.started_at == script.began
    assert attempt.deadline_at == script.deadline
    assert attempt.submitted_at == (script.submitted or script.deadline)
    codes = {each.number: each.code for each in attempt.paper.items}
    names = {each.number: each.names for each in attempt.paper.items}
    answers = await attempts.answers(database, attempt.id)
    answered = {number: answers[code] for number, code in codes.items() if code in answers}
    found = {number: (each.revision, each.response["choice"]) for number, each in answered.items()}
    assert found == {number: (revision, names[number][value]) for number, (revision, value) in script.counted.items()}
    last = script.deadline + timedelta(seconds=GRACE)
    assert all(each.at <= last for each in answers.values())
    counted = [each for each in await attempts.events(database, attempt.id) if each.kind in ("saved", "taken_over")]
    assert all(each.at <= min(last, attempt.submitted_at + timedelta(seconds=GRACE)) for each in counted)


async def played(settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, scripts: int) -> Counter[str]:
    app = create_app(msgspec.structs.replace(settings, time_zone="Europe/Berlin"), database)
    done: Counter[str] = Counter()
    for turn, night in enumerate(NIGHTS):
        clock = FakeClock(monkeypatch, night)
        exam = await opened(database, definition(COUNT, minutes=MINUTES, grace_seconds=GRACE), bank(COUNT + 3))
        for number in range(turn * scripts, (turn + 1) * scripts, 2):
            clock.now += timedelta(milliseconds=1)
            pair = []
            for each in (number, number + 1):
                await exam_makers.candidate(database, exam, each)
                pair.append(Script(app, exam, each, clock))
            start = clock.now
            for each, other in (pair, pair[::-1]):
                clock.now = start
                if not each.fields:
                    await each.begin()
                    await other.begin()
                await each.play(other)
            clock.now = start + timedelta(hours=2)
            await expire(database)
            by_candidate = await _attempts(database, exam.id, {each.number for each in pair})
            for each in pair:
                await judge(database, each, by_candidate[each.number])
                done += each.done
            clock.now = start
    return done


async def _attempts(database: Database, exam: UUID, numbers: set[int]) -> dict[int, Attempt]:
    rows = await database.fetch(
        "SELECT attempt.id, person.employee_number FROM attempt JOIN candidate ON candidate.id = attempt.candidate"
        " JOIN person ON person.id = candidate.person WHERE attempt.exam = ?",
        exam,
    )
    mine = [(int(row["employee_number"]), row["id"]) for row in rows if int(row["employee_number"]) in numbers]
    assert len(mine) == len(numbers)  # nobody has a second attempt
    found = {number: await attempts.load(database, identifier) for number, identifier in mine}
    return {number: each for number, each in found.items() if each is not None}


async def test_two_hundred_attempts_against_the_clock_gain_no_second(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
):
    scripts = 28 if database.dialect == "postgres" else 52
    done = await played(settings, database, monkeypatch, scripts)
    assert min(done.values()) > 20, done
    print(f"{scripts * len(NIGHTS)} attempts, {sum(done.values())} deeds: {dict(done)}")


@pytest.mark.campaign
async def test_two_thousand_attempts_against_the_clock_gain_no_second(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
):
    print(await played(settings, database, monkeypatch, 500))
