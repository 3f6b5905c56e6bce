"""Paper, grid, type sizes and colours: every measure of the look, in points."""

from __future__ import annotations

from typing import Literal

from reportlab.lib.colors import Color, HexColor

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # A4
MARGIN_X, MARGIN_TOP, MARGIN_BOTTOM = 56.0, 76.0, 66.0
Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, tuple[float, float]] = {"a4": (PAGE_WIDTH, PAGE_HEIGHT), "letter": (612.0, 792.0)}
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN_X
CONTENT_HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM

COLUMNS, GUTTER = 12, 12.0
COLUMN = (CONTENT_WIDTH - (COLUMNS - 1) * GUTTER) / COLUMNS

SMALL, BODY, LEAD, HEADING, DISPLAY = 7.5, 9.5, 12.0, 17.0, 32.0
LEADING = 1.65  # Chinese has no ascenders to separate its lines
TIGHT = 1.35

Role = Literal["ink", "muted", "rule", "wash", "paper", "accent", "soft", "low2", "low1", "middle", "high1", "high2"]

COLOURS: dict[Role, str] = {
    "ink": "#1b1e2b",
    "muted": "#585e70",
    "rule": "#cfd2dc",
    "wash": "#f3f4f8",
    "paper": "#ffffff",
    "accent": "#2a3580",  # 靛青
    "soft": "#c3c9e6",
    # the diverging palette: orange against indigo (safe for the common kinds of colour blindness), and five
    # different lightnesses (58, 84, 92, 72, 27 of 100), so that a grey printer keeps all five apart
    "low2": "#c9762f",
    "low1": "#f1cba6",
    "middle": "#e6e7ec",
    "high1": "#a3aedd",
    "high2": "#2f3c94",
}

INKS = {role: Color(*(round(part, 3) for part in HexColor(colour).rgb())) for role, colour in COLOURS.items()}
"""The same, parsed once, in as many decimals as 8 bits need."""

ON_DARK: frozenset[Role] = frozenset({"accent", "high2", "ink", "muted"})
"""Fills on which text must be paper-coloured."""


def span(columns: int) -> float:
    """Width of so many columns of the grid with the gutters between them."""
    return columns * COLUMN + (columns - 1) * GUTTER


def diverging(levels: int) -> tuple[Role, ...]:
    """Fills for an answer scale of 2–11 levels, lowest first; an even scale has no middle."""
    half, odd = divmod(levels, 2)
    low: list[Role] = [*_repeat("low2", half - half // 2), *_repeat("low1", half // 2)]
    middle = _repeat("middle", odd)
    high: list[Role] = [*_repeat("high1", half // 2), *_repeat("high2", half - half // 2)]
    return (*low, *middle, *high)


def _repeat(role: Role, times: int) -> list[Role]:
    return [role for _ in range(times)]


def ramp(share: float) -> Role:
    """Fill of a heat map cell, ``share`` 0–1 from nothing to worst; lightness falls with it."""
    steps: tuple[Role, ...] = ("wash", "middle", "soft", "high1", "high2")
    return steps[min(len(steps) - 1, max(0, int(share * len(steps))))]
