"""What those read who see others' answers."""

from __future__ import annotations

from surveys.expansion import expand
from surveys.impersonal import impersonal
from tests.surveys.test_gallery import GALLERY
from tests.surveys.written import questionnaire

HEAD = """\
name: test
kind: pulse
title: {zh: 测试, en: Test}
process: {zh: 采购审批, en: purchase approval}
"""
COLLEAGUES = """\
    - code: people
      questions:
        - code: helper
          type: blanks
          text: {zh: 您常找谁帮忙？, en: Who helps you?}
          blanks: {first: {zh: 第一位同事, en: First colleague}, second: {zh: 第二位同事, en: Second colleague}}
    - code: each
      groups: [{code: one, repeat_over: helper}]
      questions:
        - code: rated
          group: one
          type: nps
          text: {zh: "{{item}} 在{{process}}上帮了多大的忙？", en: "How much has {{ item }} helped ({{ 1 + 2 }})?"}
"""


def test_a_label_names_what_was_asked_where_it_would_repeat_an_answer() -> None:
    definition = expand(questionnaire(COLLEAGUES, HEAD))
    texts = {question.code: question.text for question in impersonal(definition).questions()}
    assert texts["rated_first"] == {
        "zh-CN": "〔第一位同事〕 在采购审批上帮了多大的忙？",
        "en": "How much has [First colleague] helped (…)?",
    }


def test_what_repeats_nothing_stays_as_it_is() -> None:
    assert impersonal(GALLERY) == GALLERY
