"""Findings of answers that lie in a file: no programme, no wave, no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from surveys.analysis.diagnosis import diagnose
from surveys.analysis.findings import DiagnosisFindings, ProgrammeFacts, WaveFacts
from surveys.definition import Questionnaire, content_hash
from surveys.frame import dataset


def score(questionnaire: Questionnaire, stored: Sequence[dict[str, Any]]) -> DiagnosisFindings:
    """What ``stored`` answers say. Whoever holds the file may see all of it, so nothing is suppressed."""
    programme = ProgrammeFacts(name="", process="", scope="", owner="", sponsor="", stage="diagnosis")
    wave = WaveFacts(
        title="",
        role="baseline",
        anonymity="identified",
        minimum_group=1,
        minimum_comments=1,
        opened_on="",
        closed_on=None,
        questionnaire=questionnaire.title,
        questionnaire_name=questionnaire.name,
        version=0,
        content_hash=content_hash(questionnaire),
        verified=False,
    )
    lines = [msgspec.json.encode(each).decode() for each in stored]
    return diagnose(dataset(questionnaire, lines), programme, wave)
