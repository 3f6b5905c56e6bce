"""The training report as a document: complete, intact, the same every time, worded in both languages."""

from __future__ import annotations

import io
import re
from typing import Any, get_args

import msgspec
import numpy as np
import pypdf
import pytest

from reports.figure import to_svg
from reports.figures.exam_items import item_map, option_bars, rasch_ladder
from reports.figures.exam_scores import pass_rates, score_distribution, topic_shares
from reports.training import render
from reports.training.items import suspect
from reports.training.summary import holds, lead, to_do
from reports.wording import texts, words
from surveys.analysis.findings import TargetFact
from surveys.analysis.training import training
from surveys.analysis.training_findings import (
    ItemFlag,
    Kirkpatrick,
    TrainingFindings,
    WaveLevel,
)
from surveys.analysis.training_levels import gain, metric_level
from surveys.exams.items import ITEM_TYPES
from surveys.text import LANGUAGES
from tests.reports.example import example
from tests.reports.hostile import strings
from tests.surveys.exam_model import PROGRAMME, exam, pool, sittings


def levels() -> Kirkpatrick:
    told = example()
    wave = WaveLevel(
        title="培训反馈", questionnaire={"zh-CN": "培训反馈", "en": "Feedback"}, responded=150, rate=None,
        scales=told.scales,
    )  # fmt: skip
    people = {str(person): 50.0 + person % 7 for person in range(40)}
    better = {person: score + 10 + int(person) % 3 for person, score in people.items()}
    pair = gain(({"zh-CN": "训前", "en": "Before"}, {"zh-CN": "训后", "en": "After"}), people, better)
    assert pair is not None
    target = TargetFact(metric="投诉关闭时长", unit="小时", baseline=72, target=48, direction="decrease")
    hours = np.linspace(30, 60, 60)
    metric = metric_level("投诉关闭时长", "小时", "duration", (hours + 30, hours), target)
    return Kirkpatrick(
        reaction=(wave,), learning=(pair,), behaviour=(wave,), results=(metric,), targets=(target,)
    )  # fmt: skip


def found(kirkpatrick: Kirkpatrick | None = None, *, essay: bool = False, **given: Any) -> TrainingFindings:
    data = sittings(essay=essay, **given)
    return training(data, pool(len(data.items), essay), PROGRAMME, exam(data), kirkpatrick)


def letters(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_holds_every_part_and_is_the_same_twice(language: str) -> None:
    findings = found(levels())
    pdf = render(findings, language)
    assert pdf == render(findings, language)
    titles = [entry["/Title"] for entry in pypdf.PdfReader(io.BytesIO(pdf)).outline if not isinstance(entry, list)]
    say = words(language)
    for topic in ("summary", "people", "scores", "topics", "items", "items.look", "rasch", "levels"):
        key = f"training.{topic}.topic" if topic != "items.look" else "training.items.look"
        assert any(say(key) in title for title in titles), topic
    content = letters(pdf)
    people = findings.participation
    for figure in (say.percent(people.pass_rate.value), say.number(findings.scores.mean.value, 1), findings.data_hash):
        assert re.sub(r"\s", "", figure) in content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", [{"n": 0}, {"n": 7}, {"n": 40}, {"drawn": 60}, {"essay": True}, {"n": 300, "k": 3}])
def test_every_kind_of_exam_has_its_report(given: dict[str, Any], language: str) -> None:
    findings = found(**given)
    pdf = render(findings, language)
    content = letters(pdf)
    plain = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert not re.search(r"\b(None|nan|inf)\b", plain)
    assert re.sub(r"\s", "", lead(findings, words(language)))[:20] in content


def test_every_estimate_that_is_printed_has_its_method_in_words() -> None:
    content = letters(render(found(levels()), "en"))
    for method in ("Wilson", "Feldt", "Livingston", "Kelley", "Andersen", "Fisher", "paired", "Hedges"):
        assert method in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_items_and_departments_are_printed_and_never_obeyed(language: str) -> None:
    data, asked = sittings(n=60), pool(20)
    hostile = strings()[:60]
    items = {}
    for number, (code, item) in enumerate(asked.items.items()):
        text = {"zh-CN": hostile[number], "en": hostile[number + 20]}
        options = [msgspec.structs.replace(option, label=text) for option in item.item.options]
        changed = msgspec.structs.replace(item.item, text=text, options=tuple(options))
        items[code] = msgspec.structs.replace(item, item=changed, topic=hostile[number + 40])
    data = msgspec.structs.replace(data, departments=tuple(hostile[i % 60] for i in range(len(data.departments))))
    findings = training(data, msgspec.structs.replace(asked, items=items), PROGRAMME, exam(data, minimum_group=1))
    assert pypdf.PdfReader(io.BytesIO(render(findings, language))).pages
    for draw in (item_map, pass_rates, topic_shares):
        scene = draw(findings, language)
        assert scene is None or "<script" not in to_svg(scene).lower()


def test_while_an_exam_is_open_the_report_shows_no_option() -> None:
    findings = found()
    labels = {option.label["zh-CN"] for item in findings.flagged for option in item.options}
    shown = letters(render(findings, "zh-CN"))
    assert any(re.sub(r"\s", "", label) in shown for label in labels)
    still_open = msgspec.structs.replace(findings, exam=msgspec.structs.replace(findings.exam, over=False))
    hidden = letters(render(still_open, "zh-CN"))
    assert not any(re.sub(r"\s", "", label) in hidden for label in labels)


def test_flags_types_and_verdicts_are_worded_in_both_languages() -> None:
    keys = [f"training.flag.{flag}" for literal in get_args(ItemFlag) for flag in get_args(literal) or (literal,)]
    keys += [f"training.type.{name}" for name in ITEM_TYPES]
    for key in keys:
        assert set(texts()[key]) == set(LANGUAGES)
    own = [wording for key, wording in texts().items() if key.startswith("training.")]
    assert all(set(wording) == set(LANGUAGES) for wording in own)
    blanks = [{re.sub(r"[^{}\w]", "", each) for each in re.findall(r"{\w+}", text)} for text in own[0].values()]
    assert blanks[0] == blanks[1]
    for wording in own:
        left, right = (set(re.findall(r"{(\w+)}", wording[language])) for language in LANGUAGES)
        assert left == right, wording


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [250.0, 483.0])
def test_figures_stay_within_their_width(width: float, language: str) -> None:
    findings = found()
    scenes = [draw(findings, language, width) for draw in (score_distribution, pass_rates, topic_shares, item_map)]
    scenes += [rasch_ladder(findings, language, width), option_bars(findings.flagged[0], language, width)]
    for scene in scenes:
        assert scene is not None
        for mark in scene.marks:
            for x in (getattr(mark, "x", 0.0), getattr(mark, "x", 0.0) + getattr(mark, "width", 0.0)):
                assert -1 <= x <= width + 1, mark
        assert to_svg(scene).startswith("<svg")


def test_the_summary_says_what_the_figures_support() -> None:
    say = words("zh-CN")
    findings = found(levels())
    assert "可疑" in lead(findings, say)
    claims = [claim for claim, _ in to_do(findings, say)]
    assert claims[0].startswith("复核题目")
    assert any("未参加者" in claim for claim in claims)
    assert any("提高" in claim for claim, _ in holds(findings, say))
    assert lead(found(n=0), say) == say("training.lead.none")
    key = next(item for item in findings.flagged if item.code == "q03")
    option = suspect(key)
    assert option is None or option.code == "a", "if anything is taken for the true answer, it is the true answer"
