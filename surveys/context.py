"""What is known of a participant beside their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Person = Mapping[str, str]
"""What the roster knows of a participant: side, department (path with "/"), position; empty for public links."""


class Context(msgspec.Struct, frozen=True):
    """Everything beside the answers that logic looks at. Plain values: no clock, no store.

    ``link``: parameters of the link that was opened, for hidden fields. ``seed``: one integer per response; order and
    arms follow from it. ``wave``: title, stage, role. ``today``: ISO date in the company's time zone.
    """

    person: Person = {}
    link: Mapping[str, str] = {}
    seed: int = 0
    wave: Mapping[str, str] = {}
    language: str = "zh-CN"
    today: str = ""

    def names(self) -> dict[str, Any]:
        """The names that expressions may use: ``person.…`` and ``wave.…``."""
        names = {f"person.{key}": value for key, value in self.person.items() if value}
        names.update((f"wave.{key}", value) for key, value in self.wave.items() if value)
        names["wave.language"] = self.language
        if self.today:
            names["wave.today"] = self.today
        return names


Known = Context | Person
"""A whole context, or just a person, of whom nothing else is known."""


def context_of(known: Known) -> Context:
    return known if isinstance(known, Context) else Context(person=known)
