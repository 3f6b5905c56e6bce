"""What an exam shows of a training: known from the model that made the attempts, and computed a second way."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.analysis.findings import TargetFact
from surveys.analysis.training import decided, training
from surveys.analysis.training_data import Sittings, places
from surveys.analysis.training_findings import TrainingFindings
from surveys.analysis.training_levels import gain, metric_level
from surveys.exams.marking import Score
from surveys.exams.sitting import counting
from surveys.statistics.reliability import cronbach_alpha
from tests.surveys.exam_model import MISLEADING, PROGRAMME, WRONG_KEY, exam, pool, sittings


def findings(data: Sittings, **changes: object) -> TrainingFindings:
    essay = bool(data.pending.any())
    return training(data, pool(len(data.items), essay), PROGRAMME, exam(data, **changes))


def test_pass_rates_count_everybody_once_by_the_attempt_that_counts() -> None:
    data = sittings()
    found = findings(data).participation
    best = {person: max(data.points[data.person == person]) for person in set(data.person)}
    assert (found.candidates, found.sat) == (240, 210)
    assert found.passed == sum(points >= 60 - 1e-9 for points in best.values())
    assert found.passed + found.failed + found.undecided == found.sat
    assert found.pass_rate.value == found.passed / 210
    assert found.missing == 30
    by_department = found.by_department
    assert sum(each.passed or 0 for each in by_department) == found.passed
    assert [each.label for each in by_department] == sorted({"客服中心", "质量部", "生产部", "物流部", "财务部"})


def test_departments_too_small_are_hidden_and_cannot_be_subtracted() -> None:
    data = sittings(n=40, resits=False)
    names = ["大部门"] * 20 + ["中部门"] * 17 + ["小部门"] * 3
    data = msgspec.structs.replace(data, departments=tuple(names))
    shown = {each.label: each for each in findings(data, minimum_group=5).participation.by_department}
    assert shown["小部门"].sat is None
    assert shown["小部门"].pass_rate.suppressed
    assert shown["中部门"].sat is None, "else the small one is the total less the others"
    assert shown["大部门"].sat == 20
    open_to_all = findings(data, minimum_group=1).participation.by_department
    assert all(each.sat is not None for each in open_to_all)
    few = next(each for each in open_to_all if each.label == "小部门")
    assert few.pass_rate.value is None, "below ten there are counts only"


def test_who_lacks_a_mark_is_undecided_only_where_it_decides() -> None:
    data = sittings(essay=True, resits=False)
    states, points = decided(data, exam(data))
    for row, person in enumerate(data.person):
        waiting = 5.0 if data.pending[row].any() else 0.0
        expected = "passed" if points[person] >= 60 else "undecided" if points[person] + waiting >= 60 else "failed"
        assert states[person] == expected
    found = findings(data)
    assert found.participation.undecided > 0
    assert found.scores.unfinished == int(data.pending.any(axis=1).sum())
    assert found.scores.mean.n_valid == 210 - found.scores.unfinished, "unfinished papers are in no distribution"


@settings(max_examples=60, deadline=None)
@given(
    attempts=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1000)), max_size=12),
    rule=st.sampled_from(["best", "last", "average"]),
)
def test_the_attempt_that_counts_is_the_one_that_candidates_are_told(
    attempts: list[tuple[int, int]], rule: str
) -> None:
    attempts.sort(key=lambda each: each[0])
    person = np.array([each[0] for each in attempts], dtype=np.int64)
    points = np.array([each[1] for each in attempts], dtype=np.float64)
    data = Sittings(
        departments=("x",) * 5, person=person, number=np.ones(len(person), np.int64), points=points / 100, items=("q",),
        maximum=np.array([10.0]), marks=points[:, None] / 100, pending=np.zeros((len(person), 1), dtype=bool),
    )  # fmt: skip
    who, told, _ = data.counting(rule)  # type: ignore[arg-type]
    assert list(who) == sorted(set(person))
    for place, candidate in enumerate(who):
        scores = [Score(points=int(each), total=1000, marks={}) for each in points[person == candidate]]
        counted = counting(scores, rule)  # type: ignore[arg-type]
        assert counted is not None
        exact = Fraction(sum(each.points for each in scores), len(scores)) if rule == "average" else counted.points
        assert told[place] == pytest.approx(float(exact) / 100)


def test_the_wrong_key_and_the_misleading_item_stand_out() -> None:
    data = sittings(n=600, resits=False)
    found = {item.code: item for item in findings(data).items}
    serious = {code for code, item in found.items() if item.serious}
    assert serious == {WRONG_KEY, MISLEADING}
    wrong = found[WRONG_KEY]
    assert "below_chance" in wrong.flags
    truly_right = next(option for option in wrong.options if option.code == "a")
    assert "chosen_by_the_able" in truly_right.flags, "the option that the able choose is the true answer"
    assert found[MISLEADING].options[2].chosen.value == pytest.approx(0.85, abs=0.06)


def test_item_figures_are_those_of_first_attempts() -> None:
    data = sittings()
    first = data.marks[np.r_[True, np.diff(data.person) != 0]]
    for column, item in enumerate(findings(data).items):
        rest = np.delete(first, column, axis=1).sum(axis=1)
        assert item.facility.value == pytest.approx(first[:, column].mean() / 5)
        assert item.discrimination.value == pytest.approx(100 * np.corrcoef(first[:, column], rest)[0, 1])
        assert item.exposure.value == 1


def test_reliability_band_and_k2_follow_from_each_other() -> None:
    data = sittings()
    found = findings(data)
    first = data.first
    alpha = cronbach_alpha(first.marks).value
    assert found.reliability.by == "kr20"
    assert found.reliability.alpha.value == pytest.approx(alpha)
    sem = first.points.std(ddof=1) * (1 - alpha) ** 0.5
    assert found.reliability.standard_error.value == pytest.approx(sem)
    assert found.scores.band_high - 60 == pytest.approx(1.959964 * sem, rel=1e-6)
    inside = np.abs(first.points - 60) <= found.scores.band_high - 60
    assert found.scores.uncertain.value == pytest.approx(inside.mean())
    variance, apart = first.points.var(ddof=1), (first.points.mean() - 60) ** 2
    assert found.reliability.livingston.value == pytest.approx((alpha * variance + apart) / (variance + apart))
    assert sum(each.count for each in found.scores.bins) == 210


def test_drawn_papers_are_taken_by_places() -> None:
    data = sittings(drawn=60, resits=False)
    marks, maxima = places(data)
    assert marks.shape == (210, 20)
    assert not np.isnan(marks).any()
    assert np.allclose(marks.sum(axis=1), np.nansum(data.marks, axis=1)), "no mark is lost or counted twice"
    assert set(maxima) == {5.0}
    found = findings(data)
    assert found.reliability.by == "places"
    assert found.rasch.refused == "drawn"
    assert all(item.facility.n_valid < 210 for item in found.items)


def test_rasch_needs_two_hundred_people() -> None:
    assert findings(sittings(n=210)).rasch.refused is None
    model = findings(sittings(n=210)).rasch
    assert sum(item.difficulty.value for item in model.items) == pytest.approx(0, abs=1e-9)
    assert findings(sittings(n=150)).rasch.refused == "few"


def test_topics_leave_out_items_that_mislead_those_who_know() -> None:
    data = sittings(n=600, resits=False)
    column = data.items.index("q05")
    turned = data.marks.copy()
    turned[:, column] = np.where(np.nansum(turned, axis=1) > np.median(data.points), 0.0, 5.0)
    data = msgspec.structs.replace(data, marks=turned, points=turned.sum(axis=1))
    found = findings(data)
    item = next(each for each in found.items if each.code == "q05")
    assert item.misleading
    topic = next(each for each in found.topics if each.topic == item.topic)
    columns = [i for i, code in enumerate(data.items) if pool(20).items[code].topic == item.topic and code != "q05"]
    assert topic.items == len(columns) == 4
    assert topic.share.value == pytest.approx(turned[:, columns].sum(axis=1).mean() / 20)


def test_a_topic_is_to_be_trained_again_where_its_whole_interval_lies_below_the_cut() -> None:
    for topic in findings(sittings()).topics:
        low, high = topic.share.ci_low, topic.share.ci_high
        verdict = "retrain" if high < 0.6 else "mastered" if low >= 0.6 else "mixed"
        assert topic.verdict == verdict


def test_resits_compare_people_with_themselves() -> None:
    data = sittings()
    found = findings(data).resits
    again = [p for p in set(data.person) if (data.person == p).sum() == 2 and data.points[data.person == p][0] < 60]
    differences = [np.diff(data.points[data.person == person])[0] for person in again]
    assert found.sat_again == len(again)
    assert found.gain.value == pytest.approx(np.mean(differences))


@pytest.mark.parametrize("n", [0, 1, 5, 9])
def test_few_people_have_counts_and_no_figures(n: int) -> None:
    found = findings(sittings(n=n))
    assert found.participation.sat == n
    assert found.participation.pass_rate.value is None
    assert found.scores.mean.value is None
    assert found.reliability.alpha.value is None
    assert all(item.facility.value is None and not item.options for item in found.items)
    assert not found.flagged


def test_the_same_attempts_give_the_same_findings_and_others_another_hash() -> None:
    first, second = findings(sittings()), findings(sittings())
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert first.participation.pass_rate.data_hash == first.data_hash
    assert findings(sittings(seed=8)).data_hash != first.data_hash
    assert findings(sittings(), released=False).data_hash != first.data_hash


def test_gain_is_paired_by_person() -> None:
    before = {str(person): 40.0 + person for person in range(12)}
    after = {str(person): 60.0 + person + (person % 2) for person in range(2, 30)}
    found = gain(({"en": "before"}, {"en": "after"}), before, after)
    assert found is not None
    assert found.gain.n_valid == 10
    assert found.gain.value == pytest.approx(20.5)
    assert gain(({"en": "before"}, {"en": "after"}), dict(list(before.items())[:4]), after) is None


def test_a_metric_is_judged_against_its_target_by_its_bound() -> None:
    chance = np.random.default_rng(5)
    before, after = chance.lognormal(4.2, 0.4, 200), chance.lognormal(3.6, 0.4, 200)
    target = TargetFact(metric="时长", unit="小时", baseline=72, target=48, direction="decrease")
    found = metric_level("时长", "小时", "duration", (before, after), target)
    assert found.after.value == np.median(after)
    assert found.verdict == "demonstrated"
    strict = msgspec.structs.replace(target, target=float(np.median(after)) + 0.01)
    assert metric_level("时长", "小时", "duration", (before, after), strict).verdict == "met_not_demonstrated"
    share = metric_level(
        "满意度", "%", "proportion", (np.repeat([1.0, 0.0], [60, 40]), np.repeat([1.0, 0.0], [99, 1])),
        TargetFact(metric="满意度", unit="%", baseline=60, target=90, direction="increase"),
    )  # fmt: skip
    assert (share.after.value, share.unit, share.verdict) == (99.0, "%", "demonstrated")
