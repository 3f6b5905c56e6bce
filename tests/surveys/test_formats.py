"""Every form holds the whole questionnaire: what is written is read again as the same, whatever it is."""

from __future__ import annotations

import os

import hypothesis
import pytest
from hypothesis import given

from surveys import library
from surveys.definition import Questionnaire
from surveys.formats import text, yaml
from tests.surveys.questionnaires_at_random import questionnaires

CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
UNHURRIED = hypothesis.settings(
    max_examples=10_000 if CAMPAIGN else 150, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)


@given(questionnaires())
@UNHURRIED
def test_any_questionnaire_survives_yaml(one: Questionnaire) -> None:
    assert yaml.read(yaml.write(one)) == (one, [])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(one=questionnaires())
@UNHURRIED
def test_any_questionnaire_survives_the_text_form(language: str, one: Questionnaire) -> None:
    assert text.read(text.write(one, language)) == (one, [])


@pytest.mark.parametrize("name", library.names())
def test_the_library_survives_a_way_through_all_forms(name: str) -> None:
    one = library.load(name)
    for language in ("zh-CN", "en"):
        found, _ = text.read(text.write(one, language))
        assert found == one
