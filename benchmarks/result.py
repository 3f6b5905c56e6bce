"""What a measurement prints: a line a figure, its limit and whether it holds."""

from __future__ import annotations

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """``limit`` reads ``at least`` (``>=``) or ``at most`` (``<=``) the number; None where it is only told."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    def line(self) -> str:
        limit = f"≥ {self.at_least:g}" if self.at_least is not None else ""
        limit = f"≤ {self.at_most:g}" if self.at_most is not None else limit
        verdict = "" if not limit else "holds" if self.holds else "MISSED"
        return f"{self.name:<58} {self.value:>12,.3f} {self.unit:<6} {limit:<9} {verdict}"
