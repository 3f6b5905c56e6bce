"""Response rates after the American Association for Public Opinion Research, by audience."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from surveys.statistics.estimate import Estimate


class Dispositions(msgspec.Struct, frozen=True, kw_only=True):
    """What became of everybody invited; each person is in one of them."""

    complete: int = 0
    partial: int = 0
    refused: int = 0  # declined, or broke off with too little to use
    not_reached: int = 0  # eligible, but never opened the invitation
    other: int = 0  # eligible and unable: ill, on leave, no device
    unknown: int = 0  # whether the invitation arrived, or whether they belong to the audience
    not_eligible: int = 0  # left the company, invited by mistake

    def __post_init__(self) -> None:
        if min(msgspec.structs.astuple(self)) < 0:
            raise ValueError("nobody can be counted less than 0 times")

    @property
    def eligible(self) -> int:
        return self.complete + self.partial + self.refused + self.not_reached + self.other

    def __add__(self, other: Dispositions) -> Dispositions:
        return Dispositions(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


class ResponseRates(msgspec.Struct, frozen=True, kw_only=True):
    """Odd numbers count completes only, even ones partial answers too; of those whose eligibility is unknown 1 and 2
    count all as eligible, 3 and 4 the share ``e``, 5 and 6 none."""

    rr1: Estimate
    rr2: Estimate
    rr3: Estimate
    rr4: Estimate
    rr5: Estimate
    rr6: Estimate
    cooperation: Estimate  # COOP1: completes among those reached
    e: float | None
    dispositions: Dispositions


def response_rates(found: Dispositions, e: float | None = None) -> ResponseRates:
    """AAPOR Standard Definitions (2023), RR1–RR6. Nobody was sampled within an audience: there are no intervals.

    ``e``: the share of the unknown that is eligible, else that among those known (CASRO). No value where nobody is left
    to divide by. Raises ValueError for e outside 0–1.
    """
    if e is not None and not 0 <= e <= 1:
        raise ValueError("e is a share from 0 to 1")
    known = found.eligible + found.not_eligible
    share = e if e is not None else found.eligible / known if known else None
    estimated = None if share is None else found.eligible + share * found.unknown
    complete, answered = found.complete, found.complete + found.partial
    reached = answered + found.refused + found.other
    return ResponseRates(
        rr1=_rate("RR1", complete, found.eligible + found.unknown),
        rr2=_rate("RR2", answered, found.eligible + found.unknown),
        rr3=_rate("RR3", complete, estimated),
        rr4=_rate("RR4", answered, estimated),
        rr5=_rate("RR5", complete, found.eligible),
        rr6=_rate("RR6", answered, found.eligible),
        cooperation=_rate("COOP1", complete, reached),
        e=share,
        dispositions=found,
    )


def response_rates_by_audience(
    audiences: Mapping[str, Dispositions], e: float | None = None
) -> tuple[dict[str, ResponseRates], ResponseRates]:
    """The rates of each audience and of all together, whose e is its own."""
    total = sum(audiences.values(), Dispositions())
    return {name: response_rates(found, e) for name, found in audiences.items()}, response_rates(total, e)


def _rate(name: str, answered: int, of: float | None) -> Estimate:
    return Estimate(
        value=answered / of if of else None,
        method="aapor",
        n_valid=answered,
        params={"rate": name, "denominator": of},
    )
