"""Words and figures in the reader's language: texts of ``text.toml``, half-up rounding, durations, intervals."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from surveys.statistics.estimate import Estimate
from surveys.text import DEFAULT_LANGUAGE, LANGUAGES, Text, pick

NONE = "–"
"""Printed where there is no figure."""


@cache
def texts() -> dict[str, Text]:
    """Of ``text.toml`` here and of every report's own beside its pages. Raises ValueError where two word one key."""
    folder = Path(__file__).parent
    found: dict[str, Text] = {}
    for file in (folder / "text.toml", *sorted(folder.glob("*/text.toml"))):
        own = tomllib.loads(file.read_text("utf-8"))
        if twice := found.keys() & own.keys():
            raise ValueError(f"{file} words again {sorted(twice)}")
        found |= own
    return found


def rounded(value: float, decimals: int = 0) -> str:
    """Half-up from the exact decimal value, with a true minus sign and thousands separated."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    exact = abs(exact) if exact == 0 else exact
    return f"{exact:,}".replace("-", "−")


def _without_unit(low: str, high: str) -> str:
    """``low`` less the words after its figure, where ``high`` ends in the same ones: 5 起, 7 起 → 5."""
    figure, space, unit = low.partition(" ")
    return figure if space and high.endswith(f" {unit}") else low


class Words:
    """``words("key", n=3)`` is the text of that key; raises ``KeyError`` on a key that text.toml lacks."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE

    def __call__(self, key: str, /, **params: object) -> str:
        return texts()[key][self.language].format(**params)

    def has(self, key: str) -> bool:
        return key in texts()

    def pick(self, text: Text) -> str:
        return pick(text, self.language)

    def list(self, parts: list[str]) -> str:
        """Parts as an enumeration: 甲、乙和丙 / a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        comma, last = ("、", "和") if self.language == "zh-CN" else (", ", " and ")
        return comma.join(parts[:-1]) + last + parts[-1]

    def within(self, text: Text) -> str:
        """A label in the middle of a sentence."""
        wording = self.pick(text)
        return wording if wording[1:2].isupper() else wording[:1].lower() + wording[1:]

    def quoted(self, text: Text | str) -> str:
        wording = text if isinstance(text, str) else self.pick(text)
        return f"“{wording}”" if self.language == "zh-CN" else f'"{wording}"'

    def percent(self, share: float | None, decimals: int = 0) -> str:
        return NONE if share is None else f"{rounded(share * 100, decimals)}%"

    def number(self, value: float | None, decimals: int = 2) -> str:
        return NONE if value is None else rounded(value, decimals)

    def plain(self, value: float | None) -> str:
        """As many decimals as were typed."""
        return NONE if value is None else f"{value:,.10g}"

    def duration(self, minutes: float | None, like: float | None = None) -> str:
        """Minutes below two hours, hours below three days, else days of 24 hours; ``like`` decides the unit instead."""
        if minutes is None:
            return NONE
        size = minutes if like is None else like
        unit, length = ("minute", 1) if size < 120 else ("hour", 60) if size < 72 * 60 else ("day", 1440)
        value = self.short(minutes / length) if length > 1 and minutes / length < 10 else rounded(minutes / length)
        return self(f"unit.{unit}" if value == "1" else f"unit.{unit}s", value=value)

    def short(self, value: float | None) -> str:
        """At most one decimal, and none that is 0."""
        return NONE if value is None else rounded(value, 1).removesuffix(".0")

    def span(self, low: str, high: str) -> str:
        """``a–b``, or ``a`` where both are the same."""
        return low if low == high else f"{low}–{high}"

    def interval(self, estimate: Estimate, form: Callable[[float | None], str]) -> str:
        """``95% CI a–b``, or nothing where there is none; a unit that both bounds would carry stands once."""
        if estimate.ci_low is None or estimate.ci_high is None:
            return ""
        return self(
            "interval",
            confidence=self.percent(estimate.confidence),
            low=_without_unit(form(estimate.ci_low), form(estimate.ci_high)),
            high=form(estimate.ci_high),
        )

    def ranged(self, estimate: Estimate) -> str:
        """``3.56 (3.42–3.69)``."""
        return self._ranged(estimate, self.number)

    def ranged_duration(self, estimate: Estimate) -> str:
        """``20 h (18–24)``: the bounds in the unit of the figure."""
        return self._ranged(estimate, lambda bound: self.duration(bound, estimate.value).split(" ")[0], self.duration)

    def _ranged(
        self,
        estimate: Estimate,
        bound: Callable[[float | None], str],
        form: Callable[[float | None], str] | None = None,
    ) -> str:
        value = (form or bound)(estimate.value)
        if estimate.ci_low is None or estimate.ci_high is None:
            return value
        return f"{value} ({bound(estimate.ci_low)}–{bound(estimate.ci_high)})"

    def p(self, value: float | None) -> str:
        """A p-value, never 0.000."""
        if value is None:
            return NONE
        return "p\xa0<\xa00.001" if value < 0.001 else f"p\xa0=\xa0{rounded(value, 3)}"


@cache
def words(language: str) -> Words:
    return Words(language)
