"""Lines of Chinese mixed with Latin: what may not begin, end or be broken."""

# ruff: noqa: E501

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import fonts
from reports.characters import for_xml, printable
from reports.paragraph import NEVER_FIRST, NEVER_LAST, Prose, Run, break_lines, break_runs, fit
from tests.reports.hostile import strings

WORDS = [
    "投诉", "客户", "处理时限", "责任部门", "，", "。", "、", "；", "：“", "”，", "（例如", "）。", "《办法》", "……", "——", "CRM", "ERP系统", "3.14", "1,000",
    "48 小时", "95%", "end-to-end", "e-mail", "don't", "（a）", "？", "！", "“谁牵头”", "Wenheng", "A4", " ", "¥200", "20℃", "iPhone 15",
]  # fmt: skip


def mixed(rng: random.Random, length: int) -> str:
    """Words without marks that contradict each other (a closing mark after a space or an opening one)."""
    text = ""
    while len(text) < length:
        word = rng.choice(WORDS)
        if text and (text[-1] in NEVER_LAST + NEVER_FIRST + " ") and (word[0] in NEVER_FIRST or word == " "):
            continue
        if text and text[-1].isascii() and word[0].isascii() and word != " ":
            continue
        text += word
    return text


def test_no_line_begins_or_ends_with_a_forbidden_mark(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(1)
    lines = 0
    for _ in range(300):
        broken = break_lines(mixed(rng, rng.randint(40, 400)), rng.uniform(90, 480), 9.5)
        lines += len(broken)
        for number, text in enumerate(broken):
            assert number == 0 or text[0] not in NEVER_FIRST, text
            assert number + 1 == len(broken) or text[-1] not in NEVER_LAST, text
    assert lines >= 1000
    with capsys.disabled():
        print(f"\n{lines} lines set: 0 forbidden beginnings, 0 forbidden ends")


def test_no_latin_word_or_number_is_broken() -> None:
    rng = random.Random(2)
    for _ in range(200):
        text = mixed(rng, 200)
        words = re.findall(r"[A-Za-z0-9.,'-]*[A-Za-z0-9]", text)
        joined = "\n".join(break_lines(text, rng.uniform(90, 300), 9.5))
        assert re.findall(r"[A-Za-z0-9.,'-]*[A-Za-z0-9]", joined) == words


@given(st.text(alphabet=st.sampled_from("中文，。（）“”abc 12.%—…\n"), max_size=200), st.floats(30, 400))
def test_breaking_loses_nothing_but_spaces_at_the_ends_of_lines(text: str, width: float) -> None:
    assert "".join(break_lines(text, width, 10)).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(st.text(max_size=200), st.floats(30, 400))
def test_no_line_is_wider_than_its_room_and_a_hanging_mark(text: str, width: float) -> None:
    for line in break_lines(printable(text), width, 10):
        assert fonts.width(line, 10) <= width + 5.01 or len(line) == 1


def test_a_closing_mark_in_another_weight_stays_with_its_word() -> None:
    runs = [Run("处理时间为"), Run("四十八小时", True), Run("。")]
    for width in range(30, 120, 3):
        assert all(line[0].text[0] not in NEVER_FIRST for line in break_runs(runs, width, 10) if line)


def test_what_does_not_fit_ends_in_an_ellipsis_within_its_room() -> None:
    lines = fit("没有明确的第一责任人而且交接次数太多", 60, 8, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(fonts.width(line, 8) <= 60 + 4 for line in lines)


def test_a_paragraph_splits_over_pages_without_loss() -> None:
    prose = Prose("很长的意见。" * 2000, language="zh-CN", indent=10)
    heights, rest = [], prose
    text = ""
    while True:
        parts = rest.split(400, 600)
        head = parts[0]
        heights.append(head.wrap(400, 600)[1])
        text += "".join(piece.text for line in head.lines for piece in line)
        if len(parts) == 1:
            break
        rest = parts[1]
        if rest.wrap(400, 600)[1] <= 600:
            text += "".join(piece.text for line in rest.lines for piece in line)
            break
    assert text == "很长的意见。" * 2000
    assert max(heights) <= 600


@pytest.mark.parametrize(
    ("text", "language", "printed"),
    [
        ("a\u202eb\u2066c", "en", "abc"),
        ("a\x00\x1bb", "en", "ab"),
        ("不错👍🏽", "zh-CN", "不错〔赞〕"),
        ("ok 👍🏽", "en", "ok [thumbs up sign]"),
        ("一\t二\r\n三", "zh-CN", "一 二\n三"),
        ("\U0010ffff\ud800", "zh-CN", "〓〓"),
        ("𝓗ello", "en", "Hello"),
        ("don’t", "zh-CN", "don't"),
        ("他说“好”", "zh-CN", "他说“好”"),
        ("they say “fine”…", "en", 'they say "fine"...'),
    ],
)
def test_every_character_is_printed_or_its_substitute(text: str, language: str, printed: str) -> None:
    assert printable(text, language) == printed


def test_everything_printable_has_a_glyph() -> None:
    for text in strings():
        assert all(character == "\n" or fonts.has_glyph(character) for character in printable(text))


def test_text_for_xml_holds_nothing_that_xml_forbids() -> None:
    assert for_xml("a\x00b\ud800c\u202ed\ufffe") == "abcd"
