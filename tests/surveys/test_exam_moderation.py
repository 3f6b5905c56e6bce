"""Marking by hand, corrections of keys and certificates: the rules, over whatever items and answers there may be."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.exams import certificates, moderation, rescoring
from surveys.exams.definition import Marking, Paper, PaperItem, Pool
from surveys.exams.items import (
    Accepted,
    BankItem,
    BlanksItem,
    CaseItem,
    Criterion,
    EssayItem,
    Gap,
    Level,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Pair,
    SingleItem,
    SubItem,
    TrueFalseItem,
)
from surveys.exams.marking import score
from surveys.exams.rescoring import Result
from surveys.exams.wording import answer_in_words, key_in_words

ABC = tuple(Option(code=code, label={"en": code.upper()}, correct=code == "a") for code in "abc")
SINGLE = SingleItem(text={"en": "?"}, options=ABC)
MULTIPLE = MultipleItem(text={"en": "?"}, options=ABC)
TRUE_FALSE = TrueFalseItem(text={"en": "?"}, correct=True)
NUMERIC = NumericItem(text={"en": "?"}, accepted=(Accepted(number=72, tolerance=0.5),))
BLANKS = BlanksItem(text={"en": "?"}, gaps=(Gap(code="g", accepted=(Accepted(text="CRM", share=0.5),)),))
MATCHING = MatchingItem(text={"en": "?"}, options=ABC, pairs=(Pair(code="p", label={"en": "P"}, option="a"),))
ORDERING = OrderingItem(text={"en": "?"}, options=ABC)
ESSAY = EssayItem(
    text={"en": "?"},
    rubric=(
        Criterion(code="content", label={}, levels=(Level(points=0, label={}), Level(points=4, label={}))),
        Criterion(code="tone", label={}, levels=(Level(points=0, label={}), Level(points=1.5, label={}))),
    ),
)
CASE = CaseItem(
    text={"en": "A case"},
    questions=(SubItem(code="q1", item=SINGLE), SubItem(code="q2", item=ESSAY, weight=3)),
)
ALL = {
    "single": SINGLE, "multiple": MULTIPLE, "true_false": TRUE_FALSE, "numeric": NUMERIC, "blanks": BLANKS,
    "matching": MATCHING, "ordering": ORDERING, "essay": ESSAY, "case": CASE,
}  # fmt: skip
POOL = Pool(items={code: BankItem(code=code, item=item) for code, item in ALL.items()})

responses = st.fixed_dictionaries(
    {},
    optional={
        "single": st.fixed_dictionaries({"choice": st.sampled_from("abcx")}),
        "multiple": st.fixed_dictionaries({"choice": st.lists(st.sampled_from("abc"), unique=True)}),
        "true_false": st.fixed_dictionaries({"choice": st.sampled_from(["true", "false"])}),
        "numeric": st.fixed_dictionaries({"number": st.sampled_from(["72", "72.4", "48", "many", ""])}),
        "blanks": st.fixed_dictionaries({"g": st.sampled_from(["crm", "paper", ""])}),
        "matching": st.fixed_dictionaries({"p": st.sampled_from("abc")}),
        "ordering": st.fixed_dictionaries({"order": st.permutations(list("abc"))}),
        "essay": st.fixed_dictionaries({"text": st.text(max_size=9)}),
        "case": st.fixed_dictionaries({"q1.choice": st.sampled_from("abc"), "q2.text": st.text(max_size=9)}),
    },
)
markings = st.builds(
    Marking,
    mode=st.sampled_from(["all_or_nothing", "partial", "per_option"]),
    penalty=st.sampled_from([0.0, 0.25, 1.0]),
    unanswered=st.sampled_from([0, -50]),
    floor=st.sampled_from([0, -300]),
)
hands = st.dictionaries(st.sampled_from(["essay", "case.q2"]), st.integers(-500, 5_000))
treatments = st.dictionaries(st.sampled_from(list(ALL)), st.sampled_from(["granted", "dropped"]))


def paper(marking: Marking, points: int = 500) -> Paper:
    asked = tuple(
        PaperItem(number=number, code=code, section=0, points=points, marking=marking)
        for number, code in enumerate(ALL, 1)
    )
    return Paper(seed=0, items=asked, floor=marking.floor)


@given(responses, markings, hands, treatments)
def test_no_scoring_gives_more_than_the_total_or_less_than_the_floor_and_equal_answers_equal_marks(
    given_answers, marking, hand, treated
):
    pool = POOL
    for code, treatment in treated.items():
        pool = rescoring.corrected(pool, code, treatment, ALL[code])
    one = score(paper(marking), pool, given_answers, hand)
    assert min(marking.floor, one.total) <= one.points <= one.total
    assert one.total == 500 * (len(ALL) - len(pool.dropped))
    assert score(paper(marking), pool, dict(reversed(given_answers.items())), hand) == one
    assert all(one.marks[code].points == 500 for code in pool.granted)
    assert not one.marks.keys() & set(pool.dropped)


@given(responses, markings, hands)
def test_a_scoring_with_the_same_keys_gives_the_same_marks(answers, marking, hand):
    again = POOL
    for code, item in ALL.items():
        form = {key.name: list(key.value) for key in rescoring.keys(item)}
        rekeyed, errors = rescoring.rekeyed(item, form)
        assert (rekeyed, errors) == (item, {}), "what the page shows is what it reads"
        again = rescoring.corrected(again, code, "keyed", rekeyed)
    assert again == POOL
    assert rescoring.corrections(POOL, again) == []
    assert score(paper(marking), again, answers, hand) == score(paper(marking), POOL, answers, hand)


def test_another_key_is_read_for_every_type():
    options = rescoring.rekeyed(SINGLE, {"choice": ["b", "c"]})[0].options
    assert [each.correct for each in options] == [False, True, True]
    assert rescoring.rekeyed(TRUE_FALSE, {"choice": ["false"]})[0].correct is False
    accepted = rescoring.rekeyed(NUMERIC, {"number": ["= 72 ± 0.5\n48\n= 3e2 +/- 5"]})[0].accepted
    assert [(each.number, each.tolerance) for each in accepted] == [(72, 0.5), (48, 0), (300, 5)]
    [gap] = rescoring.rekeyed(BLANKS, {"g": ["CRM\r\n客户系统\n= 24"]})[0].gaps
    assert [(each.text, each.number, each.share) for each in gap.accepted] == [
        ("CRM", None, 0.5), ("客户系统", None, 1.0), ("", 24.0, 1.0),
    ]  # fmt: skip
    assert rescoring.rekeyed(MATCHING, {"p": ["c"]})[0].pairs[0].option == "c"
    places = {"place1": ["c"], "place2": ["a"], "place3": ["b"]}
    assert [each.code for each in rescoring.rekeyed(ORDERING, places)[0].options] == ["c", "a", "b"]
    changed = rescoring.rekeyed(CASE, {"q1.choice": ["c"]})[0]
    assert [each.code for each in changed.questions[0].item.options if each.correct] == ["c"]
    assert changed.questions[1] == CASE.questions[1]


@pytest.mark.parametrize(
    ("item", "form", "errors"),
    [
        (SINGLE, {}, {"choice": "nothing_right"}),
        (SINGLE, {"choice": ["nowhere"]}, {"choice": "nothing_right"}),
        (NUMERIC, {"number": ["= many"]}, {"number": "not_a_number"}),
        (BLANKS, {"g": ["  \n "]}, {"g": "nothing_right"}),
        (BLANKS, {"g": ["= CRM"]}, {"g": "not_a_number"}),
        (ORDERING, {"place1": ["a"], "place2": ["a"], "place3": ["b"]}, {"place2": "twice"}),
        (CASE, {"q1.choice": ["z"]}, {"q1.choice": "nothing_right"}),
    ],
)
def test_a_key_that_cannot_be_is_refused_at_its_field_and_changes_nothing(item, form, errors):
    assert rescoring.rekeyed(item, form) == (item, errors)


def test_an_option_that_becomes_right_loses_the_share_it_had_as_a_wrong_one():
    item = SingleItem(
        text={}, options=(Option(code="a", label={}, correct=True), Option(code="b", label={}, share=-0.5))
    )
    assert rescoring.rekeyed(item, {"choice": ["a", "b"]})[0].options[1].share is None


def test_who_no_longer_passes_is_listed_first():
    before = {"x": Result(600, 1000, True), "y": Result(500, 1000, False), "z": Result(1, 1000, False)}
    after = {"x": Result(500, 1000, False), "y": Result(700, 1000, True), "z": Result(2, 1000, False)}
    found = rescoring.differences({**before, "same": before["x"]}, {**after, "same": before["x"]})
    assert [(each.attempt, each.verdict) for each in found] == [("x", "fails"), ("y", "passes"), ("z", "same")]


# By hand


@given(st.sampled_from([0, 4]), st.sampled_from([0, 1.5]), st.integers(0, 10_000))
def test_a_rubric_earns_its_share_of_the_points_rounded_half_up(content, tone, worth):
    earned = moderation.earned(ESSAY, {"content": content, "tone": tone}, worth)
    exact = (Fraction(content) + Fraction(str(tone))) / Fraction("5.5") * worth
    assert earned == int(exact + Fraction(1, 2))
    assert 0 <= earned <= worth


def test_open_questions_of_cases_have_their_own_key_and_worth():
    found = moderation.open_questions_of(POOL)
    assert list(found) == ["essay", "case.q2"]
    assert found["case.q2"].worth(400) == 300
    assert found["case.q2"].answered({"q2.text": "so"})
    assert not found["case.q2"].answered({"q1.choice": "a", "q2.text": "  "})
    assert moderation.open_questions_of(rescoring.corrected(POOL, "essay", "dropped", ESSAY)).keys() == {"case.q2"}


@given(st.sets(st.uuids().map(str), max_size=120), st.text(max_size=5))
def test_a_sample_is_a_fifth_and_at_least_ten_and_the_same_tomorrow(answers, seed):
    found = moderation.sample(answers, seed)
    assert len(found) == min(len(answers), max(10, -(-len(answers) // 5)))
    assert found <= answers
    assert moderation.sample(sorted(answers), seed) == found
    assert sorted(moderation.shuffled(answers, seed)) == sorted(answers)


def test_the_sample_of_one_exam_tells_nothing_of_anothers():
    answers = [str(number) for number in range(200)]
    one, two = moderation.sample(answers, "one"), moderation.sample(answers, "two")
    assert 0 < len(one & two) < 20


@pytest.mark.parametrize(
    ("first", "second", "agreed", "points"),
    [
        (None, None, None, None), (3, None, None, 3), (3, 3, None, 3), (3, 5, None, None), (3, 5, 4, 4),
        (None, None, 4, 4), (None, 5, None, None),
    ],
)  # fmt: skip
def test_two_marks_that_differ_count_only_once_they_are_settled(first, second, agreed, points):
    assert moderation.settled(first, second, agreed) == points


def test_agreement_is_the_weighted_kappa_of_the_pairs():
    assert moderation.agreement([(0, 0), (100, 100)] * 5).value == pytest.approx(1)
    assert moderation.agreement([(0, 100), (100, 0)] * 5).value == pytest.approx(-1)
    assert moderation.agreement([(5, 5)] * 10).value is None, "chance alone agrees always"


# In words


def test_answers_and_keys_are_said_in_words():
    assert answer_in_words(SINGLE, {"choice": "b"}, "en") == [("", "B")]
    assert answer_in_words(ORDERING, {"order": ["c", "", "a"]}, "en") == [("", "C → – → A")]
    assert answer_in_words(CASE, {"q1.choice": "a", "q2.text": "so"}, "en") == [("1)", "A"), ("2)", "so")]
    assert answer_in_words(MATCHING, {}, "en") == []
    assert key_in_words(CASE, "en") == ["1) A"]
    assert key_in_words(MATCHING, "en") == ["P → A"]


# Certificates


def test_the_check_digit_equals_the_standards_own_example():
    assert certificates.check_digit("A12425GABC1234002") == "M"  # ISO 7064 MOD 37,36, as used by the GRid standard


@given(st.integers(0, 2**32), st.data())
def test_a_serial_number_is_known_however_it_is_typed_and_a_slip_is_noticed(seed, data):
    serial = certificates.new_serial(random.Random(seed).choice)
    assert certificates.normal_serial(serial) == serial
    typed = serial.lower().replace("-", data.draw(st.sampled_from(["", " ", "–"])))
    assert certificates.normal_serial(typed.replace("0", "o").replace("1", "l")) == serial
    place = data.draw(st.integers(0, 11))
    bare = serial.replace("-", "")
    other = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ".replace(bare[place], "")))
    assert certificates.normal_serial(bare[:place] + other + bare[place + 1 :]) is None


@pytest.mark.parametrize(
    "typed", ["", "x", "7K3M-9QRT-2F4H-", "7K3M-9QRT-2F4U-8", "七K3M-9QRT-2F4H-T", "9" * 500, "ﬀ" * 13]
)
def test_what_is_no_serial_number_is_none(typed):
    assert certificates.normal_serial(typed) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("王小明", "王＊＊"), ("欧阳", "欧＊"), ("Anna Weber", "A. W."), ("  ", "＊"), ("阿卜杜拉·艾山江", "阿＊＊＊"),
        ("li", "L."),
    ],
)  # fmt: skip
def test_a_stranger_learns_no_more_of_a_name_than_its_initials(name, told):
    assert certificates.initials(name) == told


def test_a_certificate_holds_through_its_last_day():
    until = certificates.valid_until(date(2024, 2, 29), 12)
    assert until == date(2025, 2, 28)
    assert certificates.valid_until(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert certificates.valid_until(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert certificates.valid_until(date(2026, 1, 1), 0) is None
    assert certificates.standing(until, False, date(2025, 2, 28)) == "valid"
    assert certificates.standing(until, False, date(2025, 3, 1)) == "expired"
    assert certificates.standing(None, True, date(2025, 3, 1)) == "revoked"
