"""Rounding at display: half-up from exact counts, never of a rounded figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Exact = Fraction | Decimal | int | float


def half_up(value: Exact, decimals: int = 0) -> Decimal:
    """``value`` rounded half away from zero to ``decimals`` places.

    Give counts as a Fraction and the result is exact. A float is read as the shortest decimal that names it, which is
    what a reader sees of it: 2.675 becomes 2.68, and 1.005 becomes 1.01.
    """
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    scaled = abs(exact) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    rounded = Decimal(units).scaleb(-decimals)
    return -rounded if exact < 0 and units else rounded


def percent(numerator: int, denominator: int, decimals: int = 0) -> Decimal | None:
    """``numerator`` of ``denominator`` as a percentage, rounded half-up; None of nothing."""
    return half_up(Fraction(100 * numerator, denominator), decimals) if denominator else None


def percent_text(numerator: int, denominator: int, decimals: int = 0) -> str:
    """The percentage in figures, ``"12.5 %"``; an en dash of nothing."""
    shown = percent(numerator, denominator, decimals)
    return "–" if shown is None else f"{shown:f} %"


def sums_to_hundred(counts: Sequence[int], decimals: int = 0) -> bool:
    """Whether the independently rounded percentages add up to 100: where not, the reader is told so."""
    total = sum(counts)
    return total == 0 or sum((percent(count, total, decimals) or Decimal(0) for count in counts), Decimal(0)) == 100


def largest_remainder(counts: Sequence[int], decimals: int = 0) -> list[Decimal] | None:
    """Percentages that do add up to 100 (Hamilton's method; ties go to the earlier); None where nothing was counted.

    For drawings that must fill their width, never for a figure that is read: that one is rounded on its own.
    """
    total = sum(counts)
    if total == 0:
        return None
    units = 100 * 10**decimals
    whole = [count * units // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(counts[i] * units % total), i))
    for i in by_remainder[: units - sum(whole)]:
        whole[i] += 1
    return [Decimal(part).scaleb(-decimals) for part in whole]


def p_text(p: float) -> str:
    """A p-value as printed: three decimals, ``"< 0.001"`` below that, never 0.000. Verdicts use the unrounded p."""
    if p < 0.001:
        return "< 0.001"
    return f"{half_up(p, 3):f}"
