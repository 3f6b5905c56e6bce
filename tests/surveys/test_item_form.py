"""The form of an exam item."""

from __future__ import annotations

import msgspec
import pytest

from surveys.exams import item_form, item_reading
from surveys.exams.item_form import STARTS, Field, plain, shown, start
from surveys.exams.item_reading import changed, made, missing_place, pruned, read
from surveys.exams.items import (
    ITEM_TYPES,
    Accepted,
    AnyItem,
    BankItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    Criterion,
    EssayItem,
    FileItem,
    Gap,
    Level,
    Match,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Pair,
    ShortAnswerItem,
    SingleItem,
    SubItem,
    TrueFalseItem,
    Unit,
)  # fmt: skip

T = {"zh-CN": "文字", "en": "words"}
OPTIONS = (Option(code="a", label=T, correct=True, share=0.5, feedback=T), Option(code="b", label=T, fixed=True))
KEYLESS = (Option(code="a", label=T), Option(code="b", label=T, fixed=True))
ACCEPTED = (Accepted(text="二十四", share=0.5, feedback=T), Accepted(number=24, tolerance=0.5))
GAP = Gap(code="g", label=T, accepted=ACCEPTED, weight=2, unit=T)
UNITS = (Unit(code="hour", label=T, factor=60),)
RUBRIC = (Criterion(code="c", label=T, levels=(Level(points=0, label=T), Level(points=2.5, label=T))),)
SINGLE = SingleItem(text=T, explanation=T, options=OPTIONS, shuffle=False)
SAMPLES: dict[str, AnyItem] = {
    "single": SINGLE,
    "multiple": MultipleItem(text=T, options=OPTIONS),
    "true_false": TrueFalseItem(text=T, correct=True, feedback_true=T),
    "blanks": BlanksItem(text=T, gaps=(GAP,), match=Match(case=False, script=True)),
    "cloze": ClozeItem(text={"zh-CN": "在 [[g]] 小时内"}, gaps=(GAP,)),
    "numeric": NumericItem(text=T, accepted=(Accepted(number=-1.5),), unit=T, units=UNITS),
    "matching": MatchingItem(text=T, pairs=(Pair(code="p", label=T, option="b"),), options=KEYLESS),
    "ordering": OrderingItem(text=T, options=KEYLESS),
    "short_answer": ShortAnswerItem(text=T, accepted=(Accepted(text="CRM"),), match=Match(spaces=False)),
    "essay": EssayItem(text=T, rubric=RUBRIC, maximum_length=500),
    "file": FileItem(text=T, rubric=RUBRIC),
    "case": CaseItem(text=T, questions=(SubItem(code="q", item=SINGLE, weight=2),
                                        SubItem(code="r", item=BlanksItem(text=T, gaps=(GAP,))))),
}  # fmt: skip


def posted(fields: tuple[Field, ...]) -> dict[str, list[str]]:
    """What a browser sends of these fields when nobody has touched them."""
    form: dict[str, list[str]] = {}
    for field in fields:
        if field.kind == "text":
            form |= {f"{field.place}.{language}": [field.value.get(language, "")] for language in ("zh-CN", "en")}
        elif field.kind in ("rows", "group", "item"):
            for row in field.rows:
                form |= {f"{row.place}.type": [row.type]} if row.type else {}
                form |= posted(row.fields)
        elif field.kind == "tick":
            form[field.place] = ["0", "1"] if field.value else ["0"]
        else:
            form[field.place] = [field.value]
    return form


def bank_item(item: AnyItem) -> BankItem:
    return BankItem(
        code="x", item=item, category="受理/指派", topic="首问负责", tags=("投诉", "新人"), difficulty="hard",
        bloom="apply", state="reviewed", author="张敏",
    )  # fmt: skip


def test_every_type_has_a_start_and_a_sample():
    assert set(STARTS) == set(SAMPLES) == set(ITEM_TYPES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_form_that_nobody_touched_says_what_the_item_was(name: str):
    item = bank_item(SAMPLES[name])
    data, wrong = read(posted(shown(plain(item))), name)
    assert not wrong
    assert made(pruned(data), "x", "reviewed") == item


@pytest.mark.parametrize("name", STARTS)
def test_a_new_form_is_read_as_it_was_sent(name: str):
    data, wrong = read(posted(shown(start(name))), name)
    assert not wrong
    assert len(shown(data)) == len(shown(start(name)))


def test_a_number_that_is_none_stays_as_it_was_typed():
    form = posted(shown(plain(bank_item(SAMPLES["numeric"]))))
    form["item.accepted.0.number"] = ["一百"]
    data, wrong = read(form, "numeric")
    assert wrong == {"item.accepted.0.number": "number"}
    assert posted(shown(data))["item.accepted.0.number"] == ["一百"]


def test_full_width_figures_are_figures():
    form = posted(shown(plain(bank_item(SAMPLES["numeric"]))))
    form["item.accepted.0.number"] = ["－２４．５"]
    data, _ = read(form, "numeric")
    assert data["item"]["accepted"][0]["number"] == -24.5


def test_rows_come_go_and_change_places():
    data = plain(bank_item(SINGLE))
    labels = [each["code"] for each in changed(data, "down|item.options.0")["item"]["options"]]
    assert labels == ["b", "a"]
    assert len(changed(data, "add|item.options")["item"]["options"]) == 3
    assert [each["code"] for each in changed(data, "remove|item.options.0")["item"]["options"]] == ["b"]
    for senseless in ("remove|item.options.9", "up|item.text", "add|item.text", "remove|x.y.z", "add|", "nothing"):
        assert changed(data, senseless) == data


def test_a_case_gets_questions_of_any_type_but_a_case():
    data = changed(changed(start("case"), "add|item.questions|blanks"), "add|item.questions|case")
    assert [each["item"]["type"] for each in data["item"]["questions"]] == ["blanks", "single"]


def test_empty_rows_are_left_out_and_parts_get_codes():
    data = start("matching")
    data["item"]["options"][1]["label"] = T
    data["item"]["pairs"][2] |= {"label": T, "option": "o2"}
    item = made(pruned({**data, "item": {**data["item"], "text": T}}), "x", "draft").item
    assert isinstance(item, MatchingItem)
    assert [each.code for each in item.options] == ["o2"]


def test_a_pair_keeps_its_option_when_an_empty_row_before_it_is_left_out():
    data = start("matching")
    data["item"]["options"][1]["label"] = T
    pairs = next(field for field in shown(data) if field.name == "pairs")
    [pick] = [field for field in pairs.rows[0].fields if field.kind == "pick"]
    [(code, _)] = pick.options
    data["item"]["pairs"][0] |= {"label": T, "option": code}
    data["item"]["text"] = T
    item = made(pruned(data), "x", "draft").item
    assert isinstance(item, MatchingItem)
    assert item.pairs[0].option == item.options[0].code


def test_what_no_form_of_ours_sends_is_refused_or_ignored():
    data, _ = read({"item.options.x.label.en": ["1"], "item.text.en.more": ["2"], "item.options": ["3"]}, "single")
    assert data["item"] == {"type": "single", "text": {}, "explanation": {}, "options": [], "shuffle": False}
    many = {f"item.options.{number}.label.en": ["x"] for number in range(999)}
    assert len(read(many, "single")[0]["item"]["options"]) == item_reading.MOST_ROWS
    with pytest.raises(msgspec.ValidationError):
        made({**start("single"), "difficulty": "impossible"}, "x", "draft")
    assert item_form.with_codes({"options": [{"code": "o1"}, {}]})["options"][1]["code"] == "o2"


def test_a_number_that_must_be_there_is_missed_at_its_place():
    data = start("essay")
    data["item"] |= {"text": T, "rubric": [{"label": T, "levels": [{"label": T}]}]}
    with pytest.raises(msgspec.ValidationError) as fault:
        made(pruned(data), "x", "draft")
    assert missing_place(str(fault.value)) == "item.rubric.0.levels.0.points"
