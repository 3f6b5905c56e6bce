"""The pilot evaluation as a document: made whatever the data, nothing outside the page, no number of its own."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pypdf
import pypdfium2
import pytest

from reports import diagnosis
from reports.pilot import render
from reports.pilot.adjustments import sentences
from reports.style import MARGIN_X, PAGE_WIDTH
from reports.wording import rounded, texts, words
from surveys.analysis.pilot_adjustments import AdjustmentKey
from surveys.analysis.pilot_evaluation import Evaluation, evaluation
from surveys.analysis.pilot_findings import Metric, ReasonKey, RiskKey, Rule, SensitivityKey
from surveys.statistics.target import Verdict
from surveys.text import LANGUAGES
from tests.reports import example as diagnosed
from tests.reports.hostile import strings
from tests.reports.pilot_example import START, example, material, plan

EXAMPLE = example()


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def outside(pdf: bytes) -> list[tuple[int, str, float, float]]:
    """Letters beyond the margins, by page."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number in range(1, len(document)):  # the cover has margins of its own
        text = document[number].get_textpage()
        for place in range(text.count_rects()):
            left, _, right, _ = text.get_rect(place)
            if left < MARGIN_X - 8 or right > PAGE_WIDTH - MARGIN_X + 8:
                found.append((number + 1, text.get_text_bounded(*text.get_rect(place)), left, right))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [0, 3, 12, 200])
def test_a_report_is_made_of_any_number_and_stays_on_its_pages(n: int, language: str) -> None:
    pdf = render(example(n, n_cases=(n, n)), language)
    assert len(pages(pdf)) >= 6
    assert outside(pdf) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_holds_the_same_as_a4(language: str) -> None:
    letter = pypdf.PdfReader(io.BytesIO(render(EXAMPLE, language, "letter")))
    assert {tuple(map(float, page.mediabox[2:])) for page in letter.pages} == {(612.0, 792.0)}
    told, known = ("".join(pages(render(EXAMPLE, language, paper))) for paper in ("letter", "a4"))  # type: ignore[arg-type]
    assert set(re.findall(r"\d+\.\d+", told)) == set(re.findall(r"\d+\.\d+", known))
    assert diagnosis.render(diagnosed.example(), language, "letter").startswith(b"%PDF")


@pytest.mark.parametrize("departments", [1, 60])
def test_departments_make_no_difference_to_the_layout(departments: int) -> None:
    names = [f"第{number}分公司/售后服务与客户关系管理部/投诉处理{number}组" for number in range(departments)]
    assert outside(render(example(200, departments=names), "zh-CN")) == []


def test_a_hundred_thousand_cases_take_seconds() -> None:
    given = material(30, n_cases=(70_000, 30_000))
    began = time.process_time()
    pdf = render(evaluation(given), "zh-CN")
    assert time.process_time() - began < 6
    assert "70000" in "".join(pages(pdf)).replace(",", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_hostile_texts_harm_nothing(language: str) -> None:
    poison = [text for text in strings() if text.strip()][:30]
    for start in range(0, 30, 10):
        chosen = plan()
        measures = tuple(
            msgspec.structs.replace(measure, label={"zh-CN": bad, "en": bad}, unit={"zh-CN": bad, "en": bad})
            for measure, bad in zip(chosen.measures, poison[start:], strict=False)
        )
        found = example(40, comments=poison, chosen=msgspec.structs.replace(chosen, measures=measures))
        named = msgspec.structs.replace(found.programme, name=poison[start], process=poison[start + 1])
        pdf = render(msgspec.structs.replace(found, programme=named), language)
        assert outside(pdf) == []


def numbers(record: Any) -> Iterator[float]:
    if isinstance(record, bool):
        return
    if isinstance(record, int | float):
        yield float(record)
    for each in record.values() if isinstance(record, dict) else record if isinstance(record, list) else ():
        yield from numbers(each)


def printed(value: float) -> set[str]:
    """A number as a report may print it: itself, in percent, as the change that a ratio is."""
    forms = (value, value * 100, (value - 1) * 100)
    return {rounded(form, places).lstrip("−+") for form in forms for places in (1, 2, 3)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_pdf_is_one_of_the_api(language: str) -> None:
    """Each decimal on paper is a rounding of a number in the record that the API sends."""
    told = msgspec.json.decode(msgspec.json.encode(EXAMPLE))
    known = set().union(*(printed(value) for value in numbers(told)))
    versions = set(re.findall(r"\d+\.\d+", " ".join(EXAMPLE.library_versions.values())))
    said = re.findall(r"\d[\d,]*\.\d+", " ".join(pages(render(EXAMPLE, language))))
    strange = {number for number in said if number not in known and number not in versions}
    assert len(said) > 80
    assert strange - {"0.001"} == set()  # p < 0.001


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_changes_bounds_and_verdicts_of_the_api_stand_in_the_pdf(language: str) -> None:
    told = msgspec.json.decode(msgspec.json.encode(EXAMPLE), type=Evaluation)
    text = "".join(pages(render(EXAMPLE, language)))
    for found in told.pilot.metrics:
        change = found.change
        assert change.value is not None
        assert change.ci_low is not None
        times, shift = (100, 1) if change.params.get("null") == 1 else (1, 0)
        if found.metric.design.kind == "proportion":
            times = 100
        places = 2 if found.metric.design.kind == "score" else 1
        for value in (change.value, change.ci_low):
            assert rounded(abs((value - shift) * times), places) in text
        if found.verdict is not None:
            assert words(language)(f"pilot.verdict.{found.verdict}") in text


def test_the_same_evaluation_gives_the_same_bytes() -> None:
    assert render(EXAMPLE, "zh-CN") == render(example(), "zh-CN")


def test_answers_and_cases_in_any_order_give_the_same_record() -> None:
    given = material()
    turned = msgspec.structs.replace(given, cases={name: frame.reverse() for name, frame in given.cases.items()})
    assert msgspec.json.encode(evaluation(turned)) == msgspec.json.encode(evaluation(given))


@pytest.mark.parametrize(
    ("keys", "form"),
    [
        (RiskKey, "pilot.risk.{}"), (RiskKey, "pilot.risk.{}.each"), (RiskKey, "pilot.risk.{}.why"),
        (ReasonKey, "pilot.reason.clause.{}"), (SensitivityKey, "pilot.check.{}"), (Verdict, "pilot.verdict.{}"),
        (AdjustmentKey, "pilot.adjust.{}.figures"),
    ],
)  # fmt: skip
def test_whatever_may_be_found_is_worded(keys: Any, form: str) -> None:
    assert {form.format(key) for key in get_args(keys)} <= set(texts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_that_the_pilot_uses_is_explained(language: str) -> None:
    pdf = "".join(pages(render(EXAMPLE, language)))
    for found in EXAMPLE.pilot.metrics:
        assert f"method.{found.change.method}" in texts()
        assert found.change.method not in pdf


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_recommendation_names_its_figures(language: str) -> None:
    say = words(language)
    assert len(EXAMPLE.adjustments) >= 5
    for each in EXAMPLE.adjustments:
        action, figures = sentences(each, EXAMPLE, say)
        assert action
        assert re.search(r"\d", figures)


def test_a_plan_that_is_no_more_than_a_draft_says_so() -> None:
    record = msgspec.structs.replace(material().record, fixed_on=None)
    found = evaluation(msgspec.structs.replace(material(), record=record))
    assert found.pilot.decision.outcome != "go"
    assert "尚未定稿" in "".join(pages(render(found, "zh-CN")))


def test_a_rule_fixed_too_late_is_told_as_a_risk() -> None:
    late = msgspec.structs.replace(material().record, fixed_on=START.replace(day=20))
    found = evaluation(msgspec.structs.replace(material(), record=late))
    assert [risk.figure for risk in found.risks if risk.key == "late_plan"] == [18]
    assert "18 天" in "".join(pages(render(found, "zh-CN")))


def test_without_targets_there_is_nothing_to_judge() -> None:
    bare = tuple(msgspec.structs.replace(measure, target=None) for measure in plan().measures)
    found = example(chosen=plan(measures=bare, rule=Rule(fixed_on=START)))
    assert found.pilot.decision.outcome == "adjust"
    assert "没有写下目标" in re.sub(r"\s", "", "".join(pages(render(found, "zh-CN"))))


def test_the_record_survives_the_api() -> None:
    sent = msgspec.json.encode(EXAMPLE)
    again = msgspec.json.decode(sent, type=Evaluation)
    assert msgspec.json.decode(msgspec.json.encode(again)) == msgspec.json.decode(sent)
    assert isinstance(again.pilot.metrics[0].metric, Metric)
