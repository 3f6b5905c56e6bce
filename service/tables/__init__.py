"""Piccolo tables. The DDL itself is hand-written in migrations/, alike for SQLite and PostgreSQL.

Keys are UUID v7 made by the caller (``service.identifiers.new_id``); JSON is text encoded by msgspec; times are UTC.
"""

from __future__ import annotations

from service.tables.exams import (
    AngoffJudgement,
    Appeal,
    Attempt,
    AttemptAnswer,
    AttemptEvent,
    AttemptFile,
    AttemptScore,
    Candidate,
    Certificate,
    Exam,
    ExamDocument,
    ExamScoring,
    HandMark,
    Item,
    ItemBank,
    ItemVersion,
    PracticeAnswer,
)
from service.tables.pilot import Metric, MetricValue, PilotPlan
from service.tables.surveys import (
    Account,
    ApiKey,
    AuditEvent,
    AuthoringDraft,
    AuthoringState,
    BankItem,
    BankTag,
    BankVersion,
    Document,
    DraftAnswer,
    Ended,
    File,
    Invitation,
    Job,
    Membership,
    Person,
    Programme,
    Questionnaire,
    QuestionnaireTemplate,
    QuotaCount,
    Response,
    Run,
    Session,
    Target,
    Throttle,
    UniqueAnswer,
    Version,
    Wave,
)

TABLES = (
    Account, Session, Throttle, ApiKey, Programme, Target, Membership, Person, Questionnaire, Version,
    AuthoringDraft, AuthoringState, QuestionnaireTemplate, BankItem, BankVersion, BankTag, Wave, Invitation, Run,
    DraftAnswer, Response, Ended, QuotaCount, UniqueAnswer, File, Document, Job, AuditEvent, ItemBank, Item,
    ItemVersion, Exam, ExamScoring, Candidate, Attempt, AttemptAnswer, AttemptFile, AttemptEvent, AttemptScore,
    HandMark, AngoffJudgement, Appeal, Certificate, ExamDocument, PracticeAnswer, Metric, MetricValue,
    PilotPlan,
)  # fmt: skip

__all__ = [
    "TABLES", "Account", "AngoffJudgement", "ApiKey", "Appeal", "Attempt", "AttemptAnswer", "AttemptEvent",
    "AttemptFile", "AttemptScore", "AuditEvent", "AuthoringDraft", "AuthoringState", "BankItem", "BankTag",
    "BankVersion", "Candidate", "Certificate", "Document", "DraftAnswer", "Ended", "Exam", "ExamDocument",
    "ExamScoring", "File", "HandMark", "Invitation", "Item", "ItemBank", "ItemVersion", "Job", "Membership", "Metric",
    "MetricValue", "Person", "PilotPlan", "PracticeAnswer", "Programme", "Questionnaire", "QuestionnaireTemplate",
    "QuotaCount", "Response", "Run", "Session", "Target", "Throttle", "UniqueAnswer", "Version", "Wave",
]  # fmt: skip
