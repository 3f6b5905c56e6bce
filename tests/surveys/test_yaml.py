"""The YAML form: read kindly, refused clearly, written readably; the hash that names a version; the schema."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import library
from surveys.definition import content_hash, from_json, to_json
from surveys.formats import yaml
from surveys.formats.schema import schema
from tests.surveys.written import EVERY_TYPE, HEAD, one_page, questionnaire

DOCS = Path(__file__).parents[2] / "docs"


def problems(source: str | bytes) -> list[tuple[str, str, int | None]]:
    found, told = yaml.read(source)
    assert found is None
    return [(each.code, each.place, each.line) for each in told]


def lines(*questions: str) -> str:
    """A file whose questions begin on line 10."""
    return f"{HEAD}pages:\n  - code: p\n    questions:\n" + "".join(f"      - {each}\n" for each in questions)


def test_plain_strings_and_zh_are_chinese() -> None:
    one = one_page("a: {type: nps, text: 你好, hint: {zh: 提示, en: Hint}}")
    question = one.pages[0].questions[0]
    assert question.text == {"zh-CN": "你好"}
    assert question.hint == {"zh-CN": "提示", "en": "Hint"}


def test_words_stay_words_and_numbers_in_wordings_stay_text() -> None:
    one = one_page("a: {type: single, text: 2024, choices: {yes: on, no: 007, off: 1.50}}")
    question = one.pages[0].questions[0]
    assert question.text == {"zh-CN": "2024"}
    assert [(each.code, each.label["zh-CN"]) for each in question.parts()] == [
        ("yes", "on"),
        ("no", "007"),
        ("off", "1.50"),
    ]


def test_lists_and_maps_of_coded_things_are_the_same() -> None:
    short = one_page("a: {type: single, text: t, choices: {x: X, y: {label: Y, other: true}}}")
    long = questionnaire("""\
        - code: p
          questions:
            - {code: a, type: single, text: t, choices: [{code: x, label: X}, {code: y, label: Y, other: true}]}
    """)
    assert short == long


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("{code: a, type: singl, text: t}", ("unknown_type", "pages.0.questions.0.type", 10)),
        ("{code: a, text: t}", ("missing_key", "pages.0.questions.0.type", 10)),
        ("{code: a, type: nps}", ("missing_key", "pages.0.questions.0.text", 10)),
        ("{code: a, type: nps, text: t, choices: {}}", ("unknown_key", "pages.0.questions.0.choices", 10)),
        ("{code: a, type: nps, text: t, text: u}", ("duplicate_key", "pages.0.questions.0", 10)),
        ("{code: a, type: nps, text: t, required: yes}", ("wrong_value", "pages.0.questions.0.required", 10)),
        ("{code: a, type: nps, text: [t]}", ("wrong_value", "pages.0.questions.0.text", 10)),
        ("{code: a, type: number, text: t, high: lots}", ("wrong_value", "pages.0.questions.0.high", 10)),
        ("{code: a, type: number, text: t, decimals: 1.5}", ("wrong_value", "pages.0.questions.0.decimals", 10)),
        ("{code: a, type: duration, text: t, units: [week]}", ("not_allowed", "pages.0.questions.0.units.0", 10)),
        ("{code: a, type: ranking, text: t, choices: 3}", ("wrong_value", "pages.0.questions.0.choices", 10)),
        ("{code: a, type: nps, text: !!binary aGk=}", ("tag", "pages.0.questions.0.text", 10)),
        ("just words", ("wrong_value", "pages.0.questions.0", 10)),
    ],
)
def test_what_is_wrong_is_told_with_its_line(question: str, problem: tuple[str, str, int]) -> None:
    assert problems(lines(question)) == [problem]


def test_all_problems_are_told_at_once() -> None:
    found = problems(
        lines("{code: a, type: nps}", "{code: b, type: nope}", "{code: c, type: nps, text: t, colour: red}")
    )
    assert [(code, line) for code, _, line in found] == [("missing_key", 10), ("unknown_type", 11), ("unknown_key", 12)]


def test_an_unknown_type_or_key_names_the_known_ones() -> None:
    _, told = yaml.read(lines("{code: a, type: riddle, text: t}", "{code: b, type: nps, text: t, label: x}"))
    assert all(tag in told[0].say("zh-CN") for tag in ("step_grid", "pain_points", "five_whys"))
    assert "type, code, text, hint, required, required_if, not_applicable, visible_if" in told[1].say("en")


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
COPIES = f"""{HEAD}pages:
  - &p {{code: p, questions: &q [{", ".join(f"{{code: q{n}, type: nps, text: t}}" for n in range(300))}]}}
{"".join("  - *p" + chr(10) for _ in range(300))}"""


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"\xff\xfe\x00name", "not_text"),
        ("name: \ud800", "not_text"),
        ("name: \x00", "not_yaml"),
        ("a: [", "not_yaml"),
        ("a: *nowhere", "not_yaml"),
        ("a: 1\n---\nb: 2", "not_yaml"),
        ("[" * 500, "too_complex"),
        ("- " * 500, "too_complex"),
        ("- x\n" * 70_000, "too_complex"),
        ("x" * (yaml.SIZE_LIMIT + 1), "too_big"),
        (COPIES, "too_complex"),
        ("", "missing_key"),
        ("just words", "missing_key"),
        ("!!python/object/apply:os.system [ls]", "missing_key"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_quickly(source: str | bytes, code: str) -> None:
    started = time.process_time()
    assert [found for found, _, _ in problems(source)] == [code]
    assert time.process_time() - started < 2


def test_aliases_do_not_multiply() -> None:
    started = time.process_time()
    assert {code for code, _, _ in problems(BOMB)} == {"unknown_key", "missing_key"}
    assert {code for code, _, _ in problems(HEAD + "pages: &p\n  - {code: p, questions: *p}\n")} <= {
        "missing_key",
        "unknown_key",
        "not_yaml",
    }
    assert time.process_time() - started < 2


@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=400), st.text(alphabet="abc:-[]{}&*!|>'\"%@`\n #?,~<", max_size=200)
    )
)
def test_any_bytes_are_read_without_raising(source: str | bytes) -> None:
    found, told = yaml.read(source)
    assert found is None
    assert told


@given(st.integers(0, 2000), st.text(max_size=6), st.integers(0, 20))
def test_a_damaged_questionnaire_is_read_or_refused(at: int, put: str, cut: int) -> None:
    source = lines(
        *[f"{{code: q{number}, type: nps, text: {{zh: 题, en: Q}}, required: true}}" for number in range(20)]
    )
    found, told = yaml.read(source[:at] + put + source[at + cut :])
    assert (found is None) == any(each.severity == "error" for each in told)


@pytest.mark.parametrize("name", library.names())
def test_what_is_written_is_read_again(name: str) -> None:
    original = library.load(name)
    again, told = yaml.read(yaml.write(original))
    assert told == []
    assert again == original


WORDING = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=40
)


@given(st.lists(WORDING, min_size=2, max_size=5), WORDING)
def test_any_wording_survives_writing(labels: list[str], text: str) -> None:
    from msgspec.structs import replace

    one = one_page(EVERY_TYPE)
    single = one.pages[0].questions[0]
    choices = tuple(replace(single.parts()[0], code=f"c{n}", label={"zh-CN": label}) for n, label in enumerate(labels))
    page = replace(one.pages[0], questions=(replace(single, choices=choices, text={"zh-CN": text, "en": labels[0]}),))
    changed = replace(one, pages=(page,))
    assert yaml.read(yaml.write(changed)) == (changed, [])


def test_writing_is_readable() -> None:
    written = yaml.write(
        one_page("a: {type: single, text: {zh: 问, en: Ask}, required: true, choices: {x: 甲, no: 乙}}")
    )
    assert "text: {zh: 问, en: Ask}" in written
    assert "      x: 甲\n      'no': 乙\n" in written
    assert "hint" not in written


# --- the hash that names a version ----------------------------------------------------------------------------------


def test_equal_questionnaires_have_one_hash_whatever_their_file_looks_like() -> None:
    short = one_page("a: {type: nps, text: {zh: 问, en: Ask}, required: false}")
    long = one_page("a:\n  text:\n    en: Ask\n    zh-CN: 问\n  type: nps  # a comment\n")
    assert content_hash(short) == content_hash(long)
    assert len(content_hash(short)) == 64


def test_any_change_of_content_changes_the_hash() -> None:
    hashes = [content_hash(one_page(f"a: {{type: nps, text: 问{extra}}}")) for extra in ("", "！", ", required: true")]
    assert len(set(hashes)) == 3


def test_the_hash_of_a_published_questionnaire_never_changes() -> None:
    """A new field must have a default, or every version published so far would lose its name."""
    assert content_hash(one_page(EVERY_TYPE)) == "a24a376716690152716478ddb49c25a7d1de28dbd8b3ec9a97794e7fc46c1120"


def test_the_stored_json_makes_the_same_questionnaire() -> None:
    one = one_page(EVERY_TYPE)
    assert from_json(to_json(one)) == one
    assert json.loads(to_json(one))["pages"][0]["questions"][0]["type"] == "single"


# --- schema and library ---------------------------------------------------------------------------------------------


def test_the_committed_schema_is_the_structs_own() -> None:
    committed = json.loads((DOCS / "questionnaire.schema.json").read_text(encoding="utf-8"))
    assert committed == schema(), "run: python -m surveys.formats.schema > docs/questionnaire.schema.json"


def test_the_schema_knows_the_shorthands() -> None:
    definitions = schema()["$defs"]
    assert definitions["Single"]["properties"]["text"] == {"$ref": "#/$defs/Text"}
    assert definitions["Single"]["properties"]["choices"]["anyOf"][1]["type"] == "object"
    assert definitions["RatingScale"]["anyOf"][1]["type"] == "array"


def test_an_unknown_library_questionnaire_is_an_error_that_names_it() -> None:
    with pytest.raises(library.LibraryError, match="nowhere"):
        library.load("nowhere")


def test_a_wording_cut_by_an_unquoted_comma_is_told() -> None:
    text = """
name: quick
kind: pulse
title: {zh: 快速, en: Quick, and short}
pages: [{code: p, questions: [{code: q, type: nps, text: 推荐吗？}]}]
"""
    definition, problems = yaml.read(text)
    assert definition is None
    assert [(each.code, each.line) for each in problems] == [("not_a_language", 4)]
    assert "and short" in problems[0].say("en")
