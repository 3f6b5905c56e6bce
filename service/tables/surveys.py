"""Accounts, programmes, people, questionnaires, waves, answers, jobs."""

from __future__ import annotations

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Account(Table, tablename="account"):
    """Somebody who signs in. Participants have none."""

    id = UUID(primary_key=True)
    email = Varchar(254, unique=True)
    name = Varchar(120)
    password_hash = Varchar(255)
    administrator = Boolean()
    language = Varchar(10)
    disabled = Boolean()
    created_at = Timestamptz()


class Session(Table, tablename="session"):
    """A signed-in browser; the cookie's token is stored only as its SHA-256."""

    token_hash = Varchar(64, primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    created_at = Timestamptz()
    last_seen_at = Timestamptz()
    expires_at = Timestamptz()


class Throttle(Table, tablename="throttle"):
    """Failures counted per subject (hashed e-mail, or "all") within a window."""

    subject = Varchar(80, primary_key=True)
    failures = Integer()
    window_started_at = Timestamptz()


class ApiKey(Table, tablename="api_key"):
    id = UUID(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    name = Varchar(120)
    key_hash = Varchar(64, unique=True)
    created_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class Programme(Table, tablename="programme"):
    """One process being improved, through six stages."""

    id = UUID(primary_key=True)
    slug = Varchar(63, unique=True)
    name = Varchar(200)
    process = Varchar(200)
    scope = Text()
    owner = Varchar(120)
    sponsor = Varchar(120)
    stage = Varchar(20)  # launch, diagnosis, redesign, pilot, rollout, improve
    created_at = Timestamptz()


class Target(Table, tablename="target"):
    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    position = Integer()
    metric = Varchar(200)
    unit = Varchar(40)
    baseline = DoublePrecision(null=True, default=None)
    target = DoublePrecision()
    direction = Varchar(10)  # decrease, increase


class Membership(Table, tablename="membership"):
    """An account's role in a programme; unique per pair."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    role = Varchar(10)  # lead, hr, author, viewer


class Person(Table, tablename="person"):
    """Somebody on a programme's roster; unique per programme and employee number."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    employee_number = Varchar(64)
    name = Varchar(120)
    department = Varchar(300)  # path with "/" between the levels
    position = Varchar(120)
    side = Varchar(20)  # upstream, downstream, operator, manager, customer
    email = Varchar(254)
    mobile = Varchar(32)
    active = Boolean()


class Questionnaire(Table, tablename="questionnaire"):
    """A questionnaire's working copy; what is answered is always a version."""

    id = UUID(primary_key=True)
    name = Varchar(63, unique=True)
    kind = Varchar(20)
    source = Text()  # YAML
    updated_at = Timestamptz()


class Version(Table, tablename="version"):
    """An immutable published state; unique per questionnaire and number, and per questionnaire and content hash."""

    id = UUID(primary_key=True)
    questionnaire = ForeignKey(Questionnaire, on_delete=OnDelete.restrict, null=False)
    number = Integer()
    content_hash = Varchar(64)
    definition = Text()  # canonical JSON
    source = Text()
    published_at = Timestamptz()


class AuthoringDraft(Table, tablename="authoring_draft"):
    """A questionnaire in the editor. ``revision`` rises with every change, undoing included; ``state`` is the number of
    the state shown. ``source_hash`` tells whether the working copy was written elsewhere meanwhile."""

    id = UUID(primary_key=True)
    questionnaire = ForeignKey(Questionnaire, on_delete=OnDelete.cascade, null=False, unique=True)
    revision = Integer()
    state = Integer()
    source_hash = Varchar(64)


class AuthoringState(Table, tablename="authoring_state"):
    """One state of a draft, named by the revision that made it; ``dropped`` where it was undone and passed over."""

    id = UUID(primary_key=True)
    questionnaire = ForeignKey(Questionnaire, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    dropped = Boolean()
    account = UUID(null=True, default=None)
    at = Timestamptz()
    definition = Text()  # canonical JSON


class QuestionnaireTemplate(Table, tablename="questionnaire_template"):
    """Marks a questionnaire as one that others are begun from."""

    questionnaire = ForeignKey(Questionnaire, on_delete=OnDelete.cascade, null=False, primary_key=True)
    account = UUID(null=True, default=None)
    at = Timestamptz()


class BankItem(Table, tablename="bank_item"):
    """A question of the bank. ``number`` is its newest version; ``words`` what it is found by, in small letters."""

    id = UUID(primary_key=True)
    code = Varchar(64, unique=True)
    type = Varchar(40)
    number = Integer()
    words = Text()
    retired = Boolean()
    updated_at = Timestamptz()


class BankVersion(Table, tablename="bank_version"):
    """One state of a bank item, which never changes; unique per item and number."""

    id = UUID(primary_key=True)
    item = ForeignKey(BankItem, on_delete=OnDelete.cascade, null=False)
    number = Integer()
    content = Text()  # JSON of surveys.bank.Item
    account = UUID(null=True, default=None)
    at = Timestamptz()


class BankTag(Table, tablename="bank_tag"):
    """A word that an author files a bank item under; unique per item."""

    id = UUID(primary_key=True)
    item = ForeignKey(BankItem, on_delete=OnDelete.cascade, null=False)
    tag = Varchar(40)


class Wave(Table, tablename="wave"):
    """One distribution of one version to an audience."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    version = ForeignKey(Version, on_delete=OnDelete.restrict, null=False)
    title = Varchar(200)
    stage = Varchar(20)
    role = Varchar(20)  # baseline, pilot, comparison, rollout, pulse
    anonymity = Varchar(12)  # anonymous, confidential, identified
    minimum_group = Integer()
    minimum_comments = Integer()
    state = Varchar(10)  # draft, open, closed
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    public_token = Varchar(
        43, null=True, default=None, unique=True
    )  # 128-bit or more; null where there is no public link
    personal_links = Boolean()
    audience = Text()  # JSON: departments, sides, people
    revision = Integer()  # rises when stored responses are edited or erased: columns cached before are void
    created_at = Timestamptz()
    settled = BigInt(null=True, default=None)  # the last sequence when it was first closed with answers


class Invitation(Table, tablename="invitation"):
    """One person in one wave; unique per pair. The link's token is derived from the secret key; its hash is here."""

    id = UUID(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    token_hash = Varchar(64, unique=True)
    opened = Boolean()
    submitted = Boolean()


class Run(Table, tablename="run"):
    """Answering in progress, on whatever device holds the token. Gone once submitted."""

    token_hash = Varchar(64, primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    language = Varchar(10)
    page = Varchar(64)
    started_at = Timestamptz()
    updated_at = Timestamptz()
    seed = BigInt(null=True, default=None)  # of order and arms; null in runs begun before there was one


class DraftAnswer(Table, tablename="draft_answer"):
    """One question's answer so far; primary key (token_hash, question), no foreign key so that writes never wait."""

    token_hash = Varchar(64, primary_key=True)  # half of it: Piccolo knows no composite keys
    question = Varchar(64)
    wave = UUID()
    value = Text()  # JSON: columns of the question


class Response(Table, tablename="response"):
    """One participant's submitted answers. ``sequence`` rises in commit order (the columnar cache's watermark).

    Anonymous: person and invitation null, submitted_at null, submitted_on the day, id random.
    """

    sequence = BigSerial(primary_key=True)
    id = UUID(unique=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    invitation = UUID(null=True, default=None, unique=True)
    person = UUID(null=True, default=None)
    receipt_hash = Varchar(64, unique=True)
    language = Varchar(10)
    submitted_on = Date()
    submitted_at = Timestamptz(null=True, default=None)
    seconds = Integer(null=True, default=None)
    department = Varchar(300)
    side = Varchar(20)
    source = Varchar(10)  # personal, public, import
    answers = Text()  # JSON: flat columns, "_not_applicable", "_not_shown", "_seed"
    version = UUID(null=True, default=None)  # the one that was answered
    packed = Text(
        default=""
    )  # the answers as surveys.packed writes them, "" for none: read by the columnar cache alone


class Ended(Table, tablename="ended"):
    """A way through that ended before the end: kept, but in no figure, no rate and no export of answers."""

    id = UUID(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    outcome = Varchar(12)  # screened_out, over_quota
    quota = Varchar(64)  # the quota that was full
    receipt_hash = Varchar(64, unique=True)  # of the device: coming again shows the same end
    version = UUID(null=True, default=None)
    language = Varchar(10)
    submitted_on = Date()
    department = Varchar(300)
    side = Varchar(20)
    source = Varchar(10)
    answers = Text()


class QuotaCount(Table, tablename="quota_count"):
    """How many responses a quota has let in; primary key (wave, quota)."""

    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False, primary_key=True)  # half of it
    quota = Varchar(64)
    responses = Integer()


class UniqueAnswer(Table, tablename="unique_answer"):
    """What one response has answered no other of the wave may; primary key (wave, question, value_hash)."""

    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False, primary_key=True)  # a third of it
    question = Varchar(64)
    value_hash = Varchar(64)
    response = ForeignKey(Response, on_delete=OnDelete.cascade, null=False, target_column=Response.id)


class File(Table, tablename="file"):
    """What is known of a file that a participant uploaded; its bytes lie in the data folder under its id."""

    id = UUID(primary_key=True)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    token_hash = Varchar(64)  # the run that uploaded it; empty once its response is stored
    response = UUID(null=True, default=None)  # the response that names it
    question = Varchar(64)
    name = Varchar(200)
    media_type = Varchar(100)
    size = Integer()
    sha256 = Varchar(64)
    added_on = Date()  # the day only: of an anonymous response no time of day is kept


class Document(Table, tablename="document"):
    """A made report. ``data_hash`` names the data it was made of."""

    id = UUID(primary_key=True)
    programme = ForeignKey(Programme, on_delete=OnDelete.cascade, null=False)
    wave = ForeignKey(Wave, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(20)
    language = Varchar(10)
    name = Varchar(200)
    data_hash = Varchar(64)
    content = Bytea()
    created_at = Timestamptz()


class Job(Table, tablename="job"):
    """Background work, claimed by one UPDATE … RETURNING with a lease."""

    id = UUID(primary_key=True)
    kind = Varchar(40)
    arguments = Text()
    state = Varchar(10)  # queued, running, done, failed
    attempts = Integer()
    lease_until = Timestamptz(null=True, default=None)
    result = Text()
    error = Text()
    created_at = Timestamptz()
    finished_at = Timestamptz(null=True, default=None)


class AuditEvent(Table, tablename="audit_event"):
    """Who did what, when, to what. Append-only."""

    id = UUID(primary_key=True)
    at = Timestamptz()
    account = UUID(null=True, default=None)
    programme = UUID(null=True, default=None)
    action = Varchar(60)
    subject = Varchar(200)
    detail = Text()
