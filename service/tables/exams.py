"""Exams: items, papers, attempts, marks."""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Bytea, Date, DoublePrecision, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from service.tables.surveys import Person, Programme


class ItemBank(Table, tablename="item_bank"):
    """A programme's collection of exam items; ``code`` unique per programme."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    code = Varchar(63)
    title = Varchar(200)
    created_at = Timestamptz()


class Item(Table, tablename="item"):
    """An exam item; ``code`` unique per bank, ``number`` its newest version, ``words`` what it is found by."""

    id = UUID(primary_key=True)
    bank = ForeignKey(ItemBank, on_delete=OnDelete.cascade, null=False)
    code = Varchar(64)
    number = Integer()
    type = Varchar(20)
    category = Varchar(200)
    topic = Varchar(200)
    difficulty = Varchar(10)
    bloom = Varchar(12)
    state = Varchar(10)  # draft, reviewed, retired
    tags = Text()  # each between line ends
    words = Text()
    updated_at = Timestamptz()


class ItemVersion(Table, tablename="item_version"):
    """One state of an item, which never changes; unique per item and number."""

    id = UUID(primary_key=True)
    item = ForeignKey(Item, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    content = Text()  # JSON of surveys.exams.items.BankItem
    account = UUID(null=True, default=None)
    at = Timestamptz()


class Exam(Table, tablename="exam"):
    """An exam; ``definition`` is JSON of surveys.exams.definition.Exam, fixed once it is published."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    bank = ForeignKey(ItemBank, on_delete=OnDelete.restrict, null=False)
    code = Varchar(63)
    definition = Text()
    state = Varchar(10)  # draft, published, closed
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    password_hash = Varchar(255)
    scoring = Integer()  # the scoring version that counts; 0 before publication
    released_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class ExamScoring(Table, tablename="exam_scoring"):
    """The items and keys that an exam is marked by; number 1 at publication, a further one for each change of keys."""

    id = UUID(primary_key=True)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    pool = Text()  # JSON of surveys.exams.definition.Pool
    reason = Text()
    account = UUID(null=True, default=None)
    at = Timestamptz()


class Candidate(Table, tablename="candidate"):
    """A person who may sit an exam. The link's token is derived from the secret key; its hash is here."""

    id = UUID(primary_key=True)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    token_hash = Varchar(64, unique=True)
    extra_minutes = Integer()
    extra_attempts = Integer()
    seat = Varchar(40)


class Attempt(Table, tablename="attempt"):
    """A candidate's sitting; unique per candidate and number. ``deadline_at`` is fixed by the server at the start."""

    id = UUID(primary_key=True)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    candidate = ForeignKey(Candidate, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    paper = Text()  # JSON of surveys.exams.definition.Paper
    language = Varchar(10)
    device_hash = Varchar(64)  # of the tab or phone that is the active one
    position = Integer()  # number of the item last worked on; with one-way navigation the only one open
    started_at = Timestamptz()
    deadline_at = Timestamptz()
    submitted_at = Timestamptz(null=True, default=None)
    ended_by = Varchar(10)  # candidate, deadline; empty while it runs


class AttemptAnswer(Table, tablename="attempt_answer"):
    """The newest answer to an item; primary key (attempt, item). ``revision`` counts on the device and never falls."""

    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False, primary_key=True)  # half of it
    item = Varchar(64)
    revision = Integer()
    response = Text()  # JSON of surveys.exams.items.Response
    flagged = Boolean()
    at = Timestamptz()


class AttemptFile(Table, tablename="attempt_file"):
    """A file that a candidate uploaded as an answer; its bytes lie in the data folder under its id. Never replaced:
    which one counts is what the answer names."""

    id = UUID(primary_key=True)
    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False)
    item = Varchar(64)
    name = Varchar(200)
    media_type = Varchar(100)
    size = Integer()
    sha256 = Varchar(64)
    added_on = Date()


class AttemptEvent(Table, tablename="attempt_event"):
    """What happened in an attempt, and when the server learnt of it. Append-only: the evidence in an appeal."""

    id = UUID(primary_key=True)
    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False)
    at = Timestamptz()
    kind = Varchar(20)  # started, saved, late, stale, left, returned, reconnected, taken_over, submitted, expired
    item = Varchar(64)
    revision = Integer()
    detail = Text()  # JSON


class AttemptScore(Table, tablename="attempt_score"):
    """An attempt's marks by one scoring version; primary key (attempt, scoring). Points are hundredths."""

    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False, primary_key=True)  # half of it
    scoring = Integer()
    points = Integer()
    total = Integer()
    passed = Boolean()
    provisional = Boolean()  # open answers are not all marked yet
    marks = Text()  # JSON: item code to surveys.exams.marking.Mark
    at = Timestamptz()


class HandMark(Table, tablename="hand_mark"):
    """A marker's points for an open answer. Marking again replaces it, which stays."""

    id = UUID(primary_key=True)
    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False)
    item = Varchar(130)  # in a case item.question
    role = Varchar(8)  # first, second, or agreed where those two differed
    account = UUID()
    points = Integer()
    rubric = Text()  # JSON: criterion to points
    comment = Text()
    at = Timestamptz()
    replaced_at = Timestamptz(null=True, default=None)


class AngoffJudgement(Table, tablename="angoff_judgement"):
    """How probably, by one judge, a barely competent candidate answers an item right; unique per exam, judge, item."""

    id = UUID(primary_key=True)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    judge = Varchar(120)
    item = Varchar(64)
    probability = DoublePrecision()


class Appeal(Table, tablename="appeal"):
    """A candidate's objection to a mark, and what was decided; unique per attempt and item."""

    id = UUID(primary_key=True)
    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False)
    item = Varchar(64)
    text = Text()
    opened_at = Timestamptz()
    decision = Text()
    upheld = Boolean(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)


class Certificate(Table, tablename="certificate"):
    """Proof of a passed exam; anybody may verify its serial number."""

    serial = Varchar(32, primary_key=True)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    candidate = ForeignKey(Candidate, on_delete=OnDelete.cascade, null=False, unique=True)
    attempt = ForeignKey(Attempt, on_delete=OnDelete.cascade, null=False)
    issued_on = Date()
    valid_until = Date(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class PracticeAnswer(Table, tablename="practice_answer"):
    """How a candidate last repeated an item from the book of wrong answers; primary key (candidate, item)."""

    candidate = ForeignKey(Candidate, on_delete=OnDelete.cascade, null=False, primary_key=True)  # half of it
    item = Varchar(64)
    times = Integer()
    mastered = Boolean()  # answered for full points the last time
    at = Timestamptz()


class ExamDocument(Table, tablename="exam_document"):
    """A made report of an exam. ``data_hash`` names the data it was made of."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    exam = ForeignKey(Exam, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(20)
    language = Varchar(10)
    name = Varchar(200)
    data_hash = Varchar(64)
    content = Bytea()
    created_at = Timestamptz()
