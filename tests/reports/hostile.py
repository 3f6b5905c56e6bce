"""Texts that break documents: markup, formulas, direction marks, pictures, controls, and sheer length."""

# ruff: noqa: E501

from __future__ import annotations

import itertools
import random

SEEDS = [
    "<img src=x onerror=alert(1)>", "<img src='file:///etc/passwd'/>", "<script>alert(1)</script>", "<b>unclosed", "</para>", "<a href='javascript:alert(1)'>x</a>",
    "javascript:alert(1)", "=HYPERLINK(\"http://x\",\"y\")", "=1+1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "{{7*7}}", "${7*7}", "{0}", "{name}", "%s%n", "%(x)s",
    "&amp;", "&", "&#x41;", "&lt;b&gt;", "<", ">", "<<>>", "\"", "'", "''", "`", "\\", "\\\\", "\\n", "(", ")", "((", "))", "(unbalanced", "unbalanced)", "[", "]", "<<", "endstream endobj", "%PDF-1.7",
    "'; DROP TABLE response;--", "\u202eevil\u202c", "\u2066a\u2069b", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028line\u2029", "\x00null", "\x07\x1b[31m", "\x7f", "\r\nSet-Cookie: a=b", "tab\tbed",
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🇨🇳", "1️⃣", "❤️", "🫠", "é", "e\u0301", "ẞ", "ﬁ", "𝓗ello", "𠮷野家", "\U0002a6d6", "مرحبا", "שלום", "ไทย", "हिन्दी", "한국어", "カタカナ", "Ελληνικά", "Кириллица",
    "\ud800", "\udfff", "\ufffe", "\uffff", "\ue000", "\U0010ffff", "〓", "……", "——", "，，，，", "。" * 50, "（" * 50, "“", "”", "“”", "《》", "！？！？", "，开头", "结尾（", " ", "　", "\n", "\n\n\n", " \n ", "",
    "a" * 500, "字" * 500, "很长" * 300, "http://example.com/" + "a/" * 200, "0" * 300, "1,234,567.89", "3.14%", "¥100", "100℃", "n = 3 < 5 > 2", "Zürich naïve coöperate", "a\u0300\u0301\u0302\u0303",
]  # fmt: skip


def strings(count: int = 520) -> list[str]:
    """At least ``count`` different texts, the seeds first, then seeds mixed with ordinary words."""
    rng = random.Random(7)
    words = ["处理", "投诉", "the form", "，", "。", "CRM", "3.5", "（见附件）", "\n"]
    mixed = (
        "".join([rng.choice(words), seed, rng.choice(words), other, rng.choice(words)])
        for seed, other in itertools.product(SEEDS, SEEDS)
        if rng.random() < 0.06
    )
    unique = dict.fromkeys([*SEEDS, *itertools.islice(mixed, count)])
    return [*unique][:count]
